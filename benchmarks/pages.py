"""A look at what a generator built, so that only like is compared with like.

All put transcripts, topics and speakers at the same addresses, whatever their templates make of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.archive import Archive, Hearing


def lacking(archive: Archive, hearing: Hearing, output: Path) -> str | None:
    """The first thing that pages should say of a transcript and do not, in words."""
    return next(_lacking(archive, hearing, output), None)


def _lacking(archive: Archive, hearing: Hearing, output: Path) -> Iterator[str]:
    text = _text(output / f"transcripts/{hearing.id}/index.html")
    words = set(text.split())
    for _, paragraphs in hearing.turns:
        gone = set(" ".join(paragraphs).replace("*", "").split()) - words
        if len(gone) > len(hearing.notes):  # a footnote's number may touch a word
            yield f"words of {hearing.id}: {sorted(gone)[:9]}"
    for note in hearing.notes:
        speaker = hearing.turns[note.turn][0]
        for place in (f"transcripts/{hearing.id}", f"speakers/{speaker}", *(f"topics/{t}" for t in note.topics)):
            if note.headline not in _text(output / place / "index.html"):
                yield f"the headline of {note.id} in {place}"
        if not all(archive.works[work][0] in text for work in note.works):
            yield f"the sources of {note.id} in its page"


def _text(path: Path) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))
