"""The command line: arguments, printing and exit codes (0 clean, 1 problems, 2 misuse).

The only module that prints. Heavy modules are imported by the command that needs them, so that `--help`
answers at once.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sitegen.diagnostics import Diagnostic

SITE = click.option(
    "--site",
    "site",
    type=click.Path(file_okay=False, path_type=Path),
    help="The site folder (default: the nearest one upwards with a sitegen.yaml).",
)
STRICT = click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
DRAFTS = click.option("--drafts", is_flag=True, help="Include transcripts and notes that are drafts.")
URL = click.option("--url", default="", help="The public address, instead of `url` in sitegen.yaml.")
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="How problems are printed (default: github in a GitHub workflow, else text).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sitegen-transcripts", prog_name="sitegen")
@click.pass_context
def main(context: click.Context) -> None:
    """Build cross-linked sites from annotated transcripts."""
    if os.environ.get("NO_COLOR"):
        context.color = False


@main.command()
@SITE
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The output folder (default: _site).")
@URL
@DRAFTS
@STRICT
@FORMAT
@click.option("--clean", is_flag=True, help="First remove what an earlier build wrote.")
def build(
    site: Path | None, out: Path | None, url: str, drafts: bool, strict: bool, form: str | None, clean: bool
) -> None:
    """Build the site into a folder, _site by default."""
    from sitegen import files, pipeline

    root = _site_folder(site)
    target = _output_folder(root, out)
    if clean:
        files.clean(target)
    snapshot = files.snapshot(root)
    planned = pipeline.build(snapshot.value, pipeline.Options(url, drafts))
    rendered = pipeline.render(planned.outputs, _with_progress)
    report = files.write(target, rendered.value)
    found = [*snapshot.diagnostics, *planned.diagnostics, *rendered.diagnostics, *report.diagnostics]
    failed = _print_problems(found, form, strict)
    click.echo(
        f"{len(rendered.value)} files in {target}: {report.written} written, {report.unchanged} unchanged, "
        f"{report.pruned} removed",
        err=True,
    )
    sys.exit(failed)


@main.command()
@SITE
@DRAFTS
@STRICT
@FORMAT
def check(site: Path | None, drafts: bool, strict: bool, form: str | None) -> None:
    """Find every problem without writing anything."""
    from sitegen import files, pipeline

    snapshot = files.snapshot(_site_folder(site))
    planned = pipeline.build(snapshot.value, pipeline.Options(drafts=drafts))
    rendered = pipeline.render(planned.outputs, _with_progress)
    sys.exit(_print_problems([*snapshot.diagnostics, *planned.diagnostics, *rendered.diagnostics], form, strict))


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", default="", help="The site's title (default: after the folder's name).")
@click.option("--from", "address", default="", help="The address of the repository that will hold the site.")
def init(folder: Path, title: str, address: str) -> None:
    """Start a new site in FOLDER: settings, two sample transcripts with notes, and all that GitHub needs.

    Files that are there already are kept.
    """
    from sitegen import files
    from sitegen.scaffold import Repository, fill_in, read_repository, title_from

    repository = read_repository(address) if address else Repository()
    if repository is None:
        raise click.BadParameter(f"{address} is not the address of a repository", param_hint="--from")
    if (folder / files.SETTINGS).exists():
        raise click.UsageError(f"there is a site in {folder} already")
    try:
        kept = files.add(folder, fill_in(files.starter(), title or title_from(folder.resolve().name), repository))
    except OSError as error:
        raise click.ClickException(f"the site could not be written: {error}") from error
    for name in kept:
        click.echo(f"{folder / name} was there already and is kept", err=True)
    go = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"A new site is in {folder}. To see it: {go}sitegen serve --open", err=True)


@main.command()
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
    from sitegen import pipeline
    from sitegen.serve import Report, Request, serve

    root = _site_folder(site)
    opened = not opens

    def report(done: Report) -> None:
        nonlocal opened
        if done.preview.failure:
            click.echo(done.preview.failure, err=True)
        else:
            _print_problems(done.preview.diagnostics, "text", False)
        click.echo(f"{len(done.preview.files)} files built in {done.seconds:.2f} s, served at {done.address}", err=True)
        if not opened:
            opened = True
            click.launch(done.address)

    try:
        serve(Request(root, host, port, pipeline.Options(url, drafts)), report)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
    except OSError as error:
        raise click.UsageError(f"cannot listen on {host} port {port}: {error.strerror}; try --port 0") from error


@main.command()
@SITE
@click.option("--remote", default="origin", help="The remote to push to (default: origin).")
@click.option("--branch", default="gh-pages", help="The branch that holds the site (default: gh-pages).")
@click.option("--message", default="", help="The message of the commit.")
@click.option("--allow-dirty", is_flag=True, help="Publish although files are not committed.")
@click.option("--allow-errors", is_flag=True, help="Publish although there are problems at error level.")
@URL
def publish(
    site: Path | None, remote: str, branch: str, message: str, allow_dirty: bool, allow_errors: bool, url: str
) -> None:
    """Push the built site to a branch, for hosts without GitHub's Actions."""
    from sitegen import files, pipeline
    from sitegen.publish import Destination, PublishingError, publish, uncommitted

    root = _site_folder(site)
    snapshot = files.snapshot(root)
    planned = pipeline.build(snapshot.value, pipeline.Options(url))
    rendered = pipeline.render(planned.outputs, _with_progress)
    failed = _print_problems([*snapshot.diagnostics, *planned.diagnostics, *rendered.diagnostics], None, False)
    if failed and not allow_errors:
        raise click.ClickException("nothing was published, because the check fails; mend it, or use --allow-errors")
    try:
        changed = uncommitted(root, _output_folder(root, None))
        if changed and not allow_dirty:
            listed = "\n  ".join(changed[:10])
            hint = "commit them, or use --allow-dirty"
            raise click.ClickException(f"nothing was published, because files are not committed; {hint}:\n  {listed}")
        done = publish(root, rendered.value, Destination(remote, branch, message))
    except PublishingError as error:
        raise click.ClickException(f"nothing was published: {error}") from error
    click.echo(
        f"{remote}/{branch} {'is now' if done.new else 'already is'} this site, commit {done.commit[:12]}", err=True
    )


