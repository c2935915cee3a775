"""What happened to a site since an earlier state of its files: published ids, and the places of notes.

Two snapshots in, diagnostics out. How an earlier snapshot is got, and how a reviewer is told, is not known here.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from sitegen.alignment import align
from sitegen.diagnostics import Diagnostic, Related, problem
from sitegen.drift import Carried
from sitegen.edition import paragraphs_of
from sitegen.facts import Anchor, AnnotatedTranscript, Missed, Note
from sitegen.folding import fold_typographic
from sitegen.model import Annotation, Target, TextQuoteSelector
from sitegen.permalinks import Pair, Reading, compare_ids, pairs
from sitegen.pipeline import Inputs, annotation_files, join, read
from sitegen.preparation import Options
from sitegen.source import Snapshot
from sitegen.streams import Span, Stream, stream_of
from sitegen.suggestions import word_difference
from sitegen.yamldoc import parse

_CONTEXT = 3
_MOST_CHANGES = 3


class State(Struct, frozen=True):
    """A snapshot as read and joined, drafts left out: they are not published."""

    inputs: Inputs
    annotated: tuple[AnnotatedTranscript, ...]
    snapshot: Snapshot

    @property
    def reading(self) -> Reading:
        """What permalinks are compared by."""
        sources = {source.path: source for source in self.snapshot.sources}
        return Reading(self.inputs.transcripts, self.inputs.annotations, sources)

    def notes(self) -> dict[str, tuple[AnnotatedTranscript, Note]]:
        """The placed notes and index entries by id, former ids included, each with its first transcript."""
        found: dict[str, tuple[AnnotatedTranscript, Note]] = {}
        for edition in self.annotated:
            for note in edition.notes:
                for name in (note.annotation.id, *note.annotation.aka):
                    found.setdefault(name, (edition, note))
        return found


class Comparison(Struct, frozen=True):
    """An earlier and the present state, and their transcripts side by side."""

    old: State
    new: State
    paired: tuple[Pair, ...]


def state_of(snapshot: Snapshot) -> State:
    """A snapshot as it would be published."""
    inputs = read(snapshot, Options()).value
    return State(inputs, join(inputs).value, snapshot)


def compare(old: Snapshot, new: Snapshot) -> Comparison:
    """Two states of a site, laid side by side."""
    then, now = state_of(old), state_of(new)
    return Comparison(then, now, pairs(then.reading, now.reading))


def changes(comparison: Comparison) -> tuple[Diagnostic, ...]:
    """Published ids that moved or are lost, and notes that stand elsewhere or nowhere."""
    found = compare_ids(comparison.old.reading, comparison.new.reading, comparison.paired)
    return (*found, *_moved_notes(comparison))


def judge_of_ids(earlier: Snapshot | None) -> Callable[[Snapshot], tuple[Diagnostic, ...]]:
    """What is wrong with the ids of a snapshot: notes without one, ids that are taken, and, beside an earlier
    snapshot, published ids that moved or are lost."""

    def judge(snapshot: Snapshot) -> tuple[Diagnostic, ...]:
        found = read(snapshot, Options(drafts=True)).diagnostics
        wanted = (d for d in found if d.code in ("no-note-id", "duplicate-id"))
        return (*wanted, *(changes(compare(earlier, snapshot)) if earlier else ()))

    return judge


def _moved_notes(comparison: Comparison) -> Iterator[Diagnostic]:
    now = comparison.new.notes()
    present = {name: a for a in comparison.new.inputs.annotations for name in (a.id, *a.aka)}
    known = {t.id for t in comparison.new.inputs.transcripts}
    by_old = {pair.old.id: pair for pair in comparison.paired}
    for name, (edition, note) in comparison.old.notes().items():
        annotation = present.get(name)
        if annotation is None or name != note.annotation.id:
            continue
        home = annotation.targets[0].transcript_id
        if home not in known:
            message = f"note {annotation.id} stood on “{note.quote}”; its transcript '{home}' is no longer published"
            hint = "publish the transcript again, or move the note to the transcript that takes its place"
            yield problem("note-lost", annotation.location, message, hint)
            continue
        pair = by_old.get(edition.transcript.id)
        untouched = _says(annotation) == _says(note.annotation) and annotation.updated == note.annotation.updated
        if name in now and pair and untouched:
            moved = _moved(pair, note, now[name][1])
            if moved:
                yield problem("note-moved", annotation.location, *moved)


def _says(annotation: Annotation) -> list[tuple[tuple[TextQuoteSelector, ...], str, str, str]]:
    """How an annotation selects its words."""

    def narrowing(target: Target) -> tuple[str, str, str]:
        fields = (target.at, target.speaker, target.occurrence)
        at, speaker, occurrence = (field.id if field else "" for field in fields)
        return at, speaker, occurrence

    return [(target.selectors, *narrowing(target)) for target in annotation.targets]


def _moved(pair: Pair, then: Note, now: Note) -> tuple[str, str] | None:
    """Message and hint if a note whose selectors did not change stands on other words than before."""
    old, new = pair.alignment.old, pair.alignment.new
    before = spans_of(old, then.anchors)
    after = spans_of(new, now.anchors)
    if not before or not after:
        return None
    carried = pair.alignment.carried(Span(before[0].start, before[0].end))
    same_paragraph = _paragraph_text(old, before[0]) == _paragraph_text(new, after[0])
    if same_paragraph or (carried and carried.start < after[0].end and after[0].start < carried.end):
        return None
    was, now_at = old.paragraph_at(before[0].start).paragraph.id, new.paragraph_at(after[0].start).paragraph.id
    message = f"note {now.annotation.id} stood at {was}, and its quote “{now.quote}” is now found only at {now_at}"
    hint = "read the note there: quote the words it was written for, or set `updated:` if it belongs there"
    if carried:
        words = " ".join(new.text[carried.start : carried.end].split())
        hint = f"the words it stood on are now “{words}” in {new.paragraph_at(carried.start).paragraph.id}; {hint}"
    return message, hint


def spans_of(stream: Stream, anchors: tuple[Anchor, ...]) -> list[Span]:
    """The ranges of a stream that anchors mean, in order."""
    starts = {placed.paragraph.id: placed.start for placed in stream.paragraphs}
    spans = (
        Span(starts[a.paragraph_id] + a.start, starts[a.paragraph_id] + a.end)
        for a in anchors
        if a.paragraph_id in starts
    )
    return sorted(spans, key=lambda span: span.start)


def _paragraph_text(stream: Stream, span: Span) -> str:
    return fold_typographic(stream.paragraph_at(span.start).paragraph.plain).text


def carrier(comparison: Comparison) -> Carried:
    """From a missed passage to where its words of the earlier state stand now."""
    by_new = {pair.new.id: pair for pair in comparison.paired}
    old_notes = comparison.old.notes()

    def carried(missed: Missed, index: int) -> Span | None:
        pair = by_new.get(missed.target.transcript_id)
        then = old_notes.get(missed.annotation.id)
        if pair is None or then is None:
            return None
        wanted = missed.target.selectors[index].exact
        spans = spans_of(pair.alignment.old, _anchors_saying(then, wanted, pair))
        whole = Span(spans[0].start, spans[-1].end) if spans else None
        return pair.alignment.carried(whole) if whole else None

    return carried


def _anchors_saying(then: tuple[AnnotatedTranscript, Note], quote: str, pair: Pair) -> tuple[Anchor, ...]:
    """The anchors of a note in its earlier transcript, if the quote that is lost is the one it had."""
    edition, note = then
    said = {selector.exact for target in note.annotation.targets for selector in target.selectors}
    single = len(note.annotation.targets) == 1 and len(note.annotation.targets[0].selectors) == 1
    if edition.transcript.id != pair.old.id or quote not in said or not single:
        return ()
    return note.anchors


def written_lines(snapshot: Snapshot, state: State) -> dict[str, tuple[str, int]]:
    """For each placed note the file and line that say when it was last written: `updated`, else `created`,
    else its quote."""
    placed = state.notes()
    lines: dict[str, tuple[str, int]] = {}
    for path, source in annotation_files(snapshot).items():
        document = parse(source, prose=frozenset()).value
        if document is None or not isinstance(document.value, list):
            continue
        by_line = {a.location: a.id for a in state.inputs.annotations if a.location.path == path and a.id in placed}
        for index, item in enumerate(document.value):
            place = document.location(index, "id" if isinstance(item, dict) and "id" in item else "quote")
            if place in by_line and isinstance(item, dict):
                key = next((k for k in ("updated", "created") if item.get(k)), "quote")
                lines[by_line[place]] = (path, document.key_location(index, key).line)
    return lines


def words_changed(state: State, then: Mapping[str, State]) -> Iterator[Diagnostic]:
    """Notes that have their place, but whose paragraphs are not what they were when the note was written.

    `then` has for each note id the state of the site at that time.
    """
    placed = state.notes()
    for name, earlier in sorted(then.items()):
        was = earlier.notes().get(name)
        if was is None or name not in placed:
            continue
        edition, note = placed[name]
        old_text, new_text = _noted_paragraphs(*was), _noted_paragraphs(edition, note)
        if _folded(old_text) not in _folded(new_text) and not _only_split(was, edition):
            related = [Related(change) for change in _changes_in(old_text, new_text)]
            message = f"the words around note {name} were changed since it was written ({note.anchors[0].paragraph_id})"
            hint = "read the note again; if it still holds, give it a new `updated:` date"
            yield problem("words-changed", note.annotation.location, message, hint, related=related)


def _noted_paragraphs(edition: AnnotatedTranscript, note: Note) -> str:
    wanted = {anchor.paragraph_id for anchor in note.anchors}
    return "\n\n".join(p.plain for p in paragraphs_of(edition.transcript) if p.id in wanted)


def _only_split(was: tuple[AnnotatedTranscript, Note], edition: AnnotatedTranscript) -> bool:
    """Whether the words of a note's paragraphs still follow each other, though perhaps in other paragraphs."""
    alignment = align(stream_of(was[0].transcript), stream_of(edition.transcript))
    wanted = {anchor.paragraph_id for anchor in was[1].anchors}
    noted = {n for n, placed in enumerate(alignment.old.paragraphs) if placed.paragraph.id in wanted}
    images = [alignment.matched.get(i, -1) for i, word in enumerate(alignment.old_words) if word.paragraph in noted]
    return -1 not in images and len(noted) == 1 and images == list(range(images[0], images[0] + len(images)))


def _folded(text: str) -> str:
    return fold_typographic(text).text


def _changes_in(old: str, new: str) -> Iterator[str]:
    """The first few changes between two texts, each with some words around it."""
    before, after = old.split(), new.split()
    groups = list(difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_CONTEXT))
    for group in groups[:_MOST_CHANGES]:
        first, last = group[0], group[-1]
        lead = "... " if first[1] else ""
        rest = " ..." if last[2] < len(before) else ""
        difference = word_difference(" ".join(before[first[1] : last[2]]), " ".join(after[first[3] : last[4]]))
        yield f"{lead}{difference}{rest}"
    if len(groups) > _MOST_CHANGES:
        yield f"and {len(groups) - _MOST_CHANGES} more changes"
