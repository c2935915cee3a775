"""An earlier and a later text of a transcript, laid side by side: which words are the same words.

Paragraphs that did not change are matched first, by speaker and words, then by words alone; what lies between
is matched word by word. Never by position alone. What follows for ids and notes is not known here.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sitegen.folding import TURN_BREAK, fold_loose, fold_typographic
from sitegen.similarity import common, resemblance
from sitegen.streams import Span, Stream

_WORD = re.compile(r"\S+")
_MANY_COMPARISONS = 2_000_000
"""From so many equal pairs on, difflib would take seconds; a least edit is good enough then."""

_MANY_PAIRS = 40_000
_ALIKE = 0.5
"""Paragraphs at one place in both texts are paired when half their words are common."""

_SAME_SPEAKER = 0.05
_FEW_WORDS = 3

_RUN = 3
"""How many words have to follow each other in both texts to show that they are the same words."""

_MOVED_WORDS = 4
"""How many words a paragraph needs to be recognised at another place by its words alone."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a stream as it is compared, its range, and its paragraph."""

    key: str
    start: int
    end: int
    paragraph: int


@dataclass(frozen=True)
class Alignment:
    """For every word of the old stream that is still there, its position among the words of the new one; and for
    paragraphs that are one and the same, though perhaps corrected, their numbers."""

    old: Stream
    new: Stream
    old_words: tuple[_Word, ...]
    new_words: tuple[_Word, ...]
    matched: dict[int, int]
    pairs: dict[int, int]

    @cached_property
    def landings(self) -> tuple[tuple[int, ...], ...]:
        """For each paragraph of the old stream, those of the new one that hold its words, in order.

        A paragraph of the new stream counts if half the old one went there, or if it consists for the most
        part of words from there; the latter is how a part of a split paragraph is known. Scattered words do
        not count: any two paragraphs have some of those in common.
        """
        sizes_old = Counter(word.paragraph for word in self.old_words)
        sizes_new = Counter(word.paragraph for word in self.new_words)
        shared: dict[int, Counter[int]] = {}
        for p, q, length in self._runs_in_paragraphs():
            if length >= _RUN or 2 * length >= min(sizes_old[p], sizes_new[q]):
                shared.setdefault(p, Counter())[q] += length
        landings = []
        for p in range(len(self.old.paragraphs)):
            votes = shared.get(p, Counter())
            enough = {q for q, n in votes.items() if 2 * n >= sizes_old[p] or 5 * n >= 3 * sizes_new[q]}
            landings.append(tuple(sorted(enough | ({self.pairs[p]} if p in self.pairs else set()))))
        return tuple(landings)

    def _runs_in_paragraphs(self) -> Iterator[tuple[int, int, int]]:
        """The runs of words that follow each other in both texts: old paragraph, new paragraph, length."""
        length, last = 0, (-1, -1)
        here = (-1, -1)
        for i, j in sorted(self.matched.items()):
            place = (self.old_words[i].paragraph, self.new_words[j].paragraph)
            if (i - 1, j - 1) != last or place != here:
                if length:
                    yield *here, length
                length, here = 0, place
            length, last = length + 1, (i, j)
        if length:
            yield *here, length

    def carried(self, span: Span) -> Span | None:
        """Where a range of the old stream stands in the new one; None if too much of it is gone, or if it is
        no longer within one turn."""
        inside = [i for i, word in enumerate(self.old_words) if word.end > span.start and word.start < span.end]
        kept = [i for i in inside if i in self.matched]
        if not inside or 2 * len(kept) < len(inside):
            return None
        first, last = self.matched[kept[0]], self.matched[kept[-1]]
        # A changed word at either end stands where its neighbour outside leaves off.
        if kept[0] != inside[0] and inside[0] - 1 in self.matched:
            first = min(first, self.matched[inside[0] - 1] + 1)
        if kept[-1] != inside[-1] and inside[-1] + 1 in self.matched:
            last = max(last, self.matched[inside[-1] + 1] - 1)
        if last < first or last - first > 2 * len(inside) + 5:
            return None
        start, end = self.new_words[first].start, self.new_words[last].end
        return None if TURN_BREAK in self.new.text[start:end] else self._as_cut(span, inside, Span(start, end))

    def _as_cut(self, span: Span, inside: list[int], found: Span) -> Span:
        """The new range without the punctuation that the old one left out at its ends."""
        first, last = self.old_words[inside[0]], self.old_words[inside[-1]]
        lead = self.old.text[first.start : max(span.start, first.start)]
        rest = self.old.text[min(span.end, last.end) : last.end]
        start, end = found.start, found.end
        if lead and self.new.text.startswith(lead, start):
            start += len(lead)
        if rest and self.new.text.endswith(rest, 0, end):
            end -= len(rest)
        return Span(start, end)


def align(old: Stream, new: Stream) -> Alignment:
    """The alignment of two streams of one transcript."""
    old_words, new_words = tuple(_words(old)), tuple(_words(new))
    old_ranges, new_ranges = _ranges(old_words, len(old.paragraphs)), _ranges(new_words, len(new.paragraphs))
    old_texts = [" ".join(w.key for w in old_words[a:b]) for a, b in old_ranges]
    new_texts = [" ".join(w.key for w in new_words[a:b]) for a, b in new_ranges]
    old_keys = [(p.speaker_ids, text) for p, text in zip(old.paragraphs, old_texts, strict=True)]
    new_keys = [(p.speaker_ids, text) for p, text in zip(new.paragraphs, new_texts, strict=True)]
    matched: dict[int, int] = {}
    match = _Match(old_ranges, new_ranges, matched)
    whole = (0, len(old_keys), 0, len(new_keys))
    gaps = [
        inner for gap in _gaps(old_keys, new_keys, whole, match) for inner in _gaps(old_texts, new_texts, gap, match)
    ]
    _match_moved(old_texts, new_texts, match)
    words = _Words(old_words, new_words, matched, set(matched.values()))
    pairs: dict[int, int] = {}
    for a, b, c, d in gaps:
        pairs.update(_likest_pairs(range(a, b), range(c, d), old_keys, new_keys))
        for p in range(a, b):
            if p in pairs:
                words.match(old_ranges[p], new_ranges[pairs[p]])
        if a < b and c < d:
            words.match((old_ranges[a][0], old_ranges[b - 1][1]), (new_ranges[c][0], new_ranges[d - 1][1]))
    return Alignment(old, new, old_words, new_words, matched, pairs)


