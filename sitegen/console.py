"""What all commands share: their options, the site's folder, progress, and how problems are printed.

The commands themselves are in `cli` and `commands`. Heavy modules are imported where they are needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sitegen.crew import Crew, MakeCrew
    from sitegen.diagnostics import Diagnostic
    from sitegen.memo import Memo
    from sitegen.outputs import Sink
    from sitegen.preparation import Prepared

SITE = click.option(
    "--site",
    "site",
    type=click.Path(file_okay=False, path_type=Path),
    help="The site folder (default: the nearest one upwards with a sitegen.yaml).",
)
STRICT = click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
DRAFTS = click.option("--drafts", is_flag=True, help="Include transcripts and notes that are drafts.")
URL = click.option("--url", default="", help="The public address, instead of `url` in sitegen.yaml.")
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="How problems are printed (default: github in a GitHub workflow, else text).",
)
SEARCH = click.option(
    "--search/--no-search", default=True, help="Make the search index (default: if Pagefind is installed)."
)
SINCE = click.option(
    "--since",
    "revision",
    default="",
    metavar="REV",
    help="Compare with this git revision, or with where this branch left it: origin/main, HEAD, v1.",
)


def site_folder(site: Path | None) -> Path:
    """The folder of the site to work on; a usage error where there is none."""
    from sitegen import files

    if site is not None:
        if not site.is_dir():
            raise click.UsageError(f"there is no folder {site}")
        return site
    found = files.find_site(Path.cwd())
    if found is None:
        raise click.UsageError("no sitegen.yaml here or in a folder above; go to the site's folder, or use --site")
    return found


def output_folder(root: Path, out: Path | None) -> Path:
    """The folder to write to; a usage error where that would be among the site's own files."""
    target = out if out is not None else root / "_site"
    inside = target.resolve()
    inputs = [root.resolve(), *(root.resolve() / name for name in ("content", "annotations", "templates"))]
    if any(inside == folder or folder.is_relative_to(inside) for folder in inputs) or any(
        inside.is_relative_to(folder) for folder in inputs[1:]
    ):
        raise click.UsageError(f"the output cannot be written to {target}, which holds the site's own files")
    return target


def memo_of(root: Path, target: Path) -> Memo:
    """The memo of the builds of a site into a folder. SITEGEN_CACHE names another place for memos, or `off` none.

    They are kept in the user's own folder: a memo in the site's could be part of a pull request.
    """
    from sitegen.files import program_stamp
    from sitegen.memo import Memo
    from sitegen.source import digest

    chosen = os.environ.get("SITEGEN_CACHE", "")
    folder = Path(chosen) if chosen else _cache_folder()
    name = digest(f"{root.resolve()}\n{target.resolve()}".encode())
    return Memo(None if chosen == "off" else folder / f"{name}.sqlite", f"{sys.version} {program_stamp()}")


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("sitegen")


_MANY = 200
"""From so many items on it takes long enough to show how far it is."""


def with_progress(items: Iterable[Any], label: str, length: int) -> Iterable[Any]:
    """The items as they come; on a terminal with a progress bar, if there are many."""
    if length < _MANY or not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr, length=length) as bar:
        yield from bar


def processes(jobs: int | None = None) -> MakeCrew:
    """This process, or up to `jobs` where there is much to read; by default one for each processor."""
    from sitegen.crew import FEWEST_UNITS, alone

    def find(prepared: Prepared, sink: Sink, units: int) -> Crew:
        if units < FEWEST_UNITS:
            return alone(prepared, sink, units)
        from sitegen.forked import crew_for

        return crew_for(jobs or os.cpu_count() or 1, prepared, sink, units)

    return find


def print_problems(found: Iterable[Diagnostic], form: str | None, strict: bool) -> int:
    """Print diagnostics on standard output; the exit code they amount to."""
    from sitegen import diagnostics

    ordered = diagnostics.in_order(found)
    chosen = form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    printers = {"text": diagnostics.as_text, "json": diagnostics.as_json, "github": diagnostics.as_github}
    click.echo(printers[chosen](ordered), nl=False)
    errors, warnings = diagnostics.count(ordered, "error"), diagnostics.count(ordered, "warning")
    if errors or warnings:
        click.echo(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}", err=True)
    return 1 if errors or (strict and warnings) else 0


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it needs one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
