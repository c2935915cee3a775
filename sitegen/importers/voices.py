"""From labels to voices: one person under many labels, and unnamed voices kept apart.

Two labels are one person only where the file leaves no other reading; every such joining, and every pair of
labels that look alike but stay apart, is reported. Whether something is a label at all is settled in `labels`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.importers import lexicon
from sitegen.importers.draft import Finding, Voice
from sitegen.importers.names import Label, folded, read_label
from sitegen.model import Speaker

_JOINT = re.compile(r"\s*(?:,\s+and\s|,|/|&|\+|\s(?:and|und|et|y|e|и|og|och|en|i)\s)\s*")


class Cast(Struct, frozen=True):
    """The voices of a file, and which of them each printed label stands for."""

    voices: tuple[Voice, ...]
    keys: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...] = ()

    def of(self, printed: str) -> tuple[str, ...]:
        """The keys of the voices a label stands for."""
        return self.keys[folded(printed)]


class _Group(Struct):
    """A voice while labels are still joined to it."""

    name: str
    anonymous: bool = False
    labels: dict[str, int] = field(default_factory=dict)
    roles: dict[str, None] = field(default_factory=dict)
    register_id: str = ""
    line: int = 0
    office: bool = False

    @property
    def count(self) -> int:
        return sum(self.labels.values())

    def take(self, other: _Group) -> None:
        for printed, count in other.labels.items():
            self.labels[printed] = self.labels.get(printed, 0) + count
        self.roles.update(other.roles)
        self.register_id = self.register_id or other.register_id
        self.line = min(self.line, other.line)


def cast(
    labels: Iterable[tuple[Label, int]],
    register: Sequence[Speaker] = (),
    uses: Mapping[str, int] | None = None,
) -> Cast:
    """The voices behind labels, given in document order with their lines.

    Every label is given as often as it is used, or once with the numbers of `uses` by its printed form.
    """
    seen: dict[str, tuple[Label, int]] = {}
    counts: Counter[str] = Counter()
    keys: dict[str, str] = {}
    for label, line in labels:
        if label.printed not in keys:
            keys[label.printed] = folded(label.printed)
        key = keys[label.printed]
        seen.setdefault(key, (label, line))
        counts[key] += uses[label.printed] if uses else 1
    bare = {folded(label.core): label.core for label, _ in seen.values() if _is_bare_name(label)}
    bare |= {folded(person.name): person.name for person in register if " " in person.name}
    firsts = {key: _with_known_name(label, bare) for key, (label, _) in seen.items()}
    builder = _Builder(register)
    joint = {key: parts for key, label in firsts.items() if (parts := _joint_parts(label, firsts.values(), register))}
    for key, label in firsts.items():
        if key not in joint:
            builder.add(key, label, counts[key], seen[key][1])
    builder.join()
    for key, parts in joint.items():
        builder.add_joint(key, parts, seen[key][1])
    return builder.result()


def _is_bare_name(label: Label) -> bool:
    return label.shape == "name" and not label.role and " " in label.core


def _with_known_name(label: Label, names: Mapping[str, str]) -> Label:
    """A label that ends in a name known from elsewhere: all before the name is the office, however it is written."""
    words = label.printed.split()
    if label.aside or label.shape == "unnamed":
        return label
    for start in range(1, len(words) - 1):
        name = names.get(folded(" ".join(words[start:])))
        if name:
            return replace(label, core=name, role=" ".join(words[:start]).rstrip(","), shape="office and name")
    return label


def _joint_parts(label: Label, others: Iterable[Label], register: Sequence[Speaker]) -> tuple[str, ...]:
    parts = [part for part in _JOINT.split(label.core if label.shape == "name" else label.printed) if part]
    if len(parts) < 2 or label.shape == "unnamed":
        return ()
    names = {folded(other.core) for other in others if other.printed != label.printed}
    names |= {folded(name) for speaker in register for name in (speaker.name, *speaker.aliases, speaker.id)}
    return tuple(parts) if all(folded(read_label(part).core) in names for part in parts) else ()


class _Builder:
    def __init__(self, register: Sequence[Speaker]) -> None:
        self.register = register
        self.groups: dict[str, _Group] = {}
        self.keys: dict[str, tuple[str, ...]] = {}
        self.findings: list[Finding] = []

    def add(self, key: str, label: Label, count: int, line: int) -> None:
        """File a label under the voice of its core."""
        person = _registered(label, self.register)
        name = person.name if person else _display_name(label)
        core = f"#{person.id}" if person else folded(label.core if label.shape != "none" else label.printed)
        group = self.groups.setdefault(
            core, _Group(name, label.unnamed or bool(person and person.anonymous), line=line)
        )
        if not person and len(name) > len(group.name) and group.name.isupper() and not name.isupper():
            group.name = name
        group.office = group.office or label.shape in ("office", "phrase")
        group.labels[label.printed] = group.labels.get(label.printed, 0) + count
        group.register_id = person.id if person else ""
        if label.role and not _is_title(label.role) and not name.startswith(f"{label.role} "):
            group.roles.setdefault(label.role)
        self.keys[key] = (core,)

    def add_joint(self, key: str, parts: tuple[str, ...], line: int) -> None:
        """A label of several voices that also speak alone."""
        cores: list[str] = []
        for part in parts:
            label = read_label(part)
            if folded(part) not in self.keys:
                self.add(folded(part), label, 0, line)
            cores += self.keys[folded(part)]
        self.keys[key] = tuple(dict.fromkeys(cores))

    def join(self) -> None:
        """Join groups that the file shows to be one person: short forms first, then slips."""
        for core in list(self.groups):
            target = self._short_for(core)
            if target:
                self._merge(core, target, "one person under two labels")
        for core in list(self.groups):
            target, sure = self._slip_of(core)
            if target and sure:
                self._merge(core, target, "a slip in a name?", "doubtful")
            elif target:
                pair = f"{self.groups[core].name} / {self.groups[target].name}"
                self.findings.append(Finding("doubtful", "two names that look alike", pair, self.groups[core].line))

    def _merge(self, core: str, target: str, what: str, kind: str = "recognised") -> None:
        source, into = self.groups.pop(core), self.groups[target]
        text = f"{source.name} = {into.name}"
        self.findings.append(Finding("doubtful" if kind == "doubtful" else "recognised", what, text, source.line))
        into.take(source)
        self.keys = {key: tuple(target if c == core else c for c in cores) for key, cores in self.keys.items()}

    def _short_for(self, core: str) -> str:
        """The one full name that a surname, a first name or initials and surname stand for."""
        group = self.groups[core]
        words = group.name.split()
        plain = [word for word in words if word.casefold() not in lexicon.HONORIFICS]
        if group.anonymous or group.register_id or group.office or not plain:
            return ""
        fits = [other for other, g in self.groups.items() if other != core and _stands_for(plain, g)]
        return fits[0] if len(fits) == 1 else ""

    def _slip_of(self, core: str) -> tuple[str, bool]:
        """A name one slip away; sure where it is printed once and only one comes near."""
        group = self.groups[core]
        if group.anonymous or group.register_id:
            return "", False
        near = [o for o, g in self.groups.items() if o != core and not g.anonymous and _one_slip(group.name, g.name)]
        if len(near) != 1 or self.groups[near[0]].count < group.count:
            return "", False
        other = self.groups[near[0]]
        if other.count == group.count and other.line > group.line:
            return "", False
        return near[0], group.count == 1

    def result(self) -> Cast:
        """The voices in the order of their first labels."""
        voices = [
            Voice(key, g.name, tuple(g.labels), tuple(g.roles), g.anonymous, g.register_id)
            for key, g in sorted(self.groups.items(), key=lambda item: item[1].line)
        ]
        return Cast(tuple(voices), self.keys, tuple(self.findings))


def _display_name(label: Label) -> str:
    if label.shape in ("name", "word") and label.role and " " not in label.core:
        return f"{label.role} {label.core}"
    return label.core if label.shape != "none" else label.printed


def _is_title(role: str) -> bool:
    return all(word.casefold() in lexicon.TITLES for word in role.split())


def _registered(label: Label, register: Sequence[Speaker]) -> Speaker | None:
    """The one person of the register whose name, alias or id a label's name is."""
    forms = {folded(label.printed), folded(label.core)}
    fits = [s for s in register if forms & {folded(name) for name in (s.id, s.name, *s.aliases)}]
    return fits[0] if len(fits) == 1 else None


