"""What folding passes over without a look is nothing that it would have levelled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen import folding

TEXTS = st.text(
    st.sampled_from("ab\x1d\u00e9\u0161 \u00a0\u202f\t\n.\u2026-\u2013\u2014\"'\u201c\u2019\u00ab\u00bb\u200c`,"),
    max_size=30,
)


@given(st.one_of(TEXTS, st.text(max_size=30)))
def test_the_fast_scan_finds_all_that_the_pattern_finds(text: str) -> None:
    every = [
        (match.start(), match.end(), folding._REPLACEMENT[match.lastgroup or ""])
        for match in folding._TYPOGRAPHIC.finditer(text)
    ]
    assert list(folding._typographic_matches(text)) == [one for one in every if text[one[0] : one[1]] != one[2]]


@given(TEXTS | st.text(st.sampled_from("ae\u0301\ufb01\xad ")))
def test_a_quote_that_needs_no_folding_is_what_folding_gives(text: str) -> None:
    assert folding.folded_quote(text) == folding.fold_typographic(text).text
