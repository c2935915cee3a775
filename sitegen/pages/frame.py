"""What every page has in common: the site as pages see it, the frame around a page's own view.

No page's content is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from sitegen.addresses import (
    FEED,
    HOME,
    NOTES,
    SOURCES,
    SPEAKERS,
    TOPICS,
    TRANSCRIPTS,
    Places,
    absolute,
    file_of,
    href,
    names_in,
    page_page,
    resolver,
)
from sitegen.diagnostics import Checked
from sitegen.facts import Edition, Facts, TopicIndex
from sitegen.markup import Html, Resolve, render_note
from sitegen.model import Settings, Work
from sitegen.outputs import Output
from sitegen.templating import Theme, render

MENU = (
    (TRANSCRIPTS, "Transcripts"),
    (TOPICS, "Topics"),
    (SPEAKERS, "Speakers"),
    (NOTES, "Notes"),
    (SOURCES, "Sources"),
)


@dataclass(frozen=True)
class Site:
    """All that rendering a page may use: values only, nothing of the disk.

    `works` and `headings` are the register of sources by id and the index without its passages, made once.
    """

    edition: Edition
    theme: Theme
    places: Places
    works: Mapping[str, Work]
    headings: TopicIndex

    @classmethod
    def of(cls, edition: Edition, theme: Theme, places: Places) -> Site:
        """The whole site."""
        entries = (replace(entry, passages=(), transcript_ids=()) for entry in edition.index.entries)
        works = {work.id: work for work in edition.project.works}
        return cls(edition, theme, places, works, TopicIndex(tuple(entries)))

    @cached_property
    def facts_by_id(self) -> Mapping[str, Facts]:
        """The facts of each transcript by its id."""
        return {facts.transcript_id: facts for facts in self.edition.facts}

    @property
    def settings(self) -> Settings:
        """The site's settings."""
        return self.edition.project.settings

    def limited(self, facts: Iterable[Facts], names: Iterable[str] = ()) -> Site:
        """The site as a page sees it that speaks of some transcripts: their facts, the registers, and the places
        that `names` and those transcripts lead to.

        A page that is given no more depends on no more, so it need not be made again for changes elsewhere,
        and making it takes no longer when the site grows.
        """
        chosen = tuple(facts)
        wanted = [*names, *(name for one in chosen for name in names_in(one))]
        edition = replace(self.edition, facts=chosen, index=self.headings)
        return replace(self, edition=edition, places=self.places.limited(wanted))

    def resolve(self, origin: str) -> Resolve:
        """The resolver of links by name for a page."""
        return resolver(self.places, origin)

    def kind_name(self, kind: str) -> str:
        """The name of a kind of note."""
        return next((k.name for k in self.settings.kinds if k.id == kind), kind.capitalize())


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a view: relative address, text, and a qualification such as a count or a date."""

    href: str
    text: str
    detail: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What the base template needs around any page."""

    site_title: str
    title: str
    description: str
    language: str
    home: str
    feed: str
    canonical: str
    menu: tuple[Link, ...]
    pages: tuple[Link, ...]
    assets: Mapping[str, str]
    publisher: str
    licence: str
    repository: str
    suggest: str


def frame(site: Site, page: str, title: str, description: str = "") -> Frame:
    """The frame of a page; `title` is empty for the home page."""
    settings = site.settings
    menu = tuple(Link(href(page, target), text, current=page.startswith(target)) for target, text in MENU)
    pages = (p for p in sorted(site.edition.pages, key=lambda p: (p.order, p.title)))
    return Frame(
        site_title=settings.title,
        title=title,
        description=description or settings.description,
        language=settings.language,
        home=href(page, HOME),
        feed=href(page, FEED),
        canonical=absolute(settings.url, page) if settings.url else "",
        menu=menu,
        pages=tuple(Link(href(page, page_page(p.id)), p.title, current=page == page_page(p.id)) for p in pages),
        assets={name: href(page, path) for name, (path, _) in site.theme.assets.items()},
        publisher=settings.publisher,
        licence=settings.licence,
        repository=settings.repository,
        suggest=f"{settings.repository}/issues/new" if settings.repository else "",
    )


def page_output(
    page: str, template: str, site: Site, build: partial[tuple[Frame, object]], own: object = None
) -> Output:
    """The output of a page: `build` gives its frame and view when it is rendered, from `site` and `own`."""
    return Output(file_of(page), partial(_rendered, template, site, build), (site, own))


def _rendered(template: str, site: Site, build: partial[tuple[Frame, object]]) -> Checked[bytes]:
    around, view = build()
    html = render(site.theme, template, {"page": around, "view": view})
    return Checked(html.value.encode(), html.diagnostics)


def prose_html(site: Site, markup: str, page: str) -> Html:
    """A Markdown text of a register or note as HTML blocks on a page."""
    return render_note(markup, site.resolve(page)) if markup else Html("")
