"""JSON Schemas (2020-12) of every file that people write, made from the records of their readers.

Editors complete and check with them as one types. What a schema cannot say (whether an id exists, whether a
quote is found) is said by `sitegen check` alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args, get_origin

from msgspec.structs import FieldInfo

from sitegen.annotations import AnnotationRecord
from sitegen.articles import PageRecord
from sitegen.project import SettingsRecord, SpeakerRecord, TermRecord, TopicRecord, WorkRecord
from sitegen.records import ID_PATTERN, Form, OrOne, Record, Schema, branches_of, description_of, fields_of, taken_apart
from sitegen.transcripts import TranscriptRecord

FOLDER = "schema"
"""Where the editor settings of a site look for the schemas."""


def schema_of(name: str) -> Schema:
    """The schema of that name, complete."""
    title, make = SCHEMAS[name]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **make()}


def schema_files(names: Iterable[str] = ()) -> dict[str, bytes]:
    """The files of schemas (all, unless named) by path in a site's folder."""
    chosen = tuple(names) or tuple(SCHEMAS)
    return {
        f"{FOLDER}/{name}.json": (json.dumps(schema_of(name), ensure_ascii=False, indent=2) + "\n").encode()
        for name in chosen
    }


def _plain(record: type[Record]) -> Callable[[], Schema]:
    def make() -> Schema:
        schema, definitions = _taken_apart(record)
        return schema | ({"$defs": definitions} if definitions else {})

    return make


def _settings() -> Schema:
    whole = _plain(SettingsRecord)()
    for branch in whole["properties"]["kinds"]["anyOf"]:
        if branch.get("type") == "object":
            branch["propertyNames"] = {"pattern": ID_PATTERN}
    return whole


def _annotations() -> Schema:
    item, definitions = _taken_apart(AnnotationRecord)
    # Without a note, topics alone make an entry of the index.
    item["anyOf"] = [{"required": ["note"]}, {"required": ["topics"]}]
    return {"type": "array", "items": item, "$defs": definitions}


def _register(model: type[Record]) -> Callable[[], Schema]:
    def make() -> Schema:
        entry, definitions = _taken_apart(model)
        whole: Schema = {
            "type": "object",
            "propertyNames": {"pattern": ID_PATTERN},
            "additionalProperties": entry,
        }
        return whole | ({"$defs": definitions} if definitions else {})

    return make


def _transcript() -> Schema:
    whole, definitions = _taken_apart(TranscriptRecord)
    speaker, more = _taken_apart(SpeakerRecord)
    text = {"type": ["string", "number"]}
    whole["properties"]["speakers"]["anyOf"] = [
        {"type": "array", "items": text},
        {"type": "object", "propertyNames": {"pattern": ID_PATTERN}, "additionalProperties": speaker},
        text,
        {"type": "null"},
    ]
    return {**whole, "$defs": {**definitions, **more}}


def _taken_apart(record: type[Record]) -> tuple[Schema, Schema]:
    """The schema of a record as its reader takes it, and the records in it.

    Scalars are read as they were typed, so where a record wants text a number will do, and a key without a
    value counts as absent.
    """
    definitions: Schema = {}
    fields = fields_of(record)
    schema = {
        "additionalProperties": False,
        "description": record.__doc__,
        "properties": {one.encode_name: _field(one, definitions) for one in fields},
        "type": "object",
    }
    required = [one.encode_name for one in fields if one.required]
    return schema | ({"required": required} if required else {}), definitions


def _field(field: FieldInfo, definitions: Schema) -> Schema:
    schema = _of_type(field.type, definitions)
    if not field.required:
        schema = {"anyOf": [*(schema["anyOf"] if set(schema) == {"anyOf"} else [schema]), {"type": "null"}]}
    return {"description": description_of(field), **schema}


_NUMBER = "^-?[0-9]+([.][0-9]+)?$"
_SCALARS: dict[type, Schema] = {
    str: {"type": ["string", "number", "boolean"]},
    int: {"type": ["integer", "string"], "pattern": _NUMBER},
    float: {"type": ["number", "string"], "pattern": _NUMBER},
}


def _of_type(declared: Any, definitions: Schema) -> Schema:
    branches = branches_of(declared)
    if len(branches) > 1:
        return {"anyOf": [_of_type(branch, definitions) for branch in branches]}
    kind, notes = taken_apart(branches[0])
    inner = get_args(kind)
    if get_origin(kind) is Literal:
        return {"enum": list(inner), "type": "string"}
    if get_origin(kind) is tuple:
        item = _of_type(inner[0], definitions)
        several = {"items": item, "type": "array"}
        return {"anyOf": [item, several]} if OrOne() in notes else several
    if get_origin(kind) is dict:
        return {"additionalProperties": _of_type(inner[1], definitions), "type": "object"}
    if kind is Any:
        return {}
    if issubclass(kind, Record):
        schema, further = _taken_apart(kind)
        definitions |= {kind.__name__: schema, **further}
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return next((note.schema for note in notes if isinstance(note, Form)), None) or _SCALARS[kind]


SCHEMAS: dict[str, tuple[str, Callable[[], Schema]]] = {
    "settings": ("sitegen.yaml", _settings),
    "annotations": ("A file of annotations", _annotations),
    "topics": ("annotations/topics.yaml", _register(TopicRecord)),
    "sources": ("annotations/sources.yaml", _register(WorkRecord)),
    "glossary": ("annotations/glossary.yaml", _register(TermRecord)),
    "speakers": ("content/speakers.yaml", _register(SpeakerRecord)),
    "transcript": ("The front matter of a transcript", _transcript),
    "page": ("The front matter of a page", _plain(PageRecord)),
}
"""The schemas by name: what each describes, and how it is made."""
