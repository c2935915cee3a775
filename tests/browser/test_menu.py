"""The menu on selected words: links that find the words again, citations, a note begun, and copying of any kind."""

from __future__ import annotations

from urllib.parse import unquote

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.chromium import INSECURE, SELECT
from tests.door import SEED

TRANSCRIPT = f"/transcripts/{SEED}/"
WHOLE = ["putin-1-p1", 0, "putin-5-p1", 20]


def chosen(page: Page, selection: list[object], action: str) -> str:
    """What is on the clipboard after an action of the menu on a selection."""
    page.evaluate(SELECT, selection)
    page.get_by_role("button", name=action, exact=True).click()
    expect(page.locator(".toast")).to_be_visible()
    return clipboard(page)


def clipboard(page: Page) -> str:
    """What is on the clipboard."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def words_in_view(page: Page, words: str) -> bool:
    """Whether words stand where the reader sees them."""
    return bool(
        page.evaluate(
            """words => {
              const walker = document.createTreeWalker(document.querySelector(".text"), NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.replaceAll("\u00a0", " ").indexOf(words);
                if (at < 0) continue;
                const range = new Range();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                const box = range.getBoundingClientRect();
                return box.top >= 0 && box.bottom <= innerHeight;
              }
              throw new Error("the page does not say: " + words);
            }""",
            words,
        )
    )


def test_the_menu_is_opened_used_and_closed_by_keyboard(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}{TRANSCRIPT}#putin-1-p9")
    page.locator("#putin-1-p9").dblclick(position={"x": 40, "y": 12})
    for _ in range(5):
        page.keyboard.press("Control+Shift+ArrowRight")
    words = str(page.evaluate("getSelection().toString()")).strip()
    assert len(words.split()) > 3
    menu = page.get_by_role("group", name="With the selected words")
    action = menu.get_by_role("button", name="Copy as YAML")
    expect(action).to_be_visible()
    for _ in range(8):
        if not action.evaluate("action => action === document.activeElement"):
            page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("Copied")
    assert clipboard(page) == f'- quote: "{words}"\n'
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)


def test_a_copied_link_finds_the_words_again(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    link = chosen(page, ["putin-5-p1", 0, "putin-5-p1", 22], "Copy link")
    words = str(page.evaluate("getSelection().toString()")).replace("\u00a0", " ")
    place, _, directive = link.partition(":~:text=")
    assert place == f"{address}{TRANSCRIPT}#putin-5-p1"
    assert unquote(directive).replace("\u00a0", " ").endswith(words)
    found = open_page(link)
    assert words_in_view(found, words)
    # Without the id, only the words themselves can have been found.
    found = open_page(link.replace("#putin-5-p1", "#"))
    assert words_in_view(found, words)
    # The id alone leads to the paragraph when the words are no longer there.
    fallen_back = open_page(f"{place}:~:text=words%20that%20nobody%20said")
    expect(fallen_back.locator("#putin-5-p1")).to_be_in_viewport()


def test_a_link_to_paragraphs_names_the_first_and_the_last(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    link = chosen(page, ["putin-1-p9", 0, "putin-1-p10", 60], "Copy link to these paragraphs")
    assert link == f"{address}{TRANSCRIPT}?from=putin-1-p9&to=putin-1-p10"


def test_a_citation_names_speaker_source_and_place(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    citation = chosen(page, ["putin-1-p9", 0, "putin-1-p9", 36], "Copy with citation")
    assert citation.startswith("“We largely completed this work there” (Vladimir Putin) – Meeting with ")
    assert citation.endswith(f"{TRANSCRIPT} #putin-1-p9")
    assert "In the Margin" in citation


def test_a_note_too_long_for_an_address_is_copied(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    page.context.route("https://github.com/**", lambda route: route.fulfill(body="The editor of GitHub."))
    page.evaluate(SELECT, WHOLE)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Suggest a note").click()
    expect(page.locator(".menu a")).to_have_count(0)
    assert opened.value.url.startswith("https://github.com/example/in-the-margin/new/main?filename=annotations/")
    opened.value.close()
    page.bring_to_front()
    copied = clipboard(page)
    assert copied.startswith("- id: putin-1-")
    assert len(copied) > 4000
    expect(page.locator(".toast")).to_contain_text("too long for an address")


def test_copying_works_on_a_site_without_encryption(address: str, open_page: OpenPage) -> None:
    plain = open_page(address.replace("127.0.0.1", INSECURE) + TRANSCRIPT)
    assert plain.evaluate("isSecureContext") is False
    plain.evaluate(SELECT, ["putin-1-p9", 0, "putin-1-p9", 40])
    plain.get_by_role("button", name="Copy as YAML").click()
    expect(plain.locator(".toast")).to_have_text("Copied")
    assert clipboard(open_page(f"{address}/")).startswith('- quote: "')
