"""Which ids an earlier and a later text of a transcript give to things, and the fewest pins that keep them.

Every id of the earlier text is to stay on its words: by the ordinal that falls to it, by a pin, or by `aka`
on what stands in its place. Messages, and the ids of notes and transcripts, are the business of `permalinks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from sitegen.alignment import Alignment
from sitegen.model import Introduction, Paragraph, Part, Transcript, Turn
from sitegen.pins import Pin, PinnedText
from sitegen.source import Edit, Source

Key = tuple[int, int]
"""A place in a transcript: the number of its turn (introductions count), and of the paragraph in it, or -1."""


class Spot(Struct, frozen=True):
    """A thing with an id: a turn or a paragraph of speech."""

    key: Key
    id: str
    aka: tuple[str, ...]
    thing: Turn | Paragraph

    @property
    def words(self) -> str:
        """The plain text at this place."""
        if isinstance(self.thing, Paragraph):
            return self.thing.plain
        return " ".join(p.plain for p in self.thing.paragraphs if p.kind == "speech")


class Assignment(Struct, frozen=True):
    """Where the ids of the earlier text belong now.

    `wanted` leads from each of them to its place in the later text; `gone` are those whose words are no longer
    there, so that the place is only near. `edits` are the pins and former ids that make it so.
    """

    wanted: dict[str, Key]
    gone: frozenset[str]
    edits: tuple[Edit, ...]


def spots_of(transcript: Transcript) -> list[Spot]:
    """Every turn and paragraph of speech of a transcript, in order."""
    spots: list[Spot] = []
    for number, block in enumerate(_turns(transcript)):
        if isinstance(block, Turn):
            spots.append(Spot((number, -1), block.id, block.aka, block))
        for position, paragraph in enumerate(block.paragraphs):
            if paragraph.kind == "speech":
                spots.append(Spot((number, position), paragraph.id, paragraph.aka, paragraph))
    return spots


def _turns(transcript: Transcript) -> list[Turn | Introduction]:
    return [block for block in transcript.blocks if isinstance(block, Turn | Introduction)]


def assign_ids(old: Transcript, new: Transcript, source: Source, alignment: Alignment) -> Assignment:
    """Where each id of the earlier text belongs, and the edits to the later one's `source` that keep it there."""
    spots, later = spots_of(old), spots_of(new)
    images = _images(old, new, alignment)
    headings = {name: number for name, number in _part_ids(old).items() if name not in _part_ids(new)}
    if not later:
        return Assignment({}, frozenset(name for spot in spots for name in (spot.id, *spot.aka)), ())
    wanted: dict[str, Key] = {}
    gone = set(headings)
    first: dict[Key, str] = {}
    for spot in spots:
        key: Key | None = images.get(spot.key)
        names = (spot.id, *spot.aka)
        if key is None:
            gone.update(names)
            key = _nearest(spot.key, spots, images) or later[0].key
        elif (key[1] < 0) == (spot.key[1] < 0):
            first.setdefault(key, spot.id)
        wanted.update(dict.fromkeys(names, key))
    for name, number in headings.items():
        wanted[name] = _nearest((number, -2), spots, images) or later[0].key
    # Whoever writes `aka` has decided where a former id leads.
    declared = {name for spot in later for name in spot.aka}
    wanted = {name: key for name, key in wanted.items() if name not in declared}
    voices = frozenset(speaker.id for speaker in (*old.speakers, *new.speakers))
    spent = frozenset(gone.union(*(spot.aka for spot in spots)))
    edits = tuple(_Writer(PinnedText(source), wanted, spent, first, voices, taken=declared).edits_for(later))
    return Assignment(wanted, frozenset(gone), edits)


def _part_ids(transcript: Transcript) -> dict[str, int]:
    """The ids of parts, each with the number of the turn it stands in or before."""
    ids: dict[str, int] = {}
    number = 0
    for block in transcript.blocks:
        if isinstance(block, Part):
            ids[block.id] = number
        elif isinstance(block, Turn | Introduction):
            ids.update((p.id, number) for p in block.paragraphs if p.kind == "part")
            number += 1
    return ids


def _images(old: Transcript, new: Transcript, alignment: Alignment) -> dict[Key, Key]:
    """From places of the earlier text to those of the later one that hold their words.

    What another place has taken already is the second choice: so the first part of what was split keeps the
    id, and what was joined leads to one place.
    """
    old_keys, new_keys = list(_stream_keys(old)), list(_stream_keys(new))
    speech = {spot.key for spot in spots_of(new)}
    landings: dict[Key, list[Key]] = {}
    inside: dict[int, list[Key]] = {}
    for key, targets in zip(old_keys, alignment.landings, strict=True):
        landings[key] = [new_keys[q] for q in targets if new_keys[q] in speech]
        inside.setdefault(key[0], []).extend(landings[key])
    labelled = {number for number, block in enumerate(_turns(new)) if isinstance(block, Turn)}
    images: dict[Key, Key] = {}
    owned: set[Key] = set()
    for spot in spots_of(old):
        choices = landings.get(spot.key, [])
        if spot.key[1] < 0:
            choices = [(n, -1) if n in labelled else (n, position) for n, position in inside.get(spot.key[0], [])]
            choices = choices or [s.key for s in spots_of(new) if s.id == spot.id and not s.words and not spot.words]
        image = next((k for k in choices if k not in owned), next(iter(choices), None))
        if image is not None:
            owned.add(image)
            images[spot.key] = image
    return images


