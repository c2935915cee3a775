"""Typographic folds: two texts that look the same to a reader become equal, with a way back.

Three folds, each a function from a text to a `Folded`: `fold_typographic` levels what keyboards and
typesetters change (F1), `fold_editorial` also leaves out insertions in brackets (F2), `fold_loose` also
case, accents and punctuation (F3, for suggestions only). Nothing here searches or decides on a match.

The folds are not NFKC: that would turn superscripts, fractions and full-width forms into other
characters, which a reader can see.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

TURN_BREAK = "\x1d"
"""Stands between turns in a stream; no fold touches it, so no quote matches across it."""

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
INVISIBLE = "\xad\u200b\u2060\ufeff"
DASHES = "\\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
SINGLE_QUOTES = "'`\xb4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\uff07"
DOUBLE_QUOTES = '"\xab\xbb\u02ba\u201c-\u201f\u2033\u2036\u301d-\u301f\uff02'
LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}

_EXPANDED_SIGNS = (*LIGATURES, *INVISIBLE)
_EXPANDED = str.maketrans({**LIGATURES, **dict.fromkeys(INVISIBLE, "")})
_GAP = f"[{SPACES}]*"
_ONE_ELLIPSIS = f"(?:\u2026|\\.(?:{_GAP}\\.){{2,}})"
_TYPOGRAPHIC = re.compile(
    f"(?P<ellipsis>{_GAP}{_ONE_ELLIPSIS}(?:{_GAP}{_ONE_ELLIPSIS})*{_GAP})"
    f"|(?P<dash>{_GAP}[{DASHES}](?:{_GAP}[{DASHES}])*{_GAP})"
    # A single space stays as it is; not matching it at all is what makes folding fast.
    f"|(?P<space>[{SPACES}]{{2,}}|[{SPACES.replace(' ', '')}])"
    f"|(?P<double>[{SINGLE_QUOTES}]{{2}}|\xab[\xa0\u202f]|[\xa0\u202f]\xbb|[{DOUBLE_QUOTES}])"
    f"|(?P<single>[{SINGLE_QUOTES}])"
    "|(?P<joiner>(?<=[A-Za-z\xc0-\u024f])\u200c(?=[A-Za-z\xc0-\u024f]))"
)
# Where something to level may begin or, after spaces, go on. The regular expression engine scans for one set of
# characters, or for a text, twice as fast as for any of them.
_STIRRING = (
    re.compile(f"[{SPACES.replace(' ', '')}{DASHES}{SINGLE_QUOTES}{DOUBLE_QUOTES}\u2026\u200c]"),
    re.compile("  "),
    re.compile(f"\\.(?={_GAP}\\.)"),
)
_REPLACEMENT = {"ellipsis": "\u2026", "dash": "-", "space": " ", "double": '"', "single": "'", "joiner": ""}

_INSERTION = f"(?:\\[[^\\[\\]{TURN_BREAK}]{{1,80}}\\]|<(?:\u2026|\\.\\.\\.)>)"
_EDITORIAL = re.compile(
    f"(?<![{SPACES}])[{SPACES}]*{_INSERTION}(?=[,.;:!?)\u2019\u201d\"'])"
    f"|(?<![^{SPACES}{TURN_BREAK}]){_INSERTION}[{SPACES}]*"
    f"|{_INSERTION}"
)
_NOT_PLAIN = re.compile(f"[^a-z0-9 {TURN_BREAK}]")


class Folded(Struct, frozen=True):
    """A folded text and the pieces it was made of.

    Piece `i` begins at `starts[i]` of `text` and at `origins[i]` of the text that was folded; in a piece
    that is `kept` characters correspond one to one, any other was replaced as a whole. A fold of a fold
    has the first one as its `inner`.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    kept: tuple[bool, ...]
    inner: Folded | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text from which the non-empty range `start`..`end` was made."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end - 1) - 1
        begin = self.origins[first] + (start - self.starts[first] if self.kept[first] else 0)
        finish = self.origins[last] + (end - self.starts[last]) if self.kept[last] else self.origins[last + 1]
        return self.inner.origin(begin, finish) if self.inner else (begin, finish)


@lru_cache(maxsize=8)
def folded_quote(text: str) -> str:
    """A quote after fold F1; it is looked at several times, one after the other."""
    if text.isascii() and not any(pattern.search(text) for pattern in _STIRRING):
        return text
    return fold_typographic(text).text


