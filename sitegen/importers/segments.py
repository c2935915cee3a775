"""From timed segments to turns: captions and recognisers cut speech for display, not by who speaks.

Neighbouring segments of one voice become one turn, its sentences running text again. How segments are found
in a format is not known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sitegen.importers.draft import Block, DraftTurn, Finding, Passage
from sitegen.importers.names import Label, is_numbered, read_label
from sitegen.importers.text import squeezed
from sitegen.importers.turns import Assembled, Assembly, is_note
from sitegen.importers.voices import cast
from sitegen.model import Speaker

UNKNOWN = "Unknown"
"""The label of voices that a file with times does not name."""

_PAUSE = 3.0
_LONG = 600
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", '"', "”", "»")


class Segment(Struct, frozen=True):
    """A piece of speech: the speaker as printed (empty: goes on with the one before), text, seconds, line.

    `fresh` says that a new, unnamed voice begins here.
    """

    speaker: str
    text: str
    start: float | None = None
    end: float | None = None
    line: int = 0
    fresh: bool = False


def join(segments: Iterable[Segment], register: Sequence[Speaker] = ()) -> Assembled:
    """The turns of segments. A file that names nobody becomes one turn of an unnamed voice."""
    pieces = [segment for segment in segments if segment.text.strip() or segment.speaker]
    printed = Counter(segment.speaker or UNKNOWN for segment in pieces if segment.speaker or segment.fresh)
    if pieces and not (pieces[0].speaker or pieces[0].fresh):
        printed[UNKNOWN] += 1
    known = {label: read_label(label) for label in printed}
    lines = dict(reversed([(segment.speaker or UNKNOWN, segment.line) for segment in pieces]))
    people = cast(
        ((known[label], lines.get(label, 1)) for label in known),
        register,
        {known[k].printed: n for k, n in printed.items()},
    )
    joiner = _Joiner(known, {label: people.of(one.printed) for label, one in known.items()})
    for segment in pieces:
        joiner.add(segment)
    findings = list(people.findings)
    if pieces and not any(segment.speaker for segment in pieces):
        findings.append(Finding("doubtful", "the file names no speakers", UNKNOWN, pieces[0].line))
    blocks = joiner.blocks()
    used = {key for block in blocks if isinstance(block, DraftTurn) for key in block.voices}
    return Assembled(blocks, tuple(v for v in people.voices if v.key in used), tuple(findings))


class _Joiner:
    """Adds segments to the open turn, or opens the next."""

    def __init__(self, labels: Mapping[str, Label], keys: Mapping[str, tuple[str, ...]]) -> None:
        self.unnamed = {printed for printed, label in labels.items() if label.unnamed and not is_numbered(label.core)}
        self.keys = keys
        self.assembly = Assembly()
        self.voices: tuple[str, ...] = ()
        self.words: list[str] = []
        self.line = 0
        self.length = 0
        self.end: float | None = None

    def add(self, segment: Segment) -> None:
        """Add a segment in its order."""
        named = bool(segment.speaker or segment.fresh)
        voices = self.keys[segment.speaker or UNKNOWN] if named or not self.voices else None
        text = squeezed(segment.text)
        if is_note(text) and not segment.speaker:
            self._note(text, segment)
            return
        if voices is not None and (voices != self.voices or segment.fresh or segment.speaker in self.unnamed):
            self._open(voices, segment.speaker or UNKNOWN, segment)
        elif self._paragraph_ends(segment):
            self._flush()
        if not self.words:
            self.line = segment.line
        self.words.append(text)
        self.length += len(text) + 1
        self.end = segment.end if segment.end is not None else segment.start

    def _open(self, voices: tuple[str, ...], label: str, segment: Segment) -> None:
        self._flush()
        self.assembly.turn(voices, label, segment.line, segment.start)
        self.voices = voices

    def _note(self, text: str, segment: Segment) -> None:
        # In the middle of a sentence a sound stays where it was heard; elsewhere it stands alone.
        if self.words and not self.words[-1].endswith(_SENTENCE_ENDS):
            self.words.append(text)
            return
        self._flush()
        self.assembly.add(Passage(text, "note", segment.line))

    def _paragraph_ends(self, segment: Segment) -> bool:
        if not self.words or not self.words[-1].endswith(_SENTENCE_ENDS):
            return False
        pause = segment.start - self.end if segment.start is not None and self.end is not None else 0.0
        return pause >= _PAUSE or self.length > _LONG

    def _flush(self) -> None:
        if self.words:
            self.assembly.add(Passage(" ".join(word for word in self.words if word), "speech", self.line))
        self.words, self.length = [], 0

    def blocks(self) -> tuple[Block, ...]:
        """All that has been added."""
        self._flush()
        return self.assembly.done()
