"""A second import over an existing transcript: turns keep the ids they were published under.

Turns are matched by their words and order; a matched turn whose id would move gets a pin. What people added to the
front matter and the source does not say is kept. Whether the file is written is decided by the caller.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from msgspec.structs import fields, replace

from sitegen.folding import fold_typographic
from sitegen.importers.draft import Draft, DraftTurn
from sitegen.markup import plain_text
from sitegen.model import Origin, Transcript, Turn

_Key = tuple[str, str]
_SIMILAR = 0.5
_LONGEST_RUN = 300
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def kept(draft: Draft, speaker_ids: Mapping[str, str], existing: Transcript) -> Draft:
    """The draft with the ids, and the hand-written front matter, of the transcript that it will replace."""
    stems = ["-".join(speaker_ids[key] for key in turn.voices) for turn in draft.turns]
    old = existing.turns
    matches = _matches(draft.turns, stems, old)
    pins = list(_pins(stems, matches, old))
    turns = iter(
        replace(
            turn,
            id=pin,
            aka=old[match].aka if match is not None else (),
            continues=old[match].continues if match is not None else "",
        )
        for turn, pin, match in zip(draft.turns, pins, matches, strict=True)
    )
    blocks = tuple(next(turns) if isinstance(block, DraftTurn) else block for block in draft.blocks)
    return _with_front_matter(replace(draft, blocks=blocks), existing)


def _with_front_matter(draft: Draft, existing: Transcript) -> Draft:
    given = {f.name: getattr(draft.origin, f.name) or getattr(existing.origin, f.name) for f in fields(Origin)}
    extra: list[tuple[str, object]] = []
    if existing.draft:
        extra.append(("status", "draft"))
    if existing.translation_of:
        extra.append(("translation_of", existing.translation_of))
    if existing.aka:
        extra.append(("aka", list(existing.aka)))
    return replace(
        draft,
        title=draft.title or existing.title,
        date=draft.date or existing.date,
        date_end=draft.date_end or ("" if draft.date else existing.date_end),
        place=draft.place or existing.place,
        occasion=draft.occasion or existing.occasion,
        language=draft.language or existing.language,
        summary=draft.summary or existing.summary.markup,
        origin=Origin(**given),
        media=draft.media or existing.media,
        topics=draft.topics or tuple(topic.id for topic in existing.topics),
        extra=tuple(extra),
    )


def _words(turn: DraftTurn | Turn) -> str:
    if isinstance(turn, Turn):
        text = "\n".join(p.plain for p in turn.paragraphs if p.kind == "speech")
    else:
        spoken = [p for p in turn.passages if p.kind in ("speech", "quotation")]
        text = "\n".join(plain_text(p.text) if p.markdown else p.text for p in spoken)
    return " ".join(fold_typographic(text).text.split())


def _matches(new: Sequence[DraftTurn], stems: Sequence[str], old: Sequence[Turn]) -> list[int | None]:
    """For each new turn the number of the old turn it is, or None."""
    left = [("-".join(turn.speaker_ids), _words(turn)) for turn in old]
    right = list(zip(stems, map(_words, new), strict=True))
    found: list[int | None] = [None] * len(right)
    for i1, i2, j1, j2 in _aligned(left, right):
        if left[i1:i2] == right[j1:j2]:
            found[j1:j2] = range(i1, i2)
        elif i2 - i1 <= _LONGEST_RUN and j2 - j1 <= _LONGEST_RUN:
            for i, j in _similar(left[i1:i2], right[j1:j2]):
                found[j1 + j] = i1 + i
    return found


def _aligned(left: list[_Key], right: list[_Key]) -> Iterator[tuple[int, int, int, int]]:
    """Ranges of both lists that are equal or stand for each other, in order.

    Turns that stand once in each list are the fixed points (patience diff); only what lies between them is
    compared item by item, so that ten thousand turns with hundreds of equal short ones take no time.
    """
    counts = Counter(left), Counter(right)
    places = {key: j for j, key in enumerate(right) if counts[1][key] == 1}
    fixed = [(i, places[key]) for i, key in enumerate(left) if counts[0][key] == 1 and key in places]
    begin_left = begin_right = 0
    for i, j in [*_increasing(fixed), (len(left), len(right))]:
        matcher = SequenceMatcher(None, left[begin_left:i], right[begin_right:j], autojunk=False)
        for _tag, i1, i2, j1, j2 in matcher.get_opcodes():
            yield begin_left + i1, begin_left + i2, begin_right + j1, begin_right + j2
        if i < len(left):
            yield i, i + 1, j, j + 1
        begin_left, begin_right = i + 1, j + 1


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs in which the second numbers rise, too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [j]
        ends[place : place + 1] = [number]
    run: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _similar(left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Pairs of turns in two changed runs that are likely the same, in order; like words, or like speaker and words."""
    scored = [
        (_likeness(a, b), i, j)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if abs(i - j) <= 3 or len(left) * len(right) <= 400
    ]
    chosen: list[tuple[int, int]] = []
    for score, i, j in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        crossing = any((i - a) * (j - b) <= 0 for a, b in chosen)
        if score >= _SIMILAR and not crossing:
            chosen.append((i, j))
    yield from sorted(chosen)


def _likeness(a: tuple[str, str], b: tuple[str, str]) -> float:
    matcher = SequenceMatcher(None, a[1].split(), b[1].split(), autojunk=False)
    if matcher.quick_ratio() < _SIMILAR:
        return 0.0
    ratio = matcher.ratio()
    return ratio if a[0] == b[0] or ratio > 0.9 else 0.0


def _pins(stems: Sequence[str], matches: Sequence[int | None], old: Sequence[Turn]) -> Iterator[str]:
    """The pin of each turn, empty where its id comes out right by counting.

    A new turn never takes an id that was published for other words: it gets a letter behind the one before it.
    """
    published = {turn.id for turn in old} | {name for turn in old for name in turn.aka}
    counters: dict[str, int] = {}
    last: dict[str, str] = {}
    taken: set[str] = set()
    for stem, match in zip(stems, matches, strict=True):
        natural = f"{stem}-{counters.get(stem, 0) + 1}"
        if match is not None:
            id = old[match].id
        elif natural not in published:
            id = natural
        else:
            id = _lettered(last.get(stem, f"{stem}-0"), published | taken)
        number = re.fullmatch(re.escape(stem) + r"-(\d+)", id)
        if number:
            counters[stem] = int(number[1])
        taken.add(id)
        last[stem] = id
        yield "" if id == natural else id


def _lettered(id: str, taken: set[str]) -> str:
    base = re.sub(r"(?<=\d)[a-z]+$", "", id)
    names = (f"{base}{first}{second}" for first in ("", *_LETTERS) for second in _LETTERS)
    return next((name for name in names if name not in taken), f"{base}x{len(taken)}")
