"""The text of a transcript as its page shows it: turns with their marked words, each note after its paragraph.

What stands around the text on the page is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import count

from msgspec import Struct

from sitegen.edition import ELLIPSIS, paragraphs_of
from sitegen.facts import Note
from sitegen.markup import Html, MarkedRange, Marker, weave
from sitegen.model import Block, Event, Introduction, Paragraph, Part, Transcript, Turn
from sitegen.pages.density import NoteSize, ParagraphSize, open_notes
from sitegen.pages.frame import Link, Site
from sitegen.pages.notes import (
    NoteView,
    ReferenceView,
    Standing,
    lemma_of,
    note_view,
    reference_html,
    speaker_links,
)
from sitegen.pages.repository import new_note_address

SHORT_TURN = 160
"""A turn of one paragraph of up to so many characters is set tight."""

VOICES = 4
"""The bars beside turns differ for so many speakers, then begin again."""


class ItemView(Struct, frozen=True):
    """A paragraph, event, cut, break or heading of a turn, with the notes that follow it."""

    kind: str
    id: str
    html: Html
    notes: tuple[NoteView, ...] = ()
    former_ids: tuple[str, ...] = ()


class BlockView(Struct, frozen=True):
    """A block of the transcript; the fields from `speakers` on are a turn's. `again` says that the turn
    above it is by the same speaker."""

    kind: str
    id: str
    items: tuple[ItemView, ...]
    speakers: tuple[Link, ...] = ()
    speaker_ids: str = ""
    label: str = ""
    seconds: int = 0
    time: str = ""
    continues: str = ""
    former_ids: tuple[str, ...] = ()
    language: str = ""
    direction: str = ""
    short: bool = False
    again: bool = False
    voice: int = 0
    suggest: str = ""


def block_views(site: Site, transcript: Transcript, notes: list[Note], page: str) -> tuple[BlockView, ...]:
    """The blocks of a transcript in their order."""
    woven = _woven_paragraphs(site, transcript, notes, page)
    voices = {speaker.id: number % VOICES + 1 for number, speaker in enumerate(transcript.speakers)}
    named = {speaker.id for speaker in transcript.speakers if not speaker.anonymous}
    views = []
    said_last: tuple[str, ...] = ()
    for block in transcript.blocks:
        if isinstance(block, Turn):
            again = block.speaker_ids == said_last and named.issuperset(said_last) and not block.continues
            views.append(_turn(site, transcript.id, block, woven, page, again, voices.get(block.speaker_ids[0], 0)))
            said_last = block.speaker_ids
        else:
            views.append(_between(site, block, woven, page))
            said_last = said_last if isinstance(block, Event) else ()
    return tuple(views)


def _woven_paragraphs(site: Site, transcript: Transcript, notes: list[Note], page: str) -> dict[str, ItemView]:
    paragraphs = [*paragraphs_of(transcript)]
    marks: dict[str, list[MarkedRange]] = {}
    for note in notes:
        for anchor in note.anchors:
            mark = MarkedRange(anchor.start, anchor.end, note.annotation.id, note.annotation.kind)
            marks.setdefault(anchor.paragraph_id, []).append(mark)
    references: dict[str, list[_Reference]] = {}
    by_note: dict[str, list[ReferenceView]] = {}
    for one in _references(paragraphs, notes):
        references.setdefault(one.paragraph_id, []).append(one)
        by_note.setdefault(one.note.annotation.id, []).append(one.view)
    standing_open = open_notes(_sizes(paragraphs, references))
    spoken = {p.id: turn.language for turn in transcript.turns if turn.language for p in turn.paragraphs}
    resolve = site.resolve(page)
    woven = {}
    for paragraph in paragraphs:
        if not paragraph.id or paragraph.kind == "part":
            continue
        here = references.get(paragraph.id, ())
        language = spoken.get(paragraph.id, transcript.language)
        markers = [
            Marker(one.end, reference_html(site, one.note, one.view, language, is_first=one.is_first)) for one in here
        ]
        attributes = {"id": paragraph.id}
        if paragraph.kind == "event":
            attributes["class"] = "event"
        html = weave(paragraph.markup, attributes, marks.get(paragraph.id, ()), markers, resolve)
        cards = []
        for name, note in [(one.note.annotation.id, one.note) for one in here if one.is_first]:
            standing = Standing(tuple(by_note[name]), name in standing_open, language)
            cards.append(note_view(site, note, page, standing))
        woven[paragraph.id] = ItemView(paragraph.kind, paragraph.id, html, tuple(cards), paragraph.aka)
    return woven


class _Reference(Struct, frozen=True):
    """A reference to a note: where in which paragraph it stands. The note stands beside its first."""

    note: Note
    paragraph_id: str
    end: int
    view: ReferenceView
    is_first: bool


def _references(paragraphs: list[Paragraph], notes: list[Note]) -> Iterable[_Reference]:
    """The references to notes, a note's in document order; passages that end together share one."""
    plain = {paragraph.id: paragraph.plain for paragraph in paragraphs}
    order = {paragraph_id: position for position, paragraph_id in enumerate(plain)}
    used = {f"r-{note.annotation.id}" for note in notes}
    for note in notes:
        name = f"r-{note.annotation.id}"
        ends: set[tuple[str, int]] = set()
        for passage in note.passages:
            last = max(passage, key=lambda anchor: (order[anchor.paragraph_id], anchor.end))
            if (last.paragraph_id, last.end) in ends:
                continue
            is_first = not ends
            ends.add((last.paragraph_id, last.end))
            own = name if is_first else next(n for k in count(2) if (n := f"{name}-{k}") not in used)
            used.add(own)
            words = ELLIPSIS.join([plain[anchor.paragraph_id][anchor.start : anchor.end] for anchor in passage])
            yield _Reference(note, last.paragraph_id, last.end, ReferenceView(own, lemma_of(words)), is_first)


