"""`sitegen schema`: the JSON Schemas that editors check the site's files with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sitegen.console import SITE, site_folder


@click.command()
@SITE
@click.argument("name", required=False)
@click.option("--write", is_flag=True, help="Write all schemas into the site's folder `schema`.")
def schema(site: Path | None, name: str | None, write: bool) -> None:
    """Print the JSON Schema NAME, or the names there are; --write puts all where editors look for them."""
    from sitegen import files
    from sitegen.schemas import SCHEMAS, schema_files, schema_of

    if name and name not in SCHEMAS:
        raise click.UsageError(f"there is no schema '{name}'; there are: {', '.join(SCHEMAS)}")
    if write:
        root = site_folder(site)
        for path, data in schema_files([name] if name else ()).items():
            files.replace_file(root / path, data)
        return
    if name:
        click.echo(json.dumps(schema_of(name), ensure_ascii=False, indent=2))
        return
    for each, (what, _) in SCHEMAS.items():
        click.echo(f"{each:12} {what}")
