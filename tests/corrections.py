"""Random corrections to a transcript that know what they did, so that it can be told where every id belongs.

A document is a list of chunks: what stands between blank lines. Each chunk remembers from which chunks of
earlier versions its words come.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sitegen import files
from sitegen.ids import spots_of
from sitegen.model import Annotation, Transcript, Turn
from sitegen.pipeline import read
from sitegen.preparation import Options
from sitegen.repairs import mend
from sitegen.since import changes, compare, judge_of_ids, state_of
from sitegen.source import Snapshot, Source
from sitegen.streams import stream_of

PATH = "content/transcripts/t.md"
NOTES = "annotations/t.yaml"
_BLANK = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)*")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Chunk:
    """Text between blank lines. `label` is how much of it is a label; 0 if it begins no turn. `spoken` is
    whether it is a paragraph of speech, which corrections may touch."""

    raw: str
    origins: tuple[int, ...]
    label: int = 0
    spoken: bool = False


@dataclass
class Document:
    """A transcript in chunks, with the front matter above them."""

    front: str
    chunks: list[Chunk]
    registers: dict[str, str]
    notes: str = ""
    fresh: int = 0
    parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    inserted: set[str] = field(default_factory=set)

    def divided(self, origins: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """New origins for the two parts of a chunk; each knows of the chunk, but not of the other part."""
        first = tuple(range(self.fresh, self.fresh + len(origins)))
        second = tuple(range(first[-1] + 1, first[-1] + 1 + len(origins)))
        self.fresh = second[-1] + 1
        self.parts.update((origin, (a, b)) for origin, a, b in zip(origins, first, second, strict=True))
        return first, second

    def now(self, origins: Iterable[int]) -> set[int]:
        """The origins with all parts they were divided into."""
        found: set[int] = set()
        left = list(origins)
        while left:
            origin = left.pop()
            found.add(origin)
            left += self.parts.get(origin, ())
        return found

    def text(self) -> str:
        """The file."""
        return self.front + "\n\n".join(chunk.raw for chunk in self.chunks) + "\n"

    def snapshot(self) -> Snapshot:
        """The site."""
        sources = {"sitegen.yaml": "title: T\n", **self.registers, PATH: self.text()}
        if self.notes:
            sources[NOTES] = self.notes
        return Snapshot(tuple(Source.of(path, text) for path, text in sorted(sources.items())), files.built_in_theme())

    def transcript(self) -> Transcript:
        """The transcript as read."""
        return read(self.snapshot(), Options()).value.transcripts[0]

    def lines(self) -> list[int]:
        """The line on which each chunk begins."""
        line = self.front.count("\n") + 1
        starts = []
        for chunk in self.chunks:
            starts.append(line)
            line += chunk.raw.count("\n") + 2
        return starts

    def learn(self) -> Transcript:
        """Finds out again which chunks begin turns and which are speech."""
        transcript = self.transcript()
        labels = {t.location.line: t.location.end_column - 1 for t in transcript.turns}
        spoken = {s.thing.location.line for s in spots_of(transcript)}
        self.chunks = [
            replace(chunk, label=labels.get(line, 0), spoken=line in spoken)
            for chunk, line in zip(self.chunks, self.lines(), strict=True)
        ]
        return transcript

    def adopt(self, text: str) -> None:
        """Takes over a text that differs only inside chunks, as after pinning."""
        pieces = _BLANK.split(text[len(self.front) :].rstrip("\n"))
        assert len(pieces) == len(self.chunks), "a pin must not change where chunks begin"
        self.chunks = [replace(chunk, raw=piece) for chunk, piece in zip(self.chunks, pieces, strict=True)]


def document_of(text: str, registers: dict[str, str]) -> Document:
    """A transcript's file as a document."""
    end = text.index("\n---", 3) + len("\n---\n")
    body = text[end:].strip("\n")
    pieces = [piece for piece in _BLANK.split(body.replace("\r", "")) if piece.strip()]
    chunks = [Chunk(piece, (i,)) for i, piece in enumerate(pieces)]
    document = Document(text[:end] + "\n", chunks, registers, fresh=len(chunks))
    document.learn()
    return document


Correction = Callable[[Document, random.Random, Sequence[str]], bool]


def _spoken(document: Document, chance: random.Random) -> int:
    return chance.choice([i for i, chunk in enumerate(document.chunks) if chunk.spoken])


def _words_of(chunk: Chunk) -> tuple[str, str, str]:
    """The label, the words, and the pin of a chunk."""
    head, rest = chunk.raw[: chunk.label], chunk.raw[chunk.label :]
    pin = re.search(r"[ \t]*\{#[^{}]*\}[ \t]*$", rest)
    return head, rest[: pin.start()] if pin else rest, pin[0] if pin else ""


