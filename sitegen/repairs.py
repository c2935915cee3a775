"""Repairs: the fixes that diagnostics carry, applied to a snapshot, and kept only where they make it better.

What is right is decided where a fix is made; here files are edited as texts, read again, and compared.
Nothing is written to the disk.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.diagnostics import Diagnostic, count, in_order
from sitegen.drift import Carried, Library, Proposal, propose
from sitegen.facts import Anchor
from sitegen.pipeline import annotation_files, join, read
from sitegen.preparation import Options
from sitegen.source import Edit, Snapshot, Source, splice

_MOST_ROUNDS = 20

Judge = Callable[[Snapshot], tuple[Diagnostic, ...]]
"""Everything that is wrong with a snapshot."""


class Repair(Struct, frozen=True):
    """A snapshot after repairs, how many were made, and what could not be repaired, with the reason."""

    snapshot: Snapshot
    made: int
    refused: tuple[tuple[Diagnostic, str], ...] = ()


def edited(snapshot: Snapshot, edits: Iterable[Edit]) -> Snapshot:
    """The snapshot with edits applied. Equal edits count once; overlapping ones raise ValueError."""
    by_path: dict[str, set[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, set()).add(edit)
    sources = tuple(s.with_text(splice(s.text, by_path[s.path])) if s.path in by_path else s for s in snapshot.sources)
    return replace(snapshot, sources=sources)


def mend(snapshot: Snapshot, judge: Judge) -> Repair:
    """All fixes applied, in rounds, since one fix may allow or replace another.

    A fix is kept if fewer or lighter problems are left after it, and else refused.
    """
    found = judge(snapshot)
    made = 0
    refused: dict[tuple[Edit, ...], tuple[Diagnostic, str]] = {}
    for _ in range(_MOST_ROUNDS):
        chosen = _compatible(d for d in in_order(found) if d.fix and d.fix not in refused)
        if not chosen:
            break
        for group in (chosen, *([d] for d in chosen if len(chosen) > 1)):
            candidate = edited(snapshot, (edit for d in group for edit in d.fix))
            after = judge(candidate)
            if _weight(after) < _weight(found):
                snapshot, found, made = candidate, after, made + len(group)
                break
            if len(group) == 1:
                refused[group[0].fix] = (group[0], "the edit would leave the site no better than before")
        else:
            break
    return Repair(snapshot, made, tuple(refused.values()))


def _compatible(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The first diagnostics whose edits do not touch each other's; the same edit twice is no conflict."""
    taken: set[Edit] = set()
    chosen = []
    for diagnostic in found:
        new = [edit for edit in diagnostic.fix if edit not in taken]
        if not any(_touch(edit, other) for edit in new for other in taken):
            taken.update(new)
            chosen.append(diagnostic)
    return chosen


def _touch(edit: Edit, other: Edit) -> bool:
    return edit.path == other.path and edit.start <= other.end and other.start <= edit.end


def _weight(found: Sequence[Diagnostic]) -> tuple[int, int, int]:
    return count(found, "error"), count(found, "warning"), count(found, "info")


def proposals_of(snapshot: Snapshot, options: Options, carried: Carried | None = None) -> tuple[Proposal, ...]:
    """What could be done about every passage whose words are lost."""
    inputs = read(snapshot, options).value
    missed = [one for edition in join(inputs).value for one in edition.missed]
    return propose(missed, Library(inputs.transcripts), annotation_files(snapshot), carried)


def reanchor(snapshot: Snapshot, options: Options, chosen: Sequence[Proposal]) -> Repair:
    """Proposals carried out: each kept only if its note then stands exactly on the words it was meant for."""
    refused: list[tuple[Diagnostic, str]] = []
    kept: list[Proposal] = []
    for proposal in chosen:
        if proposal.edits:
            kept.append(proposal)
        else:
            refused.append((proposal.diagnostic, proposal.refusal))
    while kept:
        candidate = edited(snapshot, (edit for proposal in kept for edit in proposal.edits))
        placed = _anchors_by_note(candidate, options)
        wrong = [p for p in kept if not set(p.anchors) <= placed.get(p.missed.annotation.id, set())]
        if not wrong:
            return Repair(candidate, len(kept), tuple(refused))
        refused += [(p.diagnostic, "after the edit the note would not stand on those words") for p in wrong]
        kept = [p for p in kept if p not in wrong]
    return Repair(snapshot, 0, tuple(refused))


def _anchors_by_note(snapshot: Snapshot, options: Options) -> dict[str, set[Anchor]]:
    placed: dict[str, set[Anchor]] = {}
    for edition in join(read(snapshot, options).value).value:
        for note in edition.notes:
            placed.setdefault(note.annotation.id, set()).update(note.anchors)
    return placed


def patch(before: Snapshot, after: Snapshot) -> str:
    """The changes as a unified diff that `git apply` takes, from the site's folder."""
    old = {source.path: source for source in before.sources}
    return "".join(_patch(old.get(source.path), source) for source in after.sources)


def _patch(old: Source | None, new: Source) -> str:
    if old and old.text == new.text:
        return ""
    first = _lines(old.text) if old else []
    origin = f"a/{new.path}" if old else "/dev/null"
    return "".join(_marked(difflib.unified_diff(first, _lines(new.text), origin, f"b/{new.path}")))


def _lines(text: str) -> list[str]:
    pieces = text.split("\n")
    return [f"{piece}\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _marked(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
