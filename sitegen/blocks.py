"""The body of a transcript cut into chunks: paragraphs, headings, events, cuts and breaks, with their lines.

This is the block structure alone. Who speaks, and which ids things get, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from sitegen.markup import GAP

ChunkKind = Literal["text", "heading", "event", "cut", "break"]

_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")
_HEADING_END = re.compile(r"(?<![ \t#])[ \t]+#+[ \t]*\Z")
_BREAK = re.compile(r"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_CUT = re.compile("[<\\[(]\\s*(?:\u2026|\\.\\.\\.)\\s*[>\\])]")
_EVENT = re.compile(r"(?P<star>\*{0,2}|_)(?:\((?P<round>[^()]{1,4000})\)|\[(?P<square>[^\[\]]{1,4000})\])(?P=star)")
_IN_BRACKETS = ("(", "[", "<", "*", "_")
"""What a cut or an event begins with."""

_STANDS_ALONE = ("#", "*", "-", "_")
"""What a heading or a break begins with."""

_LIST_ITEM = re.compile(r"[ \t]{0,3}(?:[-*+]|(?P<number>\d{1,9})[.)])[ \t]")
_FIRST_ITEM = re.compile(r"[ \t]{0,3}(?:[-*+]|1[.)])[ \t]")  # `1986. That was …` is no list


class Chunk(Struct, frozen=True):
    """A block of the body. `line` counts from 1 in the file; `text` is without line endings around it.

    For a heading `text` is its title, for an event the words as printed, brackets included.
    """

    kind: ChunkKind
    line: int
    text: str


def chunks_of(body: str, first_line: int) -> Iterator[Chunk]:
    """The chunks of a body whose first line is line `first_line` of its file."""
    held: Chunk | None = None  # a list may go on after a blank line
    for chunk in _paragraphs(body, first_line):
        if held and chunk.kind == "text" and _continues_list(held.text, chunk.text):
            blank_lines = chunk.line - held.line - held.text.count("\n")
            held = Chunk("text", held.line, held.text + "\n" * blank_lines + chunk.text)
            continue
        if held:
            yield held
        held = chunk
    if held:
        yield held


def _continues_list(above: str, below: str) -> bool:
    if not _FIRST_ITEM.match(above):
        return False
    item = _LIST_ITEM.match(below)
    counts_on = item is not None and int(item["number"] or 1) <= above.count("\n") + 2
    return counts_on or below.startswith(("  ", "\t"))


def _paragraphs(body: str, first_line: int) -> Iterator[Chunk]:
    gathered: list[str] = []
    for number, raw in enumerate(body.split("\n"), first_line):
        line = raw.rstrip("\r")
        bare = line.strip()
        alone = _standing_alone(line, number) if bare.startswith(_STANDS_ALONE) else None
        if gathered and (alone or not bare):
            yield _text_chunk(gathered, number)
            gathered = []
        if alone:
            yield alone
        elif bare:
            gathered.append(line)
    if gathered:
        yield _text_chunk(gathered, first_line + body.count("\n") + 1)


def _standing_alone(line: str, number: int) -> Chunk | None:
    """A heading or break: these need no blank line around them."""
    heading = _HEADING.fullmatch(line)
    title = _HEADING_END.sub("", heading[1]).strip(" \t") if heading else ""
    if title.strip("#"):
        return Chunk("heading", number, title)
    return Chunk("break", number, line.strip()) if _BREAK.fullmatch(line) else None


def _text_chunk(lines: list[str], next_line: int) -> Chunk:
    text = "\n".join(lines)
    bare = text.strip()
    kind: ChunkKind = "text"
    if not bare.startswith(_IN_BRACKETS):
        return Chunk(kind, next_line - len(lines), text)
    if _CUT.fullmatch(bare):
        kind = "cut"
    elif _EVENT.fullmatch(bare) and not GAP.fullmatch(bare):
        kind = "event"
    return Chunk(kind, next_line - len(lines), text if kind == "text" else bare)
