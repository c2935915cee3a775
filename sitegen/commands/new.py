"""`sitegen new`: a note on words that are located first, or a transcript to fill in."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from sitegen.console import SITE, print_problems, site_folder


@click.group()
def new() -> None:
    """Make a new annotation or transcript."""


@new.command()
@SITE
@click.option("--quote", required=True, help="Words of the transcript.")
@click.option("--note", default="", help="What the reader needs to know.")
@click.option("--id", default="", help="The note's permalink (default: made from its first words).")
@click.option("--at", default="", help="The turn or paragraph that is meant, where the words stand more than once.")
@click.option("--prefix", default="", help="What stands directly before the words.")
@click.option("--suffix", default="", help="What stands directly after them.")
@click.option("--occurrence", default="", metavar="K/N", help="Which of several equal places: 2/3.")
@click.argument("transcript", default="")
def annotation(site: Path | None, **wishes: str) -> None:
    """Write a file with a note on --quote, once the words are found.

    What else is needed for the quote to mean one place is added: `at`, else words beside it, else a count.
    """
    from sitegen import drafting, files

    root = site_folder(site)
    snapshot = files.snapshot(root).value
    drafted = drafting.draft_annotation(snapshot, drafting.Wish(**wishes))
    if drafted.value is None:
        sys.exit(print_problems(drafted.diagnostics, "text", False))
    _write(root, drafted.value.path, drafted.value.text)


@new.command("transcript")
@SITE
@click.option("--title", required=True, help="The title, as the document has it.")
@click.option("--date", default="", help="The day, month or year.")
@click.option("--speaker", "speakers", multiple=True, metavar="NAME", help="Who takes part; repeatable.")
@click.argument("name")
def new_transcript(site: Path | None, title: str, date: str, speakers: tuple[str, ...], name: str) -> None:
    """Write a transcript with the id NAME, ready to be filled in."""
    from sitegen import drafting, files

    root = site_folder(site)
    day = date or datetime.date.today().isoformat()
    drafted = drafting.draft_transcript(files.snapshot(root).value, name, title, day, speakers)
    if drafted.value is None:
        sys.exit(print_problems(drafted.diagnostics, "text", False))
    _write(root, drafted.value.path, drafted.value.text)


def _write(root: Path, path: str, text: str) -> None:
    from sitegen import files

    target = root / path
    if target.exists():
        raise click.UsageError(f"{path} is there already")
    files.replace_file(target, text.encode())
    click.echo(path)
