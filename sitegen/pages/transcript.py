"""The page of a transcript: what it is and where it is from, its text, how to cite it, and what leads to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial

import msgspec
from msgspec import Struct

from sitegen.addresses import absolute, transcript_page
from sitegen.citing import address, bibtex, csl_json
from sitegen.facts import AnnotatedTranscript, Facts, Note
from sitegen.licences import Licence, licence_of
from sitegen.markup import Html
from sitegen.model import Origin, Part, Transcript, Turn
from sitegen.outputs import Output
from sitegen.pages.body import BlockView, block_views
from sitegen.pages.frame import Frame, Link, Site, frame, page_output, prose_html
from sitegen.pages.notes import speaker_links, topic_links
from sitegen.pages.repository import FileLinks, file_links, new_file_address

WORDS_PER_MINUTE = 200

MANY_TURNS = 150
"""With more turns, a browser lays out those in sight only, where nothing stands beside them."""


class Participant(Struct, frozen=True):
    """A speaker in the header of a page."""

    id: str
    link: Link
    role: str
    turns: int
    words: int
    first: str


class Choice(Struct, frozen=True):
    """Something by which notes can be chosen, and how many there are of it."""

    id: str
    name: str
    count: int


class CiteView(Struct, frozen=True):
    """How to cite a transcript: the parts of a sentence that are not the transcript's own, and two data formats."""

    container: str
    url: str
    bibtex: str
    csl: str


class TranscriptView(Struct, frozen=True):
    """Everything the template of a transcript shows."""

    id: str
    title: str
    date: str
    date_end: str
    place: str
    occasion: str
    language: str
    language_name: str
    direction: str
    summary: Html
    origin: Origin
    licence: Licence
    translation_of: Link | None
    participants: tuple[Participant, ...]
    topics: tuple[Link, ...]
    parts: tuple[Link, ...]
    blocks: tuple[BlockView, ...]
    notes: tuple[Link, ...]
    kinds: tuple[Choice, ...]
    note_topics: tuple[Choice, ...]
    key_notes: int
    unplaced: tuple[str, ...]
    words: int
    turns: int
    many_turns: bool
    minutes: int
    earlier: Link | None
    later: Link | None
    cited_by: tuple[Link, ...]
    cite: CiteView
    timed: bool
    file: FileLinks
    new_file: str
    strict: bool
    noted: str
    data: Html
    script_words: Html


def transcript_page_view(site: Site, annotated: AnnotatedTranscript, facts: Facts) -> tuple[Frame, object]:
    """The frame and the view of a transcript's page."""
    transcript = annotated.transcript
    page = transcript_page(transcript.id)
    return frame(site, page, transcript.title, _description(site, transcript)), _view(site, annotated, facts, page)


def _description(site: Site, transcript: Transcript) -> str:
    names = site.words.listed(speaker.name for speaker in transcript.speakers if not speaker.anonymous)
    return " · ".join(part for part in (site.words.date(transcript.date), transcript.place, names) if part)


def _view(site: Site, annotated: AnnotatedTranscript, facts: Facts, page: str) -> TranscriptView:
    transcript = annotated.transcript
    notes = [note for note in annotated.notes if note.number]
    earlier, later = _neighbours(site, transcript.id, page)
    translated = site.places.find(f"transcript:{transcript.translation_of}")
    return TranscriptView(
        id=transcript.id,
        title=transcript.title,
        date=transcript.date,
        date_end=transcript.date_end,
        place=transcript.place,
        occasion=transcript.occasion,
        language=transcript.language,
        language_name=site.words.language_name(transcript.language or site.settings.language),
        direction=site.direction(transcript.language),
        summary=prose_html(site, transcript.summary.markup, page),
        origin=transcript.origin,
        licence=licence_of(transcript.origin.licence),
        translation_of=site.place_link(translated, page) if translated else None,
        participants=tuple(_participants(site, facts, page)),
        topics=tuple(topic_links(site, (reference.id for reference in transcript.topics), page)),
        parts=tuple(Link(f"#{p.id}", p.title) for p in _parts(transcript)),
        blocks=block_views(site, transcript, notes, page),
        notes=tuple(site.passage_link(facts, p, page, p.annotation.kind) for p in facts.passages if p.number),
        kinds=tuple(_kinds(site, notes)),
        note_topics=tuple(_note_topics(site, notes)),
        key_notes=sum(note.annotation.weight == "key" for note in notes),
        unplaced=tuple(f"{a.id}: {' … '.join(s.exact for s in a.targets[0].selectors)}" for a in annotated.unplaced),
        words=facts.words,
        turns=facts.turns,
        many_turns=facts.turns > MANY_TURNS,
        minutes=max(1, round(facts.words / WORDS_PER_MINUTE)),
        earlier=earlier,
        later=later,
        cited_by=tuple(_cited_by(site, transcript.id, page)),
        cite=CiteView(
            container=site.settings.title,
            url=address(transcript, site.settings),
            bibtex=bibtex(annotated, site.settings).decode(),
            csl=csl_json(annotated, site.settings).decode(),
        ),
        timed=_is_timed(transcript),
        file=file_links(site.settings, transcript.location),
        new_file=new_file_address(site.settings),
        strict=site.settings.editorial == "strict",
        noted=";".join(_noted(notes)),
        data=_linked_data(site, transcript, facts, page),
        script_words=data_block(site.theme.script_words),
    )


