"""What a web page says about itself around a transcript: menus, title, date, place, share buttons, feet.

It tells the transcript's own metadata from page furniture by position and form. Whether a paragraph is speech
is settled before: only the text before the first label and after the last one comes here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.importers import dates, lexicon
from sitegen.importers.draft import NO_ORIGIN
from sitegen.importers.labels import Paragraph
from sitegen.importers.names import folded
from sitegen.importers.turns import passage_of
from sitegen.model import Origin

# Furniture and metadata are short; nothing longer is looked at as if it were.
_LONGEST_LINE = 1000

_SITE = re.compile(
    r"^(?:the )?official (?:web ?site|internet (?:site|resources?)|portal) of"
    r"|^официальный (?:сайт|интернет)|^site officiel|^offizielle (?:web ?site|internetseite)"
    r"|^sitio (?:web )?oficial|^sito ufficiale",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(?:https?://)[^\s]+$")
_LICENCE = re.compile(
    r"(?:creative commons |\bcc[ -])(?P<kind>attribution|by)"
    r"(?P<more>(?:[ -](?:share ?alike|sa|non-?commercial|nc|no ?deriv\w*|nd))*)"
    r"(?:[ -](?P<version>\d\.\d))?",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^(?P<key>[^:]{2,24}):\s*(?P<value>\S.*)$")
_FIELDS = {
    "title": "title", "titel": "title", "titre": "title", "título": "title", "название": "title",
    "date": "date", "datum": "date", "fecha": "date", "data": "date", "дата": "date", "recorded": "date",
    "place": "place", "location": "place", "venue": "place", "ort": "place", "lieu": "place", "lugar": "place",
    "место": "place",
    "source": "source", "quelle": "source", "fuente": "source", "источник": "source",
    "url": "url", "link": "url",
}  # fmt: skip
_WEEKDAY = re.compile(
    r"^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^\(?(?:photos?|images?|foto|bild|фото|pictured)(?: (?:by|credit|courtesy)\b.*|\s*[:©/].*)$", re.IGNORECASE
)


class Surroundings(Struct):
    """The metadata found around the speech, the introduction, and what was dropped."""

    title: str = ""
    date: str = ""
    place: str = ""
    origin: Origin = NO_ORIGIN
    introduction: list[Paragraph] = field(default_factory=list)
    dropped: list[Paragraph] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def is_sentence(text: str) -> bool:
    """Whether a paragraph reads as prose: it ends like a sentence, or is too long for a heading."""
    if len(text) > _LONGEST_LINE:
        return True
    bare = text.strip().rstrip("\"”’»')]")
    return bare[-1:] in ".!?…。！？" or len(bare.split()) > 20


def is_furniture(text: str) -> bool:
    """Whether a line is one of the phrases pages put around their articles."""
    if len(text) > _LONGEST_LINE:
        return False
    bare = " ".join(text.split()).casefold()
    if bare.rstrip(" :") in lexicon.FURNITURE or bare.startswith("©"):
        return True
    key, colon, _value = bare.partition(":")
    return (bool(colon) and key in lexicon.FURNITURE) or bool(_ADDRESS.match(bare))


def _key(text: str) -> str:
    return folded(text) if len(text) <= _LONGEST_LINE else text


def read_head(head: Sequence[Paragraph], later: Sequence[Paragraph], title_hint: str = "") -> Surroundings:
    """Metadata and introduction from the paragraphs before the first label.

    `later` are those after the last one: what stands in both places is the title or a name of the site.
    """
    result = Surroundings(title=title_hint)
    rest = [p for p in head if not _take_field(p, result)]
    when = _date_line(rest) if not result.date else None
    if when is not None:
        _take_date(rest, when, result)
    title = _title_line(rest, when, {_key(p.text) for p in later}, result)
    if title is not None:
        result.title, result.lines["title"] = " ".join(rest[title].text.split()).strip(" #"), rest[title].line
    used = _metadata_end(rest, when, title, result)
    begin = title if title is not None else when
    for index, paragraph in enumerate(rest):
        is_break = passage_of(paragraph.text, paragraph.line).kind == "break"
        if index in used or (begin is not None and index < begin) or is_furniture(paragraph.text):
            if index not in used:
                result.dropped.append(paragraph)
        elif is_break or is_sentence(paragraph.text) or begin is None or index > max(used, default=0):
            result.introduction.append(paragraph)
        else:
            result.dropped.append(paragraph)
    return result


def _take_field(paragraph: Paragraph, result: Surroundings) -> bool:
    """A line such as `Place: Moscow`."""
    match = _FIELD.match(" ".join(paragraph.text.split())) if len(paragraph.text) <= _LONGEST_LINE else None
    name = _FIELDS.get(match["key"].casefold()) if match else None
    if not match or not name or len(match["value"].split()) > 30:
        return False
    value = match["value"].strip()
    if name == "date":
        found = dates.find_date(value)
        if not found or result.date:
            return False
        result.date = found.iso
    elif name == "source" or name == "url":
        key = "url" if _ADDRESS.match(value) else "title"
        result.origin = replace(result.origin, **{key: value})
    elif name == "title":
        result.title = value
    else:
        result.place = value
    result.lines[name] = paragraph.line
    return True


def _date_line(rest: Sequence[Paragraph]) -> int | None:
    """The last short line with a date: the article's own date stands nearest to its text."""
    for index in range(len(rest) - 1, -1, -1):
        text = rest[index].text
        found = dates.find_date(text) if len(text) <= _LONGEST_LINE else None
        if found and len(text.split()) <= 14 and (not is_sentence(text) or found.end - found.start > len(text) / 2):
            return index
    return None


