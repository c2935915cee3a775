"""Links that readers keep: to selected words, or else to their paragraph; and to a transcript that was renamed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, serve_folder
from tests.chromium import SELECT
from tests.door import build, write_site

ROUND = "We went down to the harbour in the morning, and nobody was there to tell us when the boat would leave. "
OPENING = "Salt & pepper, well-known to all, went first - and then the flour, the oats & the half-empty tins. "
CLOSING = "The rest was to come by rail, by post & on foot - in that order, as the letter says."
TALK = f"""---
title: Long
speakers: {{ann: {{name: Ann}}, bob: {{name: Bob}}}}
---

Ann: {ROUND * 40}

Bob: {ROUND * 40}{OPENING}{ROUND}{ROUND}He left.

{CLOSING} {ROUND * 10}

Ann: {ROUND * 40}

Bob: By rail, by post & on foot: {ROUND * 40}
"""
PATH = "transcripts/long/index.html"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The folder of a built site with one long talk, and the address of the talk."""
    write_site(build({"content/transcripts/long.md": TALK}), tmp_path)
    with serve_folder(tmp_path) as found:
        yield tmp_path, f"{found}/transcripts/long/"


def copied_link(page: Page, first: str, words: str, last: str, end: str) -> str:
    """The link that the menu copies for a selection from some words of one paragraph to others of another."""
    start = page.locator(f"#{first}").evaluate("(p, words) => p.textContent.indexOf(words)", words)
    stop = page.locator(f"#{last}").evaluate("(p, words) => p.textContent.indexOf(words) + words.length", end)
    page.evaluate(SELECT, [first, start, last, stop])
    page.get_by_role("button", name="Copy link", exact=True).click()
    link: str = page.evaluate("navigator.clipboard.readText()")
    return link


def top_of(page: Page, identity: str, words: str) -> float:
    """How far below the top of the window some words of a paragraph stand, in shares of its height, once the
    browser has given up looking for words or found them."""
    expect(page.locator(f"#{identity}")).to_be_in_viewport()
    found: float = page.locator(f"#{identity}").evaluate(
        """(paragraph, words) => {
          const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words), range = new Range();
            if (at < 0) continue;
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            return range.getBoundingClientRect().top / innerHeight;
          }
        }""",
        words,
    )
    return found


def test_row_52_a_long_passage_over_two_paragraphs(served: tuple[Path, str], open_page: OpenPage) -> None:
    folder, address = served
    link = copied_link(open_page(address), "bob-1-p1", OPENING[:20], "bob-1-p2", CLOSING)
    passage = f"{OPENING}{ROUND}{ROUND}He left. {CLOSING}"
    assert len(passage) > 380
    place, _, directive = link.partition(":~:text=")
    assert place == f"{address}#bob-1-p1"
    assert directive.count(",") == 1, "a start and an end"
    assert not set(directive) & set("-& ")
    start, end = map(unquote, directive.split(","))
    assert passage.startswith(start)
    assert passage.endswith(end)
    assert "&" in start
    page = open_page(link)
    assert 0 < top_of(page, "bob-1-p1", OPENING[:20]) < 1
    # The words are gone: the paragraph is still shown.
    built = folder / PATH
    built.write_text(built.read_text(encoding="utf-8").replace("pepper", "vinegar"), encoding="utf-8")
    page = open_page(link)
    assert 0 <= top_of(page, "bob-1-p1", ROUND[:30]) < 0.5
    assert top_of(page, "bob-1-p1", "Salt") > 1


@pytest.mark.parametrize(
    ("first", "words", "last", "end"),
    [
        ("bob-1-p2", "by post & on foot", "bob-1-p2", "on foot"),
        ("bob-2-p1", "By rail, by post", "bob-2-p1", "on foot:"),
        ("bob-1-p1", "half-empty", "bob-1-p1", "tins."),
        ("bob-1-p1", "He left.", "bob-1-p2", "The rest"),
        ("bob-1-p2", "by post & on foot - in that order", "bob-1-p2", CLOSING + " " + ROUND * 3),
    ],
    ids=["first of two", "second of two, in other capitals", "hyphen", "over two paragraphs", "long"],
)
def test_a_passage_is_found(
    served: tuple[Path, str], open_page: OpenPage, first: str, words: str, last: str, end: str
) -> None:
    _, address = served
    page = open_page(copied_link(open_page(address), first, words, last, end))
    assert 0 < top_of(page, first, words) < 1


@pytest.mark.parametrize("script", [True, False])
def test_the_address_of_a_renamed_transcript_leads_to_the_same_place(
    tmp_path: Path, open_page: OpenPage, script: bool
) -> None:
    renamed = TALK.replace("title: Long\n", "title: Long\naka: [old-name]\n")
    write_site(build({"content/transcripts/long.md": renamed}), tmp_path)
    with serve_folder(tmp_path) as found:
        page = open_page(f"{found}/transcripts/old-name/#bob-2", script=script)
        # A refresh that the page asks for itself forgets the place; the script is quicker.
        page.wait_for_url(f"{found}/transcripts/long/" + ("**#bob-2" if script else "**"))
        if script:
            expect(page.locator("#bob-2 .label")).to_be_in_viewport()
        else:
            expect(page.locator("h1")).to_have_text("Long")
