"""The body of a transcript: chunks become an introduction, turns, events and parts, each with its id.

Ids are speaker ordinals unless `{#id}` pins them. Front matter is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.blocks import Chunk
from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.identifiers import is_id, slug_of
from sitegen.labels import Label, Names, has_colon, looks_like_label, possible_labels, resolve_label, seconds_of
from sitegen.markup import plain_text
from sitegen.model import Block, CrossReference, Event, Introduction, Paragraph, ParagraphKind, Part, Speaker, Turn
from sitegen.nearest import nearest_names
from sitegen.prose import read_links
from sitegen.source import Edit, Location, Source

RESERVED_PREFIXES = ("n-", "r-", "s-")
"""The beginnings of fragment ids that belong to notes, their references, and parts."""

RESERVED_IDS = frozenset({"main", "intro", "unplaced-notes"})
"""Fragment ids that pages themselves have; those of labels end in `-label`."""

_ATTRIBUTE_KEYS = ("aka", "continues", "lang")
_BRACKETED = re.compile(r"\[[^\[\]]*\]\s*|\([^()]*\)\s*")
PARAGRAPH_PIN = re.compile(r"(?<![ \t])[ \t]*\{(?P<inside>#[^{}]*)\}[ \t]*$")
"""What fixes the id of a paragraph, at its end."""


class UnknownLabel(Struct, frozen=True):
    """What looked like a label but names nobody."""

    text: str
    location: Location


class Body(Struct, frozen=True):
    """The blocks of a transcript, the speakers in the order in which they first speak, unknown labels, and
    the links by name in the paragraphs."""

    blocks: tuple[Block, ...]
    speakers: tuple[Speaker, ...]
    unknown: tuple[UnknownLabel, ...]
    links: tuple[CrossReference, ...]


class _Attributes(Struct, frozen=True):
    pin: str = ""
    aka: tuple[str, ...] = ()
    continues: str = ""
    language: str = ""


_NO_ATTRIBUTES = _Attributes()


class _Ids(Struct):
    """Hands out ordinals, honours pins, and reports ids that are taken."""

    problems: list[Diagnostic]
    names: Names
    taken: dict[str, Location] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def assign(self, stem: str, separator: str, attributes: _Attributes, where: Location) -> str:
        pin = attributes.pin
        if not pin or not self._is_usable(pin, where):
            self.counters[stem] = count = self.counters.get(stem, 0) + 1
            return self.take(f"{stem}{separator}{count}", where)
        ordinal = re.fullmatch(r"(.+)" + re.escape(separator) + r"(\d+)", pin)
        if ordinal and (ordinal[1] == stem or (separator == "-" and self.names.has_speaker(ordinal[1]))):
            self.counters[ordinal[1]] = int(ordinal[2])
        return self.take(pin, where)

    def take(self, name: str, where: Location) -> str:
        """The id itself, or where it is taken, which is an error, one that is free, so that both texts are shown."""
        if name not in self.taken:
            self.taken[name] = where
            return name
        first = Related("it is first used here", self.taken[name])
        hint = "pin another id, for instance {#" + name + "a}"
        self.problems.append(problem("duplicate-id", where, f"the id '{name}' is taken", hint, related=[first]))
        free = next(other for n in range(2, len(self.taken) + 3) if (other := f"{name}-{n}") not in self.taken)
        self.taken[free] = where
        return free

    def former(self, names: Iterable[str], where: Location) -> tuple[str, ...]:
        """Those of the former ids that can be kept alive here."""
        return tuple([n for n in names if self._is_usable(n, where, ("n-", "r-")) and self.take(n, where) == n])

    def _is_usable(self, name: str, where: Location, reserved: tuple[str, ...] = RESERVED_PREFIXES) -> bool:
        """Whether a name can be an id; former ids may be those of parts, which turns keep alive."""
        taken = name in RESERVED_IDS or name.endswith("-label") or name.startswith(reserved)
        if taken or not is_id(name):
            hint = "use lower-case letters, digits and hyphens, and no beginning such as n-, r- or s-"
            self.problems.append(problem("bad-id", where, f"`{name}` cannot be an id", hint))
            return False
        return True


class _OpenTurn(Struct):
    id: str
    speakers: tuple[Speaker, ...]
    label: Label
    attributes: _Attributes
    location: Location
    start: float | None
    aka: tuple[str, ...]
    items: list[Paragraph] = field(default_factory=list)


class _Builder:
    """Gathers blocks chunk by chunk; `close` ends the turn that is open."""

    def __init__(self, source: Source, names: Names) -> None:
        self.source = source
        self.names = names
        self.problems: list[Diagnostic] = []
        # A turn that was given to another speaker keeps its id, which goes on counting for the first one.
        self.ids = _Ids(self.problems, names)
        self.blocks: list[Block] = []
        self.introduction: list[Paragraph] = []
        self.turn: _OpenTurn | None = None
        self.speakers: dict[str, Speaker] = {}
        self.unknown: list[UnknownLabel] = []
        self.links: list[CrossReference] = []
        self.last_start = 0.0

    def add(self, chunk: Chunk) -> None:
        if chunk.kind == "text":
            self._text(chunk)
        elif self.turn:
            self.turn.items.append(self._aside(chunk, self.turn.id))
        else:
            self._close_introduction()
            self.blocks.append(_block_of(self._aside(chunk, "intro")))

    def close(self) -> None:
        """End the open turn; events and headings after its last words stand on their own."""
        self._close_introduction()
        if not self.turn:
            return
        turn, self.turn = self.turn, None
        spoken = len(turn.items)
        while spoken and turn.items[spoken - 1].kind != "speech":
            spoken -= 1
        self.blocks.append(
            Turn(
                id=turn.id,
                speaker_ids=tuple([speaker.id for speaker in turn.speakers]),
                label=turn.label.text,
                paragraphs=tuple(turn.items[:spoken]),
                location=turn.location,
                start=turn.start,
                continues=turn.attributes.continues,
                aka=turn.aka,
                language=turn.attributes.language,
            )
        )
        self.blocks += [_block_of(item) for item in turn.items[spoken:]]

    def _close_introduction(self) -> None:
        if self.introduction:
            self.blocks.append(Introduction(tuple(self.introduction)))
            self.introduction = []

    def _text(self, chunk: Chunk) -> None:
        first, _, rest = chunk.text.partition("\n")
        label, speakers = self._label(first, chunk.line)
        text, column = chunk.text, 1
        if label:
            self.close()
            self._open(label, speakers, Location.at(self.source.path, chunk.line, 1, label.length))
            said = first[label.length :].lstrip()
            text, column = said + (f"\n{rest}" if rest else ""), len(first) - len(said) + 1
        if has_colon(rest):
            self._labels_inside(rest, chunk.line + 1)
        if text.strip():
            line = chunk.line if text[0] != "\n" else chunk.line + 1
            self._paragraph(text.lstrip("\n"), Location.at(self.source.path, line, column if text[0] != "\n" else 1))

    def _label(self, line: str, number: int) -> tuple[Label | None, tuple[Speaker, ...]]:
        first: Label | None = None
        for label in possible_labels(line) if has_colon(line) else ():
            first = first or label
            found = resolve_label(label.text, self.names)
            if found and found.speakers:
                return label, found.speakers
            if found:
                names = " and ".join(f"{speaker.name} ({speaker.id})" for speaker in found.candidates)
                where = Location.at(self.source.path, number, 1, label.length)
                hint = f"write the id as the label: {found.candidates[0].id}:"
                self.problems.append(problem("ambiguous-speaker", where, f"'{label.text}' fits {names}", hint))
                return None, ()
            bracketed = _BRACKETED.match(label.text)
            if bracketed and resolve_label(label.text[bracketed.end() :], self.names):
                where = Location.at(self.source.path, number, 1, label.length)
                message = f"`{bracketed[0].strip()}` is not a time, so the label behind it starts no turn"
                hint = "write [h:mm:ss] or [mm:ss], or put what is no time in a paragraph of its own"
                self.problems.append(problem("bad-time", where, message, hint))
                return None, ()
        if first and looks_like_label(first):
            where = Location.at(self.source.path, number, 1, first.length)
            self.unknown.append(UnknownLabel(first.text, where))
        return None, ()

    def _labels_inside(self, rest: str, first_line: int) -> None:
        for number, line in enumerate(rest.split("\n"), first_line):
            for label in possible_labels(line):
                if resolve_label(label.text, self.names):
                    where = Location.at(self.source.path, number, 1, label.length)
                    message = f"'{label.text}:' stands inside a paragraph, so it starts no turn"
                    offset = _offset_of_line(self.source.text, number)
                    fix = [Edit(self.source.path, offset, offset, "\n")]
                    hint = "put an empty line above it, or write `\\:` if it is no label"
                    self.problems.append(problem("label-inside-paragraph", where, message, hint, fix=fix))
                    break

    def _open(self, label: Label, speakers: tuple[Speaker, ...], where: Location) -> None:
        attributes = self._attributes(label.attributes, where)
        stem = "-".join([speaker.id for speaker in speakers])
        identity = self.ids.assign(stem, "-", attributes, where)
        for speaker in speakers:
            self.speakers.setdefault(speaker.id, speaker)
        former = self.ids.former(attributes.aka, where)
        self.turn = _OpenTurn(identity, speakers, label, attributes, where, self._start(label, where), former)

    def _start(self, label: Label, where: Location) -> float | None:
        if not label.time:
            return None
        start = seconds_of(label.time)
        if start is None:
            message = f"`[{label.time}]` is not a time"
            self.problems.append(
                problem("bad-time", where, message, "write [h:mm:ss] or [mm:ss], fractions after a dot")
            )
            return None
        if start < self.last_start:
            message = f"the turn starts at [{label.time}], before the turn above it"
            self.problems.append(problem("time-goes-back", where, message, "check both times"))
        self.last_start = start
        return start

    def _attributes(self, text: str, where: Location) -> _Attributes:
        if not text:
            return _NO_ATTRIBUTES
        values: dict[str, str] = {}
        for word in text.split():
            key, _, value = word.partition("=")
            if word.startswith("#") and len(word) > 1 and "pin" not in values:
                values["pin"] = word[1:]
            elif key in _ATTRIBUTE_KEYS and value and key not in values:
                values[key] = value
            else:
                near = nearest_names(key, _ATTRIBUTE_KEYS)
                message = f"`{word}` is not an attribute" + (f", did you mean '{near[0]}='?" if near else "")
                hint = "write {#id aka=former-id continues=turn-id lang=fr}, each at most once"
                self.problems.append(problem("bad-attributes", where, message, hint))
        aka = tuple(name for name in values.get("aka", "").split(",") if name)
        return _Attributes(values.get("pin", ""), aka, values.get("continues", ""), values.get("lang", ""))

    def _paragraph(self, text: str, where: Location) -> None:
        attributes = _NO_ATTRIBUTES
        pin = PARAGRAPH_PIN.search(text) if "{" in text else None
        if pin:
            text = text[: pin.start()]
            attributes = self._attributes(pin["inside"], where)
        stem = self.turn.id if self.turn else "intro"
        identity = self.ids.assign(stem, "-p", attributes, where)
        links = read_links(text, lambda words: _location_in(text, words, where))
        self.problems += links.diagnostics
        self.links += links.value
        paragraph = Paragraph(identity, "speech", text, plain_text(text), where, self.ids.former(attributes.aka, where))
        (self.turn.items if self.turn else self.introduction).append(paragraph)

    def _aside(self, chunk: Chunk, stem: str) -> Paragraph:
        where = Location.at(self.source.path, chunk.line, 1, len(chunk.text))
        kind: ParagraphKind = {"heading": "part", "event": "event", "cut": "cut"}.get(chunk.kind, "break")  # type: ignore[assignment]
        if kind == "part":
            slug = f"s-{slug_of(plain_text(chunk.text)) or 'part'}"
            identity = next(c for n in range(1, 9999) if (c := slug if n == 1 else f"{slug}-{n}") not in self.ids.taken)
            self.ids.take(identity, where)
        else:
            identity = self.ids.assign(f"{stem}-e", "", _NO_ATTRIBUTES, where) if kind == "event" and self.turn else ""
        return Paragraph(identity, kind, chunk.text, plain_text(chunk.text), where)


def _location_in(text: str, words: str, where: Location) -> Location:
    """Where words of a paragraph stand in the file, by the paragraph's own place."""
    before = text[: max(0, text.find(words))]
    line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    first = where.column if line == 0 else 1
    return Location.at(where.path, where.line + line, first + column, len(words))


