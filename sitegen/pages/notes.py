"""Notes as pages show them: the reference in the text, the card with its sources, the line in a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from msgspec import Struct

from sitegen.addresses import ANYWHERE, SOURCES, href, placed, to_fragment
from sitegen.diagnostics import Checked, Diagnostic
from sitegen.facts import Facts, Note, Passage
from sitegen.markup import Html
from sitegen.model import Annotation, Reference, Revision, Term, Work
from sitegen.pages.frame import Link, Site, prose_html
from sitegen.pages.repository import FileLinks, file_links, report_address
from sitegen.templating import render_each

LEMMA_WORDS = 8


class CitationView(Struct, frozen=True):
    """A cited work: `entry` leads to it in the list of sources when it is registered."""

    work: Work
    entry: str


class ReferenceView(Struct, frozen=True):
    """A reference to a note in the text: its id, and the first words of the passage before it."""

    id: str
    lemma: str


class Standing(Struct, frozen=True):
    """How a note stands on its page: the references to it, whether it has room to stand open, and in what
    language its words are."""

    references: tuple[ReferenceView, ...]
    is_open: bool
    language: str


class NoteView(Struct, frozen=True):
    """A note's card. `written_in` and `said_in` are the languages of the note and of the words that it speaks of,
    where they are not that of the interface, `language`; `direction` is given where the words run the other way."""

    id: str
    number: int
    kind: str
    kind_name: str
    lemma: str
    headline: str
    body: Html
    claim: str
    record: str
    status: str
    key: bool
    sources: tuple[CitationView, ...]
    topics: tuple[Link, ...]
    related: tuple[Link, ...]
    history: tuple[Revision, ...]
    author: str
    created: str
    updated: str
    as_of: str
    language: str
    direction: str
    written_in: str
    former_ids: tuple[str, ...]
    file: FileLinks
    report: str
    references: tuple[ReferenceView, ...]
    is_open: bool
    said_in: str


class NoteLine(Struct, frozen=True):
    """A note or indexed passage in a list on another page; `language` and `direction` are those of its words."""

    link: Link
    kind: str
    kind_name: str
    headline: str
    quote: str
    speakers: tuple[Link, ...]
    transcript: Link
    date: str
    changed: str
    note: bool
    key: bool
    language: str
    direction: str


def lemma_of(words: str) -> str:
    """The first words of a passage, by which a note is tied to it without sight of the text."""
    parts = words.split()
    return " ".join(parts[:LEMMA_WORDS]) + (" …" if len(parts) > LEMMA_WORDS else "")


def reference_html(site: Site, note: Note, reference: ReferenceView, around: str, *, is_first: bool) -> Html:
    """A reference to a note behind its words, which are in the language `around`.

    The number comes from the style sheet, so that copied text is only what was said; the label does not say
    the words again, which a listener has just heard.
    """
    name, kind = note.annotation.id, note.annotation.kind
    label = site.words("note-label", number=note.number, kind=site.kind_name(kind))
    language = f' lang="{site.settings.language}"' if site.foreign(around) else ""
    classes = f"ref k-{escape(kind)}{' key' if note.annotation.weight == 'key' else ''}{'' if is_first else ' later'}"
    return Html(
        f'<a class="{classes}" id="{reference.id}" href="{to_fragment(f"n-{name}")}" role="doc-noteref"'
        f' aria-label="{escape(label)}"{language} data-n="{note.number}"></a>'
    )


def note_view(site: Site, note: Note, page: str, standing: Standing) -> NoteView:
    """The card of a note on the page of its transcript."""
    annotation, settings = note.annotation, site.settings
    return NoteView(
        id=annotation.id,
        number=note.number,
        kind=annotation.kind,
        kind_name=site.kind_name(annotation.kind),
        lemma=lemma_of(note.quote),
        headline=annotation.headline,
        body=prose_html(site, annotation.note.markup, page),
        claim=annotation.claim,
        record=site.words(f"record-{annotation.record}") if annotation.record else "",
        status=annotation.status,
        key=annotation.weight == "key",
        sources=citations(site, annotation, page),
        topics=tuple(topic_links(site, [reference.id for reference in annotation.topics], page)),
        related=tuple(_related(site, annotation.related, page)),
        history=annotation.history,
        author=annotation.author,
        created=annotation.created,
        updated=annotation.updated,
        as_of=annotation.as_of,
        language=settings.language,
        direction=site.direction(settings.language, standing.language),
        written_in=site.foreign(annotation.language),
        former_ids=annotation.aka,
        file=file_links(settings, annotation.location),
        report=report_address(settings, f"{site.words('note')} {annotation.id}"),
        references=standing.references,
        is_open=standing.is_open,
        said_in=site.foreign(standing.language),
    )


def citations(site: Site, citing: Annotation | Term, page: str) -> tuple[CitationView, ...]:
    """The works that a note or a definition cites, in its own order."""
    cited = []
    for citation in citing.citations:
        if isinstance(citation, Work):
            cited.append(CitationView(citation, ""))
        elif citation.id in site.works:
            cited.append(CitationView(site.works[citation.id], href(page, SOURCES, citation.id)))
    return tuple(cited)


def topic_links(site: Site, ids: Iterable[str], page: str) -> Iterable[Link]:
    """Links to topics that exist."""
    for topic_id in dict.fromkeys(ids):
        if place := site.places.find(f"topic:{topic_id}"):
            yield Link(href(page, place.page), place.name)


def _related(site: Site, references: Iterable[Reference], page: str) -> Iterable[Link]:
    for reference in references:
        if place := site.places.find(f"note:{reference.id}"):
            yield site.place_link(place, page)


def note_lines(site: Site, facts: Facts, passages: Sequence[Passage], page: str) -> Iterator[NoteLine]:
    """Passages of a transcript in a list: their words, who says them, and the way to them."""
    transcript = site.transcript_link(facts, page)
    said_by = {ids: tuple(speaker_links(site, ids, page)) for ids in {passage.speaker_ids for passage in passages}}
    for passage in passages:
        annotation = passage.annotation
        yield NoteLine(
            link=site.passage_link(facts, passage, page),
            kind=annotation.kind,
            kind_name=site.kind_name(annotation.kind),
            headline=annotation.headline,
            quote=passage.quote,
            speakers=said_by[passage.speaker_ids],
            transcript=transcript,
            date=facts.date,
            changed=annotation.updated or annotation.created,
            note=bool(passage.number),
            key=annotation.weight == "key",
            language=site.foreign(passage.language),
            direction=site.direction(passage.language),
        )


def lines_of(site: Site, facts: Facts) -> Checked[Mapping[int, str]]:
    """The passages of a transcript, each as HTML for a list on any page, by the identities of the values: a function
    of the facts, the theme and the places that speakers' names lead to."""
    made = render_each(site.theme, "macros.html", "line", note_lines(site, facts, facts.passages, ANYWHERE))
    return Checked(dict(zip(map(id, facts.passages), made.value, strict=not made.diagnostics)), made.diagnostics)


