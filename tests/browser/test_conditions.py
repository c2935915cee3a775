"""Pages under the conditions that readers set: narrow, enlarged, spaced out, dark, forced colours, still, on paper."""

from __future__ import annotations

import io
import re
import unicodedata

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import KINDS
from tests.browser.test_reading import TRANSCRIPT, layout

FIRST = "/transcripts/first/"
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && style.overflow !== "auto" && style.overflowY !== "auto"
    && (element.scrollWidth > element.clientWidth + 1 && style.overflowX === "hidden"
      || element.scrollHeight > element.clientHeight + 1 && style.overflowY === "hidden"
      || box.right > innerWidth + 1 && !element.closest("pre, table, svg, .panel"));
}).map(element => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [320, 360, 800, 1440])
def test_no_page_scrolls_sideways_or_is_cut_off(gallery_address: str, open_page: OpenPage, width: int) -> None:
    page = open_page(f"{gallery_address}/", width)
    for place in KINDS.values():
        page.goto(gallery_address + place)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
        assert page.evaluate(CLIPPED) == [], place
    page.goto(gallery_address + FIRST)
    for panel in page.locator(".jump summary").all():
        panel.click()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(CLIPPED) == []


def test_a_screen_enlarged_four_times_shows_a_whole_note(gallery_address: str, open_page: OpenPage) -> None:
    page = open_page(gallery_address + FIRST, 320, 256)  # 1280 by 1024 at 400 %
    page.locator("#r-mended").click()
    note = page.locator("#n-mended")
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] + box["height"] <= 257
    back = note.locator(".back")
    back.scroll_into_view_if_needed()
    expect(back).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 1440])
def test_wider_spacing_hides_nothing(gallery_address: str, open_page: OpenPage, width: int) -> None:
    page = open_page(gallery_address + FIRST, width, script=width > 1000)
    page.evaluate(SPACED)
    assert page.evaluate(CLIPPED) == []
    found = layout(page)
    assert found["overlaps"] == found["sideways"] == 0


def test_a_dark_page_is_dark(gallery_address: str, open_page: OpenPage) -> None:
    for dark in (False, True):
        page = open_page(gallery_address + FIRST, dark=dark)
        ground, ink = (
            page.evaluate(f"getComputedStyle(document.body).{name}") for name in ("backgroundColor", "color")
        )
        assert (brightness(ground) < 60) is dark
        assert (brightness(ink) < 60) is not dark


def brightness(colour: str) -> float:
    """The mean of the three parts of an opaque colour, up to 255."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)]
    assert len(parts) == 3, colour
    return sum(parts) / 3


def test_forced_colours_leave_the_marks_and_borders(gallery_address: str, open_page: OpenPage) -> None:
    page = open_page(gallery_address + FIRST)
    page.emulate_media(forced_colors="active")
    lines = page.locator("mark:not(.plain)").evaluate_all(
        "marks => marks.map(m => getComputedStyle(m).textDecorationLine)"
    )
    assert lines
    assert set(lines) == {"underline"}
    styles = page.locator("mark").evaluate_all("marks => marks.map(m => getComputedStyle(m).textDecorationStyle)")
    assert len(set(styles)) >= 4
    widths = page.locator(".note").evaluate_all("notes => notes.map(n => getComputedStyle(n).borderInlineStartWidth)")
    assert all(width != "0px" for width in widths)


def test_nothing_moves_by_itself(gallery_address: str, open_page: OpenPage) -> None:
    page = open_page(gallery_address + FIRST)
    page.emulate_media(reduced_motion="no-preference")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(element => {
          const style = getComputedStyle(element);
          const lasting = style.transitionDuration.split(", ").some(time => parseFloat(time) > 0);
          return lasting || style.scrollBehavior === "smooth";
        }).length + document.getAnimations().filter(one => one.timeline instanceof DocumentTimeline).length"""
    )
    assert moving == 0


def test_a_marker_leads_to_its_note_and_back_by_keyboard(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}{TRANSCRIPT}#putin-1-p9")
    page.locator("#putin-1-p8 + .permalink").focus()
    for _ in range(40):
        if focused(page) == "r-initialed":
            break
        page.keyboard.press("Tab")
    assert focused(page) == "r-initialed"
    outline = page.locator("#r-initialed").evaluate("ref => getComputedStyle(ref).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page.locator("#n-initialed")).to_be_focused()
    back = page.locator("#n-initialed .back")
    while not back.evaluate("back => back === document.activeElement"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#n-initialed') !== null")
    page.keyboard.press("Enter")
    expect(page.locator("#r-initialed")).to_be_focused()
    expect(page.locator("#r-initialed")).to_be_in_viewport()


def focused(page: Page) -> str:
    """The id of the element that has the focus."""
    return str(page.evaluate("document.activeElement.id"))


@pytest.mark.parametrize("script", [True, False])
def test_paper_holds_every_word_note_and_address(address: str, open_page: OpenPage, script: bool) -> None:
    page = open_page(address + TRANSCRIPT, 360, script=script)
    page.emulate_media(media="print")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    sheets = (sheet.extract_text() for sheet in printed.pages)
    paper = "".join(re.sub(rf"\b\d+ / {len(printed.pages)}\b", "", sheet) for sheet in sheets)
    paper = unicodedata.normalize("NFKC", paper)
    wanted = page.locator(".said > .para > :first-child").evaluate_all(TEXTS)
    wanted += page.locator(".note").locator(".headline, .body p, .record, .sources cite").evaluate_all(TEXTS)
    assert len(wanted) > 250
    assert [text for text in wanted if letters(text) not in letters(paper)] == []
    addresses = page.locator(".note .sources a[rel=external]").evaluate_all("links => links.map(link => link.href)")
    assert len(addresses) > 100
    assert [address for address in addresses if address not in "".join(paper.split())] == []
    assert "Reading options" not in paper


TEXTS = "elements => elements.map(element => element.textContent)"


def letters(text: str) -> str:
    """The letters of a text, without the numbers of notes, which stand among them on paper."""
    return re.sub(r"[\W\d]", "", text)


@pytest.mark.parametrize(("width", "columns"), [(360, 1), (800, 2), (1440, 3)])
def test_the_index_uses_the_width_and_breaks_no_entry(
    address: str, open_page: OpenPage, width: int, columns: int
) -> None:
    page = open_page(f"{address}/topics/", width)
    entries = page.locator(".index dl > div")
    pieces, lefts = zip(
        *entries.evaluate_all("all => all.map(e => [e.getClientRects().length, e.offsetLeft])"), strict=True
    )
    assert set(pieces) == {1}
    assert len(set(lefts)) == columns


def test_labels_stand_close_to_what_they_name(gallery_address: str, open_page: OpenPage) -> None:
    page = open_page(gallery_address + FIRST, 800)
    gaps = page.locator(".turn").evaluate_all(
        """turns => turns.map(turn => turn.querySelector(".said").getBoundingClientRect().top
          - turn.querySelector(".label b").getBoundingClientRect().bottom)"""
    )
    assert len(gaps) > 5
    assert max(gaps) < 20
    page.goto(f"{gallery_address}/search/")
    tops = page.locator(".filters select").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 4
    assert len(set(tops)) == 1
