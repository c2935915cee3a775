"""Akoma Ntoso debates (OASIS LegalDocML), in any of the standard's versions.

Identifiers settle who speaks; an office alone is a label of the person behind it. Procedure is kept as notes, and
votes as one note for each list; the analysis and event lists of the metadata are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from sitegen.diagnostics import Checked
from sitegen.importers.draft import Context, Draft, Finding, Passage, Raw, excerpt
from sitegen.importers.names import read_label
from sitegen.importers.roster import Roster, bare_name
from sitegen.importers.text import stem_of
from sitegen.importers.turns import Assembly
from sitegen.importers.xmltree import attribute, children, descendants, local, parse, plain, root_name
from sitegen.model import Origin

_SPOKEN = ("speech", "question", "answer")
_SECTIONS = (
    *("debateSection", "administrationOfOath", "rollCall", "prayers", "oralStatements", "writtenStatements"),
    *("personalStatements", "ministerialStatements", "resolutions", "nationalInterest", "declarationOfVote"),
    *("communication", "petitions", "papers", "noticesOfMotion", "questions", "address", "proceduralMotions"),
    *("pointOfOrder", "adjournment", "debateBody", "subFlow", "body"),
)
_NARRATIVE = ("summary", "scene", "narrative", "other", "p", "block", "blockList", "blockContainer")
_INLINE_NOTES = ("authorialNote", "noteRef", "recordedTime", "eop", "eol")


def recognise(raw: Raw) -> float:
    """The root element says so; debates alone hold speeches."""
    return 1.0 if root_name(raw) == "akomaNtoso" else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a debate."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked((), parsed.diagnostics)
    root = parsed.value
    state = _State(Roster(context.speakers), _people(root))
    state.title = _title(root)
    for body in descendants(root, "debateBody"):
        state.section(body, 1)
    if not state.spoke:
        for body in descendants(root, "body", "mainBody"):
            state.section(body, 1)
    draft = Draft(
        state.assembly.done(),
        state.roster.voices(),
        title=state.title,
        stem=stem_of(raw.name),
        date=_date(root),
        language=_language(root),
        origin=Origin(title=_source(root)),
        findings=tuple(state.findings),
    )
    return Checked((draft,), parsed.diagnostics)


# ---------------------------------------------------------------- metadata


def _people(root: Any) -> dict[str, str]:
    return {
        attribute(person, "eId", "id").lstrip("#"): attribute(person, "showAs") or attribute(person, "shortForm")
        for person in descendants(root, "TLCPerson")
    }


def _date(root: Any) -> str:
    """The day of the work, not that of a publication."""
    for level in ("FRBRWork", "FRBRExpression"):
        for element in descendants(root, level):
            for date in descendants(element, "FRBRdate"):
                match = re.match(r"\d{4}-\d{2}-\d{2}", attribute(date, "date"))
                if match:
                    return match[0]
    for date in descendants(root, "docDate"):
        match = re.match(r"\d{4}-\d{2}-\d{2}", attribute(date, "date"))
        if match:
            return match[0]
    return ""


def _language(root: Any) -> str:
    """The language, where it is a single one: `mul` and `und` name none."""
    codes = {attribute(e, "language") for e in descendants(root, "FRBRlanguage")} - {"", "mul", "und", "mis", "zxx"}
    return _SHORT.get(code, code) if len(codes) == 1 and (code := codes.pop()) and code.isalpha() else ""


_SHORT = {
    "eng": "en", "gle": "ga", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "ita": "it", "spa": "es", "por": "pt",
    "swa": "sw", "nld": "nl", "swe": "sv", "fin": "fi", "dan": "da", "pol": "pl", "ces": "cs", "ell": "el", "ukr": "uk",
}  # fmt: skip


def _source(root: Any) -> str:
    return next(
        (attribute(e, "showAs") for e in descendants(root, "TLCOrganization") if attribute(e, "eId", "id") == "source"),
        "",
    )


def _title(root: Any) -> str:
    """The heading under which nearly all speeches stand, else the body that met, else the document's title."""
    sections = [s for s in descendants(root, "debateSection") if next(children(s, "heading"), None) is not None]
    spoken = sum(1 for _ in descendants(root, *_SPOKEN))
    for section in sections:
        if spoken and sum(1 for _ in descendants(section, *_SPOKEN)) > 0.8 * spoken:
            return plain(next(children(section, "heading")))
    for name in ("docCommittee", "docTitle"):
        texts = [plain(element) for element in descendants(root, name)]
        if texts:
            return texts[-1]
    return ""


