"""The disk: the files of a site listed and read, and files replaced at once.

Nothing outside the site folder is read. What the files mean is not known here.
"""

from __future__ import annotations

import contextlib
import os
import re
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from msgspec import Struct

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.sitefiles import SETTINGS, SiteFiles, is_annotation_file, is_transcript
from sitegen.source import BYTE_ORDER_MARK, CONTROL, Asset, Location, Snapshot, Source, digest

INPUT_FOLDERS = ("content", "annotations", "templates")

_TEXT_SUFFIXES = frozenset({".md", ".yaml", ".yml", ".html", ".xml", ".txt", ".css", ".js", ".svg", ".markdown"})
_WORDS_SUFFIX = ".json"
_PACKAGE = Path(__file__).parent
"""The theme's tables of words; JSON elsewhere is no input."""

_ASSET_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".ico", ".woff2"})
"""Images and fonts, which are published for the theme alone."""


# Every byte sequence of a control character begins like this; bytes are searched ten times as fast as characters,
# and most files do not even have one of these bytes, which is seen as fast again.
_REPLACED = "\ufffd"
_MAY_BE_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xbf[\xbe\xbf]")
_HARMLESS = bytes(sorted({*range(0x20, 0x100), *b"\t\n\r"} - {0x7F, 0xBF, 0xC2, 0xEF}))


def find_site(start: Path) -> Path | None:
    """The nearest folder upwards from `start` that holds a sitegen.yaml."""
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


class Listed(Struct, frozen=True):
    """A file in the site's folders, not read yet. `stamp` tells it apart from what was or will be at its path, and is
    empty for links; `changed_at` is in nanoseconds."""

    path: str
    stamp: str
    changed_at: int = 0
    is_link: bool = False


def listing(root: Path) -> tuple[Listed, ...]:
    """The files of the site in `root`, inputs and others, by folder and name; hidden ones are left out."""
    found = []
    with contextlib.suppress(OSError):
        status = (root / SETTINGS).stat()
        found.append(Listed(SETTINGS, stamp(status), status.st_mtime_ns))
    for folder in INPUT_FOLDERS:
        found += _listed(root, folder, (root / folder).is_symlink())
    return tuple(found)


def _listed(root: Path, folder: str, is_link: bool) -> Iterator[Listed]:
    try:
        with os.scandir(root / folder) as entries:
            ordered = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda e: e.name)
    except OSError:
        return
    inner = []
    for entry in ordered:
        name = f"{folder}/{_readable(entry.name)}"
        if entry.is_dir(follow_symlinks=False) and name.endswith(entry.name):
            inner.append(name)
        else:
            if is_link or entry.is_symlink():
                yield Listed(name, "", is_link=True)
            else:
                status = entry.stat(follow_symlinks=False)
                yield Listed(name, stamp(status), status.st_mtime_ns)
    for name in inner:
        yield from _listed(root, name, is_link)