def _take_date(rest: Sequence[Paragraph], when: int, result: Surroundings) -> None:
    text = rest[when].text
    found = dates.find_date(text)
    if not found:
        return
    result.date, result.lines["date"] = found.iso, rest[when].line
    before, after = text[: found.start].strip(" ,–—|-\u00a0"), text[found.end :].strip(" ,–—|-.\u00a0")
    pieces = [p for p in after.split(",") if not dates.is_clock(p.strip())]
    after = ",".join(pieces).strip()
    place = after if is_place(after) else before if is_place(before) and len(before.split()) <= 4 else ""
    if place and not result.place:
        result.place, result.lines["place"] = " ".join(place.split()), rest[when].line


def is_place(text: str) -> bool:
    """Whether a short text can name a place."""
    bare = " ".join(text.split())
    if not bare or not bare[0].isupper() or len(bare.split()) > 9 or is_sentence(bare) or _WEEKDAY.match(bare):
        return False
    return (
        not is_furniture(bare)
        and bare.casefold() not in lexicon.SECTIONS
        and not dates.find_date(bare)
        and not any(c in bare for c in ":/|@")
        and not bare[-1].isdigit()
    )


def _is_title(text: str) -> bool:
    if len(text) > _LONGEST_LINE:
        return False
    bare = " ".join(text.split())
    if len(bare.split()) < 2 or len(bare) > 250 or bare[-1:] in ":/|.,;" or is_furniture(bare) or _SITE.match(bare):
        return False
    return not dates.is_clock(bare) and any(c.isalpha() for c in bare) and passage_of(bare, 0).kind == "speech"


def _title_line(rest: Sequence[Paragraph], when: int | None, later: set[str], result: Surroundings) -> int | None:
    if result.title:
        same = [i for i, p in enumerate(rest) if _key(p.text.strip(" #")) == folded(result.title)]
        return same[-1] if same else None
    headings = [i for i, p in enumerate(rest) if p.text.startswith("# ")]
    if headings:
        return headings[0]
    repeated = [
        i
        for i, p in enumerate(rest)
        if i != when and _is_title(p.text) and len(p.text.split()) > 3 and _key(p.text) in later
    ]
    if repeated:
        return repeated[-1]
    if when is not None:
        above = [i for i in range(max(0, when - 6), when) if _is_title(rest[i].text)]
        below = [i for i in range(when + 1, min(len(rest), when + 3)) if _is_title(rest[i].text)]
        return above[-1] if above else below[0] if below and not result.place else None
    return _title_without_date(rest)


