"""The stages of a build in their order: read, annotate, index, plan, render.

A build is a pure function of a snapshot; nothing here reads a disk, a clock or the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from sitegen.addresses import page_of, places_of, transcript_page
from sitegen.annotations import FOLDER as ANNOTATIONS
from sitegen.annotations import read_annotations
from sitegen.articles import FOLDER as PAGES
from sitegen.articles import read_page
from sitegen.checks import Subject, check
from sitegen.diagnostics import Checked, Diagnostic, in_order, problem
from sitegen.drift import Library, improved, propose
from sitegen.edition import annotate
from sitegen.exporters import plan_exports, plan_transcript_exports
from sitegen.facts import AnnotatedTranscript, Edition, Facts
from sitegen.labels import Register
from sitegen.model import Annotation, Page, Project, Settings, Transcript
from sitegen.outputs import Output
from sitegen.pages import Site, around, plan_pages, plan_transcript
from sitegen.project import TOPICS_PATH, read_project
from sitegen.source import Location, Snapshot, Source
from sitegen.strays import homeless, is_about_files, misplaced
from sitegen.templating import FOLDER as TEMPLATES
from sitegen.templating import Theme, theme_of
from sitegen.topics import index_topics
from sitegen.transcripts import FOLDER as TRANSCRIPTS
from sitegen.transcripts import read_transcript
from sitegen.units import Reading, Scope, Unit, counted, read_unit, unique, units_of

_REGISTERS = frozenset({"annotations/topics.yaml", "annotations/sources.yaml", "annotations/glossary.yaml"})


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line can change about a build: the public address, and whether drafts count."""

    url: str = ""
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything read from a snapshot."""

    project: Project
    transcripts: tuple[Transcript, ...]
    annotations: tuple[Annotation, ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is read before any transcript: the registers, the pages, the theme, and the units to read."""

    project: Project
    pages: tuple[Page, ...]
    theme: Theme
    units: tuple[Unit, ...]
    scope: Scope
    topics_end: tuple[str, int] | None
    travellers: tuple[Annotation, ...]
    files: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...]

    def transcript(self, source: Source) -> Transcript | None:
        """The transcript in a file."""
        return read_transcript(source, self.scope.speakers).value


@dataclass(frozen=True, slots=True)
class Build:
    """A finished plan: the outputs in order of their paths, and everything found wrong before rendering."""

    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    edition: Edition


def build(snapshot: Snapshot, options: Options) -> Build:
    """Read, annotate, index, check and plan; rendering is left to `render`."""
    prepared = prepare(snapshot, options)
    read = [read_unit(unit, prepared.scope) for unit in prepared.units]
    concluded = conclude(prepared, [reading for reading, _ in read])
    annotated = {one.transcript.id: one for _, one in read if one is not None}
    parts = around(concluded.value)
    of_transcripts = [o for facts, part in parts for o in plan_unit(part, annotated[facts.transcript_id], facts)]
    outputs = unique_outputs([*plan(concluded.value), *of_transcripts])
    diagnostics = in_order((*concluded.diagnostics, *outputs.diagnostics))
    return Build(outputs.value, diagnostics, concluded.value.edition)


def prepare(snapshot: Snapshot, options: Options) -> Prepared:
    """Everything but the transcripts and their annotations."""
    project = read_project(snapshot)
    settings = _with_url(project.value.settings, options.url)
    pages = _read_pages(snapshot)
    kinds = tuple(kind.id for kind in settings.kinds)
    files = annotation_files(snapshot)
    units, travellers = units_of(transcript_files(snapshot), files.values(), kinds, options.drafts)
    topics = snapshot.source(TOPICS_PATH)
    theme = theme_of(snapshot.theme, snapshot.under(TEMPLATES, ""), snapshot.assets, settings.language)
    scope = Scope(
        speakers=Register(project.value.speakers),
        kinds=kinds,
        topics=frozenset(topic.id for topic in project.value.topics),
        works=frozenset(work.id for work in project.value.works),
        drafts=options.drafts,
    )
    return Prepared(
        project=replace(project.value, settings=settings),
        pages=pages.value,
        theme=theme.value,
        units=units,
        scope=scope,
        topics_end=(topics.path, len(topics.text)) if topics else None,
        travellers=travellers,
        files=tuple(files.values()),
        diagnostics=(*project.diagnostics, *pages.diagnostics, *misplaced(snapshot), *theme.diagnostics),
    )


def conclude(prepared: Prepared, readings: Iterable[Reading]) -> Checked[Site]:
    """The whole site from the readings of all units, with what is wrong with them and between them."""
    read = tuple(readings)
    found = (reading.facts for reading in read if reading.facts is not None)
    facts = tuple(sorted(found, key=lambda one: (one.date, one.transcript_id)))
    project = prepared.project
    edition = Edition(project, facts, index_topics(project, facts), prepared.pages)
    places = places_of(edition)
    notes = sorted((note for reading in read for note in reading.annotations), key=lambda note: note.location)
    known = sorted(reading.unit_id for reading in read if reading.exists)
    problems = (
        *prepared.diagnostics,
        *_explained(prepared, read),
        *homeless(prepared.files, prepared.travellers, known),
        *check(Subject(edition, tuple(notes), places, prepared.topics_end)),
    )
    return Checked(Site(edition, prepared.theme, places), problems)


