"""Where things stand on the site: pages, fragments, and relative links from one to another.

A page's address is its path from the site's root without a leading slash: `transcripts/hearing/`. Links
name `index.html`, so that a site opened from disk works; the script takes the name away on servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sitegen.facts import Edition, Facts
from sitegen.markup import LinkTarget, Resolve

HOME = ""
TRANSCRIPTS = "transcripts/"
SPEAKERS = "speakers/"
TOPICS = "topics/"
NOTES = "notes/"
SOURCES = "sources/"
GLOSSARY = "glossary/"
SEARCH = "search/"
NOT_FOUND = "404.html"
FEED = "feed.xml"

ANYWHERE = "\0"
"""Instead of the page that a link stands on: the link can be put on any page, by `placed`. It is a character
that no page holds, since Markdown replaces it and YAML refuses it."""

_UNRESERVED = re.compile(r"[A-Za-z0-9_.~/-]*")


class Place(Struct, frozen=True):
    """What a link by name leads to: a page, a fragment of it, the target's name and the language of that."""

    page: str
    fragment: str
    name: str
    language: str = ""


class Places(Struct, frozen=True):
    """Everything that can be linked to by name: `named` for `topic:space` and the like, `anchors` for the
    fragments of each transcript."""

    named: Mapping[str, Place]
    anchors: Mapping[str, tuple[str, ...]]

    def find(self, name: str) -> Place | None:
        """The place that a link by name, as written, leads to."""
        target, _, fragment = name.partition("#")
        place = self.named.get(target)
        if not place or not fragment:
            return place
        if fragment in self.anchors.get(target, ()):
            return replace(place, fragment=fragment)
        return None


def transcript_page(transcript_id: str) -> str:
    """The address of a transcript."""
    return f"{TRANSCRIPTS}{transcript_id}/"


def speaker_page(speaker_id: str) -> str:
    """The address of a speaker."""
    return f"{SPEAKERS}{speaker_id}/"


def topic_page(topic_id: str) -> str:
    """The address of a topic."""
    return f"{TOPICS}{topic_id}/"


def year_page(page: str, year: str) -> str:
    """The address of the part of a long list that is of one year; `page` is that of the whole list."""
    return f"{page}{year or 'undated'}/"


def term_fragment(term_id: str) -> str:
    """The fragment of a term on the glossary's page."""
    return f"term-{term_id}"


def page_page(page_id: str) -> str:
    """The address of an ordinary page."""
    return f"{page_id}/"


def file_of(page: str) -> str:
    """The file a page is written to."""
    return f"{page}index.html" if page == HOME or page.endswith("/") else page


def page_of(path: str) -> str:
    """The page that is written to a file."""
    return path.removesuffix("index.html")


def href(origin: str, page: str, fragment: str = "") -> str:
    """The relative link from the page `origin` to a fragment of `page`."""
    if not fragment:
        return _relative(origin, page)
    return to_fragment(fragment) if origin == page else _relative(origin, page) + to_fragment(fragment)


def to_fragment(fragment: str) -> str:
    """The link from a page to a fragment of itself; behind the link to a page, that to a fragment of it."""
    return f"#{_quoted(fragment)}"


# Every page links to the same few hundred others, and a page that gathers passages links to each of them often.
@lru_cache(maxsize=4096)
def _file(page: str) -> str:
    return _quoted(file_of(page))


@lru_cache
def _out_of(origin: str) -> tuple[str, str]:
    """The first folder of a page, and the way up from it to the root."""
    return f"{origin.partition('/')[0]}/", ANYWHERE if origin == ANYWHERE else "../" * origin.count("/")


def _relative(origin: str, page: str) -> str:
    folder, up = _out_of(origin)
    if not page.startswith(folder):  # then they have no folder in common
        return up + _file(page)
    here, there = file_of(origin).split("/")[:-1], file_of(page).split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return _quoted("/".join([*[".."] * (len(here) - shared), *there[shared:]]))


def placed(html: str, page: str) -> str:
    """HTML whose links start from `ANYWHERE`, with links that start from a page: those that `href` gives."""
    folder, up = _out_of(page)
    if ANYWHERE + _quoted(folder) not in html:  # then they have no folder in common
        return html.replace(ANYWHERE, up)
    folders = [f"{_quoted(folder)}/" for folder in file_of(page).split("/")[:-1]]
    for depth in range(len(folders), -1, -1):
        html = html.replace(ANYWHERE + "".join(folders[:depth]), "../" * (len(folders) - depth))
    return html


def _quoted(text: str) -> str:
    return text if _UNRESERVED.fullmatch(text) else quote(text)


def from_root(base: str, page: str) -> str:
    """The link to a page by its path on the server, for a page that is shown at any address."""
    return urlsplit(base).path + quote(page)


def absolute(base: str, page: str, fragment: str = "") -> str:
    """The public address of a page below the site's address `base`, which ends with a slash."""
    return base + quote(page) + (f"#{quote(fragment)}" if fragment else "")


def places_of(edition: Edition) -> Places:
    """Everything that can be linked to by name."""
    places: dict[str, Place] = {}
    anchors = {f"transcript:{name}": facts.anchors for facts in edition.facts for name in facts.aka}
    anchors |= {f"transcript:{facts.transcript_id}": facts.anchors for facts in edition.facts}
    for topic in (entry.topic for entry in edition.index.entries):
        places[f"topic:{topic.id}"] = Place(topic_page(topic.id), "", topic.name)
    for speaker in speakers_of(edition):
        places[f"speaker:{speaker[0]}"] = Place(speaker_page(speaker[0]), "", speaker[1])
    for work in edition.project.works:
        places[f"source:{work.id}"] = Place(SOURCES, work.id, work.title)
    for term in edition.project.terms:
        places[f"term:{term.id}"] = Place(GLOSSARY, term_fragment(term.id), term.name)
    for page in edition.pages:
        places[f"page:{page.id}"] = Place(page_page(page.id), "", page.title)
    for facts in edition.facts:
        there = Place(transcript_page(facts.transcript_id), "", facts.title, facts.language)
        places[f"transcript:{facts.transcript_id}"] = there
    for facts in edition.facts:
        _add_names_within(facts, places)
    return Places(places, anchors)


def _add_names_within(facts: Facts, places: dict[str, Place]) -> None:
    """The notes of a transcript, and its former ids, which never stand before the id of another one."""
    page = transcript_page(facts.transcript_id)
    for former in facts.aka:
        places.setdefault(f"transcript:{former}", Place(page, "", facts.title, facts.language))
    for passage in (passage for passage in facts.passages if passage.number):
        there = Place(page, f"n-{passage.annotation.id}", passage.name, passage.name_language)
        for note_id in (passage.annotation.id, *passage.annotation.aka):
            places.setdefault(f"note:{note_id}", there)


def speakers_of(edition: Edition) -> Iterable[tuple[str, str]]:
    """Id and name of every speaker with a page: registered or taking part, and not anonymous."""
    speakers = {speaker.id: speaker for speaker in edition.project.speakers}
    for facts in edition.facts:
        speakers |= {p.speaker.id: p.speaker for p in facts.participations if p.speaker.id not in speakers}
    return ((speaker.id, speaker.name) for speaker in speakers.values() if not speaker.anonymous)


def resolver(places: Places, origin: str) -> Resolve:
    """Turns links by name into relative links from the page `origin`."""

    def resolve(name: str) -> LinkTarget | None:
        place = places.find(name)
        return LinkTarget(href(origin, place.page, place.fragment), place.name) if place else None

    return resolve
