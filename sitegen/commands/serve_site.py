"""`sitegen serve`: arguments and printing; the preview itself is in `serve` and `preview`."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from sitegen.console import DRAFTS, SITE, URL, print_problems, site_folder


@click.command()
@SITE
@click.option("--host", default="127.0.0.1", help="The address to listen on (default: this computer alone).")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="The port (default: 8000; 0: any free one).")
@click.option("--open", "opens", is_flag=True, help="Open the site in a browser.")
@URL
@DRAFTS
def serve(site: Path | None, host: str, port: int, opens: bool, url: str, drafts: bool) -> None:
    """Build, watch the files, and reload the pages that are open.

    Problems are shown in the page until they are mended. Nothing is written to the disk.
    """
    from sitegen import preparation
    from sitegen.serve import Report, Request, serve

    gc.enable()
    root = site_folder(site)
    opened = not opens

    def report(done: Report) -> None:
        nonlocal opened
        if done.preview.failure:
            click.echo(done.preview.failure, err=True)
        else:
            print_problems(done.preview.diagnostics, "text", False)
        click.echo(f"{len(done.preview.files)} files built in {done.seconds:.2f} s, served at {done.address}", err=True)
        if not opened:
            opened = True
            click.launch(done.address)

    try:
        serve(Request(root, host, port, preparation.Options(url, drafts)), report)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
    except OSError as error:
        raise click.UsageError(f"cannot listen on {host} port {port}: {error.strerror}; try --port 0") from error
