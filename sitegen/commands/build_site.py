"""`sitegen build`: the site into a folder, and what was made, why, and what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.console import (
    DRAFTS,
    FORMAT,
    SEARCH,
    SITE,
    STRICT,
    URL,
    memo_of,
    output_folder,
    print_problems,
    processes,
    site_folder,
    with_progress,
)

if TYPE_CHECKING:
    from sitegen.crew import MakeCrew
    from sitegen.workplace import Done


@click.command()
@SITE
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The output folder (default: _site).")
@URL
@DRAFTS
@STRICT
@FORMAT
@click.option("--clean", is_flag=True, help="First remove what an earlier build wrote, and forget what it found.")
@SEARCH
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to use (default: one for each processor).")
@click.option("--cluster", default="", metavar="ADDRESS", help="Build on the Dask cluster of this scheduler.")
@click.option("--why", is_flag=True, help="Say why each file was made.")
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
    cluster: str,
    why: bool,
) -> None:
    """Build the site into a folder, _site by default."""
    from sitegen import outfolder, searching
    from sitegen.workplace import build_into, open_workplace

    root = site_folder(site)
    target = output_folder(root, out)
    memo = memo_of(root, target)
    if clean:
        outfolder.clean(target)
        memo.forget()
    folder, problems = outfolder.open_folder(target)
    if problems:
        sys.exit(print_problems(problems, form, strict))
    place = open_workplace(root, memo)
    options: dict[str, str | bool] = {"url": url, "drafts": drafts}
    if cluster:
        done = _on_cluster(cluster, lambda crew: build_into(place, folder, options, lambda: crew, with_progress))
    else:
        done = build_into(place, folder, options, lambda: processes(jobs), with_progress)
    if clean or not search:
        searching.remove_search(target)
    indexed = searching.index_search(target, done.language) if search else searching.Indexed("no search index")
    failed = print_problems([*done.diagnostics, *indexed.diagnostics], form, strict)
    for path, reason in sorted(done.reasons.items()) if why else ():
        click.echo(f"{path}: {reason}")
    click.echo(
        f"{done.count} files in {target}: {done.written} written, {done.count - done.written} unchanged, "
        f"{done.pruned} removed; {indexed.outcome}",
        err=True,
    )
    sys.exit(failed)


def _on_cluster(address: str, build: Callable[[MakeCrew], Done]) -> Done:
    from sitegen.cluster import ClusterError, Spread, connected

    try:
        with connected(address) as executor:
            return build(lambda prepared, sink, units: Spread(executor, prepared, sink))
    except ClusterError as error:
        raise click.ClickException(str(error)) from error
