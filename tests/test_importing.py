"""The import command: files, folders and standard input in, transcripts and annotations out, and again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main
from sitegen.importers import Context, Raw, import_file
from sitegen.labels import Register
from sitegen.model import Transcript, Turn
from sitegen.source import Source
from sitegen.transcripts import read_transcript
from tests.door import build

TALK = "Ann Bell: One.\n\nTom Ash: Two.\n\nAnn Bell: Three words here.\n\nTom Ash: Four.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with nothing but its settings."""
    (tmp_path / "sitegen.yaml").write_text("title: Test\n")
    return tmp_path


def _import(site: Path, *arguments: str | Path, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["import", "--site", str(site), *map(str, arguments)], input=stdin)


def _raw(site: Path, name: str, text: str) -> Path:
    path = site / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _written(site: Path, id: str) -> Path:
    return site / "content" / "transcripts" / f"{id}.md"


def _ids(site: Path, id: str) -> list[str]:
    read = read_transcript(Source.of(f"content/transcripts/{id}.md", _written(site, id).read_text("utf-8")), Register())
    assert read.value is not None
    return [turn.id for turn in read.value.turns]


def test_a_second_import_of_the_same_file_changes_nothing(site: Path) -> None:
    raw = _raw(site, "talk.txt", TALK)
    assert "written" in _import(site, raw).stdout
    before = _written(site, "talk").read_bytes()
    result = _import(site, raw)
    assert (result.exit_code, "unchanged" in result.stdout) == (0, True)
    assert _written(site, "talk").read_bytes() == before


def test_hand_edits_are_shown_and_kept_until_forced(site: Path) -> None:
    raw = _raw(site, "talk.txt", TALK)
    _import(site, raw)
    target = _written(site, "talk")
    edited = target.read_text("utf-8").replace("Three words here.", "Three good words here.")
    target.write_text(edited, "utf-8")
    result = _import(site, raw)
    assert result.exit_code == 1
    assert "import-differs" in result.stdout
    assert "-Ann Bell: Three good words here." in result.stdout
    assert target.read_text("utf-8") == edited
    assert _import(site, raw, "--force").exit_code == 0
    assert "good" not in target.read_text("utf-8")


def test_turns_keep_their_ids_when_the_source_changes(site: Path) -> None:
    raw = _raw(site, "talk.txt", TALK)
    _import(site, raw)
    raw.write_text(
        TALK.replace("Tom Ash: Two.", "Tom Ash: New words.\n\nAnn Bell: And more.\n\nTom Ash: Two."), "utf-8"
    )
    assert "updated" in _import(site, raw).stdout
    text = _written(site, "talk").read_text("utf-8")
    assert _ids(site, "talk") == ["ann-bell-1", "tom-ash-0a", "ann-bell-1a", "tom-ash-1", "ann-bell-2", "tom-ash-2"]
    assert "Tom Ash {#tom-ash-0a}: New words." in text
    raw.write_text(TALK.replace("Tom Ash: Two.\n\n", ""), "utf-8")
    _import(site, raw)
    assert _ids(site, "talk") == ["ann-bell-1", "ann-bell-2", "tom-ash-2"]


def test_what_people_added_to_the_front_matter_stays(site: Path) -> None:
    raw = _raw(site, "talk.txt", TALK)
    _import(site, raw)
    target = _written(site, "talk")
    text = target.read_text("utf-8").replace("title: talk", "title: A talk\ndate: 2020-01-02\nplace: Lindow")
    target.write_text(text.replace("ann-bell:\n", "ann:\n"), "utf-8")
    assert "unchanged" in _import(site, raw).stdout


def test_a_folder_is_searched_and_files_of_one_name_get_ids_of_their_folders(site: Path) -> None:
    _raw(site, "a/1.txt", TALK)
    _raw(
        site, "b/1.srt", "1\n00:00:01,000 --> 00:00:02,000\nANN: Hello.\n\n2\n00:00:02,000 --> 00:00:03,000\nANN: So.\n"
    )
    _raw(site, "b/.hidden.txt", TALK)
    _raw(site, "README.txt", "No transcript here.\n")
    result = _import(site, site / "raw")
    assert result.exit_code == 0
    assert sorted(p.stem for p in (site / "content/transcripts").iterdir()) == ["a-1", "b-1"]
    assert "import-skipped" in result.stdout
    assert "3 files: 2 written, 0 updated, 0 unchanged, 0 refused" in result.stderr


