"""One text of a transcript as it is compared with another: its words and paragraphs, what these are recognised by,
and which of two texts are likest to each other.

What the two texts have in common in all is decided in `alignment`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct

from sitegen.folding import fold_loose, fold_typographic
from sitegen.similarity import resemblance
from sitegen.streams import Stream

_WORD = re.compile(r"\S+")
_MANY_PAIRS = 40_000
_ALIKE = 0.5
"""Paragraphs at one place in both texts are paired when half their words are common."""

_SAME_SPEAKER = 0.05
_SAME_WRITING = 0.01
"""What decides between "OK." and "OK," if there was one of each: the last digit of how like they are."""

_FEW_WORDS = 3

_ALIKE_IN_LETTERS = 2 / 3
"""Paragraphs of few words are paired when so much of their letters is common. Of paragraphs that have nothing to
do with each other 9 % have half in common, by chance ("you know", "now"), but 2 % two thirds."""

_KNOWN_BY_WORDS = 4
"""How many words a paragraph needs to be recognised by its words alone, wherever it stands."""


class Word(Struct, frozen=True):
    """A word of a stream as it is compared, its range, its paragraph, as it is written, and its speakers."""

    key: str
    start: int
    end: int
    paragraph: int
    written: str
    voice: tuple[str, ...]


class Side(Struct, frozen=True):
    """One of the two texts as it is compared: its words, and for each paragraph the range of them, its text, its
    speakers, and whether it has enough words that stand in no other place, not in a longer paragraph either."""

    name: str
    words: tuple[Word, ...]
    ranges: list[tuple[int, int]]
    texts: list[str]
    voices: list[tuple[str, ...]]
    once: list[bool]

    @classmethod
    def of(cls, stream: Stream, name: str) -> Side:
        """The side of a stream."""
        words = tuple(_words(stream))
        sizes = Counter(word.paragraph for word in words)
        ends = list(accumulate(sizes[number] for number in range(len(stream.paragraphs))))
        ranges = list(pairwise((0, *ends)))
        texts = [" ".join(word.key for word in words[a:b]) for a, b in ranges]
        voices = [placed.speaker_ids for placed in stream.paragraphs]
        keys = [word.key for word in words]
        runs = list(zip(*(keys[n:] for n in range(_KNOWN_BY_WORDS)), strict=False))
        counts = Counter(runs)
        once = [any(counts[run] == 1 for run in runs[a : max(a, b - _KNOWN_BY_WORDS + 1)]) for a, b in ranges]
        return cls(name, words, ranges, texts, voices, once)

    def known(self, start: int, end: int, repeated: bool) -> list[Hashable]:
        """What paragraphs are recognised by: their words, if they are enough and, unless it is about those that
        are repeated, said once."""
        return [
            self.texts[n] if self.once[n] or (repeated and self._is_long(n)) else (self.name, n)
            for n in range(start, end)
        ]

    def written(self, number: int) -> list[str]:
        """The words of a paragraph as they are written."""
        return [word.written for word in self.words[slice(*self.ranges[number])]]

    def _is_long(self, number: int) -> bool:
        start, end = self.ranges[number]
        return end - start >= _KNOWN_BY_WORDS


def _words(stream: Stream) -> Iterator[Word]:
    for number, placed in enumerate(stream.paragraphs):
        for match in _WORD.finditer(stream.text, placed.start, placed.end):
            key = match[0]
            if not (key.isascii() and key.isalnum() and key.islower()):
                key = fold_loose(fold_typographic(key)).text.strip()
            if key:
                yield Word(key, match.start(), match.end(), number, match[0], placed.speaker_ids)


def likest_pairs(old: Sequence[int], new: Sequence[int], before: Side, after: Side) -> Iterator[tuple[int, int]]:
    """Paragraphs between two matches that are probably one and the same: in order, and in all as like as can be."""
    if not old or not new or len(old) * len(new) > _MANY_PAIRS:
        return
    alone = len(old) == len(new) == 1
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = [[_likeness(before, p, after, q, alone) for q in new] for p in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + like[i][j])
    i = j = 0
    while i < len(old) and j < len(new):
        if like[i][j] and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _likeness(before: Side, p: int, after: Side, q: int, alone: bool) -> float:
    """How like two paragraphs are; 0 if that is not enough to be one and the same.

    Of few words letters tell more; and the only few words of one speaker between two unchanged paragraphs are the
    same ones, whatever they were corrected to.
    """
    same_voice = before.voices[p] == after.voices[q]
    old, new = before.texts[p].split(), after.texts[q].split()
    if max(len(old), len(new)) > _FEW_WORDS:
        like = resemblance(old, new) + (_SAME_SPEAKER if same_voice else 0.0)
        return like if like >= _ALIKE else 0.0
    if alone and same_voice:
        return 1.0
    like = resemblance(before.texts[p], after.texts[q]) - (0.0 if same_voice else 2 * _SAME_SPEAKER)
    writing = _SAME_WRITING if before.written(p) == after.written(q) else 0.0
    return like + writing if like >= _ALIKE_IN_LETTERS else 0.0
