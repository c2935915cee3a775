"""Changes to single values of a YAML file as edits; every other byte of the file stays.

A value keeps the style it is written in where it still reads back as meant, and is put in double quotes
where not. What a change cannot safely touch is refused with a reason. Why values change is not known here.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from msgspec import Struct

from sitegen.source import Edit, Source, splice
from sitegen.yamldoc import Document, Path, Value, parse

_WIDTH = 100
_NARROWEST = 80


class Refusal(Struct, frozen=True):
    """Why a value is not changed, for a person."""

    reason: str


def replace_text(document: Document, path: Path, text: str) -> Edit | Refusal:
    """The edit that makes the scalar at `path` read as `text`, which is one line."""
    if path in document.shared:
        return Refusal(
            "the value carries a YAML anchor (&), alias (*) or tag (!), so other places would change with it"
        )
    if path not in document.spans or document.styles[path] in ("block", "flow"):
        return Refusal("there is no single text here")
    start, end = document.spans[path]
    for form in (_in_its_style(document, path, text), _double(text)):
        edit = Edit(document.source.path, start, end, form)
        if reads_as(document, (edit,), {path: text}):
            return edit
    return Refusal("the new text does not read back from YAML as it was written")


def set_value(document: Document, mapping: Path, key: str, value: str, after: str) -> Edit | Refusal:
    """The edit that gives a mapping's `key` a value: in its place if the key is there, else behind `after`."""
    if (*mapping, key) in document.spans:
        return replace_text(document, (*mapping, key), value)
    if mapping in document.shared:
        return Refusal("the entry carries a YAML anchor (&) or alias (*), so other places would change with it")
    position = document.spans[(*mapping, after)][1]
    text = document.source.text
    for form in (value, _double(value)):
        line = f", {key}: {form}"
        if document.styles[mapping] == "block":
            ending = text.find("\n", position)
            position = len(text) if ending < 0 else ending
            position -= text[position - 1 : position] == "\r"
            line = f"{_newline(text)}{_indentation(document, (*mapping, after))}{key}: {form}"
        edit = Edit(document.source.path, position, position, line)
        if reads_as(document, (edit,), {(*mapping, key): value}):
            return edit
    return Refusal(f"a line `{key}: {value}` cannot be added here")


def put_first(document: Document, mapping: Path, key: str, value: str) -> Edit | Refusal:
    """The edit that adds a key, which must not be there yet, at the top of a mapping."""
    first = min((keys[0] for path, keys in document.keys.items() if path[:-1] == mapping), default=None)
    if first is None or mapping in document.shared:
        return Refusal("the entry carries a YAML anchor (&) or alias (*), so other places would change with it")
    between = ", "
    if document.styles[mapping] == "block":
        line_start = document.source.text.rfind("\n", 0, first) + 1
        between = _newline(document.source.text) + " " * (first - line_start)
    edit = Edit(document.source.path, first, first, f"{key}: {value}{between}")
    if reads_as(document, (edit,), {(*mapping, key): value}):
        return edit
    return Refusal(f"`{key}: {value}` cannot be added here")


def replace_with_list(document: Document, path: Path, items: Sequence[str]) -> Edit | Refusal:
    """The edit that makes the scalar at `path`, the value of a key, a list of texts."""
    if path in document.shared:
        return Refusal(
            "the value carries a YAML anchor (&), alias (*) or tag (!), so other places would change with it"
        )
    text = document.source.text
    start, end = document.keys[path][1], document.spans[path][1]
    forms = ["[" + ", ".join(map(_double, items)) + "]"]
    if document.styles[path[:-1]] == "block":
        lead = f"{_newline(text)}{_indentation(document, path)}  - "
        forms = ["".join(lead + item for item in items), "".join(lead + _double(item) for item in items), *forms]
    for form in forms:
        edit = Edit(document.source.path, start, end, f":{form}" if form[0] != "[" else f": {form}")
        if reads_as(document, (edit,), {path: list(items)}):
            return edit
    return Refusal("the list does not read back from YAML as it was written")


def reads_as(document: Document, edits: Sequence[Edit], changes: dict[Path, Value]) -> bool:
    """Whether the edited file has exactly the given values changed, and all others as before."""
    edited = Source.of(document.source.path, splice(document.source.text, edits))
    parsed = parse(edited, prose=frozenset())
    if parsed.value is None or parsed.diagnostics:
        return False
    wanted = document.value
    for path, value in changes.items():
        wanted = _with(wanted, path, value)
    return parsed.value.value == wanted


def _with(value: Value, path: Path, new: Value) -> Value:
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, str(head): _with(value.get(str(head)), rest, new)}
    if isinstance(value, list):
        return [_with(item, rest, new) if i == head else item for i, item in enumerate(value)]
    return {str(head): _with(None, rest, new)} if isinstance(head, str) else value


def _in_its_style(document: Document, path: Path, text: str) -> str:
    start, end = document.spans[path]
    written = document.source.text[start:end]
    lines = written.splitlines()
    style = document.styles[path]
    if style in ("folded", "literal"):
        indent = _leading(next((line for line in lines[1:] if line.strip()), "  "))
        wrapped = _wrapped(text, lines[1:], len(indent)) if style == "folded" else [text]
        return _newline(document.source.text).join([lines[0], *(indent + line for line in wrapped)])
    form = {"single": "'" + text.replace("'", "''") + "'", "double": _double(text)}.get(style, text)
    if len(lines) == 1:
        return form
    indent = _leading(lines[1])
    return (_newline(document.source.text) + indent).join(_wrapped(form, lines, len(indent)))


def _wrapped(text: str, lines: Sequence[str], indent: int) -> list[str]:
    """The text in lines about as long as those it stood in."""
    longest = max((len(line.rstrip()) for line in lines), default=_WIDTH)
    width = max(_NARROWEST, min(longest, _WIDTH + 20) - indent)
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [text]


def _double(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() or c == " " else f"\\u{ord(c):04x}" for c in quoted)


def _leading(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indentation(document: Document, path: Path) -> str:
    start = document.keys[path][0]
    return " " * (start - document.source.text.rfind("\n", 0, start) - 1)
