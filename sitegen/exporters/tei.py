"""`transcript.tei.xml`: a transcript as TEI P5, in the manner of parliamentary corpora (`u`, `seg`, `note`).

Person, office on that day and printed label stay three things: `who`, `roleName` and a note of type
speaker. Annotations are not part of it; they have `notes.jsonld`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from sitegen.facts import AnnotatedTranscript, Facts, Participation
from sitegen.licences import licence_of
from sitegen.markup import GAP
from sitegen.model import Introduction, Part, Settings, Transcript, Turn
from sitegen.unmarked import written

NAMESPACE = "http://www.tei-c.org/ns/1.0"
_VOCAL = re.compile(r"laugh|applau|cheer|cough|sigh|cry|shout|boo", re.IGNORECASE)


def transcript_tei(annotated: AnnotatedTranscript, facts: Facts, settings: Settings) -> bytes:
    """The document as UTF-8 XML with a declaration: a line for each element down to the segments; inside those,
    every space is somebody's."""
    transcript = annotated.transcript
    language = transcript.language or settings.language
    pieces = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="{NAMESPACE}"{_language(language)}>\n',
        _header(transcript, facts, settings),
        "<text>\n<body>\n",
        *_divisions(transcript),
        "</body>\n</text>\n</TEI>\n",
    ]
    return b"".join([piece.encode() for piece in pieces])  # most are ASCII, which is only copied


def _divisions(transcript: Transcript) -> Iterator[str]:
    yield '<div type="transcript">\n'
    for block in transcript.blocks:
        if isinstance(block, Turn):
            yield from _turn(block)
        elif isinstance(block, Part):
            yield f'</div>\n<div type="part">\n{_element("head", _text(block.title))}\n'
        elif isinstance(block, Introduction):
            for paragraph in block.paragraphs:
                attributes = f' type="introduction"{_identity(paragraph.id)}'
                yield f"{_element('note', _text(paragraph.plain), attributes)}\n"
        else:
            yield _event(block.kind, block.markup) + ("" if block.kind == "cut" else "\n")
    yield "</div>\n"


def _turn(turn: Turn) -> Iterator[str]:
    speaker = _element("note", _text(turn.label), ' type="speaker"')
    yield f"{speaker}\n"
    who = " ".join([f"#{xml_id(speaker)}" for speaker in turn.speaker_ids])
    start = f' start="{turn.start:g}s"' if turn.start is not None else ""
    before = f' prev="#{xml_id(turn.continues)}"' if turn.continues else ""
    yield f'<u who="{who}" xml:id="{xml_id(turn.id)}"{start}{before}{_language(turn.language)}>\n'
    for paragraph in turn.paragraphs:
        if paragraph.kind == "speech":
            yield f"{_element('seg', _spoken(paragraph.plain), _identity(paragraph.id))}\n"
        else:
            yield f"{_event(paragraph.kind, paragraph.plain)}\n"
    yield "</u>\n"


def _spoken(words: str) -> str:
    if "\n" in words:
        return "".join([_element("l", _text(line)) for line in words.split("\n")])
    if "[" not in words:
        return _text(words)
    pieces, position = [], 0
    for gap in GAP.finditer(words):
        described = _element("desc", _text(gap[0]))
        pieces += [_text(words[position : gap.start()]), _element("gap", described, f' reason="{gap[1].lower()}"')]
        position = gap.end()
    return "".join([*pieces, _text(words[position:])])


def _event(kind: str, words: str) -> str:
    described = _element("desc", _text(words))
    if kind == "event":
        return _element("vocal" if _VOCAL.search(words) else "incident", described)
    if kind == "cut":
        return _element("gap", described, ' reason="editorial"')
    if kind == "part":
        return _element("note", _text(words), ' type="heading"')
    return _element("milestone", "", ' unit="break"')


def _header(transcript: Transcript, facts: Facts, settings: Settings) -> str:
    place = _leaf(4, "placeName", transcript.place) if transcript.place else ""
    people = [_person(one) for one in facts.participations]
    profile = _parent(
        1,
        "profileDesc",
        _parent(2, "settingDesc", _parent(3, "setting", _date(transcript), place)),
        _parent(2, "particDesc", _parent(3, "listPerson", *people)),
    )
    return _parent(0, "teiHeader", _file(transcript, settings), profile)


def _file(transcript: Transcript, settings: Settings) -> str:
    origin = transcript.origin
    addresses = [written({"target": address}) for address in (origin.url, origin.archived) if address]
    source = [
        _leaf(4, "title", origin.title or transcript.title),
        _leaf(4, "publisher", origin.publisher) if origin.publisher else "",
        *(_leaf(4, "ptr", "", target) for target in addresses),
    ]
    publisher = _leaf(3, "publisher", settings.publisher or settings.title)
    return _parent(
        1,
        "fileDesc",
        _parent(2, "titleStmt", _leaf(3, "title", transcript.title)),
        _parent(2, "publicationStmt", publisher, _licence(origin.licence) if origin.licence else ""),
        _parent(2, "sourceDesc", _parent(3, "bibl", *source)),
    )


def _licence(terms: str) -> str:
    licence = licence_of(terms)
    address = written({"target": licence.url}) if licence.url else ""
    return _parent(3, "availability", _leaf(4, "licence", licence.name, address))


def _date(transcript: Transcript) -> str:
    if transcript.date_end:
        return _leaf(4, "date", "", f' from="{transcript.date}" to="{transcript.date_end}"')
    return _leaf(4, "date", "", f' when="{transcript.date}"') if transcript.date else ""


def _person(one: Participation) -> str:
    role = f"{_element('roleName', _text(one.role))}\n     " if one.role else ""
    name = _element("persName", _text(one.speaker.name) + role)
    anonymous = ' role="anonymous"' if one.speaker.anonymous else ""
    return _parent(4, "person", f"     {name}\n", attributes=_identity(one.speaker.id) + anonymous)


def _parent(depth: int, tag: str, *held: str, attributes: str = "") -> str:
    """An element with a line for each of what it holds, which may be empty."""
    indent, inner = " " * depth, "".join(held)
    if not inner:
        return f"{indent}<{tag}{attributes} />\n"
    return f"{indent}<{tag}{attributes}>\n{inner}{indent}</{tag}>\n"


def _leaf(depth: int, tag: str, words: str, attributes: str = "") -> str:
    """An element on a line of its own."""
    return f"{' ' * depth}{_element(tag, _text(words), attributes)}\n"


def _element(tag: str, content: str, attributes: str = "") -> str:
    """An element, given its name, what it holds as XML, and its attributes as they stand in the tag."""
    return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes} />"


def _text(words: str) -> str:
    return escape(words, quote=False)


def _language(language: str) -> str:
    return f' xml:lang="{escape(language)}"' if language else ""


def _identity(name: str) -> str:
    """The attribute for an id, which holds no sign to escape."""
    return f' xml:id="{xml_id(name)}"'


def xml_id(name: str) -> str:
    """An id as XML allows it: it may not begin with a digit."""
    return name if name[:1].isalpha() else f"_{name}"
