"""An import run as values: which files it would write, what differs from what is there, and the report on it.

Formats are the importers' business and the disk is not known here. What was edited since it was imported is never
replaced unless that is asked for.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.identifiers import slug_of
from sitegen.importers import Context, Finding, Imported, Importer, NoteImporter, Raw, import_file
from sitegen.importers.draftnotes import DraftNote, Notes, Spot
from sitegen.importers.placing import UNPLACED, Placed, place
from sitegen.importers.text import stem_of
from sitegen.labels import Register
from sitegen.model import Speaker, Transcript
from sitegen.source import Source, digest
from sitegen.transcripts import read_transcript
from sitegen.yamldoc import dump

Status = Literal["new", "unchanged", "updated", "differs"]


class Planned(Struct, frozen=True):
    """A file of the site: where it goes, its text, how it relates to what is there, and the unified diff.

    `headline` says in words what it holds, `facts` the same for machines.
    """

    path: str
    text: str
    status: Status
    diff: str
    headline: str
    facts: Mapping[str, object]
    findings: tuple[Finding, ...] = ()


class Run(Struct, frozen=True):
    """What importing one file comes to. `source` is its name; without transcripts the diagnostics say why."""

    source: str
    planned: tuple[Planned, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def refused(self) -> bool:
        """Whether nothing of the file is to be written."""
        return any(d.severity == "error" for d in self.diagnostics)


class Target(Struct, frozen=True):
    """Where transcripts go: the folder's path as shown, what is there by id, and what an import last wrote.

    `written` maps the path of a file to the digest of the bytes that the last import left there; `annotations`
    gives annotation files by path.
    """

    folder: str
    existing: Callable[[str], Source | None]
    written: Mapping[str, str]
    force: bool = False
    annotations: Callable[[str], Source | None] = lambda path: None


class Request(Struct, frozen=True):
    """A file to import, its id, and its importer: the one that was asked for, or that knows it.

    `casual` files were only found in a folder: where they are no transcripts, they are passed over.
    """

    raw: Raw
    id: str
    importer: Importer | NoteImporter | None = None
    casual: bool = False

    @property
    def is_notes(self) -> bool:
        """Whether the file holds annotations and no transcript."""
        return isinstance(self.importer, NoteImporter)


class Library(Struct):
    """What the site has that annotations need: speakers, registered topics (None: any), and transcripts.

    `terms` are the glossary keys that imported texts refer to, `defined` those that a glossary had.
    """

    speakers: tuple[Speaker, ...] = ()
    topics: frozenset[str] | None = None
    transcripts: tuple[Transcript, ...] = ()
    terms: dict[str, None] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)

    def read(self, sources: Iterable[Source]) -> None:
        """Take transcripts in."""
        register = Register(self.speakers)
        read = (read_transcript(source, register).value for source in sources)
        self.transcripts = tuple(transcript for transcript in read if transcript)

    def dangling(self) -> tuple[str, ...]:
        """The keys that no glossary of the run has, if there was one."""
        return tuple(term for term in self.terms if term not in self.defined) if self.defined else ()


def plan(request: Request, library: Library, target: Target) -> Run:
    """What the import of a transcript's file would write; a file with an error writes nothing."""
    raw, importer = request.raw, request.importer
    chosen = importer if isinstance(importer, Importer) else None
    result = import_file(raw, Context(library.speakers), chosen, id=request.id, existing=target.existing)
    if request.casual and _is_no_transcript(result):
        return Run(
            raw.name, (), (problem("import-skipped", raw.at(1), "this is no transcript, so it was passed over"),)
        )
    planned: list[Planned] = []
    for imported in result.value:
        planned.append(_planned(imported, target))
        planned += _codes(imported, planned[-1].path, library, target)
        library.terms |= dict.fromkeys(imported.draft.terms)
    differs = [_differs(raw, one) for one in planned if one.status == "differs"]
    return Run(raw.name, tuple(planned), (*result.diagnostics, *differs))


def _is_no_transcript(result: Checked[tuple[Imported, ...]]) -> bool:
    codes = {d.code for d in result.diagnostics}
    return bool(codes & {"import-unrecognised", "empty-file"}) or (
        bool(result.value) and not any(imported.draft.turns for imported in result.value)
    )


def ids_of(names: Iterable[str]) -> dict[str, str]:
    """An id for each file of a batch: its name, and the names of its folders where two files share one."""
    names = tuple(names)
    ids = {name: stem_of(name) for name in names}
    for depth in range(1, 8):
        twins = {id for id, uses in Counter(ids.values()).items() if uses > 1}
        if not twins:
            break
        for name in names:
            folders = name.replace("\\", "/").strip("/").split("/")[:-1][-depth:]
            if ids[name] in twins and folders:
                ids[name] = slug_of("-".join([*folders, stem_of(name)]))
    return ids


