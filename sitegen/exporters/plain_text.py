"""`transcript.txt`: the words with their printed labels, for reading, searching and pasting elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.edition import span_of_days
from sitegen.facts import AnnotatedTranscript
from sitegen.model import Event, Introduction, Part, Turn


def transcript_text(annotated: AnnotatedTranscript) -> bytes:
    """Title, date and place, then every block with an empty line between paragraphs."""
    transcript = annotated.transcript
    when = ", ".join(part for part in (span_of_days(transcript), transcript.place) if part)
    lines = [transcript.title, *([when] if when else []), *_blocks(annotated)]
    return ("\n\n".join(lines) + "\n").encode()


def _blocks(annotated: AnnotatedTranscript) -> Iterator[str]:
    for block in annotated.transcript.blocks:
        if isinstance(block, Part):
            yield block.title
        elif isinstance(block, Event):
            yield block.markup
        elif isinstance(block, Introduction):
            yield from (paragraph.plain for paragraph in block.paragraphs)
        else:
            yield from _turn(block)


def _turn(turn: Turn) -> Iterator[str]:
    first, *rest = turn.paragraphs or (None,)
    yield f"{turn.label}: {first.plain}" if first else f"{turn.label}:"
    yield from (paragraph.plain for paragraph in rest if paragraph)
