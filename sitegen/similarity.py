"""How alike two texts are, and which stretches of a long text are likest to a short one.

The only module that sees rapidfuzz. Likeness is only ever a suggestion: nothing here knows what is
compared, and nothing is decided by it alone.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

_WORD = re.compile(r"\S+")
_SLACK = 8
"""By how many words the ends of a first guess are moved to find the best stretch."""

_MANY_PAIRS = 1_000_000_000
_MOST_SEGMENTS = 12
_MOST_IN_A_SEGMENT = 3


class Stretch(Struct, frozen=True, order=True):
    """A range of a text and how like the wanted words it is, from 0 to 1."""

    likeness: float
    start: int
    end: int


def likeness(first: str, second: str) -> float:
    """How alike two texts are: 1 less the share of `first` that has to be edited; never below 0."""
    if not first:
        return 1.0 if not second else 0.0
    return max(0.0, 1.0 - Levenshtein.distance(first, second) / len(first))


def common(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """The runs (start in first, start in second, length) of items that a least edit leaves in place."""
    # The one for Indel takes a bit of memory for each pair, that for Levenshtein only for each item.
    distance = Indel if len(first) * len(second) < _MANY_PAIRS else Levenshtein
    blocks = distance.opcodes(first, second)
    return [(b.src_start, b.dest_start, b.src_end - b.src_start) for b in blocks if b.tag == "equal"]


def resemblance(first: Sequence[str] | str, second: Sequence[str] | str) -> float:
    """The share of two sequences that is common to both, from 0 to 1."""
    return float(Indel.normalized_similarity(first, second))


def places_within(words: Sequence[str], text: Sequence[str], edits: int) -> int:
    """At how many places of a text words stand that become `words` by so many edits of a word, or fewer.

    Myers's bit-vector search (1999), over words instead of characters.
    """
    masks: dict[str, int] = {}
    for i, word in enumerate(words):
        masks[word] = masks.get(word, 0) | 1 << i
    whole, last = (1 << len(words)) - 1, 1 << len(words) >> 1
    more, less, distance = whole, 0, len(words)
    ends = []
    for j, word in enumerate(text):
        equal = masks.get(word, 0)
        vertical = equal | less
        horizontal = (((equal & more) + more) ^ more) | equal
        rises, falls = less | ~(horizontal | more), more & horizontal
        distance += bool(rises & last) - bool(falls & last)
        rises, falls = rises << 1, falls << 1
        more, less = (falls | ~(vertical | rises)) & whole, rises & vertical & whole
        if distance <= edits:
            ends.append(j)
    # The ends of one place follow each other, no more of them than it may be longer or shorter by.
    places = first = 0
    for before, end in pairwise((-2, *ends)):
        if end != before + 1 or end - first > 2 * edits:
            places, first = places + 1, end
    return places


def words_changed(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words have to be put in, taken out or replaced to make one sequence of another."""
    return int(Levenshtein.distance(first, second))


def likest_stretches(words: str, text: str, segments: Iterable[tuple[int, int]], at_least: float) -> list[Stretch]:
    """Stretches of whole words, apart from each other, that are like `words`: the likest first.

    None runs over the end of a segment of `text`. Stretches that are less like than `at_least` are left out.
    """
    guesses = []
    for start, end in segments:
        guess = fuzz.partial_ratio(words, text[start:end], score_cutoff=_kinder(at_least))
        if guess:
            guesses.append((-guess, start, end))
    found: list[Stretch] = []
    for _, start, end in sorted(guesses)[:_MOST_SEGMENTS]:
        found += _stretches(words, text[start:end], start, at_least, _MOST_IN_A_SEGMENT)
    return sorted(found, key=lambda stretch: (-stretch.likeness, stretch.start))


def _kinder(at_least: float) -> float:
    """The cut-off, in percent, for a first look with a window of a fixed length: a stretch that is like enough
    may lie half outside of it."""
    return max(1.0, 100 * (1 - 1.5 * (1 - at_least)))


def _stretches(words: str, text: str, offset: int, at_least: float, most: int) -> Iterator[Stretch]:
    """The best stretch, then those on either side of it."""
    if most < 1 or not words or not text.strip():
        return
    guess = fuzz.partial_ratio_alignment(words, text, score_cutoff=_kinder(at_least))
    if guess is None:
        return
    start, end = (guess.dest_start, guess.dest_end) if len(words) <= len(text) else (0, len(text))
    best = _widened(words, text, start, end)
    if best is None or best.likeness < at_least:
        return
    yield Stretch(best.likeness, best.start + offset, best.end + offset)
    yield from _stretches(words, text[: best.start], offset, at_least, most - 1)
    yield from _stretches(words, text[best.end :], offset + best.end, at_least, most - 1)


def _widened(words: str, text: str, start: int, end: int) -> Stretch | None:
    """The likest stretch of whole words whose ends are near those of a guess."""
    spans = [match.span() for match in _WORD.finditer(text)]
    if not spans:
        return None
    first = next((i for i, span in enumerate(spans) if span[1] > start), len(spans) - 1)
    last = next((i for i in range(len(spans) - 1, -1, -1) if spans[i][0] < end), 0)
    begins = [span[0] for span in spans[max(0, first - _SLACK) : first + _SLACK + 1]]
    finishes = [span[1] for span in spans[max(0, last - _SLACK) : last + _SLACK + 1]]
    least, best = len(words) + 1, None
    for begin in begins:
        for finish in finishes:
            if finish <= begin or abs(finish - begin - len(words)) >= least:
                continue
            distance = Levenshtein.distance(words, text[begin:finish], score_cutoff=least)
            if distance < least:
                least, best = distance, (begin, finish)
    return Stretch(1.0 - least / len(words), *best) if best else None
