"""What every page has in common: the site as pages see it, the frame around a page's own view.

No page's content is known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlsplit

from sitegen.addresses import (
    FEED,
    GLOSSARY,
    HOME,
    NOT_FOUND,
    NOTES,
    SOURCES,
    SPEAKERS,
    TOPICS,
    TRANSCRIPTS,
    Places,
    absolute,
    file_of,
    href,
    page_page,
    resolver,
)
from sitegen.diagnostics import Checked
from sitegen.facts import Edition
from sitegen.markup import Html, Resolve, render_note
from sitegen.model import Settings
from sitegen.outputs import Output
from sitegen.templating import Theme, render

MENU = (
    (TRANSCRIPTS, "Transcripts"),
    (TOPICS, "Topics"),
    (SPEAKERS, "Speakers"),
    (NOTES, "Notes"),
    (SOURCES, "Sources"),
    (GLOSSARY, "Glossary"),
)


@dataclass(frozen=True)
class Site:
    """All that rendering a page may use: values only, nothing of the disk."""

    edition: Edition
    theme: Theme
    places: Places

    @property
    def settings(self) -> Settings:
        """The site's settings."""
        return self.edition.project.settings

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
    there = [(target, text) for target, text in MENU if target != GLOSSARY or site.edition.project.terms]
    to = partial(_from_anywhere, settings.url) if page == NOT_FOUND and settings.url else partial(href, page)
    menu = tuple(Link(to(target), text, current=page.startswith(target)) for target, text in there)
    pages = (p for p in sorted(site.edition.pages, key=lambda p: (p.order, p.title)))
    return Frame(
        site_title=settings.title,
        title=title,
        description=description or settings.description,
        language=settings.language,
        home=to(HOME),
        feed=to(FEED),
        canonical=absolute(settings.url, page) if settings.url else "",
        menu=menu,
        pages=tuple(Link(to(page_page(p.id)), p.title, current=page == page_page(p.id)) for p in pages),
        assets={name: to(path) for name, (path, _) in site.theme.assets.items()},
        publisher=settings.publisher,
        licence=settings.licence,
        repository=settings.repository,
        suggest=f"{settings.repository}/issues/new" if settings.repository else "",
    )


def _from_anywhere(url: str, page: str) -> str:
    """A link that leads to a page wherever it is shown: hosts show the page for what is missing at any address."""
    return quote(f"{urlsplit(url).path or '/'}{page}")


def page_output(page: str, template: str, site: Site, build: partial[tuple[Frame, object]]) -> Output:
    """The output of a page: `build` gives its frame and view when it is rendered."""
    return Output(file_of(page), partial(_rendered, template, site, build))


def _rendered(template: str, site: Site, build: partial[tuple[Frame, object]]) -> Checked[bytes]:
    around, view = build()
    html = render(site.theme, template, {"page": around, "view": view})
    return Checked(html.value.encode(), html.diagnostics)


def prose_html(site: Site, markup: str, page: str) -> Html:
    """A Markdown text of a register or note as HTML blocks on a page."""
    return render_note(markup, site.resolve(page)) if markup else Html("")
