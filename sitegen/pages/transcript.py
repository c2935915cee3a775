"""The page of a transcript: header, turns with their marked words, and each note after its paragraph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from sitegen.addresses import href, transcript_page
from sitegen.edition import paragraphs_of
from sitegen.facts import AnnotatedTranscript, Facts, Note
from sitegen.markup import Html, MarkedRange, Marker, weave
from sitegen.model import Block, Event, Introduction, Origin, Paragraph, Part, Transcript, Turn
from sitegen.pages.frame import Frame, Link, Site, frame, prose_html
from sitegen.pages.notes import NoteView, note_view, reference_html, speaker_links, topic_links

WORDS_PER_MINUTE = 200
SHORT_TURN = 160
"""A turn of one paragraph of up to so many characters is set tight."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """A paragraph, event, cut, break or heading of a turn, with the notes that follow it."""

    kind: str
    id: str
    html: Html
    notes: tuple[NoteView, ...] = ()
    former_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the transcript; the fields from `speakers` on are a turn's."""

    kind: str
    id: str
    items: tuple[ItemView, ...]
    speakers: tuple[Link, ...] = ()
    speaker_ids: str = ""
    label: str = ""
    time: str = ""
    continues: str = ""
    former_ids: tuple[str, ...] = ()
    language: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class Participant:
    """A speaker in the header of a page."""

    link: Link
    role: str
    turns: int
    words: int
    first: str


@dataclass(frozen=True, slots=True)
class TranscriptView:
    """Everything the template of a transcript shows."""

    title: str
    date: str
    date_end: str
    place: str
    occasion: str
    language: str
    summary: Html
    origin: Origin
    translation_of: Link | None
    participants: tuple[Participant, ...]
    topics: tuple[Link, ...]
    parts: tuple[Link, ...]
    blocks: tuple[BlockView, ...]
    notes: tuple[Link, ...]
    unplaced: tuple[str, ...]
    words: int
    turns: int
    minutes: int
    data: str
    earlier: Link | None
    later: Link | None


def transcript_page_view(site: Site, annotated: AnnotatedTranscript, facts: Facts) -> tuple[Frame, object]:
    """The frame and the view of a transcript's page."""
    transcript = annotated.transcript
    page = transcript_page(transcript.id)
    return frame(site, page, transcript.title, _description(transcript)), _view(site, annotated, facts, page)


def _description(transcript: Transcript) -> str:
    names = ", ".join(speaker.name for speaker in transcript.speakers if not speaker.anonymous)
    return " · ".join(part for part in (transcript.date, transcript.place, names) if part)


def _view(site: Site, annotated: AnnotatedTranscript, facts: Facts, page: str) -> TranscriptView:
    transcript = annotated.transcript
    notes = [note for note in annotated.notes if note.number]
    woven = _woven_paragraphs(site, transcript, notes, page)
    earlier, later = _neighbours(site, transcript.id, page)
    translated = site.places.find(f"transcript:{transcript.translation_of}")
    return TranscriptView(
        title=transcript.title,
        date=transcript.date,
        date_end=transcript.date_end,
        place=transcript.place,
        occasion=transcript.occasion,
        language=transcript.language,
        summary=prose_html(site, transcript.summary.markup, page),
        origin=transcript.origin,
        translation_of=Link(href(page, translated.page), translated.name) if translated else None,
        participants=tuple(_participants(site, facts, page)),
        topics=tuple(topic_links(site, (reference.id for reference in transcript.topics), page)),
        parts=tuple(Link(f"#{p.id}", p.title) for p in _parts(transcript)),
        blocks=tuple(_block(site, block, woven, page) for block in transcript.blocks),
        notes=tuple(Link(f"#n-{n.annotation.id}", n.annotation.headline or n.quote, n.annotation.kind) for n in notes),
        unplaced=tuple(f"{a.id}: {' … '.join(s.exact for s in a.targets[0].selectors)}" for a in annotated.unplaced),
        words=facts.words,
        turns=facts.turns,
        minutes=max(1, round(facts.words / WORDS_PER_MINUTE)),
        data=href(page, f"{page}transcript.json"),
        earlier=earlier,
        later=later,
    )