def gathered(site: Site, passages: Iterable[Passage], page: str) -> Checked[Html]:
    """The lines of passages in the order of the site's facts, one below the other, for a page."""
    lines: list[str] = []
    problems: dict[Diagnostic, None] = {}
    for transcript_id, group in groupby(passages, key=lambda passage: passage.locator.transcript_id):
        facts = site.facts_by_id[transcript_id]
        found = site.lines.get(transcript_id) or site.lines.setdefault(transcript_id, lines_of(site, facts))
        if found.diagnostics:
            problems |= dict.fromkeys(found.diagnostics)
            continue
        lines += [found.value[id(passage)] for passage in group]
    return Checked(Html(placed("\n".join(lines), page)), tuple(problems))


def speaker_links(site: Site, ids: Iterable[str], page: str) -> Iterable[Link]:
    """The names of speakers, with links to those that have a page."""
    for speaker_id in ids:
        place = site.places.find(f"speaker:{speaker_id}")
        if place:
            yield Link(href(page, place.page), place.name)
        else:
            yield Link("", _anonymous_name(site, speaker_id))


def _anonymous_name(site: Site, speaker_id: str) -> str:
    taking_part = (p.speaker for facts in site.edition.facts for p in facts.participations)
    return next((s.name for s in (*site.edition.project.speakers, *taking_part) if s.id == speaker_id), speaker_id)
