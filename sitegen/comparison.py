"""The present site beside its state at a git revision: snapshots are fetched here and compared in `since`."""

from __future__ import annotations

from pathlib import Path

from sitegen.diagnostics import Checked, Diagnostic
from sitegen.history import Revision, blame, find_revision, snapshot_at
from sitegen.since import Comparison, State, compare, state_of, words_changed, written_lines
from sitegen.source import Snapshot

MOST_COMMITS = 40
"""How many commits are read to tell whether words changed since a note was written; the commonest first."""


def compare_with(root: Path, snapshot: Snapshot, name: str) -> Checked[Comparison | None]:
    """The site beside its state at a revision; None, with the reason, where git does not have that."""
    revision = find_revision(root, name)
    if revision.value is None:
        return Checked(None, revision.diagnostics)
    then = snapshot_at(root, revision.value)
    if then.diagnostics:
        return Checked(None, then.diagnostics)
    return Checked(compare(then.value, snapshot))


def notes_to_read_again(root: Path, state: State) -> tuple[Diagnostic, ...]:
    """The notes whose words were changed since the commit that last wrote the note."""
    lines = written_lines(state.snapshot, state)
    commits = {path: blame(root, path) for path in {path for path, _ in lines.values()}}
    by_commit: dict[str, list[str]] = {}
    for note_id, (path, line) in lines.items():
        if commit := commits[path].get(line):
            by_commit.setdefault(commit, []).append(note_id)
    then: dict[str, State] = {}
    for commit in sorted(by_commit, key=lambda c: (-len(by_commit[c]), c))[:MOST_COMMITS]:
        state_then = state_of(snapshot_at(root, Revision(commit, commit)).value)
        then.update(dict.fromkeys(by_commit[commit], state_then))
    return tuple(words_changed(state, then))
