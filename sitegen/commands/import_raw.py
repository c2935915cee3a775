"""`sitegen import`: raw transcripts of any known format become transcripts of the site.

What is read and written is decided by `importers` and `importing`; this module takes arguments and prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from sitegen.console import SITE, site_folder, with_progress


@click.command("import")
@SITE
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "form", metavar="FORMAT", help="The format, instead of what the file looks like.")
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="The folder (default: content/transcripts)."
)
@click.option("--id", "identity", default="", help="The transcript's id, instead of the file's name (one file only).")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", help="How the report is printed.")
@click.option("--force", is_flag=True, help="Replace transcripts that were edited since they were imported.")
@click.option("--dry-run", is_flag=True, help="Write nothing, only report.")
def import_(
    site: Path | None,
    names: tuple[str, ...],
    form: str | None,
    to: Path | None,
    identity: str,
    report: str,
    force: bool,
    dry_run: bool,
) -> None:
    """Turn raw transcripts (files, folders, patterns, or - for standard input) into content/transcripts/*.md.

    The report says what was recognised, dropped and doubtful, with the lines of the source.
    """
    from sitegen import diagnostics, files, importers, importing

    root = site_folder(site) if site or not to else files.find_site(Path.cwd()) or Path.cwd()
    folder = to or root / "content/transcripts"
    found = files.find_raw(name for name in names if name != "-")
    requests = _import_requests(found.value, "-" in names, form, identity)
    there = files.transcripts_in(root, {root / "content/transcripts", folder})
    record = files.import_record(root)
    target = importing.Target(files.relative_name(root, folder), there.get, record, force)
    context = importers.Context(_registered_speakers(root))
    tally = importing.Tally(found.diagnostics)
    many = len(found.value) > 20
    for run in with_progress(
        lambda request: importing.plan(request, context, target), requests, "Importing", len(found.value)
    ):
        texts = {} if dry_run else importing.files_to_write(run)
        tally.add(run, files.write_inputs(root, texts), keep=report == "json")
        record |= importing.digests(texts)
        if report == "text":
            click.echo(importing.as_text(run, details=not many), nl=False)
    if not dry_run:
        files.save_import_record(root, record)
    click.echo(tally.as_json() if report == "json" else diagnostics.as_text(tally.others), nl=False)
    click.echo(tally.summary(), err=True)
    sys.exit(1 if tally.errors else 0)


def _import_requests(paths: Any, standard_input: bool, form: str | None, identity: str) -> Iterable[Any]:
    from sitegen import files, importers, importing

    importer = next((one for one in importers.IMPORTERS if one.name == form), None)
    if form and importer is None:
        known = ", ".join(one.name for one in importers.IMPORTERS)
        raise click.UsageError(f"there is no format '{form}'; known are {known}")
    if identity and len(paths) + standard_input != 1:
        raise click.UsageError("--id is for a single file")
    ids = importing.ids_of(path.as_posix() for path, _ in paths)
    for path, casual in paths:
        name = path.as_posix()
        raw = importers.Raw(name, files.read_raw(path).value)
        yield importing.Request(raw, identity or ids[name], importer, casual)
    if standard_input:
        raw = importers.Raw("standard input", sys.stdin.buffer.read())
        yield importing.Request(raw, identity or "standard-input", importer)


def _registered_speakers(root: Path) -> Any:
    from sitegen import files, project

    return project.read_project(files.snapshot(root).value).value.speakers
