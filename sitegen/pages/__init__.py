"""Which HTML pages exist, and the one view value that each template gets.

Views are built when a page is rendered; planning looks at facts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from sitegen.facts import AnnotatedTranscript
from sitegen.outputs import Output
from sitegen.pages.frame import Site, page_output
from sitegen.pages.glossary import glossary_view
from sitegen.pages.overview import home_view, not_found_view, notes_view, page_view, transcripts_view
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

__all__ = ["Site", "plan_pages"]


def plan_pages(site: Site, annotated: Iterable[AnnotatedTranscript]) -> Iterator[Output]:
    """The outputs of all HTML pages and of the theme's assets."""
    yield page_output(HOME, "home.html", site, partial(home_view, site))
    yield page_output(TRANSCRIPTS, "transcripts.html", site, partial(transcripts_view, site))
    yield page_output(SPEAKERS, "speakers.html", site, partial(speakers_view, site))
    yield page_output(TOPICS, "topics.html", site, partial(index_view, site))
    yield page_output(NOTES, "notes.html", site, partial(notes_view, site))
    yield page_output(SOURCES, "sources.html", site, partial(sources_view, site))
    yield page_output(SEARCH, "search.html", site, partial(search_view, site))
    yield page_output(NOT_FOUND, "404.html", site, partial(not_found_view, site))
    by_id = {facts.transcript_id: facts for facts in site.edition.facts}
    for one in annotated:
        identity = one.transcript.id
        view = partial(transcript_page_view, site, one, by_id[identity])
        yield page_output(transcript_page(identity), "transcript.html", site, view)
    for speaker in speakers_with_pages(site):
        yield page_output(speaker_page(speaker.id), "speaker.html", site, partial(speaker_view, site, speaker))
    for entry in site.edition.index.entries:
        yield page_output(topic_page(entry.topic.id), "topic.html", site, partial(topic_view, site, entry))
    if site.edition.project.terms:
        yield page_output(GLOSSARY, "glossary.html", site, partial(glossary_view, site))
    for page in site.edition.pages:
        yield page_output(page_page(page.id), "page.html", site, partial(page_view, site, page))
