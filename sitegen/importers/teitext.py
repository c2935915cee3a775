"""The words inside a TEI utterance or speech: paragraphs, verse, notes between and within them.

Tokens of linguistic layers are joined into text again. Who speaks is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from sitegen.importers.teiheader import Header
from sitegen.importers.text import squeezed
from sitegen.importers.xmltree import attribute, children, local

PieceKind = Literal["speech", "note", "gap", "page", "footnote", "break", "part"]

_NOTES = ("note", "kinesic", "vocal", "incident", "writing", "event", "stage")
_GAPS = ("gap", "omission")
_PAGES = ("pb", "lb", "cb", "milestone", "anchor", "fw", "linkGrp", "spanGrp", "span", "media", "figure")
_PARAGRAPHS = ("seg", "p", "ab", "quote", "q", "cit", "s", "item", "row")
_CONTAINERS = ("list", "table", "div", "u", "floatingText", "body", "sp")
_TOKENS = ("w", "pc")
_FOOT = ("foot", "bottom", "end")
_TIGHT = ("right", "both")


class Piece(Struct, frozen=True):
    """A paragraph, a note, an omission or a page mark inside a turn."""

    kind: PieceKind
    text: str
    line: int


def words(element: Any) -> str:
    """The text of an element on one line, remarks of editors in it in brackets."""
    return _line("".join(_runs(element)))


def is_block(element: Any) -> bool:
    """Whether an element holds text of its own, not only other blocks."""
    return bool((element.text or "").strip())


def pieces(element: Any, header: Header) -> Iterator[Piece]:
    """What a `u` or `sp` holds, in order. Lines of verse stay lines."""
    loose: list[str] = [element.text or ""]
    verse: list[str] = []
    for child in children(element):
        name = local(child)
        if name == "l":
            yield from _flush(loose, element.sourceline)
            verse.append(words_of_line(child))
            yield from _footnotes(child)
            continue
        if verse:
            yield Piece("speech", "\n".join(verse), child.sourceline)
            verse = []
        if name in ("speaker",) or (name == "note" and attribute(child, "type") == "speaker"):
            pass
        elif name in (*_PARAGRAPHS, *_CONTAINERS, "lg", *_NOTES, *_GAPS, *_PAGES):
            yield from _flush(loose, element.sourceline)
            yield from _block(child, header)
        else:
            loose.append("".join(_inline(child)))
        loose.append(child.tail or "")
    if verse:
        yield Piece("speech", "\n".join(verse), element.sourceline)
    yield from _flush(loose, element.sourceline)


def _block(element: Any, header: Header) -> Iterator[Piece]:
    name = local(element)
    if name in (*_PAGES, *_GAPS, *_NOTES):
        yield from _mark(element, header)
    elif name == "lg":
        yield from _stanza(element)
    elif any(local(child) == "l" for child in element):
        yield Piece("speech", "\n".join(words_of_line(child) for child in children(element, "l")), element.sourceline)
    elif name in _CONTAINERS or any(local(child) in _PARAGRAPHS for child in element if local(child) != "s"):
        yield from pieces(element, header)
    else:
        yield from _footnotes(element)
        text = words(element)
        if text:
            yield Piece("speech", text, element.sourceline)


def _mark(element: Any, header: Header) -> Iterator[Piece]:
    """What stands between the paragraphs and is no speech."""
    name, line = local(element), element.sourceline
    if name == "milestone" and attribute(element, "unit") == "break":
        yield Piece("break", "", line)
        return
    if name in _PAGES:
        yield Piece("page", name, line)
        return
    text = header.in_language(element, words)
    if name in _GAPS:
        yield Piece("gap", text or attribute(element, "reason") or "no reason given", line)
    elif text and attribute(element, "type") == "heading":
        yield Piece("part", text, line)
    elif text:
        yield Piece("footnote" if attribute(element, "place") in _FOOT else "note", text, line)


def _stanza(element: Any) -> Iterator[Piece]:
    verses = [child for child in element.iter() if local(child) == "l"]
    if verses:
        yield Piece("speech", "\n".join(map(words_of_line, verses)), element.sourceline)
    for verse in verses:
        yield from _footnotes(verse)


def _flush(loose: list[str], line: int) -> Iterator[Piece]:
    text = _line("".join(loose))
    loose.clear()
    if text:
        yield Piece("speech", text, line)


def words_of_line(element: Any) -> str:
    """A line of verse without its footnotes."""
    return words(element)


def _footnotes(element: Any) -> Iterator[Piece]:
    for note in element.iter():
        if local(note) == "note" and attribute(note, "place") in _FOOT:
            yield Piece("footnote", _line("".join(note.itertext())), note.sourceline)


def _line(text: str) -> str:
    return squeezed(text)


def _runs(element: Any) -> Iterator[str]:
    """The text runs of an element; tokens bring their own spaces."""
    tokens = any(local(child) in (*_TOKENS, "s", "name", "phr", "cl") for child in element) and any(
        local(found) in _TOKENS for found in element.iter()
    )
    if element.text and not tokens:
        yield element.text
    for child in children(element):
        yield from _inline(child)
        if child.tail and (not tokens or child.tail.strip()):
            yield child.tail


def _inline(child: Any) -> Iterator[str]:
    name = local(child)
    if name in _TOKENS:
        yield "".join(child.itertext()) if name != "w" or not len(child) else (child.text or "".join(child.itertext()))
        if attribute(child, "join") not in _TIGHT:
            yield " "
    elif name in _NOTES:
        if attribute(child, "place") not in _FOOT and attribute(child, "type") != "speaker":
            text = _line("".join(_described(child)))
            yield f" {text} " if text[:1] in "([" else f" [{text}] " if text else ""
    elif name in _GAPS:
        yield _gap(child)
    elif name == "choice":
        best = next(iter(children(child, "corr", "reg", "expan")), None)
        yield from _runs(best if best is not None else child)
    elif name in ("del", "desc", *_PAGES):
        yield " " if name in ("lb", "pb") else ""
    elif name == "time":
        yield f" {''.join(child.itertext())} "
    elif name == "pause":
        yield " … "
    else:
        yield from _runs(child)


def _gap(element: Any) -> str:
    """An omission inside a paragraph: as the file shows it, else by its reason."""
    described = _line("".join(_described(element)))
    if described[:1] == "[" and described[-1:] == "]":
        return described
    reason = attribute(element, "reason")
    return f" [{reason if reason in ('inaudible', 'unclear', 'crosstalk') else '…'}] "


def _described(note: Any) -> Iterator[str]:
    described = next(children(note, "desc"), None)
    yield from (described if described is not None else note).itertext()
