"""The outputs that are no pages and belong to no transcript: feed, site map, and what ships with the theme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sitegen.diagnostics import Checked
from sitegen.exporters.crawlers import robots, sitemap
from sitegen.exporters.feed import feed
from sitegen.outputs import Output, Shown
from sitegen.pages.frame import Site


def plan_exports(site: Site, pages: tuple[str, ...]) -> Iterator[Output]:
    """These outputs; `pages` are the addresses of all pages."""
    yield Output("feed.xml", partial(feed, site), "feed.xml")
    if site.settings.url:
        yield Output("sitemap.xml", partial(sitemap, site, pages), "sitemap.xml")
    yield Output("robots.txt", partial(_fixed, robots(site).encode()), shows=Shown())
    yield Output(".nojekyll", partial(_fixed, b""), shows=Shown())
    for path, content in site.theme.assets.values():
        yield Output(path, partial(_fixed, content), shows=Shown())


def _fixed(content: bytes) -> Checked[bytes]:
    return Checked(content)
