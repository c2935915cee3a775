"""Codes and terms in tables and mappings: coded passages (CSV) and glossaries (CSV or JSON).

A coded passage quotes the words it is about; a glossary defines words wherever they stand.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from typing import Any

from sitegen.diagnostics import Checked, problem
from sitegen.identifiers import slug_of
from sitegen.importers.dates import find_date
from sitegen.importers.draft import Raw
from sitegen.importers.draftnotes import DraftNote, Notes, Spot, Term
from sitegen.importers.jsonvalues import mappings, parse, text_at
from sitegen.importers.markdowntext import escaped
from sitegen.importers.spreadsheet import delimiter_of, lines_of
from sitegen.importers.text import decode

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_NAMES = {
    "quote": "quote quotation quotation_content excerpt passage coded_text coded_segment highlight exact selected_text"
    " zitat",
    "topics": "topic topics code codes tag tags theme themes category categories subject subjects keyword keywords",
    "note": "note notes comment comments memo annotation remark body",
    "transcript": "transcript transcript_id document document_name file source uri url",
    "speaker": "speaker who participant",
    "at": "at anchor turn turn_id paragraph paragraph_id fragment",
    "prefix": "prefix before",
    "suffix": "suffix after",
    "author": "author coder creator user",
    "created": "created date created_at",
    "kind": "kind type",
    "id": "id note_id",
    "term": "term word abbreviation acronym entry lemma begriff terme",
    "definition": "definition meaning description explanation expansion summary bedeutung",
    "aliases": "aliases alias also variants forms",
}
_COLUMNS = {name: kind for kind, names in _NAMES.items() for name in names.split()}


def _kinds(header: list[str]) -> list[str]:
    keys = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in header]
    found: list[str] = []
    for key in keys:
        kind = _COLUMNS.get(key, "")
        found.append(kind if kind not in found else "")
    return found


def recognise_table(raw: Raw) -> float:
    """A first line with a column of quotes and one of codes or notes, or of terms and definitions."""
    first = decode(Raw(raw.name, raw.data[:8192])).value.lstrip("\n").partition("\n")[0]
    kinds = set(_kinds([cell.strip().strip('"') for cell in first.split(delimiter_of(first))]))
    coded = "quote" in kinds and bool(kinds & {"topics", "note"})
    return 0.95 if coded or {"term", "definition"} <= kinds else 0.0


def read_table(raw: Raw) -> Checked[Notes]:
    """The coded passages, or the terms, of a table."""
    text = decode(raw)
    first = text.value.lstrip("\n").partition("\n")[0]
    reader = csv.reader(lines_of(text.value), delimiter=delimiter_of(first), strict=True)
    kinds: list[str] = []
    notes: list[DraftNote] = []
    terms: list[Term] = []
    begin = 1
    try:
        for cells in reader:
            line, begin = begin, reader.line_num + 1
            if not kinds:
                kinds = _kinds(cells) if any(cell.strip() for cell in cells) else []
                continue
            row = {kind: cell.strip() for kind, cell in zip(kinds, cells, strict=False) if kind}
            if row.get("term") and row.get("definition"):
                terms.append(_term(row["term"], row["definition"], re.split(r"[;,|]", row.get("aliases", "")), line))
            elif any(row.values()):
                notes.append(_coded(row, line))
    except csv.Error as error:
        found = problem("import-unreadable", raw.at(begin), f"no table from here on: {error}")
        return Checked(Notes(), (*text.diagnostics, found))
    return Checked(Notes(tuple(notes), tuple(terms)), text.diagnostics)


def _coded(row: dict[str, str], line: int) -> DraftNote:
    date = find_date(row.get("created", ""))
    source, _, fragment = row.get("transcript", "").partition("#")
    spot = Spot(
        source,
        row.get("quote", ""),
        row.get("prefix", ""),
        row.get("suffix", ""),
        row.get("at", "") or fragment,
        speaker=row.get("speaker", ""),
    )
    return DraftNote(
        (spot,),
        escaped(row.get("note", "")),
        tuple(dict.fromkeys(filter(None, map(slug_of, re.split(r"[;,|\n]", row.get("topics", "")))))),
        row.get("kind", ""),
        slug_of(row.get("id", "")),
        row.get("author", ""),
        date.iso if date else "",
        line=line,
    )


# ---------------------------------------------------------------- glossaries


def recognise_glossary(raw: Raw) -> float:
    """A JSON mapping from words to mappings that have a definition."""
    head = raw.data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"["):
        return 0.0
    entry = rb'"[^"\n]{1,80}"\s*:\s*\{\s*"(?:summary|definition|meaning|description|type|slug|expansion)"\s*:'
    return 0.9 if re.match(rb"\{\s*" + entry, head) or re.match(rb'\[\s*\{\s*"term"\s*:', head) else 0.0


def read_glossary(raw: Raw) -> Checked[Notes]:
    """The terms of a JSON glossary: a mapping by term, or a list of mappings with a `term`."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked(Notes(), parsed.diagnostics)
    value, lines = parsed.value
    terms = []
    for name, entry in _entries(value):
        definition = _definition(entry)
        aliases = entry.get("aliases") if isinstance(entry, dict) else None
        if definition:
            found = [a for a in aliases if isinstance(a, str)] if isinstance(aliases, list) else []
            terms.append(_term(name, definition, found, lines.of(name)))
    found_none = () if terms else (problem("import-unreadable", raw.at(1), "the glossary has no entries"),)
    return Checked(Notes((), tuple(terms)), (*parsed.diagnostics, *found_none))


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
        return
    for entry in mappings(value):
        yield text_at(entry, "term", "name", "word"), entry


def _definition(entry: Any) -> str:
    """A summary and what goes on beyond it, once each."""
    if isinstance(entry, str):
        return entry
    texts = [text_at(entry, "summary", "definition", "meaning", "expansion"), text_at(entry, "description", "extended")]
    return ". ".join(dict.fromkeys(text.rstrip(".") for text in texts if text))


def _term(name: str, definition: str, aliases: list[str], line: int) -> Term:
    return Term(
        _plain(name), escaped(_plain(definition)), tuple(filter(None, (alias.strip() for alias in aliases))), line
    )


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())
