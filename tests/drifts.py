"""Single words that change inside a quoted passage, and what `reanchor --apply` makes of its note."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from msgspec.structs import replace

from sitegen import repairs
from sitegen.edition import paragraphs_of
from sitegen.pipeline import join, read
from sitegen.preparation import Options
from sitegen.since import carrier, compare
from sitegen.source import Snapshot, Source
from tests.corrections import PATH, document_of, quotes_of, random_notes

Place = tuple[str, int, int]
"""A paragraph and a range in it."""


@dataclass(frozen=True)
class Drift:
    """A site with one note, the same after one word of the quoted passage changed, and where the passage is then."""

    before: Snapshot
    after: Snapshot
    passage: Place


def drift(text: str, registers: dict[str, str], chance: random.Random) -> Drift:
    """A random passage of a transcript, in which a random word is removed, replaced, misspelt or followed by one."""
    while True:
        document = document_of(text, registers)
        document.notes = random_notes(document, 1, chance)
        before = document.snapshot()
        quote = next(iter(quotes_of(read(before, Options()).value.annotations)), "")
        words = quote.split()
        found = list(re.finditer(r"\s+".join(map(re.escape, words)), text)) if words else []
        if len(found) != 1:
            continue  # markup inside the passage, which the change would have to spare
        at = chance.randrange(len(words))
        words[at : at + 1] = chance.choice([[], ["perhaps"], [words[at], "indeed"], [words[at][:-1] + "x"]])
        changed = text[: found[0].start()] + " ".join(words) + text[found[0].end() :]
        sources = (Source.of(s.path, changed) if s.path == PATH else s for s in before.sources)
        after = replace(before, sources=tuple(sources))
        passage = _passage(before, after)
        if passage:
            return Drift(before, after, passage)


def _passage(before: Snapshot, after: Snapshot) -> Place | None:
    """Where the passage is after the change, which is inside of it; None if the change was none."""
    (place,) = _places(before)
    name, start, end = place
    texts = [
        {p.id: p.plain for p in paragraphs_of(read(snapshot, Options()).value.transcripts[0])}[name]
        for snapshot in (before, after)
    ]
    grown = len(texts[1]) - len(texts[0])
    return (name, start, end + grown) if texts[0] != texts[1] else None


def outcome(drift: Drift, with_history: bool = False) -> str:
    """What became of the note: it is `exact` on the passage, `near` if on part of it or on more than it, `left`
    to a person, or `wrong`."""
    carried = carrier(compare(drift.before, drift.after)) if with_history else None
    sure = [p for p in repairs.proposals_of(drift.after, Options(), carried) if p.is_sure]
    places = _places(repairs.reanchor(drift.after, Options(), sure).snapshot)
    if not places:
        return "left"
    if places == {drift.passage}:
        return "exact"
    name, start, end = drift.passage
    return "near" if all(p == name and s < end and start < e for p, s, e in places) else "wrong"


def _places(snapshot: Snapshot) -> set[Place]:
    editions = join(read(snapshot, Options()).value).value
    return {(a.paragraph_id, a.start, a.end) for e in editions for n in e.notes for a in n.anchors}
