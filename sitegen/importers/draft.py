"""What an importer is given and what it gives back: raw bytes in, a draft of a transcript and a report out.

Nothing here parses or writes a format; drafts know no ids of turns and no Markdown of their own making.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from sitegen.model import Media, Origin, Speaker
from sitegen.source import Location, Source

FindingKind = Literal["recognised", "dropped", "doubtful"]
NO_ORIGIN = Origin()
PassageKind = Literal["speech", "quotation", "note", "cut", "break", "part"]


class Raw(Struct, frozen=True):
    """A file to import: its name (a path or address, for messages and for the id), its bytes, and the file
    of front matter beside it, if there is one."""

    name: str
    data: bytes
    beside: Source | None = None

    def at(self, line: int, column: int = 1) -> Location:
        """A place in this file; lines and columns count from 1."""
        return Location.at(self.name, max(1, line), max(1, column))


class Context(Struct, frozen=True):
    """What the site knows before the import: its register of speakers."""

    speakers: tuple[Speaker, ...] = ()


class Finding(Struct, frozen=True):
    """A line of the report. `what` names the kind of thing (`title`, `page chrome`); `text` is an excerpt.

    Lines are those of the source, from 1; 0 where the source has no lines (a Word file).
    """

    kind: FindingKind
    what: str
    text: str
    line: int = 0
    end_line: int = 0


class Passage(Struct, frozen=True):
    """A paragraph. A line feed in `text` is a line break that must stay (verse, an address).

    `note` is anything nobody said: applause, procedure, a caption of the source. `markdown` says that the
    text is Markdown already; otherwise it is plain text and every character stands for itself. A `part` is a
    heading in the middle of a turn; `level` is its level.
    """

    text: str
    kind: PassageKind = "speech"
    line: int = 0
    markdown: bool = False
    level: int = 0


class Voice(Struct, frozen=True):
    """Who speaks. `key` identifies the voice within its draft; `labels` are all ways it was printed.

    `register_id` is set when the voice is a person of the site's register; `id` where the file itself has an id
    of the kind that sitegen gives.
    """

    key: str
    name: str
    labels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    anonymous: bool = False
    register_id: str = ""
    id: str = ""


class DraftTurn(Struct, frozen=True):
    """One utterance: the keys of its voices, the label as printed, its passages; `start` in seconds.

    `id` is empty unless the turn's id has to be pinned.
    """

    voices: tuple[str, ...]
    label: str
    passages: tuple[Passage, ...]
    line: int = 0
    start: float | None = None
    language: str = ""
    id: str = ""
    aka: tuple[str, ...] = ()
    continues: str = ""


class DraftPart(Struct, frozen=True):
    """A heading; `level` is 2 for the parts of a transcript and more for parts of parts."""

    title: str
    level: int = 2
    line: int = 0


Block = DraftTurn | DraftPart | Passage


class Draft(Struct, frozen=True):
    """A transcript as far as its file tells. What is not in the file is empty.

    Passages before the first turn are the introduction. `stem` is the file name's or a better proposal for
    the transcript's id. `terms` are the keys of a glossary that the text refers to; `entries` are numbers of
    turns, from 0, with the topics they are to be indexed under. `extra` are further keys of the front matter.
    """

    blocks: tuple[Block, ...]
    voices: tuple[Voice, ...] = ()
    title: str = ""
    stem: str = ""
    date: str = ""
    date_end: str = ""
    place: str = ""
    occasion: str = ""
    language: str = ""
    summary: str = ""
    origin: Origin = NO_ORIGIN
    media: Media | None = None
    topics: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    entries: tuple[tuple[int, tuple[str, ...]], ...] = ()
    extra: tuple[tuple[str, object], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def turns(self) -> tuple[DraftTurn, ...]:
        """The turns in document order."""
        return tuple(block for block in self.blocks if isinstance(block, DraftTurn))


def excerpt(text: str, width: int = 80) -> str:
    """The beginning of a text on one line, cut at a space."""
    line = " ".join(text[: 4 * width].split())
    return line if len(line) <= width else line[:width].rsplit(" ", 1)[0] + " …"
