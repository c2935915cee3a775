"""From quoted words to the one place they stand in: exact matches on folded text, narrowed, or an error.

Nothing is guessed: no match, or more than one, is a diagnostic that names every candidate. What was
probably meant by words that are nowhere is the business of `misses`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from sitegen.candidates import Candidate, described, follows, precedes, selecting_line
from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.facts import Anchor
from sitegen.folding import TURN_BREAK, fold_editorial, folded_quote
from sitegen.identifiers import is_word_character
from sitegen.labels import Names, resolve_label
from sitegen.misses import Miss, explain_miss
from sitegen.model import Reference, Target, TextQuoteSelector
from sitegen.nearest import meant, nearest_names
from sitegen.streams import Span, Stream, is_unspaced, occurrences

OMISSION = re.compile("\\s\\[(?:\\.\\.\\.|\u2026)\\]\\s")
"""What stands in a quote for words left out."""

FARTHEST_OMISSION = 2000
"""How many characters an omission may stand for at most."""

MOST_PLACES = 500
"""How many ways to put the items of a list together are looked at; more than one is an error anyway."""

_OCCURRENCE = re.compile(r"([1-9]\d*)(?:\s*/\s*([1-9]\d*))?")
_LONG_DASH = re.compile("--+|[\u2012-\u2015]")
_QUOTE_MARKS = "'\""
_FEW_WORDS = 3


class _Quest(Struct, frozen=True):
    """What is being looked for: a target of a note, in a stream."""

    stream: Stream
    target: Target
    annotation_id: str
    names: Names

    def subject(self, quote: str) -> str:
        short = " ".join(quote.split())
        short = short if len(short) <= 80 else short[:77] + "..."
        return f'note {self.annotation_id}: "{short}"'


class _Found(Struct, frozen=True):
    """The candidates of one selector, those that narrowing removed (each with the field that did), and
    whether they were found by leaving out editorial insertions."""

    candidates: tuple[Candidate, ...]
    removed: tuple[tuple[Candidate, str], ...] = ()
    editorial: bool = False


def anchor_target(stream: Stream, target: Target, annotation_id: str, names: Names) -> Checked[tuple[Anchor, ...]]:
    """The ranges of paragraphs that a target speaks of; empty, with an error, unless there is exactly one place.

    Candidates are all matches under fold F1, or under F2 where F1 has none; all of `at`, `speaker`,
    `prefix`, `suffix` and `occurrence` must hold. `names` says whom a label or `speaker` can mean.
    """
    quest = _Quest(stream, target, annotation_id, names)
    problems = [*_unknown_narrowing(quest), *_too_short(quest)]
    if any(p.severity == "error" for p in problems):
        return Checked((), tuple(problems))
    found = [_found(quest, i) for i in range(len(target.selectors))]
    missing = [_miss(quest, i, one).diagnostic for i, one in enumerate(found) if not one.candidates]
    if missing:
        return Checked((), (*problems, *missing))
    places = list(islice(_chains(stream, [one.candidates for one in found]), MOST_PLACES))
    chosen = _chosen(quest, places, found)
    problems += chosen.diagnostics
    if chosen.value is None:
        return Checked((), tuple(problems))
    if any(one.editorial for one in found):
        message = f"{quest.subject(target.selectors[0].exact)} was found by leaving out insertions in brackets"
        related = [Related(described(stream, chosen.value))]
        problems.append(problem("editorial-match", target.location, message, related=related))
    anchors = [a for span in chosen.value.spans for a in stream.anchors(annotation_id, span.start, span.end)]
    return Checked(tuple(anchors), tuple(problems))


def missing_selectors(stream: Stream, target: Target, annotation_id: str, names: Names) -> dict[int, Miss]:
    """Why those selectors of a target that have no match at all have none, by their position."""
    quest = _Quest(stream, target, annotation_id, names)
    if any(p.severity == "error" for p in (*_unknown_narrowing(quest), *_too_short(quest))):
        return {}
    found = [_found(quest, i) for i in range(len(target.selectors))]
    return {i: _miss(quest, i, one) for i, one in enumerate(found) if not one.candidates and not one.removed}


def _unknown_narrowing(quest: _Quest) -> Iterator[Diagnostic]:
    at, speaker = quest.target.at, quest.target.speaker
    if at and at.id not in quest.stream.anchor_ids:
        near = nearest_names(at.id, quest.stream.anchor_ids) or _some_ids(quest.stream, at.id)
        message = f"note {quest.annotation_id}: '{at.id}' is no turn or paragraph of '{quest.stream.transcript_id}'"
        hint = "write the id that the page shows at the turn or paragraph you mean"
        yield problem("unknown-anchor", at.location, message, hint + (f", perhaps {' or '.join(near)}" if near else ""))
    if speaker and not resolve_label(speaker.id, quest.names):
        known = [s.id for s in quest.stream.speakers]
        near = nearest_names(speaker.id, known)
        probably = meant(near)
        message = f"note {quest.annotation_id}: no speaker '{speaker.id}' in '{quest.stream.transcript_id}'{probably}"
        yield problem("unknown-speaker-id", speaker.location, message, f"use one of: {', '.join(known)}")


def _some_ids(stream: Stream, wanted: str) -> list[str]:
    stem = wanted.partition("-")[0]
    return [name for name in stream.anchor_ids if name.startswith(stem)][-3:]


def _too_short(quest: _Quest) -> Iterator[Diagnostic]:
    if not quest.target.selectors:
        message = f"note {quest.annotation_id}: the list of quotes is empty"
        yield problem("quote-too-short", quest.target.location, message, "quote the words the note speaks of")
    for selector in quest.target.selectors:
        folded = folded_quote(selector.exact)
        if len(list(islice(filter(is_word_character, folded), 2))) < 2:
            message = f"{quest.subject(selector.exact)} has no word to look for"
            yield problem("quote-too-short", quest.target.location, message, "quote a few more words")
        elif len(quest.target.selectors) == 1 and not quest.target.at and _is_few_words(selector.exact):
            message = f"{quest.subject(selector.exact)} is so short that it may soon stand in other places too"
            yield problem("short-quote", quest.target.location, message, "quote more words, or add `at:`")


def _is_few_words(quote: str) -> bool:
    words = 0
    for word in _LONG_DASH.sub(" ", quote).split():
        words += any(map(is_word_character, word))
        if words == _FEW_WORDS:
            return False
    return not any(map(is_unspaced, quote))


def _found(quest: _Quest, index: int) -> _Found:
    """The candidates of one selector after narrowing; without any, why there are none."""
    selector = quest.target.selectors[index]
    candidates, editorial = _matches(quest.stream, selector.exact)
    removed: list[tuple[Candidate, str]] = []
    for name, holds in _filters(quest, selector, index):
        removed += [(candidate, name) for candidate in candidates if not holds(candidate)]
        candidates = [candidate for candidate in candidates if holds(candidate)]
    return _Found(tuple(candidates), tuple(removed), editorial)


def _matches(stream: Stream, quote: str) -> tuple[list[Candidate], bool]:
    parts = OMISSION.split(quote) if "[" in quote else [quote]
    typographic = [occurrences(stream.text, stream.typographic, folded_quote(part).strip()) for part in parts]
    found = _joined(stream, typographic)
    if found:
        return found, False
    bare = [_bare(part) for part in parts]
    if any(sum(map(is_word_character, part)) < 2 for part in bare):
        return [], False
    editorial = [occurrences(stream.text, stream.editorial, part) for part in bare]
    return _joined(stream, editorial), True


def _bare(quote: str) -> str:
    """The quote under F2, without quote marks that enclose all of it."""
    folded = fold_editorial(quote).text.strip()
    while len(folded) > 2 and folded[0] in _QUOTE_MARKS and folded[-1] == folded[0]:
        folded = folded[1:-1].strip()
    return folded


def _joined(stream: Stream, parts: Sequence[Sequence[Span]]) -> list[Candidate]:
    """The parts of a quote with omissions: each with the nearest next part in the same turn."""
    joined = [Candidate((span,)) for span in parts[0]]
    for following in parts[1:]:
        pairs = []
        for left in joined:
            right = next((r for r in following if r.start >= left.end), None)
            if right and right.start - left.end <= FARTHEST_OMISSION and _same_turn(stream, left, right):
                pairs.append(Candidate((*left.spans, right)))
        joined = pairs
    return joined


def _same_turn(stream: Stream, left: Candidate, right: Span) -> bool:
    return TURN_BREAK not in stream.text[left.end : right.start]


def _next_turn(stream: Stream, left: Candidate, right: Candidate) -> bool:
    return right.start >= left.end and stream.text.count(TURN_BREAK, left.end, right.start) <= 1


def _filters(
    quest: _Quest, selector: TextQuoteSelector, index: int
) -> Iterator[tuple[str, Callable[[Candidate], bool]]]:
    """The narrowing fields that are given. `at` and `speaker` speak of the first item of a list."""
    stream, target = quest.stream, quest.target
    if target.at and index == 0:
        start, end = stream.anchor_ids[target.at.id]
        yield "at", lambda candidate: start <= candidate.start < end
    if target.speaker and index == 0:
        named = resolve_label(target.speaker.id, quest.names)
        wanted = {s.id for s in (*named.speakers, *named.candidates)} if named else set()
        yield "speaker", lambda candidate: bool(wanted & set(stream.paragraph_at(candidate.start).speaker_ids))
    if selector.prefix:
        yield "prefix", lambda candidate: follows(stream, candidate, selector.prefix)
    if selector.suffix:
        yield "suffix", lambda candidate: precedes(stream, candidate, selector.suffix)


def _miss(quest: _Quest, index: int, found: _Found) -> Miss:
    quote = quest.target.selectors[index].exact
    subject, where = quest.subject(quote), quest.target.location
    if not found.removed:
        return explain_miss(quest.stream, quote, OMISSION.split(quote), quest.names, subject, where)
    fields = ", ".join(dict.fromkeys(f"`{name}`" for _, name in found.removed))
    message = f"{subject} is in the transcript, but not where {fields} {'says' if fields.count('`') == 2 else 'say'}"
    hint = f"if that place is meant, change or remove {fields}; if not, quote words that stand where you mean"
    related = [Related(f"{described(quest.stream, c)}   removed by {name}") for c, name in found.removed]
    return Miss(problem("narrowing-excludes-all", where, message, hint, related=related))


def _chains(stream: Stream, items: Sequence[Sequence[Candidate]]) -> Iterator[Candidate]:
    """Every way to take one candidate of each item so that each follows in the same or the next turn."""
    head, *rest = items
    for candidate in head:
        if not rest:
            yield candidate
            continue
        reachable = [[c for c in rest[0] if _next_turn(stream, candidate, c)], *rest[1:]]
        yield from (Candidate((*candidate.spans, *tail.spans)) for tail in _chains(stream, reachable))


def _chosen(quest: _Quest, places: list[Candidate], found: list[_Found]) -> Checked[Candidate | None]:
    """The one place left after `occurrence`, or the diagnostic that says why there is not exactly one."""
    target, stream = quest.target, quest.stream
    if len(places) == 1 and not target.occurrence:
        return Checked(places[0])
    subject = quest.subject(target.selectors[0].exact)
    if not places:
        related = [Related(described(stream, c)) for one in found for c in one.candidates[:5]]
        message = f"{subject}: the parts do not follow each other in the same or the next turn"
        hint = "put the parts in the order of the transcript"
        return Checked(None, (problem("parts-out-of-order", target.location, message, hint, related=related),))
    if target.occurrence:
        return _nth(quest, target.occurrence, places, subject)
    related = [Related(f"{described(stream, c)}   {selecting_line(stream, c, places)}") for c in places]
    message = f"{subject}: {len(places)} places, 1 needed"
    hint = "add the line that stands behind the place you mean"
    return Checked(None, (problem("quote-ambiguous", target.location, message, hint, related=related),))


def _nth(quest: _Quest, occurrence: Reference, places: list[Candidate], subject: str) -> Checked[Candidate | None]:
    match = _OCCURRENCE.fullmatch(occurrence.id.strip())
    if not match:
        message = f"note {quest.annotation_id}: `{occurrence.id}` is not an occurrence"
        found = problem("bad-value", occurrence.location, message, "write 2/3 for the second of three")
        return Checked(None, (found,))
    wanted, total = int(match[1]), int(match[2]) if match[2] else None
    if wanted > len(places) or total not in (None, len(places)):
        related = [
            Related(f"{described(quest.stream, c)}   occurrence: {i}/{len(places)}") for i, c in enumerate(places, 1)
        ]
        number = f"{len(places)} places" if len(places) > 1 else "one place"
        message = f"{subject} stands in {number}, so there is no occurrence {occurrence.id}"
        hint = "write the line that stands behind the place you mean"
        return Checked(None, (problem("occurrence-mismatch", occurrence.location, message, hint, related=related),))
    if total is None:
        message = f"{subject}: occurrence {wanted} of {len(places)} is chosen, but a new repetition would go unnoticed"
        found = problem("bare-occurrence", occurrence.location, message, f"write occurrence: {wanted}/{len(places)}")
        return Checked(places[wanted - 1], (found,))
    return Checked(places[wanted - 1])
