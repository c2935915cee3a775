"""The Congressional Record of the United States as the Government Publishing Office gives it: text in fixed lines.

Labels end with a full stop, paragraphs begin with two spaces, inserted documents are set in, and page marks fall
into the middle of sentences. What the record says about proceedings is told from speech by its set phrases.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from sitegen.diagnostics import Checked
from sitegen.importers import dates
from sitegen.importers.draft import Context, Draft, Finding, Raw, excerpt
from sitegen.importers.labels import Candidate, Labelled, Paragraph
from sitegen.importers.names import Label
from sitegen.importers.text import decode, squeezed, stem_of
from sitegen.importers.turns import assemble

_HEADER = re.compile(r"^\s*\[Congressional Record[^\]\n]*\]\s*$|^\s*\[Congressional Record", re.MULTILINE)
_BRACKET_LINE = re.compile(r"^\s*\[(?P<text>[^\[\]]+)\]\s*$")
_PAGE = re.compile(r"\n*[ \t]*\[\[Page [A-Z]*\d+\]\][ \t]*\n*")
_PRE = re.compile(r"<pre[^>]*>(?P<text>.*?)(?:</pre>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|em|strong|br|p|pre|span|sup|sub|u|html|body|head|title|bullet|center)(?:\s[^<>\n]*)?/?>",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{6,}\s*$")
_ORNAMENT = re.compile(r"^\s*(?:-{4,}|={4,}|\*{3,}|(?:\*\s+){2,}\*?)\s*$")
_PERSON = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Messrs)\.?|Senator) (?:[A-Z]\. )*"
    r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|O['’]|D['’])?[A-ZÀ-Þ][A-ZÀ-Þ'’-]+"
    r"(?: [A-ZÀ-Þ][A-ZÀ-Þ'’.-]+)*(?:, (?:Jr|Sr)\.|,? I{2,3})?(?: of [A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,2})?"
)
_OFFICE = r"The (?:[A-Z]{3,}(?: [A-Z]{3,})*)(?: pro tempore)?"
_LABEL = re.compile(rf"^(?P<label>(?:{_PERSON}|{_OFFICE})(?: \((?:Mr|Mrs|Ms|Miss|Dr)\.? [^()]+\))?)\.\s+(?=\S)")
# The stock phrases of the reporters, at the beginning of a paragraph that nobody spoke.
_PROCEEDINGS = re.compile(
    "|".join(
        (
            r"There being no objection",
            r"The (?:(?:senior|assistant|bill|chief|legislative|reading|executive|journal) )*clerk\b[^.]*"
            r" (?:read|called|proceeded|continued|resumed|designated|reported|announced)\b",
            r"The (?:(?:concurrent|joint) resolution|resolution|bill|motion|amendment|nomination|preamble|question)s?\b"
            r"[^.]{0,160}?\b(?:was|were|is as follows)\b",
            r"The (?:yeas and nays|result|vote|nays|title|conference report|previous question|roll|journal)\b"
            r"[^.]{0,160}?\b(?:was|were|resulted)\b",
            r"The (?:text|material|article|letter|statement|following|order)s?\b[^.]{0,160}?\b(?:was|were|follows)\b",
            r"The (?:Senate|House|Committee)\b[^.]{0,160}?"
            r"\b(?:proceeded|resumed|adjourned|recessed|reassembled|met)\b",
            r"So the |A motion to reconsider|A recorded vote|A quorum|Thereupon|Whereupon|Accordingly",
            r"By unanimous consent|On (?:motion|rollcall|a division)",
        )
    ).join(("^(?:", ")"))
)
_FOLLOWS = re.compile(
    r"(?:as follows|following|record at this point|printed in the record)[^.]{0,40}[:.]$", re.IGNORECASE
)

_SECOND_LINE_OF_HEADING = 15

Kind = Literal["heading", "speech", "inserted", "note", "rule"]


def recognise(raw: Raw) -> float:
    """Every file of the record begins by naming it."""
    head = raw.data[:4096].decode("latin-1")
    return 1.0 if _HEADER.search(head) or "From the Congressional Record Online" in head else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a section of the record."""
    text = decode(raw)
    lines = _lines(text.value)
    header, first = _header(lines)
    blocks = list(_blocks(lines, first))
    title = next((b.text for b in blocks if b.kind == "heading"), "")
    above = next((i for i, b in enumerate(blocks) if b.kind == "heading"), -1)
    body = [b for i, b in enumerate(blocks) if i != above]
    parts = assemble(list(_labelled(body)), context.speakers)
    date = next((found for line in header if (found := dates.find_date(line))), None)
    dropped = Finding("dropped", "header of the record", excerpt(" / ".join(h.strip() for h in header)), 1, first)
    pages = len(re.findall(r"\[\[Page", text.value))
    marks = (Finding("dropped", "page marks", f"{pages} × [[Page …]]"),) if pages else ()
    draft = Draft(
        parts.blocks,
        parts.voices,
        title=title,
        stem=stem_of(raw.name),
        date=date.iso if date else "",
        occasion=_chamber(header),
        findings=(dropped, *marks, *parts.findings),
    )
    return Checked((draft,), text.diagnostics)


# ---------------------------------------------------------------- lines


class _Line(Struct, frozen=True):
    text: str
    number: int

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))