_Gap = tuple[int, int, int, int]
"""A range of old items and a range of new items between two matches."""


@dataclass(frozen=True, slots=True)
class _Match:
    """Records that two paragraphs are the same, word by word."""

    old_ranges: list[tuple[int, int]]
    new_ranges: list[tuple[int, int]]
    matched: dict[int, int]

    def __call__(self, p: int, q: int) -> None:
        (a, b), (c, _) = self.old_ranges[p], self.new_ranges[q]
        self.matched.update((a + k, c + k) for k in range(b - a))


def _words(stream: Stream) -> Iterator[_Word]:
    for number, placed in enumerate(stream.paragraphs):
        for match in _WORD.finditer(stream.text, placed.start, placed.end):
            key = match[0]
            if not (key.isascii() and key.isalnum() and key.islower()):
                key = fold_loose(fold_typographic(key)).text.strip()
            if key:
                yield _Word(key, match.start(), match.end(), number)


def _ranges(words: Sequence[_Word], paragraphs: int) -> list[tuple[int, int]]:
    """The range of words of each paragraph."""
    sizes = Counter(word.paragraph for word in words)
    ranges, position = [], 0
    for number in range(paragraphs):
        ranges.append((position, position + sizes[number]))
        position += sizes[number]
    return ranges


def _gaps(old: Sequence[Hashable], new: Sequence[Hashable], within: _Gap, match: _Match) -> Iterator[_Gap]:
    """Matches equal items inside a gap, and yields the smaller gaps that are left."""
    a, b, c, d = within
    i, j = a, c
    for start_old, start_new, length in [*_runs(old[a:b], new[c:d]), (b - a, d - c, 0)]:
        if (i, j) != (a + start_old, c + start_new):
            yield i, a + start_old, j, c + start_new
        for k in range(length):
            match(a + start_old + k, c + start_new + k)
        i, j = a + start_old + length, c + start_new + length


def _runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    if not old or not new:
        return []
    counts = Counter(new)
    if sum(counts[item] for item in old) > _MANY_COMPARISONS:
        numbers = {item: str(n) for n, item in enumerate(dict.fromkeys((*old, *new)))}
        return common([numbers[item] for item in old], [numbers[item] for item in new])
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]


_Key = tuple[tuple[str, ...], str]
"""Speakers and words of a paragraph."""


def _likest_pairs(
    old: range, new: range, old_keys: Sequence[_Key], new_keys: Sequence[_Key]
) -> Iterator[tuple[int, int]]:
    """Paragraphs between two matches that are probably one and the same: in order, and in all as like as can be."""
    if not old or not new or len(old) * len(new) > _MANY_PAIRS:
        return
    alone = len(old) == len(new) == 1
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = [[_likeness(old_keys[p], new_keys[q], alone) for q in new] for p in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = best[i + 1][j + 1] + like[i][j] if like[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    i = j = 0
    while i < len(old) and j < len(new):
        if like[i][j] >= _ALIKE and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _likeness(old: _Key, new: _Key, alone: bool) -> float:
    """How like two paragraphs are. Of few words letters tell more; and the only few words of one speaker
    between two unchanged paragraphs are the same ones, whatever they were corrected to."""
    before, after = old[1].split(), new[1].split()
    if max(len(before), len(after)) > _FEW_WORDS:
        return resemblance(before, after) + (_SAME_SPEAKER if old[0] == new[0] else 0.0)
    if alone and old[0] == new[0]:
        return 1.0
    return resemblance(old[1], new[1]) - (0.0 if old[0] == new[0] else 2 * _SAME_SPEAKER)


@dataclass(frozen=True, slots=True)
class _Words:
    """Matches words one by one within ranges that belong together."""

    old: Sequence[_Word]
    new: Sequence[_Word]
    matched: dict[int, int]
    taken: set[int]

    def match(self, old_range: tuple[int, int], new_range: tuple[int, int]) -> None:
        left = [i for i in range(*old_range) if i not in self.matched]
        right = [j for j in range(*new_range) if j not in self.taken]
        for i, j, length in _runs([self.old[i].key for i in left], [self.new[j].key for j in right]):
            self.matched.update((left[i + k], right[j + k]) for k in range(length))
            self.taken.update(right[j : j + length])


def _match_moved(old_texts: Sequence[str], new_texts: Sequence[str], match: _Match) -> None:
    """Matches paragraphs that were moved as a whole: equal words, once in each text, not matched so far."""
    taken = set(match.matched.values())
    places = {text: q for q, text in enumerate(new_texts)}
    once_old, once_new = Counter(old_texts), Counter(new_texts)
    for p, text in enumerate(old_texts):
        a, b = match.old_ranges[p]
        if b - a < _MOVED_WORDS or once_old[text] != 1 or once_new[text] != 1:
            continue
        if a not in match.matched and match.new_ranges[places[text]][0] not in taken:
            match(p, places[text])
