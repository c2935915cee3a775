"""`transcript.tei.xml`: a transcript as TEI P5, in the manner of parliamentary corpora (`u`, `seg`, `note`).

Person, office on that day and printed label stay three things: `who`, `roleName` and a note of type
speaker. Annotations are not part of it; they have `notes.jsonld`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree as Xml

from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.licences import licence_of
from sitegen.markup import GAP
from sitegen.model import Introduction, Part, Settings, Transcript, Turn

NAMESPACE = "http://www.tei-c.org/ns/1.0"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_VOCAL = re.compile(r"laugh|applau|cheer|cough|sigh|cry|shout|boo", re.IGNORECASE)


def transcript_tei(annotated: AnnotatedTranscript, facts: Facts, settings: Settings) -> bytes:
    """The document as UTF-8 XML with a declaration: a line for each element down to the segments; inside those,
    every space is somebody's."""
    transcript = annotated.transcript
    language = transcript.language or settings.language
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="{NAMESPACE}"{_language(language)}>\n'
    header, divisions = _header(annotated, facts, settings), "".join(_divisions(transcript))
    return f"{start}{header}\n<text>\n<body>\n{divisions}</body>\n</text>\n</TEI>\n".encode()


def _divisions(transcript: Transcript) -> Iterator[str]:
    yield '<div type="transcript">\n'
    for block in transcript.blocks:
        if isinstance(block, Part):
            yield f'</div>\n<div type="part">\n{_element("head", _text(block.title))}\n'
        elif isinstance(block, Turn):
            yield from _turn(block)
        elif isinstance(block, Introduction):
            for paragraph in block.paragraphs:
                note = f'note type="introduction" xml:id="{escape(paragraph.id)}"'
                yield f"{_element(note, _text(paragraph.plain))}\n"
        else:
            yield _event(block.kind, block.markup) + ("" if block.kind == "cut" else "\n")
    yield "</div>\n"


def _turn(turn: Turn) -> Iterator[str]:
    speaker = _element('note type="speaker"', _text(turn.label))
    yield f"{speaker}\n"
    who = " ".join([f"#{xml_id(speaker)}" for speaker in turn.speaker_ids])
    start = f' start="{turn.start:g}s"' if turn.start is not None else ""
    before = f' prev="#{escape(xml_id(turn.continues))}"' if turn.continues else ""
    yield f'<u who="{escape(who)}" xml:id="{escape(xml_id(turn.id))}"{start}{before}{_language(turn.language)}>\n'
    for paragraph in turn.paragraphs:
        if paragraph.kind == "speech":
            segment = _element(f'seg xml:id="{escape(xml_id(paragraph.id))}"', _spoken(paragraph.plain))
            yield f"{segment}\n"
        else:
            yield f"{_event(paragraph.kind, paragraph.plain)}\n"
    yield "</u>\n"


def _spoken(words: str) -> str:
    if "\n" in words:
        return "".join([_element("l", _text(line)) for line in words.split("\n")])
    pieces, position = [], 0
    for gap in GAP.finditer(words) if "[" in words else ():
        described = _element("desc", _text(gap[0]))
        pieces += [_text(words[position : gap.start()]), _element(f'gap reason="{gap[1].lower()}"', described)]
        position = gap.end()
    return "".join([*pieces, _text(words[position:])])


def _event(kind: str, words: str) -> str:
    described = _element("desc", _text(words))
    if kind == "event":
        return _element("vocal" if _VOCAL.search(words) else "incident", described)
    if kind == "cut":
        return _element('gap reason="editorial"', described)
    if kind == "part":
        return _element('note type="heading"', _text(words))
    return _element('milestone unit="break"', "")


def _element(tag: str, content: str) -> str:
    """An element, given its name with its attributes, and what it holds as XML."""
    return f"<{tag}>{content}</{tag.partition(' ')[0]}>" if content else f"<{tag} />"


def _text(words: str) -> str:
    return escape(words, quote=False)


def _language(language: str) -> str:
    return f' xml:lang="{escape(language)}"' if language else ""


def _header(annotated: AnnotatedTranscript, facts: Facts, settings: Settings) -> str:
    transcript, origin = annotated.transcript, annotated.transcript.origin
    header = Xml.Element("teiHeader")
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
    Xml.indent(header, " ")
    return Xml.tostring(header, encoding="unicode")


def _people(people: Xml.Element, facts: Facts) -> None:
    for one in facts.participations:
        person = _child(people, "person")
        person.set(f"{_XML}id", xml_id(one.speaker.id))
        if one.speaker.anonymous:
            person.set("role", "anonymous")
        name = _child(person, "persName", one.speaker.name)
        if one.role:
            _child(name, "roleName", one.role)


def _child(parent: Xml.Element, tag: str, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def xml_id(name: str) -> str:
    """An id as XML allows it: it may not begin with a digit."""
    return name if name[:1].isalpha() else f"_{name}"
