"""What a build writes, as values: a path and the function that renders it.

When to render is decided by the pipeline, where to write by `files`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sitegen.diagnostics import Checked


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site. `path` is relative to the output folder."""

    path: str
    render: Callable[[], Checked[bytes]]
