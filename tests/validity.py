"""Rules of the HTML standard that the parser of html5lib does not hold: what may stand in what, what refers to what.

The standard has more; the outside validators of `test_html` know those, where they are installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS = _names("h1 h2 h3 h4 h5 h6")
PHRASING_ONLY = HEADINGS | _names(
    "b bdi button cite code dfn em i kbd label legend mark output p pre q s small span strong sub summary sup time"
)
BLOCKS = HEADINGS | _names(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form header hr li main"
    " nav ol p pre search section table ul"
)
INTERACTIVE = _names("a button details input label select summary textarea")
ONLY_CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"div", "dt", "dd"},
    "select": {"option", "optgroup", "hr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
}
ONLY_PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "figcaption": {"figure"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "option": {"select", "optgroup"},
    "meta": {"head"},
    "title": {"head", "svg", "rect", "circle"},
}
REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
COMPLETED = _names("search text email url tel number date month time week password color range hidden")
"""The types of input fields that can be filled in for the reader, so that `autocomplete` means something."""

DATE_OR_DURATION = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?:T\d\d:\d\d(?::\d\d)?Z)?|PT(?:\d+H)?(?:\d+M)?(?:\d+S)?")


def faults(root: Element) -> Iterator[str]:
    """What is wrong with a page that has been parsed; nothing where it is right."""
    ids = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
    yield from _of_document(root)
    yield from _nested(root, root, frozenset())
    for element in root.iter():
        for name in REFERRING:
            for identity in element.attrib.get(name, "").split():
                if identity not in ids:
                    yield f"{_name(element)} refers to {identity} by {name}, which is nowhere"
        yield from _of_attributes(element)


def _of_document(root: Element) -> Iterator[str]:
    headings = [int(element.tag[1]) for element in root.iter() if element.tag in HEADINGS]
    if headings.count(1) != 1 or headings[0] != 1:
        yield f"the page begins with its one h1, not with {headings[:3]}"
    yield from (f"h{b} follows h{a}" for a, b in pairwise(headings) if b > a + 1)
    if sum(element.tag == "main" for element in root.iter()) != 1:
        yield "a page has one main"
    if not root.attrib.get("lang") or not (root.findtext("head/title") or "").strip():
        yield "a page has a language and a title"


def _nested(element: Element, parent: Element, around: frozenset[str]) -> Iterator[str]:
    """What an element may not hold or stand in; `around` are the tags that it stands in."""
    tag = str(element.tag)
    if tag in ONLY_PARENTS and parent.tag not in ONLY_PARENTS[tag]:
        yield f"{_name(element)} stands in {_name(parent)}"
    if parent.tag in ONLY_CHILDREN and tag not in ONLY_CHILDREN[str(parent.tag)]:
        yield f"{_name(parent)} holds {_name(element)}"
    if tag in BLOCKS and around & PHRASING_ONLY and not ("summary" in around and tag in HEADINGS):
        yield f"{_name(element)} stands among words, in {sorted(around & PHRASING_ONLY)}"
    if tag in INTERACTIVE and around & {"a", "button"}:
        yield f"{_name(element)} stands in a link or button"
    if parent.tag in ("ul", "ol", "dl") and (parent.text or "").strip() + (element.tail or "").strip():
        yield f"{_name(parent)} holds words of its own"
    within = around | {tag}
    for child in element:
        yield from _nested(child, element, within)


def _of_attributes(element: Element) -> Iterator[str]:
    given = element.attrib
    if element.tag == "time" and not DATE_OR_DURATION.fullmatch(given.get("datetime", element.text or "")):
        yield f"time says {given.get('datetime', element.text)}, which is neither a date nor a duration"
    if element.tag == "input" and "autocomplete" in given and given.get("type", "text") not in COMPLETED:
        yield f"a field of type {given['type']} has autocomplete"
    if element.tag == "img" and "alt" not in given:
        yield "an image has no text in its place"
    if element.tag == "button" and given.get("type") not in ("button", "submit"):
        yield "a button does not say what it is for"
    for name in ("lang", "hreflang"):
        if name in given and not re.fullmatch(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*", given[name]):
            yield f"{_name(element)} has the {name} {given[name]!r}"
    if given.get("dir", "ltr") not in ("ltr", "rtl", "auto"):
        yield f"{_name(element)} has the dir {given['dir']!r}"


def _name(element: Element) -> str:
    identity = element.attrib.get("id") or element.attrib.get("class")
    return f"{element.tag} ({identity})" if identity else str(element.tag)
