"""From paragraphs to labelled paragraphs: which beginnings of lines are speaker labels, weighed over the whole file.

A label counts by its repetition, its form and its position, never by one colon. Who the labels stand for is
settled in `voices`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sitegen.importers import dates
from sitegen.importers.draft import PassageKind
from sitegen.importers.names import Label, folded, read_label

# A label, its asides included, is never longer: the longest seen in real files has 130 characters.
MAX_LABEL = 240
ENOUGH = 2.0
_DENSE = 0.5
_MOST_SEARCHED = 300_000

_TIME = r"[\[(]?(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?[\])]?"
_LEADING_TIME = re.compile(rf"^(?P<time>{_TIME})\s*[-–|]?\s*(?=\S)")
_COLON = re.compile(r"[:\uff1a](?=\s|$|[\"“«„(\[*_]|[^\x00-\u02ff])")
_TRAILING_TIME = re.compile(rf"^\s*[,|–-]?\s*(?P<time>{_TIME})\s*:?\s*(?P<rest>.*)$", re.DOTALL)
_NAME_THEN_TIME = re.compile(rf"^(?P<label>[^:\n]{{1,80}}?)\s+[-–|]?\s*(?P<time>{_TIME})\s*:?\s*$")


class Paragraph(Struct, frozen=True):
    """A paragraph of the source as plain text; `strong` characters at its start stand in bold type.

    `level` is that of a heading, 0 for other paragraphs; `kind` is what the markup says about it.
    """

    text: str
    line: int
    strong: int = 0
    markdown: bool = False
    level: int = 0
    kind: PassageKind = "speech"


class Candidate(Struct, frozen=True):
    """What could be a label, taken apart, the text after it, and the time beside it in seconds.

    `marked` says that the form sets it apart: bold type, or a line of its own with a time.
    """

    label: Label
    rest: str
    start: float | None = None
    marked: bool = False
    alone: bool = False


class Labelled(Struct, frozen=True):
    """A paragraph with the label it has been found to begin with, if any."""

    paragraph: Paragraph
    candidate: Candidate | None
    accepted: bool
    doubtful: bool = False


def candidate(paragraph: Paragraph, known: dict[str, Label] | None = None) -> Candidate | None:
    """The beginning of a paragraph that has the outer form of a label, or None.

    `known` are labels that have been taken apart already, and takes in this one.
    """
    known = {} if known is None else known
    text = paragraph.text
    start = None
    leading = _LEADING_TIME.match(text)
    if leading:
        start = dates.seconds(leading["time"].strip("[]()"))
        text = text[leading.end() :]
    strong = max(0, paragraph.strong - (leading.end() if leading else 0))
    split = _bold_label(text, strong) if strong else None
    split = split or _colon_label(text) or _timed_line(text)
    if not split:
        return None
    printed, rest, own_time, marked = split
    trailing = _TRAILING_TIME.match(rest) if own_time is None and start is None else None
    if trailing and (not trailing["rest"] or _bracketed(trailing["time"])):
        own_time, rest = dates.seconds(trailing["time"].strip("[]()")), trailing["rest"]
    rest = rest.strip()
    time = start if own_time is None else own_time
    if printed not in known:
        known[printed] = read_label(printed)
    return Candidate(known[printed], rest, time, marked or (time is not None and not rest), not rest)


def _bracketed(time: str) -> bool:
    return time[:1] in "[("


_Split = tuple[str, str, float | None, bool]


def _bold_label(text: str, strong: int) -> _Split | None:
    printed, rest = text[:strong].strip(), text[strong:].strip()
    after = rest[:1] in (":", "\uff1a")
    if not printed or not (printed[-1:] in (":", "\uff1a") or after):
        return None
    return printed.rstrip(" :\uff1a"), rest[1:].strip() if after else rest, None, True


def _colon_label(text: str) -> _Split | None:
    match = _COLON.search(text, 0, MAX_LABEL)
    if not match or not text[: match.start()].strip():
        return None
    printed = text[: match.start()]
    # `Ann (00:04:10): …` has its time inside the label.
    inner = re.search(rf"\s*[\[(]({_TIME})[\])]\s*$", printed)
    time = dates.seconds(inner[1].strip("[]()")) if inner else None
    return printed[: inner.start()] if inner else printed, text[match.end() :].strip(), time, False


def _timed_line(text: str) -> _Split | None:
    first, _, rest = text.partition("\n")
    match = _NAME_THEN_TIME.match(first)
    if not match:
        return None
    return match["label"], rest.strip(), dates.seconds(match["time"].strip("[]()")), True


def weigh(paragraphs: Sequence[Paragraph], known: Iterable[str] = ()) -> tuple[Labelled, ...]:
    """The paragraphs with their labels, by the evidence of the whole file.

    `known` are names, aliases and ids that count as labels whatever their form. A label that just counts is
    `doubtful`; so is one that just fails, which stays text.
    """
    read: dict[str, Label] = {}
    candidates = [candidate(paragraph, read) for paragraph in paragraphs]
    evidence = _Evidence(candidates, frozenset(map(folded, known)), paragraphs)
    scores = {key: evidence.score(key) for key in evidence.counts}
    evidence.look_again(scores)
    scores |= {key: score + evidence.company(key) for key, score in scores.items() if score < ENOUGH + 0.5}
    results = []
    for paragraph, found in zip(paragraphs, candidates, strict=True):
        if found is None or found.label.shape == "sound":
            accepted = found is not None and found.label.shape == "sound" and evidence.is_sound(found)
            results.append(Labelled(paragraph, found if accepted else None, accepted))
            continue
        score = scores[folded(found.label.printed)]
        score -= 1.0 if evidence.is_loose(found) else 0.0
        results.append(Labelled(paragraph, found, score >= ENOUGH, ENOUGH - 0.75 <= score <= ENOUGH + 0.25))
    return tuple(results)


class _Evidence:
    """What the candidates of one file say about each other."""

    def __init__(
        self, candidates: Sequence[Candidate | None], known: frozenset[str], paragraphs: Sequence[Paragraph]
    ) -> None:
        self.known = known
        self.paragraphs = paragraphs
        found = [c for c in candidates if c]
        self.counts = Counter(folded(c.label.printed) for c in found)
        self.labels = {folded(c.label.printed): c.label for c in found}
        self.marked = Counter(folded(c.label.printed) for c in found if c.marked)
        named = [c for c in found if c.label.shape not in ("none", "sound", "phrase")]
        self.cores = Counter(folded(c.label.core) for c in named)
        self.variety = len({key for key, label in self.labels.items() if label.shape in _GOOD})
        self.searched = 0
        self.dense = self.capitals = False
        self.names: frozenset[str] = frozenset()

    def look_again(self, scores: Mapping[str, float]) -> None:
        """Take in what the labels that are beyond doubt say about the form of the file."""
        sure = [key for key, score in scores.items() if score >= ENOUGH and self.labels[key].shape != "none"]
        uses = sum(self.counts[key] for key in sure)
        self.dense = uses >= 4 and uses >= _DENSE * len(self.paragraphs)
        upper = sum(self.counts[key] for key in sure if self.labels[key].core.isupper())
        named = sum(self.counts[key] for key in sure if not self.labels[key].unnamed)
        self.capitals = upper > 1 and upper > 0.8 * named
        self.names = frozenset(folded(word) for key in sure for word in _ends(self.labels[key]))

    def company(self, key: str) -> float:
        """What a label gains from its file: formed like the others, part of a name, or where all is labelled."""
        label = self.labels[key]
        if label.shape not in ("word", *_GOOD):
            return 0.0
        if label.shape == "word" and key in self.names:
            return 2.0
        if self.capitals and label.core.isupper() and len(label.core) > 1:
            return 1.5
        return 1.0 if self.dense else 0.0

    def score(self, key: str) -> float:
        """How well a label is attested; `ENOUGH` is enough."""
        label, count = self.labels[key], self.counts[key]
        if key in self.known or folded(label.core) in self.known:
            return 2 * ENOUGH
        if label.shape == "none":
            # Bold and often repeated beats any list of words, as `Summary` can be a character's name.
            return 1.0 + count / 4 if self.marked[key] >= 3 else 0.0
        score = _FORM[label.shape] + _repetition(count)
        score += 2.0 if self.marked[key] else 0.0
        score += 1.0 if label.core.isupper() and len(label.core) > 1 and count > 1 else 0.0
        if self.cores[folded(label.core)] > count:
            score += 1.5
        if count == 1 and " " in label.core and self._is_mentioned(label.core):
            score += 0.5
        return score + (0.5 if self.variety > 1 else 0.0)

    def _is_mentioned(self, core: str) -> bool:
        """Whether a name stands in the text, too, as in an introduction or a greeting."""
        self.searched += len(self.paragraphs)
        if self.searched > _MOST_SEARCHED:
            return False
        name = core.casefold()
        places = (" ".join(paragraph.text.split()).casefold().find(name, 1) for paragraph in self.paragraphs)
        return any(place > len(name) for place in places)

    def is_loose(self, found: Candidate) -> bool:
        """Whether the place speaks against a label that is seen once: text goes on in lower case, or is missing."""
        once = self.counts[folded(found.label.printed)] == 1 and not found.marked
        return once and (found.rest[:1].islower() or not found.rest or found.rest[:1].isdigit())

    def is_sound(self, found: Candidate) -> bool:
        """Whether a label such as Jingle marks a sound: set apart, with nothing but a time or a note after it."""
        return found.marked or not found.rest or bool(re.fullmatch(r"[\[(].*[\])]", found.rest))


def _ends(label: Label) -> tuple[str, ...]:
    """The first and last word of a full name, under which somebody may appear as well."""
    words = label.core.split()
    return (words[0], words[-1]) if len(words) > 1 and label.shape != "office" else ()


_GOOD = ("name", "office and name", "name and office", "office", "unnamed")
_FORM = {
    "name": 1.5,
    "word": 0.5,
    "office and name": 2.0,
    "name and office": 2.0,
    "office": 1.5,
    "unnamed": 1.5,
    "sound": 0.0,
    "phrase": 0.0,
}


def _repetition(count: int) -> float:
    return {1: 0.0, 2: 1.0, 3: 1.5}.get(count, 2.0)
