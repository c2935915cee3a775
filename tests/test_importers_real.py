"""Every real transcript beside the repository meets every expectation that people verified for it by hand."""

from __future__ import annotations

import html
import json
import os
from pathlib import Path
from typing import Any

import pytest

from sitegen.importers import Context, Raw, import_file
from sitegen.labels import Register
from sitegen.model import Transcript
from sitegen.source import Source
from sitegen.transcripts import read_transcript
from tests.door import SHARED

REAL = Path(os.environ.get("SITEGEN_SHARED", SHARED)) / "real"
EXPECTED: dict[str, Any] = json.loads((REAL / "expect.json").read_text("utf-8")) if REAL.is_dir() else {}

pytestmark = pytest.mark.skipif(not EXPECTED, reason="the real transcripts are not here")


def _line(text: str) -> str:
    return " ".join(html.unescape(text).split())


class _Read:
    """A file as imported, written and read back."""

    def __init__(self, name: str) -> None:
        self.imported = import_file(Raw(name, (REAL / name).read_bytes()), Context()).value
        self.transcripts: list[Transcript] = []
        for one in self.imported:
            read = read_transcript(Source.of(f"content/transcripts/{one.id}.md", one.text), Register())
            assert [d for d in read.diagnostics if d.severity == "error"] == []
            assert read.value is not None
            assert len(read.value.turns) == len(one.draft.turns), "nothing is lost in writing"
            self.transcripts.append(read.value)
        self.turns = [turn for transcript in self.transcripts for turn in transcript.turns]
        self.speakers = {s.name for transcript in self.transcripts for s in transcript.speakers}
        self.texts = [_line(" ".join(p.plain for p in turn.paragraphs)) for turn in self.turns]
        self.whole = _line("\n".join(one.text for one in self.imported).replace("\\\n", " ").replace("\\", ""))


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def case(request: pytest.FixtureRequest) -> tuple[_Read, dict[str, Any]]:
    """A file and what is expected of it."""
    return _Read(request.param), EXPECTED[request.param]


def test_turns_and_paragraphs(case: tuple[_Read, dict[str, Any]]) -> None:
    read, expected = case
    assert len(read.turns) in expected["turns_accept"]
    paragraphs = sum(p.kind == "speech" for turn in read.turns for p in turn.paragraphs)
    assert expected["paragraphs"] in (None, paragraphs) or paragraphs in expected.get("paragraphs_accept", [])


def test_title_date_and_place(case: tuple[_Read, dict[str, Any]]) -> None:
    read, expected = case
    draft = read.imported[0].draft
    assert draft.title == (expected["title"] or "") or draft.title in expected.get("title_accept", [])
    if "dates" in expected:
        assert [one.draft.date for one in read.imported] == expected["dates"]
    else:
        assert (draft.date or None) in (expected["date"], *expected.get("date_accept", []))
    if "place" in expected:
        assert draft.place == expected["place"]


def test_speakers(case: tuple[_Read, dict[str, Any]]) -> None:
    read, expected = case
    aliases = {name: {name, *expected["aliases"].get(name, [])} for name in expected["speakers"]}
    for name, forms in aliases.items():
        assert read.speakers & forms, f"{name} is missing"
    known = {form for forms in aliases.values() for form in forms}
    known |= {
        *expected["anonymous_labels"],
        *expected.get("all_labels", []),
        *expected.get("speakers_accept_extra", []),
    }
    assert read.speakers - known == set()
    assert read.speakers & set(expected["must_not_be_speaker"]) == set()


def test_words(case: tuple[_Read, dict[str, Any]]) -> None:
    read, expected = case
    for words in expected["must_contain"]:
        assert _line(words) in read.whole or any(_line(words) in text for text in read.texts), words
    for words in expected["must_not_be_in_turns"]:
        assert not any(" ".join(words.split()) in text for text in read.texts), words
    assert read.texts[0].startswith(_line(expected["first_words"]))
    assert read.texts[-1].endswith(_line(expected["last_words"]))
