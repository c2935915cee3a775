"""One transcript with the annotation files for it: read, joined, and reduced to what the rest of a site needs.

A pure function of a unit and of what it may know of the registers, so that units can be worked on in any
order, in several processes, or not at all when nothing in them has changed. Other units are not seen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sitegen.annotations import read_annotations, transcript_id_of
from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.edition import NOWHERE, annotate, facts_of
from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.identifiers import is_id, slug_of
from sitegen.labels import Register
from sitegen.model import Annotation, Page, Reference, Transcript, Work
from sitegen.source import Source
from sitegen.transcripts import read_transcript

T = TypeVar("T", Transcript, Page)

# A note that speaks of another transcript names it under `also`; a key can be written with escapes, too.
_MAY_TRAVEL = re.compile(r"also.*transcript|transcript.*also|\"[^\"\n]*\\[^\"\n]*\"\s*:", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unit:
    """The files of one transcript id: its transcripts (one, unless ids collide), the annotation files for it,
    and the annotations of other files that speak of it too."""

    id: str
    transcripts: tuple[Source, ...] = ()
    files: tuple[Source, ...] = ()
    visitors: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What reading a unit may know of the site: the registered speakers, the kinds of notes, the ids of the
    registers of topics and works, and whether drafts count."""

    speakers: Register = field(default_factory=Register)
    kinds: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    works: frozenset[str] = frozenset()
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a unit gives: its facts if it has a transcript that counts, its annotations as checks see
    them, and what is wrong with it. `exists` says whether there is a transcript of this id at all."""

    unit_id: str
    exists: bool
    facts: Facts | None
    annotations: tuple[Annotation, ...]
    diagnostics: tuple[Diagnostic, ...]


def units_of(
    transcripts: Iterable[Source], files: Iterable[Source], kinds: tuple[str, ...], drafts: bool
) -> tuple[tuple[Unit, ...], tuple[Annotation, ...]]:
    """The units of a site by id, and the annotations that speak of other transcripts than their file is for,
    which a look at the files finds."""
    by_id: dict[str, Unit] = {}
    visitors: dict[str, list[Annotation]] = {}
    travellers: list[Annotation] = []
    for source in transcripts:
        identity = transcript_id(source.path)
        unit = by_id.get(identity, Unit(identity))
        by_id[identity] = replace(unit, transcripts=(*unit.transcripts, source))
    for source in files:
        home = transcript_id_of(source.path)
        unit = by_id.get(home, Unit(home))
        by_id[home] = replace(unit, files=(*unit.files, source))
        notes = read_annotations(source, kinds).value if _MAY_TRAVEL.search(source.text) else ()
        for note in notes:
            others = dict.fromkeys(target.transcript_id for target in note.targets if target.transcript_id != home)
            travellers += [note] if others else []
            for other in others if counted([note], drafts) else ():
                visitors.setdefault(other, []).append(note)
    for identity, visiting in visitors.items():
        by_id[identity] = replace(by_id.get(identity, Unit(identity)), visitors=tuple(visiting))
    return tuple(by_id[identity] for identity in sorted(by_id)), tuple(travellers)


def transcript_id(path: str) -> str:
    """The id of the transcript in a file."""
    stem = path.rpartition("/")[2].removesuffix(".md")
    return stem if is_id(stem) else slug_of(stem) or "transcript"


def counted(annotations: Iterable[Annotation], drafts: bool) -> tuple[Annotation, ...]:
    """Annotations without those that are drafts, unless they are asked for."""
    return tuple(note for note in annotations if drafts or note.status != "draft")


def read_unit(unit: Unit, scope: Scope) -> tuple[Reading, AnnotatedTranscript | None]:
    """The reading of a unit, and its transcript with its notes."""
    transcripts = [read_transcript(source, scope.speakers) for source in unit.transcripts]
    files = [read_annotations(source, scope.kinds) for source in unit.files]
    distinct = unique((one.value for one in transcripts if one.value is not None), "transcript")
    notes = counted((note for file in files for note in file.value), scope.drafts)
    problems = [d for read in transcripts for d in read.diagnostics]
    problems += [*(d for read in files for d in read.diagnostics), *distinct.diagnostics]
    known: dict[str, Reference] = {}
    annotations = tuple(as_checked(note, scope, known) for note in notes)
    chosen = next((one for one in distinct.value if scope.drafts or not one.draft), None)
    if chosen is None:
        return Reading(unit.id, bool(distinct.value), None, annotations, tuple(problems)), None
    here = [note for note in notes if any(target.transcript_id == unit.id for target in note.targets)]
    joined = annotate(chosen, sorted((*here, *unit.visitors), key=lambda note: note.location))
    facts = facts_of(joined.value)
    return Reading(unit.id, True, facts, annotations, (*problems, *joined.diagnostics)), joined.value


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


def as_checked(annotation: Annotation, scope: Scope, known: dict[str, Reference]) -> Annotation:
    """An annotation without what no check looks at, so that it is light to carry: references that are right need
    no place, and are shared."""

    def shared(reference: Reference, register: frozenset[str]) -> Reference:
        if reference.id not in register:
            return reference
        return known.setdefault(reference.id, Reference(reference.id, NOWHERE))

    return replace(
        annotation,
        targets=(),
        note=replace(annotation.note, markup=annotation.note.markup[:1]),
        headline="",
        topics=tuple(shared(topic, scope.topics) for topic in annotation.topics),
        citations=tuple(c if isinstance(c, Work) else shared(c, scope.works) for c in annotation.citations),
        history=(),
    )
