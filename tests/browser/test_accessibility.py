"""Every kind of page under axe, in both colour schemes, narrow and wide."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.door import REPOSITORY

KINDS = {
    "home": "/",
    "transcripts": "/transcripts/",
    "transcript": "/transcripts/first/",
    "speakers": "/speakers/",
    "speaker": "/speakers/ann/",
    "topics": "/topics/",
    "topic": "/topics/ports/",
    "notes": "/notes/",
    "sources": "/sources/",
    "glossary": "/glossary/",
    "search": "/search/",
    "page": "/about/",
    "404": "/404.html",
}
"""A page of each template."""

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
VIEWS = ((1440, "light"), (360, "dark"), (1440, "dark"), (360, "light"))


def violations(page: Page) -> str:
    """What axe finds, a line for each element."""
    found = Axe().run(page, options=RULES).response["violations"]
    return "\n".join(f"{rule['id']}: {node['html'][:150]}" for rule in found for node in rule["nodes"][:3])


def test_a_page_of_every_template_is_looked_at() -> None:
    templates = (REPOSITORY / "templates").glob("*.html")
    pages = {path.stem for path in templates if '{% extends "base.html" %}' in path.read_text("utf-8")}
    assert pages - {"redirect"} == set(KINDS)  # a redirect is left before it can be looked at


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(kind: str, gallery_address: str, open_page: OpenPage) -> None:
    page = open_page(gallery_address + KINDS[kind])
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert not violations(page), f"{width} px, {scheme}"


def test_axe_finds_nothing_in_an_open_sheet_and_in_open_options(gallery_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery_address}/transcripts/first/#n-mended", 360)
    page.locator("#n-mended").wait_for()
    assert not violations(page)
    page = open_page(f"{gallery_address}/transcripts/first/")
    page.get_by_text("Reading options").click()
    assert not violations(page)
