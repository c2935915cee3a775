"""`sitegen init`: a new site from the starter files.

What the files hold is decided by `scaffold`; this module takes arguments and prints.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", default="", help="The site's title (default: after the folder's name).")
@click.option("--from", "address", default="", help="The address of the repository that will hold the site.")
def init(folder: Path, title: str, address: str) -> None:
    """Start a new site in FOLDER: settings, two sample transcripts with notes, and all that GitHub needs.

    Files that are there already are kept.
    """
    from importlib import metadata

    from sitegen import files
    from sitegen.scaffold import Repository, fill_in, read_repository, requirement, title_from
    from sitegen.schemas import schema_files
    from sitegen.sitefiles import SETTINGS

    repository = read_repository(address) if address else Repository()
    if repository is None:
        raise click.BadParameter(f"{address} is not the address of a repository", param_hint="--from")
    if (folder / SETTINGS).exists():
        raise click.UsageError(f"there is a site in {folder} already")
    came_from = metadata.distribution("sitegen-transcripts").read_text("direct_url.json") or ""
    filled = fill_in(files.starter(), title or title_from(folder.resolve().name), repository, requirement(came_from))
    filled |= schema_files()
    try:
        kept = files.add(folder, {**filled, **schema_files()})
    except OSError as error:
        raise click.ClickException(f"the site could not be written: {error}") from error
    for name in kept:
        click.echo(f"{folder / name} was there already and is kept", err=True)
    if '"file:' in came_from:
        hint = "until that version is released, name a repository there: sitegen-transcripts @ git+https://…"
        click.echo(f"requirements.txt asks the package index for sitegen; {hint}", err=True)
    go = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"A new site is in {folder}. To see it: {go}sitegen serve --open", err=True)
