"""`transcript.txt`: the words with their printed labels, for reading, searching and pasting elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.edition import span_of_days
from sitegen.facts import AnnotatedTranscript
from sitegen.model import Event, Part, Turn


def transcript_text(annotated: AnnotatedTranscript) -> bytes:
    """Title, date and place, then every block with an empty line between paragraphs."""
    transcript = annotated.transcript
    when = ", ".join(part for part in (span_of_days(transcript), transcript.place) if part)
    pieces = [transcript.title, *([when] if when else []), *_blocks(annotated)]
    return b"\n\n".join([piece.encode() for piece in pieces]) + b"\n"  # most are ASCII, which is only copied


def _blocks(annotated: AnnotatedTranscript) -> Iterator[str]:
    for block in annotated.transcript.blocks:
        if isinstance(block, Turn):
            words = [paragraph.plain for paragraph in block.paragraphs]
            yield f"{block.label}: {words[0]}" if words else f"{block.label}:"
            yield from words[1:]
        elif isinstance(block, Part):
            yield block.title
        elif isinstance(block, Event):
            yield block.markup
        else:
            yield from [paragraph.plain for paragraph in block.paragraphs]
