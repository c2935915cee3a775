"""Pages at the former addresses of transcripts, which lead to the new ones: a static host cannot redirect."""

from __future__ import annotations

from msgspec.structs import replace

from sitegen.addresses import absolute, transcript_page
from sitegen.facts import Facts
from sitegen.pages.frame import Frame, Site, frame


def redirect_view(site: Site, former: str, facts: Facts) -> tuple[Frame, object]:
    """The frame and the view of a former address: the view is the link to the transcript."""
    page = transcript_page(former)
    canonical = absolute(site.settings.url, transcript_page(facts.transcript_id)) if site.settings.url else ""
    around = replace(frame(site, page, facts.title), canonical=canonical)
    return around, site.transcript_link(facts, page)
