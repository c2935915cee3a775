"""Spacelog: air-to-ground transcripts in blocks of mission time, metadata lines and call signs.

Times become hours from launch; references to glossaries and times show their text. Editorial comments, page and
tape marks are metadata and no speech.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field

from sitegen.diagnostics import Checked
from sitegen.importers.dates import seconds
from sitegen.importers.draft import Context, Draft, Finding, Passage, Raw, excerpt
from sitegen.importers.roster import Roster
from sitegen.importers.text import decode, squeezed, stem_of
from sitegen.importers.turns import Assembly

_TIME = re.compile(r"^\[(?P<minus>-?)(?P<clock>(?:\d+:)?\d{1,3}:\d{1,2}:\d{1,2})\]\s*$")
_META = re.compile(r"^_(?P<key>[a-z_]+)\s*:\s*(?P<value>.*)$")
_LABEL = re.compile(r"^(?P<label>[^\s:\[\]_#][^:\[\]]{0,40}?)\s*:(?:\s+(?P<text>.*))?$")
_REFERENCE = re.compile(r"\[(?P<kind>glossary|time):(?P<key>[^\]|]*)(?:\|(?P<shown>[^\]]*))?\]")
_TAG = re.compile(r"</?(?:sub|sup|i|b|em|strong|span|br|a|u)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK = re.compile(rb"^\[-?(?:\d+:)?\d{1,3}:\d\d:\d\d\]\s*\n(?:_[a-z_]+\s*:.*\n)*[^\s:\[]", re.MULTILINE)

# Call signs of voices that nobody could tell apart: multiple speakers, an unidentified one in the spacecraft.
_UNNAMED = frozenset(("UKN", "UNK", "UNKN", "UNKNOWN", "MS", "SC", "?", "??", "???"))
_SHOWN = frozenset(("extra", "note"))


def recognise(raw: Raw) -> float:
    """Lines that hold nothing but a mission time, each with a call sign or metadata below."""
    head = raw.data[:65536].replace(b"\r\n", b"\n")
    return 0.95 if len(_BLOCK.findall(head)) >= 2 else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a transcript file of a mission."""
    text = decode(raw)
    state = _State(Roster(context.speakers))
    for number, line in enumerate(text.value.split("\n"), 1):
        state.add(line, number)
    state.end()
    draft = Draft(
        state.assembly.done(),
        state.roster.voices(),
        stem=stem_of(raw.name),
        findings=tuple(state.report()),
        terms=tuple(state.terms),
    )
    return Checked((draft,), text.diagnostics)


class _State(Struct):
    """Blocks and voices while lines are read."""

    roster: Roster
    assembly: Assembly = field(default_factory=Assembly)
    start: float | None = None
    words: list[str] = field(default_factory=list)
    line: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    terms: dict[str, None] = field(default_factory=dict)

    def add(self, line: str, number: int) -> None:
        """Read a line."""
        time, meta = _TIME.match(line), _META.match(line)
        label = None if time or meta else _LABEL.match(line)
        if time:
            self.end()
            self.start = seconds(time["clock"])
            if time["minus"]:
                self.start = None
                self.findings.append(Finding("dropped", "a time before launch", line.strip(), number, number))
        elif meta:
            self._metadata(meta["key"], meta["value"].strip(), number)
        elif line[:1] in (" ", "\t") or (line.strip() and not label):
            if line.strip() and not line.startswith("#"):
                self.words.append(line.strip())
        elif label:
            self.end()
            printed = " ".join(label["label"].split())
            key = self.roster.add(printed, printed, printed, anonymous=printed.upper() in _UNNAMED)
            self.assembly.turn((key,), printed, number, self.start)
            self.words, self.line = [label["text"] or ""], number

    def end(self) -> None:
        """The words gathered are a paragraph."""
        text = self._shown(" ".join(self.words))
        if text:
            self.assembly.add(Passage(text, "speech", self.line))
        self.words = []

    def _metadata(self, key: str, value: str, number: int) -> None:
        if key in _SHOWN and value:
            self.end()
            self.assembly.close()
            lines = [part for part in (self._shown(part) for part in value.split("/n")) if part]
            self.assembly.add(Passage(" / ".join(lines), "note", number))
        elif key == "comment":
            self.findings.append(
                Finding("dropped", "comment of the editors", excerpt(value.strip('"')), number, number)
            )
        else:
            self.dropped[f"_{key}"] += 1

    def _shown(self, text: str) -> str:
        return squeezed(_TAG.sub("", _REFERENCE.sub(self._reference, text)))

    def _reference(self, match: re.Match[str]) -> str:
        if match["kind"] == "glossary":
            self.terms.setdefault(match["key"])
        return match["shown"] if match["shown"] is not None else match["key"]

    def report(self) -> Iterator[Finding]:
        """What was left out."""
        yield from self.findings
        for key, count in self.dropped.items():
            yield Finding("dropped", "metadata", f"{count} × {key}")
