"""What readers declare their files with: records, and texts of a certain form.

A field has its type and, in the same `Annotated`, a sentence on what it means. `validation` fills records and says
what does not fit, `schemas` tells editors of them; nothing here reads a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields

from sitegen.identifiers import is_date, is_id, slug_of

Schema: TypeAlias = dict[str, Any]


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping with a fixed set of keys; the base of all that readers declare."""


class Form(Struct, frozen=True, eq=False):
    """How a text of some type looks: how to tell, what to say if it does not (`{}` is the text), and its schema."""

    fits: Callable[[str], object]
    code: str
    wrong: str
    hint: Callable[[str], str]
    schema: Schema


class OrOne(Struct, frozen=True):
    """A list for which a single item may stand in the file; as a value it is a list."""


def id_hint(text: str) -> str:
    """How to mend a text that is no id."""
    slug = slug_of(text)
    return f"write {slug}" if slug else "use lower-case letters, digits and single hyphens"


def _text_like(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


# msgspec checks a `Meta`, in C, and nothing else here. It may take less than is right, never more: what it does not
# take is looked at again by `validation` alone. A text with a pattern must not be one branch with a list or a mapping
# the other: the collector of cycles then takes the pattern for a type (msgspec 0.22, its issue 717).

_ID_PART = r"[^\x00-\x2c\x2e\x2f\x3a-\x60\x7b-\x7f\s-]+"
ID_PATTERN = f"^{_ID_PART}(-{_ID_PART})*$"
"""The form of an id as schemas can say it: no capitals, spaces or signs of ASCII, single hyphens within."""

Id = Annotated[
    str,
    Meta(pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"),
    Form(
        is_id,
        "bad-id",
        "`{}` is not an id (lower-case letters and digits, joined by single hyphens)",
        id_hint,
        {"anyOf": [_text_like(ID_PATTERN), {"type": "integer", "minimum": 0}]},
    ),
]
"""An id: lower-case letters and digits of any script, joined by single hyphens."""

_MONTH_AND_DAY = (
    "(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?"  # the 29th of February depends on the year
    "|(0[13-9]|1[0-2])-(29|30)"
    "|(0[13578]|1[02])-31"
)
_DATE = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
Date = Annotated[
    str,
    Meta(pattern=rf"\A(?!0000)[0-9]{{4}}(-({_MONTH_AND_DAY}))?\Z"),
    Form(
        is_date,
        "bad-date",
        "`{}` is not a date",
        lambda text: "write 2024, 2024-04 or 2024-04-11",
        {"anyOf": [_text_like(_DATE), {"type": "integer", "minimum": 1, "maximum": 9999}]},
    ),
]
"""A year, year-month or day, kept as text."""

Name = Annotated[
    str,
    Meta(pattern=r"\S"),
    Form(
        str.strip,
        "missing-field",
        "must not be blank",
        lambda text: "",
        {"anyOf": [_text_like("[^\\s]"), {"type": "number"}, {"type": "boolean"}]},
    ),
]
"""A text that says something: a title or name is never only spaces."""

_LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"
Language = Annotated[
    str,
    Meta(pattern=rf"\A{_LANGUAGE}\Z"),
    Form(
        re.compile(_LANGUAGE).fullmatch,
        "bad-value",
        "`{}` is not a language code",
        lambda text: "write a code such as en, pt-BR or zh-Hant",
        _text_like(f"^{_LANGUAGE}$"),
    ),
]
"""A BCP 47 language tag."""

_ADDRESS = r'https?://[^\s<>"]+'
WebAddress = Annotated[
    str,
    Meta(pattern=rf"\A{_ADDRESS}\Z"),
    Form(
        re.compile(_ADDRESS).fullmatch,
        "bad-value",
        "`{}` is not a web address",
        lambda text: "begin with https:// and leave out spaces",
        _text_like(f"^{_ADDRESS}$"),
    ),
]
"""An absolute http or https address."""

Switch = Annotated[
    bool,
    Form(
        ("true", "false").__contains__,
        "bad-value",
        "must be true or false",
        lambda text: "",
        {"enum": [True, False, "true", "false"]},
    ),
]
"""`true` or `false`; no other spelling of YAML 1.1."""

Texts = Annotated[tuple[str, ...], OrOne()]
"""A list of texts, or a single one."""

Ids = Annotated[tuple[Id, ...], OrOne()]
"""A list of ids, or a single one."""


@cache
def fields_of(record: type[Record]) -> tuple[FieldInfo, ...]:
    """The fields of a record in their order; `encode_name` is the key in files."""
    return fields(record)


def description_of(field: FieldInfo) -> str:
    """What a field means."""
    return next(note for note in taken_apart(field.type)[1] if isinstance(note, str))


def taken_apart(declared: Any) -> tuple[Any, tuple[Any, ...]]:
    """A declared type without what it is annotated with, and that."""
    notes = getattr(declared, "__metadata__", ())
    return (declared.__origin__, notes) if notes else (declared, ())


def branches_of(declared: Any) -> tuple[Any, ...]:
    """The types of which a declared one is any, but for that of nothing."""
    kind, _ = taken_apart(declared)
    either = get_origin(kind) in (Union, UnionType)
    return tuple(one for one in get_args(kind) if one is not NoneType) if either else (declared,)
