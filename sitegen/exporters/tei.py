"""`transcript.tei.xml`: a transcript as TEI P5, in the manner of parliamentary corpora (`u`, `seg`, `note`).

Person, office on that day and printed label stay three things: `who`, `roleName` and a note of type
speaker. Annotations are not part of it; they have `notes.jsonld`.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.licences import licence_of
from sitegen.markup import GAP
from sitegen.model import Introduction, Paragraph, Part, Settings, Turn

NAMESPACE = "http://www.tei-c.org/ns/1.0"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_LINES = frozenset({"teiHeader", "text", "body", "div", "head", "u", "seg", "note", "milestone", "incident", "vocal"})
_VOCAL = re.compile(r"laugh|applau|cheer|cough|sigh|cry|shout|boo", re.IGNORECASE)


def transcript_tei(annotated: AnnotatedTranscript, facts: Facts, settings: Settings) -> bytes:
    """The document as UTF-8 XML with a declaration."""
    transcript = annotated.transcript
    root = Xml.Element("TEI", {"xmlns": NAMESPACE})
    if transcript.language or settings.language:
        root.set(f"{_XML}lang", transcript.language or settings.language)
    _header(root, annotated, facts, settings)
    body = _child(_child(root, "text"), "body")
    division = _child(body, "div", type="transcript")
    for block in transcript.blocks:
        if isinstance(block, Part):
            division = _child(body, "div", type="part")
            _child(division, "head", block.title)
        elif isinstance(block, Turn):
            _turn(division, block)
        elif isinstance(block, Introduction):
            for paragraph in block.paragraphs:
                _child(division, "note", paragraph.plain, type="introduction").set(f"{_XML}id", paragraph.id)
        else:
            _event(division, block.kind, block.markup)
    _break_lines(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode").encode() + b"\n"


def _break_lines(root: Xml.Element) -> None:
    """A line for each element down to the segments; inside those, every space is somebody's."""
    Xml.indent(root[0], " ")
    for element in root.iter():
        if element.tag in ("TEI", "text", "body", "div", "u"):
            element.text = "\n"
        if element.tag in _LINES:
            element.tail = "\n"
    for utterance in root.iter("u"):
        for gap in utterance.findall("gap"):
            gap.tail = "\n"


def _header(root: Xml.Element, annotated: AnnotatedTranscript, facts: Facts, settings: Settings) -> None:
    transcript, origin = annotated.transcript, annotated.transcript.origin
    header = _child(root, "teiHeader")
    file = _child(header, "fileDesc")
    _child(_child(file, "titleStmt"), "title", transcript.title)
    publication = _child(file, "publicationStmt")
    _child(publication, "publisher", settings.publisher or settings.title)
    if origin.licence:
        licence = licence_of(origin.licence)
        target = {"target": licence.url} if licence.url else {}
        _child(_child(publication, "availability"), "licence", licence.name, **target)
    bibliography = _child(_child(file, "sourceDesc"), "bibl")
    _child(bibliography, "title", origin.title or transcript.title)
    if origin.publisher:
        _child(bibliography, "publisher", origin.publisher)
    for address in (origin.url, origin.archived):
        if address:
            _child(bibliography, "ptr", target=address)
    profile = _child(header, "profileDesc")
    setting = _child(_child(profile, "settingDesc"), "setting")
    if transcript.date_end:
        _child(setting, "date", **{"from": transcript.date, "to": transcript.date_end})
    elif transcript.date:
        _child(setting, "date", when=transcript.date)
    if transcript.place:
        _child(setting, "placeName", transcript.place)
    _people(_child(_child(profile, "particDesc"), "listPerson"), facts)


def _people(people: Xml.Element, facts: Facts) -> None:
    for one in facts.participations:
        person = _child(people, "person")
        person.set(f"{_XML}id", xml_id(one.speaker.id))
        if one.speaker.anonymous:
            person.set("role", "anonymous")
        name = _child(person, "persName", one.speaker.name)
        if one.role:
            _child(name, "roleName", one.role)


def _turn(division: Xml.Element, turn: Turn) -> None:
    _child(division, "note", turn.label, type="speaker")
    utterance = _child(division, "u", who=" ".join(f"#{xml_id(speaker)}" for speaker in turn.speaker_ids))
    utterance.set(f"{_XML}id", xml_id(turn.id))
    if turn.start is not None:
        utterance.set("start", f"{turn.start:g}s")
    if turn.continues:
        utterance.set("prev", f"#{xml_id(turn.continues)}")
    if turn.language:
        utterance.set(f"{_XML}lang", turn.language)
    for paragraph in turn.paragraphs:
        if paragraph.kind == "speech":
            _segment(utterance, paragraph)
        else:
            _event(utterance, paragraph.kind, paragraph.plain)


def _segment(utterance: Xml.Element, paragraph: Paragraph) -> None:
    segment = _child(utterance, "seg")
    segment.set(f"{_XML}id", xml_id(paragraph.id))
    if "\n" in paragraph.plain:
        for line in paragraph.plain.split("\n"):
            _child(segment, "l", line)
        return
    position = 0
    last: Xml.Element | None = None
    for gap in GAP.finditer(paragraph.plain):
        _append(segment, last, paragraph.plain[position : gap.start()])
        last = _child(segment, "gap", reason=gap[1].lower())
        _child(last, "desc", gap[0])
        position = gap.end()
    _append(segment, last, paragraph.plain[position:])


def _append(parent: Xml.Element, last: Xml.Element | None, text: str) -> None:
    if last is None:
        parent.text = text
    else:
        last.tail = text


def _event(parent: Xml.Element, kind: str, words: str) -> None:
    if kind == "event":
        _child(_child(parent, "vocal" if _VOCAL.search(words) else "incident"), "desc", words)
    elif kind == "cut":
        _child(_child(parent, "gap", reason="editorial"), "desc", words)
    elif kind == "part":
        _child(parent, "note", words, type="heading")
    else:
        _child(parent, "milestone", unit="break")


def _child(parent: Xml.Element, tag: str, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def xml_id(name: str) -> str:
    """An id as XML allows it: it may not begin with a digit."""
    return name if name[:1].isalpha() else f"_{name}"
