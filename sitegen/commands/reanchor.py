"""`sitegen reanchor`: lost quotes, what they have become, and their mending on request."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.console import SINCE, SITE, counted, print_problems, site_folder


@click.command()
@SITE
@SINCE
@click.option("--apply", "apply_sure", is_flag=True, help="Write every change that is beyond doubt.")
@click.option("--accept", "accepted", multiple=True, metavar="ID", help="Write the change for this note; repeatable.")
def reanchor(site: Path | None, revision: str, apply_sure: bool, accepted: tuple[str, ...]) -> None:
    """Show what lost quotes have become, and mend them on request.

    Without --apply or --accept nothing is written: what would change is shown as a patch.
    """
    from sitegen import files, repairs
    from sitegen.preparation import Options

    root = site_folder(site)
    snapshot = files.snapshot(root).value
    options = Options(drafts=True)
    carried = None
    if revision:
        from sitegen.comparison import compare_with
        from sitegen.since import carrier

        compared = compare_with(root, snapshot, revision)
        if compared.value:
            carried = carrier(compared.value)
        for found in compared.diagnostics:
            click.echo(f"{found.message}; going by likeness alone", err=True)
    proposals = repairs.proposals_of(snapshot, options, carried)
    lost = {proposal.missed.annotation.id for proposal in proposals}
    unknown = [name for name in accepted if name not in lost]
    if unknown:
        raise click.UsageError(
            f"no quote of a note {' or '.join(unknown)} is lost; lost are: {', '.join(sorted(lost))}"
        )
    writes = apply_sure or bool(accepted)
    wanted = [p for p in proposals if p.missed.annotation.id in accepted or (p.is_sure and (apply_sure or not writes))]
    repair = repairs.reanchor(snapshot, options, wanted)
    chosen = {p.diagnostic for p in wanted} - {diagnostic for diagnostic, _ in repair.refused}
    failed = print_problems(
        (p.diagnostic for p in proposals if p.diagnostic not in chosen or not writes), "text", False
    )
    for diagnostic, reason in repair.refused:
        click.echo(f"not changed: {diagnostic.location}: {reason}", err=True)
    if not writes:
        click.echo(repairs.patch(snapshot, repair.snapshot), nl=False)
        click.echo(f"{counted(repair.made, 'quote')} can be mended with --apply; nothing was written", err=True)
        sys.exit(failed)
    report = files.replace_inputs(root, snapshot, repair.snapshot)
    for path in report.value:
        click.echo(f"changed {path}", err=True)
    click.echo(f"{counted(repair.made, 'quote')} mended", err=True)
    sys.exit(print_problems(report.diagnostics, "text", False) or failed)
