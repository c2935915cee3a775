"""Paragraphs without markup, told apart and written as HTML without a parser; and what is woven into words.

Most paragraphs mean nothing to Markdown, and parsing is what costs most. What is written here equals what
`markup` gives for them, which a property test holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

GAP = re.compile(
    r"\[(inaudible|unintelligible|indiscernible|crosstalk|redacted|unclear)\b[^\[\]]{0,60}\]", re.IGNORECASE
)
"""A passage that could not be heard or is left out, with its reason."""

_SIGNS = tuple("\\`*_[]<>&~\r\0")
"""What may mean something to Markdown anywhere in a line."""

_BLOCK_BEGINS = re.compile(r"[ \t]|[-+>#=]|\d+[.)]")
"""What may mean something at the start of a line."""

_BARE = r"[^\\`*_\[\]<>&~\r\n\0]"
# Alternatives that begin with a sign each, not with what must not stand before it, are looked for by these signs.
_SIMPLE = re.compile(
    rf"\*(?<!\*\*)(?P<stressed>[^\W_](?:{_BARE}*[^\W_])?)\*(?!\*)"
    rf"|\[(?P<linked>{_BARE}+)\]\((?P<url>https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[a-z0-9._-]*)*)\)"
)
"""A stress or a link to another site that can be read in one way only."""


class Html(str):
    """Text that is HTML already; templates do not escape it again."""

    __slots__ = ()

    def __html__(self) -> Html:
        return self


class MarkedRange(Struct, frozen=True):
    """Words a note speaks of: a range of the plain text."""

    start: int
    end: int
    note_id: str
    kind: str


class Marker(Struct, frozen=True):
    """HTML to insert where the text up to `offset` has been said."""

    offset: int
    html: Html


def escaped(text: str) -> str:
    """A text as markdown-it escapes it: apostrophes stay."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def written(attributes: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag."""
    return "".join([f' {name}="{escaped(value)}"' for name, value in attributes.items()])


def plain_html(markup: str) -> str:
    """A paragraph that `is_plain` as HTML: it holds none of the other signs that are escaped."""
    return markup.replace('"', "&quot;")


def is_plain(markup: str) -> bool:
    """Whether a paragraph needs no parser: nine in ten do not, and parsing is what costs most."""
    for sign in _SIGNS:  # one after the other, which is several times as fast as matching any of them
        if sign in markup:
            return False
    for line in markup.split("\n"):
        if not line or line[-1] in " \t" or (not line[0].isalpha() and _BLOCK_BEGINS.match(line)):
            return False
    return markup == markup.strip()


def is_simple(markup: str) -> bool:
    """Whether a paragraph is plain apart from stresses and links to other sites that can be read in one way only."""
    bare = _SIMPLE.sub("x", markup)
    return bare != markup and is_plain(bare)


def simple_pieces(markup: str) -> Iterator[tuple[str, str]]:
    """The pieces of a paragraph that `is_simple`, each with what it is: empty for text, `em`, or the address of
    a link."""
    position = 0
    for match in _SIMPLE.finditer(markup):
        if match.start() > position:
            yield "", markup[position : match.start()]
        yield match["url"] or "em", match["stressed"] or match["linked"]
        position = match.end()
    if position < len(markup):
        yield "", markup[position:]


def unparsed_html(markup: str) -> str | None:
    """A paragraph that needs no parser as HTML; None for another."""
    if is_plain(markup):
        return plain_html(markup)
    if not is_simple(markup):
        return None
    return "".join([_element(kind, plain_html(words)) for kind, words in simple_pieces(markup)])


def _element(kind: str, words: str) -> str:
    if not kind:
        return words
    return f"<em>{words}</em>" if kind == "em" else f'<a href="{kind}" rel="external">{words}</a>'


def woven_plain(markup: str, marks: Sequence[MarkedRange], markers: Sequence[Marker]) -> str:
    """What `_woven` gives for text without markup; a line break counts as one character and is never marked."""
    if not marks and not markers:
        return plain_html(markup)
    written: list[str] = []
    waiting: list[Marker] = []
    offset = 0
    for number, line in enumerate(markup.split("\n")):
        if number:
            written += [*[marker.html for marker in waiting], "\n"]
            waiting = []
            offset += 1
        for start, end in pieces_of(line, offset, marks, markers):
            written += [marker.html for marker in waiting]
            words = plain_html(line[start - offset : end - offset])
            active = [mark for mark in marks if mark.start <= start and end <= mark.end]
            written.append(f"{_mark_tag(active)}{words}</mark>" if active and not words.isspace() else words)
            waiting = [marker for marker in markers if start < marker.offset <= end]
        offset += len(line)
    return "".join([*written, *[marker.html for marker in waiting]])


def _mark_tag(active: Sequence[MarkedRange]) -> str:
    return f"<mark{written(mark_attributes(active))}>"


def mark_attributes(active: Sequence[MarkedRange]) -> dict[str, str]:
    """The attributes of the `mark` around words that several notes speak of."""
    kinds = {f"k-{mark.kind}": mark for mark in active}
    return {"class": " ".join(kinds), "data-notes": " ".join({mark.note_id: mark for mark in active})}


def pieces_of(
    text: str, offset: int, marks: Sequence[MarkedRange], markers: Sequence[Marker]
) -> Iterator[tuple[int, int]]:
    """Where to cut a text: at the ends of ranges, at markers and around gaps."""
    end = offset + len(text)
    cuts = {offset, end, *[marker.offset for marker in markers]}
    for mark in marks:
        cuts |= {mark.start, mark.end}
    for gap in GAP.finditer(text) if "[" in text else ():
        cuts |= {offset + gap.start(), offset + gap.end()}
    return pairwise(sorted([cut for cut in cuts if offset <= cut <= end]))