def typo(document: Document, chance: random.Random, _: Sequence[str]) -> bool:
    """A word is misspelt, left out or replaced."""
    i = _spoken(document, chance)
    head, words, pin = _words_of(document.chunks[i])
    found = list(_WORD.finditer(words))
    if not found:
        return False
    word = chance.choice(found)
    at = chance.randrange(len(word[0]) - 1)
    changed = chance.choice([word[0][:at] + word[0][at + 1 :], word[0][::-1], "perhaps", word[0] + "s"])
    document.chunks[i] = replace(
        document.chunks[i], raw=head + words[: word.start()] + changed + words[word.end() :] + pin
    )
    return True


def insert(document: Document, chance: random.Random, foreign: Sequence[str]) -> bool:
    """A paragraph or a turn that was forgotten comes in.

    None comes twice: when the first has been deleted, the file is the same as if it had been left, or been moved,
    and the rest deleted, so that nobody who sees the files could say which it was.
    """
    i = _spoken(document, chance)
    labels = [_words_of(chunk)[0] for chunk in document.chunks if chunk.label and "{" not in chunk.raw[: chunk.label]]
    head = chance.choice(labels) + " " if labels and chance.random() < 0.6 else ""
    words = chance.choice(foreign)
    if words in document.inserted:
        return False
    document.inserted.add(words)
    added = Chunk(head + words, (document.fresh,), len(head), True)
    document.fresh += 1
    document.chunks.insert(i + 1, added)
    return True


def delete(document: Document, chance: random.Random, _: Sequence[str]) -> bool:
    """A paragraph goes; the first of a turn leaves its label to the next, a whole turn goes with it."""
    if sum(chunk.spoken for chunk in document.chunks) < 3:
        return False
    i = _spoken(document, chance)
    gone = document.chunks.pop(i)
    if gone.label and i < len(document.chunks) and document.chunks[i].spoken and not document.chunks[i].label:
        head, rest = gone.raw[: gone.label], document.chunks[i].raw
        if chance.random() < 0.7:
            document.chunks[i] = replace(document.chunks[i], raw=f"{head} {rest}", label=gone.label)
    return True


def split(document: Document, chance: random.Random, _: Sequence[str]) -> bool:
    """A paragraph becomes two, sometimes with a label on the second."""
    i = _spoken(document, chance)
    chunk = document.chunks[i]
    head, words, pin = _words_of(chunk)
    ends = [m.end() for m in re.finditer(r"[.?!,] ", words) if words[m.end() :].strip() and words[: m.end()].strip()]
    if not ends:
        return False
    at = chance.choice(ends)
    labels = [c.raw[: c.label] for c in document.chunks if c.label and "{" not in c.raw[: c.label]]
    second = chance.choice(labels) + " " if labels and chance.random() < 0.3 else ""
    one, other = document.divided(chunk.origins)
    document.chunks[i] = replace(chunk, raw=head + words[:at].rstrip() + pin, origins=one)
    document.chunks.insert(i + 1, Chunk(second + words[at:].lstrip(), other, len(second), True))
    return True


def merge(document: Document, chance: random.Random, _: Sequence[str]) -> bool:
    """A paragraph is joined to the one before it, or a turn loses its label."""
    i = _spoken(document, chance)
    if i == 0 or not document.chunks[i - 1].spoken:
        return False
    before, chunk = document.chunks[i - 1], document.chunks[i]
    _, words, pin = _words_of(chunk)
    if not words.strip():
        return False
    if chunk.label and chance.random() < 0.5:
        document.chunks[i] = replace(chunk, raw=(words + pin).lstrip(), label=0)
        return True
    head, first, first_pin = _words_of(before)
    joined = f"{head}{first} {words.strip()}{first_pin}"
    document.chunks[i - 1 : i + 1] = [replace(before, raw=joined, origins=(*before.origins, *chunk.origins))]
    return True


def give_to_another(document: Document, chance: random.Random, _: Sequence[str]) -> bool:
    """A turn turns out to be somebody else's."""
    turns = [i for i, chunk in enumerate(document.chunks) if chunk.label]
    labels = [c.raw[: c.label] for c in document.chunks if c.label and "{" not in c.raw[: c.label]]
    if not turns or not labels:
        return False
    i = chance.choice(turns)
    chunk = document.chunks[i]
    label = chance.choice(labels)
    pin = re.search(r" \{[^{}]*\}", chunk.raw[: chunk.label])
    if pin:
        end = len(label.rstrip("*").removesuffix(":"))
        label = label[:end] + pin[0] + label[end:]
    document.chunks[i] = replace(chunk, raw=label + chunk.raw[chunk.label :], label=len(label))
    return True


