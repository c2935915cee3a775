"""Files for crawlers and hosts: `sitemap.xml`, `robots.txt`, `.nojekyll`."""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.addresses import NOT_FOUND, absolute
from sitegen.diagnostics import Checked
from sitegen.facts import Facts
from sitegen.pages.frame import Site
from sitegen.templating import render


def sitemap(site: Site, pages: tuple[str, ...]) -> Checked[bytes]:
    """The sitemap of pages, which needs the site's address; `lastmod` is the date of the latest note."""
    base = site.settings.url
    former = {f"transcripts/{name}/" for facts in site.edition.facts for name in facts.aka}
    changed = {f"transcripts/{facts.transcript_id}/": _last_change(facts) for facts in site.edition.facts}
    urls = [(absolute(base, page), changed.get(page, "")) for page in pages if page != NOT_FOUND and page not in former]
    return render(site.theme, "sitemap.xml", {"urls": urls})


def _last_change(facts: Facts) -> str:
    dates: Iterable[str] = (p.annotation.updated or p.annotation.created for p in facts.passages)
    return max((date for date in dates if len(date) == len("2024-04-11")), default="")


def robots(site: Site) -> str:
    """Everything may be read; the sitemap is named where there is one."""
    base = site.settings.url
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {absolute(base, 'sitemap.xml')}\n" if base else "")
