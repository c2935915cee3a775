"""Pages that lead to others: home, the lists of transcripts and notes, ordinary pages, and 404."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nlargest

from msgspec import Struct

from sitegen.addresses import (
    HOME,
    NOT_FOUND,
    NOTES,
    TRANSCRIPTS,
    href,
    page_page,
    topic_page,
    year_page,
)
from sitegen.facts import Facts, Passage
from sitegen.markup import Html, render_page
from sitegen.model import Page
from sitegen.pages.charts import Chart, dots
from sitegen.pages.frame import Frame, Link, Site, frame
from sitegen.pages.notes import NoteLine, note_lines
from sitegen.pages.repository import FileLinks, file_links
from sitegen.pages.years import Division, YearsView, division_of, titled, years_view

LATEST = 8
MOST_TOPICS = 12
CORRECTED = ("correction", "withdrawal")


class TranscriptLine(Struct, frozen=True):
    """A transcript in a list."""

    link: Link
    date: str
    date_end: str
    place: str
    speakers: str
    turns: int
    words: int
    notes: int


class HomeView(Struct, frozen=True):
    """The home page."""

    title: str
    description: str
    transcripts: tuple[TranscriptLine, ...]
    more_transcripts: Link | None
    notes: tuple[NoteLine, ...]
    all_notes: Link
    corrections: tuple[NoteLine, ...]
    topics: tuple[Link, ...]
    counts: tuple[str, ...]
    chart: Chart | None
    chart_ends: tuple[str, str]
    guide: Link | None


class TranscriptsView(Struct, frozen=True):
    """The list of transcripts, the latest first, by year."""

    years: tuple[tuple[str, tuple[TranscriptLine, ...]], ...]


class NotesView(Struct, frozen=True):
    """All notes by transcript."""

    title: str
    years: YearsView | None
    transcripts: tuple[tuple[TranscriptLine, tuple[NoteLine, ...]], ...]
    notes: int


class PageView(Struct, frozen=True):
    """An ordinary page."""

    title: str
    body: Html
    language: str
    direction: str
    file: FileLinks


def home_view(site: Site) -> tuple[Frame, object]:
    """The home page: what this is, the latest, and the way in."""
    newest = tuple(reversed(site.edition.facts))
    lines = tuple(transcript_line(site, facts, HOME) for facts in newest[:LATEST])
    more = Link(href(HOME, TRANSCRIPTS), site.words("all-transcripts")) if len(newest) > LATEST else None
    notes = [(facts, one) for facts in site.edition.facts for one in facts.passages if one.number]
    corrected = [note for note in notes if any(r.type in CORRECTED for r in note[1].annotation.history)]
    entries = sorted(site.edition.index.entries, key=lambda e: (-len(e.passages), e.topic.id))[:MOST_TOPICS]
    topics = (Link(href(HOME, topic_page(e.topic.id)), e.topic.name, str(len(e.passages))) for e in entries)
    dates = sorted(facts.date for facts in newest if facts.date)
    guide = site.places.find("page:contribute")
    view = HomeView(
        title=site.settings.title,
        description=site.settings.description,
        transcripts=lines,
        more_transcripts=more,
        notes=tuple(_lines(site, _latest(notes))),
        all_notes=Link(href(HOME, NOTES), site.words("all-notes")),
        corrections=tuple(_lines(site, _latest(corrected))),
        topics=tuple(topics),
        counts=tuple(_counts(site)),
        chart=dots(dates),
        chart_ends=(dates[0], dates[-1]) if dates else ("", ""),
        guide=Link(href(HOME, guide.page), guide.name) if guide else None,
    )
    return frame(site, HOME, ""), view


def _latest(notes: Iterable[tuple[Facts, Passage]]) -> list[tuple[Facts, Passage]]:
    return nlargest(LATEST, notes, key=lambda note: note[1].annotation.updated or note[1].annotation.created)


def _lines(site: Site, notes: Iterable[tuple[Facts, Passage]]) -> Iterator[NoteLine]:
    for facts, passage in notes:
        yield from note_lines(site, facts, [passage], HOME)


def _counts(site: Site) -> Iterable[str]:
    """How many there are of each, and how much of the sources has an archived copy."""
    facts = site.edition.facts
    speakers = {p.speaker.id for one in facts for p in one.participations if not p.speaker.anonymous}
    works = site.edition.project.works
    counts = {
        "n-transcripts": len(facts),
        "n-words": sum(one.words for one in facts),
        "n-speakers": len(speakers),
        "n-notes": sum(1 for one in facts for passage in one.passages if passage.number),
        "n-topics": len(site.edition.index.entries),
        "n-sources": len(works),
    }
    yield from (site.words(key, count) for key, count in counts.items() if count)
    if archived := sum(1 for work in works if work.archived):
        yield site.words("archived-share", percent=site.words("percent", value=str(100 * archived // len(works))))


def transcript_line(site: Site, facts: Facts, page: str) -> TranscriptLine:
    """A transcript in a list."""
    names = (p.speaker.name for p in facts.participations if not p.speaker.anonymous)
    return TranscriptLine(
        link=site.transcript_link(facts, page),
        date=facts.date,
        date_end=facts.date_end,
        place=facts.place,
        speakers=", ".join(names),
        turns=facts.turns,
        words=facts.words,
        notes=sum(1 for passage in facts.passages if passage.number),
    )


def transcripts_view(site: Site) -> tuple[Frame, object]:
    """The list of transcripts."""
    years: dict[str, list[TranscriptLine]] = {}
    for facts in reversed(site.edition.facts):
        years.setdefault(facts.date[:4], []).append(transcript_line(site, facts, TRANSCRIPTS))
    view = TranscriptsView(tuple((year, tuple(lines)) for year, lines in years.items()))
    return frame(site, TRANSCRIPTS, site.words("transcripts"), site.words("transcripts-summary")), view


def notes_division(every: Iterable[Facts]) -> Division:
    """How all notes are divided by year."""
    return division_of((facts, sum(1 for passage in facts.passages if passage.number)) for facts in every)


def notes_view(site: Site, division: Division) -> tuple[Frame, object]:
    """All notes, or those of a year, in reading order by transcript."""
    page = NOTES if division.year is None else year_page(NOTES, division.year)
    groups = []
    for facts in reversed(site.edition.facts) if not division.leaves_out else ():
        noted = [passage for passage in facts.passages if passage.number]
        if noted:
            groups.append((transcript_line(site, facts, page), tuple(note_lines(site, facts, noted, page))))
    years = years_view(site, division, NOTES)
    notes = sum(1 for facts in site.edition.facts for passage in facts.passages if passage.number)
    view = NotesView(titled(site.words("notes"), years), years, tuple(groups), notes)
    return frame(site, page, view.title, site.words("notes-summary")), view


def page_view(site: Site, page: Page) -> tuple[Frame, object]:
    """An ordinary page."""
    address = page_page(page.id)
    body = render_page(page.body.markup, site.resolve(address))
    return frame(site, address, page.title, page.summary), PageView(
        page.title, body, page.language, site.direction(page.language), file_links(site.settings, page.location)
    )


def not_found_view(site: Site) -> tuple[Frame, object]:
    """The page for addresses that do not exist."""
    return frame(site, NOT_FOUND, site.words("not-found"), site.words("not-found-summary")), None
