"""The glossary: its terms with their definitions, and what links to each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from sitegen.addresses import GLOSSARY, href, page_page, speaker_page, term_fragment, topic_page
from sitegen.markup import Html
from sitegen.model import CrossReference, Term
from sitegen.pages.frame import Frame, Link, Site, frame, prose_html
from sitegen.pages.notes import CitationView, citations, topic_links
from sitegen.topics import index_key


class TermView(Struct, frozen=True):
    """A term, or another word for it that says `see`. `links` lead to what speaks of it by name."""

    id: str
    name: str
    see: Link | None
    aliases: tuple[str, ...] = ()
    definition: Html | None = None
    sources: tuple[CitationView, ...] = ()
    topic: Link | None = None
    links: tuple[Link, ...] = ()


class GlossaryView(Struct, frozen=True):
    """The terms, with their other names among them, letter by letter."""

    entries: tuple[TermView, ...]
    terms: int


def glossary_view(site: Site) -> tuple[Frame, object]:
    """The page of all terms."""
    terms = site.edition.project.terms
    linking = _links_by_term(site)
    entries = [_term(site, term, tuple(linking.get(term.id, ()))) for term in terms]
    entries += [
        TermView("", alias, Link(f"#{term_fragment(term.id)}", term.name)) for term in terms for alias in term.aliases
    ]
    entries.sort(key=lambda entry: (index_key(entry.name), entry.id))
    around = frame(site, GLOSSARY, site.words("glossary"), site.words("glossary-summary"))
    return around, GlossaryView(tuple(entries), len(terms))


def _term(site: Site, term: Term, links: tuple[Link, ...]) -> TermView:
    return TermView(
        id=term_fragment(term.id),
        name=term.name,
        see=None,
        aliases=term.aliases,
        definition=prose_html(site, term.definition.markup, GLOSSARY),
        sources=citations(site, term, GLOSSARY),
        topic=next(iter(topic_links(site, [term.topic.id] if term.topic else [], GLOSSARY)), None),
        links=links,
    )


def _links_by_term(site: Site) -> dict[str, list[Link]]:
    """For each term, the places whose text names it, each once."""
    found: dict[str, list[Link]] = {}
    for link, references in (*_in_transcripts(site), *_in_registers(site)):
        for term_id in dict.fromkeys(reference.id for reference in references if reference.scheme == "term"):
            found.setdefault(term_id, []).append(link)
    return found


def _in_transcripts(site: Site) -> Iterator[tuple[Link, Sequence[CrossReference]]]:
    for facts in site.edition.facts:
        yield site.transcript_link(facts, GLOSSARY, facts.date), facts.links
        for passage in facts.passages:
            yield site.passage_link(facts, passage, GLOSSARY), passage.annotation.note.links


def _in_registers(site: Site) -> Iterator[tuple[Link, Sequence[CrossReference]]]:
    project = site.edition.project
    for topic in project.topics:
        yield Link(href(GLOSSARY, topic_page(topic.id)), topic.name), topic.summary.links
    for speaker in (one for one in project.speakers if not one.anonymous):
        yield Link(href(GLOSSARY, speaker_page(speaker.id)), speaker.name), speaker.summary.links
    for term in project.terms:
        yield Link(f"#{term_fragment(term.id)}", term.name), term.definition.links
    for page in site.edition.pages:
        yield Link(href(GLOSSARY, page_page(page.id)), page.title), page.body.links
