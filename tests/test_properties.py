"""Properties of the string kernels: folds, plain text, weaving, YAML. Examples are drawn, never timed."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from sitegen.folding import fold_editorial, fold_loose, fold_typographic
from sitegen.identifiers import is_id, slug_of
from sitegen.labels import Register
from sitegen.markup import Html, MarkedRange, Marker, plain_text, weave
from sitegen.similarity import places_within
from sitegen.source import Edit, Source, splice
from sitegen.streams import occurrences, stream_of
from sitegen.transcripts import read_transcript
from sitegen.yamldoc import dump, parse
from tests.door import build
from tests.drawn import examples

TYPOGRAPHY = st.text(
    alphabet="ab \t\n.\u2026-\u2013\u2014'`\"\xab\u2019\u201d\xa0\u202f\u200b\xad\u0301e[]<>\x1d\ufb01\u1100\u1161#1",
    max_size=24,
)
_WORDS = ["one", "two", "*three*", "**four**", "`five`", "[six](https://x.example)", "d\u2019e"]
WORDS = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8)
TAGS = re.compile(r"<[^>]+>")


@given(TYPOGRAPHY)
@examples(400)
def test_a_fold_of_a_fold_is_the_same(text: str) -> None:
    once = fold_typographic(text).text
    assert fold_typographic(once).text == once


@given(TYPOGRAPHY)
@examples(300)
def test_the_way_back_is_in_order_and_inside_the_text(text: str) -> None:
    for folded in (fold_typographic(text), fold_editorial(text), fold_loose(fold_editorial(text))):
        reached = 0
        for i in range(len(folded.text)):
            start, end = folded.origin(i, i + 1)
            assert 0 <= start <= end <= len(text)
            assert start >= reached
            reached = start
        if folded.text:
            assert folded.origin(0, len(folded.text))[1] <= len(text)


@given(st.text(st.sampled_from("ᄒ\u1161\u11abক\u09c7\u09bee\u0301\u0323")) | st.text())
@examples(300)
def test_a_fold_is_the_same_for_composed_and_decomposed_characters(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold_typographic(composed).text == fold_typographic(decomposed).text


@given(TYPOGRAPHY)
@examples(100)
def test_no_fold_touches_the_end_of_a_turn(text: str) -> None:
    assert fold_typographic(text).text.count("\x1d") == text.count("\x1d")
    assert fold_loose(fold_typographic(text)).text.count("\x1d") == text.count("\x1d")


@given(WORDS, st.data())
@examples(200)
def test_weaving_changes_no_word_and_marks_are_what_was_quoted(words: list[str], data: st.DataObject) -> None:
    markup = " ".join(words)
    plain = plain_text(markup)
    ranges = []
    for number in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(plain) - 1))
        end = data.draw(st.integers(start + 1, len(plain)))
        ranges.append(MarkedRange(start, end, f"n{number}", "context"))
    markers = [Marker(one.end, Html(f'<a id="r-{one.note_id}"></a>')) for one in ranges]
    html = weave(markup, {"id": "p"}, ranges, markers, lambda name: None)
    assert unescape(TAGS.sub("", html)).strip() == plain
    assert html.count("<mark") == html.count("</mark>")
    assert not re.search(r"<mark[^>]*>(?:(?!</mark>).)*<mark", html, re.DOTALL)
    for one in ranges:
        pieces = re.findall(
            rf'<mark [^>]*data-notes="(?:[^"]* )?{one.note_id}(?: [^"]*)?">(.*?)</mark>', html, re.DOTALL
        )
        # Spaces alone are never marked.
        assert "".join("".join(map(unescape, pieces)).split()) == "".join(plain[one.start : one.end].split())
        assert html.count(f'id="r-{one.note_id}"') == 1


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.text(min_size=1, max_size=30), min_size=1))
@examples(200)
def test_yaml_is_read_as_it_was_written(values: dict[str, str]) -> None:
    clean = {k: "".join(c for c in v if c.isprintable() or c == "\n").strip() or "x" for k, v in values.items()}
    parsed = parse(Source.of("a.yaml", dump(clean)), prose=frozenset())
    assert parsed.value is not None
    assert parsed.value.value == clean


@given(st.text(max_size=20))
@examples(100)
def test_a_slug_is_an_id_or_nothing(text: str) -> None:
    slug = slug_of(text)
    assert slug == "" or is_id(slug)


@given(st.text(alphabet="abc", max_size=12), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), max_size=3))
@examples(100)
def test_splicing_keeps_every_other_character(text: str, places: list[tuple[int, int]]) -> None:
    edits, reached = [], 0
    for start, length in sorted(places):
        if reached <= start and start + length <= len(text):
            edits.append(Edit("a", start, start + length, "X"))
            reached = start + length + 1
    expected, shift = text, 0
    for edit in edits:
        expected = expected[: edit.start + shift] + "X" + expected[edit.end + shift :]
        shift += 1 - (edit.end - edit.start)
    assert splice(text, edits) == expected


@given(
    st.lists(
        st.sampled_from(["alpha", "beta", "gamma\u2019s", "\u201cdelta\u201d", "5\u20136"]), min_size=4, max_size=30
    ),
    st.data(),
)
@examples(100)
def test_every_quote_of_a_text_is_found_at_its_own_place(words: list[str], data: st.DataObject) -> None:
    text = f"---\ntitle: T\nspeakers: {{ann: {{name: Ann}}}}\n---\n\nAnn: {' '.join(words)}\n"
    transcript = read_transcript(Source.of("content/transcripts/t.md", text), Register()).value
    assert transcript is not None
    stream = stream_of(transcript)
    start = data.draw(st.integers(0, len(words) - 2))
    end = data.draw(st.integers(start + 1, len(words)))
    quote = fold_typographic(" ".join(words[start:end])).text
    found = occurrences(stream.text, stream.typographic, quote)
    before = len(" ".join(words[:start])) + (1 if start else 0)
    assert any(abs(span.start - before) <= 1 for span in found)


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=7), st.lists(st.sampled_from("abcd"), max_size=24), st.data()
)
@examples(300)
def test_near_places_are_those_of_the_plain_search(words: list[str], text: list[str], data: st.DataObject) -> None:
    edits = data.draw(st.integers(0, 3))
    row = list(range(len(words) + 1))
    ends = []
    for j, word in enumerate(text):
        above = row
        row = [0]
        for i, wanted in enumerate(words):
            row.append(min(above[i] + (word != wanted), above[i + 1] + 1, row[i] + 1))
        if row[-1] <= edits:
            ends.append(j)
    places, first = 0, -1
    for n, end in enumerate(ends):
        if n == 0 or end > ends[n - 1] + 1 or end > first + 2 * edits:
            places, first = places + 1, end
    assert places_within(words, text, edits) == places


@given(st.binary(max_size=120), st.integers(0, 4))
@examples(150)
def test_no_bytes_make_a_reader_fail(data: bytes, which: int) -> None:
    name = (
        "sitegen.yaml",
        "content/speakers.yaml",
        "content/transcripts/a.md",
        "annotations/a.yaml",
        "content/pages/p.md",
    )
    site: dict[str, str | bytes] = {"content/transcripts/b.md": "---\ntitle: B\n---\n", name[which]: data}
    build(site)


WHOLE = {
    "content/speakers.yaml": "ann: {name: Ann, roles: [{title: Chair, from: 2020}]}\nbob:\n  name: Bob\n",
    "annotations/topics.yaml": "sums: {name: Sums, see_also: [more]}\nmore: {name: More}\n",
    "content/transcripts/a.md": """---
title: A
date: {from: 2024-01-01, to: 2024-01-02}
---

[0:01] Chair Ann {#ann-3}: One *two* [x](topic:sums).

(Laughter.)

- a
- b

Ann and Bob: Three.
""",
    "annotations/a.yaml": """- id: n
  quote: >-
    One two
  note: |
    See [](topic:more).
  topics: [sums]
  sources: [{title: T}]
""",
}


@given(st.data())
@examples(60)
def test_a_file_cut_short_is_reported_and_never_a_failure(data: st.DataObject) -> None:
    site = dict(WHOLE)
    name = data.draw(st.sampled_from(sorted(site)))
    site[name] = site[name][: data.draw(st.integers(0, len(site[name])))]
    build(site)