# ---------------------------------------------------------------- body


class _State(Struct):
    """Blocks and voices while sections are read."""

    roster: Roster
    people: dict[str, str]
    title: str = ""
    spoke: bool = False
    assembly: Assembly = field(default_factory=Assembly)
    findings: list[Finding] = field(default_factory=list)

    def section(self, element: Any, level: int) -> None:
        """Read a section: its heading is a part; one without speeches becomes notes."""
        if level > 1 and not self._has_speeches(element) and local(element) == "debateSection" and level > 2:
            self._list(element)
            return
        for child in children(element):
            name = local(child)
            if name in ("heading", "num", "subheading"):
                self._heading(child, level)
            elif name in _SPOKEN:
                self._speech(child)
            elif name == "speechGroup" or name in _SECTIONS:
                self.section(child, level + 1)
            elif name == "table":
                self._list(child)
            else:
                self._note(child)

    @staticmethod
    def _has_speeches(element: Any) -> bool:
        return next(descendants(element, *_SPOKEN), None) is not None

    def _heading(self, element: Any, level: int) -> None:
        text = plain(element, _INLINE_NOTES)
        if text and text != self.title:
            self.assembly.part(text, element.sourceline, level)

    def _list(self, element: Any) -> None:
        """A vote or a list of members: names in it are nobody's words."""
        texts = [plain(e) for e in descendants(element, "p", "summary", "heading", "td") if not _holds_blocks(e)]
        text = " ".join(filter(None, dict.fromkeys(texts)))
        if text:
            self.assembly.close()
            self.assembly.add(Passage(text, "note", element.sourceline))

    def _note(self, element: Any) -> None:
        text = plain(element, _INLINE_NOTES)
        if not text:
            return
        if local(element) not in _NARRATIVE:
            kind = f"<{local(element)}> read as a note"
            self.findings.append(Finding("doubtful", kind, excerpt(text), element.sourceline))
        self.assembly.close()
        self.assembly.add(Passage(text, "note", element.sourceline))

    def _speech(self, element: Any) -> None:
        self.spoke = True
        key = attribute(element, "by").lstrip("#")
        source = next(children(element, "from"), None)
        label = " ".join(plain(source, _INLINE_NOTES).split()).strip(" :") if source is not None else ""
        passages = list(_passages(element))
        if not key and not _can_speak(label):
            # Procedure marked as a speech of nobody.
            text = ": ".join(filter(None, (label, " ".join(p.text for p in passages))))
            self.findings.append(
                Finding("doubtful", "a speech of nobody, read as a note", excerpt(text), element.sourceline)
            )
            self.assembly.close()
            self.assembly.add(Passage(text, "note", element.sourceline))
            return
        shown = self.people.get(key, "")
        name = bare_name(shown or label or key)
        if key and not shown and not label:
            self.findings.append(Finding("doubtful", "a speaker known by an id only", key, element.sourceline))
        unnamed = not key and read_label(label).unnamed
        voice = self.roster.add(key or label, name, label or name, anonymous=unnamed)
        self.assembly.turn((voice,), label or name, element.sourceline)
        for passage in passages:
            self.assembly.add(passage)


def _holds_blocks(element: Any) -> bool:
    return any(local(child) in ("p", "table", "summary") for child in element)


def _can_speak(label: str) -> bool:
    shape = read_label(label).shape if label else "none"
    return shape in ("name", "office and name", "name and office", "office", "unnamed") and not _PROCEDURE.match(label)


_PROCEDURE = re.compile(
    r"^(?:question|amendment|motion|bill|section|clause)s?\b.*\b(?:put|proposed|agreed|lost|moved)", re.IGNORECASE
)


def _passages(element: Any) -> Iterator[Passage]:
    for child in children(element):
        name = local(child)
        if name == "from":
            continue
        if name in ("scene", "narrative", "summary", "other"):
            kind = "note"
        else:
            kind = (
                "quotation"
                if name in ("blockquote", "quotedStructure", "quotedText", "embeddedStructure")
                else "speech"
            )
        if name in ("blockList", "ul", "ol", "list", "blockquote", "table", "embeddedStructure", "quotedStructure"):
            parts = [e for e in descendants(child, "p", "li", "item", "tr") if not _holds_blocks(e)] or [child]
        else:
            parts = [child]
        for part in parts:
            text = plain(part, _INLINE_NOTES)
            if text:
                yield Passage(text, _KINDS[kind], part.sourceline)


_KINDS: dict[str, Any] = {"note": "note", "quotation": "quotation", "speech": "speech"}
