"""The text of a transcript as its page shows it: turns with their marked words, each note after its paragraph.

What stands around the text on the page is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from sitegen.edition import paragraphs_of
from sitegen.facts import Note
from sitegen.markup import Html, MarkedRange, Marker, weave
from sitegen.model import Block, Event, Introduction, Paragraph, Part, Transcript, Turn
from sitegen.pages.density import NoteSize, ParagraphSize, open_notes
from sitegen.pages.frame import Link, Site
from sitegen.pages.notes import NoteView, Standing, note_view, reference_html, speaker_links
from sitegen.pages.repository import new_note_address

SHORT_TURN = 160
"""A turn of one paragraph of up to so many characters is set tight."""

VOICES = 4
"""The bars beside turns differ for so many speakers, then begin again."""


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
    marks: dict[str, list[MarkedRange]] = {}
    endings: dict[str, list[Note]] = {}
    order = {paragraph.id: i for i, paragraph in enumerate(paragraphs_of(transcript))}
    for note in notes:
        for anchor in note.anchors:
            mark = MarkedRange(anchor.start, anchor.end, note.annotation.id, note.annotation.kind)
            marks.setdefault(anchor.paragraph_id, []).append(mark)
        last = max(note.anchors, key=lambda a: (order[a.paragraph_id], a.end))
        endings.setdefault(last.paragraph_id, []).append(note)
    standing_open = open_notes(_sizes(transcript, endings))
    resolve = site.resolve(page)
    woven = {}
    for paragraph in paragraphs_of(transcript):
        if not paragraph.id or paragraph.kind == "part":
            continue
        here = endings.get(paragraph.id, ())
        markers = [Marker(_end_in(note, paragraph.id), reference_html(site, note)) for note in here]
        attributes = {"id": paragraph.id} | ({"class": "event"} if paragraph.kind == "event" else {})
        html = weave(paragraph.markup, attributes, marks.get(paragraph.id, ()), markers, resolve)
        cards = tuple(
            note_view(site, note, page, Standing(note.annotation.id in standing_open, transcript.language))
            for note in here
        )
        woven[paragraph.id] = ItemView(paragraph.kind, paragraph.id, html, cards, paragraph.aka)
    return woven


def _end_in(note: Note, paragraph_id: str) -> int:
    return max(anchor.end for anchor in note.anchors if anchor.paragraph_id == paragraph_id)


def _sizes(transcript: Transcript, endings: Mapping[str, list[Note]]) -> Iterable[ParagraphSize]:
    for paragraph in paragraphs_of(transcript):
        notes = [
            NoteSize(
                id=note.annotation.id,
                offset=_end_in(note, paragraph.id),
                heading=len(note.annotation.headline),
                rest=len(note.annotation.note.markup) + len(note.annotation.claim),
                sources=len(note.annotation.citations),
            )
            for note in endings.get(paragraph.id, ())
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
