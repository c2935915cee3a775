"""One transcript with the annotation files for it: read, joined, and reduced to what the rest of a site needs.

A pure function of a unit and of what it may know of the registers, so that units can be worked on in any
order, in several processes, or not at all when nothing in them has changed. Other units are not seen here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.annotations import Known, read_annotations, transcript_id_of
from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.edition import annotate, facts_of, seen_from_outside
from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.identifiers import is_id, slug_of
from sitegen.labels import Register
from sitegen.model import Annotation, Page, Transcript
from sitegen.sitefiles import Load, SiteFiles
from sitegen.transcripts import read_transcript

T = TypeVar("T", Transcript, Page)


class Unit(Struct, frozen=True):
    """The files of one transcript id: its transcripts (one, unless ids collide), the annotation files for it,
    and the annotations of other files that speak of it too."""

    id: str
    transcripts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    visitors: tuple[Annotation, ...] = ()


class Scope(Struct, frozen=True):
    """What reading a unit may know of the site: the registered speakers, what notes can name, and whether drafts
    count."""

    speakers: Register = field(default_factory=Register)
    known: Known = field(default_factory=Known)
    drafts: bool = False


class Reading(Struct, frozen=True):
    """What reading a unit gives: its facts if it has a transcript that counts, those of its annotations that have
    no passage in these facts, as seen from outside, and what is wrong with it. `exists` says whether there is a
    transcript of this id at all; `texts` are those of the passages in `facts`, `travellers` the annotations that speak
    of other transcripts too, and `sources` the paths and digests of the files that were read."""

    unit_id: str
    exists: bool
    facts: Facts | None
    annotations: tuple[Annotation, ...]
    diagnostics: tuple[Diagnostic, ...]
    texts: tuple[str, ...] = ()
    travellers: tuple[Annotation, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    @property
    def written_here(self) -> tuple[Annotation, ...]:
        """The annotations of its files that count, as seen from outside."""
        seen = (passage.annotation for passage in self.facts.passages) if self.facts else ()
        return (*self.annotations, *(a for a in seen if transcript_id_of(a.location.path) == self.unit_id))


def units_of(files: SiteFiles) -> tuple[Unit, ...]:
    """The units of a site by id, without visitors, which only reading finds."""
    by_id: dict[str, Unit] = {}
    for path in files.transcripts:
        identity = transcript_id(path)
        unit = by_id.get(identity, Unit(identity))
        by_id[identity] = replace(unit, transcripts=(*unit.transcripts, path))
    for path in files.annotations:
        home = transcript_id_of(path)
        unit = by_id.get(home, Unit(home))
        by_id[home] = replace(unit, files=(*unit.files, path))
    return tuple(by_id[identity] for identity in sorted(by_id))


def visitors_of(travellers: Iterable[Annotation], drafts: bool) -> dict[str, tuple[Annotation, ...]]:
    """From the ids of transcripts to the annotations in files for others that speak of them."""
    visiting: dict[str, list[Annotation]] = {}
    for note in counted(sorted(travellers, key=lambda note: note.location), drafts):
        home = transcript_id_of(note.location.path)
        for other in dict.fromkeys(target.transcript_id for target in note.targets):
            if other != home:
                visiting.setdefault(other, []).append(note)
    return {identity: tuple(notes) for identity, notes in visiting.items()}


def transcript_id(path: str) -> str:
    """The id of the transcript in a file."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    return stem if is_id(stem) else slug_of(stem) or "transcript"


def spoken_of(note: Annotation) -> set[str]:
    """The ids of the transcripts that an annotation speaks of."""
    return {target.transcript_id for target in note.targets}


def counted(annotations: Iterable[Annotation], drafts: bool) -> tuple[Annotation, ...]:
    """Annotations without those that are drafts, unless they are asked for."""
    return tuple(note for note in annotations if drafts or note.status != "draft")


def read_unit(unit: Unit, scope: Scope, load: Load) -> tuple[Reading, AnnotatedTranscript | None]:
    """The reading of a unit, and its transcript with its notes."""
    loaded = {path: load(path) for path in (*unit.transcripts, *unit.files)}
    sources = {path: one.value for path, one in loaded.items() if one.value is not None}
    transcripts = [read_transcript(sources[path], scope.speakers) for path in unit.transcripts if path in sources]
    files = [read_annotations(sources[path], scope.known) for path in unit.files if path in sources]
    distinct = unique((one.value for one in transcripts if one.value is not None), "transcript")
    every_note = [note for file in files for note in file.value]
    notes = counted(every_note, scope.drafts)
    problems = [d for one in loaded.values() for d in one.diagnostics]
    problems += [
        *(d for read in transcripts for d in read.diagnostics),
        *(d for read in files for d in read.diagnostics),
    ]
    problems += distinct.diagnostics
    chosen = next((one for one in distinct.value if scope.drafts or not one.draft), None)
    joined = None
    if chosen is not None:
        here = [note for note in notes if unit.id in spoken_of(note)]
        joined = annotate(chosen, sorted((*here, *unit.visitors), key=lambda note: note.location))
        problems += joined.diagnostics
    placed = [note.annotation for note in joined.value.notes] if joined else []
    ids = set(map(id, placed))  # which of these very notes
    reading = Reading(
        unit_id=unit.id,
        exists=bool(distinct.value),
        facts=facts_of(joined.value) if joined else None,
        annotations=tuple([seen_from_outside(note) for note in notes if id(note) not in ids]),
        diagnostics=tuple(problems),
        texts=tuple([note.note.markup for note in placed]),
        travellers=tuple([note for note in every_note if spoken_of(note) != {unit.id}]),
        sources=tuple((path, source.digest) for path, source in sources.items()),
    )
    return reading, joined.value if joined else None


def unique(found: Iterable[T], what: str) -> Checked[tuple[T, ...]]:
    """The first transcript or page of each id; further ones are reported."""
    first: dict[str, T] = {}
    problems = []
    for one in found:
        other = first.setdefault(one.id, one)
        if other is not one:
            message = f"the {what} id '{one.id}' is taken by {other.location.path}"
            related = [Related("the other file", other.location)]
            problems.append(problem("duplicate-id", one.location, message, "rename one file", related=related))
    return Checked(tuple(first.values()), tuple(problems))