def registered_id(name: str, register: Sequence[Speaker], *, anonymous: bool = False) -> str:
    """The id of the one person (or `anonymous` voice) of the register who goes by a name; empty if there is none."""
    person = _registered(read_label(name), register)
    return person.id if person and person.anonymous == anonymous else ""


def _stands_for(short: list[str], group: _Group) -> bool:
    """Whether words are a short form of a group's full name."""
    full = [word for word in group.name.split() if word.casefold() not in lexicon.HONORIFICS]
    if group.anonymous or group.office or len(full) < 2 or [folded(w) for w in short] == [folded(w) for w in full]:
        return False
    if len(short) == 1 and short[0][-1:] != ".":
        return folded(short[0]) in (folded(full[-1]), folded(full[0]))
    return folded(short[-1]) == folded(full[-1]) and _initials_fit(short[:-1], full[:-1])


def _initials_fit(short: list[str], full: list[str]) -> bool:
    """`W. E.`, `W.` or `Warren` for `Warren E.`: each given name equal to, or the initial of, its counterpart."""
    firsts = [piece for word in short for piece in re.findall(r"[^\W\d_]\.|[^\W\d_]+", word)]
    others = [piece for word in full for piece in re.findall(r"[^\W\d_]\.|[^\W\d_]+", word)]
    if not firsts or len(firsts) > len(others):
        return False
    pairs = zip(firsts, others, strict=False)
    return all(a.casefold() == b.casefold() or (a[-1:] == "." and b[:1] == a[:1]) for a, b in pairs)


def _one_slip(a: str, b: str) -> bool:
    """Whether two names differ by one letter (or two exchanged ones) in a single long word.

    Figures never count as slips (`Speaker 1`), nor does an `a` at the end (`Ivanov`, `Ivanova`).
    """
    first, second = folded(a).split(), folded(b).split()
    if len(first) != len(second) or len(first) < 2:
        return False
    different = [(x, y) for x, y in zip(first, second, strict=True) if x != y]
    if len(different) != 1:
        return False
    x, y = different[0]
    if min(len(x), len(y)) < 5 or any(c.isdigit() for c in x + y) or x + "a" == y or y + "a" == x:
        return False
    return _edit_distance_one(x, y)


def _edit_distance_one(x: str, y: str) -> bool:
    start = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
    a, b = x[start:], y[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[:2] == b[:2][::-1] and len(a) > 1 and a[2:] == b[2:])
