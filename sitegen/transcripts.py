"""The native transcript format: front matter, speaker labels, turns and their paragraphs.

Labels and blocks have modules of their own; here they become a `Transcript` with an id on every turn and
paragraph. Annotations, and whether topics and other transcripts exist, are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from msgspec.structs import asdict, replace

from sitegen.blocks import chunks_of
from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.frontmatter import Matter, read_front_matter
from sitegen.identifiers import is_id, slug_of
from sitegen.labels import Register, names_of
from sitegen.model import Media, Origin, Prose, Speaker, Transcript
from sitegen.nearest import meant, nearest_names
from sitegen.project import SpeakerRecord, prose_at, read_entries, references_at, speaker_value
from sitegen.records import (
    Date,
    Id,
    Ids,
    Language,
    Name,
    OrOne,
    Record,
    WebAddress,
)
from sitegen.source import Edit, Location, Source
from sitegen.turns import Body, read_body
from sitegen.validation import validate
from sitegen.yamldoc import Document, dump

RESERVED_IDS = frozenset({"topics", "sources", "glossary"})

_PROSE = frozenset({"title", "place", "occasion", "summary", "publisher", "note", "name", "licence"})


class PeriodRecord(Record, frozen=True, rename={"start": "from", "end": "to"}):
    """Several days."""

    start: Annotated[Date, "The first day."]
    end: Annotated[Date, "The last day."]


class OriginRecord(Record, frozen=True):
    """Where a transcript was taken from."""

    title: Annotated[str, "Who or what it was taken from."] = ""
    publisher: Annotated[str, "Who published it."] = ""
    url: Annotated[WebAddress, "Where it was published."] = ""
    archived: Annotated[WebAddress, "Where a copy is kept."] = ""
    licence: Annotated[
        str, "On what terms it is used: CC BY 4.0, or words with an address behind them in angle brackets."
    ] = ""
    retrieved: Annotated[Date, "When it was taken."] = ""
    note: Annotated[str, "A remark for readers."] = ""


class MediaRecord(Record, frozen=True):
    """The recording."""

    url: Annotated[WebAddress, "Where the recording is."]
    type: Annotated[str, "Its media type, such as audio/mpeg."] = ""
    offset: Annotated[float, "Seconds in the recording at 0:00:00 of the transcript."] = 0.0


class TranscriptRecord(Record, frozen=True):
    """The front matter of a transcript."""

    title: Annotated[Name, "The title, as the document has it."]
    date: Annotated[Date | PeriodRecord, "The day (or month, or year), or {from, to}."] = ""
    place: Annotated[str, "Where it took place."] = ""
    occasion: Annotated[str, "On what occasion."] = ""
    language: Annotated[Language, "Its language, a BCP 47 tag."] = ""
    status: Annotated[Literal["published", "draft"], "A draft is built with --drafts only."] = "published"
    source: Annotated[OriginRecord, "Where the text was taken from."] = OriginRecord()
    speakers: Annotated[
        tuple[str, ...] | dict[str, Any], OrOne(), "Ids of the register, or speakers defined here: id: {name: …}."
    ] = ()
    media: Annotated[MediaRecord | None, "The recording."] = None
    translation_of: Annotated[Id, "The transcript that this one translates."] = ""
    topics: Annotated[Ids, "Topics of the transcript as a whole."] = ()
    summary: Annotated[str, "One or two sentences, in Markdown."] = ""
    aka: Annotated[Ids, "Former ids, from which pages redirect."] = ()


def read_transcript(source: Source, registered: Register) -> Checked[Transcript | None]:
    """The transcript in a file. What cannot be read is reported, and the rest still makes a transcript."""
    stem = source.path.rpartition("/")[2].removesuffix(".md")
    matter = read_front_matter(source, prose=_PROSE)
    if not source.text.strip():
        return Checked(None, matter.diagnostics)
    problems = [*_stem_problems(source, stem), *matter.diagnostics]
    document, record = matter.value.document, TranscriptRecord(title=stem)
    if document is not None:
        checked = validate(document, TranscriptRecord, what="the front matter", spare={"title": stem})
        problems += checked.diagnostics
        record = checked.value or record
    declared = _declared_speakers(document, record, registered)
    date, date_end = (record.date, "") if isinstance(record.date, str) else (record.date.start, record.date.end)
    if document is not None and date_end and date_end[: len(date)] < date[: len(date_end)]:
        message = f"the transcript ends on {date_end}, before it begins"
        problems.append(problem("bad-date", document.location("date", "to"), message, "check both dates"))
    chunks = chunks_of(matter.value.body, matter.value.body_line)
    body = read_body(source, chunks, names_of(declared.value, registered, date))
    problems += [*declared.diagnostics, *body.diagnostics]
    if body.value.unknown:
        known = (*declared.value, *(s for s in registered.speakers if s not in declared.value))
        problems += _unknown_speakers(source, matter.value, body.value, known)
    transcript = _transcript(stem, source, document, record, body.value)
    speakers = dict.fromkeys((*declared.value, *body.value.speakers))
    value = replace(transcript.value, speakers=tuple(speakers), date=date, date_end=date_end)
    if not value.turns:
        hint = "begin a paragraph with a speaker's name and a colon"
        problems.append(problem("no-turns", source.location(0), "no label in the transcript names a speaker", hint))
    return Checked(value, (*problems, *transcript.diagnostics))


def _stem_problems(source: Source, stem: str) -> Iterator[Diagnostic]:
    where = Location.at(source.path)
    if not is_id(stem):
        hint = f"rename the file to {slug_of(stem) or 'a-short-name'}.md"
        yield problem("bad-path", where, f"the file's name `{stem}` is the transcript's id, but cannot be one", hint)
    elif stem in RESERVED_IDS:
        yield problem("bad-path", where, f"`{stem}` is reserved and cannot be a transcript's id", "rename the file")


def _declared_speakers(
    document: Document | None, record: TranscriptRecord, registered: Register
) -> Checked[tuple[Speaker, ...]]:
    if document is None:
        return Checked(())
    if isinstance(record.speakers, dict):
        entries = list(read_entries(document, ("speakers",), SpeakerRecord, "a speaker", speaker_value))
        found = tuple(entry.value for entry in entries if entry.value is not None)
        return Checked(found, tuple(d for entry in entries for d in entry.diagnostics))
    by_id = registered.by_id
    problems = []
    for i, name in enumerate(record.speakers):
        if name not in by_id:
            near = nearest_names(name, by_id)
            message = f"no speaker '{name}' in content/speakers.yaml"
            hint = "add the speaker there, or define it here: `speakers:` with lines `id: {name: …}`"
            where = document.location("speakers", i)
            probably = meant(near)
            problems.append(problem("unknown-speaker-id", where, message + probably, hint))
    return Checked(tuple(by_id[name] for name in record.speakers if name in by_id), tuple(problems))


def _unknown_speakers(source: Source, matter: Matter, body: Body, known: Sequence[Speaker]) -> Iterator[Diagnostic]:
    names = {speaker.name: speaker.id for speaker in known}
    for label in body.unknown:
        near = nearest_names(label.text, [*names, *names.values()])
        either = f", did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
        declared = slug_of(label.text) or "speaker"
        yield problem(
            "unknown-speaker",
            label.location,
            f"'{label.text}:' looks like a label but names no known speaker{either}; the text stays in the turn above",
            f"if it is one, add to the front matter under `speakers:` a line `{declared}: {{name: {label.text}}}`;\n"
            "if it is not, write `\\:` for the colon",
            fix=_declaration(source, matter, declared, label.text),
        )


def _declaration(source: Source, matter: Matter, identity: str, name: str) -> tuple[Edit, ...]:
    """The edit that declares a speaker in the front matter, where that is a simple insertion."""
    document = matter.document
    if document is None:
        return ()
    entry = dump({identity: {"name": name}})
    indented = "".join(f"  {line}\n" for line in entry.splitlines())
    if ("speakers",) not in document.spans:
        return (Edit(source.path, matter.end, matter.end, f"speakers:\n{indented}"),)
    ids = [path for path in document.spans if len(path) == 2 and path[0] == "speakers"]
    block = ids and all(isinstance(path[1], str) for path in ids) and document.keys[ids[0]][0] > 0
    if not block or source.text[document.spans[("speakers",)][0]] == "{":
        return ()
    start = document.keys[ids[0]][0]
    line_start = source.text.rfind("\n", 0, start) + 1
    return (Edit(source.path, line_start, line_start, indented),) if start - line_start == 2 else ()


def _transcript(
    stem: str, source: Source, document: Document | None, record: TranscriptRecord, body: Body
) -> Checked[Transcript]:
    origin = record.source
    summary = prose_at(document, record.summary, "summary") if document else Checked(Prose(""))
    return Checked(
        Transcript(
            id=stem if is_id(stem) else slug_of(stem) or "transcript",
            title=record.title,
            blocks=body.blocks,
            speakers=(),
            location=Location.at(source.path),
            place=record.place,
            occasion=record.occasion,
            language=record.language,
            draft=record.status == "draft",
            origin=Origin(**asdict(origin)),
            media=Media(**asdict(record.media)) if record.media else None,
            translation_of=record.translation_of,
            topics=references_at(document, record.topics, "topics") if document else (),
            summary=summary.value,
            links=body.links,
            aka=record.aka,
        ),
        summary.diagnostics,
    )
