"""ParlParse XML, the form in which TheyWorkForYou and PublicWhip keep the debates of British parliaments.

Column numbers, vote lists and links between versions are left out; times of day are not times of a recording.
"""

from __future__ import annotations

import re
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

_DATE = re.compile(r"/(\d{4}-\d{2}-\d{2})")
_IN_THE_CHAIR = re.compile(r"^(\[[^\[\]]+\])\s*[—–-]\s*(\S.*)$")
_HEADINGS = ("major-heading", "minor-heading", "oral-heading")


def recognise(raw: Raw) -> float:
    """The root element is `publicwhip`."""
    return 1.0 if root_name(raw) == "publicwhip" else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from the debates of a day."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked((), parsed.diagnostics)
    root = parsed.value
    headings = list(descendants(root, *_HEADINGS))
    state = _State(Roster(context.speakers), single=len(headings) == 1)
    for element in children(root):
        state.add(element)
    blocks = state.assembly.done()
    draft = Draft(
        blocks,
        state.roster.voices(),
        title=state.title,
        stem=stem_of(raw.name),
        date=_date(root),
        origin=Origin(url=_address(root)),
        findings=tuple(state.findings),
    )
    return Checked((draft,), parsed.diagnostics)


def _date(root: Any) -> str:
    for element in descendants(root, "speech", *_HEADINGS):
        match = _DATE.search(attribute(element, "id"))
        if match:
            return match[1]
    return ""


def _address(root: Any) -> str:
    for element in descendants(root, "speech", *_HEADINGS):
        url = attribute(element, "url").partition("#")[0]
        if re.fullmatch(r"https?://[^\s<>\"]+", url):
            return url
    return ""


class _State(Struct):
    """Blocks and voices while elements are added."""

    roster: Roster
    single: bool
    title: str = ""
    assembly: Assembly = field(default_factory=Assembly)
    findings: list[Finding] = field(default_factory=list)

    def add(self, element: Any) -> None:
        """Add a child of the root."""
        name = local(element)
        if name in _HEADINGS:
            self._heading(element)
        elif name in ("speech", "ques", "reply"):
            self._speech(element)
        elif name == "division":
            text = f"division {attribute(element, 'divnumber')}".strip()
            self.findings.append(Finding("dropped", "vote list", text, element.sourceline, element.sourceline))
        elif name not in ("gidredirect", "recordmap"):
            text = excerpt(plain(element))
            self.findings.append(Finding("dropped", f"<{name}>", text, element.sourceline, element.sourceline))

    def _heading(self, element: Any) -> None:
        text = plain(element)
        chair = _IN_THE_CHAIR.match(text)
        if chair:
            text = chair[2]
        if self.single:
            self.title = text
        elif text:
            self.assembly.part(text, element.sourceline, 2 if local(element) == "major-heading" else 3)
        if chair:
            self.assembly.close()
            self.assembly.add(Passage(chair[1], "note", element.sourceline))

    def _speech(self, element: Any) -> None:
        name = attribute(element, "speakername")
        if attribute(element, "nospeaker") == "true" or not name:
            self.assembly.close()
            for paragraph in children(element):
                text = plain(paragraph)
                if text:
                    self.assembly.add(Passage(text, "note", paragraph.sourceline))
            return
        id = attribute(element, "person_id", "speakerid")
        unknown = id in ("", "unknown")
        anonymous = unknown and read_label(name).shape not in ("name", "office and name", "office")
        office = attribute(element, "speakeroffice")
        key = self.roster.add(name if unknown else id, bare_name(name), name, office, anonymous=anonymous)
        self.assembly.turn((key,), name, element.sourceline)
        for paragraph in children(element):
            self._paragraph(paragraph)

    def _paragraph(self, element: Any) -> None:
        if local(element) == "table":
            for row in descendants(element, "tr"):
                cells = [plain(cell) for cell in children(row, "td", "th")]
                self.assembly.add(Passage(" · ".join(filter(None, cells)), "quotation", row.sourceline))
            return
        text = plain(element)
        if text:
            kind = "quotation" if attribute(element, "class") == "indent" else "speech"
            self.assembly.add(Passage(text, "quotation" if kind == "quotation" else "speech", element.sourceline))
