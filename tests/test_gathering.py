"""HTML that several pages gather is made once; on each page its links are those made for that page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.addresses import ANYWHERE, href, placed
from sitegen.markup import plain_text

NAMES = st.sampled_from(["a", "b", "ä b", "a-1", "topics", "index"])
PAGES = st.one_of(
    st.just(""), st.just("404.html"), st.lists(NAMES, min_size=1, max_size=3).map(lambda names: "/".join([*names, ""]))
)


@given(PAGES, st.lists(st.tuples(PAGES, st.sampled_from(["", "n-1", "é"])), max_size=4))
def test_links_for_anywhere_become_those_of_a_page(page: str, targets: list[tuple[str, str]]) -> None:
    elsewhere = [(target, fragment) for target, fragment in targets if target != page]
    gathered = " ".join(f'<a href="{href(ANYWHERE, *one)}">' for one in elsewhere)
    assert placed(gathered, page) == " ".join(f'<a href="{href(page, *one)}">' for one in elsewhere)


@given(st.lists(st.sampled_from([ANYWHERE, "a", "*", "`", "&#0;", "[a](b", ")", "\n", "\\", "1. "])).map("".join))
def test_no_quote_of_a_transcript_holds_the_sign_for_anywhere(markup: str) -> None:
    assert ANYWHERE not in plain_text(markup)
