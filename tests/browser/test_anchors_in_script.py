"""The script finds and describes places as the build does: the rows of the case files run against both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from sitegen.folding import fold_typographic
from sitegen.model import Transcript
from sitegen.source import Source
from sitegen.streams import occurrences, stream_of
from sitegen.yamldoc import dump, parse
from tests.browser.conftest import OpenPage, serve_folder
from tests.chromium import SELECT
from tests.door import Result, build, write_site
from tests.test_cases import CASES, Case, read_case
from tests.test_properties import TYPOGRAPHY
from tests.test_selections import Selection

UNLIKE = {"row-42-text-lost", "row-43-empty-quote", "row-43-no-is-text", "row-43-two-quotes"}
"""Rows about the YAML of a quote, which the script never reads."""

FOLD = "texts => texts.map(text => { const found = fold(text); return [found.text, found.starts, found.ends]; })"
PLACES = """([turns, quotes]) => {
  const stream = streamOf(turns);
  return [stream.text, quotes.map(quote => occurrences(stream, quote).map(({start, end}) => [start, end]))];
}"""


@dataclass(frozen=True)
class Rows:
    """All rows in one site: the shared transcripts as they are, the small ones named by their row."""

    files: dict[str, str | bytes] = field(default_factory=dict)
    quotes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, case: Case) -> None:
        """Adds the transcript and the notes of a case, whose ids begin with its name."""
        shared = any("include content/transcripts" in section for section, _ in case.sections)
        for path, data in case.inputs().items():
            text = data.decode() if isinstance(data, bytes) else data
            folder, _, rest = path.partition("/")
            if rest == "speakers.yaml":
                known = str(self.files.get(path, ""))
                self.files[path] = known if text in known else known + text
                continue
            if folder != "annotations":
                self.files[path if shared else f"content/transcripts/{name}.md"] = text
                continue
            transcript = rest.removesuffix(".yaml") if shared else name
            document: Any = parse(Source.of(path, text), prose=frozenset()).value
            for number, note in enumerate(document.value):
                identity = f"{name}-{number}"
                quoted = [note["quote"]] if isinstance(note["quote"], str) else note["quote"]
                self.quotes.setdefault(transcript, []).extend(quoted)
                self.files[f"annotations/{transcript}/{identity}.yaml"] = dump([{**note, "id": identity}])


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The rows of the table of anchoring."""
    found = Rows()
    for path in sorted((CASES / "anchoring").glob("row-*.txt")):
        if path.stem not in UNLIKE:
            found.add(path.stem, read_case(path))
    return found


@pytest.fixture(scope="module")
def site(rows: Rows) -> Result:
    """Their site, built."""
    return build(rows.files)


@pytest.fixture(scope="module")
def served(site: Result, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of their site."""
    folder = tmp_path_factory.mktemp("rows")
    write_site(site, folder)
    with serve_folder(folder) as address:
        yield address


def units(text: str) -> list[int]:
    """For each code point of a text, and its end, the place in UTF-16 units, in which the browser counts."""
    places = [0]
    for character in text:
        places.append(places[-1] + len(character.encode("utf-16-le")) // 2)
    return places


def drawn(count: int) -> list[str]:
    """Texts drawn by hypothesis, the same in every run."""
    texts: list[str] = []

    @settings(max_examples=count, derandomize=True, database=None)
    @given(TYPOGRAPHY | st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=16))
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return texts


def test_texts_are_folded_alike_with_the_same_way_back(rows: Rows, served: str, open_page: OpenPage) -> None:
    quotes = [quote for found in rows.quotes.values() for quote in found]
    texts = [*(str(text) for text in rows.files.values()), *quotes, *drawn(1000)]
    page = open_page(f"{served}/")
    for text, (folded, starts, ends) in zip(texts, page.evaluate(FOLD, texts), strict=True):
        expected, places = fold_typographic(text), units(text)
        assert folded == expected.text, repr(text)
        for i, (unit, following) in enumerate(pairwise(units(folded))):
            start, end = expected.origin(i, i + 1)
            assert (starts[unit], ends[following - 1]) == (places[start], places[end]), repr(text)


def test_quotes_are_found_in_the_same_places(site: Result, rows: Rows, served: str, open_page: OpenPage) -> None:
    page = open_page(f"{served}/")
    for transcript in (one.transcript for one in site.annotated):
        stream = stream_of(transcript)
        quotes = rows.quotes[transcript.id]
        text, found = page.evaluate(PLACES, [list(turns_of(transcript)), quotes])
        assert text == stream.text
        places = units(text)
        for quote, spans in zip(quotes, found, strict=True):
            words = fold_typographic(quote).text.strip()
            expected = occurrences(stream.text, stream.typographic, words)
            assert spans == [[places[span.start], places[span.end]] for span in expected], f"{transcript.id}: {quote}"


def turns_of(transcript: Transcript) -> Iterator[dict[str, Any]]:
    """The text of a transcript as the script reads it from its page."""
    turns: dict[str, list[dict[str, str]]] = {}
    for placed in stream_of(transcript).paragraphs:
        turns.setdefault(placed.turn_id, []).append({"id": placed.paragraph.id, "text": placed.paragraph.plain})
    return ({"id": turn_id, "paragraphs": paragraphs} for turn_id, paragraphs in turns.items())


def test_words_copied_as_yaml_are_a_note_on_these_words(
    site: Result, rows: Rows, served: str, open_page: OpenPage
) -> None:
    page = open_page("about:blank")
    page.clock.install()
    files, expected = {**rows.files}, {}
    for name, selection in selections(site):
        address = f"{served}/transcripts/{selection.transcript}/"
        if page.url != address:
            page.goto(address)
        again = f"{name}-again"
        expected[again] = selection.words
        copy = copied(page, selection)
        files[f"annotations/{selection.transcript}/{again}.yaml"] = f"{copy}  id: {again}\n  note: x\n"
    assert len(expected) > 25
    found = build(files).anchors()
    assert {name: found.get(name) for name in expected} == expected


def selections(site: Result) -> Iterator[tuple[str, Selection]]:
    """The passages of the rows that can be selected, which is to say that nothing within them is left out."""
    for one in site.annotated:
        paragraphs = [placed.paragraph for placed in stream_of(one.transcript).paragraphs]
        order = {paragraph.id: number for number, paragraph in enumerate(paragraphs)}
        for note in one.notes:
            first, last = note.anchors[0], note.anchors[-1]
            start, end = order[first.paragraph_id], order[last.paragraph_id]
            selection = Selection(one.transcript.id, paragraphs[start], first.start, paragraphs[end], last.end)
            if end - start <= 1 and len(selection.words) == len(note.anchors):
                yield note.annotation.id, selection


def copied(page: Page, selection: Selection) -> str:
    """What the menu copies as YAML for a selection."""
    page.evaluate("document.activeElement.blur()")
    page.evaluate(SELECT, selection.in_script())
    page.clock.run_for(400)
    page.get_by_role("button", name="Copy as YAML").click()
    return str(page.evaluate("navigator.clipboard.readText()"))
