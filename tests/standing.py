"""A site that is built again and again with one memo, beside clean builds of the same files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from sitegen import files, pipeline, preparation, rendering
from sitegen.crew import MakeCrew
from sitegen.diagnostics import Diagnostic, in_order
from sitegen.forked import crew_for
from sitegen.incremental import Made, Request, make
from sitegen.memo import Memo
from sitegen.outputs import InMemory
from sitegen.sitefiles import in_memory
from sitegen.source import Snapshot

OPTIONS = preparation.Options()


def together(files_by_path: Mapping[str, bytes | str]) -> Snapshot:
    """A snapshot of a site's files."""
    texts = {"sitegen.yaml": "title: Test\n", **files_by_path}
    decoded = (
        files.decode(p, d.encode("utf-8", "surrogateescape") if isinstance(d, str) else d).value
        for p, d in texts.items()
    )
    return Snapshot(tuple(one for one in decoded if one), files.built_in_theme(), files.built_in_assets())


def clean(snapshot: Snapshot) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """Bytes and diagnostics of a build that knows of none before it."""
    planned = pipeline.build(snapshot, OPTIONS)
    rendered = rendering.render(planned.outputs)
    return rendered.value, in_order([*planned.diagnostics, *rendered.diagnostics])


@dataclass
class Standing:
    """A built site: its bytes, kept up to date by what each build renders."""

    memo: Memo = field(default_factory=lambda: Memo(None, "test"))
    contents: dict[str, bytes] = field(default_factory=dict)
    jobs: int = 1
    crew: MakeCrew | None = None

    def build(self, snapshot: Snapshot) -> Made:
        """Build again, now of this snapshot."""
        crew = self.crew or partial(crew_for, self.jobs)
        made = make(Request(in_memory(snapshot), OPTIONS, InMemory(), crew, snapshot.digests()), self.memo)
        rendered = {one.path: one.data for one in made.kept if one.is_there}
        self.contents = {path: {**self.contents, **rendered}[path] for path in made.paths}
        return made