def test_patterns_standard_input_and_a_named_format(site: Path) -> None:
    _raw(site, "x/one.txt", TALK)
    assert _import(site, f"{site}/raw/**/*.txt").exit_code == 0
    assert _written(site, "one").exists()
    assert _import(site, "-", "--id", "piped", "--from", "text", stdin=TALK).exit_code == 0
    assert len(_ids(site, "piped")) == 4
    assert _import(site, "nowhere.txt").exit_code == 1
    assert _import(site, "-", "--from", "nonsense", stdin=TALK).exit_code == 2


def test_the_report_has_lines_and_a_dry_run_writes_nothing(site: Path) -> None:
    raw = _raw(site, "page.txt", "Home\n\nA talk at the mill\n\nMay 3, 2021\n\n* * *\n\n" + TALK + "\nShare\n\nPrint\n")
    result = _import(site, raw, "--report", "json", "--dry-run")
    report = json.loads(result.stdout)
    one = report["files"][0]["files"][0]
    assert (one["title"], one["date"], one["turns"], one["status"]) == ("A talk at the mill", "2021-05-03", 4, "new")
    assert [(d["line"], d["end_line"]) for d in one["dropped"]] == [(1, 1), (17, 19)]
    assert not _written(site, "page").exists()


def test_an_unreadable_file_is_refused_with_its_place_and_others_are_imported(site: Path) -> None:
    bad = _raw(site, "bad.json", '{"segments": [\n{"speaker": "A", "body": ')
    good = _raw(site, "good.txt", TALK)
    result = _import(site, bad, good)
    assert result.exit_code == 1
    assert "bad.json:2:26: error import-unreadable" in result.stdout
    assert _written(site, "good").exists()


# ---------------------------------------------------------------- annotations


def test_notes_are_anchored_or_listed_with_the_reason(site: Path) -> None:
    _import(site, _raw(site, "talk.txt", TALK))
    selector = {"type": "TextQuoteSelector", "exact": "Three words here", "prefix": "", "suffix": "."}
    position = {"type": "FragmentSelector", "value": "tom-ash-2-p1"}
    position["refinedBy"] = {"type": "TextPositionSelector", "start": 0, "end": 4}  # type: ignore[assignment]
    missing = {"type": "TextQuoteSelector", "exact": "no such"}
    notes = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": [
            {
                "id": "https://example.org/a/first",
                "motivation": "commenting",
                "creator": {"name": "Ann"},
                "created": "2020-01-02T10:00:00Z",
                "body": [
                    {"type": "TextualBody", "value": "A *note*."},
                    {"type": "TextualBody", "purpose": "tagging", "value": "Mill Wheels"},
                ],
                "target": {"source": "https://example.org/transcripts/talk/", "selector": selector},
            },
            {"body": "https://example.org/b", "target": {"source": "talk", "selector": position}},
            {
                "bodyValue": "Lost.",
                "target": {"source": "talk", "selector": missing},
            },
            {
                "bodyValue": "Lost.",
                "target": {"source": "talk", "selector": {"type": "SvgSelector", "value": "<svg/>"}},
            },
        ],
    }
    result = _import(site, _raw(site, "notes.jsonld", json.dumps(notes)))
    assert result.exit_code == 0
    assert result.stdout.count("import-unplaced") == 2
    assert "quote-not-found" in result.stdout
    assert "a SvgSelector" in result.stdout
    text = (site / "annotations/talk/notes.yaml").read_text("utf-8")
    assert "quote: Three words here" in text
    assert "note: A \\*note\\*." in text
    assert "topics: [mill-wheels]" in text
    assert "at: tom-ash-2-p1" in text
    assert CliRunner().invoke(main, ["check", "--site", str(site)]).exit_code == 0


def test_codes_of_a_table_and_terms_of_a_glossary(site: Path) -> None:
    _import(site, _raw(site, "talk.txt", TALK))
    codes = _raw(
        site, "codes.csv", 'transcript,quote,codes,memo\ntalk,Three words,mill; Water,"Said twice."\ntalk,gone,x,y\n'
    )
    glossary = _raw(
        site, "terms.json", '{"Four": {"summary": "A <b>number</b>", "type": "abbreviation"}, "ABC": {"summary": "x"}}'
    )
    result = _import(site, codes, glossary)
    assert result.exit_code == 0
    assert "quote: Three words" in (site / "annotations/talk/codes.yaml").read_text("utf-8")
    terms = (site / "annotations/talk/terms.yaml").read_text("utf-8")
    assert "quote: Four" in terms
    assert "kind: definition" in terms
    assert "note: A number" in terms
    assert "1: ABC" in result.stdout


