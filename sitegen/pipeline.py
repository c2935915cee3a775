"""The stages of a build in their order: read, annotate, index, plan, render.

A build is a pure function of a snapshot; nothing here reads a disk, a clock or the environment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from sitegen.addresses import page_of, places_of
from sitegen.annotations import FOLDER as ANNOTATIONS
from sitegen.annotations import read_annotations, transcript_id_of
from sitegen.articles import FOLDER as PAGES
from sitegen.articles import read_page
from sitegen.checks import Subject, check
from sitegen.diagnostics import Checked, Diagnostic, Related, in_order, problem
from sitegen.drift import Library, improved, propose
from sitegen.edition import annotate, facts_of
from sitegen.exporters import plan_exports
from sitegen.facts import AnnotatedTranscript, Edition
from sitegen.model import Annotation, Page, Project, Settings, Transcript
from sitegen.nearest import nearest_names
from sitegen.outputs import Output
from sitegen.pages import Site, plan_pages
from sitegen.project import SETTINGS_PATH, SPEAKERS_PATH, TOPICS_PATH, read_project
from sitegen.source import Location, Snapshot, Source
from sitegen.templating import FOLDER as TEMPLATES
from sitegen.templating import theme_of
from sitegen.topics import index_topics
from sitegen.transcripts import FOLDER as TRANSCRIPTS
from sitegen.transcripts import read_transcript

_FILES = frozenset({SETTINGS_PATH, SPEAKERS_PATH})
T = TypeVar("T", Transcript, Page)
_NO_INPUT = re.compile(r"(?i)(readme|licen[cs]e|contributing)\b|thumbs\.db$|desktop\.ini$|.*~$")
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
class Build:
    """A finished plan: the outputs in order of their paths, and everything found wrong before rendering."""

    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    edition: Edition


def build(snapshot: Snapshot, options: Options) -> Build:
    """Read, annotate, index, check and plan; rendering is left to `render`."""
    inputs = read(snapshot, options)
    joined = join(inputs.value)
    annotated = joined.value
    missed = [one for edition in annotated for one in edition.missed]
    explained = improved(
        joined.diagnostics, propose(missed, Library(inputs.value.transcripts), annotation_files(snapshot))
    )
    facts = tuple(facts_of(one) for one in annotated)
    edition = Edition(inputs.value.project, facts, index_topics(inputs.value.project, facts), inputs.value.pages)
    places = places_of(edition)
    topics = snapshot.source(TOPICS_PATH)
    end = (topics.path, len(topics.text)) if topics else None
    found = check(Subject(edition, inputs.value.annotations, places, end))
    language = edition.project.settings.language
    theme = theme_of(snapshot.theme, snapshot.under(TEMPLATES, ""), snapshot.assets, language)
    site = Site(edition, theme.value, places)
    outputs = plan(site, annotated)
    diagnostics = in_order((*inputs.diagnostics, *explained, *found, *theme.diagnostics, *outputs.diagnostics))
    return Build(outputs.value, diagnostics, edition)


def annotation_files(snapshot: Snapshot) -> dict[str, Source]:
    """The files of annotations by path, registers left out."""
    return {s.path: s for s in snapshot.under(ANNOTATIONS, ".yaml") if s.path not in _REGISTERS}


def read(snapshot: Snapshot, options: Options) -> Checked[Inputs]:
    """All files as values; drafts are left out unless asked for."""
    project = read_project(snapshot)
    settings = _with_url(project.value.settings, options.url)
    kinds = tuple(kind.id for kind in settings.kinds)
    files = [source for source in snapshot.under(TRANSCRIPTS, ".md") if not _is_about_files(source.path)]
    read_files = [read_transcript(source, project.value.speakers) for source in files]
    found = [t.value for t in read_files if t.value is not None]
    notes = [read_annotations(source, kinds) for source in annotation_files(snapshot).values()]
    pages = [read_page(source) for source in snapshot.under(PAGES, ".md") if not _is_about_files(source.path)]
    unique = _unique(found, "transcript")
    articles = _unique([page.value for page in pages if page.value is not None], "page")
    every_note = tuple(note for file in notes for note in file.value)
    problems = [
        *project.diagnostics,
        *(d for file in read_files for d in file.diagnostics),
        *(d for file in notes for d in file.diagnostics),
        *(d for page in pages for d in page.diagnostics),
        *unique.diagnostics,
        *articles.diagnostics,
        *_misplaced(snapshot),
        *_homeless(snapshot, every_note, {t.id for t in unique.value}),
    ]
    inputs = Inputs(
        replace(project.value, settings=settings),
        tuple(t for t in unique.value if options.drafts or not t.draft),
        tuple(note for note in every_note if options.drafts or note.status != "draft"),
        articles.value,
    )
    return Checked(inputs, tuple(problems))


def _with_url(settings: Settings, url: str) -> Settings:
    return replace(settings, url=url.rstrip("/") + "/") if url else settings


def _unique(found: Iterable[T], what: str) -> Checked[tuple[T, ...]]:
    first: dict[str, T] = {}
    problems = []
    for one in found:
        other = first.setdefault(one.id, one)
        if other is not one:
            message = f"the {what} id '{one.id}' is taken by {other.location.path}"
            related = [Related("the other file", other.location)]
            problems.append(problem("duplicate-id", one.location, message, "rename one file", related=related))
    return Checked(tuple(first.values()), tuple(problems))


def _misplaced(snapshot: Snapshot) -> Iterator[Diagnostic]:
    """Files that look like inputs but are read by nothing, so that nobody's work is passed over silently."""
    wanted = {ANNOTATIONS: ".yaml", TRANSCRIPTS: ".md", PAGES: ".md"}
    for path in (*(source.path for source in snapshot.sources), *snapshot.unread):
        folder = next((name for name in wanted if path.startswith(f"{name}/")), "")
        name = path.rpartition("/")[2]
        if (folder and path.endswith(wanted[folder])) or path in _FILES or _is_about_files(path):
            continue
        if folder:
            message = f"`{name}` is not read: files in {folder} end in {wanted[folder]}"
            hint = (
                f"rename it, or if it is a raw transcript: sitegen import {path}"
                if folder == TRANSCRIPTS
                else "rename it"
            )
        elif path.startswith("content/"):
            message = f"`{path}` is not read"
            hint = f"move a transcript to {TRANSCRIPTS}/, a page to {PAGES}/; speakers are in {SPEAKERS_PATH}"
        else:
            continue
        yield problem("bad-path", Location.at(path), message, hint)


