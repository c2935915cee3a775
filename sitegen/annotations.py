"""Annotation files: YAML lists of notes, one file or a folder of files for each transcript.

Whether a quote is in the transcript, and whether topics and sources exist, is checked later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Struct, field

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.identifiers import slug_of
from sitegen.model import Annotation, Reference, Revision, Target, TextQuoteSelector
from sitegen.nearest import meant, nearest_names
from sitegen.project import Citation, citations_at, prose_at, references_at
from sitegen.records import Date, Id, Ids, Language, Record
from sitegen.sitefiles import ANNOTATIONS
from sitegen.source import Edit, Source
from sitegen.validation import validate
from sitegen.yamldoc import Document, parse
from sitegen.yamledit import put_first

_PROSE = frozenset(
    {"quote", "prefix", "suffix", "note", "headline", "claim", "what", "title", "publisher", "author", "by"}
)
_EXAMPLE = "- quote: the words you speak of\n  note: What the reader needs to know."


class PassageRecord(Record, frozen=True):
    """Words of a transcript, and where among equal words they stand."""

    quote: Annotated[
        str | tuple[str, ...], "The words, as the transcript has them; a list for a passage over several turns."
    ]
    at: Annotated[str, "The turn or paragraph they stand in: smith-3 or smith-3-p2."] = ""
    speaker: Annotated[str, "The speaker who says them."] = ""
    prefix: Annotated[str, "What stands directly before them."] = ""
    suffix: Annotated[str, "What stands directly after them."] = ""
    occurrence: Annotated[str, "Which of several equal places: 2/3 is the second of three."] = ""


class FurtherPassageRecord(PassageRecord, frozen=True):
    """One more passage a note speaks of, in any transcript."""

    transcript: Annotated[Id, "The transcript; this one when left out."] = ""


class RevisionRecord(Record, frozen=True):
    """A change to a published note."""

    on: Annotated[Date, "The day of the change."]
    type: Annotated[Literal["typo", "clarification", "correction", "withdrawal"], "How grave it is."]
    what: Annotated[str, "What changed, in a sentence."]
    by: Annotated[str, "Who changed it."] = ""


class AnnotationRecord(PassageRecord, frozen=True):
    """A note, or with topics alone an entry of the index."""

    id: Annotated[Id, "The note's permalink; never changed once published."] = ""
    note: Annotated[str, "The note, in Markdown."] = ""
    headline: Annotated[str, "The note in one sentence."] = ""
    kind: Annotated[str, "What the note does: context, definition, source, disputed, …"] = "context"
    topics: Annotated[Ids, "Topics of the passage."] = ()
    sources: Annotated[tuple[Citation, ...], "Ids of the register, or works written out here."] = ()
    author: Annotated[str, "Who wrote the note."] = ""
    created: Annotated[Date, "When it was written."] = ""
    updated: Annotated[Date, "When its substance last changed."] = ""
    status: Annotated[
        Literal["published", "draft", "disputed", "withdrawn"],
        "A draft is left out; a withdrawn note keeps its address.",
    ] = "published"
    weight: Annotated[Literal["key", "normal"], "Key notes stay when readers ask for few."] = "normal"
    claim: Annotated[str, "What was said, in one neutral sentence."] = ""
    record: Annotated[
        Literal[
            "",
            "consistent",
            "consistent-but-incomplete",
            "consistent-but-figure-varies",
            "mixed",
            "contested",
            "contradicts",
            "contradicts-in-part",
            "not-confirmed",
            "opinion",
        ],
        "How the statement compares with what was read.",
    ] = ""
    as_of: Annotated[Date, "Up to when its sources speak."] = ""
    review_by: Annotated[Date, "When it should be looked at again."] = ""
    related: Annotated[Ids, "Ids of notes that belong to this one."] = ()
    lang: Annotated[Language, "The language of the note, where it is not that of the site."] = ""
    history: Annotated[tuple[RevisionRecord, ...], "Published changes."] = ()
    also: Annotated[tuple[FurtherPassageRecord, ...], "Further passages the note speaks of."] = ()
    aka: Annotated[Ids, "Former ids of the note."] = ()


class Known(Struct, frozen=True):
    """What is known of the site where notes are read: its kinds of notes, and references to the registered topics
    and works, which notes share: what is right needs no place."""

    kinds: tuple[str, ...] = ()
    topics: Mapping[str, Reference] = field(default_factory=dict)
    works: Mapping[str, Reference] = field(default_factory=dict)


def transcript_id_of(path: str) -> str:
    """The transcript that an annotation file is for, by the file's path."""
    first = path.removeprefix(f"{ANNOTATIONS}/").partition("/")[0]
    return first.removesuffix(".yaml")


