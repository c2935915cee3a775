"""Which notes stand open beside the text: those that do so without pushing the next one from its words.

An estimate from numbers of characters in the built-in style sheet's measures, made when a page is built,
so that no script is needed to lay notes out. Where it is off, notes still never overlap: they move down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

TEXT_LINE = (72, 28)
NOTE_LINE = (44, 20)
"""How many characters a line holds, and how many pixels high it is."""

PARAGRAPH_GAP = 16
NOTE_GAP = 14
NOTE_FRAME = 48
SLACK = 90
"""How far below its words the next note may begin for the sake of an open one, in pixels."""


class NoteSize(Struct, frozen=True):
    """A note in characters: where its reference stands in its paragraph, its heading, and all the rest."""

    id: str
    offset: int
    heading: int
    rest: int
    sources: int


class ParagraphSize(Struct, frozen=True):
    """A paragraph in characters, with the notes that end in it."""

    length: int
    notes: Sequence[NoteSize] = ()


def open_notes(paragraphs: Iterable[ParagraphSize]) -> frozenset[str]:
    """The notes that have room to stand open, in the order of the text."""
    placed: list[tuple[int, NoteSize]] = []
    height = 0
    for paragraph in paragraphs:
        placed += [(height + _lines(note.offset, TEXT_LINE), note) for note in paragraph.notes]
        height += _lines(paragraph.length, TEXT_LINE) + PARAGRAPH_GAP
    open_ids = []
    free = 0
    for (top, note), (following, _) in pairwise([*placed, (height + 10_000, NoteSize("", 0, 0, 0, 0))]):
        start = max(top, free)
        closed = start + NOTE_FRAME + _lines(note.heading, NOTE_LINE) + NOTE_GAP
        opened = closed + _lines(note.rest, NOTE_LINE) + note.sources * 2 * NOTE_LINE[1]
        if opened <= following + SLACK:
            open_ids.append(note.id)
        free = opened if opened <= following + SLACK else closed
    return frozenset(open_ids)


def _lines(characters: int, line: tuple[int, int]) -> int:
    width, height = line
    return -(-characters // width) * height
