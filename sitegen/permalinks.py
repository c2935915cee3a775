"""Published ids then and now: which moved to other words, which are lost, and the edits that keep them.

Compared are two readings of the site's files, drafts left out, as they were not published. Where the earlier
reading comes from is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.alignment import Alignment, align
from sitegen.diagnostics import Diagnostic, in_order, problem
from sitegen.folding import fold_loose, fold_typographic
from sitegen.ids import Assignment, assign_ids, spots_of
from sitegen.model import Annotation, Transcript
from sitegen.nearest import nearest_names
from sitegen.source import Edit, Location, Source, splice
from sitegen.streams import stream_of
from sitegen.yamldoc import parse
from sitegen.yamledit import Refusal, put_first, set_value

_WORDS_SHOWN = 6
_EDITS_SHOWN = 4
_SAME_TRANSCRIPT = 0.5
"""How much of the words of a vanished transcript another one must have to be the same under a new name."""


class Reading(Struct, frozen=True):
    """The published transcripts and annotations of a snapshot, and its files by path."""

    transcripts: tuple[Transcript, ...]
    annotations: tuple[Annotation, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)


class Pair(Struct, frozen=True):
    """A transcript then and now, laid side by side."""

    old: Transcript
    new: Transcript
    alignment: Alignment


def pairs(old: Reading, new: Reading) -> tuple[Pair, ...]:
    """The transcripts of both readings that are one and the same: by id, by former id, or by their words."""
    by_id = {name: t for t in new.transcripts for name in t.aka} | {t.id: t for t in new.transcripts}
    found = []
    taken = {t.id for t in old.transcripts}
    fresh = [t for t in new.transcripts if t.id not in taken]
    for transcript in old.transcripts:
        other = by_id.get(transcript.id) or _renamed(transcript, fresh)
        if other:
            found.append(Pair(transcript, other, align(stream_of(transcript), stream_of(other))))
    return tuple(found)


def _renamed(transcript: Transcript, fresh: Iterable[Transcript]) -> Transcript | None:
    """The new transcript that has most of the paragraphs of a vanished one."""
    paragraphs = _paragraphs(transcript)
    shares = [(len(paragraphs & _paragraphs(other)) / max(1, len(paragraphs)), other.id, other) for other in fresh]
    best = max(shares, default=None, key=lambda one: one[:2])
    return best[2] if best and best[0] >= _SAME_TRANSCRIPT else None


def _paragraphs(transcript: Transcript) -> set[str]:
    return {fold_loose(fold_typographic(spot.words)).text for spot in spots_of(transcript) if spot.key[1] >= 0}


def compare_ids(old: Reading, new: Reading, paired: Sequence[Pair]) -> Iterator[Diagnostic]:
    """Every published id of transcripts, turns, paragraphs and notes that moved or is lost, each with its fix."""
    for pair in paired:
        source = new.sources[pair.new.location.path]
        assignment = assign_ids(pair.old, pair.new, source, pair.alignment)
        yield from _changed_ids(pair, assignment, source)
    yield from _transcripts(old, new, paired)
    yield from _notes(old, new)


def _changed_ids(pair: Pair, assignment: Assignment, source: Source) -> Iterator[Diagnostic]:
    now = {name: spot for spot in spots_of(pair.new) for name in (spot.id, *spot.aka)}
    places = {spot.key: spot for spot in spots_of(pair.new)}
    words = {name: spot.words for spot in spots_of(pair.old) for name in (spot.id, *spot.aka)}
    changed = [name for name, key in assignment.wanted.items() if name not in now or now[name].key != key]
    found = []
    for name in changed:
        if name.rpartition("-p")[0] in changed:
            continue  # named with its turn
        below = [f"#{other}" for other in changed if other.rpartition("-p")[0] == name]
        subject = f"#{name}" + (f" (and {', '.join(below)})" if below else "")
        place, holder = places[assignment.wanted[name]], now.get(name)
        spoken = f"“{_opening(words[name])}”" if name in words else "a heading"
        code, message = "permalink-lost", f"{subject} leads nowhere any more; it was {spoken}"
        if holder:
            code = "permalink-moved"
            message = f"{subject} now points at other text: “{_opening(holder.words)}” instead of {spoken}"
        if name in assignment.gone:
            message += ", which is no longer in the transcript"
        elif place.id != name:
            message += f", which now has the id {place.id}"
        found.append(problem(code, (holder or place).thing.location, message, fix=assignment.edits))
    for number, diagnostic in enumerate(in_order(found)):
        hint = "the same lines as above, or `sitegen pin --since REV`" if number else _advice(assignment.edits, source)
        yield replace(diagnostic, hint=hint)


def _opening(text: str) -> str:
    words = text.split()
    return " ".join(words[:_WORDS_SHOWN]) + (" …" if len(words) > _WORDS_SHOWN else "")


def _advice(edits: Sequence[Edit], source: Source) -> str:
    lines = []
    for edit in edits[:_EDITS_SHOWN]:
        line = source.location(edit.start).line
        lines.append(f"line {line}: {_edited_line(source, edit)}")
    if len(edits) > _EDITS_SHOWN:
        lines.append(f"and {len(edits) - _EDITS_SHOWN} more lines")
    return "\n".join([*lines, "or let `sitegen pin --since REV` write it"])


def _edited_line(source: Source, edit: Edit) -> str:
    """The beginning and end of the line as it is after an edit."""
    start = source.text.rfind("\n", 0, edit.start) + 1
    after = edit.end - start
    rest = source.text.find("\n", edit.end)
    line = source.text[start : rest if rest >= 0 else len(source.text)].rstrip("\r")
    text = splice(line, [Edit("", edit.start - start, after, edit.text)])
    at = edit.start - start + len(edit.text)
    left = text[:at] if at <= 70 else text[:25] + " … " + text[at - 40 : at]
    right = text[at:]
    return left + (right if len(right) <= 30 else right[:25] + " …")


def _transcripts(old: Reading, new: Reading, paired: Sequence[Pair]) -> Iterator[Diagnostic]:
    """Transcripts whose address is gone."""
    known = {name for t in new.transcripts for name in (t.id, *t.aka)}
    renamed = {pair.old.id: pair.new for pair in paired}
    for transcript in old.transcripts:
        for name in (transcript.id, *transcript.aka):
            if name in known:
                continue
            other = renamed.get(transcript.id)
            if other:
                source = new.sources[other.location.path]
                akas = ", ".join(dict.fromkeys((*other.aka, transcript.id, *transcript.aka)))
                message = f"the transcript '{name}' now has the id '{other.id}', so links to it lead nowhere"
                fix = _former_id(source, [n for n in (transcript.id, *transcript.aka) if n not in known], other.aka)
                hint = f"add `aka: [{akas}]` to the front matter"
                yield problem("permalink-lost", other.location, message, hint, fix=fix)
            else:
                message = f"the transcript '{name}' is gone, so links to it lead nowhere"
                hint = "put the file back, or name its id under `aka` of the transcript that takes its place"
                where = Location.at(transcript.location.path)
                yield problem("permalink-lost", where, message, hint)


def _former_id(source: Source, names: Sequence[str], present: Sequence[str]) -> tuple[Edit, ...]:
    """The edit that adds former ids to a front matter that has no `aka` yet."""
    opening = source.text.find("\n") + 1
    if present or not source.text.startswith("---"):
        return ()
    newline = "\r\n" if source.text[:opening].endswith("\r\n") else "\n"
    return (Edit(source.path, opening, opening, f"aka: [{', '.join(names)}]{newline}"),)


def _notes(old: Reading, new: Reading) -> Iterator[Diagnostic]:
    """Published notes whose id is gone."""
    known = {name for a in new.annotations for name in (a.id, *a.aka)}
    before = {name for a in old.annotations for name in (a.id, *a.aka)}
    fresh = [a for a in new.annotations if a.is_note and a.id not in before]
    paths = {a.location.path for a in new.annotations}
    for annotation in old.annotations:
        if not annotation.is_note:
            continue
        for name in (annotation.id, *annotation.aka):
            if name not in known:
                yield _lost_note(name, annotation, fresh, paths, new)


def _lost_note(
    name: str, annotation: Annotation, fresh: Sequence[Annotation], paths: set[str], new: Reading
) -> Diagnostic:
    same = [a for a in fresh if a.note.markup == annotation.note.markup or _quotes(a) == _quotes(annotation)]
    if same:
        other = same[0]
        message = f"the note '{name}' now has the id '{other.id}', so links to #n-{name} lead nowhere"
        edits = _kept_id(name, other, new)
        hint = f"keep the id: write `id: {name}`, or add a line `aka: {name}`"
        return problem("permalink-lost", other.location, message, hint, fix=edits)
    near = nearest_names(name, [a.id for a in fresh])
    meant = f"; is it now {near[0]}?" if near else ""
    message = f"the note '{name}' is gone, so links to #n-{name} lead nowhere{meant}"
    hint = "put it back with `status: withdrawn`, or add `aka: " + name + "` to the note that takes its place"
    path = annotation.location.path
    return problem("permalink-lost", Location.at(path), message, hint)


def _quotes(annotation: Annotation) -> list[tuple[str, str]]:
    return [(t.transcript_id, s.exact) for t in annotation.targets for s in t.selectors]


def _kept_id(name: str, other: Annotation, new: Reading) -> tuple[Edit, ...]:
    """The edit that keeps a note's former id: as its id where it states none, else under `aka`."""
    source = new.sources[other.location.path]
    document = parse(source, prose=frozenset()).value
    start = source.line_starts()[other.location.line - 1] + other.location.column - 1
    path = (
        next((p for p, span in document.spans.items() if span[0] == start and len(p) == 2), None) if document else None
    )
    if document is None or path is None or (path[0], "aka") in document.spans:
        return ()
    if path[1] == "id":
        edit = set_value(document, path[:1], "aka", name, "id")
    else:
        edit = put_first(document, path[:1], "id", name)
    return () if isinstance(edit, Refusal) else (edit,)
