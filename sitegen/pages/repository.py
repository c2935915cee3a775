"""Addresses into the site's repository: where to edit, see the history of, report on and add to its files.

They are the same with and without the script; what the script adds is the reader's selection. Nothing
here asks the repository anything.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from msgspec import Struct

from sitegen.model import Settings
from sitegen.source import Location

NEW_NOTE = """\
# Copy the exact words from the transcript between the quote marks, and write your note below.
- quote: ""
  at: {at}
  kind: context
  note: |
    Two to five sentences.
  # A source, without the signs at the start of the lines:
  # sources:
  #   - title:
  #     url:
"""


class FileLinks(Struct, frozen=True):
    """Where a file of the site can be edited and where its history is; empty without a repository."""

    edit: str = ""
    history: str = ""


def file_links(settings: Settings, where: Location | None) -> FileLinks:
    """The links for what stands at a place of a file."""
    if not settings.repository or where is None:
        return FileLinks()
    path = quote(where.path)
    line = f"#L{where.line}" if where.line > 1 else ""
    return FileLinks(
        edit=f"{settings.repository}/edit/{settings.branch}/{path}{line}",
        history=f"{settings.repository}/commits/{settings.branch}/{path}",
    )


def report_address(settings: Settings, subject: str) -> str:
    """Where to report an error in something; its name is filled in."""
    return f"{settings.repository}/issues/new?{urlencode({'title': subject})}" if settings.repository else ""


def new_file_address(settings: Settings) -> str:
    """The start of addresses that open a new file; the script adds the file's name and content."""
    return f"{settings.repository}/new/{quote(settings.branch)}" if settings.repository else ""


def new_note_address(settings: Settings, transcript_id: str, at: str) -> str:
    """Where to write a new note on a turn: a new file, begun as valid YAML."""
    if not settings.repository:
        return ""
    query = {"filename": f"annotations/{transcript_id}/{at}-note.yaml", "value": NEW_NOTE.format(at=at)}
    return f"{new_file_address(settings)}?{urlencode(query, safe='/:')}"