def _readable(name: str) -> str:
    """A file's name as it can be printed: what is not UTF-8 in it is replaced, and then there is no file of that name,
    which whoever reads it says."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")


def stamp(status: os.stat_result) -> str:
    """What tells a file apart from an earlier or later one at its path without reading it."""
    return f"{status.st_size}.{status.st_mtime_ns}.{status.st_ino}"


def snapshot(root: Path) -> Checked[Snapshot]:
    """All inputs of the site in `root`; what cannot be read or decoded is reported and left out."""
    return _snapshot(root, listing(root))


def site_files(root: Path, listed: Iterable[Listed]) -> Checked[SiteFiles]:
    """The files of the site in `root`: those that every page may need are read, transcripts and annotations not."""
    every = tuple(listed)
    transcripts = tuple(sorted(one.path for one in every if is_transcript(one.path)))
    annotations = tuple(sorted(one.path for one in every if is_annotation_file(one.path)))
    later = {*transcripts, *annotations}
    read = _snapshot(root, (one for one in every if one.path not in later))
    return Checked(SiteFiles(read.value, transcripts, annotations, partial(load, root)), read.diagnostics)


def _snapshot(root: Path, listed: Iterable[Listed]) -> Checked[Snapshot]:
    sources: list[Source] = []
    assets: list[Asset] = []
    unread: list[str] = []
    problems: list[Diagnostic] = []
    for one in listed:
        if not is_input(one.path) and not (one.is_link and (root / one.path).is_dir()):
            unread.append(one.path)
            continue
        data = read_input(root, one.path)
        problems += data.diagnostics
        if data.value is None:
            continue
        if Path(one.path).suffix.lower() in _ASSET_SUFFIXES:
            assets.append(Asset(one.path, data.value))
            continue
        decoded = decode(one.path, data.value)
        problems += decoded.diagnostics
        if decoded.value:
            sources.append(decoded.value)
    read = Snapshot(tuple(sources), built_in_theme(), (*built_in_assets(), *assets), tuple(unread))
    return Checked(read, tuple(problems))


def load(root: Path, name: str) -> Checked[Source | None]:
    """A text of the site by its path."""
    data = read_input(root, name)
    return Checked(None, data.diagnostics) if data.value is None else decode(name, data.value)


def read_input(root: Path, name: str) -> Checked[bytes | None]:
    """The bytes of a file of the site, which must lie inside its folder."""
    message = "the file is a link that leads out of the site folder"
    try:
        if not _lies_inside(root, name):
            return Checked(
                None, (problem("unreadable-file", Location.at(name), message, "copy the file into the folder"),)
            )
        with open(f"{root}/{name}", "rb", buffering=0) as file:
            return Checked(file.read())
    except OSError as error:
        reason, hint = error.strerror or type(error).__name__, ""
        if _REPLACED in name:
            reason, hint = "its name is not UTF-8", "give it another name, of plain letters, digits and hyphens"
        found = problem("unreadable-file", Location.at(name), f"the file cannot be read: {reason}", hint)
        return Checked(None, (found,))


def _lies_inside(root: Path, name: str) -> bool:
    """Whether no link on the way to a file leads out of the site folder."""
    way = str(root)
    if not any(os.path.islink(way := f"{way}/{part}") for part in name.split("/")):
        return True
    return (root / name).resolve().is_relative_to(root.resolve())


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
    doubtful = data.translate(None, _HARMLESS) and _MAY_BE_CONTROL.search(data)
    control = CONTROL.search(source.text) if doubtful else None
    if not control:
        return Checked(source)
    where = source.location(control.start(), control.end())
    message = f"the file has a control character (U+{ord(control[0]):04X}), which no page can show"
    hint = "delete it; it often comes from another program or encoding"
    return Checked(source, (problem("control-character", where, message, hint),))


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
    folder = _theme_folder()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = f"templates/{path.relative_to(folder).as_posix()}"
        if is_input(name) and (path.suffix in _ASSET_SUFFIXES) != text:
            yield name, path


def _theme_folder() -> Path:
    installed, checkout = _PACKAGE / "templates", _PACKAGE.parent / "templates"
    return checkout if (checkout / "base.html").is_file() else installed


def program_stamp() -> str:
    """What tells this sitegen apart from another one, or from itself before somebody changed it."""
    found = [stamp(os.stat(sysconfig.get_path("purelib")))]  # changes with every package that is installed there
    for top in (_PACKAGE, _theme_folder()):
        for parent, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            found += (f"{parent}/{name} {stamp(os.stat(f'{parent}/{name}'))}" for name in sorted(names))
    return digest("\n".join(found).encode())


@lru_cache(maxsize=1)
def program_digest() -> str:
    """The digest of this sitegen's own code, the same on every machine that has the same."""
    paths = _PACKAGE.rglob("*.py")
    texts = (f"{path.relative_to(_PACKAGE).as_posix()} {digest(path.read_bytes())}" for path in paths)
    return digest("\n".join(sorted(texts)).encode())


def starter() -> dict[str, str]:
    """The files of a new site that ship with sitegen, by path."""
    folder = _PACKAGE / "starter"
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def add(folder: Path, contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Writes those of `contents` that a folder does not have yet; the paths of those that it has."""
    there = tuple(name for name in contents if os.path.lexists(folder / name))
    for name, data in contents.items():
        if name not in there:
            replace_file(folder / name, data)
    return there


def attempt(change: Callable[[], None], name: str, target: Path | str) -> tuple[Diagnostic, ...]:
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


def is_inside(name: str) -> bool:
    """Whether a relative path stays inside the folder to which it is relative."""
    parts = name.split("/")
    return not name.startswith("/") and not {"", ".", ".."} & set(parts) and "\\" not in name


def bytes_of(path: Path | str) -> bytes | None:
    """The bytes of a file; None where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def replace_file(target: Path | str, data: bytes, *, is_new: bool = False) -> None:
    """Write a file at once: a temporary one beside it is renamed. Raises OSError. What `is_new` has no mode to keep."""
    folder = os.path.dirname(target)
    temporary = f"{folder or '.'}/.sitegen-{os.getpid()}"
    try:
        handle = _created(temporary)
    except FileNotFoundError:
        _make_folder(folder)
        handle = _created(temporary)
    try:
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
        finally:
            os.close(handle)
        if not is_new:
            with contextlib.suppress(FileNotFoundError):
                os.chmod(temporary, os.stat(target).st_mode & 0o777)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _make_folder(path: str) -> None:
    try:
        os.mkdir(path)  # in most cases the one above is there
    except OSError:
        os.makedirs(path, exist_ok=True)


# A link of this name would lead elsewhere; O_BINARY is Windows's.
_CREATED = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _created(path: str) -> int:
    return os.open(path, _CREATED, 0o666)


def remove(out: Path, name: str) -> None:
    """Remove a file, and folders above it that are empty then. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{out}/{name}")
    with contextlib.suppress(OSError):  # of the first folder that is not empty
        while name := name.rpartition("/")[0]:
            os.rmdir(f"{out}/{name}")


def export(folder: Path, contents: Mapping[str, bytes]) -> int:
    """Write files by name into a folder that the user chose; how many."""
    for name, data in contents.items():
        replace_file(folder / name, data)
    return len(contents)
