"""An earlier and a later text of a transcript, laid side by side: which words are the same words.

Paragraphs that did not change and are said only once are matched first, by speaker and words, then by words
alone; what lies between is matched word by word. Never by position alone. What follows for ids and notes is not
known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field

from sitegen.folding import TURN_BREAK
from sitegen.sides import Side, Word, likest_pairs
from sitegen.similarity import common
from sitegen.streams import Span, Stream

_RUN = 3
"""How many words have to follow each other in both texts, unless they are a whole paragraph in both, to show
that they are the same words."""


class Alignment(Struct, frozen=True, dict=True):
    """For every word of the old stream that is still there, its position among the words of the new one; and for
    paragraphs that are one and the same, though perhaps corrected, their numbers."""

    old: Stream
    new: Stream
    old_words: tuple[Word, ...]
    new_words: tuple[Word, ...]
    matched: dict[int, int]
    pairs: dict[int, int]

    @cached_property
    def landings(self) -> tuple[tuple[int, ...], ...]:
        """For each paragraph of the old stream, those of the new one that hold its words, in order."""
        found = _landings(self.old_words, self.new_words, self.matched)
        for p, q in self.pairs.items():
            found.setdefault(p, set()).add(q)
        return tuple(tuple(sorted(found.get(p, ()))) for p in range(len(self.old.paragraphs)))

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
    """The alignment of two streams of one transcript.

    First come paragraphs of more than a few words that are equal and whose words stand nowhere else, as in
    patience diff (Cohen 2004); then the runs of words that a least edit of what is between them keeps, whatever the
    paragraphs; and then what paragraphs are left between those, by likeness. A few words are never matched before
    what surrounds them: people repeat each other, and themselves.
    """
    before, after = Side.of(old, "old"), Side.of(new, "new")
    match = _Match(before, after)
    whole = (0, len(before.texts), 0, len(after.texts))
    said_once = match.equal(whole)
    match.moved()
    gaps = [inner for gap in said_once for inner in match.between(gap)]
    pairs: dict[int, int] = {}
    landings = _landings(before.words, after.words, match.matched)
    for gap in gaps:
        for left, right in _left_between(landings, gap):
            pairs.update(likest_pairs(left, right, before, after))
    for p, q in pairs.items():
        match.runs((p, p + 1, q, q + 1))
    for gap in gaps:
        match.runs(gap)
    return Alignment(old, new, before.words, after.words, match.matched, pairs)


_Gap = tuple[int, int, int, int]
"""A range of old paragraphs and a range of new ones between two matches."""


class _Match(Struct):
    """The words matched so far."""

    old: Side
    new: Side
    matched: dict[int, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def paragraphs(self, p: int, q: int) -> None:
        """Two paragraphs are the same, word by word."""
        self._words(range(*self.old.ranges[p]), range(*self.new.ranges[q]))

    def _words(self, left: Sequence[int], right: Sequence[int]) -> None:
        self.matched.update(zip(left, right, strict=True))
        self.taken.update(right)

    def runs(self, gap: _Gap, least: int = 1) -> None:
        """The words inside a gap that are not matched yet, in runs of at least so many."""
        a, b, c, d = gap
        if a == b or c == d:
            return
        left = [i for i in range(self.old.ranges[a][0], self.old.ranges[b - 1][1]) if i not in self.matched]
        right = [j for j in range(self.new.ranges[c][0], self.new.ranges[d - 1][1]) if j not in self.taken]
        old, new = [self.old.words[i] for i in left], [self.new.words[j] for j in right]
        for i, j, length in _shifted(common([w.key for w in old], [w.key for w in new]), old, new):
            if length >= least:
                self._words(left[i : i + length], right[j : j + length])

    def equal(self, within: _Gap, repeated: bool = False) -> list[_Gap]:
        """Matches equal paragraphs inside a gap, first those of the same speaker; the smaller gaps that are left."""
        by_voice = list(self._equal(within, repeated, voice=True))
        return [inner for gap in by_voice for inner in self._equal(gap, repeated, voice=False)]

    def _equal(self, within: _Gap, repeated: bool, voice: bool) -> Iterator[_Gap]:
        a, b, c, d = within
        old, new = self.old.known(a, b, repeated), self.new.known(c, d, repeated)
        if voice:
            old = list(zip(old, self.old.voices[a:b], strict=True))
            new = list(zip(new, self.new.voices[c:d], strict=True))
        i, j = a, c
        for start_old, start_new, length in [*common(old, new), (b - a, d - c, 0)]:
            if (i, j) != (a + start_old, c + start_new):
                yield i, a + start_old, j, c + start_new
            for k in range(length):
                self.paragraphs(a + start_old + k, c + start_new + k)
            i, j = a + start_old + length, c + start_new + length

    def moved(self) -> None:
        """Paragraphs that were moved as a whole: equal words, once in each text, not matched so far."""
        old = self.old.known(0, len(self.old.texts), repeated=False)
        places = {key: q for q, key in enumerate(self.new.known(0, len(self.new.texts), repeated=False))}
        for p, key in enumerate(old):
            q = places.get(key)
            if q is not None and self.old.ranges[p][0] not in self.matched and self.new.ranges[q][0] not in self.taken:
                self.paragraphs(p, q)

    def between(self, gap: _Gap) -> list[_Gap]:
        """Matches runs of words inside a gap, after equal paragraphs that are said again elsewhere, unless a least
        edit without these keeps more words; the smaller gaps that are left."""
        by_words, by_paragraphs = self._inside(gap), self._inside(gap)
        by_words.runs(gap, _RUN)
        inner = by_paragraphs.equal(gap, repeated=True)
        for smaller in inner:
            by_paragraphs.runs(smaller, _RUN)
        is_less = len(by_paragraphs.matched) < len(by_words.matched)
        best = by_words if is_less else by_paragraphs
        self.matched.update(best.matched)
        self.taken.update(best.taken)
        return [gap] if is_less else inner

    def _inside(self, gap: _Gap) -> _Match:
        """A match of its own with what is matched inside a gap so far."""
        a, b, c, d = gap
        old = range(self.old.ranges[a][0], self.old.ranges[b - 1][1]) if a < b else ()
        new = range(self.new.ranges[c][0], self.new.ranges[d - 1][1]) if c < d else ()
        matched = {i: self.matched[i] for i in old if i in self.matched}
        return _Match(self.old, self.new, matched, {j for j in new if j in self.taken})


_Block = tuple[int, int, int]
"""A run of items that two sequences have in common: its start in either, and its length."""


def _shifted(blocks: Sequence[_Block], old: Sequence[Word], new: Sequence[Word]) -> list[_Block]:
    """Blocks moved where the same words came or went at either end, so that paragraphs come and go as a whole.

    If somebody says "Yes." and somebody else then "Yes, we do.", and the first is gone, a least edit may as well
    take the "Yes" of the second. If both say just "Yes.", the one is left that is written and said as before.
    """
    shifted: list[_Block] = [(0, 0, 0)]
    for block in [*blocks, (len(old), len(new), 0)]:
        before = shifted[-1]
        i, j = before[0] + before[2], before[1] + before[2]
        shift = 0
        if j == block[1] and i < block[0]:
            shift = _best_shift(old, (i, block[0]), (before[2], block[2]), new, j)
        elif i == block[0] and j < block[1]:
            shift = _best_shift(new, (j, block[1]), (before[2], block[2]), old, i)
        shifted[-1] = (*before[:2], before[2] + shift)
        shifted.append((block[0] + shift, block[1] + shift, block[2] - shift))
    return [block for block in shifted if block[2]]


def _best_shift(
    words: Sequence[Word], extra: tuple[int, int], sizes: tuple[int, int], others: Sequence[Word], at: int
) -> int:
    """How far words that came or went, between blocks of some sizes, are best moved on, or back if below 0.

    `at` is where in the other text, which has none of them, the two blocks meet.
    """
    start, end = extra
    gains = {0: 0}
    shift = 0
    while shift < sizes[1] and words[start + shift].key == words[end + shift].key:
        new, old = words[start + shift], words[end + shift]
        gains[shift + 1] = gains[shift] + _sameness(new, others[at + shift]) - _sameness(old, others[at + shift])
        shift += 1
    shift = 0
    while -shift < sizes[0] and words[start + shift - 1].key == words[end + shift - 1].key:
        shift -= 1
        new, old = words[end + shift], words[start + shift]
        gains[shift] = gains[shift + 1] + _sameness(new, others[at + shift]) - _sameness(old, others[at + shift])

    def merit(shift: int) -> tuple[int, int, bool]:
        borders = _is_border(words, start + shift) + _is_border(words, end + shift)
        return borders + (shift == sizes[1] > 0) + (-shift == sizes[0] > 0), gains[shift], shift == 0

    return max(gains, key=merit)


def _sameness(word: Word, other: Word) -> int:
    """How much equal words have in common besides: how they are written, and who says them."""
    return (word.written == other.written) + (word.voice == other.voice)


def _is_border(words: Sequence[Word], at: int) -> bool:
    return at in (0, len(words)) or words[at - 1].paragraph != words[at].paragraph


def _landings(old: Sequence[Word], new: Sequence[Word], matched: Mapping[int, int]) -> dict[int, set[int]]:
    """For each old paragraph the new ones that hold its words.

    A new paragraph counts if half the old one went there, or if it consists for the most part of words from
    there; the latter is how a part of a split paragraph is known. Scattered words do not count: any two
    paragraphs have some of those in common.
    """
    sizes_old = Counter(word.paragraph for word in old)
    sizes_new = Counter(word.paragraph for word in new)
    shared: Counter[tuple[int, int]] = Counter()
    for run in _runs_of(matched):
        places = Counter((old[i].paragraph, new[j].paragraph) for i, j in run)
        for (p, q), length in places.items():
            if len(run) >= _RUN or length == sizes_old[p] == sizes_new[q]:
                shared[p, q] += length
    landings: dict[int, set[int]] = {}
    for (p, q), length in shared.items():
        if 2 * length >= sizes_old[p] or 5 * length >= 3 * sizes_new[q]:
            landings.setdefault(p, set()).add(q)
    return landings


def _runs_of(matched: Mapping[int, int]) -> Iterator[list[tuple[int, int]]]:
    """The runs of words that follow each other in both texts, whatever paragraphs they are in."""
    run: list[tuple[int, int]] = []
    for i, j in sorted(matched.items()):
        if run and run[-1] != (i - 1, j - 1):
            yield run
            run = []
        run.append((i, j))
    if run:
        yield run


def _left_between(landings: Mapping[int, set[int]], gap: _Gap) -> Iterator[tuple[list[int], list[int]]]:
    """The old paragraphs of a gap whose words are nowhere yet, and the new ones whose words come from nowhere,
    between two that are known."""
    a, b, c, d = gap
    known = set().union(*(landings.get(p, ()) for p in range(a, b)))
    left: list[int] = []
    reached = c
    for p in range(a, b + 1):
        images = [q for q in landings.get(p, ()) if c <= q < d] if p < b else [d]
        if images:
            yield left, [q for q in range(reached, min(images)) if q not in known]
            left, reached = [], max(reached, max(images) + 1)
        elif p not in landings:
            left.append(p)
