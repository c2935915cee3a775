"""Files and passages that belong to nothing: what is read by nobody, and what speaks of no known transcript.

So nobody's work is passed over silently. What the files say is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sitegen.annotations import transcript_id_of
from sitegen.diagnostics import Diagnostic, problem
from sitegen.model import Annotation
from sitegen.nearest import meant, nearest_names
from sitegen.project import SPEAKERS_PATH
from sitegen.sitefiles import ANNOTATIONS, PAGES, SETTINGS, TRANSCRIPTS, is_about_files
from sitegen.source import Location, Snapshot

_FILES = frozenset({SETTINGS, SPEAKERS_PATH})


def misplaced(snapshot: Snapshot) -> Iterator[Diagnostic]:
    """Files that look like inputs but are read by nothing, so that nobody's work is passed over silently."""
    wanted = {ANNOTATIONS: ".yaml", TRANSCRIPTS: ".md", PAGES: ".md"}
    for path in (*(source.path for source in snapshot.sources), *snapshot.unread):
        folder = next((name for name in wanted if path.startswith(f"{name}/")), "")
        name = path.rpartition("/")[2]
        if (folder and path.endswith(wanted[folder])) or path in _FILES or is_about_files(path):
            continue
        if folder:
            message = f"`{name}` is not read: files in {folder} end in {wanted[folder]}"
            hint = (
                f"rename it, or if it is a raw transcript: sitegen import {path}"
                if folder == TRANSCRIPTS
                else "rename it"
            )
        elif path.startswith("content/"):
            message = f"`{path}` is not read"
            hint = f"move a transcript to {TRANSCRIPTS}/, a page to {PAGES}/; speakers are in {SPEAKERS_PATH}"
        else:
            continue
        yield problem("bad-path", Location.at(path), message, hint)


def homeless(files: Iterable[str], notes: Iterable[Annotation], known: Sequence[str]) -> Iterator[Diagnostic]:
    """Annotation files, by path, and passages of notes, for transcripts that do not exist; `known` are the ids of
    those that do."""
    existing = frozenset(known)
    for path in files:
        name = transcript_id_of(path)
        if name not in existing:
            yield _unknown_transcript(name, Location.at(path), known, "the file is for")
    for note in notes:
        for target in note.targets[1:]:
            if target.transcript_id not in existing:
                yield _unknown_transcript(target.transcript_id, target.location, known, f"note {note.id} speaks of")


def _unknown_transcript(name: str, where: Location, known: Sequence[str], subject: str) -> Diagnostic:
    near = nearest_names(name, known)
    probably = meant(near)
    message = f"{subject} the transcript '{name}', which does not exist{probably}"
    return problem("unknown-transcript", where, message, "the id is the transcript's file name without .md")
