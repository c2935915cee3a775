"""An import run as values: which files it would write, what differs from what is there, and the report on it.

Formats are the importers' business and the disk is not known here. What was edited since it was imported is never
replaced unless that is asked for.
"""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sitegen.diagnostics import Checked, Diagnostic, count, diagnostic_object, in_order, problem
from sitegen.diagnostics import as_text as diagnostics_as_text
from sitegen.identifiers import slug_of
from sitegen.importers import Context, Finding, Imported, Importer, Raw, import_file
from sitegen.importers.text import stem_of
from sitegen.source import Source, digest

Status = Literal["new", "unchanged", "updated", "differs"]
_VERBS = {"new": "written", "unchanged": "unchanged", "updated": "updated", "differs": "NOT written"}


@dataclass(frozen=True, slots=True)
class Planned:
    """A transcript's file: where it goes, its text, how it relates to what is there, and the unified diff."""

    path: str
    text: str
    status: Status
    diff: str
    imported: Imported


@dataclass(frozen=True, slots=True)
class Run:
    """What importing one file comes to. `source` is its name; without transcripts the diagnostics say why."""

    source: str
    planned: tuple[Planned, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def refused(self) -> bool:
        """Whether nothing of the file is to be written."""
        return any(d.severity == "error" for d in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Target:
    """Where transcripts go: the folder's path as shown, what is there by id, and what an import last wrote.

    `written` maps the path of a file to the digest of the bytes that the last import left there.
    """

    folder: str
    existing: Callable[[str], Source | None]
    written: Mapping[str, str]
    force: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A file to import, with its id (empty: from its name), and the format if that was named.

    `casual` files were only found in a folder: where they are no transcripts, they are passed over.
    """

    raw: Raw
    id: str = ""
    importer: Importer | None = None
    casual: bool = False


def plan(request: Request, context: Context, target: Target) -> Run:
    """What the import of a file would write; a file with an error writes nothing."""
    raw = request.raw
    result = import_file(raw, context, request.importer, id=request.id, existing=target.existing)
    if request.casual and _is_no_transcript(result):
        return Run(
            raw.name, (), (problem("import-skipped", raw.at(1), "this is no transcript, so it was passed over"),)
        )
    diagnostics = list(result.diagnostics)
    planned = []
    for imported in result.value:
        one = _planned(imported, target)
        planned.append(one)
        if one.status == "differs":
            hint = "look at the difference; --force takes the import, and ids of turns that are still there are kept"
            message = f"{one.path} was edited since it was imported, so it is left as it is"
            diagnostics.append(problem("import-differs", raw.at(1), message, hint))
    return Run(raw.name, tuple(planned), tuple(diagnostics))


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
    old = target.existing(imported.id)
    path = old.path if old else f"{target.folder}/{imported.id}.md".removeprefix("./")
    if old is None:
        return Planned(path, imported.text, "new", "", imported)
    if old.text == imported.text:
        return Planned(path, imported.text, "unchanged", "", imported)
    untouched = target.written.get(path) == old.digest
    lines = difflib.unified_diff(
        old.text.splitlines(keepends=True), imported.text.splitlines(keepends=True), path, f"{path} (imported)", n=1
    )
    status: Status = "updated" if untouched or target.force else "differs"
    return Planned(path, imported.text, status, "".join(lines), imported)


def files_to_write(run: Run) -> dict[str, str]:
    """Path and text of every file that is new or may be replaced. A file with an error writes nothing."""
    if run.refused:
        return {}
    return {one.path: one.text for one in run.planned if one.status in ("new", "updated")}


def digests(files: Mapping[str, str]) -> dict[str, str]:
    """The digests by which a later import tells whether a file was edited."""
    return {path: digest(text.encode()) for path, text in files.items()}


# ---------------------------------------------------------------- reports


def as_text(run: Run, *, details: bool = True) -> str:
    """A few lines on a file for people: what it became, what was recognised and dropped, and its problems."""
    lines: list[str] = []
    for one in run.planned:
        draft, verb = one.imported.draft, "NOT written" if run.refused else _VERBS[one.status]
        names = ", ".join(voice.name for voice in draft.voices[:6])
        more = f" and {len(draft.voices) - 6} more" if len(draft.voices) > 6 else ""
        speakers = f"; {names}{more}" if names else ""
        lines.append(f"{one.path}: {verb} ({one.imported.format}, {len(draft.turns)} turns{speakers})")
        if details:
            lines += [f"  {_finding_line(f)}" for f in draft.findings if f.kind != "doubtful"]
        if one.diff and one.status in ("differs", "updated"):
            lines += [f"  {line}" for line in one.diff.splitlines()]
    return "".join(f"{line}\n" for line in lines) + diagnostics_as_text(in_order(run.diagnostics))


def _finding_line(finding: Finding) -> str:
    place = f"line {finding.line}" if finding.line else ""
    if finding.end_line > finding.line:
        place = f"lines {finding.line}-{finding.end_line}"
    return f"{finding.kind} {finding.what}{f' ({place})' if place else ''}: {finding.text}"


@dataclass(slots=True)
class Tally:
    """A run over many files, counted file by file so that none has to be kept."""

    others: tuple[Diagnostic, ...] = ()
    states: Counter[str] = field(default_factory=Counter)
    objects: list[dict[str, object]] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0

    def __post_init__(self) -> None:
        self._count(self.others)

    def add(self, run: Run, problems: tuple[Diagnostic, ...] = (), *, keep: bool = False) -> None:
        """Count a file, with the problems of writing it; `keep` keeps its report for `as_json`."""
        self._count((*run.diagnostics, *problems))
        self.others += problems
        self.states["files"] += 1
        self.states["refused" if run.refused else "read"] += 1
        self.states.update(one.status for one in run.planned if not run.refused)
        if keep:
            self.objects.append(_run_object(run))

    def _count(self, found: tuple[Diagnostic, ...]) -> None:
        self.errors += count(found, "error")
        self.warnings += count(found, "warning")

    def as_json(self) -> str:
        """The report as JSON: the files with their transcripts, findings and diagnostics; then other problems."""
        document = {
            "files": self.objects,
            "diagnostics": [diagnostic_object(d) for d in self.others],
            "errors": self.errors,
            "warnings": self.warnings,
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

    def summary(self) -> str:
        """One line on the whole run."""
        files = self.states["files"]
        counts = [f"{self.states[s]} {word}" for s, word in (("new", "written"), ("updated", "updated"))]
        counts += [f"{self.states[s]} {s}" for s in ("unchanged", "refused")]
        return f"{files} file{'' if files == 1 else 's'}: {', '.join(counts)}"


def _run_object(run: Run) -> dict[str, object]:
    return {
        "source": run.source,
        "transcripts": [_planned_object(one, run) for one in run.planned],
        "diagnostics": [diagnostic_object(d) for d in run.diagnostics],
    }


def _planned_object(one: Planned, run: Run) -> dict[str, object]:
    draft = one.imported.draft
    return {
        "id": one.imported.id,
        "path": one.path,
        "format": one.imported.format,
        "status": "refused" if run.refused else one.status,
        "title": draft.title,
        "date": draft.date,
        "place": draft.place,
        "turns": len(draft.turns),
        "speakers": [
            {"name": v.name, "labels": list(v.labels), "anonymous": v.anonymous, "registered": v.register_id}
            for v in draft.voices
        ],
        **{kind: [_finding_object(f) for f in draft.findings if f.kind == kind] for kind in _KINDS},
        "diff": one.diff,
    }


_KINDS = ("recognised", "dropped", "doubtful")


def _finding_object(finding: Finding) -> dict[str, object]:
    place = {"line": finding.line or None, "end_line": finding.end_line or finding.line or None}
    return {"what": finding.what, "text": finding.text, **place}