def _participants(site: Site, facts: Facts, page: str) -> Iterable[Participant]:
    for one in facts.participations:
        link = next(iter(speaker_links(site, [one.speaker.id], page)))
        first = f"#{one.turn_ids[0]}" if one.turn_ids else ""
        yield Participant(link, one.role, one.turns, one.words, first)


def _parts(transcript: Transcript) -> Iterable[Part]:
    for block in transcript.blocks:
        if isinstance(block, Part):
            yield block
        elif isinstance(block, Turn):
            yield from (Part(p.id, p.plain, p.location) for p in block.paragraphs if p.kind == "part")


def _neighbours(site: Site, transcript_id: str, page: str) -> tuple[Link | None, Link | None]:
    order = [facts.transcript_id for facts in site.edition.facts]
    position = order.index(transcript_id)

    def link(index: int) -> Link | None:
        if not 0 <= index < len(order):
            return None
        facts = site.edition.facts[index]
        return Link(href(page, transcript_page(facts.transcript_id)), facts.title, facts.date)

    return link(position - 1), link(position + 1)


def _woven_paragraphs(site: Site, transcript: Transcript, notes: list[Note], page: str) -> dict[str, ItemView]:
    marks: dict[str, list[MarkedRange]] = {}
    endings: dict[str, list[Note]] = {}
    order = {paragraph.id: i for i, paragraph in enumerate(paragraphs_of(transcript))}
    for note in notes:
        for anchor in note.anchors:
            mark = MarkedRange(anchor.start, anchor.end, note.annotation.id, note.annotation.kind)
            marks.setdefault(anchor.paragraph_id, []).append(mark)
        last = max(note.anchors, key=lambda a: (order[a.paragraph_id], a.end))
        endings.setdefault(last.paragraph_id, []).append(note)
    resolve = site.resolve(page)
    woven = {}
    for paragraph in paragraphs_of(transcript):
        if not paragraph.id or paragraph.kind == "part":
            continue
        here = endings.get(paragraph.id, [])
        last_offsets = ((max(a.end for a in note.anchors if a.paragraph_id == paragraph.id), note) for note in here)
        markers = [Marker(offset, reference_html(site, note)) for offset, note in last_offsets]
        attributes = {"id": paragraph.id} | ({"class": "event"} if paragraph.kind == "event" else {})
        html = weave(paragraph.markup, attributes, marks.get(paragraph.id, ()), markers, resolve)
        cards = tuple(note_view(site, note, page) for note in here)
        woven[paragraph.id] = ItemView(paragraph.kind, paragraph.id, html, cards, paragraph.aka)
    return woven


def _block(site: Site, block: Block, woven: dict[str, ItemView], page: str) -> BlockView:
    if isinstance(block, Part):
        return BlockView("part", block.id, (), label=block.title)
    if isinstance(block, Event):
        html = (
            weave(block.markup, {"class": "event"}, (), (), site.resolve(page)) if block.kind == "event" else Html("")
        )
        return BlockView(block.kind, "", (ItemView(block.kind, "", html),))
    items = tuple(woven.get(p.id) or _aside(p) for p in block.paragraphs)
    if isinstance(block, Introduction):
        return BlockView("introduction", "", items)
    return BlockView(
        kind="turn",
        id=block.id,
        items=items,
        speakers=tuple(speaker_links(site, block.speaker_ids, page)),
        speaker_ids=" ".join(block.speaker_ids),
        label=block.label,
        time=clock(block.start) if block.start is not None else "",
        continues=block.continues,
        former_ids=block.aka,
        language=block.language,
        short=len(block.paragraphs) == 1 and len(block.paragraphs[0].plain) <= SHORT_TURN,
    )


def _aside(paragraph: Paragraph) -> ItemView:
    return ItemView(paragraph.kind, paragraph.id, Html(escape(paragraph.plain)))


def clock(seconds: float) -> str:
    """Seconds as h:mm:ss."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
