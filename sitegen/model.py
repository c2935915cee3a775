"""The domain's values: registers, transcripts and annotations, as read.

All are frozen; sequences are tuples. What a citation can be has a tag, so that as bytes the two can be told apart.
Dates are ISO 8601 texts of year, month or day precision, so that they sort as texts. Nothing here knows a file format,
a URL or HTML.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from sitegen.source import Location

# ---------------------------------------------------------------- registers


class Reference(Struct, frozen=True, tag_field="kind", tag=True):
    """An id as somebody wrote it, and where: a topic of a note, a source it cites."""

    id: str
    location: Location


class CrossReference(Struct, frozen=True):
    """A link by name in a Markdown text, such as `topic:space` or `transcript:hearing#smith-3`."""

    scheme: str
    id: str
    fragment: str
    location: Location

    @property
    def name(self) -> str:
        """The name that the link was written with."""
        return f"{self.scheme}:{self.id}" + (f"#{self.fragment}" if self.fragment else "")


class Prose(Struct, frozen=True):
    """A Markdown text with the links by name that stand in it."""

    markup: str
    links: tuple[CrossReference, ...] = ()


_NO_PROSE = Prose("")


class Role(Struct, frozen=True):
    """An office somebody held, from and to inclusive dates, either of them open when empty."""

    title: str
    start: str = ""
    end: str = ""

    def held_on(self, date: str) -> bool:
        """Whether the office was held on a date; an unknown date excludes nothing."""
        if not date:
            return True
        starts = not self.start or self.start[: len(date)] <= date[: len(self.start)]
        ends = not self.end or date[: len(self.end)] <= self.end[: len(date)]
        return starts and ends


class WebLink(Struct, frozen=True):
    """A labelled address outside the site."""

    label: str
    url: str


class Speaker(Struct, frozen=True):
    """A person, or an anonymous voice such as Question."""

    id: str
    name: str
    sort: str
    aliases: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    anonymous: bool = False
    links: tuple[WebLink, ...] = ()
    summary: Prose = _NO_PROSE
    location: Location | None = None


class Topic(Struct, frozen=True):
    """A heading of the topic index."""

    id: str
    name: str
    summary: Prose = _NO_PROSE
    broader: Reference | None = None
    see_also: tuple[Reference, ...] = ()
    aliases: tuple[str, ...] = ()
    location: Location | None = None


class Work(Struct, frozen=True, tag_field="kind", tag=True):
    """A cited source. `id` is empty when it was written out in a note instead of registered.

    `checked` is when its address was last tried, `dead` says that it no longer led there.
    """

    id: str
    title: str
    type: str = ""
    publisher: str = ""
    author: str = ""
    date: str = ""
    url: str = ""
    archived: str = ""
    accessed: str = ""
    checked: str = ""
    dead: bool = False
    language: str = ""
    note: str = ""
    location: Location | None = None


class Term(Struct, frozen=True):
    """A term of the glossary. `topic` is the topic that it belongs to."""

    id: str
    name: str
    definition: Prose
    aliases: tuple[str, ...] = ()
    citations: tuple[Reference | Work, ...] = ()
    topic: Reference | None = None
    location: Location | None = None


class NoteKind(Struct, frozen=True):
    """A kind of note, for instance context or disputed."""

    id: str
    name: str


class Settings(Struct, frozen=True):
    """What sitegen.yaml says about the site as a whole."""

    title: str
    description: str = ""
    url: str = ""
    language: str = "en"
    repository: str = ""
    branch: str = "main"
    publisher: str = ""
    licence: str = ""
    editorial: Literal["relaxed", "strict"] = "relaxed"
    kinds: tuple[NoteKind, ...] = ()


class Project(Struct, frozen=True):
    """The settings and registers of a site. `registers_topics` says whether topics.yaml exists."""

    settings: Settings
    speakers: tuple[Speaker, ...] = ()
    topics: tuple[Topic, ...] = ()
    works: tuple[Work, ...] = ()
    terms: tuple[Term, ...] = ()
    registers_topics: bool = False


# ---------------------------------------------------------------- transcripts

ParagraphKind = Literal["speech", "event", "cut", "break", "part"]


class Paragraph(Struct, frozen=True):
    """A paragraph of a turn or introduction: its Markdown, and the plain text that quotes refer to.

    Events, cuts, breaks and part headings that stand between the paragraphs of one turn are of their own
    kinds; breaks and cuts have no id.
    """

    id: str
    kind: ParagraphKind
    markup: str
    plain: str
    location: Location
    aka: tuple[str, ...] = ()


class Introduction(Struct, frozen=True):
    """What stands before the first label: nobody's words. Ids `intro-p1`, `intro-p2` …"""

    paragraphs: tuple[Paragraph, ...]


