"""The site's own files: a snapshot in, mended and imported files out. The output has `outfolder`.

Nothing outside the site folder is read. What the files mean is not known here.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from glob import glob
from importlib import resources
from pathlib import Path

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.source import BYTE_ORDER_MARK, CONTROL, Location, Snapshot, Source, digest

SETTINGS = "sitegen.yaml"
INPUT_FOLDERS = ("content", "annotations", "templates")
_TEXT_SUFFIXES = frozenset({".md", ".yaml", ".yml", ".html", ".xml", ".txt", ".css", ".js", ".svg", ".markdown"})


# Every byte sequence of a control character begins like this; bytes are searched ten times as fast as characters.
_MAY_BE_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xbf[\xbe\xbf]")


def find_site(start: Path) -> Path | None:
    """The nearest folder upwards from `start` that holds a sitegen.yaml."""
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


def snapshot(root: Path) -> Checked[Snapshot]:
    """All inputs of the site in `root`; what cannot be read or decoded is reported and left out."""
    sources: list[Source] = []
    unread: list[str] = []
    problems: list[Diagnostic] = []
    for path in _input_files(root):
        name = path.relative_to(root).as_posix()
        if path.suffix.lower() not in _TEXT_SUFFIXES and not path.is_dir():
            unread.append(name)
            continue
        if not path.resolve().is_relative_to(root.resolve()):
            message = "the file is a link that leads out of the site folder"
            problems.append(problem("unreadable-file", Location.at(name), message, "copy the file into the folder"))
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problems.append(problem("unreadable-file", Location.at(name), f"the file cannot be read: {reason}"))
            continue
        decoded = decode(name, data)
        problems += decoded.diagnostics
        if decoded.value:
            sources.append(decoded.value)
    return Checked(Snapshot(tuple(sources), built_in_theme(), tuple(unread)), tuple(problems))


def decode(name: str, data: bytes) -> Checked[Source | None]:
    """The bytes of a file as a source; UTF-8 with or without a byte order mark."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace").removeprefix(BYTE_ORDER_MARK)
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the file is not valid UTF-8: byte 0x{data[error.start]:02x} cannot be read"
        hint = "save the file as UTF-8 in your editor"
        return Checked(None, (problem("bad-utf8", Location.at(name, line, column), message, hint),))
    source = Source(name, text.removeprefix(BYTE_ORDER_MARK), digest(data), text.startswith(BYTE_ORDER_MARK))
    control = CONTROL.search(source.text) if _MAY_BE_CONTROL.search(data) else None
    if not control:
        return Checked(source)
    where = source.location(control.start(), control.end())
    message = f"the file has a control character (U+{ord(control[0]):04X}), which no page can show"
    hint = "delete it; it often comes from another program or encoding"
    return Checked(source, (problem("control-character", where, message, hint),))


def _input_files(root: Path) -> Iterator[Path]:
    settings = root / SETTINGS
    if settings.is_file():
        yield settings
    for folder in INPUT_FOLDERS:
        for parent, folders, names in os.walk(root / folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            linked = [name for name in folders if (Path(parent) / name).is_symlink()]
            yield from (Path(parent) / name for name in (*linked, *sorted(names)) if not name.startswith("."))


def is_input(name: str) -> bool:
    """Whether a file, by its path in the site folder, is one that a snapshot holds."""
    *folders, last = name.split("/")
    if any(part.startswith(".") for part in (*folders, last)):
        return False
    return name == SETTINGS or (
        bool(folders) and folders[0] in INPUT_FOLDERS and Path(name).suffix.lower() in _TEXT_SUFFIXES
    )


def built_in_theme() -> tuple[Source, ...]:
    """The templates that ship with sitegen: inside the installed package, or beside it in a checkout."""
    package = Path(str(resources.files("sitegen")))
    installed, checkout = package / "templates", package.parent / "templates"
    folder = checkout if (checkout / "base.html").is_file() else installed
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _TEXT_SUFFIXES)
    return tuple(
        Source.of(f"templates/{path.relative_to(folder).as_posix()}", path.read_text(encoding="utf-8"))
        for path in files
    )


def attempt(change: Callable[[], None], name: str, target: Path) -> tuple[Diagnostic, ...]:
    """Change the disk; what the system has against it, as a diagnostic."""
    try:
        change()
    except OSError as error:
        message = f"{target} cannot be written or removed: {error.strerror or type(error).__name__}"
        return (
            problem("unwritable-file", Location.at(name), message, "check the folder, or choose another with --out"),
        )
    return ()


def replace_inputs(root: Path, before: Snapshot, after: Snapshot) -> Checked[tuple[str, ...]]:
    """Write the site's files that differ between two snapshots, each at once; the paths written.

    A file that was changed on the disk since the first snapshot is left alone and reported.
    """
    known = {source.path: source for source in before.sources}
    written: list[str] = []
    problems: list[Diagnostic] = []
    for source in after.sources:
        old = known.get(source.path)
        if old and old.text == source.text:
            continue
        target = (root / source.path).resolve()
        current = bytes_of(target)
        if (digest(current) if current is not None else None) != (old.digest if old else None):
            message = "the file was changed or made by somebody else meanwhile, so it is left as it is"
            problems.append(problem("unreadable-file", Location.at(source.path), message, "run the command again"))
            continue
        data = ((BYTE_ORDER_MARK if source.bom else "") + source.text).encode()
        failed = attempt(partial(replace_file, target, data), source.path, target)
        problems += failed
        if not failed:
            written.append(source.path)
    return Checked(tuple(written), tuple(problems))


def bytes_of(path: Path) -> bytes | None:
    """The bytes of a file, if it can be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def replace_file(target: Path, data: bytes) -> None:
    """Write a file at once, by renaming."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".sitegen-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


# ---------------------------------------------------------------- import

IMPORT_RECORD = ".sitegen/imports.json"
"""In the site folder: digests of the transcripts as imports wrote them. Local; a lost one only asks more questions."""


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
            found |= {match: True for match in matches if match not in found}
        elif path.is_file():
            found[path] = False
        else:
            matches = sorted(Path(match) for match in glob(name, recursive=True) if Path(match).is_file())
            found |= {match: True for match in matches if match not in found}
            if not matches:
                problems.append(problem("unreadable-file", Location.at(name), "there is no such file or folder"))
    return Checked(tuple(found.items()), tuple(problems))


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


def export(folder: Path, contents: Mapping[str, bytes]) -> int:
    """Write files by name into a folder that the user chose; how many."""
    for name, data in contents.items():
        replace_file(folder / name, data)
    return len(contents)