def _explained(prepared: Prepared, readings: Iterable[Reading]) -> tuple[Diagnostic, ...]:
    """What is wrong with the units; after a second look at lost quotes, whose words may be in any transcript."""
    read = tuple(readings)
    found = tuple(d for reading in read for d in reading.diagnostics)
    missed = [one for reading in read if reading.facts for one in reading.facts.missed]
    if not missed:
        return found
    sources = (source for unit in prepared.units for source in unit.transcripts)
    transcripts = unique((t for t in map(prepared.transcript, sources) if t is not None), "transcript").value
    library = Library(one for one in transcripts if prepared.scope.drafts or not one.draft)
    return improved(found, propose(missed, library, {source.path: source for source in prepared.files}))


def annotation_files(snapshot: Snapshot) -> dict[str, Source]:
    """The files of annotations by path, registers left out."""
    return {s.path: s for s in snapshot.under(ANNOTATIONS, ".yaml") if s.path not in _REGISTERS}


def transcript_files(snapshot: Snapshot) -> tuple[Source, ...]:
    """The files of transcripts."""
    return tuple(s for s in snapshot.under(TRANSCRIPTS, ".md") if not is_about_files(s.path))


def read(snapshot: Snapshot, options: Options) -> Checked[Inputs]:
    """All files as values; drafts are left out unless asked for."""
    project = read_project(snapshot)
    settings = _with_url(project.value.settings, options.url)
    kinds = tuple(kind.id for kind in settings.kinds)
    files = annotation_files(snapshot)
    register = Register(project.value.speakers)
    transcripts = [read_transcript(source, register) for source in transcript_files(snapshot)]
    notes = [read_annotations(source, kinds) for source in files.values()]
    pages = _read_pages(snapshot)
    distinct = unique([t.value for t in transcripts if t.value is not None], "transcript")
    every_note = sorted((note for file in notes for note in file.value), key=lambda note: note.location)
    problems = [
        *project.diagnostics,
        *(d for file in transcripts for d in file.diagnostics),
        *(d for file in notes for d in file.diagnostics),
        *pages.diagnostics,
        *distinct.diagnostics,
        *misplaced(snapshot),
        *homeless(files.values(), every_note, sorted(t.id for t in distinct.value)),
    ]
    inputs = Inputs(
        replace(project.value, settings=settings),
        tuple(t for t in distinct.value if options.drafts or not t.draft),
        counted(every_note, options.drafts),
        pages.value,
    )
    return Checked(inputs, tuple(problems))


def _read_pages(snapshot: Snapshot) -> Checked[tuple[Page, ...]]:
    read_pages = [read_page(source) for source in snapshot.under(PAGES, ".md") if not is_about_files(source.path)]
    distinct = unique([page.value for page in read_pages if page.value is not None], "page")
    return Checked(distinct.value, (*(d for page in read_pages for d in page.diagnostics), *distinct.diagnostics))


def _with_url(settings: Settings, url: str) -> Settings:
    return replace(settings, url=url.rstrip("/") + "/") if url else settings


def join(inputs: Inputs) -> Checked[tuple[AnnotatedTranscript, ...]]:
    """Each transcript with the annotations that speak of it, by date and id."""
    speaking_of: dict[str, list[Annotation]] = {}
    for note in inputs.annotations:
        for transcript_id in dict.fromkeys(target.transcript_id for target in note.targets):
            speaking_of.setdefault(transcript_id, []).append(note)
    ordered = sorted(inputs.transcripts, key=lambda transcript: (transcript.date, transcript.id))
    joined = [annotate(transcript, speaking_of.get(transcript.id, ())) for transcript in ordered]
    return Checked(tuple(one.value for one in joined), tuple(d for one in joined for d in one.diagnostics))


def plan(site: Site) -> Iterator[Output]:
    """The outputs of the whole site but those of transcripts."""
    pages = tuple(plan_pages(site))
    yield from pages
    transcripts = (transcript_page(facts.transcript_id) for facts in site.edition.facts)
    yield from plan_exports(site, tuple(sorted({*transcripts, *(page_of(page.path) for page in pages)})))


def plan_unit(site: Site, annotated: AnnotatedTranscript, facts: Facts) -> Iterator[Output]:
    """The outputs of one transcript; `site` is what they may know of the site."""
    yield plan_transcript(site, annotated, facts)
    yield from plan_transcript_exports(site, annotated, facts)


def unique_outputs(outputs: Iterable[Output]) -> Checked[tuple[Output, ...]]:
    """Every output once, by path; two that would be written to one path are an error."""
    by_path: dict[str, Output] = {}
    problems = []
    for output in outputs:
        if by_path.setdefault(output.path, output) is not output:
            message = f"two pages would be written to {output.path}"
            problems.append(problem("address-collision", Location.at(output.path), message, "rename one of the two"))
    return Checked(tuple(by_path[path] for path in sorted(by_path)), tuple(problems))


def render(
    outputs: Iterable[Output], mapping: Callable[..., Iterable[Checked[bytes]]] = map
) -> Checked[dict[str, bytes]]:
    """The bytes of outputs by path. `mapping` applies a function to each: `map`, or an executor's.

    An output whose template fails is left out: half a page would look like a whole one.
    """
    chosen = tuple(outputs)
    rendered = list(mapping(_rendered, chosen))
    whole = ((output, one) for output, one in zip(chosen, rendered, strict=True) if one.value or not one.diagnostics)
    contents = {output.path: one.value for output, one in whole}
    return Checked(contents, in_order(d for one in rendered for d in one.diagnostics))


def _rendered(output: Output) -> Checked[bytes]:
    return output.render()
