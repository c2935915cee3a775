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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.source import BYTE_ORDER_MARK, CONTROL, Asset, Location, Snapshot, Source, digest

SETTINGS = "sitegen.yaml"
INPUT_FOLDERS = ("content", "annotations", "templates")
MANIFEST = ".sitegen-manifest.json"
"""In the output folder: what the last build wrote there, so that only that is ever removed."""

_TEXT_SUFFIXES = frozenset({".md", ".yaml", ".yml", ".html", ".xml", ".txt", ".css", ".js", ".svg", ".markdown"})
_WORDS_SUFFIX = ".json"
"""The theme's tables of words; JSON elsewhere is no input."""

_ASSET_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".ico", ".woff2"})
"""Images and fonts, which are published for the theme alone."""


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
    assets: list[Asset] = []
    unread: list[str] = []
    problems: list[Diagnostic] = []
    for path in _input_files(root):
        name = path.relative_to(root).as_posix()
        if not is_input(name) and not path.is_dir():
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
        if path.suffix.lower() in _ASSET_SUFFIXES:
            assets.append(Asset(name, data))
            continue
        decoded = decode(name, data)
        problems += decoded.diagnostics
        if decoded.value:
            sources.append(decoded.value)
    read = Snapshot(tuple(sources), built_in_theme(), (*built_in_assets(), *assets), tuple(unread))
    return Checked(read, tuple(problems))


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
    if name == SETTINGS or not folders or folders[0] not in INPUT_FOLDERS:
        return name == SETTINGS
    of_theme = _ASSET_SUFFIXES | {_WORDS_SUFFIX} if folders[0] == "templates" else frozenset()
    return Path(name).suffix.lower() in _TEXT_SUFFIXES | of_theme


def built_in_theme() -> tuple[Source, ...]:
    """The templates that ship with sitegen: inside the installed package, or beside it in a checkout."""
    return tuple(Source.of(name, path.read_text(encoding="utf-8")) for name, path in _theme_files(text=True))


def built_in_assets() -> tuple[Asset, ...]:
    """The images that ship with sitegen."""
    return tuple(Asset(name, path.read_bytes()) for name, path in _theme_files(text=False))


def _theme_files(*, text: bool) -> Iterator[tuple[str, Path]]:
    package = Path(str(resources.files("sitegen")))
    installed, checkout = package / "templates", package.parent / "templates"
    folder = checkout if (checkout / "base.html").is_file() else installed
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = f"templates/{path.relative_to(folder).as_posix()}"
        if is_input(name) and (path.suffix in _ASSET_SUFFIXES) != text:
            yield name, path


def starter() -> dict[str, str]:
    """The files of a new site that ship with sitegen, by path."""
    folder = Path(str(resources.files("sitegen"))) / "starter"
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def add(folder: Path, contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Writes those of `contents` that a folder does not have yet; the paths of those that it has."""
    there = tuple(name for name in contents if os.path.lexists(folder / name))
    for name, data in contents.items():
        if name not in there:
            replace_file(folder / name, data)
    return there


def write(out: Path, contents: Mapping[str, bytes]) -> WriteReport:
    """Make the output folder hold exactly `contents` (by relative path), and what it held of other origin.

    Files are replaced by renaming, and only where their bytes differ.
    """
    problems = list(_attempt(partial(out.mkdir, parents=True, exist_ok=True), MANIFEST, out))
    if problems:
        return WriteReport(0, 0, 0, tuple(problems))
    known = manifest(out)
    written = unchanged = 0
    kept: dict[str, str] = {}
    for name, data in contents.items():
        if not is_inside(name):
            raise ValueError(f"an output would leave the output folder: {name}")
        if bytes_of(out / name) == data:
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
        if failed := _attempt(partial(remove, out, name), name, out / name):
            problems += failed
            kept[name] = known[name]
    listed = (json.dumps(dict(sorted(kept.items())), indent=0) + "\n").encode()
    if bytes_of(out / MANIFEST) != listed:
        problems += _attempt(partial(replace_file, out / MANIFEST, listed), MANIFEST, out / MANIFEST)
    return WriteReport(written, unchanged, len(gone), tuple(problems))


def _update(target: Path, name: str, data: bytes, ours: bool) -> tuple[Diagnostic, ...]:
    if not target.exists() or ours:
        return _attempt(partial(replace_file, target, data), name, target)
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
        failed = _attempt(partial(replace_file, target, data), source.path, target)
        problems += failed
        if not failed:
            written.append(source.path)
    return Checked(tuple(written), tuple(problems))


def clean(out: Path) -> int:
    """Remove everything the build wrote to a folder; how many files that were."""
    known = manifest(out)
    for name in known:
        with contextlib.suppress(OSError):  # the build that follows says what it cannot write
            remove(out, name)
    if known:
        remove(out, MANIFEST)
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
    return {name: str(value) for name, value in loaded.items() if is_inside(name)}


def is_inside(name: str) -> bool:
    """Whether a relative path stays inside the folder to which it is relative."""
    parts = name.split("/")
    return not name.startswith("/") and not {"", ".", ".."} & set(parts) and "\\" not in name


def bytes_of(path: Path) -> bytes | None:
    """The bytes of a file; None where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def replace_file(target: Path, data: bytes) -> None:
    """Write a file at once: a temporary one beside it is renamed. Raises OSError."""
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


def remove(out: Path, name: str) -> None:
    """Remove a file, and folders above it that are empty then. Raises OSError."""
    path = out / name
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == out or (folder.is_dir() and any(folder.iterdir())):
            return
        if folder.is_dir():
            folder.rmdir()


def export(folder: Path, contents: Mapping[str, bytes]) -> int:
    """Write files by name into a folder that the user chose; how many."""
    for name, data in contents.items():
        replace_file(folder / name, data)
    return len(contents)
