"""What an import did, for people and for machines: what was recognised, dropped and doubtful, and what was written.

A run over thousands of files is counted file by file. What is written is decided in `importing`.
"""

from __future__ import annotations

import json
from collections import Counter

from msgspec import Struct, field

from sitegen.diagnostics import Diagnostic, count, diagnostic_object, in_order, problem
from sitegen.diagnostics import as_text as diagnostics_as_text
from sitegen.importers import Finding
from sitegen.importing import Planned, Run
from sitegen.source import Location

_VERBS = {"new": "written", "unchanged": "unchanged", "updated": "updated", "differs": "NOT written"}


def as_text(run: Run, *, details: bool = True) -> str:
    """A few lines on a file for people: what it became, what was recognised and dropped, and its problems."""
    lines: list[str] = []
    for one in run.planned:
        verb = "NOT written" if run.refused else _VERBS[one.status]
        lines.append(f"{one.path}: {verb} ({one.headline})")
        if details:
            lines += [f"  {_finding_line(f)}" for f in one.findings if f.kind != "doubtful"]
        if one.diff and one.status in ("differs", "updated"):
            lines += [f"  {line}" for line in one.diff.splitlines()]
    return "".join(f"{line}\n" for line in lines) + diagnostics_as_text(in_order(run.diagnostics))


def _finding_line(finding: Finding) -> str:
    place = f"line {finding.line}" if finding.line else ""
    if finding.end_line > finding.line:
        place = f"lines {finding.line}-{finding.end_line}"
    return f"{finding.kind} {finding.what}{f' ({place})' if place else ''}: {finding.text}"


class Tally(Struct):
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

    def note(self, dangling: tuple[str, ...]) -> None:
        """Report glossary keys that no glossary has."""
        if dangling:
            names = ", ".join(dangling[:20])
            found = problem(
                "import-doubtful", Location.at("glossary"), f"references to no entry, shown as text: {names}"
            )
            self._count((found,))
            self.others += (found,)

    def as_text(self) -> str:
        """The problems that belong to no file."""
        return diagnostics_as_text(in_order(self.others))

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
        "files": [_planned_object(one, run) for one in run.planned],
        "diagnostics": [diagnostic_object(d) for d in run.diagnostics],
    }


def _planned_object(one: Planned, run: Run) -> dict[str, object]:
    return {
        "path": one.path,
        "status": "refused" if run.refused else one.status,
        **one.facts,
        **{kind: [_finding_object(f) for f in one.findings if f.kind == kind] for kind in _KINDS},
        "diff": one.diff,
    }


_KINDS = ("recognised", "dropped", "doubtful")


def _finding_object(finding: Finding) -> dict[str, object]:
    place = {"line": finding.line or None, "end_line": finding.end_line or finding.line or None}
    return {"what": finding.what, "text": finding.text, **place}
