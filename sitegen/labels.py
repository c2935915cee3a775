"""Speaker labels: the form of a label at the start of a paragraph, and whom it names.

A label counts only if it names a known speaker; what merely looks like one is told apart by
`looks_like_label` and stays text. How turns are built from labels is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from msgspec import Struct

from sitegen.folding import fold_typographic
from sitegen.model import Role, Speaker

LONGEST_LABEL = 240
"""Roles can make a label long, but no label is longer than this many characters."""

ATTRIBUTES = re.compile(r"\{(?P<inside>(?:#|[a-z]+=)[^{}]*)\}")
"""The attributes of a label: a pin, former ids and the like, in braces."""

_TIME = r"\[(?P<{0}>-?\d[\d:.,]*)\]"
_HEAD = re.compile(rf"\s*(?:{_TIME.format('before')}\s*)?(?P<label>.*?)(?:\s*{_TIME.format('after')})?\s*")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?")
_JOINS = re.compile(r"\s*(?:,|/|&|\band\b)\s*")
_COLON = re.compile("\uff1a|:(?=\\s|\\*|$)")
_SMALL_WORDS = frozenset(
    {"a", "al", "and", "bin", "d", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du"}
    | {"e", "el", "en", "et", "for", "i", "in", "la", "las", "le", "los", "of", "on", "the", "to", "und", "van"}
    | {"von", "y", "z"}
)
_MOST_WORDS = 8


class Label(Struct, frozen=True):
    """What stands before the colon. `length` is how much of the line the label takes, colon and stars
    included; `time` and `attributes` are as written, without brackets and braces."""

    text: str
    length: int
    time: str = ""
    attributes: str = ""
    bold: bool = False


class Resolution(Struct, frozen=True):
    """Whom a label names: one speaker, several who speak jointly, or more than one candidate."""

    speakers: tuple[Speaker, ...]
    candidates: tuple[Speaker, ...] = ()


class Register(Struct, frozen=True, eq=False, dict=True):
    """Speakers, of whom the forms of their names are worked out once for any number of transcripts."""

    speakers: tuple[Speaker, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Speaker]:
        """The speakers by id."""
        return {speaker.id: speaker for speaker in self.speakers}

    @cached_property
    def forms(self) -> Mapping[str, tuple[tuple[Speaker, Role | None], ...]]:
        """From every folded form of a name to the speakers it may mean; with an office, on days when it was held."""
        found: dict[str, list[tuple[Speaker, Role | None]]] = {}
        for speaker in self.speakers:
            for form, role in _forms(speaker):
                found.setdefault(folded_name(form), []).append((speaker, role))
        return {form: tuple(meant) for form, meant in found.items()}

    def __reduce__(self) -> tuple[type[Register], tuple[tuple[Speaker, ...]]]:
        return Register, (self.speakers,)

    def named(self, form: str, date: str) -> tuple[Speaker, ...]:
        """The speakers whom a folded form of a name may mean on a date."""
        meant = self.forms.get(form, ())
        return tuple({s.id: s for s, role in meant if role is None or role.held_on(date)}.values())


class Names(Struct, frozen=True):
    """By which names labels can mean speakers on a date. Declared speakers win over registered ones."""

    declared: Register
    registered: Register
    date: str

    def get(self, form: str) -> tuple[Speaker, ...]:
        """The speakers whom a folded form of a name may mean."""
        return self.declared.named(form, self.date) or self.registered.named(form, self.date)

    def has_speaker(self, speaker_id: str) -> bool:
        """Whether there is a speaker of this id."""
        return speaker_id in self.declared.by_id or speaker_id in self.registered.by_id


def has_colon(text: str) -> bool:
    """Whether there can be a label in a text at all."""
    return ":" in text or "\uff1a" in text


def possible_labels(line: str) -> Iterator[Label]:
    """Every reading of a line's beginning as a label, the shortest first."""
    attributes = ATTRIBUTES.search(line) if "{" in line else None
    # A label may carry many former ids without being too long for that.
    longest = LONGEST_LABEL + (len(attributes[0]) if attributes and attributes.start() < LONGEST_LABEL else 0)
    for colon in _COLON.finditer(line, 0, longest):
        head, length = line[: colon.start()], colon.end()
        if head.endswith("\\"):
            return
        attributes = ATTRIBUTES.search(head) if "{" in head else None
        if attributes:
            head = head[: attributes.start()] + head[attributes.end() :]
        head, time = _without_time(head)
        bold = head.startswith("**")
        if bold and not head.endswith("**", 2):
            if not line.startswith("**", length):
                continue
            length += 2
        head, inner_time = _without_time(head.strip("*"))
        if head:
            yield Label(head, length, time or inner_time, attributes["inside"] if attributes else "", bold)


def _without_time(head: str) -> tuple[str, str]:
    """The head of a line without the time before or behind it, and that time."""
    if "[" not in head:
        return head.strip(), ""
    match = _HEAD.fullmatch(head)
    return (match["label"], match["before"] or match["after"] or "") if match else (head.strip(), "")


def names_of(declared: Iterable[Speaker], registered: Register, date: str) -> Names:
    """The names by which labels can mean speakers on a date."""
    return Names(Register(tuple(declared)), registered, date)


def _forms(speaker: Speaker) -> Iterator[tuple[str, Role | None]]:
    yield speaker.id, None
    for name in (speaker.name, *speaker.aliases):
        yield name, None
        for role in speaker.roles:
            yield f"{role.title} {name}", role
            yield f"{name}, {role.title}", role


@lru_cache(maxsize=4096)
def folded_name(text: str) -> str:
    """A name as it is compared: typography and case do not matter."""
    return fold_typographic(text).text.strip().casefold()


def resolve_label(text: str, names: Names) -> Resolution | None:
    """Whom a label's text names, or None if it names nobody."""
    found = names.get(folded_name(text))
    if found:
        return Resolution(found) if len(found) == 1 else Resolution((), found)
    parts = [part for part in _JOINS.split(text) if part]
    each = [names.get(folded_name(part)) for part in parts]
    if len(parts) < 2 or not all(len(one) == 1 for one in each):
        return None
    return Resolution(tuple(dict.fromkeys(one[0] for one in each)))


def looks_like_label(label: Label) -> bool:
    """Whether a label that names nobody was probably meant as one: up to eight words, each capitalised
    but for little ones such as `of`. Scripts without capitals count when they are short."""
    words = label.text.split()
    if len(words) > _MOST_WORDS or re.search(r"[\"\u201c\u201d\xab\xbb;?!\u2026]", label.text):
        return False
    if any(re.search(r"\w{4,}\.$", word) for word in words):
        return False
    if label.text.lower() == label.text.upper():
        return len(words) <= 3 and len(label.text) <= 10 and any(c.isalpha() for c in label.text)
    if label.bold:
        return True
    first, *others = words
    return _capitalised(first) and all(_capitalised(word) or word.lower() in _SMALL_WORDS for word in others)


def _capitalised(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return not letters or letters[0].isupper() or letters[0] == letters[0].upper() == letters[0].lower()


def seconds_of(time: str) -> float | None:
    """The seconds that `h:mm:ss.mmm` or `mm:ss` stands for; None if it is no such time."""
    match = _CLOCK.fullmatch(time)
    if not match or int(match[3]) > 59 or (match[1] is not None and int(match[2]) > 59):
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) + float(f"0.{match[4] or 0}")
