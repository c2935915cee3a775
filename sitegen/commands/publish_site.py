"""`sitegen publish`: arguments and printing; the branch itself is written by `publish`."""

from __future__ import annotations

from pathlib import Path

import click

from sitegen.console import SEARCH, SITE, URL, output_folder, print_problems, processes, site_folder, with_progress


@click.command()
@SITE
@click.option("--remote", default="origin", help="The remote to push to (default: origin).")
@click.option("--branch", default="gh-pages", help="The branch that holds the site (default: gh-pages).")
@click.option("--message", default="", help="The message of the commit.")
@click.option("--allow-dirty", is_flag=True, help="Publish although files are not committed.")
@click.option("--allow-errors", is_flag=True, help="Publish although there are problems at error level.")
@URL
@SEARCH
def publish(
    site: Path | None,
    remote: str,
    branch: str,
    message: str,
    allow_dirty: bool,
    allow_errors: bool,
    url: str,
    search: bool,
) -> None:
    """Push the built site to a branch, for hosts without GitHub's Actions."""
    from sitegen import files
    from sitegen.incremental import Request, make
    from sitegen.memo import Memo
    from sitegen.outputs import InMemory
    from sitegen.preparation import Options
    from sitegen.publish import Destination, PublishingError, publish, uncommitted
    from sitegen.sitefiles import in_memory

    root = site_folder(site)
    snapshot = files.snapshot(root)
    request = Request(in_memory(snapshot.value), Options(url), InMemory(), processes(), progress=with_progress)
    made = make(request, Memo(None, ""))
    failed = print_problems([*snapshot.diagnostics, *made.diagnostics], None, False)
    if failed and not allow_errors:
        raise click.ClickException("nothing was published, because the check fails; mend it, or use --allow-errors")
    try:
        changed = uncommitted(root, output_folder(root, None))
        if changed and not allow_dirty:
            listed = "\n  ".join(changed[:10])
            hint = "commit them, or use --allow-dirty"
            raise click.ClickException(f"nothing was published, because files are not committed; {hint}:\n  {listed}")
        language = made.settings.language if search else ""
        contents = {one.path: one.data for one in made.kept if one.is_there}
        done = publish(root, contents, Destination(remote, branch, message), language)
    except PublishingError as error:
        raise click.ClickException(f"nothing was published: {error}") from error
    print_problems(done.indexed.diagnostics, None, False)
    click.echo(
        f"{remote}/{branch} {'is now' if done.new else 'already is'} this site, commit {done.commit[:12]}; "
        f"{done.indexed.outcome}",
        err=True,
    )
