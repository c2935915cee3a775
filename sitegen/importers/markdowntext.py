"""Plain text as Markdown: every character that Markdown would take for markup is escaped, and no other.

What the label rules would take for a label is the business of `native`.
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(
    r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|\](?=\()|<(?=[a-zA-Z][a-zA-Z0-9+.-]*[:@])|<(?=[^\s<>@]+@)"
    r"|&(?=#?[0-9A-Za-z]+;)|~(?=~)|\{(?=#)"
)
_LINE_START = re.compile(
    r"^(?P<space>[ \t]*)(?P<mark>#{1,6}(?=[ \t]|$)|>|[-+](?=[ \t]|$)|(?:-[ \t]*){3,}$|(?:_[ \t]*){3,}$)"
)
_NUMBERED = re.compile(r"^([ \t]*\d{1,9})([.)])(?=[ \t]|$)")


def escaped(text: str) -> str:
    """Plain text as Markdown that shows exactly these characters."""
    return "\n".join(_escaped_line(line) for line in text.split("\n"))


def _escaped_line(line: str) -> str:
    line = _SPECIAL.sub(lambda match: "\\" + match[0], line)
    line = line.replace("](", "]\\(").replace("]\\\\(", "]\\(") if "](" in line else line
    start = _LINE_START.match(line)
    if start:
        return f"{start['space']}\\{line[start.start('mark') :]}"
    return _NUMBERED.sub(r"\1\\\2", line)
