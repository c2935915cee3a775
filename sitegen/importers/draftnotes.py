"""Annotations before they have a place: what other tools say about passages, as values.

Formats are read elsewhere, and places are found in `placing`.
"""

from __future__ import annotations

from msgspec import Struct, field


class Spot(Struct, frozen=True):
    """A passage as a selector describes it.

    `source` is the address or name of the document, `fragment` an id in it; `start` and `end` count code points
    of the fragment's text. `problem` says why a selector cannot be used.
    """

    source: str = ""
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    fragment: str = ""
    start: int | None = None
    end: int | None = None
    speaker: str = ""
    problem: str = ""


class DraftNote(Struct, frozen=True):
    """A note, or an index entry (topics without a note), on one or more passages. `line` is the source's."""

    spots: tuple[Spot, ...]
    note: str = ""
    topics: tuple[str, ...] = ()
    kind: str = ""
    id: str = ""
    author: str = ""
    created: str = ""
    updated: str = ""
    language: str = ""
    links: tuple[str, ...] = ()
    line: int = 0


class Term(Struct, frozen=True):
    """An entry of a glossary: the word, other forms of it, and the definition in Markdown."""

    name: str
    definition: str
    aliases: tuple[str, ...] = ()
    line: int = 0


class Notes(Struct, frozen=True):
    """All that a file of annotations holds."""

    notes: tuple[DraftNote, ...] = ()
    terms: tuple[Term, ...] = field(default=())