def _sizes(paragraphs: list[Paragraph], references: Mapping[str, list[_Reference]]) -> Iterable[ParagraphSize]:
    for paragraph in paragraphs:
        notes = [
            NoteSize(
                id=one.note.annotation.id,
                offset=one.end,
                heading=len(one.note.annotation.headline),
                rest=len(one.note.annotation.note.markup) + len(one.note.annotation.claim),
                sources=len(one.note.annotation.citations),
            )
            for one in references.get(paragraph.id, ())
            if one.is_first
        ]
        yield ParagraphSize(len(paragraph.plain), notes)


def _turn(
    site: Site, transcript_id: str, turn: Turn, woven: dict[str, ItemView], page: str, again: bool, voice: int
) -> BlockView:
    return BlockView(
        kind="turn",
        id=turn.id,
        items=tuple(woven.get(p.id) or _plain_item(p) for p in turn.paragraphs),
        speakers=tuple(speaker_links(site, turn.speaker_ids, page)),
        speaker_ids=" ".join(turn.speaker_ids),
        label=turn.label,
        seconds=int(turn.start or 0),
        time=clock(turn.start) if turn.start is not None else "",
        continues=turn.continues,
        former_ids=turn.aka,
        language=turn.language,
        direction=site.direction(turn.language),
        short=len(turn.paragraphs) == 1 and len(turn.paragraphs[0].plain) <= SHORT_TURN,
        again=again,
        voice=voice,
        suggest=new_note_address(site.settings, transcript_id, turn.id),
    )


def _between(site: Site, block: Block, woven: dict[str, ItemView], page: str) -> BlockView:
    if isinstance(block, Part):
        return BlockView("part", block.id, (), label=block.title)
    if isinstance(block, Introduction):
        return BlockView("introduction", "", tuple(woven.get(p.id) or _plain_item(p) for p in block.paragraphs))
    assert isinstance(block, Event)  # noqa: S101 -- turns are handled by the caller
    html = Html("")
    if block.kind == "event":
        html = weave(block.markup, {"class": "event"}, (), (), site.resolve(page))
    return BlockView(block.kind, "", (ItemView(block.kind, "", html),))


def _plain_item(paragraph: Paragraph) -> ItemView:
    return ItemView(paragraph.kind, paragraph.id, Html(escape(paragraph.plain)))


def clock(seconds: float) -> str:
    """Seconds as h:mm:ss."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
