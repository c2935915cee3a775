"""TEI: parliamentary utterances (ParlaMint, Parla-CLARIN), transcriptions of speech, and drama.

Identifiers are resolved through the lists of persons in the file. What is no speech is a note; page breaks and the
layers of linguistic annotation are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from msgspec import Struct, field

from sitegen.diagnostics import Checked
from sitegen.importers.draft import Context, Draft, Finding, Passage, Raw, excerpt
from sitegen.importers.names import read_label
from sitegen.importers.roster import Roster, bare_name
from sitegen.importers.segments import UNKNOWN
from sitegen.importers.teiheader import Header, read_header
from sitegen.importers.teitext import Piece, is_block, pieces, words
from sitegen.importers.text import stem_of
from sitegen.importers.turns import BREAK_MARK, CUT_MARK, Assembly
from sitegen.importers.xmltree import attribute, children, descendants, local, parse, plain, root_name
from sitegen.model import Origin

_NOTES = (
    "note",
    "kinesic",
    "vocal",
    "incident",
    "writing",
    "event",
    "stage",
    "p",
    "ab",
    "time",
    "list",
    "castList",
    "table",
)
_PAGE_MARKS = ("pb", "lb", "cb", "milestone", "anchor")


def recognise(raw: Raw) -> float:
    """The root element is TEI, in one of its spellings."""
    return 1.0 if root_name(raw) in ("TEI", "TEI.2", "teiCorpus") else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a text; a corpus gives one for each text in it."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked((), parsed.diagnostics)
    texts = [e for e in descendants(parsed.value, "TEI", "TEI.2") if next(children(e, "text"), None) is not None]
    drafts = tuple(_draft(raw, text, context) for text in texts or [parsed.value])
    return Checked(drafts, parsed.diagnostics)


def _draft(raw: Raw, root: Any, context: Context) -> Draft:
    header = read_header(root)
    state = _State(Roster(context.speakers), header)
    for text in children(root, "text"):
        for part in children(text):
            if local(part) in ("body", "group"):
                state.division(part, 1)
            elif local(part) == "front":
                _report_front(part, state)
            elif local(part) not in ("back",):
                state.element(part, 1)
    if state.pages:
        state.findings.append(
            Finding("dropped", "page and line marks", f"{state.pages.total()} × {', '.join(sorted(state.pages))}")
        )
    return Draft(
        state.assembly.done(),
        state.roster.voices(),
        title=header.title,
        stem=stem_of(raw.name),
        date=header.date,
        date_end=header.date_end,
        place=header.place,
        language=header.language,
        origin=Origin(title=header.source, publisher=header.publisher, url=header.url, licence=header.licence),
        findings=tuple(state.findings),
    )


def _report_front(front: Any, state: _State) -> None:
    text = excerpt(plain(front))
    if text:
        state.findings.append(Finding("dropped", "front matter of the edition", text, front.sourceline))


def _start(written: str, header: Header) -> float | None:
    """The seconds at which an utterance starts: a point of the time line, or `12.5s`."""
    seconds = re.fullmatch(r"(\d+(?:\.\d+)?)s", written)
    return float(seconds[1]) if seconds else header.times.get(written.lstrip("#"))


class _State(Struct):
    """Blocks and voices while a text is read."""

    roster: Roster
    header: Header
    assembly: Assembly = field(default_factory=Assembly)
    findings: list[Finding] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)
    label: str = ""

    def division(self, element: Any, level: int) -> None:
        """Read a division and all that is in it."""
        for child in children(element):
            self.element(child, level)

    def element(self, child: Any, level: int) -> None:
        """Read an element of a division."""
        name = local(child)
        if name in ("u", "annotationBlock", "sp"):
            self._turn(child)
        elif name == "head":
            self._head(child, level)
        elif name == "note" and attribute(child, "type") == "speaker":
            self.label = words(child).rstrip(": ")
        elif name == "gap":
            self._gap(child)
        elif name == "milestone" and attribute(child, "unit") == "break":
            self.assembly.add(Passage(BREAK_MARK, "break", child.sourceline))
        elif name in _PAGE_MARKS:
            self.pages[name] += 1
        elif (
            name in _NOTES
            or is_block(child)
            or name
            in (
                "byline",
                "opener",
                "closer",
                "trailer",
                "dateline",
                "speaker",
                "l",
                "lg",
                "quote",
                "q",
                "floatingText",
            )
        ):
            self._note(child)
        else:
            self.division(child, level + 1)

    def _head(self, element: Any, level: int) -> None:
        text = words(element)
        if text and text != self.header.title:
            self.assembly.part(text, element.sourceline, max(2, level))

    def _note(self, element: Any) -> None:
        text = self.header.in_language(element, words)
        if text:
            self.assembly.close()
            self.assembly.add(Passage(text, "note", element.sourceline))

    def _gap(self, element: Any) -> None:
        self.assembly.close()
        self.assembly.add(Passage(CUT_MARK, "cut", element.sourceline))
        self._report_gap(element)

    def _report_gap(self, element: Any) -> None:
        why = self.header.in_language(element, words) or attribute(element, "reason") or "no reason given"
        self.findings.append(Finding("recognised", "omission", excerpt(why), element.sourceline))

    def _turn(self, element: Any) -> None:
        keys = [key.lstrip("#") for key in attribute(element, "who").split()]
        label = self._label(element)
        voices = self._voices(keys, label, element)
        start = _start(attribute(element, "start"), self.header)
        language = attribute(element, "lang")
        self.assembly.turn(
            voices,
            label or self.header.people.get(keys[0] if keys else "", UNKNOWN),
            element.sourceline,
            start,
            language
            if language and language != self.header.language and re.fullmatch(r"[A-Za-z-]{2,20}", language)
            else "",
        )
        for piece in pieces(element, self.header):
            self._piece(piece)
        self.label = ""

    def _piece(self, piece: Piece) -> None:
        if piece.kind == "page":
            self.pages[piece.text] += 1
        elif piece.kind == "footnote":
            self.findings.append(Finding("dropped", "footnote", excerpt(piece.text), piece.line))
        elif piece.kind == "part":
            self.assembly.part(piece.text, piece.line)
        elif piece.kind == "break":
            self.assembly.add(Passage(BREAK_MARK, "break", piece.line))
        elif piece.kind == "gap":
            self.assembly.add(Passage(CUT_MARK, "cut", piece.line))
            self.findings.append(Finding("recognised", "omission", excerpt(piece.text), piece.line))
        else:
            self.assembly.add(Passage(piece.text, "note" if piece.kind == "note" else "speech", piece.line))

    def _label(self, element: Any) -> str:
        """The printed label: a `speaker` inside, or the note that stood before."""
        for child in children(element):
            if local(child) == "speaker" or (local(child) == "note" and attribute(child, "type") == "speaker"):
                for note in descendants(child, "note", "stage"):
                    self.findings.append(
                        Finding("dropped", "remark inside a label", excerpt(plain(note)), note.sourceline)
                    )
                return plain(child, ("note", "stage")).strip(" .:,")
        return self.label

    def _voices(self, keys: list[str], label: str, element: Any) -> tuple[str, ...]:
        known = [key for key in keys if key in self.header.people]
        if known:
            single = label if len(keys) == 1 else ""
            return tuple(
                self.roster.add(key, self.header.people[key], single, anonymous=self.header.is_anonymous(key))
                for key in known
            )
        parsed = read_label(label) if label else None
        if label and parsed:
            named = bare_name(label) if parsed.shape in ("name", "office and name", "name and office") else label
            return (self.roster.add(keys[0] if keys else label, named, label, anonymous=parsed.unnamed),)
        if keys:
            self.findings.append(Finding("doubtful", "a speaker known by an id only", keys[0], element.sourceline))
            return tuple(self.roster.add(key, key, key) for key in keys)
        return (self.roster.add(UNKNOWN, UNKNOWN, UNKNOWN, anonymous=True),)