def test_topics_by_row_become_index_entries_and_dangling_references_are_reported(site: Path) -> None:
    table = _raw(site, "rows.csv", "speaker,text,tags\nAnn,Some words to index.,mill; water\nTom,Others.,\n")
    assert _import(site, table).exit_code == 0
    assert "topics: [mill, water]" in (site / "annotations/rows/rows-codes.yaml").read_text("utf-8")
    mission = "[00:00:00:01]\nCC: Okay, [glossary:AEA] and [glossary:BMAGs].\n\n[00:00:00:02]\nCC: Go.\n"
    glossary = '{"AEA": {"summary": "Abort electronics assembly"}}'
    result = _import(site, _raw(site, "TEC.txt", mission), _raw(site, "g.json", glossary))
    assert "references to no entry, shown as text: BMAGs" in result.stdout


# ---------------------------------------------------------------- out and in again

SITE = """---
title: A talk
date: 2020-01-02
place: Lindow
language: en
speakers:
  bell:
    name: Ann Bell
    roles: [{title: Mayor}]
  voice:
    name: Question
    anonymous: true
---

Before the talk, in the hall.

[0:00:01] Mayor Ann Bell: First words,
said \\[inaudible\\] well.

And a second paragraph.

(Applause.)

[0:00:05.250] Question: Why?

[0:00:06] Question: And who?

## The wheel

[0:00:09] Ann Bell {#bell-1a}: One\\
two.

* * *

[0:00:12] Ann Bell: Done.

<…>
"""


Said = tuple[list[tuple[str, bool]], str, float | None, list[str]]


def _again(name: str) -> tuple[Transcript, Transcript]:
    built = build({"content/transcripts/talk.md": SITE})
    data = built.files[f"transcripts/talk/{name}"]
    imported = import_file(Raw(name, data), Context()).value[0]
    read = read_transcript(Source.of("content/transcripts/talk.md", imported.text), Register())
    assert read.value is not None
    return built.annotated[0].transcript, read.value


def _said(transcript: Transcript, *, labels: bool = True) -> list[Said]:
    people = {speaker.id: (speaker.name, speaker.anonymous) for speaker in transcript.speakers}
    return [
        (
            [people[id] for id in turn.speaker_ids],
            turn.label if labels else "",
            turn.start,
            [p.plain for p in turn.paragraphs if p.kind == "speech"],
        )
        for turn in transcript.turns
    ]


def _blocks(transcript: Transcript) -> list[object]:
    return [
        [(p.kind, p.plain) for p in block.paragraphs] if isinstance(block, Turn) else type(block).__name__
        for block in transcript.blocks
    ]


def test_json_out_and_in_gives_the_same_turns_with_their_ids() -> None:
    before, after = _again("transcript.json")
    assert _said(after) == _said(before)
    assert [turn.id for turn in after.turns] == [turn.id for turn in before.turns]
    assert (after.title, after.date, after.place) == (before.title, before.date, before.place)


def test_tei_out_and_in_gives_the_same_transcript() -> None:
    before, after = _again("transcript.tei.xml")
    assert _said(after) == _said(before)
    assert _blocks(after) == _blocks(before)
    facts = [(t.title, t.date, t.place, t.language) for t in (before, after)]
    assert facts[0] == facts[1]


def test_webvtt_out_and_in_gives_the_same_turns() -> None:
    before, after = _again("transcript.vtt")
    assert _in_captions(after) == _in_captions(before)


def _in_captions(transcript: Transcript) -> list[object]:
    """What captions can hold: speakers, times, and words without their paragraphs."""
    said = _said(transcript, labels=False)
    return [([name for name, _ in who], start, " ".join(" ".join(texts).split())) for who, _, start, texts in said]


def test_text_out_and_in_gives_the_same_words() -> None:
    before, after = _again("transcript.txt")
    assert (after.title, after.date, after.place) == (before.title, before.date, before.place)
    assert [turn.label for turn in after.turns] == [turn.label for turn in before.turns]
