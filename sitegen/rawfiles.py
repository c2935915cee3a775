"""The disk for `sitegen import`: raw files in, transcripts as inputs of the site out, and a record of what was written.

What the files hold, and whether one may be replaced, is not known here.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from glob import glob
from pathlib import Path

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.files import bytes_of, decode, replace_file
from sitegen.source import Location, Source

IMPORT_RECORD = ".sitegen/imports.json"
"""In the site folder: digests of the transcripts as imports wrote them. Local; a lost one only asks more questions."""

BESIDE = ".yaml"
"""What the name of a file of front matter adds to the name of the file that it belongs to."""


def find_raw(names: Iterable[str]) -> Checked[tuple[tuple[Path, bool], ...]]:
    """The files that names mean, each with whether it was only found in a folder or by a pattern.

    A name is a file, a folder (all files below it, hidden ones left out) or a pattern such as `talks/**/*.srt`.
    """
    found: dict[Path, bool] = {}
    problems: list[Diagnostic] = []
    for name in names:
        path = Path(name)
        if path.is_dir():
            matches = [p for p in sorted(path.rglob("*")) if p.is_file() and not _is_hidden(p.relative_to(path))]
            found |= {match: True for match in matches if match not in found and not _is_beside(match)}
        elif path.is_file():
            found[path] = False
        else:
            matches = sorted(Path(match) for match in glob(name, recursive=True) if Path(match).is_file())
            found |= {match: True for match in matches if match not in found and not _is_beside(match)}
            if not matches:
                problems.append(problem("unreadable-file", Location.at(name), "there is no such file or folder"))
    return Checked(tuple(found.items()), tuple(problems))


def beside(path: Path) -> Source | None:
    """The file of front matter beside a file to import: `talk.txt.yaml` for `talk.txt`."""
    name = f"{path.as_posix()}{BESIDE}"
    data = bytes_of(Path(name))
    return decode(name, data).value if data is not None else None


def _is_beside(path: Path) -> bool:
    return path.suffix == BESIDE and path.with_suffix("").is_file()


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read_raw(path: Path) -> Checked[bytes]:
    """The bytes of a file to import; empty with a diagnostic where it cannot be read."""
    try:
        return Checked(path.read_bytes())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        found = problem("unreadable-file", Location.at(path.as_posix()), f"the file cannot be read: {reason}")
        return Checked(b"", (found,))


def transcripts_in(root: Path, folders: Iterable[Path]) -> dict[str, Source]:
    """The transcripts in some folders by their ids; what cannot be read is left out."""
    found: dict[str, Source] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.md")):
            data = bytes_of(path)
            source = decode(relative_name(root, path), data).value if data is not None else None
            if source:
                found.setdefault(path.stem, source)
    return found


def source_at(root: Path, name: str) -> Source | None:
    """A text file of the site by its path, or None."""
    data = bytes_of(root / name)
    return decode(name, data).value if data is not None else None


def relative_name(root: Path, path: Path) -> str:
    """A path as messages show it: relative to the site folder where it is inside."""
    absolute = path.resolve()
    inside = absolute.is_relative_to(root.resolve())
    return absolute.relative_to(root.resolve()).as_posix() if inside else path.as_posix()


def write_inputs(root: Path, texts: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Write files of a site by path, each by renaming; what cannot be written is reported."""
    problems: list[Diagnostic] = []
    for name, text in texts.items():
        try:
            replace_file(root / name, text.encode())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problems.append(problem("unwritable-file", Location.at(name), f"the file cannot be written: {reason}"))
    return tuple(problems)


def import_record(root: Path) -> dict[str, str]:
    """The digests that imports left behind, by path."""
    data = bytes_of(root / IMPORT_RECORD)
    try:
        loaded = json.loads(data) if data else {}
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in loaded.items()} if isinstance(loaded, dict) else {}


def save_import_record(root: Path, record: Mapping[str, str]) -> None:
    """Keep the digests for the next import; a folder that cannot be written to just has none."""
    with contextlib.suppress(OSError):
        replace_file(root / IMPORT_RECORD, (json.dumps(dict(sorted(record.items())), indent=0) + "\n").encode())
