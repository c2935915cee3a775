"""`transcript.vtt`: captions with voices (WebVTT), for transcripts in which every turn has a time.

A turn ends where the next one starts. The last one has no such end; it is given the time that its words
take at the rate below, and nothing else is estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sitegen.facts import AnnotatedTranscript
from sitegen.model import Turn

SECONDS_PER_WORD = 0.4


def is_timed(annotated: AnnotatedTranscript) -> bool:
    """Whether every turn has a time, and none starts before the one above it."""
    starts = [turn.start for turn in annotated.transcript.turns]
    known = [start for start in starts if start is not None]
    return bool(known) and len(known) == len(starts) and known == sorted(known)


def transcript_vtt(annotated: AnnotatedTranscript) -> bytes:
    """The captions, one cue a turn."""
    turns = annotated.transcript.turns
    names = {speaker.id: speaker.name for speaker in annotated.transcript.speakers}
    cues = []
    for turn, end in zip(turns, _ends(turns), strict=True):
        voice = escape(" and ".join(names.get(s, s) for s in turn.speaker_ids), quote=False)
        spoken = [p.plain for p in turn.paragraphs if p.kind == "speech"]
        text = "\n".join(escape(" ".join(words.split()), quote=False) for words in spoken)
        cues.append(f"{turn.id}\n{_clock(turn.start or 0)} --> {_clock(end)}\n<v {voice}>{text}</v>")
    return ("\n\n".join(["WEBVTT", *cues]) + "\n").encode()


def _ends(turns: Sequence[Turn]) -> list[float]:
    following = [turn.start or 0.0 for turn in turns[1:]]
    words = sum(len(paragraph.plain.split()) for paragraph in turns[-1].paragraphs)
    return [*following, (turns[-1].start or 0.0) + max(1.0, words * SECONDS_PER_WORD)]


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    whole = milliseconds // 1000
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{milliseconds % 1000:03}"