def _stream_keys(transcript: Transcript) -> Iterator[Key]:
    """The places of the paragraphs of a stream, in its order."""
    for number, block in enumerate(_turns(transcript)):
        for position, paragraph in enumerate(block.paragraphs):
            if paragraph.kind in ("speech", "event"):
                yield number, position


def _nearest(gone: Key, spots: list[Spot], images: dict[Key, Key]) -> Key | None:
    """Where something that is gone would stand: at what followed it in its turn, or came before it there, or
    at the turn itself; else at what followed the turn, or came before that."""
    siblings = [s.key for s in spots if s.key[0] == gone[0] and s.key[1] >= 0] if gone[1] >= 0 else []
    turns = [s.key for s in spots if s.key[1] < 0]
    chain = [
        *(key for key in siblings if key > gone),
        *(key for key in reversed(siblings) if key < gone),
        *(key for key in turns if key[0] == gone[0]),
        *(key for key in turns if key[0] > gone[0]),
        *(key for key in reversed(turns) if key[0] < gone[0]),
    ]
    return next((images[key] for key in chain if key in images), None)


class _Writer(Struct):
    """Goes through the later text as its reader will, counting, and writes a pin where the count is wrong.

    `spent` are ids that lead to their places only as former ids: no count may give them to a text again.
    """

    text: PinnedText
    wanted: dict[str, Key]
    spent: frozenset[str]
    first: dict[Key, str]
    voices: frozenset[str]
    counters: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def edits_for(self, spots: list[Spot]) -> Iterator[Edit]:
        belonging: dict[Key, list[str]] = {}
        for name, key in self.wanted.items():
            belonging.setdefault(key, []).append(name)
        turn, turn_id = -1, "intro"
        for spot in spots:
            names = belonging.get(spot.key, [])
            if isinstance(spot.thing, Turn):
                stem = "-".join(spot.thing.speaker_ids)
                pin = self.text.pin_of_turn(spot.thing)
                turn_id, edit = self._settle(spot, pin, names, (stem, "-"), self.voices | {stem})
                turn = spot.key[0]
            else:
                stem = turn_id if spot.key[0] == turn else "intro"
                pin = self.text.pin_of_paragraph(spot.thing)
                _, edit = self._settle(spot, pin, names, (stem, "-p"), frozenset({stem}))
            if edit:
                yield edit

    def _settle(
        self, spot: Spot, pin: Pin, names: list[str], form: tuple[str, str], counted: frozenset[str]
    ) -> tuple[str, Edit | None]:
        """The id of a place, and the edit that gives it the id and its former ids."""
        stem, separator = form
        natural = pin.id or f"{stem}{separator}{self.counters.get(stem, 0) + 1}"
        chosen = natural
        primary = self.first.get(spot.key, "")
        if (natural in names and natural not in self.spent) or (
            natural not in self.wanted and natural not in self.taken and (pin.id or not primary)
        ):
            chosen = natural
        elif primary in names and primary not in self.taken:
            chosen = primary
        else:
            chosen = self._fresh(stem, separator)
        self._count(chosen, form, counted, is_pin=chosen != natural or bool(pin.id))
        self.taken.add(chosen)
        aka = tuple(dict.fromkeys((*pin.aka, *(name for name in names if name != chosen))))
        self.taken.update(aka)
        if chosen == natural and aka == pin.aka:
            return chosen, None
        needs_id = chosen != natural or pin.id or separator != "-"
        return chosen, self.text.edit(pin, chosen if needs_id else "", aka)

    def _fresh(self, stem: str, separator: str) -> str:
        """An id that takes no number: that of the one before, with a letter."""
        base = f"{stem}{separator}{self.counters.get(stem, 0)}"
        for letters in _letters():
            if (name := base + letters) not in self.wanted and name not in self.taken:
                return name
        raise AssertionError("letters never run out")

    def _count(self, chosen: str, form: tuple[str, str], counted: frozenset[str], is_pin: bool) -> None:
        stem, separator = form
        if not is_pin:
            self.counters[stem] = self.counters.get(stem, 0) + 1
            return
        ordinal = re.fullmatch(r"(.+)" + re.escape(separator) + r"(\d+)", chosen)
        if ordinal and ordinal[1] in counted:
            self.counters[ordinal[1]] = int(ordinal[2])


def _letters() -> Iterator[str]:
    """a to z, then aa, ab …"""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    yield from alphabet
    yield from (first + second for first in alphabet for second in alphabet)