def _is_timed(transcript: Transcript) -> bool:
    """Whether there is a WebVTT file beside the page: every turn has a time, in order."""
    starts = [turn.start for turn in transcript.turns]
    known = [start for start in starts if start is not None]
    return bool(known) and len(known) == len(starts) and known == sorted(known)


def _participants(site: Site, facts: Facts, page: str) -> Iterable[Participant]:
    for one in facts.participations:
        link = next(iter(speaker_links(site, [one.speaker.id], page)))
        first = f"#{one.turn_ids[0]}" if one.turn_ids else ""
        yield Participant(one.speaker.id, link, one.role, one.turns, one.words, first)


def _parts(transcript: Transcript) -> Iterable[Part]:
    for block in transcript.blocks:
        if isinstance(block, Part):
            yield block
        elif isinstance(block, Turn):
            yield from (Part(p.id, p.plain, p.location) for p in block.paragraphs if p.kind == "part")


def _kinds(site: Site, notes: list[Note]) -> Iterable[Choice]:
    counts = Counter(note.annotation.kind for note in notes)
    for kind in site.settings.kinds:
        if counts[kind.id]:
            yield Choice(kind.id, site.kind_name(kind.id), counts[kind.id])


def _note_topics(site: Site, notes: list[Note]) -> Iterable[Choice]:
    counts = Counter(topic for note in notes for topic in dict.fromkeys(r.id for r in note.annotation.topics))
    for entry in site.edition.index.entries:
        if counts[entry.topic.id]:
            yield Choice(entry.topic.id, entry.topic.name, counts[entry.topic.id])


def _noted(notes: list[Note]) -> Iterable[str]:
    """For the search: each note's id, kind and topics."""
    for note in notes:
        topics = dict.fromkeys(reference.id for reference in note.annotation.topics)
        yield " ".join([note.annotation.id, note.annotation.kind, *topics])


def _neighbours(site: Site, transcript_id: str, page: str) -> tuple[Link | None, Link | None]:
    order = [facts.transcript_id for facts in site.edition.facts]
    position = order.index(transcript_id)

    def link(index: int) -> Link | None:
        if not 0 <= index < len(order):
            return None
        facts = site.edition.facts[index]
        return site.transcript_link(facts, page, facts.date)

    return link(position - 1), link(position + 1)


def _cited_by(site: Site, transcript_id: str, page: str) -> Iterable[Link]:
    """The notes of other transcripts that lead here."""
    for facts, passage in site.citing.get(transcript_id, ()):
        yield site.passage_link(facts, passage, page, facts.title)


def _linked_data(site: Site, transcript: Transcript, facts: Facts, page: str) -> Html:
    """The page as schema.org describes it."""
    people = [
        {"@type": "Person", "name": p.speaker.name} | ({"jobTitle": p.role} if p.role else {})
        for p in facts.participations
        if not p.speaker.anonymous
    ]
    event: dict[str, object] = {
        "@type": "Event",
        "name": transcript.occasion or transcript.title,
        "startDate": transcript.date,
    }
    event |= {"location": {"@type": "Place", "name": transcript.place}} if transcript.place else {}
    origin = transcript.origin
    based_on = {"@type": "CreativeWork", "name": origin.title or origin.url, "url": origin.url}
    described = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": transcript.title,
        "inLanguage": transcript.language or site.settings.language,
        "url": absolute(site.settings.url, page) if site.settings.url else "",
        "about": event if transcript.date else "",
        "mentions": people,
        "isBasedOn": {name: value for name, value in based_on.items() if value} if based_on["name"] else "",
        "license": licence_of(origin.licence).url,
        "publisher": {"@type": "Organization", "name": site.settings.publisher} if site.settings.publisher else "",
        "wordCount": facts.words,
    }
    return data_block({name: value for name, value in described.items() if value})


def data_block(value: object) -> Html:
    """A value as JSON that can stand inside a script element."""
    text = msgspec.json.encode(value).decode()
    return Html(text.replace("<", "\\u003c").replace("&", "\\u0026"))


def plan_transcript(site: Site, annotated: AnnotatedTranscript, facts: Facts) -> Output:
    """The page of a transcript; `site` is what it may know of the site."""
    page = transcript_page(annotated.transcript.id)
    return page_output(page, "transcript.html", site, partial(transcript_page_view, site, annotated, facts))
