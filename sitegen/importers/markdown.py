"""Transcripts that others keep in Markdown: bold labels, labels as headings, initials with a table of attendees.

One reader for all dialects: they differ in where the label stands, not in what it is. Inline markup is kept as far
as the native format has it; see `mdinline`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.frontmatter import read_front_matter
from sitegen.identifiers import slug_of
from sitegen.importers import dates
from sitegen.importers.draft import NO_ORIGIN, Context, Draft, Finding, Raw, excerpt
from sitegen.importers.labels import Labelled, Paragraph, weigh
from sitegen.importers.mdinline import bold_label, inline, without_attributes
from sitegen.importers.names import folded, read_label
from sitegen.importers.text import decode, stem_of
from sitegen.importers.turns import assemble
from sitegen.model import Media, Origin
from sitegen.source import Source
from sitegen.yamldoc import Value

_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
_LIST = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])\s")
_TABLE = re.compile(r"^\s*\|.*\|\s*$")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s")
_BOLD_LINE = re.compile(rb"^(?:\*\*|__)[^*\n]{1,120}(?:\*\*|__)", re.MULTILINE)
_MARKS = re.compile(rb"^#{1,6} \S|^---\s*$|^\*\*|^> |\]\(https?://|^\|.+\|\s*$", re.MULTILINE)


def recognise(raw: Raw) -> float:
    """Markdown shows in headings, front matter, bold labels and links."""
    head = raw.data[:16384]
    if b"\0" in head[:1024] or head.lstrip()[:1] in (b"<", b"{"):
        return 0.0
    if head.startswith(b"---") or len(_BOLD_LINE.findall(head)) > 2:
        return 0.6
    found = len(_MARKS.findall(head))
    return 0.45 if found > 2 else 0.3 if found else 0.05


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a Markdown file."""
    text = decode(raw)
    meta, body, first_line, problems = _front_matter(raw, text.value)
    blocks = _Blocks()
    for number, line in enumerate(body.split("\n"), first_line):
        blocks.add(line, number)
    blocks.flush()
    title, items = _title(meta.title, blocks.items)
    names = _attendees(blocks.tables)
    known = [*(n for s in context.speakers for n in (s.id, s.name, *s.aliases)), *meta.speakers, *names]
    labelled = _with_names(weigh(_heading_labels(items, known), known), names)
    parts = assemble(labelled, context.speakers)
    title, date = _dated(title, meta.date)
    draft = Draft(
        parts.blocks,
        parts.voices,
        title=title,
        stem=stem_of(raw.name),
        date=date,
        place=meta.place,
        language=meta.language,
        summary=meta.summary,
        origin=meta.origin,
        media=meta.media,
        topics=meta.topics,
        findings=(*meta.findings, *blocks.findings, *parts.findings),
    )
    return Checked((draft,), (*text.diagnostics, *problems))


# ---------------------------------------------------------------- front matter


class _Meta(Struct, frozen=True):
    title: str = ""
    date: str = ""
    place: str = ""
    language: str = ""
    summary: str = ""
    origin: Origin = NO_ORIGIN
    media: Media | None = None
    topics: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


_KEYS = {
    "title": "title", "date": "date", "place": "place", "location": "place", "venue": "place", "language": "language",
    "lang": "language", "summary": "summary", "description": "summary", "media": "media", "source": "source",
    "source_file": "source", "url": "source", "tags": "topics", "topics": "topics", "categories": "topics",
    "speakers": "speakers", "speaker": "speakers", "guests": "speakers", "hosts": "speakers", "licence": "licence",
    "license": "licence",
}  # fmt: skip


def _front_matter(raw: Raw, text: str) -> tuple[_Meta, str, int, tuple[Diagnostic, ...]]:
    if not text.startswith("---"):
        return _Meta(), text, 1, ()
    matter = read_front_matter(Source.of(raw.name, text), prose=frozenset())
    problems: tuple[Diagnostic, ...] = ()
    if matter.value.document is None:
        where = matter.diagnostics[0].location if matter.diagnostics else raw.at(1)
        detail = matter.diagnostics[0].message if matter.diagnostics else "no keys"
        message = f"the front matter cannot be read and was left out: {detail}"
        problems = (problem("import-broken-block", where, message),)
        return _Meta(), matter.value.body, matter.value.body_line, problems
    value = matter.value.document.value
    meta = _meta(value if isinstance(value, dict) else {})
    return meta, matter.value.body, matter.value.body_line, ()


def _meta(fields: dict[str, Value]) -> _Meta:
    found: dict[str, list[str]] = {}
    unused: list[str] = []
    for key, value in fields.items():
        name = _KEYS.get(key.casefold())
        texts = _texts(value)
        if name and texts:
            found.setdefault(name, []).extend(texts)
        elif texts:
            unused.append(f"{key}: {', '.join(texts)}")
    one = {key: texts[0] for key, texts in found.items()}
    date = dates.find_date(one.get("date", ""))
    source = one.get("source", "")
    address = bool(re.fullmatch(r"https?://[^\s<>\"]+", source))
    media = one.get("media", "")
    language = one.get("language", "")
    return _Meta(
        title=one.get("title", ""),
        date=date.iso if date else "",
        place=one.get("place", ""),
        language=language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language) else "",
        summary=one.get("summary", ""),
        origin=Origin(title="" if address else source, url=source if address else "", licence=one.get("licence", "")),
        media=Media(media) if re.fullmatch(r"https?://[^\s<>\"]+", media) else None,
        topics=tuple(dict.fromkeys(filter(None, map(slug_of, found.get("topics", ()))))),
        speakers=tuple(found.get("speakers", ())),
        findings=tuple(Finding("dropped", "front matter", excerpt(text)) for text in unused),
    )