def _offset_of_line(text: str, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = text.find("\n", offset) + 1
    return offset


def _block_of(item: Paragraph) -> Event | Part:
    if item.kind == "part":
        return Part(item.id, item.plain, item.location)
    return Event(
        "event" if item.kind == "event" else "cut" if item.kind == "cut" else "break", item.markup, item.location
    )


def read_body(source: Source, chunks: Iterable[Chunk], names: Names) -> Checked[Body]:
    """The blocks of a transcript's body; `names` says whom a label can mean."""
    builder = _Builder(source, names)
    for chunk in chunks:
        builder.add(chunk)
    builder.close()
    for position, turn in enumerate(builder.blocks):
        if not isinstance(turn, Turn):
            continue
        if not turn.paragraphs:
            message = f"the label '{turn.label}' is followed by no words"
            builder.problems.append(problem("empty-turn", turn.location, message, "write what was said, or delete it"))
        if turn.continues and turn.continues not in builder.ids.taken:
            near = nearest_names(turn.continues, builder.ids.taken)
            hint = f"nearest: {', '.join(near)}" if near else ""
            message = f"the turn continues '{turn.continues}', which does not exist"
            builder.problems.append(problem("unknown-anchor", turn.location, message, hint))
            builder.blocks[position] = replace(turn, continues="")
    body = Body(tuple(builder.blocks), tuple(builder.speakers.values()), tuple(builder.unknown), tuple(builder.links))
    return Checked(body, tuple(builder.problems))
