"""Properties of whole sites: quotes, ids and pages, whatever a transcript and its notes are made of."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sitegen import files
from sitegen.edition import paragraphs_of
from sitegen.folding import fold_editorial, fold_typographic
from sitegen.ids import spots_of
from sitegen.pipeline import join, read
from sitegen.preparation import Options
from sitegen.source import Snapshot, Source
from tests.door import build
from tests.drawn import Drawn, examples, sites, transcripts
from tests.reading import check_notes, check_pages, check_text, pages_of


def _snapshot(site: dict[str, str | bytes]) -> Snapshot:
    texts = {"sitegen.yaml": "title: T\n", **site}
    return Snapshot(tuple(Source.of(path, str(text)) for path, text in texts.items()), files.built_in_theme())


@given(sites())
@examples(400)
def test_a_quote_is_placed_exactly_or_reported(drawn: Drawn) -> None:
    inputs = read(_snapshot(drawn.site()), Options())
    joined = join(inputs.value)
    (edition,) = joined.value
    placed = {note.annotation.id: note for note in edition.notes}
    reported = " ".join(d.message for d in (*inputs.diagnostics, *joined.diagnostics) if d.severity == "error")
    plain = {p.id: p.plain for p in paragraphs_of(edition.transcript)}
    for note in drawn.notes:
        name, quote = str(note["id"]), str(note["quote"])
        assert (name in placed) != (name in reported), name
        if name in placed:
            found = " ".join(plain[a.paragraph_id][a.start : a.end] for a in placed[name].anchors)
            assert _said(found) & _said(quote.replace(" [...] ", " ")), (found, quote)


def _said(text: str) -> set[str]:
    """What a quote is compared by: without spaces, quote marks, and perhaps insertions."""
    return {re.sub("[ '\"]", "", fold(text).text) for fold in (fold_typographic, fold_editorial)}


@given(transcripts())
@examples(300)
def test_ids_are_unique_or_reported(text: str) -> None:
    inputs = read(_snapshot({"content/transcripts/t.md": text}), Options())
    names = [name for t in inputs.value.transcripts for spot in spots_of(t) for name in (spot.id, *spot.aka)]
    is_reported = any(d.code == "duplicate-id" for d in inputs.diagnostics)
    assert is_reported or len(names) == len(set(names))


@given(sites(), st.data())
@examples(30)
def test_pages_are_sound_and_do_not_depend_on_the_order_of_notes(drawn: Drawn, data: st.DataObject) -> None:
    result = build(drawn.site())
    if "duplicate-id" not in result.codes():
        pages = pages_of(result.files)
        check_pages(result, pages)
        page = next(page for page in pages if page.path == "transcripts/t/index.html")
        check_notes(page, result.annotated[0])
        check_text(page, result.annotated[0])
    # The list of what is not placed names lines, so that only placed notes are the same in any order.
    placed = [note for note in drawn.notes if note["id"] in result.anchors()]
    other = data.draw(st.permutations(placed))
    one, two = (build(replace(drawn, notes=tuple(notes)).site()).files for notes in (placed, other))
    assert one == two