def _lines(text: str) -> list[_Line]:
    """The lines of the record without markup and page marks, with their numbers in the file."""
    match = _PRE.search(text)
    start = match.start("text") if match else 0
    body = match["text"] if match else text
    number = text.count("\n", 0, start) + 1
    # A page mark stands between blank lines that are no ends of paragraphs; \x1e keeps the count of lines.
    body = _PAGE.sub(lambda m: "\n" + "\x1e" * (m[0].count("\n") - 1), body)
    result = []
    for line in body.split("\n"):
        skipped = len(line) - len(line.lstrip("\x1e"))
        number += skipped
        bare = html.unescape(_TAG.sub("", line.lstrip("\x1e"))).rstrip()
        result.append(_Line(_quotes(bare), number))
        number += 1
    return result


def _quotes(text: str) -> str:
    text = text.replace("``", "“").replace("''", "”")
    return re.sub(r"(?<!\w)`(?=\w)", "‘", text)


def _header(lines: Sequence[_Line]) -> tuple[list[str], int]:
    """The lines above the text, and the number of lines they take."""
    last = -1
    for index, line in enumerate(lines[:40]):
        if _BRACKET_LINE.match(line.text) or line.text.strip().startswith(
            ("From the Congressional Record", "[Congressional")
        ):
            last = index
        elif line.text.strip() and last >= 0:
            break
    return [line.text for line in lines[: last + 1] if line.text.strip()], last + 1


def _chamber(header: Iterable[str]) -> str:
    for line in header:
        match = _BRACKET_LINE.match(line)
        if match and match["text"] in ("Senate", "House", "House of Representatives", "Extensions of Remarks"):
            return match["text"]
    return ""


# ---------------------------------------------------------------- blocks


class _Block(Struct, frozen=True):
    kind: Kind
    text: str
    line: int


def _blocks(lines: Sequence[_Line], first: int) -> Iterator[_Block]:
    """Headings, paragraphs of speech, of inserted documents, and rules."""
    gathered: list[_Line] = []
    inserting = follows = False  # inside an inserted document; about to come to one
    for line in lines[first:]:
        blank = not line.text.strip()
        if blank or _RULE.match(line.text) or _starts(line, gathered):
            block = _finished(gathered, inserting=inserting or follows)
            if block:
                inside = block.kind == "inserted" or (block.kind == "heading" and (inserting or follows))
                inserting = inside
                follows = block.kind in ("speech", "note") and bool(_FOLLOWS.search(block.text))
                yield _Block("inserted", block.text, block.line) if inside else block
            gathered = []
        if _RULE.match(line.text):
            inserting = follows = False
        elif not blank and not _ORNAMENT.match(line.text):
            gathered.append(line)
    block = _finished(gathered, inserting=inserting or follows)
    if block:
        yield block


def _starts(line: _Line, gathered: Sequence[_Line]) -> bool:
    """Whether a line begins a paragraph though none has ended."""
    if not gathered:
        return False
    last = gathered[-1]
    if len(gathered) == 1 and line.indent >= _SECOND_LINE_OF_HEADING:
        return False
    if line.indent in (2, 3):
        return True
    if line.indent >= 5:
        return last.indent < 5 or line.indent >= last.indent + 2 or _centred(last)
    return False


def _centred(line: _Line) -> bool:
    return line.indent >= 9 and not line.text.rstrip().endswith((".", ";", ","))


def _finished(lines: Sequence[_Line], *, inserting: bool) -> _Block | None:
    if not lines:
        return None
    text = " ".join(squeezed(line.text) for line in lines)
    first = lines[0]
    # A word divided at the end of a line in the old way keeps its hyphen: only the reader can know.
    if len(lines) > 1 and lines[1].indent >= _SECOND_LINE_OF_HEADING:
        return _Block("heading", text, first.number)
    if first.indent in (0, 2, 3) and not (first.indent == 0 and inserting):
        if text.startswith(("(", "[")) and text.endswith((")", "]")):
            return _Block("note", text, first.number)
        return _Block("note" if _PROCEEDINGS.match(text) else "speech", text, first.number)
    ends = text.rstrip("”’)").endswith((".", ";", ",", ":", "?"))
    if not ends and len(lines) <= 4 and (first.indent == 1 or all(_centred(line) or line.indent > 3 for line in lines)):
        return _Block("heading", text, first.number)
    if first.indent in (1, 4) and not inserting and not ends:
        return _Block("heading", text, first.number)
    return _Block("inserted", text, first.number)


def _labelled(blocks: Iterable[_Block]) -> Iterator[Labelled]:
    labels: dict[str, Label] = {}
    for block in blocks:
        match = _LABEL.match(block.text) if block.kind == "speech" else None
        paragraph = Paragraph(block.text, block.line)
        if match:
            printed = match["label"]
            labels[printed] = labels.get(printed) or _label(printed)
            found = Candidate(labels[printed], block.text[match.end() :], marked=True)
            yield Labelled(paragraph, found, accepted=True)
        elif block.kind == "heading":
            yield Labelled(Paragraph(block.text, block.line, level=2), None, accepted=False)
        elif block.kind == "inserted":
            yield Labelled(Paragraph(block.text, block.line, kind="quotation"), None, accepted=False)
        elif block.kind == "note":
            yield Labelled(Paragraph(block.text, block.line, kind="note"), None, accepted=False)
        else:
            yield Labelled(paragraph, None, accepted=False)


def _label(printed: str) -> Label:
    """A label of the record: what stands in brackets behind an office says who held it just then."""
    bare, _, aside = printed.partition(" (")
    return Label(printed, bare, "", aside.rstrip(")"), "office" if bare.startswith("The ") else "name")
