"""Ordinary pages: content/pages/*.md, Markdown with a little front matter."""

from __future__ import annotations

from typing import Annotated

from sitegen.diagnostics import Checked, problem
from sitegen.frontmatter import read_front_matter
from sitegen.identifiers import is_id, slug_of
from sitegen.model import Page
from sitegen.prose import read_prose
from sitegen.records import Language, Name, Record
from sitegen.source import Location, Source
from sitegen.validation import validate

RESERVED_IDS = frozenset(
    {"transcripts", "speakers", "topics", "notes", "sources", "glossary", "search", "assets", "index", "404"}
)


class PageRecord(Record, frozen=True):
    """The front matter of a page."""

    title: Annotated[Name, "The title, shown above the text and in the menu."]
    summary: Annotated[str, "One sentence for search engines."] = ""
    order: Annotated[int, "Where the page stands in the menu; equal ones by title."] = 0
    language: Annotated[Language, "The language of the page, where it is not that of the site."] = ""


def read_page(source: Source) -> Checked[Page | None]:
    """The page in a file; its id is the file's stem."""
    stem = source.path.rpartition("/")[2].removesuffix(".md")
    matter = read_front_matter(source, prose=frozenset({"title", "summary"}))
    problems = list(matter.diagnostics)
    if not is_id(stem) or stem in RESERVED_IDS:
        why = "is reserved" if stem in RESERVED_IDS else "cannot be an id"
        hint = f"rename the file, for instance to {slug_of(stem) or 'page'}-page.md"
        problems.append(problem("bad-path", source.location(0), f"the file's name `{stem}` {why}", hint))
        return Checked(None, tuple(problems))
    if matter.value.document is None:
        return Checked(None, tuple(problems))
    checked = validate(matter.value.document, PageRecord, what="the front matter", spare={"title": stem})
    problems += checked.diagnostics
    if checked.value is None:
        return Checked(None, tuple(problems))
    record = checked.value
    start = len(source.text) - len(matter.value.body)

    def locate(words: str) -> Location:
        found = max(start, source.text.find(words, start))
        return source.location(found, found + len(words))

    body = read_prose(matter.value.body, locate)
    page = Page(stem, record.title, body.value, source.location(0), record.summary, record.order, record.language)
    return Checked(page, (*problems, *body.diagnostics))
