"""YAML values checked against declared records, with every mistake at once.

The only module that sees pydantic. A reader declares its file as subclasses of `Record`; `validate` says
in the author's terms what does not fit, where, and what was probably meant.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sitegen.identifiers import is_date, is_id, slug_of

__all__ = [
    "ID_PATTERN",
    "Date",
    "Discriminator",
    "Field",
    "Id",
    "Ids",
    "Language",
    "Name",
    "Record",
    "Switch",
    "Tag",
    "Texts",
    "WebAddress",
    "json_schema",
    "shape",
]

R = TypeVar("R", bound="Record")


class Record(BaseModel):
    """A mapping with a fixed set of keys; the base of every model that readers declare."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _switch(value: object) -> object:
    if isinstance(value, bool) or value in ("true", "false"):
        return value in (True, "true")
    raise PydanticCustomError("bad-value", "must be true or false")


def _not_blank(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("missing-field", "must not be blank")
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Switch = Annotated[bool, BeforeValidator(_switch), WithJsonSchema({"enum": [True, False, "true", "false"]})]
"""`true` or `false`; no other spelling of YAML 1.1."""

_SAYS_SOMETHING = {"anyOf": [{"type": "string", "pattern": "[^\\s]"}, {"type": "number"}, {"type": "boolean"}]}
Name = Annotated[str, BeforeValidator(_not_blank), WithJsonSchema(_SAYS_SOMETHING)]
"""A text that says something: a title or name is never only spaces."""

_TEXT = {"type": "string"}
Texts = Annotated[
    tuple[str, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}),
]
"""A list of texts; a single text stands for a list of one."""


def _checked_date(value: object) -> object:
    if isinstance(value, str) and not is_date(value):
        hint = "write 2024, 2024-04 or 2024-04-11"
        raise PydanticCustomError("bad-date", "`{given}` is not a date", {"given": value, "hint": hint})
    return value


def _checked_id(value: object) -> object:
    if isinstance(value, str) and not is_id(value):
        slug = slug_of(value)
        hint = f"write {slug}" if slug else "use lower-case letters, digits and single hyphens"
        message = "`{given}` is not an id (lower-case letters and digits, joined by single hyphens)"
        raise PydanticCustomError("bad-id", message, {"given": value, "hint": hint})
    return value


_DATE = {
    "anyOf": [
        {"type": "string", "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"},
        {"type": "integer", "minimum": 1, "maximum": 9999},
    ]
}
_ID_PART = r"[^\x00-\x2c\x2e\x2f\x3a-\x60\x7b-\x7f\s-]+"
ID_PATTERN = f"^{_ID_PART}(-{_ID_PART})*$"
"""The form of an id as schemas can say it: no capitals, spaces or signs of ASCII, single hyphens within."""

_ID = {"anyOf": [{"type": "string", "pattern": ID_PATTERN}, {"type": "integer", "minimum": 0}]}

Date = Annotated[str, BeforeValidator(_checked_date), WithJsonSchema(_DATE)]
"""A year, year-month or day, kept as text."""

Id = Annotated[str, BeforeValidator(_checked_id), WithJsonSchema(_ID)]
"""An id: lower-case letters and digits of any script, joined by single hyphens."""


Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_ID, {"type": "array", "items": _ID}]}),
]
"""A list of ids; a single id stands for a list of one."""


def _checked_language(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", value):
        hint = "write a code such as en, pt-BR or zh-Hant"
        raise PydanticCustomError("bad-value", "`{given}` is not a language code", {"given": value, "hint": hint})
    return value


def _checked_address(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"https?://[^\s<>\"]+", value):
        hint = "begin with https:// and leave out spaces"
        raise PydanticCustomError("bad-value", "`{given}` is not a web address", {"given": value, "hint": hint})
    return value


_TAG = {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"}
Language = Annotated[str, BeforeValidator(_checked_language), WithJsonSchema(_TAG)]
"""A BCP 47 language tag."""

WebAddress = Annotated[
    str,
    BeforeValidator(_checked_address),
    WithJsonSchema({"type": "string", "pattern": '^https?://[^\\s<>"]+$'}),
]
"""An absolute http or https address."""


def shape(value: object) -> str:
    """Tells the branches of a union apart by the form of the YAML: `text`, `list` or `mapping`."""
    return "mapping" if isinstance(value, dict | Record) else "list" if isinstance(value, list) else "text"


def json_schema(model: type[Record]) -> dict[str, Any]:
    """The JSON Schema of a record, by the aliases of its fields, with the records in it under `$defs`."""
    return model.model_json_schema()