def _texts(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return [str(value["name"])] if isinstance(value.get("name"), str) else []
    return []


# ---------------------------------------------------------------- blocks


class _Blocks(Struct):
    """Paragraphs while lines are added. Tables and code stand apart."""

    items: list[Paragraph] = field(default_factory=list)
    tables: list[list[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    line: int = 0
    fenced: bool = False

    def add(self, line: str, number: int) -> None:
        """Add a line of the body."""
        heading = _HEADING.match(line) if not self.fenced else None
        if _FENCE.match(line):
            self.flush()
            self.fenced = not self.fenced
        elif heading:
            self.flush()
            text = inline(without_attributes(heading["text"])).strip()
            if text:
                self.items.append(Paragraph(text, number, markdown=True, level=len(heading["marks"])))
        elif _TABLE.match(line):
            self.flush()
            self.tables.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            self.findings.append(Finding("dropped", "table row", excerpt(line), number, number))
        elif not line.strip() or (_LIST.match(line) and self.held and not _LIST.match(self.held[0])):
            self.flush()
            self._start(line, number)
        else:
            self._start(line, number)

    def _start(self, line: str, number: int) -> None:
        if not line.strip():
            return
        if not self.held:
            self.line = number
        self.held.append(line)

    def flush(self) -> None:
        """End the open paragraph."""
        lines, self.held = self.held, []
        if not lines:
            return
        if _DEFINITION.match(lines[0]):
            text = excerpt(" ".join(lines))
            self.findings.append(Finding("dropped", "footnote or link definition", text, self.line, self.line))
        elif self.fenced:
            self.items.append(Paragraph("\n".join(lines), self.line, kind="quotation"))
        elif lines[0].lstrip().startswith(">"):
            self._quotation(lines)
        elif _LIST.match(lines[0]):
            self.items.append(Paragraph(inline("\n".join(line.rstrip() for line in lines)), self.line, markdown=True))
        else:
            self._paragraph(lines)

    def _quotation(self, lines: Sequence[str]) -> None:
        text = inline(" ".join(line.strip().lstrip(">").strip() for line in lines)).strip()
        # SayIt puts what nobody said into a quotation in round brackets.
        narrative = text.startswith("(") and text.endswith(")")
        self.items.append(Paragraph(text, self.line, kind="note" if narrative else "quotation", markdown=True))

    def _paragraph(self, lines: Sequence[str]) -> None:
        starts = [0, *(i for i, line in enumerate(lines) if i and bold_label(line)[1])]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            joined = " ".join(line.strip() for line in lines[start:end])
            text, strong = bold_label(joined)
            text = inline(text).strip()
            if text:
                self.items.append(Paragraph(text, self.line + start, strong, markdown=True))


# ---------------------------------------------------------------- what the paragraphs say


def _title(given: str, items: list[Paragraph]) -> tuple[str, list[Paragraph]]:
    """The title: that of the front matter, else a heading of the first level above everything else."""
    first = items[0] if items else None
    if first and first.level == 1 and (not given or folded(first.text) == folded(given)):
        return given or first.text, items[1:]
    return given, items


def _dated(title: str, date: str) -> tuple[str, str]:
    """A title without the date at its beginning or end, and the date."""
    found = dates.find_date(title)
    if not found:
        return title, date
    rest = f"{title[: found.start]} {title[found.end :]}"
    inside = title[: found.start].strip(" -–|:,(") and title[found.end :].strip(" -–|:,)")
    bare = " ".join(rest.split()).strip(" -–|:,()")
    return (title if inside or not bare else bare), date or found.iso


def _heading_labels(items: Iterable[Paragraph], known: Sequence[str]) -> list[Paragraph]:
    """Headings that are labels: those that end in a colon, name somebody known, or name somebody again and again."""
    items = list(items)
    counts = Counter(folded(item.text.rstrip(": ")) for item in items if item.level)
    names = frozenset(map(folded, known))
    result = []
    for item in items:
        bare = item.text.rstrip(" :\uff1a")
        label = read_label(bare)
        key = folded(bare)
        named = label.shape in ("name", "word", "office and name", "office", "unnamed")
        is_label = item.level and (
            key in names
            or (named and (counts[key] > 2 or (item.text != bare and counts[key] > 1)))
            or (item.text != bare and label.shape in ("name", "office and name", "unnamed"))
        )
        result.append(replace(item, text=f"{bare}:", strong=len(bare) + 1, level=0) if is_label else item)
    return result


def _attendees(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Initials and names from a table with such columns, as committees keep at the top of their notes."""
    result: dict[str, str] = {}
    name = short = -1
    for row in rows:
        heads = [cell.casefold().strip("* ") for cell in row]
        if any(head.startswith(("abbr", "initials", "acronym")) for head in heads):
            short = next(i for i, head in enumerate(heads) if head.startswith(("abbr", "initials", "acronym")))
            name = next((i for i, head in enumerate(heads) if "name" in head), 0)
        elif short >= 0 and max(name, short) < len(row) and re.fullmatch(r"[^\W\d_]{2,5}", row[short]):
            result[row[short]] = row[name]
    return result


def _with_names(labelled: Sequence[Labelled], names: dict[str, str]) -> tuple[Labelled, ...]:
    """Labels that are initials of the table, with the name as core."""
    by_key = {folded(short): full for short, full in names.items()}
    result = []
    for item in labelled:
        full = by_key.get(folded(item.candidate.label.core)) if item.candidate else None
        if full and item.candidate:
            label = replace(item.candidate.label, core=full, shape="name")
            item = replace(item, candidate=replace(item.candidate, label=label))
        result.append(item)
    return tuple(result)
