"""The output folder: files that differ are replaced, and what is no longer planned is removed.

Nothing the build did not write is ever overwritten or removed. What the files hold is not known here.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sitegen.diagnostics import Diagnostic, problem
from sitegen.files import attempt, bytes_of, replace_file
from sitegen.source import Location, digest

MANIFEST = ".sitegen-manifest.json"
"""In the output folder: what the last build wrote there, so that only that is ever removed."""


@dataclass(frozen=True, slots=True)
class WriteReport:
    """How many files were written, already right, and pruned; and what could not be written."""

    written: int
    unchanged: int
    pruned: int
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Put:
    """What became of one output: its digest (empty if it could not be written), and whether it was changed.

    `stamp` is the file's time and size, by which a later build sees that nobody touched it.
    """

    name: str
    digest: str
    changed: bool
    stamp: tuple[int, int] = (0, 0)
    diagnostics: tuple[Diagnostic, ...] = ()


def write(out: Path, contents: Mapping[str, bytes]) -> WriteReport:
    """Make the output folder hold exactly `contents` (by relative path), and what it held of other origin.

    Files are replaced by renaming, and only where their bytes differ.
    """
    if problems := opened(out):
        return WriteReport(0, 0, 0, problems)
    known = manifest(out)
    return close(out, known, [put(out, name, data, name in known) for name, data in contents.items()])


def opened(out: Path) -> tuple[Diagnostic, ...]:
    """Make sure that the folder is there; why it cannot be."""
    return attempt(partial(out.mkdir, parents=True, exist_ok=True), MANIFEST, out)


def put(out: Path, name: str, data: bytes, ours: bool) -> Put:
    """Write one output, if its bytes differ; `ours` is whether an earlier build wrote it."""
    if not _is_inside(name):
        raise ValueError(f"an output would leave the output folder: {name}")
    target = out / name
    if bytes_of(target) == data:
        return Put(name, digest(data), False, stamp_of(target))
    if problems := _update(target, name, data, ours):
        return Put(name, digest(data) if ours else "", False, (0, 0), problems)
    return Put(name, digest(data), True, stamp_of(target))


def stamp_of(path: Path) -> tuple[int, int]:
    """The time and size of a file; zeros where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def close(out: Path, known: Mapping[str, str], puts: Iterable[Put]) -> WriteReport:
    """Remove what `known` lists and was not put, and note what is there now."""
    every = tuple(puts)
    kept = {one.name: one.digest for one in every if one.digest}
    problems = [found for one in every for found in one.diagnostics]
    named = {one.name for one in every}
    gone = [name for name in known if name not in named]
    for name in gone:
        if failed := attempt(partial(_remove, out, name), name, out / name):
            problems += failed
            kept[name] = known[name]
    listed = (json.dumps(dict(sorted(kept.items())), indent=0) + "\n").encode()
    if bytes_of(out / MANIFEST) != listed:
        problems += attempt(partial(replace_file, out / MANIFEST, listed), MANIFEST, out / MANIFEST)
    written = sum(one.changed for one in every)
    unchanged = sum(not one.changed and not one.diagnostics for one in every)
    return WriteReport(written, unchanged, len(gone), tuple(problems))


def _update(target: Path, name: str, data: bytes, ours: bool) -> tuple[Diagnostic, ...]:
    if not target.exists() or ours:
        return attempt(partial(replace_file, target, data), name, target)
    message = f"{target} exists and was not written by sitegen, so it is left as it is"
    hint = "move it away, or choose another folder with --out"
    return (problem("unwritable-file", Location.at(name), message, hint),)


def clean(out: Path) -> int:
    """Remove everything the build wrote to a folder; how many files that were."""
    known = manifest(out)
    for name in known:
        with contextlib.suppress(OSError):  # the build that follows says what it cannot write
            _remove(out, name)
    if known:
        _remove(out, MANIFEST)
    return len(known)


def manifest(out: Path) -> dict[str, str]:
    """What the last build wrote; empty where there is no manifest that makes sense."""
    data = bytes_of(out / MANIFEST)
    try:
        loaded = json.loads(data) if data else {}
    except ValueError:
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {name: str(value) for name, value in loaded.items() if _is_inside(name)}


def _is_inside(name: str) -> bool:
    parts = name.split("/")
    return not name.startswith("/") and not {"", ".", ".."} & set(parts) and "\\" not in name


def _remove(out: Path, name: str) -> None:
    path = out / name
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == out or (folder.is_dir() and any(folder.iterdir())):
            return
        if folder.is_dir():
            folder.rmdir()
