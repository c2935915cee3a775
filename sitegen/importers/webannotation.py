"""W3C Web Annotations (JSON-LD): single ones, lists, pages and collections, and the like of Hypothesis exports.

Read by the Web Annotation Data Model of 23 February 2017 as far as text goes: quote, position and fragment selectors
and their refinements. Nothing is fetched: a body that lies elsewhere becomes a link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from msgspec.structs import replace

from sitegen.diagnostics import Checked, problem
from sitegen.identifiers import slug_of
from sitegen.importers.dates import find_date
from sitegen.importers.draft import Raw
from sitegen.importers.draftnotes import DraftNote, Notes, Spot
from sitegen.importers.jsonvalues import Lines, at, parse, text_at
from sitegen.importers.markdowntext import escaped

_KINDS = {"describing": "definition", "linking": "source", "editing": "transcription", "commenting": "context"}
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def recognise(raw: Raw) -> float:
    """JSON with the context of the vocabulary, or with its types."""
    head = raw.data[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"["):
        return 0.0
    known = b"w3.org/ns/anno" in head or re.search(
        rb'"type"\s*:\s*"(?:Annotation|AnnotationPage|AnnotationCollection)"', head
    )
    return 0.97 if known else 0.8 if b'"TextQuoteSelector"' in head else 0.0


def read(raw: Raw) -> Checked[Notes]:
    """The annotations of a file in their order."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked(Notes(), parsed.diagnostics)
    value, lines = parsed.value
    notes = tuple(_note(item, lines) for item in _annotations(value))
    found = () if notes else (problem("import-unreadable", raw.at(1), "the file holds no annotations"),)
    return Checked(Notes(notes), (*parsed.diagnostics, *found))


