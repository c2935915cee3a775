"""`sitegen import`: raw transcripts and annotations of any known format become files of the site.

What is read and written is decided by `importers` and `importing`; this module takes arguments and prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from msgspec import Struct

from sitegen.console import SITE, site_folder, with_progress

if TYPE_CHECKING:
    from sitegen import import_report, importers, importing
    from sitegen.source import Source


@click.command("import")
@SITE
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "form", metavar="FORMAT", help="The format, instead of what the file looks like.")
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="The folder (default: content/transcripts)."
)
@click.option("--id", "identity", default="", help="The transcript's id, instead of the file's name (one file only).")
@click.option("--report", type=click.Choice(["text", "json"]), default="text", help="How the report is printed.")
@click.option("--transcript", "about", default="", help="The transcript that imported notes are about.")
@click.option("--force", is_flag=True, help="Replace transcripts that were edited since they were imported.")
@click.option("--dry-run", is_flag=True, help="Write nothing, only report.")
def import_(
    site: Path | None,
    names: tuple[str, ...],
    form: str | None,
    to: Path | None,
    identity: str,
    report: str,
    about: str,
    force: bool,
    dry_run: bool,
) -> None:
    """Turn raw transcripts (files, folders, patterns, or - for standard input) into content/transcripts/*.md.

    The report says what was recognised, dropped and doubtful, with the lines of the source. What a file does not
    say itself, its licence for instance, is taken from front matter in a file beside it: talk.txt.yaml for talk.txt.
    """
    from sitegen import files, import_report, importing, rawfiles

    root = site_folder(site) if site or not to else files.find_site(Path.cwd()) or Path.cwd()
    folder = to or root / "content/transcripts"
    found = rawfiles.find_raw(name for name in names if name != "-")
    there = rawfiles.transcripts_in(root, dict.fromkeys((root / "content/transcripts", folder)))
    record = rawfiles.import_record(root)
    target = importing.Target(
        rawfiles.relative_name(root, folder), there.get, record, force, lambda path: rawfiles.source_at(root, path)
    )
    details = report == "text" and len(found.value) <= 20
    session = _Session(root, target, there, record, import_report.Tally(found.diagnostics), report, details, dry_run)
    library = _library(root)
    waiting: list[importing.Request] = []

    def transcript(request: importing.Request) -> None:
        # Notes wait until the transcripts they may be about are there.
        if request.is_notes:
            waiting.append(request)
        else:
            session.done(importing.plan(request, library, target))

    requests = _import_requests(found.value, "-" in names, form, identity)
    for request in with_progress(requests, "Importing", len(found.value)):
        transcript(request)
    if waiting:
        library.read(there.values())
    for request in waiting:
        session.done(importing.plan_notes(request, library, target, about))
    session.finish(library.dangling())


class _Session(Struct):
    """Writes and reports file by file, so that no file has to be kept in memory."""

    root: Path
    target: importing.Target
    there: dict[str, Source]
    record: dict[str, str]
    tally: import_report.Tally
    report: str
    details: bool
    dry_run: bool

    def done(self, run: importing.Run) -> None:
        """Write what came of a file, and say so."""
        from sitegen import import_report, importing, rawfiles

        texts = importing.files_to_write(run)
        problems = () if self.dry_run else rawfiles.write_inputs(self.root, texts)
        self.tally.add(run, problems, keep=self.report == "json")
        self.there.update(importing.transcripts_of(texts))
        self.record.update(importing.digests(texts))
        if self.report == "text":
            click.echo(import_report.as_text(run, details=self.details), nl=False)

    def finish(self, dangling: tuple[str, ...]) -> NoReturn:
        """Say what belongs to no file, and exit."""
        from sitegen import rawfiles

        self.tally.note(dangling)
        if not self.dry_run:
            rawfiles.save_import_record(self.root, self.record)
        click.echo(self.tally.as_json() if self.report == "json" else self.tally.as_text(), nl=False)
        click.echo(self.tally.summary(), err=True)
        sys.exit(1 if self.tally.errors else 0)


def _import_requests(
    paths: tuple[tuple[Path, bool], ...], standard_input: bool, form: str | None, identity: str
) -> Iterator[importing.Request]:
    from sitegen import importers, importing, rawfiles

    table: tuple[importers.Importer | importers.NoteImporter, ...] = (*importers.IMPORTERS, *importers.NOTE_IMPORTERS)
    named = next((one for one in table if one.name == form), None)
    if form and named is None:
        raise click.UsageError(f"there is no format '{form}'; known are {', '.join(one.name for one in table)}")
    if identity and len(paths) + standard_input != 1:
        raise click.UsageError("--id is for a single file")
    ids = importing.ids_of(path.as_posix() for path, _ in paths)
    for path, casual in paths:
        name = path.as_posix()
        raw = importers.Raw(name, rawfiles.read_raw(path).value, rawfiles.beside(path))
        yield importing.Request(raw, identity or ids[name], named or importers.importer_for(raw), casual)
    if standard_input:
        raw = importers.Raw("standard input", sys.stdin.buffer.read())
        yield importing.Request(raw, identity or "standard-input", named or importers.importer_for(raw))


def _library(root: Path) -> importing.Library:
    from sitegen import files, importing, project

    read = project.read_project(files.snapshot(root).value).value
    topics = frozenset(topic.id for topic in read.topics) if read.registers_topics else None
    return importing.Library(read.speakers, topics)
