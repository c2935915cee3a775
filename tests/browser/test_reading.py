"""Reading a transcript: notes beside their words, below them or in a sheet, without a script, by keyboard, in print."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.door import SEED, build, write_site

TRANSCRIPT = f"/transcripts/{SEED}/"

LAYOUT = """() => {
  const boxes = [...document.querySelectorAll('.note')].map(note => {
    const box = note.getBoundingClientRect(), said = note.closest('.said').getBoundingClientRect();
    const ref = document.getElementById('r-' + note.id.slice(2)).getBoundingClientRect();
    return {top: box.top, bottom: box.bottom, left: box.left, ref: ref.top, text: said.right};
  });
  return {
    overlaps: boxes.slice(1).filter((box, i) => box.top < boxes[i].bottom - 1).length,
    beside: boxes.filter(box => box.left >= box.text).length,
    above: boxes.filter(box => box.top < box.ref - 40).length,
    astray: boxes.filter((box, i) => box.top > Math.max(box.ref, i ? boxes[i - 1].bottom : 0) + 48).length,
    notes: boxes.length,
    sideways: document.documentElement.scrollWidth - innerWidth,
  };
}"""


BOXES = """selector => [...document.querySelectorAll(selector)].map(note => {
  const box = note.getBoundingClientRect();
  return {top: box.top, bottom: box.bottom};
})"""


def layout(page: Page) -> dict[str, float]:
    """Where the notes of a page stand."""
    found: dict[str, float] = page.evaluate(LAYOUT)
    return found


@pytest.mark.parametrize("script", [True, False])
def test_notes_stand_beside_their_words_on_a_wide_screen(address: str, open_page: OpenPage, script: bool) -> None:
    page = open_page(address + TRANSCRIPT, script=script)
    found = layout(page)
    assert found["beside"] == found["notes"] == 52
    # Each begins at the line of its reference, or below the note before it where that needs the room.
    assert found["astray"] == found["overlaps"] == found["above"] == found["sideways"] == 0


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address on disk of a page with 1,000 turns and 300 notes.

    The first 30 stand at 30 turns, and each is higher than three turns: where two of three are left out, those that
    are left still have to make room for each other.
    """
    words = "we came down to the harbour in the morning and spoke about the tide until the evening"
    talk = "\n\n".join(f"{'AB'[n % 2]}: Turn {n} begins, {words}, {words}." for n in range(1000))
    front = "---\ntitle: Long\nspeakers: {a: {name: A}, b: {name: B}}\n---\n\n"
    chosen = [*range(30), *range(30, 1000, 3)][:300]
    notes = "".join(
        f"- id: n{n}\n  quote: Turn {n} begins\n  note: {', '.join([words] * 8)}.\n"
        f"  kind: {'context' if n % 2 else 'definition'}\n  weight: {'normal' if n % 3 else 'key'}\n"
        for n in chosen
    )
    built = build({"content/transcripts/long.md": front + talk, "annotations/long.yaml": notes})
    assert not [d for d in built.diagnostics if d.severity == "error"]
    folder = tmp_path_factory.mktemp("long")
    write_site(built, folder)
    return (folder / "transcripts/long/index.html").as_uri()


@pytest.mark.parametrize("script", [True, False])
def test_three_hundred_notes_in_a_thousand_turns_do_not_overlap(
    long_page: str, open_page: OpenPage, script: bool
) -> None:
    found = layout(open_page(long_page, script=script))
    assert found["notes"] == found["beside"] == 300
    assert found["overlaps"] == found["sideways"] == 0


def test_notes_that_are_left_still_do_not_overlap(long_page: str, open_page: OpenPage) -> None:
    page = open_page(f"{long_page}?hide=context")
    left = page.locator(".note:not(.out)")
    assert 0 < left.count() < 300
    expect(page.locator(".note.out").first).to_be_hidden()
    boxes = page.evaluate(BOXES, ".note:not(.out)")
    assert all(below["top"] > above["bottom"] for above, below in pairwise(boxes))
    page.goto(f"{long_page}?notes=key")
    boxes = page.evaluate(BOXES, ".note.key")
    assert all(below["top"] > above["bottom"] for above, below in pairwise(boxes))
    expect(page.locator(".note:not(.key)").first).to_be_hidden()


@pytest.mark.parametrize("width", [360, 800, 1440])
@pytest.mark.parametrize("script", [True, False])
def test_an_address_deep_in_a_long_page_leads_to_its_place(
    long_page: str, open_page: OpenPage, width: int, script: bool
) -> None:
    for fragment in ("b-450", "a-300-p1", "b-17"):
        page = open_page(f"{long_page}#{fragment}", width, script=script)
        page.wait_for_timeout(200)
        bar = page.locator(".jump").bounding_box()
        place = page.locator(f"#{fragment}").bounding_box()
        assert bar
        assert place
        assert bar["y"] + bar["height"] <= place["y"] <= bar["y"] + bar["height"] + 100, fragment
        page.context.close()


