"""The search index: made by Pagefind from the written pages of transcripts, into a folder of its own.

The folder is made again only when those pages have changed, because Pagefind names some of its files anew
on every run; what an earlier build put there is removed, and a folder of other origin is left as it is.
Nothing here prints.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from msgspec import DecodeError, Struct, json
from msgspec.structs import replace

from sitegen import files, outfolder
from sitegen.diagnostics import Diagnostic, problem
from sitegen.fingerprint import fingerprint
from sitegen.source import Location, digest

FOLDER = "pagefind"
MARKER = ".sitegen-search.json"
"""In the folder: what the index was made of, and the files of which it consists."""

ENTRY = "pagefind-entry.json"
_PAGES = "transcripts/*/index.html"
_UNUSED = ("pagefind-ui", "pagefind-modular-ui", "pagefind-component-ui", "pagefind-highlight")
_HINT = "pip install 'sitegen-transcripts[search]'"


class _Marked(Struct, frozen=True):
    """What an index was made of: the version of Pagefind, the language, and the pages, by their bytes (`key`) and by
    what tells them apart without reading them (`stamps`); and its files."""

    key: str = ""
    stamps: str = ""
    files: tuple[str, ...] = ()


class Indexed(Struct, frozen=True):
    """What became of the index: in words, and what went wrong."""

    outcome: str
    diagnostics: tuple[Diagnostic, ...] = ()


def index_search(out: Path, language: str) -> Indexed:
    """Make the index of the site in the folder `out`, unless it is made of these pages already."""
    folder = out / FOLDER
    marked = _marked(folder)
    if marked is None:
        where = Location.at(FOLDER)
        message = f"{folder} exists and was not written by sitegen, so there is no search index"
        return Indexed("no search index", (problem("search-index", where, message, "move it away"),))
    if find_spec("pagefind") is None:
        _replace(folder, marked.files, {})
        return Indexed(f"no search index ({_HINT})")
    pages = sorted(name for name in outfolder.manifest(out) if Path(name).match(_PAGES))
    stamps = _key(language, [(name, outfolder.stamp_of(f"{out}/{name}")) for name in pages])
    if stamps == marked.stamps:
        return Indexed("search index unchanged")
    key = _key(language, [(name, digest(files.bytes_of(out / name) or b"")) for name in pages])
    if key == marked.key:
        return Indexed("search index unchanged")
    import tempfile  # which most builds have no use for

    with tempfile.TemporaryDirectory(prefix=".sitegen-search-", dir=out) as temporary:
        failure = _run(out, Path(temporary), language)
        if failure:
            _replace(folder, marked.files, {})
            found = problem("search-index", Location.at(FOLDER), f"Pagefind failed: {failure}")
            return Indexed("no search index", (found,))
        made = _contents(Path(temporary))
    marker = json.format(json.encode(_Marked(key, stamps, tuple(sorted(made)))), indent=0) + b"\n"
    _replace(folder, marked.files, made | {MARKER: marker})
    return Indexed("search index made")


def remove_search(out: Path) -> None:
    """Remove the index that an earlier build made."""
    marked = _marked(out / FOLDER)
    if marked:
        _replace(out / FOLDER, marked.files, {})


def _key(language: str, pages: Sequence[tuple[str, str]]) -> str:
    from importlib import metadata  # which takes long to import

    return fingerprint(metadata.version("pagefind"), language, pages)


def _run(out: Path, target: Path, language: str) -> str:
    """Run Pagefind; what it said when it failed. All pages are indexed as one language, that of the search page."""
    import subprocess  # which most builds have no use for

    command = [sys.executable, "-P", "-m", "pagefind", "--site", str(out), "--output-path", str(target)]
    command += ["--glob", _PAGES, "--force-language", language.split("-")[0].lower(), "--silent"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        return error.strerror or type(error).__name__
    if done.returncode or not (target / ENTRY).is_file():
        return " ".join((done.stderr or done.stdout).split())[-300:] or f"exit code {done.returncode}"
    return ""


def _contents(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = ((path.relative_to(folder).as_posix(), path) for path in found)
    return {name: path.read_bytes() for name, path in names if not name.startswith(_UNUSED)}


def _marked(folder: Path) -> _Marked | None:
    """What is said of the index in a folder; None for a folder of other origin."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return None if folder.exists() and not folder.is_dir() else _Marked()
    try:
        marked = json.decode((folder / MARKER).read_bytes(), type=_Marked)
        return replace(marked, files=tuple(filter(files.is_inside, marked.files)))
    except (OSError, DecodeError):
        return None


def _replace(folder: Path, known: tuple[str, ...], contents: Mapping[str, bytes]) -> None:
    """Put files in place of the known ones: the entry file, which names all others, last of the new."""
    for name in sorted(contents, key=lambda name: (name in (ENTRY, MARKER), name)):
        files.replace_file(folder / name, contents[name])
    for name in known if contents else (*known, MARKER):
        if name not in contents:
            files.remove(folder.parent, f"{folder.name}/{name}")
