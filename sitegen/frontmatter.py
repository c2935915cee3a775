"""Front matter: the YAML between `---` lines at the top of a Markdown file, and the body below it.

What its keys mean is known to the readers of transcripts and pages.
"""

from __future__ import annotations

import re

from msgspec import Struct

from sitegen.diagnostics import Checked, problem
from sitegen.source import Source
from sitegen.yamldoc import Document, parse

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.MULTILINE)


class Matter(Struct, frozen=True):
    """A file in two: the front matter (None where it cannot be read) and the body with its first line.

    `end` is the offset of the closing line, where further keys can be added.
    """

    document: Document | None
    body: str
    body_line: int
    end: int


def read_front_matter(source: Source, *, prose: frozenset[str]) -> Checked[Matter]:
    """Splits a file; a file without front matter is all body."""
    opening = _OPENING.match(source.text)
    if not opening:
        code = "missing-front-matter" if source.text.strip() else "empty-file"
        message = "the file must begin with front matter" if source.text.strip() else "the file is empty"
        found = problem(code, source.location(0), message, "put these lines at the top:\n---\ntitle: …\n---")
        return Checked(Matter(None, source.text, 1, 0), (found,))
    closing = _CLOSING.search(source.text, opening.end())
    if not closing:
        hint = "add a line `---` after the last key"
        found = problem("unclosed-front-matter", source.location(0, 3), "the front matter is never closed", hint)
        return Checked(Matter(None, source.text[opening.end() :], 2, 0), (found,))
    body_line = source.text.count("\n", 0, closing.end()) + 1
    parsed = parse(source, start=opening.end(), end=closing.start(), prose=prose)
    document, problems = parsed.value, parsed.diagnostics
    if document is not None and not isinstance(document.value, dict):
        found = problem("missing-field", source.location(0, 3), "the front matter is empty", "add a line `title: …`")
        if document.value is not None:
            found = problem("wrong-type", source.location(opening.end()), "front matter is `key: value` lines")
        document, problems = None, (*problems, found)
    return Checked(Matter(document, source.text[closing.end() :], body_line, closing.start()), problems)
