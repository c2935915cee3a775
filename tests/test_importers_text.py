"""Pasted text: labels weighed over the whole file, metadata from the page around them, furniture dropped."""

from __future__ import annotations

from pathlib import Path

from sitegen.importers import Context, Draft, Raw, import_file
from sitegen.labels import Register
from sitegen.model import Project, Speaker
from sitegen.project import read_project
from sitegen.source import Snapshot, Source
from sitegen.transcripts import read_transcript

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seeds" / "2024-04-11-putin-lukashenko.txt"


def _register() -> tuple[Speaker, ...]:
    path = "content/speakers.yaml"
    source = Source.of(path, (ROOT / path).read_text("utf-8"))
    project: Project = read_project(Snapshot((source,))).value
    return project.speakers


def _draft(text: str, register: tuple[Speaker, ...] = ()) -> Draft:
    return import_file(Raw("file.txt", text.encode()), Context(register)).value[0].draft


def _labels(draft: Draft) -> list[str]:
    return [turn.label for turn in draft.turns]


def test_the_seed_becomes_the_committed_transcript() -> None:
    register = _register()
    beside = Source.of(f"{SEED.name}.yaml", SEED.with_name(f"{SEED.name}.yaml").read_text("utf-8"))
    imported = import_file(Raw(SEED.name, SEED.read_bytes(), beside), Context(register)).value[0]
    target = ROOT / "content" / "transcripts" / f"{imported.id}.md"
    assert imported.text == target.read_text("utf-8")
    transcript = read_transcript(
        Source.of(f"content/transcripts/{target.name}", imported.text), Register(tuple(register))
    )
    assert transcript.diagnostics == ()
    assert transcript.value is not None
    turns = transcript.value.turns
    assert len(turns) == 27
    assert sum(p.kind == "speech" for turn in turns for p in turn.paragraphs) == 65
    assert "I\u00a0repeat once again: if everything" in turns[0].paragraphs[-2].plain
    assert imported.text.rstrip().endswith("<…>")


def test_a_file_beside_completes_the_front_matter() -> None:
    beside = Source.of("talk.txt.yaml", "place: Lindow\nlicense: CC0\nsource: {licence: CC0}\nsummary: A talk.\n")
    result = import_file(
        Raw("talk.txt", b"Ann Bell: Welcome.\n\nTom Ash: Thanks.\n\nAnn Bell: Good.\n", beside), Context()
    )
    assert [(str(d.location), d.code) for d in result.diagnostics if d.severity == "error"] == [
        ("talk.txt.yaml:2:1", "unknown-key")
    ]
    front_matter = result.value[0].text.split("---")[1]
    assert "place: Lindow\n" in front_matter
    assert "source:\n  licence: CC0\n" in front_matter
    assert "summary: A talk.\n" in front_matter


def test_furniture_is_dropped_and_reported_with_lines() -> None:
    draft = import_file(Raw(SEED.name, SEED.read_bytes()), Context(_register())).value[0].draft
    dropped = {(f.what, f.line, f.end_line) for f in draft.findings if f.kind == "dropped"}
    assert dropped == {("page furniture", 1, 11), ("page furniture", 155, 155)}
    assert draft.origin.title == "Official website of the President of Russia"


def test_a_speaker_is_one_person_under_office_and_name_and_name_and_office() -> None:
    draft = _draft(
        "Mayor of Lindow Ann Bell: Welcome.\n\nTom Ash, head of the mill: Thanks.\n\n"
        "Ann Bell: Shall we?\n\nTom Ash: Let us."
    )
    assert [(v.name, v.roles) for v in draft.voices] == [
        ("Ann Bell", ("Mayor of Lindow",)),
        ("Tom Ash", ("head of the mill",)),
    ]
    assert len(draft.turns) == 4
