"""What a file to import does not say itself: front matter in a YAML file beside it, `talk.txt.yaml` for `talk.txt`.

A licence, an address, a remark on the text. Whether the values fit is checked with the transcript they go into.
"""

from __future__ import annotations

from msgspec.structs import fields, replace

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.importers.draft import Draft
from sitegen.model import Origin
from sitegen.nearest import meant, nearest_names
from sitegen.records import fields_of
from sitegen.source import Source
from sitegen.transcripts import TranscriptRecord
from sitegen.yamldoc import Document, Value, parse

_PROSE = frozenset({"title", "place", "occasion", "summary", "publisher", "note", "licence"})
_ORIGIN_KEYS = frozenset(field.name for field in fields(Origin))


def read_beside(source: Source | None) -> Checked[dict[str, Value]]:
    """The keys of a file beside a file to import; those that no transcript can have are reported and left out."""
    if source is None:
        return Checked({})
    parsed = parse(source, prose=_PROSE)
    document = parsed.value
    if document is None or not isinstance(document.value, dict):
        found = problem("wrong-type", source.location(0), "the file must be a mapping of front matter keys")
        return Checked({}, parsed.diagnostics or (found,))
    known = [field.encode_name for field in fields_of(TranscriptRecord)]
    unknown = tuple(_unknown(document, key, known) for key in document.value if key not in known)
    return Checked({k: v for k, v in document.value.items() if k in known}, (*parsed.diagnostics, *unknown))


def _unknown(document: Document, key: str, known: list[str]) -> Diagnostic:
    near = nearest_names(key, known)
    probably = meant(near)
    hint = f"use one of: {', '.join(known)}"
    return problem("unknown-key", document.key_location(key), f"unknown key '{key}'{probably}", hint)


def completed(draft: Draft, given: dict[str, Value]) -> Draft:
    """A draft with the keys given beside its file, which count more than what was found in it."""
    origin = given.get("source")
    stated = {k: str(v) for k, v in origin.items() if k in _ORIGIN_KEYS and v} if isinstance(origin, dict) else {}
    further = tuple((key, value) for key, value in given.items() if key != "source")
    return replace(draft, origin=replace(draft.origin, **stated), extra=(*draft.extra, *further))
