"""JSON with a line for each field and each item of a list, so that changes can be read line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

_encoded = msgspec.json.Encoder().encode


def json_lines(document: Mapping[str, object]) -> bytes:
    """A JSON document, with a newline at its end."""
    return b"".join([*_lines(document, b""), b"\n"])


def _lines(value: object, indent: bytes) -> Iterator[bytes]:
    deeper = indent + b" "
    if isinstance(value, dict) and value:
        for number, (name, item) in enumerate(value.items()):
            yield b"%b\n%b%b: " % (b"," if number else b"{", deeper, _encoded(name))
            yield from _lines(item, deeper)
        yield b"\n%b}" % indent
    elif isinstance(value, list) and value:
        yield b"[\n" + deeper
        yield (b",\n" + deeper).join(map(_encoded, value))
        yield b"\n%b]" % indent
    else:
        yield _encoded(value)
