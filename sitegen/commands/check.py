"""`sitegen check`: the build without the write, what changed since a revision, and fixes on request."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.console import (
    DRAFTS,
    FORMAT,
    SINCE,
    SITE,
    STRICT,
    counted,
    memo_of,
    output_folder,
    print_problems,
    processes,
    site_folder,
    with_progress,
)


@click.command()
@SITE
@DRAFTS
@STRICT
@FORMAT
@SINCE
@click.option("--fix", is_flag=True, help="Apply the fixes that problems carry; every other byte stays.")
def check(site: Path | None, drafts: bool, strict: bool, form: str | None, revision: str, fix: bool) -> None:
    """Find every problem without building anything."""
    from sitegen import files, repairs
    from sitegen.diagnostics import Diagnostic
    from sitegen.incremental import Request, make
    from sitegen.outputs import Unkept
    from sitegen.preparation import Options
    from sitegen.since import changes, compare, state_of
    from sitegen.sitefiles import in_memory
    from sitegen.source import Snapshot

    root = site_folder(site)
    taken = files.snapshot(root)
    # What a build has found need not be found again; one with drafts would find nothing that it knows.
    target = output_folder(root, None)
    memo = memo_of(root, target / "drafts" if drafts else target)

    def judge(snapshot: Snapshot) -> tuple[Diagnostic, ...]:
        options, digests = Options(drafts=drafts), snapshot.digests()
        request = Request(in_memory(snapshot), options, Unkept(), processes(), digests, progress=with_progress)
        since_then = changes(compare(earlier, snapshot)) if earlier else ()
        return (*make(request, memo).diagnostics, *since_then)

    snapshot, problems = taken.value, taken.diagnostics
    earlier: Snapshot | None = None
    if revision:
        from sitegen.comparison import compare_with

        compared = compare_with(root, snapshot, revision)
        earlier = compared.value.old.snapshot if compared.value else None
        problems = (*problems, *compared.diagnostics)
    if fix:
        repair = repairs.mend(snapshot, judge)
        report = files.replace_inputs(root, snapshot, repair.snapshot)
        snapshot, problems = repair.snapshot, (*problems, *report.diagnostics)
        for path in report.value:
            click.echo(f"changed {path}", err=True)
        click.echo(f"{counted(repair.made, 'problem')} fixed", err=True)
    if earlier:
        from sitegen.comparison import notes_to_read_again

        problems = (*problems, *notes_to_read_again(root, state_of(snapshot)))
    found = judge(snapshot)
    memo.save()
    sys.exit(print_problems([*problems, *found], form, strict))
