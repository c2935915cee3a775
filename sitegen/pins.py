"""Pins in the text of a transcript: reading and writing `{#id aka=former-id}` at labels and paragraphs.

Every other character of the file stays. Which ids things should have is decided in `permalinks`.
"""

from __future__ import annotations

from msgspec import Struct

from sitegen.labels import ATTRIBUTES
from sitegen.model import Paragraph, Turn
from sitegen.source import Edit, Source
from sitegen.turns import PARAGRAPH_PIN

_COLONS = ":\uff1a"


class Pin(Struct, frozen=True):
    """The attributes of a label or paragraph, and the range of the file they take, empty if there are none."""

    id: str
    aka: tuple[str, ...]
    others: tuple[str, ...]
    start: int
    end: int


class PinnedText:
    """A transcript's file, in which pins are found by line."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._starts = source.line_starts()

    def pin_of_turn(self, turn: Turn) -> Pin:
        """The pin at a turn's label."""
        start = self._starts[turn.location.line - 1] + turn.location.column - 1
        label = self.source.text[start : start + turn.location.end_column - turn.location.column]
        found = ATTRIBUTES.search(label)
        if found:
            return _pin(found["inside"], start + found.start(), start + found.end())
        colon = max(label.rfind(character) for character in _COLONS)
        # In `**Label**:` the attributes go inside the stars, where the label ends.
        before = label[:colon].removesuffix("**")
        return _pin("", start + len(before), start + len(before))

    def pin_of_paragraph(self, paragraph: Paragraph) -> Pin:
        """The pin at a paragraph's end."""
        last_line = paragraph.location.line + paragraph.markup.count("\n")
        start = self._starts[last_line - 1]
        end = self._starts[last_line] if last_line < len(self._starts) else len(self.source.text)
        line = self.source.text[start:end].rstrip()
        found = PARAGRAPH_PIN.search(line)
        if found:
            return _pin(found["inside"], start + found.start() + found[0].index("{"), start + len(line))
        return _pin("", start + len(line), start + len(line))

    def edit(self, pin: Pin, id: str, aka: tuple[str, ...]) -> Edit:
        """The edit that makes a pin say this id (none if empty) and these former ids."""
        words = ([f"#{id}"] if id else []) + ([f"aka={','.join(aka)}"] if aka else [])
        written = "{" + " ".join((*words, *pin.others)) + "}"
        space = "" if pin.end > pin.start else " "
        return Edit(self.source.path, pin.start, pin.end, space + written)


def _pin(inside: str, start: int, end: int) -> Pin:
    words = inside.split()
    id = next((word[1:] for word in words if word.startswith("#")), "")
    aka = next((word[4:] for word in words if word.startswith("aka=")), "")
    others = tuple(word for word in words if not word.startswith(("#", "aka=")))
    return Pin(id, tuple(name for name in aka.split(",") if name), others, start, end)