def _planned(imported: Imported, target: Target) -> Planned:
    draft = imported.draft
    old = target.existing(imported.id)
    path = old.path if old else f"{target.folder}/{imported.id}.md".removeprefix("./")
    names = ", ".join(voice.name for voice in draft.voices[:6])
    more = f" and {len(draft.voices) - 6} more" if len(draft.voices) > 6 else ""
    headline = f"{imported.format}, {len(draft.turns)} turns{f'; {names}{more}' if names else ''}"
    facts = {
        "id": imported.id,
        "format": imported.format,
        "title": draft.title,
        "date": draft.date,
        "place": draft.place,
        "turns": len(draft.turns),
        "speakers": [
            {"name": v.name, "labels": list(v.labels), "anonymous": v.anonymous, "registered": v.register_id}
            for v in draft.voices
        ],
    }
    return _compared(path, imported.text, old, target, headline, facts, draft.findings)


def _compared(
    path: str,
    text: str,
    old: Source | None,
    target: Target,
    headline: str,
    facts: Mapping[str, object],
    findings: tuple[Finding, ...],
) -> Planned:
    """A file beside what is there. What was not touched since an import wrote it may be replaced."""
    if old is None or old.text == text:
        return Planned(path, text, "unchanged" if old else "new", "", headline, facts, findings)
    untouched = target.written.get(path) == old.digest
    lines = difflib.unified_diff(
        old.text.splitlines(keepends=True), text.splitlines(keepends=True), path, f"{path} (imported)", n=1
    )
    status: Status = "updated" if untouched or target.force else "differs"
    return Planned(path, text, status, "".join(lines), headline, facts, findings)


def _codes(imported: Imported, path: str, library: Library, target: Target) -> Iterator[Planned]:
    """The index entries of a transcript whose source gives topics to its rows."""
    draft = imported.draft
    transcript = (
        read_transcript(Source.of(path, imported.text), Register(library.speakers)).value if draft.entries else None
    )
    if transcript is None:
        return
    notes = [
        DraftNote((Spot(fragment=transcript.turns[number].paragraphs[0].id),), topics=topics)
        for number, topics in draft.entries
        if number < len(transcript.turns) and transcript.turns[number].paragraphs
    ]
    placed = place(Notes(tuple(notes)), [transcript], library.topics)
    yield from _note_files(placed, f"{imported.id}-codes", imported.format, target)


def plan_notes(request: Request, library: Library, target: Target, only: str = "") -> Run:
    """What the import of a file of annotations would write; `only` names the transcript it is about."""
    raw, importer = request.raw, request.importer
    assert isinstance(importer, NoteImporter)  # noqa: S101 -- the caller has asked
    notes = importer.read(raw)
    placed = place(notes.value, library.transcripts, library.topics, only)
    found = [
        problem(
            "import-unplaced" if f.what.startswith(UNPLACED) else "import-doubtful",
            raw.at(f.line),
            f"{f.what}: {f.text}",
        )
        for f in placed.findings
        if f.kind == "doubtful"
    ]
    names = {form for term in notes.value.terms for form in (term.name, *term.aliases)}
    planned = tuple(_note_files(placed, request.id, importer.name, target))
    differs = [_differs(raw, one) for one in planned if one.status == "differs"]
    library.defined.update(names)
    return Run(raw.name, planned, (*notes.diagnostics, *found, *differs))


def _note_files(placed: Placed, stem: str, form: str, target: Target) -> Iterator[Planned]:
    for transcript, entries in placed.entries.items():
        path = f"annotations/{transcript}/{stem}.yaml"
        headline = f"{form}, {len(entries)} annotation{'' if len(entries) == 1 else 's'} on {transcript}"
        facts = {"id": transcript, "format": form, "annotations": len(entries)}
        old = target.annotations(path)
        yield _compared(path, dump(entries), old, target, headline, facts, tuple(placed.findings))


def _differs(raw: Raw, one: Planned) -> Diagnostic:
    hint = "look at the difference; --force takes the import, and ids of turns that are still there are kept"
    message = f"{one.path} was edited since it was imported, so it is left as it is"
    return problem("import-differs", raw.at(1), message, hint)


def files_to_write(run: Run) -> dict[str, str]:
    """Path and text of every file that is new or may be replaced. A file with an error writes nothing."""
    if run.refused:
        return {}
    return {one.path: one.text for one in run.planned if one.status in ("new", "updated")}


def transcripts_of(files: Mapping[str, str]) -> dict[str, Source]:
    """The transcripts among written files, by id."""
    texts = {path: text for path, text in files.items() if path.endswith(".md")}
    return {path.rpartition("/")[2].removesuffix(".md"): Source.of(path, text) for path, text in texts.items()}


def digests(files: Mapping[str, str]) -> dict[str, str]:
    """The digests by which a later import tells whether a file was edited."""
    return {path: digest(text.encode()) for path, text in files.items()}
