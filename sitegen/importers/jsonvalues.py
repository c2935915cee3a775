"""JSON files as values, with the lines their texts stand on.

Damaged and hostile files become located problems. What the values mean is known to the readers of formats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sitegen.diagnostics import Checked, problem
from sitegen.importers.dates import seconds
from sitegen.importers.draft import Raw
from sitegen.importers.text import decode


class Lines(Struct):
    """Finds the line of texts that are asked for in the order in which they stand in the file."""

    source: str
    position: int = 0
    line: int = 1

    def of(self, text: str) -> int:
        """The line on which a text begins; the last line found where it cannot be found again."""
        needle = json.dumps(text[:40], ensure_ascii=False)[1:-1]
        found = self.source.find(needle, self.position, self.position + 200_000) if needle else -1
        if found >= 0:
            self.line += self.source.count("\n", self.position, found)
            self.position = found + 1
        return self.line


def parse(raw: Raw) -> Checked[tuple[Any, Lines] | None]:
    """The value of a JSON file and a finder of lines, or None."""
    text = decode(raw)
    try:
        value = json.loads(text.value)
    except json.JSONDecodeError as error:
        where = raw.at(error.lineno, error.colno)
        hint = "the file is damaged or incomplete from here on"
        return Checked(None, (*text.diagnostics, problem("import-unreadable", where, f"no JSON: {error.msg}", hint)))
    except RecursionError:
        found = problem("import-unsafe", raw.at(1), "the values are nested too deeply to be a transcript")
        return Checked(None, (*text.diagnostics, found))
    except ValueError as error:
        # Figures with thousands of digits.
        return Checked(None, (*text.diagnostics, problem("import-unreadable", raw.at(1), f"no JSON: {error}")))
    return Checked((value, Lines(text.value)), text.diagnostics)


def text_at(value: Any, *keys: str) -> str:
    """The first of several keys of a mapping that holds text, white space trimmed."""
    if isinstance(value, dict):
        for key in keys:
            found = value.get(key)
            if isinstance(found, str) and found.strip():
                return found.strip()
    return ""


def number_at(value: Any, *keys: str) -> float | None:
    """The first of several keys that holds a time, in seconds: a number, `1.5s`, or `0:01:05.2`."""
    if not isinstance(value, dict):
        return None
    for key in keys:
        found = value.get(key)
        if isinstance(found, bool) or found is None:
            continue
        number = _number(found)
        if number is not None:
            return number / 1000 if key.casefold().endswith("ms") else number
    return None


def _number(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e12 else None
    if not isinstance(value, str):
        return None
    bare = value.strip().removesuffix("s")
    try:
        return float(bare) if abs(float(bare)) < 1e12 else None
    except ValueError:
        return seconds(value)


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """The mappings in a list; nothing if it is no list."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield item


def at(value: Any, *path: str | int) -> Any:
    """The value at a path of keys and indexes, or None."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and len(value) > step else None
    return value
