"""YAML values checked against records, with every mistake at once, in the author's terms.

What is wrong is said with its place and what was probably meant, and left out, so that the rest still counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.nearest import meant, nearest_names
from sitegen.records import Record
from sitegen.source import Edit
from sitegen.yamldoc import Document, Path, Value

R = TypeVar("R", bound=Record)


def validate(
    document: Document, model: type[R], *path: str | int, what: str, spare: Mapping[str, str] | None = None
) -> Checked[R | None]:
    """The node at `path` as a `model`, with every mistake in it; None where it cannot be used.

    What is wrong is reported and left out, so that the rest still counts: a note with a misspelt date is
    still a note. Keys without a value count as absent. `what` says in words what the mapping is ("an
    annotation"); `spare` has what stands in for required fields that are missing.
    """
    value = _at(document.value, path)
    if not isinstance(value, dict):
        message = f"{what} must be a mapping of keys and values, not {_shape_in_words(value)}"
        return Checked(None, (problem("wrong-type", document.location(*path), message),))
    value = _without_blanks(value)
    try:
        return Checked(model.model_validate(value))
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = tuple(_value_problem(document, path, detail, model, what) for detail in details)
    for _ in range(_MOST_ROUNDS):  # leaving out a wrong date may leave a record without a date it needs
        spared = {
            key: text for key, text in (spare or {}).items() if any(detail["loc"] == (key,) for detail in details)
        }
        value |= spared
        gone = {_unusable(document, path, detail) for detail in details if detail["loc"][0] not in spared}
        if () in gone:
            break
        for unusable in sorted(gone, key=_last_first, reverse=True):
            value = _without(value, unusable)
        try:
            return Checked(model.model_validate(value), problems)
        except ValidationError as error:
            details = error.errors(include_url=False)
    return Checked(None, problems)


_MOST_ROUNDS = 6


def _unusable(document: Document, base: Path, detail: ErrorDetails) -> Path:
    """The smallest part of the record that has to go for an error to be gone; empty for all of it."""
    loc = detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]
    return _document_path(document, base, loc)[0][len(base) :]


def _last_first(path: Path) -> list[str]:
    return [step if isinstance(step, str) else f"{step:09}" for step in path]


def _at(value: Value, path: Path) -> Value:
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _without_blanks(value: Value) -> Any:
    if isinstance(value, dict):
        return {
            key: item if isinstance(item, str) else _without_blanks(item)
            for key, item in value.items()
            if item is not None
        }
    return list(map(_without_blanks, value)) if isinstance(value, list) else value


def _without(value: Any, path: Path) -> Any:
    head, *rest = path
    if isinstance(value, dict):
        return {k: _without(v, tuple(rest)) if k == head else v for k, v in value.items() if rest or k != head}
    if isinstance(value, list):
        return [_without(v, tuple(rest)) if i == head else v for i, v in enumerate(value) if rest or i != head]
    return value


def _value_problem(document: Document, base: Path, detail: ErrorDetails, model: type[Record], what: str) -> Diagnostic:
    path, name = _document_path(document, base, detail["loc"])
    kind, given = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return _unknown_key(document, path, _fields_at(model, detail["loc"]))
    if kind == "missing" and not name:
        place, key = document.key_location(*path), f"'{path[-1]}'"
        return problem("missing-field", place, f"{key} has no value", f"write one: `{path[-1]}: …`")
    if kind == "missing":
        where = what if len(path) == len(base) else f"the entry under '{_label(path)}'"
        return problem("missing-field", document.location(*path), f"{where} needs '{name}'", f"add a line `{name}: …`")
    place, label = document.location(*path), f"'{_label(path)}'"
    if kind == "literal_error":
        return _bad_choice(document, path, label, str(given), _choices(str(detail.get("ctx", {}).get("expected", ""))))
    if "-" in kind:  # raised by one of our own types, which carry a code of the table
        return problem(kind, place, f"{label}: {detail['msg']}", str(detail.get("ctx", {}).get("hint", "")))
    if kind == "union_tag_invalid":
        tags = _choices(str(detail.get("ctx", {}).get("expected_tags", "")))
        wanted = " or ".join({"text": "text", "list": "a list", "mapping": "a mapping"}[tag] for tag in tags)
        return problem("wrong-type", place, f"{label} must be {wanted}, not {_shape_in_words(given)}")
    wanted = _WANTED.get(kind, detail["msg"].lower())
    return problem("wrong-type", place, f"{label} must be {wanted}, not {_shape_in_words(given)}")


_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys and values",
    "model_type": "a mapping of keys and values",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
}


def _document_path(document: Document, base: Path, loc: Path) -> tuple[Path, str]:
    """The part of pydantic's `loc` that exists in the document, and the last step that does not."""
    path, name = base, ""
    for step in loc:
        if (*path, step) in document.spans:
            path = (*path, step)
        else:
            name = str(step)
    return path, name


def _label(path: Path) -> str:
    """The entry in words: the nearest key and, inside a list, which item (counted from 1)."""
    named = [i for i, step in enumerate(path) if isinstance(step, str)]
    if not named:
        return f"item {path[-1] + 1}" if path and isinstance(path[-1], int) else "this"
    rest = [str(step + 1) for step in path[named[-1] + 1 :] if isinstance(step, int)]
    return " ".join([str(path[named[-1]]), *(f"item {n}" for n in rest)])


def _shape_in_words(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"`{value}`" if len(value) <= 40 and "\n" not in value else "text"
    return "a mapping" if isinstance(value, dict) else "a list"


def _fields_at(model: type[Record], loc: Path) -> list[str]:
    """The keys known where pydantic's `loc` ends, found by following the fields' types."""
    current: type[Record] = model
    for step in loc[:-1]:
        for name, info in current.model_fields.items():
            if step in (name, info.alias):
                current = _record_in(info.annotation) or current
                break
        else:
            # The name of a branch of a union, or a key of a mapping of records: the type is found already.
            continue
    return [info.alias or name for name, info in current.model_fields.items()]


def _record_in(annotation: object) -> type[Record] | None:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    for argument in get_args(annotation):
        if found := _record_in(argument):
            return found
    return None


def _unknown_key(document: Document, path: Path, known: list[str]) -> Diagnostic:
    key = str(path[-1])
    near = nearest_names(key, known)
    start, end = document.keys.get(path, (0, 0))
    listed = ", ".join(known)
    return problem(
        "unknown-key",
        document.key_location(*path),
        f"unknown key '{key}'" + meant(near),
        f"use one of: {listed}",
        fix=[Edit(document.source.path, start, end, near[0])] if near else (),
    )


def _bad_choice(document: Document, path: Path, label: str, given: str, choices: list[str]) -> Diagnostic:
    near = nearest_names(given, choices)
    return problem(
        "bad-value",
        document.location(*path),
        f"{label} cannot be `{given}`" + meant(near),
        f"use one of: {', '.join(choices)}",
        fix=[Edit(document.source.path, *document.spans[path], near[0])] if near and path in document.spans else (),
    )


def _choices(expected: str) -> list[str]:
    return [choice for choice in re.findall(r"'([^']*)'", expected) if choice]
