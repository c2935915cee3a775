"""`sitegen pin`: ids written into the files, so that corrections do not move published links."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.console import SINCE, SITE, counted, print_problems, site_folder


@click.command()
@SITE
@SINCE
def pin(site: Path | None, revision: str) -> None:
    """Give notes without an id one; with --since REV also keep every id that was published then.

    What is written are the fewest pins that keep each id on its words. Running it again changes nothing.
    """
    from sitegen import files, repairs
    from sitegen.since import judge_of_ids
    from sitegen.source import Snapshot

    root = site_folder(site)
    snapshot = files.snapshot(root).value
    earlier: Snapshot | None = None
    if revision:
        from sitegen.comparison import compare_with

        compared = compare_with(root, snapshot, revision)
        if compared.value is None:
            sys.exit(print_problems(compared.diagnostics, "text", False))
        earlier = compared.value.old.snapshot

    judge = judge_of_ids(earlier)
    repair = repairs.mend(snapshot, judge)
    report = files.replace_inputs(root, snapshot, repair.snapshot)
    for path in report.value:
        click.echo(f"changed {path}", err=True)
    click.echo(f"{counted(repair.made, 'id')} kept", err=True)
    left = [d for d in judge(repair.snapshot) if d.code != "no-note-id" or d.fix]
    sys.exit(print_problems([*report.diagnostics, *left], "text", False))
