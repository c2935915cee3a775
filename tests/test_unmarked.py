"""What is written without a parser equals what the parser gives."""

from __future__ import annotations

from urllib.parse import unquote

from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen import markup, unmarked
from sitegen.markup import Html, MarkedRange, Marker

PIECES = st.sampled_from(
    [
        *("a", "word", "\u00e9", " ", "  ", "\n", "\n\n", "\t", "\u00a0", "\u2028", "\x0c", "\r", '"', "'", "\u2019"),
        *("&", "<b>", "*", "_", "`", "~~", "-", "#", "1", "1986", ".", ")", "(", "[", "]", ":", "=", "+", ">", "|"),
        *("\\", "!", "[inaudible]", "http://x.y", "*so*", "*a b*", "**", "[a b](https://x.y/z)", "[a](http://x-1.y)"),
    ]
)
SIMPLE = st.sampled_from(
    [
        *("a", "word", " ", " ", "\n", ".", "!", ")", '"', "1", "1.", "\u00e9", "\u2019", "\u2028"),
        *("*so*", "*a b*", "*a", "*a.*", "[a b](https://x.y/z)", "[a](http://x-1.y)"),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=14).map("".join), st.lists(SIMPLE, max_size=9).map("".join), st.text(max_size=20)
)


def dead(name: str) -> None:
    """Resolves nothing."""


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=3), st.lists(st.integers(1, 40)))
def test_a_plain_paragraph_is_woven_as_the_parser_weaves_it(
    text: str, ranges: list[tuple[int, int]], offsets: list[int]
) -> None:
    assume(text.strip())
    marks = [MarkedRange(start, start + length, f"n{i}", "context") for i, (start, length) in enumerate(ranges)]
    markers = [Marker(offset, Html(f"<a{i}>")) for i, offset in enumerate(sorted(offsets))]
    attributes = {"id": 'p"1', "class": "event"}
    expected = markup._weave_parsed(text, attributes, marks, markers, dead)
    assert markup.weave(text, attributes, marks, markers, dead) == expected


@given(TEXTS)
def test_a_plain_paragraph_has_the_words_the_parser_finds(text: str) -> None:
    found = "".join(words for _, words in markup._leaves(markup._parsed_speech(text)))
    assert markup.plain_text(text) == found


@given(TEXTS)
def test_a_plain_note_is_rendered_as_the_parser_renders_it(text: str) -> None:
    assert markup.render_note(text, dead) == markup._render_parsed(text, dead)


@given(TEXTS)
def test_the_links_of_a_plain_note_are_those_the_parser_finds(text: str) -> None:
    found = [
        str(child.attrs["href"])
        for token in markup._parser("page").parse(text)
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert list(markup.link_addresses(text))[: len(found)] == [unquote(address) for address in found]


def test_most_marked_paragraphs_are_simple() -> None:
    assert unmarked.is_simple("Said *so*, see [the record](https://example.org/records/5).")
    assert not unmarked.is_simple("Said *so, see [the record](topic:a).")
