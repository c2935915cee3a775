"""What every page has in common: the site as pages see it, the frame around a page's own view.

No page's content is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.addresses import (
    FEED,
    GLOSSARY,
    HOME,
    NOT_FOUND,
    NOTES,
    SEARCH,
    SOURCES,
    SPEAKERS,
    TOPICS,
    TRANSCRIPTS,
    Place,
    Places,
    absolute,
    file_of,
    from_root,
    href,
    page_page,
    resolver,
    transcript_page,
)
from sitegen.diagnostics import Checked
from sitegen.facts import Edition, Facts, Passage, TopicIndex
from sitegen.licences import Licence, licence_of
from sitegen.markup import Html, Resolve, render_note
from sitegen.model import Annotation, Settings, Work
from sitegen.outputs import Output, Shown
from sitegen.pages.repository import report_address
from sitegen.project import KINDS
from sitegen.templating import Theme, render
from sitegen.wording import Wording, direction

MENU = (
    (TRANSCRIPTS, "transcripts"),
    (TOPICS, "topics"),
    (SPEAKERS, "speakers"),
    (NOTES, "notes"),
    (SOURCES, "sources"),
    (GLOSSARY, "glossary"),
    (SEARCH, "search"),
)


class Site(Struct, frozen=True, dict=True):
    """All that rendering a page may use: values only, nothing of the disk.

    `texts` has the texts of the latest notes, by transcript and position among its passages, the latest first.
    """

    edition: Edition
    theme: Theme
    places: Places
    texts: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def limited(self, facts: Iterable[Facts]) -> Site:
        """The site as a page sees it that speaks of some transcripts only: their facts, and headings without passages.

        Such a page does no work for the rest of the site, so making it takes no longer when the site grows.
        """
        edition = replace(self.edition, facts=tuple(facts), index=self.headings)
        part = Site(edition, self.theme, self.places)
        # What is made once of the whole site is not made again of its parts.
        part.__dict__.update(headings=self.headings, works=self.works, citing=self.citing, lines=self.lines)
        return part

    @cached_property
    def headings(self) -> TopicIndex:
        """The topic index without its passages."""
        entries = (replace(entry, passages=(), transcript_ids=()) for entry in self.edition.index.entries)
        return TopicIndex(tuple(entries))

    @cached_property
    def works(self) -> Mapping[str, Work]:
        """The register of sources by id."""
        return {work.id: work for work in self.edition.project.works}

    @cached_property
    def lines(self) -> dict[str, Checked[Mapping[int, str]]]:
        """The lines of passages by transcript, filled as pages gather them (see `pages.notes.lines_of`)."""
        return {}

    @cached_property
    def settings(self) -> Settings:
        """The site's settings."""
        return self.edition.project.settings

    @cached_property
    def words(self) -> Wording:
        """The words of the interface."""
        return self.theme.words

    @cached_property
    def facts_by_id(self) -> Mapping[str, Facts]:
        """The facts of each transcript by its id."""
        return {facts.transcript_id: facts for facts in self.edition.facts}

    @cached_property
    def citing(self) -> Mapping[str, tuple[tuple[Facts, Passage], ...]]:
        """For each transcript, the notes of other transcripts that lead to it or to one of its notes."""
        found: dict[str, list[tuple[Facts, Passage]]] = {}
        for facts in self.edition.facts:
            for passage in (one for one in facts.passages if one.number):
                for transcript_id in self._transcripts_cited(passage.annotation):
                    if transcript_id != facts.transcript_id:
                        found.setdefault(transcript_id, []).append((facts, passage))
        return {transcript_id: tuple(passages) for transcript_id, passages in found.items()}

    def _transcripts_cited(self, annotation: Annotation) -> Iterable[str]:
        if not (annotation.related or annotation.note.links):
            return ()
        names = [f"note:{reference.id}" for reference in annotation.related]
        names += [f"{link.scheme}:{link.id}" for link in annotation.note.links if link.scheme in ("note", "transcript")]
        pages = dict.fromkeys(place.page for name in names if (place := self.places.find(name)))
        return (page.removeprefix(TRANSCRIPTS).rstrip("/") for page in pages)

    def resolve(self, origin: str) -> Resolve:
        """The resolver of links by name for a page."""
        return resolver(self.places, origin)

    def kind_name(self, kind: str) -> str:
        """The name of a kind of note: as the settings have it, else in the language of the interface."""
        return self._kind_names.get(kind) or kind.capitalize()

    @cached_property
    def _kind_names(self) -> Mapping[str, str]:
        standard = {kind.id: kind.name for kind in KINDS}
        return {
            kind.id: self.words(f"kind-{kind.id}") if kind.name == standard.get(kind.id) else kind.name
            for kind in self.settings.kinds
        }

    def foreign(self, language: str) -> str:
        """The language to state for words on a page: empty where it is that of the page."""
        return "" if language == self.settings.language else language

    def direction(self, language: str, around: str = "") -> str:
        """The direction to state for words in a language: empty where it is that of what is around, else the page."""
        page = self.settings.language
        own = direction(language or page)
        return own if own != direction(around or page) else ""

    def transcript_link(self, facts: Facts, page: str, detail: str = "") -> Link:
        """The link from a page to a transcript."""
        target = href(page, transcript_page(facts.transcript_id))
        return Link(target, facts.title, detail, language=self.foreign(facts.language))

    def place_link(self, place: Place, page: str) -> Link:
        """The link from a page to what is linked to by name."""
        target = href(page, place.page, place.fragment)
        return Link(target, place.name, language=self.foreign(place.language))

    def passage_link(self, facts: Facts, passage: Passage, page: str, detail: str = "") -> Link:
        """The link from a page to a note, or to the place of a passage without one."""
        fragment = f"n-{passage.annotation.id}" if passage.number else passage.locator.paragraph_id
        target = href(page, transcript_page(facts.transcript_id), fragment)
        return Link(target, passage.name, detail, language=self.foreign(passage.name_language))