def read_annotations(source: Source, known: Known) -> Checked[tuple[Annotation, ...]]:
    """The annotations of a file, with every mistake in it."""
    parsed = parse(source, prose=_PROSE)
    document = parsed.value
    if document is None:
        return Checked((), parsed.diagnostics)
    if document.value is None:
        found = problem("empty-file", source.location(0), "the file is empty", f"write for instance:\n{_EXAMPLE}")
        return Checked((), (*parsed.diagnostics, found))
    if not isinstance(document.value, list):
        hint = f"begin each note with `- ` and indent its other lines by two spaces:\n{_EXAMPLE}"
        found = problem("wrong-type", source.location(0), "the file must be a list of annotations", hint)
        return Checked((), (*parsed.diagnostics, found))
    annotations: list[Annotation] = []
    taken: set[str] = set()
    problems = list(parsed.diagnostics)
    for index in range(len(document.value)):
        checked = validate(document, AnnotationRecord, index, what="an annotation")
        problems += checked.diagnostics
        if checked.value is None:
            continue
        made = _annotation(document, index, checked.value, taken, known)
        problems += made.diagnostics
        if checked.value.kind not in known.kinds:
            problems.append(_unknown_kind(document, index, checked.value.kind, known.kinds))
        annotations.append(made.value)
        taken.add(made.value.id)
    return Checked(tuple(annotations), tuple(problems))


def _annotation(
    document: Document, index: int, record: AnnotationRecord, taken: set[str], known: Known
) -> Checked[Annotation]:
    note = prose_at(document, record.note, index, "note")
    problems = list(note.diagnostics)
    if not record.note.strip() and not record.topics:
        where = document.location(index)
        hint = "add `note:` for a footnote, or `topics:` for an entry of the index"
        problems.append(problem("missing-field", where, "an annotation needs 'note' or 'topics'", hint))
    home = transcript_id_of(document.source.path)
    identity = record.id or _derived_id(home, record.quote, taken)
    if not record.id and record.note.strip():
        where = document.location(index, "quote")
        message = f"the note has no id; its permalink is n-{identity}, made from its first words"
        edit = put_first(document, (index,), "id", identity)
        fix = [edit] if isinstance(edit, Edit) else []
        problems.append(problem("no-note-id", where, message, f"add a line `id: {identity}` to keep it", fix=fix))
    targets = [_target(document, record, home, index)]
    for i, passage in enumerate(record.also):
        targets.append(_target(document, passage, passage.transcript or home, index, "also", i))
    return Checked(
        Annotation(
            id=identity,
            targets=tuple(targets),
            location=document.location(index, "id") if record.id else document.location(index, "quote"),
            note=note.value,
            headline=record.headline,
            kind=record.kind,
            kind_is_stated=document.at(index, "kind") is not None,
            topics=references_at(document, record.topics, index, "topics", known=known.topics),
            citations=citations_at(document, record.sources, index, "sources", known=known.works),
            author=record.author,
            created=record.created,
            updated=record.updated,
            status=record.status,
            weight=record.weight,
            claim=record.claim,
            record=record.record,
            as_of=record.as_of,
            review_by=record.review_by,
            related=references_at(document, record.related, index, "related"),
            language=record.lang,
            history=tuple([Revision(entry.on, entry.type, entry.what, entry.by) for entry in record.history]),
            aka=record.aka,
        ),
        tuple(problems),
    )


def _derived_id(home: str, quote: str | tuple[str, ...], taken: set[str]) -> str:
    words = (quote if isinstance(quote, str) else " ".join(quote)).split()[:4]
    stem = "-".join(part for part in (home, slug_of(" ".join(words))) if part)
    return next(name for n in range(1, len(taken) + 2) if (name := stem if n == 1 else f"{stem}-{n}") not in taken)


def _target(document: Document, record: PassageRecord, transcript_id: str, *path: str | int) -> Target:
    quotes = [record.quote] if isinstance(record.quote, str) else record.quote
    last = len(quotes) - 1
    selectors = [
        TextQuoteSelector(exact, record.prefix if i == 0 else "", record.suffix if i == last else "")
        for i, exact in enumerate(quotes)
    ]

    def narrowing(key: str, value: str) -> Reference | None:
        return Reference(value, document.location(*path, key)) if value else None

    return Target(
        transcript_id=transcript_id,
        selectors=tuple(selectors),
        location=document.location(*path, "quote"),
        at=narrowing("at", record.at),
        speaker=narrowing("speaker", record.speaker),
        occurrence=narrowing("occurrence", record.occurrence),
    )


def _unknown_kind(document: Document, index: int, kind: str, kinds: tuple[str, ...]) -> Diagnostic:
    near = nearest_names(kind, kinds)
    probably = meant(near)
    hint = f"use one of: {', '.join(kinds)}; further kinds are named in sitegen.yaml under `kinds`"
    return problem("bad-value", document.location(index, "kind"), f"'kind' cannot be `{kind}`{probably}", hint)
