"""The only disk access: a snapshot in, changed files out, and what is no longer planned pruned.

Nothing outside the site folder is read and nothing the build did not write is ever overwritten or
removed. What the files mean is not known here.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from glob import glob
from importlib import resources
from pathlib import Path

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.source import BYTE_ORDER_MARK, CONTROL, Location, Snapshot, Source, digest

SETTINGS = "sitegen.yaml"
INPUT_FOLDERS = ("content", "annotations", "templates")
MANIFEST = ".sitegen-manifest.json"
"""In the output folder: what the last build wrote there, so that only that is ever removed."""

_TEXT_SUFFIXES = frozenset({".md", ".yaml", ".yml", ".html", ".xml", ".txt", ".css", ".js", ".svg", ".markdown"})


# Every byte sequence of a control character begins like this; bytes are searched ten times as fast as characters.
_MAY_BE_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xbf[\xbe\xbf]")


@dataclass(frozen=True, slots=True)
class WriteReport:
    """How many files were written, already right, and pruned; and what could not be written."""

    written: int
    unchanged: int
    pruned: int
    diagnostics: tuple[Diagnostic, ...] = ()


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


def write(out: Path, contents: Mapping[str, bytes]) -> WriteReport:
    """Make the output folder hold exactly `contents` (by relative path), and what it held of other origin.

    Files are replaced by renaming, and only where their bytes differ.
    """
    problems = list(_attempt(partial(out.mkdir, parents=True, exist_ok=True), MANIFEST, out))
    if problems:
        return WriteReport(0, 0, 0, tuple(problems))
    known = _manifest(out)
    written = unchanged = 0
    kept: dict[str, str] = {}
    for name, data in contents.items():
        if not _is_inside(name):
            raise ValueError(f"an output would leave the output folder: {name}")
        if _bytes_of(out / name) == data:
            unchanged += 1
        elif failed := _update(out / name, name, data, name in known):
            problems += failed
            if name not in known:
                continue
        else:
            written += 1
        kept[name] = digest(data)
    gone = [name for name in known if name not in contents]
    for name in gone:
        if failed := _attempt(partial(_remove, out, name), name, out / name):
            problems += failed
            kept[name] = known[name]
    manifest = (json.dumps(dict(sorted(kept.items())), indent=0) + "\n").encode()
    if _bytes_of(out / MANIFEST) != manifest:
        problems += _attempt(partial(_replace, out / MANIFEST, manifest), MANIFEST, out / MANIFEST)
    return WriteReport(written, unchanged, len(gone), tuple(problems))


def _update(target: Path, name: str, data: bytes, ours: bool) -> tuple[Diagnostic, ...]:
    if not target.exists() or ours:
        return _attempt(partial(_replace, target, data), name, target)
    message = f"{target} exists and was not written by sitegen, so it is left as it is"
    hint = "move it away, or choose another folder with --out"
    return (problem("unwritable-file", Location.at(name), message, hint),)


def _attempt(change: Callable[[], None], name: str, target: Path) -> tuple[Diagnostic, ...]:
    """Change the disk; what the system has against it, as a diagnostic."""
    try:
        change()
    except OSError as error:
        message = f"{target} cannot be written or removed: {error.strerror or type(error).__name__}"
        return (
            problem("unwritable-file", Location.at(name), message, "check the folder, or choose another with --out"),
        )
    return ()


def clean(out: Path) -> int:
    """Remove everything the build wrote to a folder; how many files that were."""
    known = _manifest(out)
    for name in known:
        with contextlib.suppress(OSError):  # the build that follows says what it cannot write
            _remove(out, name)
    if known:
        _remove(out, MANIFEST)
    return len(known)


def _manifest(out: Path) -> dict[str, str]:
    """What the last build wrote; empty where there is no manifest that makes sense."""
    data = _bytes_of(out / MANIFEST)
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


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _replace(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".sitegen-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _remove(out: Path, name: str) -> None:
    path = out / name
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == out or (folder.is_dir() and any(folder.iterdir())):
            return
        if folder.is_dir():
            folder.rmdir()


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
            data = _bytes_of(path)
            source = decode(relative_name(root, path), data).value if data is not None else None
            if source:
                found.setdefault(path.stem, source)
    return found


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
            _replace(root / name, text.encode())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problems.append(problem("unwritable-file", Location.at(name), f"the file cannot be written: {reason}"))
    return tuple(problems)


def import_record(root: Path) -> dict[str, str]:
    """The digests that imports left behind, by path."""
    data = _bytes_of(root / IMPORT_RECORD)
    try:
        loaded = json.loads(data) if data else {}
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in loaded.items()} if isinstance(loaded, dict) else {}


def save_import_record(root: Path, record: Mapping[str, str]) -> None:
    """Keep the digests for the next import; a folder that cannot be written to just has none."""
    with contextlib.suppress(OSError):
        _replace(root / IMPORT_RECORD, (json.dumps(dict(sorted(record.items())), indent=0) + "\n").encode())


def export(folder: Path, contents: Mapping[str, bytes]) -> int:
    """Write files by name into a folder that the user chose; how many."""
    for name, data in contents.items():
        _replace(folder / name, data)
    return len(contents)
