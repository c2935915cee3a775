"""The stages of a build in their order: read, annotate, index, plan, render.

A build is a pure function of a snapshot; nothing here reads a disk, a clock or the environment.
"""

from __future__ import annotations

from msgspec import Struct

from sitegen.annotations import Known, read_annotations
from sitegen.conclusion import conclude, explained, plan, problems_between, unique_outputs
from sitegen.diagnostics import Checked, Diagnostic, in_order
from sitegen.edition import annotate
from sitegen.facts import AnnotatedTranscript, Edition
from sitegen.model import Annotation, Project, Transcript
from sitegen.outputs import Output
from sitegen.pages.around import surroundings_of
from sitegen.preparation import Options, prepare, visited
from sitegen.rendering import plan_unit
from sitegen.sitefiles import (
    ANNOTATIONS,
    TRANSCRIPTS,
    in_memory,
    is_about_files,
    is_annotation_file,
)
from sitegen.source import Snapshot, Source
from sitegen.strays import homeless
from sitegen.transcripts import read_transcript
from sitegen.units import (
    counted,
    unique,
    visitors_of,
)


class Inputs(Struct, frozen=True):
    """The registers of a snapshot with everything that they are used by."""

    project: Project
    transcripts: tuple[Transcript, ...]
    annotations: tuple[Annotation, ...]


class Build(Struct, frozen=True):
    """A finished plan: the outputs in order of their paths, and everything found wrong before rendering."""

    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    edition: Edition


def build(snapshot: Snapshot, options: Options) -> Build:
    """Read, annotate, index, check and plan; rendering is left to `render`."""
    prepared = prepare(in_memory(snapshot), options)
    read = {unit.id: prepared.read(unit) for unit in prepared.units}
    visitors = visitors_of((note for reading, _ in read.values() for note in reading.travellers), options.drafts)
    read |= {unit.id: prepared.read(unit) for unit in visited(prepared.units, visitors)}
    readings = [reading for reading, _ in read.values()]
    site = conclude(prepared, readings)
    between = problems_between(prepared, readings, site)
    better = explained(prepared, readings)
    of_units = (better.get(d, d) for reading in readings for d in reading.diagnostics)
    outputs: list[Output] = []
    for facts, surroundings in surroundings_of(site):
        annotated = read[facts.transcript_id][1]
        if annotated:
            outputs += plan_unit(prepared.grounds.around(facts, surroundings), annotated, facts)
    unique = unique_outputs((*outputs, *plan(site)))
    diagnostics = in_order((*prepared.diagnostics, *of_units, *between, *unique.diagnostics))
    return Build(unique.value, diagnostics, site.edition)


def annotation_files(snapshot: Snapshot) -> dict[str, Source]:
    """The files of annotations by path, registers left out."""
    return {s.path: s for s in snapshot.under(ANNOTATIONS, ".yaml") if is_annotation_file(s.path)}


def transcript_files(snapshot: Snapshot) -> tuple[Source, ...]:
    """The files of transcripts."""
    return tuple(s for s in snapshot.under(TRANSCRIPTS, ".md") if not is_about_files(s.path))


def read(snapshot: Snapshot, options: Options) -> Checked[Inputs]:
    """All files as values; drafts are left out unless asked for."""
    prepared = prepare(in_memory(snapshot), options)
    known = Known(prepared.scope.known.kinds)
    files = annotation_files(snapshot)
    transcripts = [read_transcript(source, prepared.scope.speakers) for source in transcript_files(snapshot)]
    notes = [read_annotations(source, known) for source in files.values()]
    distinct = unique([t.value for t in transcripts if t.value is not None], "transcript")
    every_note = sorted((note for file in notes for note in file.value), key=lambda note: note.location)
    problems = [
        *prepared.diagnostics,
        *(d for file in transcripts for d in file.diagnostics),
        *(d for file in notes for d in file.diagnostics),
        *distinct.diagnostics,
        *homeless(files, every_note, sorted(t.id for t in distinct.value)),
    ]
    inputs = Inputs(
        prepared.grounds.project,
        tuple(t for t in distinct.value if options.drafts or not t.draft),
        counted(every_note, options.drafts),
    )
    return Checked(inputs, tuple(problems))


def join(inputs: Inputs) -> Checked[tuple[AnnotatedTranscript, ...]]:
    """Each transcript with the annotations that speak of it, by date and id."""
    speaking_of: dict[str, list[Annotation]] = {}
    for note in inputs.annotations:
        for transcript_id in dict.fromkeys(target.transcript_id for target in note.targets):
            speaking_of.setdefault(transcript_id, []).append(note)
    ordered = sorted(inputs.transcripts, key=lambda transcript: (transcript.date, transcript.id))
    joined = [annotate(transcript, speaking_of.get(transcript.id, ())) for transcript in ordered]
    return Checked(tuple(one.value for one in joined), tuple(d for one in joined for d in one.diagnostics))
