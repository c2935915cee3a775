"""The command line: arguments, printing and exit codes (0 clean, 1 problems, 2 misuse).

Larger commands have a module each in `commands`. Heavy modules are imported by the command that needs
them, so that `--help` answers at once.
"""

from __future__ import annotations

import os

import click

from sitegen.commands.build_site import build
from sitegen.commands.check import check
from sitegen.commands.export_transcript import export
from sitegen.commands.import_raw import import_
from sitegen.commands.init_site import init
from sitegen.commands.new import new
from sitegen.commands.pin import pin
from sitegen.commands.publish_site import publish
from sitegen.commands.reanchor import reanchor
from sitegen.commands.report import report
from sitegen.commands.schema import schema
from sitegen.commands.serve_site import serve
from sitegen.commands.statistics import stats


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sitegen-transcripts", prog_name="sitegen")
@click.pass_context
def main(context: click.Context) -> None:
    """Build cross-linked sites from annotated transcripts."""
    if os.environ.get("NO_COLOR"):
        context.color = False


for _command in (build, init, check, import_, export, new, pin, publish, reanchor, report, schema, serve, stats):
    main.add_command(_command)
