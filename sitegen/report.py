"""A report in Markdown for whoever reviews a change: notes in context, registers, ids, and what is left to mend.

The text of notes and transcripts comes from strangers, so it is escaped: nothing in it is a link, a picture or
a mention. What changed is found in `since`; nothing is compared here but notes with themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sitegen.addresses import absolute, transcript_page
from sitegen.diagnostics import Diagnostic, count, in_order
from sitegen.edition import paragraphs_of
from sitegen.facts import AnnotatedTranscript, Note
from sitegen.model import Annotation, Topic, Work
from sitegen.since import Comparison, State

R = TypeVar("R", Topic, Work)

_CONTEXT = 80
_MOST_CHARACTERS = 400
_MOST_LINES = 30
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!()])")


def report(comparison: Comparison, changed: Sequence[Diagnostic], left: Sequence[Diagnostic]) -> str:
    """The report: `changed` says what moved or is lost, `left` is everything that is wrong with the site now."""
    old, new = comparison.old, comparison.new
    sections = [
        ("Notes added", [line for note in _only_in(new, old) for line in _described(new, note)]),
        ("Notes changed", [line for pair in _changed(old, new) for line in _difference(new, *pair)]),
        ("Notes removed", [f"- {_name(note)}: “{_safe(_quote(note))}”" for note in _only_in(old, new)]),
        (
            "New topics",
            [f"- {_safe(t.name)} (`{t.id}`)" for t in _fresh(old.inputs.project.topics, new.inputs.project.topics)],
        ),
        (
            "New sources",
            [f"- {_safe(w.title)} (`{w.id}`)" for w in _fresh(old.inputs.project.works, new.inputs.project.works)],
        ),
        ("Published ids and places", _problems(d for d in changed if d.severity == "error")),
        ("Notes to read again", _problems(d for d in changed if d.severity == "info")),
        ("Problems left", _problems(d for d in left if d.severity != "info")),
    ]
    filled = [(title, lines) for title, lines in sections if lines]
    if not filled:
        return "No notes, registers or published ids changed, and `sitegen check` finds nothing wrong.\n"
    errors, warnings = count(left, "error"), count(left, "warning")
    summary = f"`sitegen check`: {errors} errors, {warnings} warnings.\n"
    return "\n".join([summary, *(f"## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in filled)])


def _only_in(one: State, other: State) -> list[Annotation]:
    """The annotations of one state that the other does not have under any of their ids."""
    known = {name for a in other.inputs.annotations for name in (a.id, *a.aka)}
    return [a for a in one.inputs.annotations if not known & {a.id, *a.aka}]


def _changed(old: State, new: State) -> Iterator[tuple[Annotation, Annotation]]:
    before = {name: a for a in old.inputs.annotations for name in (a.id, *a.aka)}
    for annotation in new.inputs.annotations:
        then = next((before[name] for name in (annotation.id, *annotation.aka) if name in before), None)
        if then and _contents(then) != _contents(annotation):
            yield then, annotation


def _contents(annotation: Annotation) -> dict[str, object]:
    """What a note says, by the names of its fields; not where in its file it says so."""
    narrowing = [(t.at, t.speaker, t.occurrence) for t in annotation.targets]
    return {
        "id": annotation.id,
        "quote": _quote(annotation),
        "place": [tuple(field.id if field else "" for field in fields) for fields in narrowing],
        "prefix and suffix": [(s.prefix, s.suffix) for t in annotation.targets for s in t.selectors],
        "note": annotation.note.markup,
        "headline": annotation.headline,
        "kind": annotation.kind,
        "topics": [reference.id for reference in annotation.topics],
        "sources": [c.title if isinstance(c, Work) else c.id for c in annotation.citations],
        "status": annotation.status,
        "claim": annotation.claim,
        "record": annotation.record,
        "author": annotation.author,
        "dates": (annotation.created, annotation.updated, annotation.as_of, annotation.review_by),
    }


def _difference(state: State, then: Annotation, now: Annotation) -> Iterator[str]:
    before, after = _contents(then), _contents(now)
    fields = ", ".join(name for name in after if after[name] != before[name])
    first, *rest = _described(state, now)
    yield f"{first} — changed: {fields}"
    yield from rest
    if now.note.markup != then.note.markup:
        yield f"  before: {_shortened(then.note.markup)}"


def _described(state: State, annotation: Annotation) -> list[str]:
    """A note in a few lines: its name with a link, the passage in context, its text."""
    lines = [f"- {_linked(state, annotation)}"]
    placed = state.notes().get(annotation.id)
    lines.append(f"  > {_in_context(*placed)}" if placed else f"  > “{_safe(_quote(annotation))}” — not placed")
    if annotation.note.markup:
        lines.append(f"  {_shortened(annotation.note.markup)}")
    details = [f"topics: {', '.join(r.id for r in annotation.topics)}" if annotation.topics else ""]
    details.append(f"{len(annotation.citations)} sources" if annotation.citations else "")
    said = "; ".join(detail for detail in details if detail)
    return [*lines, *([f"  ({said})"] if said else [])]


def _linked(state: State, annotation: Annotation) -> str:
    name, url = _name(annotation), state.inputs.project.settings.url
    placed = state.notes().get(annotation.id)
    if not url or not placed:
        return name
    edition, note = placed
    fragment = f"n-{annotation.id}" if note.number else note.anchors[0].paragraph_id
    return f"{name} ([its place]({absolute(url, transcript_page(edition.transcript.id), fragment)}))"


def _name(annotation: Annotation) -> str:
    headline = f" {_safe(annotation.headline)}" if annotation.headline else ""
    kind = annotation.kind if annotation.is_note else "index entry"
    return f"**{annotation.id}** ({_safe(kind)}){headline}"


def _in_context(edition: AnnotatedTranscript, note: Note) -> str:
    first, last = note.anchors[0], note.anchors[-1]
    plain = {p.id: p.plain for p in paragraphs_of(edition.transcript)}
    start, end = plain[first.paragraph_id], plain[last.paragraph_id]
    before, after = start[max(0, first.start - _CONTEXT) : first.start], end[last.end : last.end + _CONTEXT]
    left = "… " if first.start > _CONTEXT else ""
    right = " …" if last.end + _CONTEXT < len(end) else ""
    return f"{first.paragraph_id}: {left}{_safe(before)}**{_safe(note.quote)}**{_safe(after)}{right}"


def _quote(annotation: Annotation) -> str:
    return " … ".join(s.exact for target in annotation.targets for s in target.selectors)


def _fresh(old: Iterable[R], new: Iterable[R]) -> list[R]:
    before = {one.id for one in old}
    return [one for one in new if one.id not in before]


def _problems(found: Iterable[Diagnostic]) -> list[str]:
    ordered = in_order(found)
    lines = [f"- `{d.location}` {d.code}: {_safe(d.message)}" for d in ordered[:_MOST_LINES]]
    return lines + ([f"- and {len(ordered) - _MOST_LINES} more"] if len(ordered) > _MOST_LINES else [])


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return _safe(line if len(line) <= _MOST_CHARACTERS else line[:_MOST_CHARACTERS] + " …")


def _safe(text: str) -> str:
    """Text on one line in which no character has a meaning for Markdown, and nobody is mentioned."""
    plain = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return plain.replace("@", "&#64;").replace("://", "&#58;//").replace("www.", "www&#46;")