def wrap(document: Document, chance: random.Random, _: Sequence[str]) -> bool:
    """A line is broken, or a broken one is joined."""
    i = _spoken(document, chance)
    head, words, pin = _words_of(document.chunks[i])
    places = [m.start() for m in re.finditer(r"(?<=[a-z,]) (?=[a-z])", words)]
    if not places:
        return False
    at = chance.choice(places)
    document.chunks[i] = replace(document.chunks[i], raw=head + words[:at] + "\n" + words[at + 1 :] + pin)
    return True


def quote_style(document: Document, chance: random.Random, _: Sequence[str]) -> bool:
    """Typographic marks become plain ones, or the other way round."""
    i = _spoken(document, chance)
    head, words, pin = _words_of(document.chunks[i])
    plain = words.replace("\u2019", "'").replace("\u201c", '"').replace("\u201d", '"').replace("\u2013", "-")
    changed = plain if plain != words else words.replace("'", "\u2019")
    document.chunks[i] = replace(document.chunks[i], raw=head + changed + pin)
    return changed != words


KINDS: tuple[Correction, ...] = (typo, insert, delete, split, merge, give_to_another, wrap, quote_style)


@dataclass
class Tally:
    """What became of published ids and of notes.

    An id is `right` if it leads to words it stood for when it was last published; `same_words` if it leads to
    other words that are equal to them, or, these being gone, to a part of them; `gone` if none of those words are
    left, and what stood near them carries it as a former id, as the check reported; `near` if so, though some of
    the words are left; `lost` if it leads nowhere; and `wrong` if it is the id of other text, at any time. `lesser`
    are ids of turns among the right ones that hold less than half of the words left, and not the first of them.
    `replaced` are those among the right ones that stand for none of the words they were first published for, which
    went one batch after another.
    """

    corrections: int = 0
    ids: int = 0
    right: int = 0
    same_words: int = 0
    lesser: int = 0
    replaced: int = 0
    gone: int = 0
    near: int = 0
    wrong: int = 0
    lost: int = 0
    unclean: int = 0
    notes: int = 0
    notes_right: int = 0
    notes_named: int = 0
    notes_wrong: int = 0
    pins: int = 0

    def add(self, other: Tally) -> None:
        """Sums up."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Promise:
    """What an id stood for when it was first and when it was last published, and whether it ever failed."""

    first: frozenset[int]
    last: frozenset[int]
    words: str
    verdict: str = "right"


def correct(document: Document, count: int, batch: int, chance: random.Random, foreign: Sequence[str]) -> Tally:
    """Makes `count` random corrections, `batch` at a time, pinning after each batch, and tallies the outcome."""
    tally = Tally()
    published: dict[str, Promise] = {}
    _publish(document, published)
    quoted = _origins_of_notes(document)
    made = 0
    while made < count:
        before = document.snapshot()
        for _ in range(min(batch, count - made)):
            while not chance.choice(KINDS)(document, chance, foreign):
                pass
            made += 1
            document.learn()
        judge = judge_of_ids(before)
        pinned = mend(document.snapshot(), judge).snapshot
        left = [d for d in judge(pinned) if d.code.startswith("permalink")]
        tally.unclean += len(left)
        source = pinned.source(PATH)
        assert source
        document.adopt(source.text)
        document.learn()
        named = " ".join(d.message for d in changes(compare(before, pinned)))
        _tally_notes(document, quoted, named, tally)
        _judge_ids(document, published)
        _publish(document, published)
    tally.corrections = made
    tally.pins = document.text().count("{")
    _tally_ids(document, published, tally)
    return tally


@dataclass(frozen=True)
class Place:
    """What an id leads to: the numbers of the chunks, their words, and whether it is only a former id."""

    inside: tuple[int, ...]
    words: str
    is_former: bool


def places_of(document: Document) -> dict[str, Place]:
    """For each id the place it leads to."""
    transcript = document.transcript()
    numbers = {line: i for i, line in enumerate(document.lines())}
    turn_lines = [*sorted(t.location.line for t in transcript.turns), 10**9]
    places: dict[str, Place] = {}
    for spot in spots_of(transcript):
        line = spot.thing.location.line
        inside: tuple[int, ...] = (numbers[line],) if line in numbers else ()
        if isinstance(spot.thing, Turn):
            end = next(other for other in turn_lines if other > line)
            inside = tuple(i for at, i in numbers.items() if line <= at < end and document.chunks[i].spoken)
        places[spot.id] = Place(inside, spot.words, False)
        places.update(dict.fromkeys(spot.aka, Place(inside, spot.words, True)))
    return places


def _publish(document: Document, published: dict[str, Promise]) -> None:
    for name, place in places_of(document).items():
        if not place.is_former:
            origins = frozenset(o for i in place.inside for o in document.chunks[i].origins)
            promise = published.setdefault(name, Promise(origins, origins, place.words))
            promise.last, promise.words = origins, place.words


def _judge_ids(document: Document, published: dict[str, Promise]) -> None:
    """Says of each published id what it leads to now; an id that was once wrong stays so."""
    places = places_of(document)
    alive = {origin for chunk in document.chunks for origin in chunk.origins}
    for name, promise in published.items():
        if promise.verdict != "wrong":
            promise.verdict = _verdict(document, promise, places.get(name), alive)


def _verdict(document: Document, promise: Promise, place: Place | None, alive: set[int]) -> str:
    origins = document.now(promise.last)
    if place is None:
        return "lost"
    here = {o for i in place.inside for o in document.chunks[i].origins}
    if here & origins:
        left = [i for i, chunk in enumerate(document.chunks) if set(chunk.origins) & origins]
        sizes = {i: len(document.chunks[i].raw.split()) for i in left}
        held = sum(sizes[i] for i in left if i in place.inside)
        return "right" if left[0] in place.inside or 2 * held >= sum(sizes.values()) else "lesser"
    if place.is_former:
        return "near" if origins & alive else "gone"
    return "same_words" if place.words.split() == promise.words.split() else "wrong"


def _tally_ids(document: Document, published: dict[str, Promise], tally: Tally) -> None:
    for promise in published.values():
        tally.ids += 1
        setattr(tally, promise.verdict, getattr(tally, promise.verdict) + 1)
        is_right = promise.verdict in ("right", "lesser")
        tally.right += promise.verdict == "lesser"
        tally.replaced += is_right and not document.now(promise.first) & document.now(promise.last)


def _anchored(document: Document) -> tuple[dict[str, set[int]], set[str]]:
    """For each placed note the chunks it stands in, and the notes with a problem that names them."""
    state = state_of(document.snapshot())
    numbers = {line: i for i, line in enumerate(document.lines())}
    placed: dict[str, set[int]] = {}
    for edition in state.annotated:
        by_id = {s.id: numbers.get(s.thing.location.line, -1) for s in spots_of(edition.transcript)}
        for note in edition.notes:
            placed[note.annotation.id] = {by_id.get(a.paragraph_id, -1) for a in note.anchors}
    named = {m.annotation.id for edition in state.annotated for m in edition.missed}
    return placed, named


def _origins_of_notes(document: Document) -> dict[str, frozenset[int]]:
    placed, _ = _anchored(document)
    return {name: frozenset(o for i in inside for o in document.chunks[i].origins) for name, inside in placed.items()}


def _tally_notes(document: Document, quoted: dict[str, frozenset[int]], named: str, tally: Tally) -> None:
    """Notes that anchored before: still on their words, named by an error, or (never) on others unnoticed.

    A note that was named is not followed any further.
    """
    placed, missed = _anchored(document)
    for name, origins in list(quoted.items()):
        tally.notes += 1
        here = {o for i in placed.get(name, set()) for o in document.chunks[i].origins if i >= 0}
        if here & document.now(origins):
            tally.notes_right += 1
            continue
        del quoted[name]
        if name in missed or f"note {name} " in named:
            tally.notes_named += 1
        else:
            tally.notes_wrong += 1


def random_notes(document: Document, count: int, chance: random.Random) -> str:
    """Annotations that quote random words of a transcript, each just once in it."""
    stream = stream_of(document.transcript())
    speech = [p for p in stream.paragraphs if p.paragraph.kind == "speech" and len(p.paragraph.plain.split()) >= 3]
    notes: list[str] = []
    for _ in range(20 * count):
        if len(notes) == count or not speech:
            break
        words = chance.choice(speech).paragraph.plain.split()
        size = min(len(words), chance.randint(3, 16))
        start = chance.randrange(len(words) - size + 1)
        quote = " ".join(words[start : start + size])
        if quote.isprintable() and stream.typographic.text.count(quote) == 1:
            notes.append(f"- id: n{len(notes)}\n  quote: {_double(quote)}\n  note: x\n")
    return "".join(notes)


def _double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quotes_of(annotations: Sequence[Annotation]) -> Iterator[str]:
    """The quotes of annotations."""
    return (selector.exact for a in annotations for target in a.targets for selector in target.selectors)
