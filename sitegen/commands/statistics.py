"""`sitegen stats`: what a site holds, and where work is left.

Counts only; nothing is ranked or scored.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.console import DRAFTS, SITE, site_folder

if TYPE_CHECKING:
    from sitegen.facts import Facts


@click.command()
@SITE
@DRAFTS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
def stats(site: Path | None, drafts: bool, form: str) -> None:
    """Count transcripts, turns, words, notes and sources, and say what is not covered yet."""
    from sitegen import files, pipeline, preparation

    planned = pipeline.build(files.snapshot(site_folder(site)).value, preparation.Options(drafts=drafts))
    rows = [_row(facts) for facts in planned.edition.facts]
    works = planned.edition.project.works
    totals = {
        "transcripts": len(rows),
        **{name: sum(int(str(row[name])) for row in rows) for name in _COUNTS},
        "topics": len(planned.edition.index.entries),
        "sources": len(works),
        "sources with an archived copy": sum(bool(work.archived) for work in works),
    }
    if form == "json":
        click.echo(json.dumps({"totals": totals, "transcripts": rows}, ensure_ascii=False, indent=2))
        return
    for name, number in totals.items():
        click.echo(f"{number:>9,}  {name}")
    for row in rows:
        click.echo(f"\n{row['id']}: {row['title']}")
        for name in _COUNTS:
            click.echo(f"{row[name]:>9,}  {name}")


_COUNTS = (
    "turns",
    "words",
    "notes",
    "index entries",
    "unplaced notes",
    "turns with a note or topic",
    "notes without a source",
    "notes with one source",
    "unclear passages",
)


def _row(facts: Facts) -> dict[str, str | int]:
    notes = [passage for passage in facts.passages if passage.number]
    return {
        "id": facts.transcript_id,
        "title": facts.title,
        "turns": facts.turns,
        "words": facts.words,
        "notes": len(notes),
        "index entries": len(facts.passages) - len(notes),
        "unplaced notes": len(facts.unplaced),
        "turns with a note or topic": len({passage.locator.turn_id for passage in facts.passages}),
        "notes without a source": sum(not passage.annotation.citations for passage in notes),
        "notes with one source": sum(len(passage.annotation.citations) == 1 for passage in notes),
        "unclear passages": facts.gaps,
    }
