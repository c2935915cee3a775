"""What is written, as a reader's browser and other people's programs get it, for the site of this repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from sitegen.source import Source
from sitegen.yamldoc import dump
from sitegen.yamldoc import parse as parse_yaml
from tests.door import REPOSITORY, SEED, Result, build, site_files
from tests.reading import Page, check_notes, check_pages, check_text, pages_of

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def pages(repository_site: Result) -> list[Page]:
    """All pages of this repository's site."""
    return pages_of(repository_site.files)


@pytest.fixture(scope="module")
def seed(pages: list[Page]) -> Page:
    """The page of the seed."""
    return next(page for page in pages if page.path == f"transcripts/{SEED}/index.html")


def test_the_repository_has_nothing_to_report(repository_site: Result) -> None:
    assert repository_site.diagnostics == ()


def test_pages_parse_and_every_link_leads_somewhere(repository_site: Result, pages: list[Page]) -> None:
    assert len(pages) > 20
    check_pages(repository_site, pages)


def test_the_seed_has_27_turns_of_2_speakers_in_65_paragraphs(seed: Page) -> None:
    turns = seed.of_class("section", "turn")
    assert len(turns) == 27
    assert {turn.attrib["data-speaker"] for turn in turns} == {"putin", "lukashenko"}
    spoken = [p for turn in turns for p in turn.iter("p") if f"{turn.attrib['id']}-p" in p.attrib.get("id", "")]
    assert len(spoken) == 65


def test_the_seed_has_all_its_notes_and_words(repository_site: Result, seed: Page) -> None:
    (annotated,) = repository_site.annotated
    assert annotated.unplaced == ()
    assert sum(note.number > 0 for note in annotated.notes) >= 26
    check_notes(seed, annotated)
    check_text(seed, annotated)


def test_the_order_of_notes_and_files_changes_nothing() -> None:
    files = site_files(REPOSITORY)
    turned: dict[str, str | bytes] = {}
    for path, data in reversed(files.items()):
        assert isinstance(data, bytes)
        if path.startswith(f"annotations/{SEED}/"):
            document = parse_yaml(Source.of(path, data.decode()), prose=frozenset()).value
            assert document is not None
            assert isinstance(document.value, list)
            turned[path.replace(SEED, f"{SEED}/z")] = dump(document.value[::-1])
        else:
            turned[path] = data
    assert build(turned).files == build(files).files


def test_two_builds_are_byte_identical(tmp_path: Path) -> None:
    built = []
    for seed_of_hashes in ("1", "2"):
        out = tmp_path / seed_of_hashes
        # Pagefind names some files of its index anew on every run, so the index is left out.
        arguments = ["build", "--no-search", "--site", str(REPOSITORY), "--out", str(out)]
        command = [sys.executable, "-m", "sitegen", *arguments]
        environment = {**os.environ, "PYTHONHASHSEED": seed_of_hashes, "TZ": f"UTC{seed_of_hashes}"}
        subprocess.run(command, env=environment, check=True, capture_output=True)
        built.append({p.relative_to(out): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()})
    assert built[0] == built[1]


def test_transcript_json_keeps_its_contract(repository_site: Result) -> None:
    document = json.loads(repository_site.files[f"transcripts/{SEED}/transcript.json"])
    assert list(document) == ["id", "title", "date", "place", "language", "source", "speakers", "turns", "notes"]
    assert document["id"] == SEED
    assert document["date"] == "2024-04-11"
    for speaker in document["speakers"]:
        assert list(speaker) == ["id", "name", "role", "anonymous"]
    assert [speaker["id"] for speaker in document["speakers"]] == ["putin", "lukashenko"]
    texts = {}
    assert len(document["turns"]) == 27
    for turn in document["turns"]:
        assert list(turn) == ["id", "speakers", "label", "start", "end", "paragraphs"]
        assert isinstance(turn["speakers"], list)
        assert turn["label"].endswith(("Putin", "Lukashenko"))
        for paragraph in turn["paragraphs"]:
            assert list(paragraph) == ["id", "text"]
            texts[paragraph["id"]] = paragraph["text"]
    assert len(texts) == 65
    assert len(document["notes"]) >= 26
    for note in document["notes"]:
        assert list(note) == ["id", "kind", "note", "topics", "sources", "targets"]
        assert note["targets"]
        for target in note["targets"]:
            assert list(target) == ["paragraph", "start", "end", "quote"]
            assert texts[target["paragraph"]][target["start"] : target["end"]] == target["quote"]


