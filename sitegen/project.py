"""The site's settings and registers, read from their YAML files.

Whether an id of a register is used, and whether what it refers to exists elsewhere, is checked later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.identifiers import is_id, slug_of
from sitegen.model import NoteKind, Project, Prose, Reference, Role, Settings, Speaker, Term, Topic, WebLink, Work
from sitegen.prose import read_prose
from sitegen.records import (
    Date,
    Discriminator,
    Field,
    Id,
    Ids,
    Language,
    Name,
    Record,
    Switch,
    Tag,
    Texts,
    WebAddress,
    shape,
)
from sitegen.sitefiles import SETTINGS
from sitegen.source import Location, Snapshot, Source
from sitegen.validation import validate
from sitegen.yamldoc import Document, parse

SPEAKERS_PATH = "content/speakers.yaml"
TOPICS_PATH = "annotations/topics.yaml"
SOURCES_PATH = "annotations/sources.yaml"
GLOSSARY_PATH = "annotations/glossary.yaml"

KINDS = (
    NoteKind("context", "Context"),
    NoteKind("definition", "Definition"),
    NoteKind("source", "Source"),
    NoteKind("disputed", "Disputed"),
    NoteKind("correction", "Correction"),
    NoteKind("language", "Wording"),
    NoteKind("compare", "Compare"),
    NoteKind("transcription", "Transcription"),
)
"""The kinds of notes that every site has; a site's settings may rename them or add others."""

RESERVED_SPEAKER_PREFIXES = ("n-", "r-", "s-", "intro-")
"""The beginnings of fragment ids that are not turns."""

_PROSE = frozenset(
    {"title", "description", "publisher", "licence", "name", "summary", "note", "author", "label", "definition"}
)
_NOTHING: Mapping[str, Reference] = MappingProxyType({})
T = TypeVar("T")
R = TypeVar("R", bound=Record)


class SettingsRecord(Record):
    """sitegen.yaml: the settings of a site."""

    title: Name = Field(description="The site's name.")
    description: str = Field("", description="One or two sentences for the home page and for search engines.")
    url: WebAddress = Field("", description="The public address, with the base path.")
    language: Language = Field("en", description="The language of the interface, a BCP 47 tag.")
    repository: WebAddress = Field("", description="The repository's address, for edit and suggest links.")
    branch: str = Field("main", description="The branch that edit links point to.")
    publisher: str = Field("", description="Who publishes the site.")
    licence: str = Field(
        "", description="The licence of the notes: CC BY 4.0, or words with an address behind them in angle brackets."
    )
    editorial: Literal["relaxed", "strict"] = Field("relaxed", description="How much every note must state.")
    kinds: dict[str, str] = Field({}, description="Further kinds of notes, or other names: id: Name.")


class RoleRecord(Record):
    """An office somebody held."""

    title: Name = Field(description="The office, as labels have it: President of Russia.")
    start: Date = Field("", alias="from", description="From when; open when left out.")
    end: Date = Field("", alias="to", description="Up to when; open when left out.")


class LinkRecord(Record):
    """A labelled address."""

    label: Name = Field(description="What the link is called.")
    url: WebAddress = Field(description="Where it leads.")


class SpeakerRecord(Record):
    """An entry of content/speakers.yaml, or of `speakers` in a transcript's front matter."""

    name: Name = Field(description="The name as pages show it.")
    sort: str = Field("", description="The name as lists sort it: Doe, Jane.")
    aliases: Texts = Field((), description="Other labels under which the speaker appears.")
    roles: tuple[RoleRecord, ...] = Field((), description="Offices, with dates where they are known.")
    anonymous: Switch = Field(False, description="A voice without a name, such as Question.")
    links: tuple[LinkRecord, ...] = Field((), description="Pages about the speaker.")
    summary: str = Field("", description="One or two sentences, in Markdown.")


class TopicRecord(Record):
    """An entry of annotations/topics.yaml."""

    name: Name = Field(description="The heading in the index.")
    summary: str = Field("", description="What the topic covers.")
    broader: Id = Field("", description="The topic this one is a part of.")
    see_also: Ids = Field((), description="Related topics.")
    aliases: Texts = Field((), description="Other headings that refer here.")


class WorkRecord(Record):
    """An entry of annotations/sources.yaml: a cited work."""

    title: Name = Field(description="The title, in its own language.")
    type: str = Field("", description="A CSL item type, such as report or webpage.")
    publisher: str = Field("", description="Who published it.")
    author: str = Field("", description="Who wrote it.")
    date: Date = Field("", description="When it was published.")
    url: WebAddress = Field("", description="Where it can be read.")
    archived: WebAddress = Field("", description="Where a copy is kept.")
    accessed: Date = Field("", description="When it was read.")
    checked: Date = Field("", description="When its address was last tried.")
    dead: Switch = Field(False, description="The address no longer leads there.")
    language: Language = Field("", description="Its language, a BCP 47 tag.")
    note: str = Field("", description="A remark for readers: read in an extract, a repost.")


