"""A text that knows where it came from, and edits to it as values.

Offsets are code points of `Source.text`; lines and columns count from 1 in characters. Nothing here
reads or writes a file, and nothing here knows what the text means.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

BYTE_ORDER_MARK = "\ufeff"

_LINE_END = re.compile("\n")
_NONCHARACTERS = "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
CONTROL = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONCHARACTERS}]")
"""Characters that neither HTML nor XML allows in a text."""


def digest(data: bytes) -> str:
    """The first 128 bits of the SHA-256, in hexadecimal, by which contents are compared: of the digests that are safe
    against collisions made on purpose the fastest, where processors have instructions for it."""
    return hashlib.sha256(data).hexdigest()[:32]


class Location(Struct, frozen=True, order=True):
    """A range of a file: 1-based lines and columns, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, path: str, line: int = 1, column: int = 1, length: int = 0) -> Location:
        """A location within one line."""
        return cls(path, line, column, line, column + length)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@lru_cache(maxsize=4)
def _line_starts(text: str) -> tuple[int, ...]:
    # Readers ask for hundreds of places of one file after another.
    return (0, *[match.end() for match in _LINE_END.finditer(text)])


class Source(Struct, frozen=True):
    """One input file, decoded. `path` is relative to the site folder, with forward slashes.

    A byte order mark is remembered in `bom` and is not part of `text`; line endings are kept.
    """

    path: str
    text: str
    digest: str
    bom: bool = False

    @classmethod
    def of(cls, path: str, text: str) -> Source:
        """A source from a text, as if it had been read from a UTF-8 file."""
        bom = text.startswith(BYTE_ORDER_MARK)
        return cls(path, text.removeprefix(BYTE_ORDER_MARK), digest(text.encode()), bom)

    def with_text(self, text: str) -> Source:
        """The same file with another text."""
        return replace(self, text=text, digest=digest(((BYTE_ORDER_MARK if self.bom else "") + text).encode()))

    def location(self, start: int, end: int | None = None) -> Location:
        """Where the characters from `start` up to `end` (default: an empty range) stand."""
        starts, size = _line_starts(self.text), len(self.text)
        if not 0 <= start <= size:
            start = max(0, min(start, size))
        last = start if end is None or end <= start else min(end, size)
        line = end_line = bisect_right(starts, start)
        if line < len(starts) and last >= starts[line]:
            end_line = bisect_right(starts, last)
        return Location(self.path, line, start - starts[line - 1] + 1, end_line, last - starts[end_line - 1] + 1)

    def line_starts(self) -> tuple[int, ...]:
        """The offsets at which lines begin; of line 1 first."""
        return _line_starts(self.text)


class Asset(Struct, frozen=True):
    """A file of a theme that is not text, such as an image."""

    path: str
    data: bytes


class Snapshot(Struct, frozen=True):
    """All inputs of a build as they were at one moment: the site's files, and those of the built-in theme.

    `assets` are the images and fonts of the built-in theme and, after them, of the site's own; `unread` are
    the paths of files in the site's folders that are no texts that sitegen knows; `compiled` is what earlier builds of
    any site made of the built-in templates.
    """

    sources: tuple[Source, ...]
    theme: tuple[Source, ...] = ()
    assets: tuple[Asset, ...] = ()
    unread: tuple[str, ...] = ()
    compiled: Mapping[str, bytes] = field(default_factory=dict)

    def source(self, path: str) -> Source | None:
        """The site's file at `path`, if there is one."""
        return next((source for source in self.sources if source.path == path), None)

    def digests(self) -> dict[str, str]:
        """The digest of each of the site's files."""
        texts = {source.path: source.digest for source in self.sources}
        return texts | {asset.path: digest(asset.data) for asset in self.assets}

    def under(self, folder: str, suffix: str) -> tuple[Source, ...]:
        """The site's files with a suffix anywhere below a folder, by path."""
        found = (s for s in self.sources if s.path.startswith(f"{folder}/") and s.path.endswith(suffix))
        return tuple(sorted(found, key=lambda source: source.path))


class Edit(Struct, frozen=True, order=True):
    """Replace the characters of `path` from `start` up to `end` by `text`."""

    path: str
    start: int
    end: int
    text: str


def splice(text: str, edits: Iterable[Edit]) -> str:
    """`text` with `edits` applied; every other character stays. Overlapping edits raise ValueError."""
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits):
        if edit.start < position or edit.end < edit.start or edit.end > len(text):
            raise ValueError(f"edits overlap or leave the text at {edit.start}")
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])
