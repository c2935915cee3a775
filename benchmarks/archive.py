"""Synthetic archives of any size: the same seed gives the same texts, whoever writes them to disk.

Words follow Zipf's law over an invented vocabulary; every note quotes words that stand in the text. How
an archive is written for a generator is the business of `adapters`.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

_ONSETS = "b bl br c ch cl d dr f fl g gr h j k l m n p pl pr r s sh sl st str t th tr v w".split()
_VOWELS = "a e i o u ai ea ee oa ou".split()
_CODAS = ["", "", "n", "r", "s", "t", "l", "nd", "st", "ck", "m"]
_COMMON = """
the of and to in a that is for it we on with as this be are not have was by at from they will which but has
our their all or an been can there if more who would what about so no one its had up time were do out into
than only some other when very people also my must now any work over years because most
""".split()


@dataclass(frozen=True, slots=True)
class Remark:
    """A note: the words it quotes, the paragraph they stand in, and what is said of them."""

    id: str
    turn: int
    paragraph: int
    start: int
    end: int
    quote: str
    text: str
    headline: str
    topics: tuple[str, ...]
    works: tuple[str, ...]
    created: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """One transcript: turns as (speaker id, paragraphs), and its notes in reading order."""

    id: str
    title: str
    date: str
    place: str
    speakers: tuple[str, ...]
    turns: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[Remark, ...]


@dataclass(slots=True)
class Archive:
    """The registers of an archive, and its transcripts one after the other, so that size costs no memory."""

    transcripts: int
    words: int = 2500
    notes: int = 20
    seed: int = 1
    topics: dict[str, str] = field(init=False)
    speakers: dict[str, str] = field(init=False)
    works: dict[str, tuple[str, str, str]] = field(init=False)
    _vocabulary: list[str] = field(init=False)
    _weights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        vocabulary = dict.fromkeys(_COMMON)
        while len(vocabulary) < 12_000:
            vocabulary[_invented(chance, chance.choice((1, 2, 2, 3, 3)))] = None
        self._vocabulary = list(vocabulary)
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(vocabulary))))
        rare = self._vocabulary[400:]
        count = max(12, self.transcripts * 3 // 10)
        names = (f"{chance.choice(rare)} {chance.choice(rare)}" for _ in range(count))
        self.topics = {f"{name.replace(' ', '-')}-{i}": f"{name.capitalize()} {i}" for i, name in enumerate(names)}
        count = max(8, self.transcripts // 5)
        people = (f"{chance.choice(rare).capitalize()} {_invented(chance, 3).capitalize()}" for _ in range(count))
        self.speakers = {
            f"{_slug(name)}-{_letters(i)}": f"{name} {_letters(i).upper()}" for i, name in enumerate(people)
        }
        self.works = {}
        for i in range(max(20, self.transcripts // 2)):
            title = " ".join(chance.choice(rare) for _ in range(6)).capitalize()
            self.works[f"work-{i}"] = (title, chance.choice(rare).capitalize(), f"https://example.org/works/{i}")

    def hearings(self) -> Iterator[Hearing]:
        """The transcripts, each made when it is asked for."""
        for number in range(self.transcripts):
            yield self.hearing(number)

    def hearing(self, number: int) -> Hearing:
        """One transcript, independent of all others."""
        chance = random.Random(self.seed * 1_000_003 + number)
        speakers = tuple(chance.sample(list(self.speakers), chance.randint(2, 5)))
        turns: list[tuple[str, tuple[str, ...]]] = []
        left, last = self.words, ""
        while left > 0:
            speaker = chance.choice([s for s in speakers if s != last])
            paragraphs = tuple(self._paragraph(chance) for _ in range(chance.choice((1, 1, 2, 2, 3, 5))))
            turns.append((speaker, paragraphs))
            left -= sum(len(paragraph.split()) for paragraph in paragraphs)
            last = speaker
        day = f"{1995 + number % 30}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        title = f"Hearing {number} on {self._words(chance, 4)}"
        identity = f"hearing-{number:05}"
        present = tuple(dict.fromkeys(speaker for speaker, _ in turns))
        notes = tuple(self._notes(chance, identity, day, turns))
        return Hearing(identity, title, day, self._words(chance, 2).title(), present, tuple(turns), notes)

    def _notes(
        self, chance: random.Random, identity: str, day: str, turns: list[tuple[str, tuple[str, ...]]]
    ) -> Iterator[Remark]:
        places = [(t, p) for t, (_, paragraphs) in enumerate(turns) for p in range(len(paragraphs))]
        whole = "\n".join(paragraph for _, paragraphs in turns for paragraph in paragraphs)
        chosen = sorted(chance.sample(places, min(self.notes, len(places))))
        for number, (turn, position) in enumerate(chosen):
            start, quote = _passage(chance, turns[turn][1][position], whole)
            topics = tuple(chance.sample(list(self.topics), chance.choice((1, 1, 2, 3))))
            works = tuple(chance.sample(list(self.works), chance.choice((1, 1, 2))))
            yield Remark(
                id=f"{identity}-{number}",
                turn=turn,
                paragraph=position,
                start=start,
                end=start + len(quote),
                quote=quote,
                text=self._note_text(chance),
                headline=self._words(chance, 8).capitalize() + ".",
                topics=topics,
                works=works,
                created=day,
            )

    def _note_text(self, chance: random.Random) -> str:
        sentences = [self._sentence(chance) for _ in range(chance.randint(2, 4))]
        kind = chance.random()
        if kind < 0.1:
            sentences.append(f"See [the record](https://example.org/records/{chance.randrange(10**6)}) of that day.")
        elif kind < 0.2:
            sentences.append(f"The word *{chance.choice(self._vocabulary)}* is used loosely here.")
        half = len(sentences) // 2
        return " ".join(sentences) if kind < 0.7 else " ".join(sentences[:half]) + "\n\n" + " ".join(sentences[half:])

    def _paragraph(self, chance: random.Random) -> str:
        text = " ".join(self._sentence(chance) for _ in range(chance.randint(2, 6)))
        if chance.random() < 0.03:
            text += f" This is *{chance.choice(self._vocabulary)}*, they say."
        return text

    def _sentence(self, chance: random.Random) -> str:
        words = self._words(chance, chance.randint(6, 22)).split()
        if chance.random() < 0.3:
            words[len(words) // 2] += ","
        if chance.random() < 0.1:
            words[2] += "\u2019s"
        if chance.random() < 0.05:
            words.insert(len(words) // 2, "\u2013")
        return " ".join(words).capitalize() + chance.choice("....?")

    def _words(self, chance: random.Random, count: int) -> str:
        top = self._weights[-1]
        return " ".join(self._vocabulary[bisect(self._weights, chance.random() * top)] for _ in range(count))


def _passage(chance: random.Random, paragraph: str, whole: str) -> tuple[int, str]:
    """Some words of a paragraph, without markup, that stand nowhere else in the whole; and where they begin."""
    words = paragraph.split(" ")
    while True:
        length = chance.choice((6, 9, 12, 20))
        first = chance.randrange(max(1, len(words) - length))
        start = len(" ".join(words[:first])) + (1 if first else 0)
        quote = " ".join(words[first : first + length]).rstrip(".,")
        if "*" not in quote and whole.count(quote) == 1:
            return start, quote


def _invented(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(syllables))


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _letters(number: int) -> str:
    letters = ""
    while True:
        number, digit = divmod(number, 26)
        letters = chr(ord("a") + digit) + letters
        if not number:
            return letters
