"""Searching: the index made by the build, results that land on their words, and a site without an index."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import expect

from sitegen.cli import main
from tests.browser.conftest import OpenPage
from tests.door import SEED


def test_a_result_lands_on_its_paragraph(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/")
    page.get_by_label("Words in transcripts and notes").fill("Cosmonautics Day especially")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#found")).to_have_text("Transcripts with these words: 1", timeout=15000)
    page.locator("#results li li a").first.click()
    expect(page).to_have_url(re.compile(rf"/margin/transcripts/{SEED}/#(putin-1-p\d|n-cosmonautics-day)"))


def test_filters_leave_only_what_fits(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/search/?q=peace&speaker=lukashenko")
    places = page.locator("#results li li .where")
    expect(places.first).to_be_visible(timeout=15000)
    assert all(text.startswith("lukashenko-") for text in places.all_inner_texts())
    page.goto(f"{address}/search/?q=peace&kind=transcription")
    expect(page.locator("#found")).to_have_text("Nothing found.", timeout=15000)


def test_a_site_without_an_index_says_so(gallery_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery_address}/search/?q=harbour")
    expect(page.locator("#found")).to_have_text("This copy of the site was built without a search index.")
    expect(page.get_by_role("link", name="Topic index")).to_be_visible()
    open_page.errors.clear()  # the browser logs the file that is not there


def test_without_a_script_the_page_leads_to_the_lists(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/search/", script=False)
    expect(page.get_by_text("Searching needs a script")).to_be_visible()
    expect(page.get_by_role("link", name="All notes")).to_be_visible()


def test_the_index_is_remade_only_when_pages_change_and_removed_when_unwanted(tmp_path: Path) -> None:
    talk = "---\ntitle: T\nspeakers: {a: {name: A}}\n---\n\nA: Some words.\n"
    (tmp_path / "content" / "transcripts").mkdir(parents=True)
    (tmp_path / "sitegen.yaml").write_text("title: T\n")
    (tmp_path / "content" / "transcripts" / "t.md").write_text(talk)
    folder = tmp_path / "_site" / "pagefind"

    def outcome(*options: str) -> str:
        done = CliRunner().invoke(main, ["build", "--site", str(tmp_path), *options])
        assert done.exit_code == 0, done.output
        return done.stderr.strip().rpartition("; ")[2]

    assert outcome() == "search index made"
    first = {path.name for path in folder.rglob("*")}
    assert outcome() == "search index unchanged"
    assert {path.name for path in folder.rglob("*")} == first
    (tmp_path / "content" / "transcripts" / "t.md").write_text(talk + "\nOther words.\n")
    assert outcome() == "search index made"
    listed = json.loads((folder / ".sitegen-search.json").read_bytes())["files"]
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert there == {*listed, ".sitegen-search.json"}
    assert outcome("--no-search") == "no search index"
    assert not folder.exists()
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    done = CliRunner().invoke(main, ["build", "--site", str(tmp_path)])
    assert "search-index" in done.output
    assert (folder / "mine.txt").read_text() == "mine"
