"""JSON Schemas (2020-12) of every file that people write, made from the records of their readers.

Editors complete and check with them as one types. What a schema cannot say (whether an id exists, whether a
quote is found) is said by `sitegen check` alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from sitegen.annotations import AnnotationRecord
from sitegen.articles import PageRecord
from sitegen.project import SettingsRecord, SpeakerRecord, TermRecord, TopicRecord, WorkRecord
from sitegen.records import ID_PATTERN, Record, json_schema
from sitegen.transcripts import TranscriptRecord

FOLDER = "schema"
"""Where the editor settings of a site look for the schemas."""

Schema = dict[str, Any]


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
    schema = _as_read(json_schema(record))
    return {key: value for key, value in schema.items() if key != "$defs"}, dict(schema.get("$defs", {}))


def _as_read(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_as_read(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {"anyOf" if key == "oneOf" else key: _as_read(value) for key, value in schema.items()}
    for noise in ("default", "title", "discriminator") if "type" in schema or "anyOf" in result else ():
        if not isinstance(result.get(noise), dict):
            result.pop(noise, None)
    kind = schema.get("type")
    if kind == "string" and not {"pattern", "enum", "const"} & set(schema):
        result["type"] = ["string", "number", "boolean"]
    elif kind in ("number", "integer") and not {"minimum", "maximum"} & set(schema):
        result |= {"type": [kind, "string"], "pattern": "^-?[0-9]+([.][0-9]+)?$"}
    elif kind == "object" and "properties" in schema:
        needed = schema.get("required", ())
        result["properties"] = {
            name: value if name in needed else _or_nothing(value) for name, value in result["properties"].items()
        }
    return result


def _or_nothing(schema: Schema) -> Schema:
    said = {"description": schema["description"]} if "description" in schema else {}
    rest = {key: value for key, value in schema.items() if key not in ("description", "default", "title")}
    return {**said, "anyOf": [*(rest["anyOf"] if set(rest) == {"anyOf"} else [rest]), {"type": "null"}]}


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
