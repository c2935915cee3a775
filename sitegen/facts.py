"""What joining transcripts and annotations gives: anchors, notes, facts, the topic index, the edition.

Frozen values like those of `model`, from which pages are planned. How they are found is not known here.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Annotation, CrossReference, Page, Project, Reference, Speaker, Target, Topic, Transcript
from sitegen.source import Location


class Anchor(Struct, frozen=True):
    """A range of one paragraph that a note speaks of; offsets count code points of `Paragraph.plain`."""

    annotation_id: str
    turn_id: str
    paragraph_id: str
    start: int
    end: int


class Note(Struct, frozen=True):
    """An annotation that found its words. `number` is shown and never an id; index entries have 0.

    `passages` are the ranges of each passage it speaks of, in document order.
    """

    number: int
    annotation: Annotation
    passages: tuple[tuple[Anchor, ...], ...]
    quote: str

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The ranges of all passages."""
        return tuple([anchor for passage in self.passages for anchor in passage])


class Missed(Struct, frozen=True):
    """A passage of an annotation whose words were not found where they should be."""

    annotation: Annotation
    target: Target


class AnnotatedTranscript(Struct, frozen=True):
    """A transcript with its notes in reading order, those that found no place, and the passages missed."""

    transcript: Transcript
    notes: tuple[Note, ...]
    unplaced: tuple[Annotation, ...] = ()
    missed: tuple[Missed, ...] = ()


class Locator(Struct, frozen=True):
    """A citable place."""

    transcript_id: str
    turn_id: str
    paragraph_id: str
    annotation_id: str = ""


class Passage(Struct, frozen=True):
    """A noted or indexed passage as other pages see it: its annotation is `seen_from_outside`.

    `language` is that of its words, empty where it is the site's.
    """

    locator: Locator
    annotation: Annotation
    number: int
    speaker_ids: tuple[str, ...]
    quote: str
    language: str

    @property
    def name(self) -> str:
        """What a link to it says: what its note says in one sentence, else its words."""
        return self.annotation.headline or self.quote

    @property
    def name_language(self) -> str:
        """The language of its name."""
        return self.annotation.language if self.annotation.headline else self.language


class Participation(Struct, frozen=True):
    """What one speaker did in one transcript. `role` is the office held that day, `label` as first printed."""

    speaker: Speaker
    role: str
    label: str
    turns: int
    words: int
    turn_ids: tuple[str, ...]


class Facts(Struct, frozen=True):
    """All that any other page may know of a transcript. `gaps` counts passages marked as unclear."""

    transcript_id: str
    location: Location
    title: str
    date: str
    date_end: str
    place: str
    summary: str
    language: str
    participations: tuple[Participation, ...]
    words: int
    turns: int
    gaps: int
    topics: tuple[Reference, ...]
    passages: tuple[Passage, ...]
    anchors: tuple[str, ...]
    links: tuple[CrossReference, ...] = ()
    unplaced: tuple[Annotation, ...] = ()
    missed: tuple[Missed, ...] = ()
    aka: tuple[str, ...] = ()
    translation_of: str = ""


def outline(facts: Facts) -> Facts:
    """What a neighbour may know of a transcript: its title and date."""
    return replace(
        facts,
        participations=(),
        passages=(),
        anchors=(),
        links=(),
        unplaced=(),
        topics=(),
        words=0,
        turns=0,
        summary="",
        translation_of="",
    )


class IndexEntry(Struct, frozen=True):
    """A heading of the topic index with its passages, in document order by date."""

    topic: Topic
    passages: tuple[Passage, ...]
    narrower: tuple[str, ...] = ()
    transcript_ids: tuple[str, ...] = ()


class SeeReference(Struct, frozen=True):
    """`name, see topic`: an alias of a topic, without passages of its own."""

    name: str
    topic_id: str


class TopicIndex(Struct, frozen=True):
    """The index: entries sorted letter by letter, and the see references among them."""

    entries: tuple[IndexEntry, ...] = ()
    see: tuple[SeeReference, ...] = ()


class Edition(Struct, frozen=True):
    """The whole site as values: what pages are planned from."""

    project: Project
    facts: tuple[Facts, ...]
    index: TopicIndex
    pages: tuple[Page, ...] = ()