def _annotations(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The annotations in a collection, a page, a list, or alone."""
    if depth > 8:
        return
    if isinstance(value, list):
        for item in value:
            yield from _annotations(item, depth + 1)
    elif isinstance(value, dict):
        if "target" in value:
            yield value
            return
        for key in ("first", "items", "rows", "resources", "@graph", "next"):
            yield from _annotations(value.get(key), depth + 1)


def _note(item: dict[str, Any], lines: Lines) -> DraftNote:
    bodies = list(_bodies(item))
    texts = [text for kind, text in bodies if kind == "text"]
    tags = [text for kind, text in bodies if kind == "tag"] + [t for t in _list(item.get("tags")) if isinstance(t, str)]
    identity = text_at(item, "id", "@id")
    motivations = [m for m in _list(item.get("motivation")) if isinstance(m, str)]
    return DraftNote(
        spots=tuple(_spots(item)),
        note="\n\n".join(dict.fromkeys(filter(None, texts))),
        topics=tuple(dict.fromkeys(filter(None, map(slug_of, tags)))),
        kind=next((_KINDS[m] for m in motivations if m in _KINDS), ""),
        id=_identity(identity),
        author=_name(item.get("creator")) or text_at(item, "user").removeprefix("acct:").partition("@")[0],
        created=_day(text_at(item, "created")),
        updated=_day(text_at(item, "modified", "updated")),
        language=next((text for kind, text in bodies if kind == "language"), ""),
        links=tuple(text for kind, text in bodies if kind == "link"),
        line=lines.of(identity) if identity else lines.line,
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _identity(address: str) -> str:
    """An id for the note from that of the annotation: what follows `#n-`, else the last step of the address."""
    last = address.rpartition("#n-")[2] if "#n-" in address else address.rstrip("/").rpartition("/")[2]
    id = slug_of(last.rpartition("#")[2])
    return id if len(id) <= 60 else ""


def _name(creator: Any) -> str:
    names = []
    for one in _list(creator):
        name = text_at(one, "name", "nickname") or (one if isinstance(one, str) else text_at(one, "id"))
        names.append(name)
    return ", ".join(filter(None, names))


def _day(text: str) -> str:
    found = find_date(text[:10])
    return found.iso if found else text if re.fullmatch(r"\d{4}(-\d{2})?", text) else ""


# ---------------------------------------------------------------- bodies


def _bodies(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What an annotation says: pairs of `text`, `tag`, `link` or `language`, and the words."""
    value = text_at(item, "bodyValue")
    if value:
        yield "text", escaped(value)
    if isinstance(item.get("text"), str) and "body" not in item:
        yield "text", item["text"].strip()
    for body in _list(item.get("body")):
        yield from _body(body, 0)


def _body(body: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(body, str):
        yield "link", body
        return
    if not isinstance(body, dict) or depth > 4:
        return
    if body.get("type") in ("Choice", "List", "Composite", "Independents"):
        items = _list(body.get("items"))
        # Of a choice one is meant to be shown, and the first is the default.
        for one in items[:1] if body["type"] == "Choice" else items:
            yield from _body(one, depth + 1)
        return
    if text_at(body, "value"):
        yield from _textual(body)
    elif isinstance(body.get("source"), dict | str):
        yield from _body(body["source"], depth + 1)
    elif text_at(body, "id", "@id"):
        yield "link", text_at(body, "id", "@id")


def _textual(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    value = text_at(body, "value")
    purposes = _list(body.get("purpose"))
    if "tagging" in purposes or "classifying" in purposes:
        yield "tag", value
        return
    form = text_at(body, "format")
    language = text_at(body, "language")
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
        yield "language", language
    if form == "text/html":
        yield "text", escaped(" ".join(html.unescape(_TAG.sub(" ", value)).split()))
    else:
        yield "text", value if form == "text/markdown" else escaped(value)


# ---------------------------------------------------------------- targets


def _spots(item: dict[str, Any]) -> Iterator[Spot]:
    for target in _list(item.get("target")):
        if isinstance(target, str):
            source, _, fragment = target.partition("#")
            yield _with_fragment(Spot(source), fragment)
            continue
        source = text_at(target, "source", "id", "@id") or text_at(at(target, "source"), "id") or text_at(item, "uri")
        address, _, fragment = source.partition("#")
        spot = _with_fragment(Spot(address), fragment)
        selectors = [s for s in _list(at(target, "selector")) if isinstance(s, dict)]
        for selector in selectors:
            spot = _selected(spot, selector, 0)
        yield spot


def _with_fragment(spot: Spot, fragment: str) -> Spot:
    """The spot narrowed by a fragment: an id, or a text fragment `:~:text=`."""
    id, mark, directive = unquote(fragment).partition(":~:text=")
    if mark:
        words = [w for w in directive.partition("&")[0].split(",") if not (w.startswith("-") or w.endswith("-"))]
        quote = " [...] ".join(words) if len(words) > 1 else directive.partition("&")[0] if not words else words[0]
        spot = replace(spot, quote=spot.quote or quote)
    return replace(spot, fragment=id) if id else spot


def _selected(spot: Spot, selector: dict[str, Any], depth: int) -> Spot:
    kind = text_at(selector, "type", "@type").rpartition(":")[2]
    if kind == "TextQuoteSelector":
        texts = {name: selector[name] for name in ("exact", "prefix", "suffix") if isinstance(selector.get(name), str)}
        spot = replace(
            spot, quote=texts.get("exact", ""), prefix=texts.get("prefix", ""), suffix=texts.get("suffix", "")
        )
    elif kind == "TextPositionSelector":
        start, end = selector.get("start"), selector.get("end")
        if isinstance(start, int) and isinstance(end, int):
            spot = replace(spot, start=start, end=end)
    elif kind == "FragmentSelector":
        value = text_at(selector, "value").removeprefix("#")
        if "(" in value:
            spot = replace(spot, problem=f"a selector of another format: {value}")
        else:
            spot = _with_fragment(spot, value)
    elif kind:
        spot = replace(spot, problem=spot.problem or f"a {kind}")
    for refined in _list(selector.get("refinedBy")):
        if isinstance(refined, dict) and depth < 6:
            spot = _selected(spot, refined, depth + 1)
    return spot
