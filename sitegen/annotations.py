"""Annotation files: YAML lists of notes, one file or a folder of files for each transcript.

Whether a quote is in the transcript, and whether topics and sources exist, is checked later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Struct, field

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.identifiers import slug_of
from sitegen.model import Annotation, Reference, Revision, Target, TextQuoteSelector
from sitegen.nearest import meant, nearest_names
from sitegen.project import Citation, citations_at, prose_at, references_at
from sitegen.records import Date, Discriminator, Field, Id, Ids, Language, Record, Tag, shape
from sitegen.sitefiles import ANNOTATIONS
from sitegen.source import Edit, Source
from sitegen.validation import validate
from sitegen.yamldoc import Document, parse
from sitegen.yamledit import put_first

_PROSE = frozenset(
    {"quote", "prefix", "suffix", "note", "headline", "claim", "what", "title", "publisher", "author", "by"}
)
_EXAMPLE = "- quote: the words you speak of\n  note: What the reader needs to know."

Quote = Annotated[Annotated[str, Tag("text")] | Annotated[tuple[str, ...], Tag("list")], Discriminator(shape)]


class PassageRecord(Record):
    """Words of a transcript, and where among equal words they stand."""

    quote: Quote = Field(description="The words, as the transcript has them; a list for a passage over several turns.")
    at: str = Field("", description="The turn or paragraph they stand in: smith-3 or smith-3-p2.")
    speaker: str = Field("", description="The speaker who says them.")
    prefix: str = Field("", description="What stands directly before them.")
    suffix: str = Field("", description="What stands directly after them.")
    occurrence: str = Field("", description="Which of several equal places: 2/3 is the second of three.")


class FurtherPassageRecord(PassageRecord):
    """One more passage a note speaks of, in any transcript."""

    transcript: Id = Field("", description="The transcript; this one when left out.")


class RevisionRecord(Record):
    """A change to a published note."""

    on: Date = Field(description="The day of the change.")
    type: Literal["typo", "clarification", "correction", "withdrawal"] = Field(description="How grave it is.")
    what: str = Field(description="What changed, in a sentence.")
    by: str = Field("", description="Who changed it.")


class AnnotationRecord(PassageRecord):
    """A note, or with topics alone an entry of the index."""

    id: Id = Field("", description="The note's permalink; never changed once published.")
    note: str = Field("", description="The note, in Markdown.")
    headline: str = Field("", description="The note in one sentence.")
    kind: str = Field("context", description="What the note does: context, definition, source, disputed, …")
    topics: Ids = Field((), description="Topics of the passage.")
    sources: tuple[Citation, ...] = Field((), description="Ids of the register, or works written out here.")
    author: str = Field("", description="Who wrote the note.")
    created: Date = Field("", description="When it was written.")
    updated: Date = Field("", description="When its substance last changed.")
    status: Literal["published", "draft", "disputed", "withdrawn"] = Field(
        "published", description="A draft is left out; a withdrawn note keeps its address."
    )
    weight: Literal["key", "normal"] = Field("normal", description="Key notes stay when readers ask for few.")
    claim: str = Field("", description="What was said, in one neutral sentence.")
    record: Literal[
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
    ] = Field("", description="How the statement compares with what was read.")
    as_of: Date = Field("", description="Up to when its sources speak.")
    review_by: Date = Field("", description="When it should be looked at again.")
    related: Ids = Field((), description="Ids of notes that belong to this one.")
    lang: Language = Field("", description="The language of the note, where it is not that of the site.")
    history: tuple[RevisionRecord, ...] = Field((), description="Published changes.")
    also: tuple[FurtherPassageRecord, ...] = Field((), description="Further passages the note speaks of.")
    aka: Ids = Field((), description="Former ids of the note.")


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
        problems += [*made.diagnostics, *_kind_problems(document, index, checked.value.kind, known.kinds)]
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
            kind_is_stated="kind" in record.model_fields_set,
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
            history=tuple(Revision(entry.on, entry.type, entry.what, entry.by) for entry in record.history),
            aka=tuple(record.aka),
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
    selectors = tuple(
        TextQuoteSelector(exact, record.prefix if i == 0 else "", record.suffix if i == last else "")
        for i, exact in enumerate(quotes)
    )

    def narrowing(key: str, value: str) -> Reference | None:
        return Reference(value, document.location(*path, key)) if value else None

    return Target(
        transcript_id=transcript_id,
        selectors=selectors,
        location=document.location(*path, "quote"),
        at=narrowing("at", record.at),
        speaker=narrowing("speaker", record.speaker),
        occurrence=narrowing("occurrence", record.occurrence),
    )


def _kind_problems(document: Document, index: int, kind: str, kinds: tuple[str, ...]) -> Iterator[Diagnostic]:
    if kind in kinds:
        return
    near = nearest_names(kind, kinds)
    probably = meant(near)
    hint = f"use one of: {', '.join(kinds)}; further kinds are named in sitegen.yaml under `kinds`"
    yield problem("bad-value", document.location(index, "kind"), f"'kind' cannot be `{kind}`{probably}", hint)