def _site_folder(site: Path | None) -> Path:
    from sitegen import files

    if site is not None:
        if not site.is_dir():
            raise click.UsageError(f"there is no folder {site}")
        return site
    found = files.find_site(Path.cwd())
    if found is None:
        raise click.UsageError("no sitegen.yaml here or in a folder above; go to the site's folder, or use --site")
    return found


def _output_folder(root: Path, out: Path | None) -> Path:
    target = out if out is not None else root / "_site"
    inside = target.resolve()
    inputs = [root.resolve(), *(root.resolve() / name for name in ("content", "annotations", "templates"))]
    if any(inside == folder or folder.is_relative_to(inside) for folder in inputs) or any(
        inside.is_relative_to(folder) for folder in inputs[1:]
    ):
        raise click.UsageError(f"the output cannot be written to {target}, which holds the site's own files")
    return target


def _with_progress(function: Any, items: Iterable[Any]) -> Iterable[Any]:
    """`map`, with a progress bar on a terminal."""
    chosen = tuple(items)
    if not sys.stderr.isatty() or len(chosen) < 200:
        yield from map(function, chosen)
        return
    with click.progressbar(chosen, label="Rendering", file=sys.stderr) as bar:
        yield from map(function, bar)


def _print_problems(found: Iterable[Diagnostic], form: str | None, strict: bool) -> int:
    """Print diagnostics on standard output; the exit code they amount to."""
    from sitegen import diagnostics

    ordered = diagnostics.in_order(found)
    chosen = form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    printers = {"text": diagnostics.as_text, "json": diagnostics.as_json, "github": diagnostics.as_github}
    click.echo(printers[chosen](ordered), nl=False)
    errors, warnings = diagnostics.count(ordered, "error"), diagnostics.count(ordered, "warning")
    if errors or warnings:
        click.echo(f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}", err=True)
    return 1 if errors or (strict and warnings) else 0


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
