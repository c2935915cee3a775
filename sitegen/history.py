"""A site's files at a git revision, and which commit last touched a line: read with git's plumbing commands.

Nothing is checked out or changed. What the files mean, and what follows from their differences, is not
known here; apart from `files` this is the only module that reads from the disk, by way of git.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from sitegen.diagnostics import Checked, problem
from sitegen.files import INPUT_FOLDERS, decode, is_input
from sitegen.sitefiles import SETTINGS
from sitegen.source import Location, Snapshot, Source

_TIMEOUT = 120


class Revision(Struct, frozen=True):
    """A commit that was asked for by name, and the one compared with: where the present branch left it."""

    name: str
    commit: str


def find_revision(root: Path, name: str) -> Checked[Revision | None]:
    """The commit to compare with, or a diagnostic that says why there is none."""
    where = Location.at(SETTINGS)
    inside = _git(root, "rev-parse", "--is-inside-work-tree")
    if inside is None:
        hint = "install git, or run without --since"
        return Checked(
            None, (problem("no-history", where, "git cannot be run, so there is nothing to compare with", hint),)
        )
    if inside.returncode or inside.stdout.strip() != b"true":
        message = "the site is not in a git repository, so there is no earlier state to compare with"
        return Checked(None, (problem("no-history", where, message, "run `git init`, or run without --since"),))
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found is None or found.returncode:
        return Checked(None, (problem("no-history", where, *_no_such_revision(root, name)),))
    commit = found.stdout.decode().strip()
    base = _git(root, "merge-base", commit, "HEAD")
    if base and not base.returncode and base.stdout.strip():
        commit = base.stdout.decode().strip()
    return Checked(Revision(name, commit))


def _no_such_revision(root: Path, name: str) -> tuple[str, str]:
    shallow = _git(root, "rev-parse", "--is-shallow-repository")
    if shallow and shallow.stdout.strip() == b"true":
        message = f"this clone is shallow and does not have the revision `{name}`"
        hint = "fetch it: `git fetch --unshallow`; in a GitHub workflow set `fetch-depth: 0` for actions/checkout"
        return message, hint
    return f"git knows no revision `{name}`", "use a branch, tag or commit that exists, or fetch it first"


def snapshot_at(root: Path, revision: Revision) -> Checked[Snapshot]:
    """The site's input files at a revision; what cannot be decoded is left out. The theme is not included."""
    listed = _git(root, "ls-tree", "-r", "-z", revision.commit, "--", SETTINGS, *INPUT_FOLDERS)
    if listed is None or listed.returncode:
        where = Location.at(SETTINGS)
        return Checked(Snapshot(()), (problem("no-history", where, f"git cannot list the files of `{revision.name}`"),))
    blobs: dict[str, str] = {}
    for entry in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
        meta, _, path = entry.partition("\t")
        mode, _, rest = meta.partition(" ")
        # Links are not followed, as they are not inside a tree; submodules are not files.
        if path and mode in ("100644", "100755") and is_input(path):
            blobs[path] = rest.split(" ")[1]
    contents = _contents(root, blobs.values())
    sources: list[Source] = []
    for path in sorted(blobs):
        decoded = decode(path, contents.get(blobs[path], b""))
        if decoded.value:
            sources.append(decoded.value)
    return Checked(Snapshot(tuple(sources)))


def _contents(root: Path, blobs: Iterable[str]) -> Mapping[str, bytes]:
    """The bytes of blobs by id, with one call of git."""
    wanted = sorted(set(blobs))
    run = _git(root, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode())
    data, contents, position = run.stdout if run else b"", {}, 0
    for blob in wanted:
        line_end = data.find(b"\n", position)
        fields = data[position:line_end].split(b" ")
        if line_end < 0 or len(fields) != 3:
            break
        start = line_end + 1
        contents[blob] = data[start : start + int(fields[2])]
        position = start + int(fields[2]) + 1
    return contents


def blame(root: Path, path: str) -> dict[int, str]:
    """For each line of a file as it is on the disk, the commit that last touched it; lines that are not
    committed yet are left out."""
    run = _git(root, "blame", "--porcelain", "--", path)
    commits: dict[int, str] = {}
    if run is None or run.returncode:
        return commits
    for line in run.stdout.split(b"\n"):
        fields = line.split(b" ")
        if not line.startswith(b"\t") and len(fields) in (3, 4) and len(fields[0]) in (40, 64) and fields[2].isdigit():
            commit = fields[0].decode("ascii", "replace")
            if commit.strip("0"):
                commits[int(fields[2])] = commit
    return commits


def _git(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes] | None:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-c", "core.quotePath=false", *arguments]
    try:
        return subprocess.run(  # noqa: S603 -- a fixed program with arguments that no shell sees
            command, cwd=root, input=given, capture_output=True, timeout=_TIMEOUT, check=False, env=environment
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
