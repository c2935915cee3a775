"""Tables with a row for each utterance: CSV and TSV with named columns, in any order and several languages.

A cell is text whatever it looks like; nothing in it is calculated. Codes in a column of tags become index entries
of their row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.identifiers import slug_of
from sitegen.importers.dates import numeric_dates, seconds
from sitegen.importers.draft import Context, Draft, DraftTurn, Finding, Raw
from sitegen.importers.labels import Candidate, Labelled, Paragraph
from sitegen.importers.names import read_label
from sitegen.importers.text import decode, squeezed, stem_of
from sitegen.importers.turns import assemble, noise_labels

_NAMES = {
    "speaker": "speaker name who person character interlocutor participant sprecher rednerin redner orateur locuteur"
    " hablante orador relatore mówca спикер говорящий speaker_name speakername role",
    "text": "text transcript utterance content speech words dialogue dialog message statement body spoken inhalt texte"
    " texto testo tekst текст segment_text sentence line_text quote",
    "time": "time timestamp start start_time starttime start_timestamp timecode begin in tc zeit temps tiempo время",
    "date": "date day datum fecha data дата session_date",
    "tags": "tags tag codes code topics topic subjects subject keywords keyword themes theme schlagworte",
    "group": "title debate session episode meeting event transcript_id transcript_title file recording titel",
    "note": "note notes comment comments annotation kommentar",
}
_COLUMNS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_DELIMITERS = (",", ";", "\t", "|")
_HEAD = 65536


def recognise(raw: Raw) -> float:
    """A first line that names a column of speakers and one of texts."""
    head = raw.data[:8192]
    if b"\0" in head[:200] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 0.0
    first = decode(replace(raw, data=head)).value.lstrip("\n").partition("\n")[0]
    best = delimiter_of(first)
    if not first.count(best):
        return 0.0
    kinds = set(_kinds([cell.strip().strip('"') for cell in first.split(best)]).values())
    if {"speaker", "text"} <= kinds:
        return 0.9
    return 0.5 if raw.name.lower().endswith((".csv", ".tsv", ".tab")) else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """A draft for each date or title in the table; all rows in one where it has neither column."""
    text = decode(raw)
    table = _table(raw, text.value)
    if isinstance(table, Diagnostic):
        return Checked((), (*text.diagnostics, table))
    noises = noise_labels(list(_labelled(table.rows)))
    drafts = tuple(_draft(group, context, stem_of(raw.name), noises) for group in _groups(table))
    return Checked(drafts, text.diagnostics)


class _Row(Struct, frozen=True):
    cells: dict[str, str]
    line: int

    def of(self, kind: str) -> str:
        return self.cells.get(kind, "").strip()


class _Group(Struct, frozen=True):
    """The rows of one transcript."""

    rows: tuple[_Row, ...]
    date: str
    title: str
    unused: tuple[str, ...]
    part_of_many: bool


class _Table(Struct, frozen=True):
    rows: tuple[_Row, ...]
    unused: tuple[str, ...]


def _kinds(header: Sequence[str]) -> dict[int, str]:
    """Which column is what; of two that fit, the one that is named more plainly, which is the first."""
    found: dict[int, str] = {}
    for index, name in enumerate(header):
        key = re.sub(r"[\s-]+", "_", name.strip().casefold())
        kind = _COLUMNS.get(key, "")
        if kind and kind not in found.values():
            found[index] = kind
    return found


def _table(raw: Raw, text: str) -> _Table | Diagnostic:
    first = text.lstrip("\n").partition("\n")[0]
    reader = csv.reader(lines_of(text), delimiter=delimiter_of(first), strict=True)
    rows: list[_Row] = []
    kinds: dict[int, str] = {}
    header: list[str] = []
    begin = 1
    try:
        for cells in reader:
            line, begin = begin, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header, kinds = cells, _kinds(cells)
                continue
            rows.append(_Row({kinds[i]: cell for i, cell in enumerate(cells) if i in kinds}, line))
    except csv.Error as error:
        hint = "a quotation mark inside a cell is written twice, and every cell that is opened is closed"
        return problem("import-unreadable", raw.at(begin), f"no table from here on: {error}", hint)
    if "speaker" not in kinds.values() or "text" not in kinds.values():
        names = ", ".join(repr(name) for name in header[:12])
        hint = "name one column `speaker` and one `text`; further ones may be `time`, `date`, `title` and `tags`"
        message = f"the columns of speakers and texts cannot be told among {names}"
        return problem("import-unrecognised", raw.at(1), message, hint)
    if not rows:
        return problem("import-unrecognised", raw.at(begin), "the table has a header and no rows")
    return _Table(tuple(rows), tuple(name for i, name in enumerate(header) if i not in kinds and name.strip()))


def delimiter_of(first_line: str) -> str:
    """What parts the columns: the most frequent of the usual characters on the first line."""
    return max(_DELIMITERS, key=first_line.count)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text with their line feeds; only these end a line of a table."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _groups(table: _Table) -> list[_Group]:
    """The rows by title and date, in the order of their first appearance."""
    texts = [row.of("date") for row in table.rows]
    known = dict(zip(dict.fromkeys(texts), numeric_dates(list(dict.fromkeys(texts))), strict=True))
    grouped: dict[tuple[str, str], list[_Row]] = {}
    last = ("", "")
    for row in table.rows:
        key = (row.of("group") or last[0], row.of("date") or last[1])
        grouped.setdefault(key, []).append(row)
        last = key
    return [
        _Group(tuple(rows), known.get(date, ""), title, table.unused, len(grouped) > 1)
        for (title, date), rows in grouped.items()
    ]


def _draft(group: _Group, context: Context, stem: str, noises: frozenset[str]) -> Draft:
    labelled = list(_labelled(group.rows))
    parts = assemble(labelled, context.speakers, noises)
    findings = [*parts.findings, *(Finding("dropped", "column", name, 1, 1) for name in group.unused)]
    written = group.rows[0].of("date") if group.rows else ""
    if written and not group.date:
        findings.append(Finding("doubtful", "a date that cannot be read in one way", written, group.rows[0].line))
    distinct = slug_of(group.title) or group.date or slug_of(written)
    draft = Draft(
        parts.blocks,
        parts.voices,
        title=group.title,
        stem=f"{stem}-{distinct}" if group.part_of_many and distinct else stem,
        date=group.date,
        findings=tuple(findings),
    )
    return replace(draft, entries=_entries(draft, {row.line: row.of("tags") for row in group.rows}))


def _labelled(rows: Sequence[_Row]) -> Iterator[Labelled]:
    for row in rows:
        speaker, text = row.of("speaker"), row.of("text")
        paragraphs = [squeezed(part) for part in re.split(r"\n\s*\n|\r|\n", text) if part.strip()]
        if not paragraphs and not speaker:
            continue
        first = Paragraph(paragraphs[0] if paragraphs else "", row.line)
        if speaker:
            found = Candidate(read_label(speaker), first.text, _time(row.of("time")), marked=True)
            yield Labelled(first, found, accepted=True)
        else:
            yield Labelled(first, None, accepted=False)
        for paragraph in paragraphs[1:]:
            yield Labelled(Paragraph(paragraph, row.line), None, accepted=False)


def _time(text: str) -> float | None:
    found = seconds(text.strip("[]()"))
    if found is None and re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        return float(text.replace(",", "."))
    return found


def _entries(draft: Draft, tags: dict[int, str]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The index entries: number of the turn, and the topics of its row."""
    found = []
    for number, block in enumerate(draft.turns):
        topics = _topics(tags.get(block.line, "")) if isinstance(block, DraftTurn) else ()
        if topics:
            found.append((number, topics))
    return tuple(found)


def _topics(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(slug_of, re.split(r"[;,|\n]", text)))))