def _title_without_date(rest: Sequence[Paragraph]) -> int | None:
    """Without a date the title is the heading next above the prose, if the file begins with few enough lines."""
    end = next((i for i, p in enumerate(rest) if is_sentence(p.text)), len(rest))
    candidates = [i for i in range(end) if _is_title(rest[i].text)]
    if not candidates:
        return None
    return candidates[0] if end <= 4 else candidates[-1]


def _metadata_end(rest: Sequence[Paragraph], when: int | None, title: int | None, result: Surroundings) -> set[int]:
    """The lines that have become metadata: title, date, and the clock and place lines right after the date."""
    used = {index for index in (when, title) if index is not None}
    if when is None:
        return used
    for index in range(when + 1, min(len(rest), when + 4)):
        text = rest[index].text
        if dates.is_clock(text):
            used.add(index)
        elif not result.place and index != title and is_place(text):
            result.place, result.lines["place"] = " ".join(text.split()), rest[index].line
            used.add(index)
        elif index not in used:
            break
    return used


def foot_begins(tail: Sequence[Paragraph], around: Surroundings) -> int:
    """The index in the last turn's paragraphs at which the page's foot begins; their number if there is none."""
    known = {_key(p.text) for p in around.dropped} | {folded(around.title)}
    for index, paragraph in enumerate(tail):
        text = paragraph.text
        if is_sentence(text) and not is_furniture(text):
            continue
        if is_furniture(text) or _key(text) in known or _repeats_date(text, around) or _SITE.match(text):
            return index
        if _only_headings(tail[index:]):
            return index
    return len(tail)


def _only_headings(rest: Sequence[Paragraph]) -> bool:
    """Whether nothing but short lines follows, too many to be the end of somebody's speech."""
    plain = [p for p in rest if passage_of(p.text, p.line).kind == "speech"]
    if len(plain) < 4 or passage_of(rest[0].text, 0).kind != "speech":
        return False
    return sum(not is_sentence(p.text) and len(p.text.split()) <= 8 for p in plain) / len(plain) > 0.8


def _repeats_date(text: str, around: Surroundings) -> bool:
    found = dates.find_date(text) if len(text) <= _LONGEST_LINE else None
    if not found or not around.date or found.iso != around.date:
        return False
    rest = (text[: found.start] + text[found.end :]).strip(" ,.\u00a0")
    return not rest or folded(rest) == folded(around.place) or dates.is_clock(rest)


def is_caption(text: str) -> bool:
    """Whether a paragraph between turns is the caption or credit of a picture."""
    return len(text) <= _LONGEST_LINE and bool(_CAPTION.match(" ".join(text.split()))) and len(text.split()) <= 40


def origin_from(dropped: Sequence[Paragraph], origin: Origin) -> Origin:
    """The source's name, address and licence as the page states them in its furniture."""
    for paragraph in dropped:
        text = " ".join(paragraph.text.split())
        if not origin.title and _SITE.match(text):
            origin = replace(origin, title=text.rstrip(" :"))
        if not origin.url and _ADDRESS.match(text) and len(text.split("/")) > 4:
            origin = replace(origin, url=text)
        licence = _LICENCE.search(text)
        if licence and not origin.licence:
            origin = replace(origin, licence=_licence_name(licence))
    return origin


def _licence_name(match: re.Match[str]) -> str:
    more = match["more"].casefold().replace(" ", "").replace("-", "")
    marks = [("noncommercial", "NC"), ("nc", "NC"), ("sharealike", "SA"), ("sa", "SA"), ("noderiv", "ND"), ("nd", "ND")]
    suffix = dict.fromkeys(mark for word, mark in marks if word in more)
    name = "-".join(["CC BY", *suffix])
    return f"{name} {match['version']}" if match["version"] else name
