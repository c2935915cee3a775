"""`feed.xml`: the latest notes as an Atom feed (RFC 4287). Dates are editorial, never those of a build."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from heapq import nlargest
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.addresses import FEED, absolute, href, transcript_page
from sitegen.diagnostics import Checked
from sitegen.facts import Facts, Passage
from sitegen.markup import LinkTarget, render_note
from sitegen.pages.frame import Site
from sitegen.templating import render

MOST_ENTRIES = 40
_UNKNOWN = "1970-01-01"


class Entry(Struct, frozen=True):
    """A note in the feed; `updated` is an RFC 3339 time, `content` the HTML as a text to be escaped."""

    id: str
    title: str
    href: str
    updated: str
    author: str
    kind: str
    quote: str
    content: str


def feed(site: Site) -> Checked[bytes]:
    """The feed; links are absolute when the site's address is known."""
    base = site.settings.url
    latest = ((site.facts_by_id[name], position, text) for (name, position), text in site.texts.items())
    entries = [_entry(site, facts, facts.passages[position], text) for facts, position, text in latest]
    updated = max((entry.updated for entry in entries), default=_time(""))
    values = {
        "title": site.settings.title,
        "subtitle": site.settings.description,
        "id": base or "urn:sitegen:feed",
        "address": absolute(base, FEED) if base else FEED,
        "home": base or "index.html",
        "updated": updated,
        "entries": entries,
    }
    return render(site.theme, "feed.xml", values)


def latest_notes(every: Iterable[Facts]) -> list[tuple[Facts, int]]:
    """The notes in the feed: the facts of their transcripts, and their positions among the passages there."""
    notes: dict[str, tuple[Facts, int]] = {}  # one that speaks of several transcripts is one entry
    for facts in every:
        for position, passage in enumerate(facts.passages):
            if passage.number:
                notes.setdefault(passage.annotation.id, (facts, position))
    return nlargest(MOST_ENTRIES, notes.values(), key=lambda note: _updated(note[0].passages[note[1]]))


def _updated(passage: Passage) -> str:
    return _day(passage.annotation.updated or passage.annotation.created)


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
        content=str(render_note(text, partial(_target, site))),
    )


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


def _day(date: str) -> str:
    """The first day of a year or month."""
    return f"{date or _UNKNOWN}-01-01"[:10]


def _time(date: str) -> str:
    return f"{_day(date)}T00:00:00Z"
