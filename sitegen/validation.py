"""YAML values checked against records, with every mistake at once, in the author's terms.

What is wrong is said with its place and what was probably meant, and left out, so that the rest still counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, Literal, TypeVar, get_args, get_origin

from msgspec import Struct, ValidationError, convert, field

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.nearest import meant, nearest_names
from sitegen.records import Form, OrOne, Record, branches_of, fields_of, taken_apart
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
    value = document.at(*path)
    if not isinstance(value, dict):
        message = f"{what} must be a mapping of keys and values, not {_shape_in_words(value)}"
        return Checked(None, (problem("wrong-type", document.location(*path), message),))
    try:
        return Checked(convert(value, model))
    except ValidationError:  # it tells of one mistake only, and what it does not take need not be one
        reading = _Reading(document, path, what, spare or {})
        return Checked(reading.record(model, value, path), tuple(reading.problems))


class _Reading(Struct):
    """The record at `base` of a document read field by field; of what is wrong there is a problem, and no value."""

    document: Document
    base: Path
    what: str
    spare: Mapping[str, str]
    problems: list[Diagnostic] = field(default_factory=list)

    def record(self, model: type[R], given: Mapping[str, Value], path: Path) -> R | None:
        """The record in a mapping; None where something that it needs is missing or wrong."""
        fields = {one.encode_name: one for one in fields_of(model)}
        found: dict[str, Any] = {}
        for key, one in fields.items():
            value: Any = given.get(key)
            if value is not None:
                value = self.value(one.type, value, (*path, key))
            elif one.required:
                self._missing(given, (*path, key))
            if value is None and path == self.base:
                value = self.spare.get(key)
            if value is not None:
                found[one.name] = value
        for key, value in given.items():
            if key not in fields and value is not None:
                self._unknown_key(list(fields), (*path, key))
        return model(**found) if all(one.name in found for one in fields.values() if one.required) else None

    def value(self, declared: Any, given: Any, path: Path) -> Any:
        """What is given as the type that is declared for it; None where it is wrong."""
        if declared is Any:
            return given
        branches = {_shape_of(branch): branch for branch in branches_of(declared)}
        if isinstance(given, str) and OrOne() in taken_apart(declared)[1]:
            item = self.value(get_args(taken_apart(branches[list])[0])[0], given, path)
            return None if item is None else (item,)
        if type(given) not in branches:
            return self._wrong_type(declared, given, path)
        kind, notes = taken_apart(branches[type(given)])
        if isinstance(given, str):
            return self._text(kind, notes, given, path)
        inner = get_args(kind)
        if isinstance(given, list):
            items = [self.value(inner[0], item, (*path, i)) for i, item in enumerate(given)]
            return tuple([item for item in items if item is not None])
        if not inner:
            return self.record(kind, given, path)
        entries = {key: self.value(inner[1], item, (*path, key)) for key, item in given.items() if item is not None}
        return {key: item for key, item in entries.items() if item is not None}

    def _text(self, kind: Any, notes: tuple[Any, ...], given: str, path: Path) -> Any:
        if get_origin(kind) is Literal:
            choices = get_args(kind)
            return given if given in choices else self._bad_choice(given, [one for one in choices if one], path)
        for form in notes:
            if isinstance(form, Form) and not form.fits(given):
                return self._problem(form.code, path, f": {form.wrong.format(given)}", form.hint(given))
        value = _READ[kind](given)
        return self._wrong_type(kind, given, path) if value is None else value

    def _problem(self, code: str, path: Path, wrong: str, hint: str = "", fix: Sequence[Edit] = ()) -> None:
        where = self.document.location(*path)
        self.problems.append(problem(code, where, f"'{_label(path)}'{wrong}", hint, fix=fix))

    def _wrong_type(self, declared: Any, given: Value, path: Path) -> None:
        self._problem("wrong-type", path, f" must be {_wanted(declared)}, not {_shape_in_words(given)}")

    def _bad_choice(self, given: str, choices: list[str], path: Path) -> None:
        near = nearest_names(given, choices)
        fix = [Edit(self.document.source.path, *self.document.spans[path], near[0])] if near else ()
        hint = f"use one of: {', '.join(choices)}"
        self._problem("bad-value", path, f" cannot be `{given}`{meant(near)}", hint, fix)

    def _missing(self, given: Mapping[str, Value], path: Path) -> None:
        above, name = path[:-1], path[-1]
        if name in given:
            where = self.document.key_location(*path)
            found = problem("missing-field", where, f"'{name}' has no value", f"write one: `{name}: …`")
        else:
            what = self.what if above == self.base else f"the entry under '{_label(above)}'"
            where = self.document.location(*above)
            found = problem("missing-field", where, f"{what} needs '{name}'", f"add a line `{name}: …`")
        self.problems.append(found)

    def _unknown_key(self, known: Sequence[str], path: Path) -> None:
        key = str(path[-1])
        near = nearest_names(key, known)
        where, message = self.document.key_location(*path), f"unknown key '{key}'{meant(near)}"
        fix = [Edit(self.document.source.path, *self.document.keys[path], near[0])] if near else ()
        self.problems.append(problem("unknown-key", where, message, f"use one of: {', '.join(known)}", fix=fix))


def _shape_of(declared: Any) -> type[object]:
    """The YAML that a type is written as."""
    kind, _ = taken_apart(declared)
    origin = get_origin(kind) or kind
    return list if origin is tuple else dict if isinstance(origin, type) and issubclass(origin, dict | Record) else str


def _whole(text: str) -> int | None:
    number = _number(text)
    return int(number) if number is not None and number.is_integer() else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


_READ: dict[type, Callable[[str], Any]] = {str: str, bool: "true".__eq__, int: _whole, float: _number}
_SHAPES: dict[type[object], str] = {str: "text", list: "a list", dict: "a mapping"}
_WANTED = {bool: "true or false", int: "a whole number", float: "a number"}


def _wanted(declared: Any) -> str:
    kind, _ = taken_apart(declared)
    shapes = [_shape_of(branch) for branch in branches_of(declared)]
    if shapes == [dict]:
        return "a mapping of keys and values"
    return _WANTED.get(kind) or " or ".join(_SHAPES[shape] for shape in shapes)


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
