"""What a command takes as a whole child process, and what a folder of output holds.

Time and memory come from the system's own account of the child (`wait4`), which sums the processor time of
all processes below it that were waited for, and names the peak of the largest. Linux counts the memory of
the measuring process itself as the least any child has had, so that stays small here.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MEMO = ".sitegen"
"""The folder of sitegen's memo, in the folder of the site."""


@dataclass(frozen=True, slots=True)
class Use:
    """Wall seconds, processor seconds of all processes, and the peak of the largest process in MB."""

    wall: float
    processor: float
    largest: float


@dataclass(frozen=True, slots=True)
class Output:
    """What was built: HTML pages, files, bytes, and a digest of all paths and bytes but the search index."""

    pages: int
    files: int
    bytes: int
    digest: str


def measured(command: Sequence[str], folder: Path) -> Use:
    """Run a command in a folder to its end; SystemExit with what it said if it fails."""
    with tempfile.TemporaryFile() as said:
        os.sync()  # what earlier builds wrote must not be written to the disk on this one's time
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment(command[0]), stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{said.read().decode(errors='replace')[-2000:]}")
    return Use(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def environment(program: str) -> dict[str, str]:
    """The environment of a program: compiled modules may be kept, as they are when a package is installed.

    A program that npm installed finds the packages beside it. sitegen keeps its memo in the site's folder, where
    `adapters` has it taken away for a cold build.
    """
    values = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    values["SITEGEN_CACHE"] = MEMO
    modules = next((p for p in Path(program).resolve().parents if p.name == "node_modules"), None)
    return values | ({"NODE_PATH": str(modules)} if modules else {})


def output_of(folder: Path) -> Output:
    """Counts and digests what is below a folder, a file at a time."""
    whole = hashlib.blake2b(digest_size=16)
    pages = size = number = 0
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        pages += name.endswith(".html")
        size += len(data)
        number += 1
        if not name.startswith("pagefind/"):  # two runs of Pagefind differ
            whole.update(f"{name}\0{len(data)}\0".encode() + data)
    return Output(pages, number, size, whole.hexdigest())


def _files(folder: Path) -> Iterator[Path]:
    for path, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(path, name) for name in sorted(names))
