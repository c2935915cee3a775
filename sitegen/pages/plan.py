"""Which HTML pages exist but those of transcripts.

Views are built when a page is rendered; planning looks at facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from sitegen.addresses import (
    GLOSSARY,
    HOME,
    NOT_FOUND,
    NOTES,
    SEARCH,
    SOURCES,
    SPEAKERS,
    TOPICS,
    TRANSCRIPTS,
    page_page,
    speaker_page,
    topic_page,
    transcript_page,
    year_page,
)
from sitegen.facts import Facts, IndexEntry
from sitegen.fingerprint import fingerprint
from sitegen.model import Speaker
from sitegen.outputs import Output, Shown
from sitegen.pages.frame import Site, gathering_output, page_output
from sitegen.pages.glossary import glossary_view
from sitegen.pages.overview import home_view, not_found_view, notes_division, notes_view, page_view, transcripts_view
from sitegen.pages.redirect import redirect_view
from sitegen.pages.registers import index_view, sources_view, topic_division, topic_view
from sitegen.pages.search import search_view
from sitegen.pages.speakers import speaker_division, speaker_view, speakers_view, speakers_with_pages
from sitegen.pages.years import Division, year_of


def plan_pages(site: Site) -> Iterator[Output]:
    """The outputs of all HTML pages but those of transcripts. Each is given the part of the site it speaks of."""
    yield page_output(HOME, "home.html", site, partial(home_view, site))
    yield page_output(TRANSCRIPTS, "transcripts.html", site, partial(transcripts_view, site))
    yield page_output(SPEAKERS, "speakers.html", site, partial(speakers_view, site))
    yield page_output(TOPICS, "topics.html", site, partial(index_view, site))
    yield from _notes(site)
    yield page_output(SOURCES, "sources.html", site, partial(sources_view, site))
    yield page_output(SEARCH, "search.html", site, partial(search_view, site))
    yield page_output(NOT_FOUND, "404.html", site, partial(not_found_view, site), Shown())
    for facts in site.edition.facts:
        for former in dict.fromkeys(facts.aka):
            stub = partial(redirect_view, site, former, facts)
            yield page_output(transcript_page(former), "redirect.html", site, stub, Shown((facts.transcript_id,)))
    by_speaker: dict[str, list[Facts]] = {}
    for facts in site.edition.facts:
        for speaker_id in dict.fromkeys(one.speaker.id for one in facts.participations):
            by_speaker.setdefault(speaker_id, []).append(facts)
    for speaker in speakers_with_pages(site):
        yield from _speaker(site, speaker, by_speaker.get(speaker.id, ()))
    for entry in site.edition.index.entries:
        yield from _topic(site, entry)
    if site.edition.project.terms:
        yield page_output(GLOSSARY, "glossary.html", site, partial(glossary_view, site))
    for page in site.edition.pages:
        yield page_output(
            page_page(page.id), "page.html", site, partial(page_view, site, page), Shown((), page.location.path)
        )


def _notes(site: Site) -> Iterator[Output]:
    division = notes_division(site.edition.facts)
    yield page_output(NOTES, "notes.html", site, partial(notes_view, site, division))
    for year, part in _by_year(site, division, site.edition.facts):
        view = partial(notes_view, part, division.of(year))
        yield page_output(year_page(NOTES, year), "notes.html", part, view, _shown(part, division))


def _speaker(site: Site, speaker: Speaker, every: Sequence[Facts]) -> Iterator[Output]:
    page, whole = speaker_page(speaker.id), site.limited(every)
    division = speaker_division(speaker, every)
    yield gathering_output(page, "speaker.html", whole, partial(speaker_view, whole, speaker, division), _shown(whole))
    for year, part in _by_year(site, division, every):
        view = partial(speaker_view, part, speaker, division.of(year))
        yield gathering_output(year_page(page, year), "speaker.html", part, view, _shown(part, division))


def _topic(site: Site, entry: IndexEntry) -> Iterator[Output]:
    page, by_id = topic_page(entry.topic.id), site.facts_by_id
    ids = dict.fromkeys([*(p.locator.transcript_id for p in entry.passages), *entry.transcript_ids])
    whole = site.limited(by_id[one] for one in ids)
    division = topic_division(whole, entry)
    yield gathering_output(page, "topic.html", whole, partial(topic_view, whole, entry, division), _shown(whole))
    for year, part in _by_year(site, division, whole.edition.facts):
        passages = tuple(p for p in entry.passages if p.locator.transcript_id in part.facts_by_id)
        of_year = replace(entry, passages=passages, transcript_ids=())
        view = partial(topic_view, part, of_year, division.of(year))
        yield gathering_output(year_page(page, year), "topic.html", part, view, _shown(part, division))


def _shown(part: Site, division: Division | None = None) -> Shown:
    """What a page shows that speaks of a part of the site; a page of one year leads to those of the others."""
    return Shown(tuple(facts.transcript_id for facts in part.edition.facts), fingerprint(division) if division else "")


def _by_year(site: Site, division: Division, every: Sequence[Facts]) -> Iterator[tuple[str, Site]]:
    """For each year that a list is divided into, the part of the site that its page speaks of."""
    by_year: dict[str, list[Facts]] = {}
    for facts in every if division.years else ():
        by_year.setdefault(year_of(facts), []).append(facts)
    for year, _ in division.years:
        yield year, site.limited(by_year[year])