class Turn(Struct, frozen=True):
    """One utterance. `label` is as printed; `start` is in seconds; `aka` are former ids."""

    id: str
    speaker_ids: tuple[str, ...]
    label: str
    paragraphs: tuple[Paragraph, ...]
    location: Location
    start: float | None = None
    continues: str = ""
    aka: tuple[str, ...] = ()
    language: str = ""


class Event(Struct, frozen=True):
    """Applause, a cut or a break between turns."""

    kind: Literal["event", "cut", "break"]
    markup: str
    location: Location


class Part(Struct, frozen=True):
    """A heading between turns. `id` is `s-<slug>`."""

    id: str
    title: str
    location: Location


Block = Introduction | Turn | Event | Part


class Origin(Struct, frozen=True):
    """Where a transcript was taken from."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    archived: str = ""
    licence: str = ""
    retrieved: str = ""
    note: str = ""


class Media(Struct, frozen=True):
    """The recording of a transcript; `offset` is in seconds."""

    url: str
    type: str = ""
    offset: float = 0.0


class Transcript(Struct, frozen=True):
    """A transcript as read. `speakers` are those who take part, in the order in which they are declared
    or first speak; `date_end` is empty unless the transcript covers several days; `links` are those by name
    in the paragraphs."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    speakers: tuple[Speaker, ...]
    location: Location
    date: str = ""
    date_end: str = ""
    place: str = ""
    occasion: str = ""
    language: str = ""
    draft: bool = False
    origin: Origin = Origin()
    media: Media | None = None
    translation_of: str = ""
    topics: tuple[Reference, ...] = ()
    summary: Prose = _NO_PROSE
    links: tuple[CrossReference, ...] = ()
    aka: tuple[str, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns in document order."""
        return tuple(block for block in self.blocks if isinstance(block, Turn))


# ---------------------------------------------------------------- annotations

NoteStatus = Literal["published", "draft", "disputed", "withdrawn"]


class TextQuoteSelector(Struct, frozen=True):
    """The W3C Web Annotation selector of this name: the exact words, and what stands around them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class Target(Struct, frozen=True):
    """A passage a note speaks of: one selector, or several that follow each other over turns."""

    transcript_id: str
    selectors: tuple[TextQuoteSelector, ...]
    location: Location
    at: Reference | None = None
    speaker: Reference | None = None
    occurrence: Reference | None = None


class Revision(Struct, frozen=True):
    """An entry of a note's history."""

    date: str
    type: Literal["typo", "clarification", "correction", "withdrawal"]
    what: str
    by: str = ""


class Annotation(Struct, frozen=True):
    """A note (or, without `note`, an index entry) on one or more passages."""

    id: str
    targets: tuple[Target, ...]
    location: Location
    note: Prose = _NO_PROSE
    headline: str = ""
    kind: str = "context"
    kind_is_stated: bool = True
    topics: tuple[Reference, ...] = ()
    citations: tuple[Reference | Work, ...] = ()
    author: str = ""
    created: str = ""
    updated: str = ""
    status: NoteStatus = "published"
    weight: Literal["key", "normal"] = "normal"
    claim: str = ""
    record: str = ""
    as_of: str = ""
    review_by: str = ""
    related: tuple[Reference, ...] = ()
    language: str = ""
    history: tuple[Revision, ...] = ()
    aka: tuple[str, ...] = ()

    @property
    def is_note(self) -> bool:
        """Whether it has something to read; otherwise it is an index entry only."""
        return bool(self.note.markup)


class Page(Struct, frozen=True):
    """An ordinary page from content/pages."""

    id: str
    title: str
    body: Prose
    location: Location
    summary: str = ""
    order: int = 0
    language: str = ""
