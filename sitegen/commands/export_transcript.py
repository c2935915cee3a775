"""`sitegen export`: transcripts in one of the open formats, to standard output or a folder.

The formats are those of the files beside each transcript's page; nothing is made here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen.console import DRAFTS, SITE, URL, counted, site_folder


@click.command()
@SITE
@DRAFTS
@URL
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write files to this folder.")
@click.argument("form", metavar="FORMAT")
@click.argument("ids", nargs=-1, metavar="[ID]...")
def export(site: Path | None, drafts: bool, url: str, folder: Path | None, form: str, ids: tuple[str, ...]) -> None:
    """Write transcripts in one format: txt, json, tei, vtt, jsonld, bib or csl.

    One transcript goes to standard output; --to writes any number of files, all transcripts when no ID is given.
    """
    from sitegen import files, pipeline, preparation, rendering
    from sitegen.addresses import transcript_page
    from sitegen.exporters import EXPORTERS
    from sitegen.nearest import meant, nearest_names

    exporter = next((one for one in EXPORTERS if one.name == form), None)
    if exporter is None:
        known = ", ".join(one.name for one in EXPORTERS)
        raise click.UsageError(f"there is no format '{form}'; use one of {known}")
    planned = pipeline.build(files.snapshot(site_folder(site)).value, preparation.Options(url, drafts))
    known_ids = [facts.transcript_id for facts in planned.edition.facts]
    for identity in ids:
        if identity not in known_ids:
            near = nearest_names(identity, known_ids)
            probably = meant(near)
            raise click.UsageError(f"there is no transcript '{identity}'{probably}")
    chosen = ids or tuple(known_ids)
    if folder is None and len(chosen) != 1:
        raise click.UsageError(f"{len(chosen)} transcripts: name one, or write them to a folder with --to")
    wanted = {transcript_page(identity) + exporter.file: identity for identity in chosen}
    rendered = rendering.render(output for output in planned.outputs if output.path in wanted).value
    missing = [identity for path, identity in wanted.items() if path not in rendered]
    if missing:
        reason = "not every turn has a time" if form == "vtt" else "it does not apply"
        raise click.ClickException(f"{exporter.title} of {', '.join(missing)} cannot be written: {reason}")
    if folder is None:
        sys.stdout.buffer.write(next(iter(rendered.values())))
        return
    suffix = exporter.file.partition(".")[2]
    named = {f"{wanted[path]}.{suffix}": data for path, data in rendered.items()}
    click.echo(f"{counted(files.export(folder, named), 'file')} in {folder}", err=True)
