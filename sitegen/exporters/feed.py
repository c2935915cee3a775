"""`feed.xml`: the latest notes as an Atom feed (RFC 4287). Dates are editorial, never those of a build."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from sitegen.addresses import FEED, absolute, href, transcript_page
from sitegen.diagnostics import Checked
from sitegen.markup import Html, LinkTarget, render_note
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
    entries: dict[str, Entry] = {}
    for facts in site.edition.facts:
        page = transcript_page(facts.transcript_id)
        for passage in facts.passages:
            annotation = passage.annotation
            if not passage.number or annotation.id in entries:
                continue  # a note that speaks of several transcripts is one entry
            fragment = f"n-{annotation.id}"
            entries[annotation.id] = Entry(
                id=_tag(base, annotation.created, annotation.id),
                title=annotation.headline or f"On “{passage.quote}”",
                href=absolute(base, page, fragment) if base else href(FEED, page, fragment),
                updated=_time(annotation.updated or annotation.created),
                author=annotation.author or site.settings.publisher or site.settings.title,
                kind=site.kind_name(annotation.kind),
                quote=passage.quote,
                content=render_note(annotation.note.markup, partial(_target, site)),
            )
    latest = sorted(entries.values(), key=lambda entry: entry.updated, reverse=True)
    updated = max((entry.updated for entry in latest), default=_time(""))
    values = {
        "title": site.settings.title,
        "subtitle": site.settings.description,
        "id": base or "urn:sitegen:feed",
        "address": absolute(base, FEED) if base else FEED,
        "home": base or "index.html",
        "updated": updated,
        "entries": latest[:MOST_ENTRIES],
    }
    xml = render(site.theme, "feed.xml", values)
    return Checked(xml.value.encode(), xml.diagnostics)


def _target(site: Site, name: str) -> LinkTarget | None:
    """Where a link by name leads from the feed."""
    place, base = site.places.find(name), site.settings.url
    if place is None:
        return None
    address = absolute(base, place.page, place.fragment) if base else href(FEED, place.page, place.fragment)
    return LinkTarget(address, place.name)


def _tag(base: str, created: str, note_id: str) -> str:
    """A tag URI (RFC 4151): the same for good, wherever the note is shown."""
    host = urlsplit(base).hostname or ""
    return f"tag:{host},{created or _UNKNOWN}:note/{note_id}" if host else f"urn:sitegen:note:{note_id}"


def _time(date: str) -> str:
    year, month, day = (*(date or _UNKNOWN).split("-"), "01", "01")[:3]
    return f"{year}-{month}-{day}T00:00:00Z"