def fold_typographic(text: str) -> Folded:
    """F1: composed characters, one kind of space, dash, ellipsis and quote marks; invisible characters dropped.

    Runs of spaces and dashes become one, and spaces around a dash or an ellipsis go with it.
    """
    as_is = unicodedata.is_normalized("NFC", text) and not any(sign in text for sign in _EXPANDED_SIGNS)
    composed = None if as_is else _replace(text, _composed_clusters(text))
    readable = composed.text if composed else text
    return _replace(readable, _typographic_matches(readable), composed)


def fold_editorial(text: str, asides: Iterable[tuple[int, int]] = ()) -> Folded:
    """F2: F1 without bracketed insertions of up to 80 characters, cut marks, and the ranges `asides`.

    Asides are the stage directions of a text: they must be in order and not touch each other's ends.
    """
    insertions = _matches(_EDITORIAL, text, lambda match: "")
    without = _replace(text, _merged([*insertions, *((start, end, "") for start, end in asides)]))
    return _after(fold_typographic(without.text), without)


def fold_loose(folded: Folded) -> Folded:
    """F3 of a fold: case, accents and punctuation levelled as well."""
    bare = _replace(folded.text, _matches(_NOT_PLAIN, folded.text, _bare_form), folded)
    return _after(fold_typographic(bare.text), bare)


def _typographic_matches(text: str) -> Iterator[tuple[int, int, str]]:
    """What `_TYPOGRAPHIC.finditer` gives; most of a text is passed over without a look at each alternative."""
    position = 0
    for stirring in sorted([found.start() for pattern in _STIRRING for found in pattern.finditer(text)]):
        if stirring < position:
            continue
        first = stirring
        while first > position and text[first - 1].isspace():
            first -= 1
        for start in range(first, stirring + 1):
            if match := _TYPOGRAPHIC.match(text, start):
                break
        else:
            position = stirring + 1
            continue
        position = match.end()
        replacement = _REPLACEMENT[match.lastgroup or ""]
        if replacement != match[0]:
            yield match.start(), position, replacement


def _bare_form(match: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFD", match[0])
    return "".join(c for c in decomposed if c.isalnum()).casefold()


def _matches(
    pattern: re.Pattern[str], text: str, form: Callable[[re.Match[str]], str]
) -> Iterator[tuple[int, int, str]]:
    for match in pattern.finditer(text):
        replacement = form(match)
        if replacement != match[0]:
            yield match.start(), match.end(), replacement


def _composed_clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """The clusters (a character and the marks that combine with it) that NFC changes, once ligatures are
    spelled out and invisible characters are gone."""
    start = 0
    for position in range(1, len(text) + 1):
        if position < len(text) and _combines(text[position]):
            continue
        cluster = text[start:position]
        composed = unicodedata.normalize("NFC", cluster.translate(_EXPANDED))
        if composed != cluster:
            yield start, position, composed
        start = position


def _combines(character: str) -> bool:
    # Hangul vowels and final consonants compose with the syllable before them but are no marks.
    return unicodedata.category(character)[0] == "M" or "\u1161" <= character <= "\u11ff" or character in INVISIBLE


def _merged(ranges: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    reached = 0
    for start, end, replacement in sorted(ranges):
        if end > reached:
            yield max(start, reached), end, replacement
            reached = end


def _replace(text: str, replacements: Iterable[tuple[int, int, str]], inner: Folded | None = None) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    kept: list[bool] = []
    length = position = 0
    for start, end, replacement in replacements:
        if start > position:
            pieces.append(text[position:start])
            starts.append(length)
            origins.append(position)
            kept.append(True)
            length += start - position
        pieces.append(replacement)
        starts.append(length)
        origins.append(start)
        kept.append(False)
        length += len(replacement)
        position = end
    pieces.append(text[position:])
    return Folded(
        "".join(pieces),
        (*starts, length),
        (*origins, position),
        (*kept, True),
        inner,
    )


def _after(outer: Folded, inner: Folded) -> Folded:
    """`outer`, a fold of `inner.text` that does not know `inner` yet, as a fold of what `inner` folded."""
    below = _after(outer.inner, inner) if outer.inner else inner
    return Folded(outer.text, outer.starts, outer.origins, outer.kept, below)
