"""Bytes to text: the encodings transcripts come in, and what a file's name can be used for.

Nothing here looks for structure in the text.
"""

from __future__ import annotations

import codecs
import re

from msgspec.structs import replace

from sitegen.diagnostics import Checked, problem
from sitegen.identifiers import slug_of
from sitegen.importers.draft import Raw

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def decode(raw: Raw, declared: str = "") -> Checked[str]:
    """The text of a file, without a byte order mark, lines ended by line feeds.

    UTF-8, or what a byte order mark or `declared` says; bytes that are no UTF-8 are read as Windows-1252 with
    a warning, for that is what they nearly always are.
    """
    marked = next((name for mark, name in _MARKS if raw.data.startswith(mark)), "")
    for encoding in (marked, declared, "utf-8"):
        if not encoding:
            continue
        try:
            return Checked(_clean(raw.data.decode(encoding)))
        except (UnicodeDecodeError, LookupError):
            continue
    line = _first_bad_line(raw.data)
    hint = "save the file as UTF-8 if letters look wrong"
    warning = problem("import-encoding", raw.at(line), "not valid UTF-8; the file was read as Windows-1252", hint)
    return Checked(_clean(raw.data.decode("cp1252", "replace")), (warning,))


def as_utf8(raw: Raw) -> Raw:
    """The same file in UTF-8, if a byte order mark says that it is in UTF-16 or UTF-32."""
    wide = next((name for mark, name in _MARKS if raw.data.startswith(mark) and name != "utf-8-sig"), "")
    try:
        return replace(raw, data=raw.data.decode(wide).encode()) if wide else raw
    except UnicodeDecodeError:
        return raw


def _first_bad_line(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def _clean(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text


def squeezed(text: str) -> str:
    """A text on one line with single spaces. No-break spaces are somebody's decision and stay."""
    return _SPACES.sub(" ", text).strip(" ")


def stem_of(name: str) -> str:
    """A transcript id from a file's name: `talks/Kim Hill (2).srt` gives `kim-hill-2`."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return slug_of(last.rpartition(".")[0] or last) or "transcript"
