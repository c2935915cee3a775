"""Outputs beside the pages: a literal table of further files, each made by a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from sitegen.diagnostics import Checked
from sitegen.exporters.citations import plan_citations
from sitegen.exporters.crawlers import robots, sitemap
from sitegen.exporters.feed import feed
from sitegen.exporters.transcript_json import path_for, transcript_json
from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.outputs import Output
from sitegen.pages.frame import Site

TRANSCRIPT_EXPORTERS: tuple[tuple[Callable[[str], str], Callable[[AnnotatedTranscript, Facts], bytes]], ...] = (
    (path_for, transcript_json),
)
"""For each file beside a transcript: its path by the transcript's id, and its bytes."""


def plan_exports(site: Site, annotated: Iterable[AnnotatedTranscript], pages: tuple[str, ...]) -> Iterator[Output]:
    """The outputs beside the pages; `pages` are the addresses of all pages."""
    by_id = {facts.transcript_id: facts for facts in site.edition.facts}
    for one in annotated:
        for path_of, export in TRANSCRIPT_EXPORTERS:
            identity = one.transcript.id
            yield Output(path_of(identity), partial(_checked, export, one, by_id[identity]))
        yield from plan_citations(site.settings, one.transcript)
    yield Output("feed.xml", partial(feed, site))
    if site.settings.url:
        yield Output("sitemap.xml", partial(sitemap, site, pages))
    yield Output("robots.txt", partial(_fixed, robots(site).encode()))
    yield Output(".nojekyll", partial(_fixed, b""))
    for path, content in site.theme.assets.values():
        yield Output(path, partial(_fixed, content))


def _checked(
    export: Callable[[AnnotatedTranscript, Facts], bytes], annotated: AnnotatedTranscript, facts: Facts
) -> Checked[bytes]:
    return Checked(export(annotated, facts))


def _fixed(content: bytes) -> Checked[bytes]:
    return Checked(content)
