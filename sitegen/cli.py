"""The command line: arguments, printing and exit codes (0 clean, 1 problems, 2 misuse).

The only module that prints. Heavy modules are imported by the command that needs them, so that `--help`
answers at once.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sitegen import importing
    from sitegen.diagnostics import Diagnostic

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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sitegen-transcripts", prog_name="sitegen")
@click.pass_context
def main(context: click.Context) -> None:
    """Build cross-linked sites from annotated transcripts."""
    if os.environ.get("NO_COLOR"):
        context.color = False


@main.command()
@SITE
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The output folder (default: _site).")
@URL
@DRAFTS
@STRICT
@FORMAT
@click.option("--clean", is_flag=True, help="First remove what an earlier build wrote.")
def build(
    site: Path | None, out: Path | None, url: str, drafts: bool, strict: bool, form: str | None, clean: bool
) -> None:
    """Build the site into a folder, _site by default."""
    from sitegen import files, pipeline

    root = _site_folder(site)
    target = _output_folder(root, out)
    if clean:
        files.clean(target)
    snapshot = files.snapshot(root)
    planned = pipeline.build(snapshot.value, pipeline.Options(url, drafts))
    rendered = pipeline.render(planned.outputs, _with_progress)
    report = files.write(target, rendered.value)
    found = [*snapshot.diagnostics, *planned.diagnostics, *rendered.diagnostics, *report.diagnostics]
    failed = _print_problems(found, form, strict)
    click.echo(
        f"{len(rendered.value)} files in {target}: {report.written} written, {report.unchanged} unchanged, "
        f"{report.pruned} removed",
        err=True,
    )
    sys.exit(failed)


@main.command()
@SITE
@DRAFTS
@STRICT
@FORMAT
def check(site: Path | None, drafts: bool, strict: bool, form: str | None) -> None:
    """Find every problem without writing anything."""
    from sitegen import files, pipeline

    snapshot = files.snapshot(_site_folder(site))
    planned = pipeline.build(snapshot.value, pipeline.Options(drafts=drafts))
    rendered = pipeline.render(planned.outputs, _with_progress)
    sys.exit(_print_problems([*snapshot.diagnostics, *planned.diagnostics, *rendered.diagnostics], form, strict))


@main.command("import")
@SITE
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "form", metavar="FORMAT", help="The format, instead of what the file looks like.")
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="The folder (default: content/transcripts)."
)
@click.option("--id", "identity", default="", help="The transcript's id, instead of the file's name (one file only).")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", help="How the report is printed.")
@click.option("--transcript", "about", default="", help="The transcript that imported notes are about.")
@click.option("--force", is_flag=True, help="Replace transcripts that were edited since they were imported.")
@click.option("--dry-run", is_flag=True, help="Write nothing, only report.")
def import_(
    site: Path | None,
    names: tuple[str, ...],
    form: str | None,
    to: Path | None,
    identity: str,
    report: str,
    about: str,
    force: bool,
    dry_run: bool,
) -> None:
    """Turn raw transcripts (files, folders, patterns, or - for standard input) into content/transcripts/*.md.

    The report says what was recognised, dropped and doubtful, with the lines of the source.
    """
    from sitegen import files, importing

    root = _site_folder(site) if site or not to else files.find_site(Path.cwd()) or Path.cwd()
    folder = to or root / "content/transcripts"
    found = files.find_raw(name for name in names if name != "-")
    requests = _import_requests(found.value, "-" in names, form, identity)
    there = files.transcripts_in(root, (root / "content/transcripts", folder))
    record = files.import_record(root)
    target = importing.Target(
        files.relative_name(root, folder), there.get, record, force, lambda path: files.source_at(root, path)
    )
    tally = importing.Tally(found.diagnostics)
    library = _library(root)
    waiting: list[importing.Request] = []

    def done(run: importing.Run) -> None:
        texts = importing.files_to_write(run)
        tally.add(run, () if dry_run else files.write_inputs(root, texts), keep=report == "json")
        there.update(importing.transcripts_of(texts))
        record.update(importing.digests(texts))
        if report == "text":
            click.echo(importing.as_text(run, details=len(found.value) <= 20), nl=False)

    def transcript(request: importing.Request) -> None:
        # Notes wait until the transcripts they may be about are there.
        if request.is_notes:
            waiting.append(request)
        else:
            done(importing.plan(request, library, target))

    deque(_with_progress(transcript, requests, "Importing", len(found.value)), maxlen=0)
    if waiting:
        library.read(there.values())
    for request in waiting:
        done(importing.plan_notes(request, library, target, about))
    tally.note(library.dangling())
    if not dry_run:
        files.save_import_record(root, record)
    click.echo(tally.as_json() if report == "json" else tally.as_text(), nl=False)
    click.echo(tally.summary(), err=True)
    sys.exit(1 if tally.errors else 0)


def _import_requests(
    paths: tuple[tuple[Path, bool], ...], standard_input: bool, form: str | None, identity: str
) -> Iterator[importing.Request]:
    from sitegen import files, importers, importing

    table: tuple[importers.Importer | importers.NoteImporter, ...] = (*importers.IMPORTERS, *importers.NOTE_IMPORTERS)
    named = next((one for one in table if one.name == form), None)
    if form and named is None:
        raise click.UsageError(f"there is no format '{form}'; known are {', '.join(one.name for one in table)}")
    if identity and len(paths) + standard_input != 1:
        raise click.UsageError("--id is for a single file")
    ids = importing.ids_of(path.as_posix() for path, _ in paths)
    for path, casual in paths:
        name = path.as_posix()
        raw = importers.Raw(name, files.read_raw(path).value)
        yield importing.Request(raw, identity or ids[name], named or importers.importer_for(raw), casual)
    if standard_input:
        raw = importers.Raw("standard input", sys.stdin.buffer.read())
        yield importing.Request(raw, identity or "standard-input", named or importers.importer_for(raw))


def _library(root: Path) -> importing.Library:
    from sitegen import files, importing, project

    read = project.read_project(files.snapshot(root).value).value
    topics = frozenset(topic.id for topic in read.topics) if read.registers_topics else None
    return importing.Library(read.speakers, topics)


def _site_folder(site: Path | None) -> Path:
    from sitegen import files

    if site is not None:
        if not site.is_dir():
            raise click.UsageError(f"there is no folder {site}")
        return site
    found = files.find_site(Path.cwd())
    if found is None:
        raise click.UsageError("no sitegen.yaml here or in a folder above; go to the site's folder, or use --site")
    return found


def _output_folder(root: Path, out: Path | None) -> Path:
    target = out if out is not None else root / "_site"
    inside = target.resolve()
    inputs = [root.resolve(), *(root.resolve() / name for name in ("content", "annotations", "templates"))]
    if any(inside == folder or folder.is_relative_to(inside) for folder in inputs) or any(
        inside.is_relative_to(folder) for folder in inputs[1:]
    ):
        raise click.UsageError(f"the output cannot be written to {target}, which holds the site's own files")
    return target


def _with_progress(
    function: Any, items: Iterable[Any], label: str = "Rendering", length: int | None = None
) -> Iterable[Any]:
    """`map`, with a progress bar on a terminal where there is much to do; `length` spares counting the items."""
    if not sys.stderr.isatty():
        yield from map(function, items)
        return
    chosen = items if length is not None else tuple(items)
    count = length if length is not None else len(tuple(chosen))
    if count < 200:
        yield from map(function, chosen)
        return
    with click.progressbar(chosen, label=label, file=sys.stderr, length=count) as bar:
        yield from map(function, bar)


def _print_problems(found: Iterable[Diagnostic], form: str | None, strict: bool) -> int:
    """Print diagnostics on standard output; the exit code they amount to."""
    from sitegen import diagnostics

    ordered = diagnostics.in_order(found)
    chosen = form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    printers = {"text": diagnostics.as_text, "json": diagnostics.as_json, "github": diagnostics.as_github}
    click.echo(printers[chosen](ordered), nl=False)
    errors, warnings = diagnostics.count(ordered, "error"), diagnostics.count(ordered, "warning")
    if errors or warnings:
        click.echo(f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}", err=True)
    return 1 if errors or (strict and warnings) else 0


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
