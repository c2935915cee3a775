"""A site where it is worked on: its files as they stand on the disk, and the memo of its last build.

Files are told apart by size, time and inode first, and by their bytes where those differ, so that a build after
which nothing was touched reads next to nothing. What a build does is not known here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen import bytecode, files
from sitegen.diagnostics import Diagnostic
from sitegen.fingerprint import fingerprint
from sitegen.memo import DamagedError, Memo
from sitegen.outfolder import OutFolder
from sitegen.outputs import Sink
from sitegen.source import digest

if TYPE_CHECKING:
    from sitegen.crew import MakeCrew
    from sitegen.incremental import Progress, Request
    from sitegen.preparation import Options

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file that is changed again has another time on any file system."""


class Workplace(Struct, frozen=True):
    """The files of a site as listed, with stamp and digest of each (the digest is empty where it is not known and
    not needed), and its memo."""

    root: Path
    listed: tuple[files.Listed, ...]
    known: Mapping[str, tuple[str, str]]
    memo: Memo

    def digests(self) -> dict[str, str]:
        """The digest of each file by path."""
        return {path: value for path, (_, value) in self.known.items()}


def open_workplace(root: Path, memo: Memo) -> Workplace:
    """The files of the site in `root` beside what its memo knows of them."""
    try:
        before = memo.files()
    except DamagedError:
        memo.forget()
        before = {}
    listed = files.listing(root)
    unsettled = time.time_ns() - _SETTLED
    known = {}
    for one in listed:
        stamp, value = before.get(one.path, ("", ""))
        if not stamp or stamp != one.stamp:
            # Without a memo every file will be read anyway, and then tells its digest.
            value = _digest(root, one) if before else ""
        known[one.path] = ("" if one.changed_at > unsettled else one.stamp, value)
    return Workplace(root, listed, known, memo)


def _digest(root: Path, one: files.Listed) -> str:
    data = files.read_input(root, one.path).value if files.is_input(one.path) else None
    return "" if data is None else digest(data)


class Done(Struct, frozen=True):
    """A build into a folder: how many files the site has, how many were written, right already, and removed; what
    is wrong; why each was made, by path; the language of the site; and the `values` of `incremental.Made`."""

    count: int
    written: int
    pruned: int
    diagnostics: tuple[Diagnostic, ...]
    reasons: Mapping[str, str]
    language: str
    values: object = None


def build_into(
    place: Workplace,
    folder: OutFolder,
    options: Mapping[str, Any],
    find_crew: Callable[[], MakeCrew],
    progress: Progress,
) -> Done:
    """Build the site into a folder, by options as of `preparation.Options`; nothing is done if nothing has changed, and
    then no crew is looked for."""
    stamps = folder.stamps()
    done = _last_build(place, _run(options, place.digests()), stamps)
    if done:
        return done
    # Imported here, since all that is needed to see that nothing has changed is small.
    from sitegen.preparation import Options

    request = request_of(place, Options(**options), folder)
    return _build(place, folder, options, replace(request, crew=find_crew(), stamps=stamps, progress=progress))


def _run(options: Mapping[str, str | bool], digests: Mapping[str, str]) -> str:
    """The fingerprint of everything that a build of a site depends on."""
    return fingerprint(sorted(options.items()), sorted(digests.items()))


def _last_build(place: Workplace, run: str, stamps: Mapping[str, str]) -> Done | None:
    """What the last build said, if it was of exactly these files, and all that it made is there as it made it."""
    try:
        if place.memo.value("run") != run:
            return None
        made = [row for outputs in place.memo.outputs().values() for row in outputs.rows]
        if any(stamps.get(row.path) != row.stamp for row in made):
            return None
        return Done(len(made), 0, 0, place.memo.value("diagnostics"), {}, place.memo.value("language"))
    except DamagedError:
        return None


def _build(place: Workplace, folder: OutFolder, options: Mapping[str, Any], request: Request) -> Done:
    from sitegen.incremental import make

    made = make(request, place.memo)
    pruned, problems = folder.finish(made.paths)
    if made.compiled != request.files.snapshot.compiled:
        bytecode.keep(made.compiled)
    found = (*made.diagnostics, *problems)
    digests = remember(place, made.sources)
    place.memo.put_value("run", _run(options, digests))
    place.memo.put_value("diagnostics", found)
    place.memo.put_value("language", made.settings.language)
    place.memo.save()
    written = sum(one.state == "written" for one in made.kept)
    language = made.settings.language
    return Done(len(made.paths), written, pruned, found, made.reasons, language, made.values)


def request_of(place: Workplace, options: Options, sink: Sink) -> Request:
    """The build of a site into a sink."""
    from sitegen.incremental import Request

    read = files.site_files(place.root, place.listed)
    found = replace(read.value, snapshot=replace(read.value.snapshot, compiled=bytecode.kept()))
    return Request(found, options, sink, digests=place.digests(), problems=read.diagnostics)


def remember(place: Workplace, sources: Mapping[str, str]) -> dict[str, str]:
    """Put into the memo which files were built, by digests as they were read; the digests of all files."""
    digests = {path: sources.get(path, value) for path, value in place.digests().items()}
    place.memo.put_files({path: (stamp, digests[path]) for path, (stamp, _) in place.known.items()})
    return digests
