"""The command line: arguments, printing and exit codes (0 clean, 1 problems, 2 misuse).

Larger commands have a module each in `commands`. A command is imported when it is called, and heavy modules by the
command that needs them, so that `--help` and small builds answer at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

import click


class _Commands(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    places: Final = {
        "build": "build_site.build",
        "check": "check.check",
        "export": "export_transcript.export",
        "import": "import_raw.import_",
        "init": "init_site.init",
        "new": "new.new",
        "pin": "pin.pin",
        "publish": "publish_site.publish",
        "reanchor": "reanchor.reanchor",
        "report": "report.report",
        "schema": "schema.schema",
        "serve": "serve_site.serve",
        "stats": "statistics.stats",
    }

    def __getitem__(self, name: str) -> click.Command:
        module, _, function = self.places[name].partition(".")
        command: click.Command = getattr(import_module(f"sitegen.commands.{module}"), function)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


@click.group(
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="sitegen-transcripts", prog_name="sitegen")
@click.pass_context
def main(context: click.Context) -> None:
    """Build cross-linked sites from annotated transcripts."""
    if os.environ.get("NO_COLOR"):
        context.color = False


def run() -> None:
    """The command as a program of its own, which ends with it."""
    gc.disable()  # what is made and let go in a circle is gone when the command ends; `serve` goes on, and enables it
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, int):
            for stream in filter(None, (sys.stdout, sys.stderr)):  # either may be closed
                stream.flush()
            # Else Python would take every value apart before it ends, and look for cycles among them: a tenth of a
            # small build. There is nothing left to close.
            os._exit(end.code)
        raise
