"""The site's settings and registers, read from their YAML files.

Whether an id of a register is used, and whether what it refers to exists elsewhere, is checked later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias, TypeVar

from msgspec import field
from msgspec.structs import asdict

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.identifiers import is_id
from sitegen.model import NoteKind, Project, Prose, Reference, Role, Settings, Speaker, Term, Topic, WebLink, Work
from sitegen.prose import read_prose
from sitegen.records import (
    Date,
    Id,
    Ids,
    Language,
    Name,
    Record,
    Switch,
    Texts,
    WebAddress,
    fields_of,
    id_hint,
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


class SettingsRecord(Record, frozen=True):
    """sitegen.yaml: the settings of a site."""

    title: Annotated[Name, "The site's name."]
    description: Annotated[str, "One or two sentences for the home page and for search engines."] = ""
    url: Annotated[WebAddress, "The public address, with the base path."] = ""
    language: Annotated[Language, "The language of the interface, a BCP 47 tag."] = "en"
    repository: Annotated[WebAddress, "The repository's address, for edit and suggest links."] = ""
    branch: Annotated[str, "The branch that edit links point to."] = "main"
    publisher: Annotated[str, "Who publishes the site."] = ""
    licence: Annotated[
        str, "The licence of the notes: CC BY 4.0, or words with an address behind them in angle brackets."
    ] = ""
    editorial: Annotated[Literal["relaxed", "strict"], "How much every note must state."] = "relaxed"
    kinds: Annotated[dict[str, str], "Further kinds of notes, or other names: id: Name."] = field(default_factory=dict)


class RoleRecord(Record, frozen=True, rename={"start": "from", "end": "to"}):
    """An office somebody held."""

    title: Annotated[Name, "The office, as labels have it: President of Russia."]
    start: Annotated[Date, "From when; open when left out."] = ""
    end: Annotated[Date, "Up to when; open when left out."] = ""


class LinkRecord(Record, frozen=True):
    """A labelled address."""

    label: Annotated[Name, "What the link is called."]
    url: Annotated[WebAddress, "Where it leads."]


class SpeakerRecord(Record, frozen=True):
    """An entry of content/speakers.yaml, or of `speakers` in a transcript's front matter."""

    name: Annotated[Name, "The name as pages show it."]
    sort: Annotated[str, "The name as lists sort it: Doe, Jane."] = ""
    aliases: Annotated[Texts, "Other labels under which the speaker appears."] = ()
    roles: Annotated[tuple[RoleRecord, ...], "Offices, with dates where they are known."] = ()
    anonymous: Annotated[Switch, "A voice without a name, such as Question."] = False
    links: Annotated[tuple[LinkRecord, ...], "Pages about the speaker."] = ()
    summary: Annotated[str, "One or two sentences, in Markdown."] = ""


class TopicRecord(Record, frozen=True):
    """An entry of annotations/topics.yaml."""

    name: Annotated[Name, "The heading in the index."]
    summary: Annotated[str, "What the topic covers."] = ""
    broader: Annotated[Id, "The topic this one is a part of."] = ""
    see_also: Annotated[Ids, "Related topics."] = ()
    aliases: Annotated[Texts, "Other headings that refer here."] = ()


class WorkRecord(Record, frozen=True):
    """An entry of annotations/sources.yaml: a cited work."""

    title: Annotated[Name, "The title, in its own language."]
    type: Annotated[str, "A CSL item type, such as report or webpage."] = ""
    publisher: Annotated[str, "Who published it."] = ""
    author: Annotated[str, "Who wrote it."] = ""
    date: Annotated[Date, "When it was published."] = ""
    url: Annotated[WebAddress, "Where it can be read."] = ""
    archived: Annotated[WebAddress, "Where a copy is kept."] = ""
    accessed: Annotated[Date, "When it was read."] = ""
    checked: Annotated[Date, "When its address was last tried."] = ""
    dead: Annotated[Switch, "The address no longer leads there."] = False
    language: Annotated[Language, "Its language, a BCP 47 tag."] = ""
    note: Annotated[str, "A remark for readers: read in an extract, a repost."] = ""


Citation: TypeAlias = str | WorkRecord
"""An id of the register of sources, or a work written out in its place."""


class TermRecord(Record, frozen=True, kw_only=True):
    """An entry of annotations/glossary.yaml: a term and what it means."""

    name: Annotated[Name, "The term, as it stands in the text."]
    aliases: Annotated[Texts, "Other words for it, which refer here."] = ()
    definition: Annotated[Name, "What it means, in Markdown."]
    sources: Annotated[tuple[Citation, ...], "Ids of the register, or works written out here."] = ()
    topic: Annotated[Id, "The topic it belongs to."] = ""


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
    field = fields_of(model)[0].encode_name
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
        return (problem("bad-id", place, f"`{id}` cannot be the id of {what}", id_hint(id)),)
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
            aliases=record.aliases,
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
            aliases=record.aliases,
            location=document.key_location(*path),
        ),
        summary.diagnostics,
    )


def _work_value(id: str, record: WorkRecord, document: Document, path: tuple[str | int, ...]) -> Checked[Work]:
    return Checked(work_value(id, record, document.key_location(*path)))


def work_value(id: str, record: WorkRecord, location: Location) -> Work:
    """A cited work from its record, registered under `id` or written out in a note (empty id)."""
    return Work(id=id, location=location, **asdict(record))


def _term_value(id: str, record: TermRecord, document: Document, path: tuple[str | int, ...]) -> Checked[Term]:
    definition = prose_at(document, record.definition, *path, "definition")
    return Checked(
        Term(
            id=id,
            name=record.name,
            definition=definition.value,
            aliases=record.aliases,
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