Citation = Annotated[Annotated[str, Tag("text")] | Annotated[WorkRecord, Tag("mapping")], Discriminator(shape)]
"""An id of the register of sources, or a work written out in its place."""


class TermRecord(Record):
    """An entry of annotations/glossary.yaml: a term and what it means."""

    name: Name = Field(description="The term, as it stands in the text.")
    aliases: Texts = Field((), description="Other words for it, which refer here.")
    definition: Name = Field(description="What it means, in Markdown.")
    sources: tuple[Citation, ...] = Field((), description="Ids of the register, or works written out here.")
    topic: Id = Field("", description="The topic it belongs to.")


def read_project(snapshot: Snapshot) -> Checked[Project]:
    """Settings and registers; what is missing or wrong is reported and stands at its default."""
    settings = _read_settings(snapshot)
    speakers = _read_register(snapshot, SPEAKERS_PATH, SpeakerRecord, "a speaker", speaker_value)
    topics = _read_register(snapshot, TOPICS_PATH, TopicRecord, "a topic", _topic_value)
    works = _read_register(snapshot, SOURCES_PATH, WorkRecord, "a source", _work_value)
    terms = _read_register(snapshot, GLOSSARY_PATH, TermRecord, "a term", _term_value)
    project = Project(
        settings=settings.value,
        speakers=speakers.value,
        topics=topics.value,
        works=works.value,
        terms=terms.value,
        registers_topics=snapshot.source(TOPICS_PATH) is not None,
    )
    parts = (settings, speakers, topics, works, terms)
    return Checked(project, tuple(d for part in parts for d in part.diagnostics))


def _read_settings(snapshot: Snapshot) -> Checked[Settings]:
    fallback = Settings("Untitled", kinds=KINDS)
    source = snapshot.source(SETTINGS)
    if source is None:
        where = Location.at(SETTINGS)
        hint = "write a file sitegen.yaml with a line `title: The name of your site`"
        return Checked(fallback, (problem("missing-settings", where, "this folder has no sitegen.yaml", hint),))
    parsed = read_mapping(source, "title: The name of your site")
    if parsed.value is None:
        return Checked(fallback, parsed.diagnostics)
    checked = validate(parsed.value, SettingsRecord, what="sitegen.yaml", spare={"title": fallback.title})
    diagnostics = (*parsed.diagnostics, *checked.diagnostics)
    if checked.value is None:
        return Checked(fallback, diagnostics)
    record = checked.value
    diagnostics = (*diagnostics, *_kind_problems(parsed.value, record.kinds))
    return Checked(
        Settings(
            title=record.title,
            description=record.description,
            url=record.url.rstrip("/") + "/" if record.url else "",
            language=record.language,
            repository=record.repository.rstrip("/").removesuffix(".git"),
            branch=record.branch,
            publisher=record.publisher,
            licence=record.licence,
            editorial=record.editorial,
            kinds=_kinds(record.kinds),
        ),
        diagnostics,
    )


def _kind_problems(document: Document, named: dict[str, str]) -> Iterator[Diagnostic]:
    for id in named:
        yield from _id_problem(document, ("kinds", id), id, "a kind")


def _kinds(named: dict[str, str]) -> tuple[NoteKind, ...]:
    standard = tuple(NoteKind(kind.id, named.get(kind.id, kind.name)) for kind in KINDS)
    known = {kind.id for kind in KINDS}
    return (*standard, *(NoteKind(id, name) for id, name in named.items() if id not in known and is_id(id)))


def read_mapping(source: Source, example: str) -> Checked[Document | None]:
    """The mapping that a whole YAML file must be; `example` is shown when it is empty."""
    parsed = parse(source, prose=_PROSE)
    if parsed.value is None or isinstance(parsed.value.value, dict):
        return parsed
    if parsed.value.value is None:
        found = problem("empty-file", source.location(0), "the file is empty", f"write for instance:\n{example}")
    else:
        shape = "a list" if isinstance(parsed.value.value, list) else "text"
        message = f"the file must be a mapping of keys and values, not {shape}"
        found = problem("wrong-type", source.location(0), message, f"write for instance:\n{example}")
    return Checked(None, (*parsed.diagnostics, found))


def _read_register(
    snapshot: Snapshot,
    path: str,
    model: type[R],
    what: str,
    value_of: Callable[[str, R, Document, tuple[str | int, ...]], Checked[T]],
) -> Checked[tuple[T, ...]]:
    source = snapshot.source(path)
    if source is None:
        return Checked(())
    field = next(iter(model.model_fields))
    parsed = read_mapping(source, f"some-id:\n  {field}: …")
    if parsed.value is None:
        return Checked((), parsed.diagnostics)
    entries = list(read_entries(parsed.value, (), model, what, value_of))
    values = tuple(entry.value for entry in entries if entry.value is not None)
    return Checked(values, (*parsed.diagnostics, *(d for entry in entries for d in entry.diagnostics)))