@pytest.mark.parametrize("width", [360, 800, 1440])
def test_the_browser_finds_words_that_are_out_of_sight(long_page: str, open_page: OpenPage, width: int) -> None:
    page = open_page(long_page, width)
    for number in (31, 500, 998):  # without notes, so that the words stand nowhere else
        words = f"Turn {number} begins"
        assert page.evaluate("words => getSelection().removeAllRanges() || find(words, false, false, true)", words)
        page.wait_for_timeout(100)
        box = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
        assert page.evaluate("getSelection().toString()") == words
        assert box["height"] > 0
        assert 0 <= box["top"] < box["bottom"] <= 900


@pytest.mark.parametrize("width", [320, 800])
def test_notes_stand_below_their_paragraphs_where_there_is_no_room(
    address: str, open_page: OpenPage, width: int
) -> None:
    found = layout(open_page(address + TRANSCRIPT, width, script=False))
    assert found["beside"] == found["overlaps"] == found["above"] == found["sideways"] == 0


def test_a_note_opens_as_a_sheet_on_a_narrow_screen_and_gives_the_focus_back(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}{TRANSCRIPT}#putin-1-p9", 360, 740)
    note, reference = page.locator("#n-initialed"), page.locator("#r-initialed")
    expect(note).to_be_hidden()
    reference.click()
    expect(note).to_be_visible()
    expect(note).to_contain_text("On 17 June 2023")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(reference).to_be_focused()
    page.set_viewport_size({"width": 900, "height": 740})
    expect(note).to_be_visible()


def test_a_note_on_two_passages_gives_the_focus_back_to_the_one_it_was_opened_from(
    gallery_address: str, open_page: OpenPage
) -> None:
    page = open_page(f"{gallery_address}/transcripts/first/", 360, 740)
    note, second = page.locator("#n-in-the-list"), page.locator("#r-in-the-list-2")
    second.click()
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(second).to_be_focused()
    second.click()
    note.locator(".back").first.click()
    expect(note).to_be_hidden()
    expect(page.locator("#r-in-the-list")).to_be_focused()


def test_without_a_script_all_is_there_and_a_reference_opens_its_note(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT, script=False)
    assert page.locator("section.turn").count() == 27
    for index in range(52):
        expect(page.locator(".note").nth(index)).to_be_visible()
    expect(page.locator(".js").first).to_be_hidden()
    page.locator("#r-initialed").click()
    expect(page.get_by_text("On 17 June 2023 Putin showed")).to_be_visible()
    page.get_by_text("Reading options").click()
    page.locator("#o-none").check()
    expect(page.locator("#n-istanbul")).to_be_hidden()


def test_reading_options_choose_notes_and_are_shared_by_the_address(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    page.get_by_text("Reading options").click()
    page.locator(".options input[value=context]").uncheck()
    expect(page.locator("#n-istanbul")).to_be_hidden()
    expect(page.locator("#n-initialed")).to_be_visible()
    expect(page.locator(".options output")).to_have_text("Notes shown: 23 of 52")
    assert page.url.endswith("?hide=context")
    other = open_page(page.url)
    expect(other.locator("#n-istanbul")).to_be_hidden()
    page.locator(".options [name=speaker]").select_option("putin")
    assert "dimmed" in (page.locator("#lukashenko-1").get_attribute("class") or "").split()
    page.locator(".options [name=reset]").click()
    expect(page.locator("#n-istanbul")).to_be_visible()


def test_keys_move_when_they_are_switched_on(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.get_by_text("Reading options").click()
    page.locator(".options [name=keys]").check()
    page.locator(".options [name=keys]").blur()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator(".ref").first).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(".ref").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".note").nth(1).locator("details")).to_have_attribute("open", "")


def test_the_first_tab_skips_to_the_text(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_a_range_of_paragraphs_is_shown(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}{TRANSCRIPT}?from=putin-1-p9&to=putin-1-p11")
    assert page.locator(".in-range").count() == 3
    expect(page.locator("#putin-1-p9")).to_be_in_viewport()


def test_the_place_is_remembered(address: str, open_page: OpenPage) -> None:
    page = open_page(address + TRANSCRIPT)
    page.locator("#lukashenko-9").scroll_into_view_if_needed()
    page.mouse.wheel(0, 900)
    expect(page.locator(".progress .place")).not_to_contain_text("Turn 1 of")
    page.reload()
    page.goto(address + TRANSCRIPT)
    expect(page.locator(".resume")).to_contain_text("Continue at turn")


def test_pages_opened_from_disk_lead_to_each_other(built: Path, open_page: OpenPage) -> None:
    page = open_page((built / "index.html").as_uri())
    page.get_by_role("link", name="Topics").click()
    page.get_by_role("link", name="Istanbul talks (2022)").first.click()
    page.locator(".locator").first.click()
    expect(page.locator(".note:target, :target")).to_be_visible()
