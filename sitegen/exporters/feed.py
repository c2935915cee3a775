"""`feed.xml`: the latest notes as an Atom feed (RFC 4287). Dates are editorial, never those of a build."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sitegen.addresses import FEED, absolute, href, transcript_page
from sitegen.diagnostics import Checked
from sitegen.facts import Facts, Passage
from sitegen.markup import Html, render_note
from sitegen.pages.frame import Site
from sitegen.templating import render

MOST_ENTRIES = 40
_UNKNOWN = "1970-01-01"


@dataclass(frozen=True, slots=True)
class Entry:
    """A note in the feed; `updated` is an RFC 3339 time."""

    id: str
    title: str
    href: str
    updated: str
    author: str
    kind: str
    quote: str
    content: Html


def feed(site: Site) -> Checked[bytes]:
    """The feed; links are absolute when the site's address is known."""
    base = site.settings.url
    notes = [
        (facts, passage, text)
        for facts in site.edition.facts
        for passage, text in zip(facts.passages, facts.texts, strict=True)
        if passage.number
    ]
    notes.sort(key=lambda note: _time(note[1].annotation.updated or note[1].annotation.created), reverse=True)
    entries = [_entry(site, *note) for note in notes[:MOST_ENTRIES]]
    updated = max((entry.updated for entry in entries), default=_time(""))
    values = {
        "title": site.settings.title,
        "subtitle": site.settings.description,
        "id": base or "urn:sitegen:feed",
        "self": absolute(base, FEED) if base else FEED,
        "home": base or "index.html",
        "updated": updated,
        "entries": entries,
    }
    xml = render(site.theme, "feed.xml", values)
    return Checked(xml.value.encode(), xml.diagnostics)


def _entry(site: Site, facts: Facts, passage: Passage, text: str) -> Entry:
    annotation, base = passage.annotation, site.settings.url
    page, fragment = transcript_page(facts.transcript_id), f"n-{annotation.id}"
    return Entry(
        id=_tag(base, annotation.created, annotation.id),
        title=annotation.headline or f"On “{passage.quote}”",
        href=absolute(base, page, fragment) if base else href(FEED, page, fragment),
        updated=_time(annotation.updated or annotation.created),
        author=annotation.author or site.settings.publisher or site.settings.title,
        kind=site.kind_name(annotation.kind),
        quote=passage.quote,
        content=render_note(text, lambda name: None),
    )


def _tag(base: str, created: str, note_id: str) -> str:
    """A tag URI (RFC 4151): the same for good, wherever the note is shown."""
    host = urlsplit(base).hostname or ""
    return f"tag:{host},{created or _UNKNOWN}:note/{note_id}" if host else f"urn:sitegen:note:{note_id}"


def _time(date: str) -> str:
    year, month, day = (*(date or _UNKNOWN).split("-"), "01", "01")[:3]
    return f"{year}-{month}-{day}T00:00:00Z"
