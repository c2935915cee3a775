"""The stages of a build in their order: read, annotate, index, plan, render.

A build is a pure function of a snapshot; nothing here reads a disk, a clock or the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sitegen.addresses import page_of, places_of, transcript_page
from sitegen.annotations import read_annotations
from sitegen.articles import read_page
from sitegen.checks import Subject, check
from sitegen.diagnostics import Checked, Diagnostic, in_order, problem
from sitegen.drift import Library, improved, propose
from sitegen.edition import annotate
from sitegen.exporters import latest_notes, plan_exports, plan_transcript_exports
from sitegen.facts import AnnotatedTranscript, Edition, Facts
from sitegen.labels import Register
from sitegen.model import Annotation, Page, Project, Settings, Transcript
from sitegen.outputs import Kept, Output, Sink
from sitegen.pages import Site, plan_pages, plan_transcript
from sitegen.pages.around import Grounds, surroundings_of
from sitegen.project import TOPICS_PATH, read_project
from sitegen.sitefiles import (
    ANNOTATIONS,
    PAGES,
    TRANSCRIPTS,
    SiteFiles,
    in_memory,
    is_about_files,
    is_annotation_file,
)
from sitegen.source import Location, Snapshot, Source
from sitegen.strays import homeless, misplaced
from sitegen.templating import FOLDER as TEMPLATES
from sitegen.templating import theme_of
from sitegen.topics import index_topics
from sitegen.transcripts import read_transcript
from sitegen.units import (
    Reading,
    Scope,
    Unit,
    counted,
    read_unit,
    unique,
    units_of,
    visitors_of,
)


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
    """What is read before any transcript: what all pages have in common, and what reading a unit may know."""

    grounds: Grounds
    scope: Scope
    files: SiteFiles
    units: tuple[Unit, ...]
    topics_end: tuple[str, int] | None
    diagnostics: tuple[Diagnostic, ...]

    def with_files(self, files: SiteFiles) -> Prepared:
        """The same of other files, of which registers, pages and theme are these."""
        return replace(self, files=files, units=units_of(files))

    def without_files(self) -> Prepared:
        """The same to be kept or sent away."""
        return self.with_files(in_memory(Snapshot(())))

    def compiled(self) -> Prepared:
        """The same with all templates compiled."""
        grounds = self.grounds
        return replace(self, grounds=grounds._replace(theme=grounds.theme.compiled()))

    def read(self, unit: Unit) -> tuple[Reading, AnnotatedTranscript | None]:
        """The reading of a unit, and its transcript with its notes."""
        return read_unit(unit, self.scope, self.files.load)


@dataclass(frozen=True, slots=True)
class Build:
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
    concluded = conclude(prepared, readings)
    better = explained(prepared, readings)
    of_units = (better.get(d, d) for reading in readings for d in reading.diagnostics)
    outputs = list(plan(concluded.value))
    for facts, surroundings in surroundings_of(concluded.value):
        annotated = read[facts.transcript_id][1]
        if annotated:
            outputs += plan_unit(prepared.grounds.around(facts, surroundings), annotated, facts)
    unique = unique_outputs(outputs)
    diagnostics = in_order((*prepared.diagnostics, *of_units, *concluded.diagnostics, *unique.diagnostics))
    return Build(unique.value, diagnostics, concluded.value.edition)


def visited(units: Iterable[Unit], visitors: Mapping[str, tuple[Annotation, ...]]) -> tuple[Unit, ...]:
    """Those of the units, and new ones, that have visitors, with them."""
    known = {unit.id: unit for unit in units}
    return tuple(replace(known.get(name, Unit(name)), visitors=notes) for name, notes in sorted(visitors.items()))


def prepare(files: SiteFiles, options: Options) -> Prepared:
    """Everything but the transcripts and their annotations."""
    snapshot = files.snapshot
    project = read_project(snapshot)
    settings = _with_url(project.value.settings, options.url)
    pages = _read_pages(snapshot)
    topics = snapshot.source(TOPICS_PATH)
    theme = theme_of(snapshot.theme, snapshot.under(TEMPLATES, ""), snapshot.assets, settings.language)
    scope = Scope(
        speakers=Register(project.value.speakers),
        kinds=tuple(kind.id for kind in settings.kinds),
        topics=frozenset(topic.id for topic in project.value.topics),
        works=frozenset(work.id for work in project.value.works),
        drafts=options.drafts,
    )
    return Prepared(
        grounds=Grounds(replace(project.value, settings=settings), pages.value, theme.value),
        scope=scope,
        files=files,
        units=units_of(files),
        topics_end=(topics.path, len(topics.text)) if topics else None,
        diagnostics=(*project.diagnostics, *pages.diagnostics, *misplaced(snapshot), *theme.diagnostics),
    )


def conclude(prepared: Prepared, readings: Iterable[Reading]) -> Checked[Site]:
    """The whole site from the readings of all units, with what is wrong between them."""
    read = tuple(readings)
    by_id = {reading.unit_id: reading for reading in read}
    found = (reading.facts for reading in read if reading.facts is not None)
    facts = tuple(sorted(found, key=lambda one: (one.date, one.transcript_id)))
    grounds = prepared.grounds
    edition = Edition(grounds.project, facts, index_topics(grounds.project, facts), grounds.pages)
    places = places_of(edition)
    notes = sorted((note for reading in read for note in reading.annotations), key=lambda note: note.location)
    travellers = [note for reading in read for note in reading.travellers]
    known = sorted(reading.unit_id for reading in read if reading.exists)
    texts = {(f.transcript_id, at): by_id[f.transcript_id].texts[at] for f, at in latest_notes(facts)}
    problems = (
        *homeless(prepared.files.annotations, travellers, known),
        *check(Subject(edition, tuple(notes), places, prepared.topics_end)),
    )
    return Checked(Site(edition, grounds.theme, places, texts), problems)


def explained(prepared: Prepared, readings: Iterable[Reading]) -> dict[Diagnostic, Diagnostic]:
    """After a second look at lost quotes, whose words may be in any transcript: what is said instead of what the
    readings say of them."""
    missed = [one for reading in readings if reading.facts for one in reading.facts.missed]
    if not missed:
        return {}
    load, scope = prepared.files.load, prepared.scope
    sources = (source for path in prepared.files.transcripts if (source := load(path).value))
    read = (t for source in sources if (t := read_transcript(source, scope.speakers).value))
    library = Library(one for one in unique(read, "transcript").value if scope.drafts or not one.draft)
    paths = {one.target.location.path for one in missed}
    return improved(propose(missed, library, {path: source for path in paths if (source := load(path).value)}))


def annotation_files(snapshot: Snapshot) -> dict[str, Source]:
    """The files of annotations by path, registers left out."""
    return {s.path: s for s in snapshot.under(ANNOTATIONS, ".yaml") if is_annotation_file(s.path)}


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
        *homeless(files, every_note, sorted(t.id for t in distinct.value)),
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
            problems.append(collision(output.path))
    return Checked(tuple(by_path[path] for path in sorted(by_path)), tuple(problems))


def collision(path: str) -> Diagnostic:
    """Two outputs of one path."""
    message = f"two pages would be written to {path}"
    return problem("address-collision", Location.at(path), message, "rename one of the two")


def render(
    outputs: Iterable[Output], mapping: Callable[..., Iterable[Checked[bytes]]] = map
) -> Checked[dict[str, bytes]]:
    """The bytes of outputs by path. `mapping` applies a function to each: `map`, or one that shows progress.

    An output whose template fails is left out: half a page would look like a whole one.
    """
    chosen = tuple(outputs)
    rendered = list(mapping(_rendered, chosen))
    whole = ((output, one) for output, one in zip(chosen, rendered, strict=True) if _is_whole(one))
    contents = {output.path: one.value for output, one in whole}
    return Checked(contents, in_order(d for one in rendered for d in one.diagnostics))


def render_into(sink: Sink, outputs: Iterable[Output], unit_id: str = "") -> Iterator[Kept]:
    """Outputs, of a unit or of the site, rendered one after the other; no more than one need be in memory."""
    for output in outputs:
        rendered = output.render()
        kept = sink.put(output.path, rendered.value) if _is_whole(rendered) else Kept(output.path, state="left")
        found = (*rendered.diagnostics, *kept.diagnostics)
        yield replace(kept, unit_id=unit_id, template=output.template, diagnostics=found)


def _rendered(output: Output) -> Checked[bytes]:
    return output.render()


def _is_whole(rendered: Checked[bytes]) -> bool:
    return bool(rendered.value) or not rendered.diagnostics
