"""What a build writes, as values: a path and the function that renders it; and what became of it.

When to render is decided by the pipeline, where to write by `outfolder`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from msgspec import Struct

from sitegen.diagnostics import Checked, Diagnostic


class Shown(Struct, frozen=True):
    """What an output shows of the site besides registers, ordinary pages and what they lead to: the facts of
    transcripts, by ids, and what `beside` is a digest of."""

    transcripts: tuple[str, ...] = ()
    beside: str = ""


class Output(Struct, frozen=True):
    """A file of the site. `path` is relative to the output folder, `template` the one it is made by, if it is.

    `shows` says what it shows of the site; None if that may be anything.
    """

    path: str
    render: Callable[[], Checked[bytes]]
    template: str = ""
    shows: Shown | None = None


class Kept(Struct, frozen=True):
    """An output as it was rendered and kept, if it `is_there`. `data` are its bytes where they are kept in memory;
    `stamp` tells the file apart from a later one of the same path, where it is kept on a disk; `state` is what became
    of it there; `unit_id` is that of the unit it belongs to, if it does."""

    path: str
    unit_id: str = ""
    template: str = ""
    is_there: bool = True
    stamp: str = ""
    state: Literal["written", "unchanged", "left"] = "written"
    diagnostics: tuple[Diagnostic, ...] = ()
    data: bytes = b""


class Sink(Protocol):
    """Where outputs go as they are rendered. It can be sent to another process."""

    def put(self, path: str, data: bytes) -> Kept:
        """Keep the bytes of an output."""
        ...


class InMemory:
    """Keeps outputs as values."""

    def put(self, path: str, data: bytes) -> Kept:
        """The bytes themselves."""
        return Kept(path, data=data)


class Unkept:
    """Keeps nothing, for those who only want to know what is wrong."""

    def put(self, path: str, data: bytes) -> Kept:
        """That there was an output."""
        return Kept(path, state="left")
