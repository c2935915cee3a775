"""The text of a transcript as one stream, and where folded words stand in it.

Paragraphs of a turn are joined by a blank line, turns by `TURN_BREAK`, so that nothing matches across
turns. Labels and headings are not in the stream. Which of several places is meant is not decided here.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from sitegen.facts import Anchor
from sitegen.folding import TURN_BREAK, Folded, fold_editorial, fold_loose, fold_typographic
from sitegen.identifiers import is_word_character
from sitegen.model import Introduction, Paragraph, Speaker, Transcript, Turn

_JOINER = "\u200d"
# Code-point ranges of scripts that do not put spaces between words, so that every place is a boundary.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class Span(Struct, frozen=True):
    """A range of the stream's text."""

    start: int
    end: int


class PlacedParagraph(Struct, frozen=True):
    """A paragraph with its range in the stream."""

    start: int
    end: int
    turn_id: str
    turn: int
    speaker_ids: tuple[str, ...]
    former_turn_ids: tuple[str, ...]
    paragraph: Paragraph


class Stream(Struct, frozen=True, dict=True):
    """All anchorable text of a transcript, and the speakers who take part."""

    transcript_id: str
    speakers: tuple[Speaker, ...]
    text: str
    paragraphs: tuple[PlacedParagraph, ...]

    @cached_property
    def typographic(self) -> Folded:
        """The text after fold F1."""
        return fold_typographic(self.text)

    @cached_property
    def editorial(self) -> Folded:
        """The text after fold F2, without stage directions."""
        return fold_editorial(self.text, ((p.start, p.end) for p in self.paragraphs if p.paragraph.kind == "event"))

    @cached_property
    def loose(self) -> Folded:
        """The text after fold F3."""
        return fold_loose(self.editorial)

    @cached_property
    def anchor_ids(self) -> dict[str, tuple[int, int]]:
        """From the id, or a former id, of a turn or paragraph to its range."""
        ranges: dict[str, tuple[int, int]] = {}
        for placed in self.paragraphs:
            start = ranges.get(placed.turn_id, (placed.start, 0))[0]
            for turn_id in (placed.turn_id, *placed.former_turn_ids):
                ranges[turn_id] = (start, placed.end)
            for name in (placed.paragraph.id, *placed.paragraph.aka):
                ranges[name] = (placed.start, placed.end)
        return ranges

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(placed.start for placed in self.paragraphs)

    def paragraph_at(self, offset: int) -> PlacedParagraph:
        """The paragraph in which an offset stands."""
        return self.paragraphs[bisect_right(self._starts, offset) - 1]

    def anchors(self, annotation_id: str, start: int, end: int) -> Iterator[Anchor]:
        """A range of the stream as ranges of its paragraphs, spaces at their ends left out."""
        for placed in self.paragraphs[bisect_right(self._starts, start) - 1 :]:
            if placed.start >= end:
                return
            first, last = max(start, placed.start), min(end, placed.end)
            first, last = trimmed(self.text, first, last)
            if first < last:
                yield Anchor(
                    annotation_id, placed.turn_id, placed.paragraph.id, first - placed.start, last - placed.start
                )


def stream_of(transcript: Transcript) -> Stream:
    """The stream of a transcript: the introduction is its first turn, without a speaker."""
    pieces: list[str] = []
    placed: list[PlacedParagraph] = []
    offset = 0
    for turn, block in enumerate(b for b in transcript.blocks if isinstance(b, Turn | Introduction)):
        turn_id: str = "intro"
        speakers: tuple[str, ...] = ()
        former: tuple[str, ...] = ()
        if isinstance(block, Turn):
            turn_id, speakers, former = block.id, block.speaker_ids, block.aka
        separator = TURN_BREAK if pieces else ""
        for paragraph in block.paragraphs:
            if paragraph.kind not in ("speech", "event"):
                continue
            pieces += [separator, paragraph.plain]
            start = offset + len(separator)
            offset = start + len(paragraph.plain)
            placed.append(PlacedParagraph(start, offset, turn_id, turn, speakers, former, paragraph))
            separator = "\n\n"
    return Stream(transcript.id, transcript.speakers, "".join(pieces), tuple(placed))


def occurrences(stream_text: str, folded: Folded, words: str) -> list[Span]:
    """Every place, overlapping ones included, where `words` (folded alike) stand between word boundaries."""
    found: list[Span] = []
    position = folded.text.find(words) if words else -1
    while position >= 0:
        end = position + len(words)
        if is_boundary(folded.text, position) and is_boundary(folded.text, end):
            start, finish = trimmed(stream_text, *folded.origin(position, end))
            if not (_splits_cluster(stream_text, start) or _splits_cluster(stream_text, finish)):
                found.append(Span(start, finish))
        position = folded.text.find(words, position + 1)
    return found


def is_boundary(text: str, position: int) -> bool:
    """Whether a word may begin or end here: not between two letters or digits of a script with spaces."""
    if not 0 < position < len(text):
        return True
    before, after = text[position - 1], text[position]
    if not (is_word_character(before) and is_word_character(after)):
        return True
    return is_unspaced(before) or is_unspaced(after)


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that puts no spaces between words."""
    return any(first <= ord(character) <= last for first, last in _UNSPACED)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A range without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _splits_cluster(text: str, position: int) -> bool:
    """Whether a cut would tear apart what readers see as one character (after UAX 29)."""
    if not 0 < position < len(text):
        return False
    before, after = text[position - 1], text[position]
    if before.isascii() and after.isascii():
        return False
    if unicodedata.category(after).startswith("M") or after == _JOINER or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if before == _JOINER:
        return unicodedata.category(after) == "So"
    if not (_is_regional(before) and _is_regional(after)):
        return False
    run = position
    while run > 0 and _is_regional(text[run - 1]):
        run -= 1
    return (position - run) % 2 == 1


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