def _homeless(snapshot: Snapshot, notes: Iterable[Annotation], known: set[str]) -> Iterator[Diagnostic]:
    """Annotation files and passages for transcripts that do not exist."""
    for source in snapshot.under(ANNOTATIONS, ".yaml"):
        name = transcript_id_of(source.path)
        if source.path not in _REGISTERS and name not in known:
            yield _unknown_transcript(name, source.location(0), known, "the file is for")
    for note in notes:
        for target in note.targets[1:]:
            if target.transcript_id not in known:
                yield _unknown_transcript(target.transcript_id, target.location, known, f"note {note.id} speaks of")


def _is_about_files(path: str) -> bool:
    """Whether a file is a note to those who work in its folder, or left there by a program."""
    return bool(_NO_INPUT.match(path.rpartition("/")[2]))


def _unknown_transcript(name: str, where: Location, known: set[str], subject: str) -> Diagnostic:
    near = nearest_names(name, known)
    meant = f", did you mean '{near[0]}'?" if near else ""
    message = f"{subject} the transcript '{name}', which does not exist{meant}"
    return problem("unknown-transcript", where, message, "the id is the transcript's file name without .md")


def join(inputs: Inputs) -> Checked[tuple[AnnotatedTranscript, ...]]:
    """Each transcript with the annotations that speak of it, by date and id."""
    speaking_of: dict[str, list[Annotation]] = {}
    for note in inputs.annotations:
        for transcript_id in dict.fromkeys(target.transcript_id for target in note.targets):
            speaking_of.setdefault(transcript_id, []).append(note)
    ordered = sorted(inputs.transcripts, key=lambda transcript: (transcript.date, transcript.id))
    joined = [annotate(transcript, speaking_of.get(transcript.id, ())) for transcript in ordered]
    return Checked(tuple(one.value for one in joined), tuple(d for one in joined for d in one.diagnostics))


def plan(site: Site, annotated: tuple[AnnotatedTranscript, ...]) -> Checked[tuple[Output, ...]]:
    """Every output once; two that would be written to one path are an error."""
    pages = tuple(plan_pages(site, annotated))
    by_path: dict[str, Output] = {}
    problems = []
    for output in (*pages, *plan_exports(site, annotated, tuple(page_of(page.path) for page in pages))):
        if by_path.setdefault(output.path, output) is not output:
            message = f"two pages would be written to {output.path}"
            problems.append(problem("address-collision", Location.at(output.path), message, "rename one of the two"))
    return Checked(tuple(by_path[path] for path in sorted(by_path)), tuple(problems))


def render(
    outputs: Iterable[Output], mapping: Callable[..., Iterable[Checked[bytes]]] = map
) -> Checked[dict[str, bytes]]:
    """The bytes of outputs by path. `mapping` applies a function to each: `map`, or an executor's."""
    chosen = tuple(outputs)
    rendered = list(mapping(_rendered, chosen))
    contents = {output.path: one.value for output, one in zip(chosen, rendered, strict=True)}
    return Checked(contents, in_order(d for one in rendered for d in one.diagnostics))


def _rendered(output: Output) -> Checked[bytes]:
    return output.render()
