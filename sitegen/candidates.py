"""A place where a quote may belong: how it is described to a person, and the line that would select it.

Which candidate is right is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sitegen.folding import TURN_BREAK, fold_typographic
from sitegen.streams import Span, Stream

_CONTEXT = 40
_MOST_CONTEXT_WORDS = 6


class Candidate(Struct, frozen=True):
    """One place of a quote: one span, or several with omissions or turn ends between them."""

    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Where its first span begins."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where its last span ends."""
        return self.spans[-1].end


def words_before(stream: Stream, offset: int, length: int) -> str:
    """The folded text of the same turn before an offset, at least `length` characters where there are any."""
    text = stream.text[max(0, offset - 2 * length - 80) : offset].rpartition(TURN_BREAK)[2]
    return fold_typographic(text).text.rstrip()


def words_after(stream: Stream, offset: int, length: int) -> str:
    """The folded text of the same turn after an offset, at least `length` characters where there are any."""
    text = stream.text[offset : offset + 2 * length + 80].partition(TURN_BREAK)[0]
    return fold_typographic(text).text.lstrip()


def follows(stream: Stream, candidate: Candidate, prefix: str) -> bool:
    """Whether a prefix stands directly before a candidate, typography and spaces apart."""
    wanted = fold_typographic(prefix).text.strip()
    return words_before(stream, candidate.start, len(wanted)).endswith(wanted)


def precedes(stream: Stream, candidate: Candidate, suffix: str) -> bool:
    """Whether a suffix stands directly after a candidate, typography and spaces apart."""
    wanted = fold_typographic(suffix).text.strip()
    return words_after(stream, candidate.end, len(wanted)).startswith(wanted)


def described(stream: Stream, candidate: Candidate) -> str:
    """A candidate in one line: paragraph id, speaker, and the words in brackets in their context."""
    placed = stream.paragraph_at(candidate.start)
    names = {speaker.id: speaker.name for speaker in stream.speakers}
    who = " and ".join(names.get(speaker, speaker) for speaker in placed.speaker_ids)
    before = stream.text[max(0, candidate.start - _CONTEXT) : candidate.start].rpartition(TURN_BREAK)[2]
    after = stream.text[candidate.end : candidate.end + _CONTEXT].partition(TURN_BREAK)[0]
    words = " [...] ".join(stream.text[span.start : span.end] for span in candidate.spans)
    left = "..." if candidate.start - len(before) > placed.start else ""
    right = "..." if candidate.end + len(after) < placed.end else ""
    line = f"{left}{before}[{words}]{after}{right}"
    return f"{placed.paragraph.id}  {who}  {' '.join(line.split())}"


def selecting_line(stream: Stream, candidate: Candidate, rivals: Sequence[Candidate]) -> str:
    """The shortest line of YAML that leaves only this candidate of `rivals` (itself among them)."""
    placed = stream.paragraph_at(candidate.start)
    others = [stream.paragraph_at(rival.start) for rival in rivals if rival is not candidate]
    if all(other.turn_id != placed.turn_id for other in others):
        return f"at: {placed.turn_id}"
    if all(other.paragraph.id != placed.paragraph.id for other in others):
        return f"at: {placed.paragraph.id}"
    occurrence = f"occurrence: {rivals.index(candidate) + 1}/{len(rivals)}"
    context = _distinguishing_context(stream, candidate, rivals)
    return f"{context}   or   {occurrence}" if context else occurrence


def _distinguishing_context(stream: Stream, candidate: Candidate, rivals: Sequence[Candidate]) -> str:
    others = [rival for rival in rivals if rival is not candidate]
    before = stream.text[: candidate.start].rpartition(TURN_BREAK)[2].split()
    after = stream.text[candidate.end :].partition(TURN_BREAK)[0].split(maxsplit=_MOST_CONTEXT_WORDS + 1)
    for count in range(1, _MOST_CONTEXT_WORDS + 1):
        prefix = " ".join(before[-count:])
        if prefix and not any(follows(stream, rival, prefix) for rival in others):
            return f"prefix: {_quoted(prefix + ' ')}"
        suffix = " ".join(after[:count])
        if suffix and not any(precedes(stream, rival, suffix) for rival in others):
            return f"suffix: {_quoted(' ' + suffix)}"
    return ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
