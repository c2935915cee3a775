"""`sitegen report`: what a change adds, alters and breaks, in Markdown for the reviewer of a pull request."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.console import SITE, print_problems, site_folder


@click.command()
@SITE
@click.option("--since", "revision", required=True, metavar="REV", help="The git revision to compare with.")
def report(site: Path | None, revision: str) -> None:
    """Say in Markdown what changed since REV: notes in context, new topics and sources, ids, problems left."""
    from sitegen import files, pipeline, preparation
    from sitegen.comparison import compare_with, notes_to_read_again
    from sitegen.report import report as written
    from sitegen.since import changes

    root = site_folder(site)
    snapshot = files.snapshot(root)
    compared = compare_with(root, snapshot.value, revision)
    if compared.value is None:
        sys.exit(print_problems(compared.diagnostics, "text", False))
    planned = pipeline.build(snapshot.value, preparation.Options())
    changed = (*changes(compared.value), *notes_to_read_again(root, compared.value.new))
    click.echo(written(compared.value, changed, (*snapshot.diagnostics, *planned.diagnostics)), nl=False)
