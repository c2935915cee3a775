"""Which HTML pages exist, and the one view value that each template gets.

Views are built when a page is rendered; planning looks at facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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
)
from sitegen.facts import AnnotatedTranscript, Facts, outline
from sitegen.outputs import Output
from sitegen.pages.frame import Site, gathering_output, page_output
from sitegen.pages.glossary import glossary_view
from sitegen.pages.overview import home_view, not_found_view, notes_view, page_view, transcripts_view
from sitegen.pages.redirect import redirect_view
from sitegen.pages.registers import (
    index_view,
    sources_view,
    speaker_view,
    speakers_view,
    speakers_with_pages,
    topic_view,
)
from sitegen.pages.search import search_view
from sitegen.pages.transcript import transcript_page_view

__all__ = ["Site", "around", "plan_pages", "plan_transcript"]


def plan_pages(site: Site) -> Iterator[Output]:
    """The outputs of all HTML pages but those of transcripts. Each is given the part of the site it speaks of."""
    yield page_output(HOME, "home.html", site, partial(home_view, site))
    yield page_output(TRANSCRIPTS, "transcripts.html", site, partial(transcripts_view, site))
    yield page_output(SPEAKERS, "speakers.html", site, partial(speakers_view, site))
    yield page_output(TOPICS, "topics.html", site, partial(index_view, site))
    yield page_output(NOTES, "notes.html", site, partial(notes_view, site))
    yield page_output(SOURCES, "sources.html", site, partial(sources_view, site))
    yield page_output(SEARCH, "search.html", site, partial(search_view, site))
    yield page_output(NOT_FOUND, "404.html", site, partial(not_found_view, site))
    for facts in site.edition.facts:
        for former in dict.fromkeys(facts.aka):
            stub = partial(redirect_view, site, former, facts)
            yield page_output(transcript_page(former), "redirect.html", site, stub)
    by_speaker: dict[str, list[Facts]] = {}
    for facts in site.edition.facts:
        for speaker_id in dict.fromkeys(one.speaker.id for one in facts.participations):
            by_speaker.setdefault(speaker_id, []).append(facts)
    for speaker in speakers_with_pages(site):
        part = site.limited(by_speaker.get(speaker.id, ()))
        yield gathering_output(speaker_page(speaker.id), "speaker.html", part, partial(speaker_view, part, speaker))
    for entry in site.edition.index.entries:
        ids = dict.fromkeys([*(p.locator.transcript_id for p in entry.passages), *entry.transcript_ids])
        part = site.limited(site.facts_by_id[one] for one in ids)
        yield gathering_output(topic_page(entry.topic.id), "topic.html", part, partial(topic_view, part, entry))
    if site.edition.project.terms:
        yield page_output(GLOSSARY, "glossary.html", site, partial(glossary_view, site))
    for page in site.edition.pages:
        yield page_output(page_page(page.id), "page.html", site, partial(page_view, site, page))


def plan_transcript(site: Site, annotated: AnnotatedTranscript, facts: Facts) -> Output:
    """The page of a transcript; `site` is what it may know of the site, by `around`."""
    page = transcript_page(annotated.transcript.id)
    return page_output(page, "transcript.html", site, partial(transcript_page_view, site, annotated, facts))


def around(site: Site) -> Iterator[tuple[Facts, Site]]:
    """For each transcript, its facts and the part of the site that its page may know: it, and its neighbours."""
    every = site.edition.facts
    for position, facts in enumerate(every):
        neighbours = {i: outline(every[i]) for i in (position - 1, position + 1) if 0 <= i < len(every)}
        near = (neighbours.get(position - 1), facts, neighbours.get(position + 1))
        yield facts, site.limited(one for one in near if one is not None)
