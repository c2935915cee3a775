"""The command line: arguments, printing and exit codes (0 clean, 1 problems, 2 misuse).

Larger commands have a module each in `commands`. Heavy modules are imported by the command that needs
them, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sitegen.commands.check import check
from sitegen.commands.export_transcript import export
from sitegen.commands.import_raw import import_
from sitegen.commands.init_site import init
from sitegen.commands.new import new
from sitegen.commands.pin import pin
from sitegen.commands.publish_site import publish
from sitegen.commands.reanchor import reanchor
from sitegen.commands.report import report
from sitegen.commands.schema import schema
from sitegen.commands.serve_site import serve
from sitegen.commands.statistics import stats
from sitegen.console import (
    DRAFTS,
    FORMAT,
    SEARCH,
    SITE,
    STRICT,
    URL,
    output_folder,
    print_problems,
    site_folder,
    with_progress,
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
@SEARCH
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to use (default: one for each processor).")
def build(
    site: Path | None,
    out: Path | None,
    url: str,
    drafts: bool,
    strict: bool,
    form: str | None,
    clean: bool,
    search: bool,
    jobs: int | None,
) -> None:
    """Build the site into a folder, _site by default."""
    from sitegen import crew, files, pipeline, searching

    root = site_folder(site)
    target = output_folder(root, out)
    if clean:
        files.clean(target)
    if clean or not search:
        searching.remove_search(target)
    snapshot = files.snapshot(root)
    made = crew.make(snapshot.value, pipeline.Options(url, drafts), jobs or os.cpu_count() or 1, with_progress)
    report = files.write(target, made.contents)
    language = made.edition.project.settings.language
    indexed = searching.index_search(target, language) if search else searching.Indexed("no search index")
    found = [*snapshot.diagnostics, *made.diagnostics, *report.diagnostics]
    found += indexed.diagnostics
    failed = print_problems(found, form, strict)
    click.echo(
        f"{len(made.contents)} files in {target}: {report.written} written, {report.unchanged} unchanged, "
        f"{report.pruned} removed; {indexed.outcome}",
        err=True,
    )
    sys.exit(failed)


for _command in (init, check, import_, export, new, pin, publish, reanchor, report, schema, serve, stats):
    main.add_command(_command)
