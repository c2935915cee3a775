"""What the header of a TEI file says: title, date and place of the event, people, time line, licence.

Dates of publication and of the encoding are not dates of the event.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field

from sitegen.importers.names import read_label
from sitegen.importers.xmltree import attribute, children, descendants, local, plain

_DAY = re.compile(r"-?\d{4}(?:-\d{2}(?:-\d{2})?)?")
_CORPUS = re.compile(r"corpus|korpus|korpuss|corpora|\[parlamint|parlamint", re.IGNORECASE)
_PERSONS = ("person", "personGrp", "org", "personaGrp", "persona")


class Header(Struct, frozen=True):
    """The facts of a header. `people` maps ids to names, `times` ids of the time line to seconds."""

    title: str = ""
    date: str = ""
    date_end: str = ""
    place: str = ""
    language: str = ""
    source: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""
    people: dict[str, str] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    anonymous: frozenset[str] = frozenset()

    def is_anonymous(self, key: str) -> bool:
        """Whether a key stands for a voice without a name: the file says so, or calls it Unknown or the like."""
        return key in self.anonymous or read_label(self.people[key]).unnamed

    def in_language(self, element: Any, words: Callable[[Any], str]) -> str:
        """The text of an element; of several descriptions the one in the language of the text."""
        described = list(children(element, "desc"))
        if not described:
            return words(element)
        best = [d for d in described if attribute(d, "lang") == self.language]
        return words((best or described)[0])


def read_header(root: Any) -> Header:
    """The header of a TEI element."""
    language = attribute(root, "lang") or next((attribute(t, "lang") for t in children(root, "text")), "")
    header = next(children(root, "teiHeader"), root)
    spoken = next(descendants(root, "u"), None) is not None
    start, end = _dates(root, header, spoken)
    return Header(
        title=_title(header, language, spoken),
        date=start,
        date_end=end if end != start else "",
        place=_place(header, language),
        language=language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language) else "",
        source=_source_title(header, language),
        publisher=_first(_of(header, "sourceDesc", "publisher")),
        url=next((u for u in _idnos(header, "sourceDesc") if re.fullmatch(r"https?://[^\s<>\"]+", u)), ""),
        licence=_licence(header),
        people=dict(_people(root)),
        times=_times(root),
        anonymous=frozenset(
            attribute(person, "id")
            for person in descendants(root, "person")
            if attribute(person, "role") == "anonymous"
        ),
    )


def _of(header: Any, section: str, *names: str) -> Iterator[Any]:
    for part in descendants(header, section):
        yield from descendants(part, *names)


def _first(elements: Iterator[Any]) -> str:
    return next((text for text in map(plain, elements) if text), "")


def _title(header: Any, language: str, spoken: bool) -> str:
    """The title of the document: in corpora the sitting's own, which is the sub-title there."""
    titles = [t for part in descendants(header, "titleStmt") for t in children(part, "title")]
    own = _in(titles, language)
    main = [t for t in own if attribute(t, "type") in ("", "main")] or own
    text = plain(main[0]) if main else ""
    if spoken and _CORPUS.search(text):
        source = _in([t for t in _of(header, "sourceDesc", "title") if attribute(t, "type") == "sub"], language)
        sub = source or [t for t in own if attribute(t, "type") == "sub"]
        text = plain(sub[0]) if sub else text
    return text


def _in(titles: list[Any], language: str) -> list[Any]:
    return (
        [t for t in titles if attribute(t, "lang") == language]
        or [t for t in titles if not attribute(t, "lang")]
        or titles
    )


def _source_title(header: Any, language: str) -> str:
    titles = [t for t in _of(header, "sourceDesc", "title") if attribute(t, "type") in ("", "main")]
    found = _in(titles, language)
    return plain(found[0]) if found else ""


def _dates(root: Any, header: Any, spoken: bool) -> tuple[str, str]:
    """First and last day of the event: the setting's date, else the source's; for a play its first print."""
    places = [("settingDesc", "date"), ("recordingStmt", "date"), ("sourceDesc", "date")]
    if not spoken:
        places = [("sourceDesc", "date"), ("settingDesc", "date")]
        for event in descendants(root, "event"):
            when = _DAY.match(attribute(event, "when"))
            if attribute(event, "type") == "print" and when:
                return when[0], ""
    for section, name in places:
        for element in _of(header, section, name):
            start = _DAY.match(attribute(element, "when", "from", "notBefore") or plain(element))
            end = _DAY.match(attribute(element, "to", "notAfter"))
            if start:
                return start[0], end[0] if end else ""
    return "", ""


def _place(header: Any, language: str) -> str:
    names = [
        element
        for element in _of(header, "settingDesc", "name", "placeName", "settlement", "locale", "place")
        if attribute(element, "type") in ("city", "place", "settlement", "") and local(element) != "place"
    ]
    found = _in(names, language)
    return plain(found[0]) if found else ""


def _idnos(header: Any, section: str) -> Iterator[str]:
    for element in _of(header, section, "idno", "ref", "ptr"):
        yield attribute(element, "target") or plain(element)


def _licence(header: Any) -> str:
    for element in _of(header, "publicationStmt", "licence", "license"):
        text = attribute(element, "target") or plain(element)
        match = re.search(r"creativecommons\.org/(?:licenses/([a-z-]+)/(\d\.\d)|publicdomain/zero)", text)
        if match:
            return f"CC {match[1].upper()} {match[2]}" if match[1] else "CC0 1.0"
        if text:
            return text
    return ""


# ---------------------------------------------------------------- people and times


def _people(root: Any) -> Iterator[tuple[str, str]]:
    for element in descendants(root, *_PERSONS):
        id = attribute(element, "id")
        name = _name(element)
        if id and name:
            yield id, name


def _name(person: Any) -> str:
    names = list(children(person, "persName", "name", "orgName", "label"))
    if not names:
        return plain(person) if not len(person) else ""
    parts = {kind: [plain(e) for e in children(names[0], kind)] for kind in ("forename", "nameLink", "surname")}
    if parts["surname"]:
        return " ".join((*parts["forename"], *parts["nameLink"], *parts["surname"]))
    return plain(names[0], ("roleName", "genName") if len(names[0]) else ())


def _times(root: Any) -> dict[str, float]:
    """Seconds of the points of a time line, counted from its first point."""
    times: dict[str, float] = {}
    for line in descendants(root, "timeline"):
        unit = {"ms": 0.001, "min": 60.0, "h": 3600.0}.get(attribute(line, "unit"), 1.0)
        for point in children(line, "when"):
            id, interval = attribute(point, "id"), attribute(point, "interval")
            since = times.get(attribute(point, "since").lstrip("#"), 0.0)
            match = re.fullmatch(r"\d+(?:\.\d+)?", interval)
            if id and (match or not interval):
                times[id] = since + (float(interval) * unit if match else 0.0)
    return times
