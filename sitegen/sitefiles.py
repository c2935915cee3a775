"""The files of a site: which of them are what by their paths, and how their texts are come by.

What stands in them is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct

from sitegen.diagnostics import Checked
from sitegen.source import Snapshot, Source

SETTINGS = "sitegen.yaml"
TRANSCRIPTS = "content/transcripts"
PAGES = "content/pages"
ANNOTATIONS = "annotations"

REGISTERS = frozenset({"annotations/topics.yaml", "annotations/sources.yaml", "annotations/glossary.yaml"})
"""Files in the folder of annotations that hold none."""

_NO_INPUT = re.compile(r"(?i)(readme|licen[cs]e|contributing)\b|thumbs\.db$|desktop\.ini$|.*~$")

Load = Callable[[str], "Checked[Source | None]"]
"""From the path of a file to its text; None, with what is wrong, where it cannot be read."""


class SiteFiles(Struct, frozen=True):
    """The files of a site: registers, pages and theme in `snapshot`; transcripts and the files of annotations by
    their paths, to be loaded one at a time, so that an archive need not fit into memory."""

    snapshot: Snapshot
    transcripts: tuple[str, ...]
    annotations: tuple[str, ...]
    load: Load


def in_memory(snapshot: Snapshot) -> SiteFiles:
    """The files of a site of which every text is at hand."""
    by_path = {source.path: source for source in snapshot.sources}
    transcripts = tuple(path for path in sorted(by_path) if is_transcript(path))
    annotations = tuple(path for path in sorted(by_path) if is_annotation_file(path))
    return SiteFiles(snapshot, transcripts, annotations, partial(_held, by_path))


def _held(by_path: Mapping[str, Source], path: str) -> Checked[Source | None]:
    return Checked(by_path[path])


def is_transcript(path: str) -> bool:
    """Whether a file of the site is a transcript."""
    return path.startswith(f"{TRANSCRIPTS}/") and path.endswith(".md") and not is_about_files(path)


def is_annotation_file(path: str) -> bool:
    """Whether a file of the site holds annotations: it is in their folder and no register."""
    return path.startswith(f"{ANNOTATIONS}/") and path.endswith(".yaml") and path not in REGISTERS


def is_about_files(path: str) -> bool:
    """Whether a file is a note to those who work in its folder, or left there by a program."""
    return bool(_NO_INPUT.match(path.rpartition("/")[2]))
