"""The folder a site is built into: changed files written, what is no longer planned pruned.

Nothing the build did not write is ever overwritten or removed. What the files mean is not known here.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from msgspec import DecodeError, Struct, field, json

from sitegen.diagnostics import Diagnostic, problem
from sitegen.files import attempt, bytes_of, is_inside, remove, replace_file, stamp
from sitegen.outputs import Kept
from sitegen.source import Location

MANIFEST = ".sitegen-manifest.json"
"""In the output folder: what the last build wrote there, so that only that is ever removed."""


class OutFolder(Struct, frozen=True):
    """An output folder, with the paths of what the build before wrote to it. Files are replaced by renaming, and only
    where their bytes differ. `is_empty` says that nothing was in it when it was opened; `written` are the files that
    were written to it since."""

    path: Path
    known: frozenset[str] = frozenset()
    is_empty: bool = False
    written: set[str] = field(default_factory=set)

    def put(self, path: str, data: bytes) -> Kept:
        """Make a file hold bytes. One of other origin is left as it is and reported."""
        if not is_inside(path):
            raise ValueError(f"an output would leave the output folder: {path}")
        target = f"{self.path}/{path}"
        there = "" if self.is_empty else stamp_of(target)
        if there and bytes_of(target) == data:
            return Kept(path, stamp=there, state="unchanged")
        if there and path not in self.known and path not in self.written:
            message = f"{target} exists and was not written by sitegen, so it is left as it is"
            hint = "move it away, or choose another folder with --out"
            found = problem("unwritable-file", Location.at(path), message, hint)
            return Kept(path, is_there=False, state="left", diagnostics=(found,))
        failed = attempt(partial(replace_file, target, data, is_new=not there), path, target)
        if failed:
            return Kept(path, is_there=path in self.known, state="left", diagnostics=failed)
        self.written.add(path)
        return Kept(path, stamp=stamp_of(target))

    def finish(self, paths: frozenset[str]) -> tuple[int, tuple[Diagnostic, ...]]:
        """Remove what an earlier build wrote and this one did not; `paths` are those of all files of the site.

        How many were removed, and what the system had against it.
        """
        problems: list[Diagnostic] = []
        listed = set(paths)
        gone = sorted(filter(is_inside, self.known - paths))
        for name in gone:
            if failed := attempt(partial(remove, self.path, name), name, self.path / name):
                problems += failed
                listed.add(name)
        if listed != self.known or not (self.path / MANIFEST).exists():
            text = json.format(json.encode(sorted(listed)), indent=0) + b"\n"
            problems += attempt(partial(replace_file, self.path / MANIFEST, text), MANIFEST, self.path / MANIFEST)
        return len(gone), tuple(problems)

    def stamps(self) -> dict[str, str]:
        """The stamps that the files of the build before have now, by path."""
        folder, found = f"{self.path}/", {}
        for name in self.known:
            with contextlib.suppress(OSError):
                found[name] = stamp(os.lstat(folder + name))
        return found


def open_folder(path: Path) -> tuple[OutFolder, tuple[Diagnostic, ...]]:
    """The output folder at a path, made if need be, and what the system has against that."""
    failed = attempt(partial(path.mkdir, parents=True, exist_ok=True), MANIFEST, path)
    return OutFolder(path, manifest(path), _is_empty(path)), failed


def _is_empty(folder: Path) -> bool:
    """Whether there is nothing in a folder."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def stamp_of(path: str) -> str:
    """The stamp of a file; empty where there is none."""
    try:
        return stamp(os.lstat(path))
    except OSError:
        return ""


def write(out: Path, contents: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Make a folder hold `contents` by relative path, and what it held of other origin; what could not be written."""
    folder, problems = open_folder(out)
    kept = [folder.put(name, data) for name, data in contents.items()]
    _, left = folder.finish(frozenset([one.path for one in kept if one.is_there]))
    return (*problems, *(found for one in kept for found in one.diagnostics), *left)


def clean(out: Path) -> int:
    """Remove everything the build wrote to a folder; how many files that were."""
    known = sorted(filter(is_inside, manifest(out)))
    for name in known:
        with contextlib.suppress(OSError):  # the build that follows says what it cannot write
            remove(out, name)
    if known:
        remove(out, MANIFEST)
    return len(known)


def manifest(out: Path) -> frozenset[str]:
    """What the last build wrote; empty where there is no manifest that makes sense."""
    data = bytes_of(out / MANIFEST)
    try:
        # Earlier versions wrote a digest by each path.
        return frozenset(json.decode(data, type=list[str] | dict[str, str])) if data else frozenset()
    except DecodeError:
        return frozenset()