class Link(Struct, frozen=True):
    """A link in a view: relative address, text, and a qualification such as a count or a date.

    `language` is that of the text, empty where it is the page's.
    """

    href: str
    text: str
    detail: str = ""
    current: bool = False
    language: str = ""


class Frame(Struct, frozen=True):
    """What the base template needs around any page."""

    site_title: str
    title: str
    description: str
    language: str
    direction: str
    home: str
    search: str
    feed: str
    canonical: str
    card: str
    menu: tuple[Link, ...]
    pages: tuple[Link, ...]
    assets: Mapping[str, str]
    publisher: str
    licence: Licence
    repository: str
    report: str


def frame(site: Site, page: str, title: str, description: str = "") -> Frame:
    """The frame of a page; `title` is empty for the home page."""
    settings = site.settings
    there = [(target, word) for target, word in MENU if target != GLOSSARY or site.edition.project.terms]
    # A server shows the page for what is missing at any address, so relative links would lead nowhere.
    to = partial(from_root, settings.url) if page == NOT_FOUND and settings.url else partial(href, page)
    menu = tuple(Link(to(target), site.words(word), current=page.startswith(target)) for target, word in there)
    pages = (p for p in sorted(site.edition.pages, key=lambda p: (p.order, p.title)))
    card = site.theme.assets.get("card.png", ("", b""))[0]
    return Frame(
        site_title=settings.title,
        title=title,
        description=description or settings.description,
        language=settings.language,
        direction=direction(settings.language),
        home=to(HOME),
        search=to(SEARCH),
        feed=to(FEED),
        canonical=absolute(settings.url, page) if settings.url else "",
        card=absolute(settings.url, card) if settings.url and card else "",
        menu=menu,
        pages=tuple(Link(to(page_page(p.id)), p.title, current=page == page_page(p.id)) for p in pages),
        assets={name: to(path) for name, (path, _) in site.theme.assets.items()},
        publisher=settings.publisher,
        licence=licence_of(settings.licence),
        repository=settings.repository,
        report=report_address(settings, title or settings.title),
    )


def page_output(
    page: str, template: str, site: Site, build: partial[tuple[Frame, object]], shows: Shown | None = None
) -> Output:
    """The output of a page: `build` gives its frame and view when it is rendered; `shows` is as in `Output`."""
    return Output(file_of(page), partial(_rendered, template, site, build), template, shows)


def _rendered(template: str, site: Site, build: partial[tuple[Frame, object]]) -> Checked[bytes]:
    return _filled(template, site, *build())


def _filled(template: str, site: Site, around: Frame, view: object) -> Checked[bytes]:
    return render(site.theme, template, {"page": around, "view": view})


def gathering_output(
    page: str, template: str, site: Site, build: partial[Checked[tuple[Frame, object]]], shows: Shown | None = None
) -> Output:
    """The output of a page whose view holds HTML made by the theme, which may fail."""
    return Output(file_of(page), partial(_rendered_if_whole, template, site, build), template, shows)


def _rendered_if_whole(template: str, site: Site, build: partial[Checked[tuple[Frame, object]]]) -> Checked[bytes]:
    built = build()
    return Checked(b"", built.diagnostics) if built.diagnostics else _filled(template, site, *built.value)


def prose_html(site: Site, markup: str, page: str) -> Html:
    """A Markdown text of a register or note as HTML blocks on a page."""
    return render_note(markup, site.resolve(page)) if markup else Html("")