def read_entries(
    document: Document,
    path: tuple[str | int, ...],
    model: type[R],
    what: str,
    value_of: Callable[[str, R, Document, tuple[str | int, ...]], Checked[T]],
) -> Iterator[Checked[T | None]]:
    """The entries `id: {...}` of the mapping at `path`, each as what `value_of` makes of it."""
    for id in document.entries(*path):
        here = (*path, id)
        bad = _id_problem(document, here, id, what)
        checked = validate(document, model, *here, what=f"{what} ('{id}')")
        if checked.value is None or bad:
            yield Checked(None, (*bad, *checked.diagnostics))
            continue
        made = value_of(id, checked.value, document, here)
        yield Checked(made.value, (*checked.diagnostics, *made.diagnostics))


def _id_problem(document: Document, path: tuple[str | int, ...], id: str, what: str) -> tuple[Diagnostic, ...]:
    place = document.key_location(*path)
    if not is_id(id):
        hint = f"write {slug_of(id)}" if slug_of(id) else "use lower-case letters, digits and single hyphens"
        return (problem("bad-id", place, f"`{id}` cannot be the id of {what}", hint),)
    if what == "a speaker" and f"{id}-".startswith(RESERVED_SPEAKER_PREFIXES):
        message = f"`{id}` cannot be the id of {what}: ids that begin with {', '.join(RESERVED_SPEAKER_PREFIXES)}"
        return (problem("bad-id", place, f"{message} are used for other anchors", f"write speaker-{id}"),)
    return ()


def speaker_value(id: str, record: SpeakerRecord, document: Document, path: tuple[str | int, ...]) -> Checked[Speaker]:
    """A speaker from its record."""
    summary = prose_at(document, record.summary, *path, "summary")
    return Checked(
        Speaker(
            id=id,
            name=record.name,
            sort=record.sort or record.name,
            aliases=tuple(record.aliases),
            roles=tuple(Role(role.title, role.start, role.end) for role in record.roles),
            anonymous=record.anonymous,
            links=tuple(WebLink(link.label, link.url) for link in record.links),
            summary=summary.value,
            location=document.key_location(*path),
        ),
        summary.diagnostics,
    )


def _topic_value(id: str, record: TopicRecord, document: Document, path: tuple[str | int, ...]) -> Checked[Topic]:
    summary = prose_at(document, record.summary, *path, "summary")
    return Checked(
        Topic(
            id=id,
            name=record.name,
            summary=summary.value,
            broader=Reference(record.broader, document.location(*path, "broader")) if record.broader else None,
            see_also=references_at(document, record.see_also, *path, "see_also"),
            aliases=tuple(record.aliases),
            location=document.key_location(*path),
        ),
        summary.diagnostics,
    )


def _work_value(id: str, record: WorkRecord, document: Document, path: tuple[str | int, ...]) -> Checked[Work]:
    return Checked(work_value(id, record, document.key_location(*path)))


def work_value(id: str, record: WorkRecord, location: Location) -> Work:
    """A cited work from its record, registered under `id` or written out in a note (empty id)."""
    return Work(id=id, location=location, **dict(record))


def _term_value(id: str, record: TermRecord, document: Document, path: tuple[str | int, ...]) -> Checked[Term]:
    definition = prose_at(document, record.definition, *path, "definition")
    return Checked(
        Term(
            id=id,
            name=record.name,
            definition=definition.value,
            aliases=tuple(record.aliases),
            citations=citations_at(document, record.sources, *path, "sources"),
            topic=Reference(record.topic, document.location(*path, "topic")) if record.topic else None,
            location=document.key_location(*path),
        ),
        definition.diagnostics,
    )


def citations_at(
    document: Document, sources: Sequence[str | WorkRecord], *path: str | int, known: Mapping[str, Reference] = _NOTHING
) -> tuple[Reference | Work, ...]:
    """The sources listed at `path` of a document: registered ones by reference, others as works."""

    def cited(citation: str | WorkRecord, i: int) -> Reference | Work:
        if not isinstance(citation, str):
            return work_value("", citation, document.location(*path, i))
        return known.get(citation) or Reference(citation, document.location(*path, i))

    return tuple([cited(citation, i) for i, citation in enumerate(sources)])


def prose_at(document: Document, markup: str, *path: str | int) -> Checked[Prose]:
    """The Markdown text at `path` of a document, with its links located in the file."""
    return read_prose(markup, lambda words: document.find(words, *path))


def references_at(
    document: Document, ids: Sequence[str], *path: str | int, known: Mapping[str, Reference] = _NOTHING
) -> tuple[Reference, ...]:
    """The ids listed at `path` of a document (or the single id that stands there), each with its place, unless the
    reference is `known`."""
    return tuple([known.get(id) or Reference(id, document.location(*path, i)) for i, id in enumerate(ids)])
