"""JSON with a line for each field and each item of a list, so that changes can be read line by line.

The encoder that indents deeper levels too is written in Python and takes ten times as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

# One encoder for all: making it anew for each item takes as long as the item. What is encoded has no cycles.
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def json_lines(document: Mapping[str, object]) -> bytes:
    """A JSON document, with a newline at its end."""
    return "".join([*_lines(document, ""), "\n"]).encode()


def _lines(value: object, indent: str) -> Iterator[str]:
    deeper = indent + " "
    if isinstance(value, dict) and value:
        for number, (name, item) in enumerate(value.items()):
            yield f"{',' if number else '{'}\n{deeper}{_encoded(name)}: "
            yield from _lines(item, deeper)
        yield f"\n{indent}}}"
    elif isinstance(value, list) and value:
        items = f",\n{deeper}".join(map(_encoded, value))
        yield f"[\n{deeper}{items}\n{indent}]"
    else:
        yield _encoded(value)
