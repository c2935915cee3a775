"""The search page: a form whose choices are those of the site, and ways to the same things without a script.

The index that it searches is made from the written pages, by `searching`.
"""

from __future__ import annotations

from msgspec import Struct

from sitegen.addresses import NOTES, SEARCH, SPEAKERS, TOPICS, TRANSCRIPTS, href
from sitegen.markup import Html
from sitegen.pages.frame import Frame, Link, Site, frame
from sitegen.pages.speakers import speakers_with_pages
from sitegen.pages.transcript import data_block


class SearchView(Struct, frozen=True):
    """The choices of the form: value and text of each."""

    speakers: tuple[tuple[str, str], ...]
    topics: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, str], ...]
    ways: tuple[Link, ...]
    bundle: str
    script_words: Html


def search_view(site: Site) -> tuple[Frame, object]:
    """The search page."""
    words = site.words
    kinds = {passage.annotation.kind for facts in site.edition.facts for passage in facts.passages}
    years = sorted({facts.date[:4] for facts in site.edition.facts if facts.date}, reverse=True)
    ways = ((TOPICS, "topic-index"), (TRANSCRIPTS, "all-transcripts"), (SPEAKERS, "speakers"), (NOTES, "all-notes"))
    view = SearchView(
        speakers=tuple((speaker.id, speaker.name) for speaker in speakers_with_pages(site)),
        topics=tuple((e.topic.id, e.topic.name) for e in site.edition.index.entries if e.passages),
        kinds=tuple((kind.id, site.kind_name(kind.id)) for kind in site.settings.kinds if kind.id in kinds),
        years=tuple((year, year) for year in years),
        ways=tuple(Link(href(SEARCH, page), words(word)) for page, word in ways),
        bundle="../pagefind/pagefind.js",
        script_words=data_block(site.theme.script_words),
    )
    return frame(site, SEARCH, words("search"), words("search-summary")), view
