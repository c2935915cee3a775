"""What a lost quote has probably become: similar passages of its transcript, scored and ranked.

A suggestion is for a person, or for a repair that is sure enough of it; nothing here places a note.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sitegen.folding import TURN_BREAK, fold_editorial, fold_loose, fold_typographic
from sitegen.labels import Names, resolve_label
from sitegen.model import Target
from sitegen.similarity import Stretch, likeness, likest_stretches, places_within, words_changed
from sitegen.streams import Span, Stream, occurrences, trimmed

SUGGEST_FROM = 0.60
SUGGEST_SHORT_FROM = 0.70
FEW_WORDS = 8
"""Quotes of fewer words are so easily like something else that more likeness is asked of a suggestion."""

APPLY_FROM = 0.85
APPLY_LEAD = 0.10
APPLY_WORDS = 5
"""A suggestion is taken without asking only from this score, this far ahead of the next, for so many words."""

_WEIGHTS = {"quote": 50, "prefix": 20, "suffix": 20, "turn": 5, "speaker": 5}
_RUNNER_UP = 0.15
_HEAD = re.compile(r"\A\W*")
_TAIL = re.compile(r"\W*\Z")


class Suggestion(Struct, frozen=True):
    """A passage that a quote may have become: its place, its words on one line, its score from 0 to 1, how far
    that is ahead of the next passage, and whether no other one has nearly as many of the same words."""

    spans: tuple[Span, ...]
    words: str
    score: float
    lead: float
    is_alone: bool

    @property
    def is_sure(self) -> bool:
        """Whether it may be taken without asking."""
        enough_words = len(self.words.split()) >= APPLY_WORDS
        return enough_words and self.score >= APPLY_FROM and self.lead >= APPLY_LEAD and self.is_alone


def suggest(stream: Stream, parts: Sequence[str], target: Target, index: int, names: Names) -> Suggestion | None:
    """The likeliest passage for the selector `index` of a target, whose quote is `parts` with omissions
    between them; None if nothing is close."""
    wanted = [fold_loose(fold_editorial(part)).text.strip() for part in parts]
    longest = max(range(len(parts)), key=lambda i: len(wanted[i]))
    enough = SUGGEST_FROM if len(" ".join(wanted).split()) >= FEW_WORDS else SUGGEST_SHORT_FROM
    ranked = _ranked(stream, parts[longest], wanted[longest], enough - _RUNNER_UP, (target, index, names))
    if not ranked or ranked[0][0] < enough:
        return None
    score, span = ranked[0]
    lead = score - (ranked[1][0] if len(ranked) > 1 else enough - _RUNNER_UP)
    spans = [span]
    for i in range(len(parts)):
        if i == longest:
            continue
        other = _part_near(stream, parts[i], wanted[i], span, i < longest)
        if other is None:
            return None
        score = min(score, other[0])
        spans.insert(0 if i < longest else len(spans), other[1])
    ordered = tuple(sorted(spans, key=lambda one: one.start))
    words = " [...] ".join(_one_line(stream, one) for one in ordered)
    return Suggestion(ordered, words, score, lead, is_alone(stream, parts[longest], _one_line(stream, span)))


def is_alone(stream: Stream, quote: str, found: str) -> bool:
    """Whether nothing else in a transcript becomes `quote` by one more edit of a word than the passage `found`.

    So the passage that was really meant, if one word of it was changed, never loses to another without a doubt.
    """
    wanted, got = (fold_loose(fold_editorial(text)).text.split() for text in (quote, found))
    words = stream.loose.text.replace(TURN_BREAK, f" {TURN_BREAK} ").split()
    return places_within(wanted, words, words_changed(wanted, got) + 1) == 1


def _one_line(stream: Stream, span: Span) -> str:
    return " ".join(stream.text[span.start : span.end].split())


def word_difference(old: str, new: str) -> str:
    """The words of `new` with those of `old` that are gone in `[-...-]` and those that came in `{+...+}`."""
    before, after = old.split(), new.split()
    pieces: list[str] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = " ".join(before[i:j]), " ".join(after[k:m])
        if tag == "equal":
            pieces.append(gone)
            continue
        pieces.append((f"[-{gone}-]" if gone else "") + (f"{{+{came}+}}" if came else ""))
    return " ".join(pieces)


def _ranked(
    stream: Stream, part: str, wanted: str, at_least: float, given: tuple[Target, int, Names]
) -> list[tuple[float, Span]]:
    found = likest_stretches(wanted, stream.loose.text, turn_ranges(stream.loose.text), at_least)
    scored = [(stretch, _source_span(stream, stretch, part)) for stretch in found]
    ranked = [(_score(stream, stretch, span, given), span) for stretch, span in scored]
    return sorted(ranked, key=lambda one: (-one[0], one[1].start))


def turn_ranges(text: str) -> Iterator[tuple[int, int]]:
    """The range of each turn in the text of a stream, folded or not."""
    start = 0
    while start <= len(text):
        end = text.find(TURN_BREAK, start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _source_span(stream: Stream, stretch: Stretch, part: str) -> Span:
    """Where a stretch of the loose fold stands in the stream, with the punctuation that the quote has at its ends."""
    start, end = trimmed(stream.text, *stream.loose.origin(stretch.start, stretch.end))
    folded = fold_typographic(part).text.strip()
    after, before = _TAIL.findall(folded)[0], _HEAD.findall(folded)[0]
    while after and end < len(stream.text) and fold_typographic(stream.text[end]).text == after[0]:
        end, after = end + 1, after[1:]
    while before and start > 0 and fold_typographic(stream.text[start - 1]).text == before[-1]:
        start, before = start - 1, before[:-1]
    return Span(start, end)


def _score(stream: Stream, stretch: Stretch, span: Span, given: tuple[Target, int, Names]) -> float:
    """The mean of the parts that were given, by their weights."""
    target, index, names = given
    marks = {"quote": stretch.likeness}
    selector = target.selectors[index]
    for field, words in (("prefix", selector.prefix), ("suffix", selector.suffix)):
        folded = fold_loose(fold_typographic(words)).text.strip()
        if folded:
            marks[field] = _context_likeness(stream, stretch, folded, field)
    placed = stream.paragraph_at(span.start)
    if target.at and index == 0:
        first, last = stream.anchor_ids.get(target.at.id, (0, 0))
        marks["turn"] = float(first <= span.start < last)
    if target.speaker and index == 0:
        named = resolve_label(target.speaker.id, names)
        marks["speaker"] = float(bool(named and {s.id for s in named.speakers} & set(placed.speaker_ids)))
    return sum(_WEIGHTS[name] * value for name, value in marks.items()) / sum(_WEIGHTS[name] for name in marks)


def _context_likeness(stream: Stream, stretch: Stretch, folded: str, field: str) -> float:
    text = stream.loose.text
    if field == "prefix":
        before = text[: stretch.start].rpartition(TURN_BREAK)[2].rstrip()
        return likeness(folded, before[-len(folded) :])
    return likeness(folded, text[stretch.end :].partition(TURN_BREAK)[0].lstrip()[: len(folded)])


def _part_near(stream: Stream, part: str, wanted: str, span: Span, before: bool) -> tuple[float, Span] | None:
    """The place of another part of a quote with omissions, in the same turn and on the right side."""
    exact = occurrences(stream.text, stream.typographic, fold_typographic(part).text.strip())
    same_turn = [s for s in exact if TURN_BREAK not in stream.text[min(s.start, span.start) : max(s.end, span.end)]]
    sided = [s for s in same_turn if (s.end <= span.start if before else s.start >= span.end)]
    if sided:
        return 1.0, sided[-1] if before else sided[0]
    for score, other in _ranked_parts(stream, part, wanted):
        between = stream.text[min(other.start, span.start) : max(other.end, span.end)]
        if TURN_BREAK not in between and (other.end <= span.start if before else other.start >= span.end):
            return score, other
    return None


def _ranked_parts(stream: Stream, part: str, wanted: str) -> Iterator[tuple[float, Span]]:
    for stretch in likest_stretches(wanted, stream.loose.text, turn_ranges(stream.loose.text), SUGGEST_SHORT_FROM):
        yield stretch.likeness, _source_span(stream, stretch, part)