SMALL: dict[str, str | bytes] = {
    "content/transcripts/ärger.md": "---\ntitle: Ärger & <Co>\nspeakers: {zoë: {name: Zoë}}\n---\n"
    "Zoë: Eins zwei drei.\n\n## Über alles\n",
    "annotations/ärger.yaml": "- {id: größe, quote: Eins zwei drei, note: 'A & B, [](note:größe)', topics: [straße],"
    " created: 2024-04-11}\n- {id: b, quote: zwei drei, at: zoë-1, topics: [straße], note: y}\n",
}


def test_the_feed_is_well_formed_and_complete(repository_site: Result) -> None:
    feed = Xml.fromstring(repository_site.files["feed.xml"])
    entries = feed.findall(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}title") == "In the Margin"
    assert len(entries) >= 26
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    for element in (feed, *entries):
        updated = element.findtext(f"{ATOM}updated")
        assert updated
        assert updated.endswith("T00:00:00Z")
    assert [e.findtext(f"{ATOM}updated") for e in entries] == sorted(
        (e.findtext(f"{ATOM}updated") or "" for e in entries), reverse=True
    )


@pytest.mark.parametrize("url", ["", "https://example.org/a/site"])
def test_files_for_crawlers_with_and_without_an_address(url: str) -> None:
    built = build({**SMALL, "sitegen.yaml": f"title: T & U\nurl: {url}\n"})
    assert built.codes() == []
    assert built.files[".nojekyll"] == b""
    robots = built.files["robots.txt"].decode()
    feed = Xml.fromstring(built.files["feed.xml"])
    links = [link.attrib["href"] for link in feed.iter(f"{ATOM}link")]
    if not url:
        assert "Sitemap" not in robots
        assert "sitemap.xml" not in built.files
        assert "canonical" not in built.page("")
        return
    assert f"Sitemap: {url}/sitemap.xml\n" in robots
    assert links[:2] == [f"{url}/feed.xml", f"{url}/"]
    assert all(link.startswith(f"{url}/") for link in links)
    assert f'href="{url}/transcripts/%C3%A4rger/#n-gr%C3%B6%C3%9Fe"' in (feed.findtext(f".//{ATOM}content") or "")
    listed = [loc.text for loc in Xml.fromstring(built.files["sitemap.xml"]).iter(f"{SITEMAP}loc")]
    assert f"{url}/transcripts/%C3%A4rger/" in listed
    assert f"{url}/" in listed
    assert not [address for address in listed if address and "404" in address]
    paths = {f"{url}/" + path.removesuffix("index.html") for path in built.files if path.endswith("index.html")}
    assert len(listed) == len(paths)
    assert f'<link rel="canonical" href="{url}/transcripts/%C3%A4rger/">' in built.page("transcripts/ärger/")


def test_a_note_on_two_transcripts_is_one_entry_of_the_feed() -> None:
    transcript = "---\ntitle: A\nspeakers: {ann: {name: Ann}}\n---\nAnn: Alpha Bravo Charlie.\n"
    note = "- {id: n, quote: Alpha Bravo Charlie, note: x, also: [{transcript: b, quote: Bravo Charlie, at: ann-1}]}\n"
    files: dict[str, str | bytes] = {
        "content/transcripts/a.md": transcript,
        "content/transcripts/b.md": transcript,
        "annotations/a.yaml": note,
    }
    built = build(files)
    assert built.codes() == []
    assert built.files["feed.xml"].count(b"<entry>") == 1
    check_pages(built, pages_of(built.files))


def test_ids_of_any_script_are_linked_percent_encoded() -> None:
    built = build(SMALL)
    pages = pages_of(built.files)
    check_pages(built, pages)
    page = next(page for page in pages if page.path == "transcripts/ärger/index.html")
    check_notes(page, built.annotated[0])
    check_text(page, built.annotated[0])
    assert {"zoë-1", "zoë-1-p1", "n-größe", "r-größe", "s-über-alles"} <= set(page.ids)
    assert "topics/straße/index.html" in built.files


def test_the_list_of_sources_says_whose_they_are_once_and_what_became_of_their_links(gallery_site: Result) -> None:
    page = gallery_site.page("sources/")
    entries = dict(re.findall(r'<li id="(\w+)" class="line">(.*?)</li>', page, re.DOTALL))
    assert set(entries) == {"almanac", "roman"}
    assert "<h2>The press</h2>" in page
    assert "The press" not in entries["almanac"]
    assert "link no longer works" in entries["almanac"]
    assert 'Link checked <time datetime="2024-06-01">' in entries["almanac"]
    assert "works" not in entries["roman"]
    assert "checked" not in entries["roman"]
    assert gallery_site.page("transcripts/first/").count("link no longer works") == 8
