"""What can be wrong, said as values: the table of codes, `Diagnostic`, `Checked`, and their three forms.

Nothing here prints, and nothing here decides whether a build goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from sitegen.source import Edit, Location

Severity = Literal["error", "warning", "info"]
T = TypeVar("T")


class Rule(Struct, frozen=True):
    """A row of the table of codes: how grave it is, and one sentence for the documentation."""

    severity: Severity
    summary: str


def _error(summary: str) -> Rule:
    return Rule("error", summary)


def _warning(summary: str) -> Rule:
    return Rule("warning", summary)


def _info(summary: str) -> Rule:
    return Rule("info", summary)


CODES: dict[str, Rule] = {
    # files
    "unreadable-file": _error("A file could not be read from the disk."),
    "unwritable-file": _error("A file could not be written, or is not sitegen's to overwrite."),
    "bad-utf8": _error("A file is not valid UTF-8."),
    "control-character": _error("A text has a control character, which no page can show."),
    "empty-file": _error("A file that must hold something is empty."),
    "bad-path": _error("A file's name cannot be used as an id, or it lies where nothing is read."),
    "missing-settings": _error("The folder has no sitegen.yaml."),
    # YAML
    "bad-yaml": _error("The YAML cannot be parsed."),
    "duplicate-key": _error("A mapping has the same key twice."),
    "unknown-key": _error("A key is not one of those that sitegen knows here."),
    "missing-field": _error("A required field is missing."),
    "wrong-type": _error("A value has the wrong shape, for instance a list where text is expected."),
    "bad-value": _error("A value is not one of those allowed here."),
    "bad-date": _error("A date is not year, year-month or year-month-day, or is no day of the calendar."),
    "bad-id": _error("An id has characters an id cannot have, or one that is reserved."),
    "duplicate-id": _error("Two things have the same id."),
    "yaml-text-lost": _error("YAML reads the rest of a line after ` #` as a comment, so text is lost."),
    # transcripts
    "missing-front-matter": _error("A transcript or page does not begin with front matter between `---` lines."),
    "unclosed-front-matter": _error("The front matter is not closed by a second `---` line."),
    "unknown-speaker": _warning("A paragraph begins like a speaker label, but the label names no known speaker."),
    "unknown-speaker-id": _error("A speaker id is in no register."),
    "label-inside-paragraph": _warning("A line inside a paragraph begins with the label of a known speaker."),
    "ambiguous-speaker": _error("A label fits more than one speaker."),
    "empty-turn": _warning("A label is followed by no words."),
    "bad-attributes": _error("The attributes in braces after a label cannot be read."),
    "bad-time": _error("A time in square brackets at a label is not h:mm:ss or mm:ss."),
    "time-goes-back": _warning("A turn starts before the turn above it."),
    "no-turns": _warning("A transcript has no turn: no label in it names a speaker."),
    "unknown-anchor": _error("A turn or paragraph id does not exist in the transcript."),
    # annotations
    "unknown-transcript": _error("Annotations are for a transcript that does not exist."),
    "unknown-topic": _error("A topic is in no register."),
    "unknown-source": _error("A source id is in no register."),
    "unknown-note": _error("A note refers to a note that does not exist."),
    "no-note-id": _info("A note has no id of its own; its permalink is made from its first words."),
    "editorial-field": _error("The site's strict editorial rules ask for a field that the note lacks."),
    "quote-not-found": _error("The quoted words are not in the transcript."),
    "quote-ambiguous": _error("The quoted words are in the transcript more than once."),
    "narrowing-excludes-all": _error("The words are there, but not where `at`, `speaker`, `prefix` or `suffix` say."),
    "quote-crosses-turns": _error("The quoted words run over the end of a turn."),
    "label-in-quote": _error("A quote begins with a speaker label."),
    "quote-differs": _error("The words are there, but differ in case, accents or punctuation."),
    "quote-elsewhere": _error("The words are in another transcript."),
    "quote-too-short": _error("A quote has fewer than two letters or digits."),
    "occurrence-mismatch": _error("`occurrence` is out of range, or counts another total than the transcript."),
    "parts-out-of-order": _error("The parts of a quote list do not follow each other in the transcript."),
    "short-quote": _warning("A quote of one or two words without `at` will soon be ambiguous."),
    "bare-occurrence": _warning("`occurrence` without a total cannot notice a new repetition."),
    "same-range": _warning("Two notes speak of exactly the same words."),
    "editorial-match": _info("The quote was found by leaving out editorial insertions in brackets."),
    # what changed since a revision
    "no-history": _error("There is no git repository, or it does not have the revision to compare with."),
    "permalink-moved": _error("A published id now points at other words."),
    "permalink-lost": _error("A published id leads nowhere any more."),
    "note-moved": _error("A note whose quote did not change now stands on other words than before."),
    "note-lost": _error("A note that had its place has none any more."),
    "words-changed": _info("The paragraph that a note speaks of was changed since the note was written."),
    # registers, links and output
    "topic-loop": _error("A topic is, by way of `broader`, above itself."),
    "alias-clash": _error("Two topics or two terms share a name or alias, or two speakers an id."),
    "unused-topic": _info("A registered topic is used by no annotation."),
    "unused-source": _info("A registered source is cited by no annotation."),
    "broken-link": _error("A link names something that does not exist."),
    "unsafe-link": _warning("A link uses a scheme that pages do not link to; it is shown as text."),
    "address-collision": _error("Two pages would be written to the same address."),
    "search-index": _warning("The search index could not be made."),
    "template-error": _error("A template of the theme cannot be used."),
    # import
    "import-skipped": _info("A file in a folder to import is no transcript."),
    "import-differs": _error("A transcript was edited since it was imported, and the import would change it."),
    "import-unrecognised": _error("No importer knows the kind of a file."),
    "import-missing-package": _error("The parser for a format is not installed."),
    "import-unreadable": _error("A file to import is too damaged to be read."),
    "import-unsafe": _error("A file to import was built to do harm, and was not read."),
    "import-encoding": _warning("A file to import is not UTF-8 and was read as Windows-1252."),
    "import-broken-block": _warning("A block of a file to import is damaged; what could be saved was kept."),
    "import-unplaced": _warning("An imported note found no place in any transcript, and was left out."),
    "import-no-turns": _warning("No speaker label was recognised in a file to import."),
    "import-no-title": _info("A file to import has no title; the transcript is named after the file."),
    "import-doubtful": _warning("The importer decided something that a person should look at."),
}


class Related(Struct, frozen=True):
    """A further place that helps to understand a problem: a candidate, the first of two twins."""

    message: str
    location: Location | None = None


class Diagnostic(Struct, frozen=True):
    """One problem: where it is, what is wrong, and how to mend it (`hint` in words, `fix` as edits)."""

    code: str
    severity: Severity
    message: str
    location: Location
    hint: str = ""
    related: tuple[Related, ...] = ()
    fix: tuple[Edit, ...] = ()


def problem(
    code: str,
    location: Location,
    message: str,
    hint: str = "",
    *,
    related: Iterable[Related] = (),
    fix: Iterable[Edit] = (),
) -> Diagnostic:
    """A diagnostic with the severity that the table of codes gives it."""
    return Diagnostic(code, CODES[code].severity, message, location, hint, tuple(related), tuple(fix))


class Checked(Struct, Generic[T], frozen=True):
    """The value of a stage, with all that was found wrong on the way to it."""

    value: T
    diagnostics: tuple[Diagnostic, ...] = ()


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics by file, line, column and code, each once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.location, d.code, d.message)))


def count(diagnostics: Iterable[Diagnostic], severity: Severity) -> int:
    """How many diagnostics have this severity."""
    return sum(d.severity == severity for d in diagnostics)


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """`path:line:column: severity code: message`, then an indented hint and the related places."""
    return "".join(_text_block(d) for d in diagnostics)


def _text_block(diagnostic: Diagnostic) -> str:
    lines = [f"{diagnostic.location}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message}"]
    for related in diagnostic.related:
        place = f"{related.location}: " if related.location else ""
        lines += [f"    {line}" for line in (place + related.message).splitlines()]
    lines += [f"    {'fix: ' if i == 0 else '     '}{line}" for i, line in enumerate(diagnostic.hint.splitlines())]
    return "\n".join(lines) + "\n"


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """The JSON form of the command line's contract, with a newline at its end."""
    document = {
        "diagnostics": [diagnostic_object(d) for d in diagnostics],
        "errors": count(diagnostics, "error"),
        "warnings": count(diagnostics, "warning"),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def diagnostic_object(diagnostic: Diagnostic) -> dict[str, object]:
    """A diagnostic as the JSON form has it."""
    return {
        **_json_place(diagnostic.location),
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "related": [
            {"message": r.message, **(_json_place(r.location) if r.location else {})} for r in diagnostic.related
        ],
        "fix": [{"path": e.path, "start": e.start, "end": e.end, "text": e.text} for e in diagnostic.fix],
    }


def _json_place(location: Location) -> dict[str, object]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Workflow commands that GitHub shows as annotations in the diff of a pull request."""
    return "".join(_github_line(d) for d in diagnostics)


def _github_line(diagnostic: Diagnostic) -> str:
    level = {"error": "error", "warning": "warning", "info": "notice"}[diagnostic.severity]
    place = diagnostic.location
    fields = {"file": place.path, "line": str(place.line), "col": str(place.column)}
    if place.end_line != place.line:
        fields["endLine"] = str(place.end_line)
    elif place.end_column > place.column:
        fields["endColumn"] = str(place.end_column)
    fields["title"] = diagnostic.code
    properties = ",".join(f"{name}={_escape_property(value)}" for name, value in fields.items())
    message = "\n".join([diagnostic.message, *(r.message for r in diagnostic.related), diagnostic.hint]).rstrip()
    return f"::{level} {properties}::{_escape_data(message)}\n"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
