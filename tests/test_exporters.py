"""Every file beside a transcript, read back with a parser of its format."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

from click.testing import CliRunner

from sitegen.cli import main
from tests.door import REPOSITORY, SEED, Result, build

TEI = "{http://www.tei-c.org/ns/1.0}"
SITE: dict[str, str | bytes] = {
    "sitegen.yaml": "title: A & B\nurl: https://example.org/site\n",
    "content/transcripts/talk.md": """---
title: "Talk {50 %} & more_"
date: {from: 2024-04-11, to: 2024-04-12}
place: Town
language: en
source: {title: Archive, url: "https://example.org/original", licence: CC0}
speakers:
  ann: {name: Ann Other, roles: [{title: Chair}]}
  bob: {name: Bob <B>}
---
Before.

[00:00:01] Chair Ann Other: One two & [inaudible 00:03] [crosstalk] three.

(Laughter.)

Four.

[00:00:05.500] Bob <B> {continues=ann-1}: Five --> six.

(Applause.)

## Part

[01:00:10] Ann Other: Seven.
""",
    "annotations/talk.yaml": "- {id: n1, quote: One two, at: ann-1, note: A note., topics: [sums], kind: disputed}\n",
}


def exported(result: Result, name: str) -> str:
    """A file beside the transcript `talk`."""
    return result.files[f"transcripts/talk/{name}"].decode()


def test_text_has_labels_as_printed() -> None:
    text = exported(build(SITE), "transcript.txt")
    assert text.startswith(
        "Talk {50 %} & more_\n\n2024-04-11/2024-04-12, Town\n\nBefore.\n\nChair Ann Other: One two & ["
    )
    assert "\n\n(Laughter.)\n\nFour.\n\nBob <B>: Five --> six.\n\n(Applause.)\n\nPart\n\nAnn Other: Seven.\n" in text


def test_tei_keeps_person_role_label_and_every_space() -> None:
    root = Xml.fromstring(exported(build(SITE), "transcript.tei.xml"))
    assert [person.findtext(f".//{TEI}roleName") for person in root.iter(f"{TEI}person")] == ["Chair", None]
    labels = [note.text for note in root.iter(f"{TEI}note") if note.get("type") == "speaker"]
    assert labels == ["Chair Ann Other", "Bob <B>", "Ann Other"]
    utterances = list(root.iter(f"{TEI}u"))
    assert [u.get("who") for u in utterances] == ["#ann", "#bob", "#ann"]
    assert utterances[1].get("prev") == "#ann-1"
    first = next(utterances[0].iter(f"{TEI}seg"))
    assert "".join(first.itertext()) == "One two & [inaudible 00:03] [crosstalk] three."
    assert [gap.get("reason") for gap in first.iter(f"{TEI}gap")] == ["inaudible", "crosstalk"]
    assert [e.findtext(f"{TEI}desc") for e in root.iter(f"{TEI}vocal")] == ["(Laughter.)", "(Applause.)"]


def test_webvtt_has_a_cue_for_each_turn() -> None:
    cues = exported(build(SITE), "transcript.vtt").split("\n\n")
    assert cues[0] == "WEBVTT"
    assert cues[1].startswith("ann-1\n00:00:01.000 --> 00:00:05.500\n<v Ann Other>One two &amp; [inaudible")
    assert cues[2] == "bob-1\n00:00:05.500 --> 01:00:10.000\n<v Bob &lt;B&gt;>Five --&gt; six.</v>"


def test_webvtt_is_left_out_where_a_turn_has_no_time(repository_site: Result) -> None:
    assert f"transcripts/{SEED}/transcript.vtt" not in repository_site.files


def test_web_annotations_refine_a_paragraph_by_a_quote() -> None:
    document = json.loads(exported(build(SITE), "notes.jsonld"))
    (annotation,) = document["first"]["items"]
    page = "https://example.org/site/transcripts/talk/"
    assert document["id"] == f"{page}notes.jsonld"
    assert (annotation["id"], annotation["motivation"]) == (f"{page}#n-n1", "assessing")
    (target,) = annotation["target"]
    assert (target["source"], target["selector"]["value"]) == (page, "ann-1-p1")
    assert target["selector"]["refinedBy"] == {
        "type": "TextQuoteSelector",
        "exact": "One two",
        "prefix": "",
        "suffix": " & [inaudible 00:03] [crosstalk]",
    }


def test_bibtex_escapes_what_tex_reads_otherwise() -> None:
    entry = exported(build(SITE), "cite.bib")
    assert r"title = {{Talk \{50 \%\} \& more\_}}," in entry
    assert "author = {{Ann Other} and {Bob <B>}}," in entry
    assert "url = {https://example.org/site/transcripts/talk/}," in entry


def test_csl_json_has_the_days() -> None:
    (item,) = json.loads(exported(build(SITE), "cite.json"))
    assert item["issued"] == {"date-parts": [[2024, 4, 11], [2024, 4, 12]]}
    assert (item["type"], item["event-place"], item["container-title"]) == ("speech", "Town", "A & B")


def test_transcript_json_is_the_contract(repository_site: Result) -> None:
    document = json.loads(repository_site.files[f"transcripts/{SEED}/transcript.json"])
    assert list(document) == ["id", "title", "date", "place", "language", "source", "speakers", "turns", "notes"]
    assert [turn["id"] for turn in document["turns"]][:3] == ["putin-1", "lukashenko-1", "putin-2"]
    text = {p["id"]: p["text"] for turn in document["turns"] for p in turn["paragraphs"]}
    assert len(text) == 65
    for note in document["notes"]:
        for target in note["targets"]:
            assert text[target["paragraph"]][target["start"] : target["end"]] == target["quote"]


def test_the_export_command_writes_what_the_build_writes(repository_site: Result, tmp_path: Path) -> None:
    printed = CliRunner().invoke(main, ["export", "tei", SEED, "--site", str(REPOSITORY)])
    assert printed.exit_code == 0
    assert printed.stdout_bytes == repository_site.files[f"transcripts/{SEED}/transcript.tei.xml"]
    written = CliRunner().invoke(main, ["export", "bib", "--site", str(REPOSITORY), "--to", str(tmp_path)])
    assert written.exit_code == 0
    assert (tmp_path / f"{SEED}.bib").read_bytes() == repository_site.files[f"transcripts/{SEED}/cite.bib"]


def test_the_export_command_names_formats_and_transcripts_that_exist() -> None:
    def error(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["export", *arguments, "--site", str(REPOSITORY)])
        assert result.exit_code in (1, 2)
        return result.stderr

    assert "use one of txt, json, tei, vtt, jsonld, bib, csl" in error("word")
    assert f"did you mean '{SEED}'?" in error("txt", SEED[:-1])
    assert "not every turn has a time" in error("vtt")


def test_stats_count_what_is_there_and_what_is_missing(repository_site: Result) -> None:
    result = CliRunner().invoke(main, ["stats", "--format", "json", "--site", str(REPOSITORY)])
    (row,) = json.loads(result.stdout)["transcripts"]
    assert (row["id"], row["turns"], row["unplaced notes"]) == (SEED, 27, 0)
    assert row["notes"] == sum(1 for facts in repository_site.edition.facts for p in facts.passages if p.number)
