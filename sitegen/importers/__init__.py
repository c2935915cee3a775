"""Raw transcripts in other formats, read into drafts and written in the native format.

`IMPORTERS` is the table of formats: adding one is a file and a row. An importer is chosen by what a file
holds; its name's ending only decides between equals. Nothing here reads a disk, prints, or asks for the time.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.importers import (
    akomantoso,
    captions,
    congress,
    markdown,
    notetables,
    ownjson,
    oyez,
    parlparse,
    pasted,
    spacelog,
    spreadsheet,
    tei,
    timedjson,
    webannotation,
    webpage,
    wordfile,
)
from sitegen.importers.again import kept
from sitegen.importers.beside import completed, read_beside
from sitegen.importers.draft import Context, Draft, Finding, Raw
from sitegen.importers.draftnotes import Notes
from sitegen.importers.native import speaker_ids, write_transcript
from sitegen.importers.text import as_utf8, stem_of
from sitegen.labels import Register
from sitegen.model import Speaker, Transcript
from sitegen.source import Source
from sitegen.transcripts import RESERVED_IDS, read_transcript

__all__ = [
    "IMPORTERS",
    "NOTE_IMPORTERS",
    "Context",
    "Draft",
    "Finding",
    "Imported",
    "Importer",
    "NoteImporter",
    "Raw",
    "import_file",
    "importer_for",
]


class Importer(Struct, frozen=True):
    """A row of the table: `recognise` says from 0 to 1 how surely a file is of the format."""

    name: str
    summary: str
    suffixes: tuple[str, ...]
    recognise: Callable[[Raw], float]
    read: Callable[[Raw, Context], Checked[tuple[Draft, ...]]]


IMPORTERS: tuple[Importer, ...] = (
    Importer("webvtt", "WebVTT captions", (".vtt",), captions.recognise_vtt, captions.read),
    Importer("srt", "SubRip captions", (".srt",), captions.recognise_srt, captions.read),
    Importer("docx", "Word files", (".docx",), wordfile.recognise, wordfile.read),
    Importer(
        "csv",
        "CSV or TSV with columns of speakers and texts",
        (".csv", ".tsv"),
        spreadsheet.recognise,
        spreadsheet.read,
    ),
    Importer("spacelog", "Spacelog mission transcripts", (".txt",), spacelog.recognise, spacelog.read),
    Importer("congress", "the Congressional Record", (".htm", ".txt"), congress.recognise, congress.read),
    Importer(
        "tei", "TEI: parliamentary debates, transcriptions of speech, drama", (".xml", ".tei"), tei.recognise, tei.read
    ),
    Importer("akn", "Akoma Ntoso debates", (".xml", ".akn"), akomantoso.recognise, akomantoso.read),
    Importer("parlparse", "ParlParse or TheyWorkForYou XML", (".xml",), parlparse.recognise, parlparse.read),
    Importer("sitegen-json", "the transcript.json that sitegen publishes", (".json",), ownjson.recognise, ownjson.read),
    Importer("oyez", "Oyez JSON", (".json",), oyez.recognise, oyez.read),
    Importer(
        "json", "timed JSON: podcasts, Podlove, speech recognisers", (".json",), timedjson.recognise, timedjson.read
    ),
    Importer(
        "markdown",
        "Markdown with labels in bold, as headings or as initials",
        (".md", ".markdown"),
        markdown.recognise,
        markdown.read,
    ),
    Importer("html", "a saved web page", (".html", ".htm"), webpage.recognise, webpage.read),
    Importer(
        "text",
        "plain text with speaker labels, such as a pasted web page",
        (".txt", ".text"),
        pasted.recognise,
        pasted.read,
    ),
)


class NoteImporter(Struct, frozen=True):
    """A row of the table of annotation formats."""

    name: str
    summary: str
    suffixes: tuple[str, ...]
    recognise: Callable[[Raw], float]
    read: Callable[[Raw], Checked[Notes]]


NOTE_IMPORTERS: tuple[NoteImporter, ...] = (
    NoteImporter("web-annotation", "W3C Web Annotations", (".jsonld",), webannotation.recognise, webannotation.read),
    NoteImporter(
        "codes", "CSV of coded passages, or of terms", (".csv",), notetables.recognise_table, notetables.read_table
    ),
    NoteImporter("glossary", "JSON glossaries", (".json",), notetables.recognise_glossary, notetables.read_glossary),
)


class Imported(Struct, frozen=True):
    """A transcript ready to be written: its id, the text of its file, and the draft with the report."""

    id: str
    text: str
    draft: Draft
    format: str


Existing = Callable[[str], Source | None]
"""From a transcript id to the file that has it already, if any."""


def importer_for(raw: Raw) -> Importer | NoteImporter | None:
    """The importer that is surest of a file, or None where none knows it."""
    raw = as_utf8(raw)
    table: tuple[Importer | NoteImporter, ...] = (*IMPORTERS, *NOTE_IMPORTERS)
    scored = [(one.recognise(raw) + _by_name(one.suffixes, raw), -i) for i, one in enumerate(table)]
    score, place = max(scored)
    return table[-place] if score >= 0.1 else None


def _by_name(suffixes: tuple[str, ...], raw: Raw) -> float:
    return 0.05 if raw.name.lower().endswith(suffixes) else 0.0


def import_file(
    raw: Raw,
    context: Context,
    importer: Importer | None = None,
    *,
    id: str = "",
    existing: Existing = lambda _: None,
) -> Checked[tuple[Imported, ...]]:
    """The transcripts in a file, in the native format, each with an id of its own.

    `importer` overrides what the file looks like, `id` its name. Turns of a transcript that exists keep their ids.
    """
    raw = as_utf8(raw)
    if not raw.data.strip(b"\0 \t\r\n"):
        return Checked((), (problem("empty-file", raw.at(1), "the file is empty"),))
    chosen = importer or importer_for(raw)
    if not isinstance(chosen, Importer):
        hint = f"name its format with --from: {', '.join(i.name for i in IMPORTERS)}"
        return Checked((), (problem("import-unrecognised", raw.at(1), "no importer knows this kind of file", hint),))
    given = read_beside(raw.beside)
    drafts = chosen.read(raw, context)
    olds = [_existing(name, existing, context) for name in _ids(drafts.value, id or stem_of(raw.name))]
    local = tuple({s.id: s for old in olds if old for s in _local(old, context)}.values())
    if local:
        # People whom the files define themselves are known people, too, when it comes to who is who.
        drafts = chosen.read(raw, replace(context, speakers=(*context.speakers, *local)))
    results = []
    for draft, name, old in zip(drafts.value, _ids(drafts.value, id or stem_of(raw.name)), olds, strict=True):
        mine = _local(old, context) if old else ()
        if old:
            draft = kept(draft, speaker_ids(draft, context.speakers, mine), old)
        draft = completed(draft, given.value)
        text = write_transcript(replace(draft, stem=name), context.speakers, mine)
        results.append(Imported(name, text, draft, chosen.name))
    found = [d for result in results for d in _diagnostics(raw, result)]
    return Checked(tuple(results), (*given.diagnostics, *drafts.diagnostics, *found))


def _ids(drafts: tuple[Draft, ...], first: str) -> list[str]:
    """An id for each draft: the file's own where it holds one transcript only."""
    ids: list[str] = []
    for draft in drafts:
        base = draft.stem if len(drafts) > 1 and draft.stem else first
        base = f"transcript-{base}" if base in RESERVED_IDS else base[:100].rstrip("-")
        candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(ids) + 2))
        ids.append(next(candidate for candidate in candidates if candidate not in ids))
    return ids


def _existing(id: str, existing: Existing, context: Context) -> Transcript | None:
    source = existing(id)
    return read_transcript(source, Register(context.speakers)).value if source else None


def _local(old: Transcript, context: Context) -> tuple[Speaker, ...]:
    registered = {speaker.id for speaker in context.speakers}
    return tuple(speaker for speaker in old.speakers if speaker.id not in registered)


def _diagnostics(raw: Raw, result: Imported) -> list[Diagnostic]:
    """What a reader has to look at: doubtful readings, and what the format wants but the file lacks."""
    draft = result.draft
    found = [
        problem("import-doubtful", raw.at(f.line), f"{f.what}: {f.text}")
        for f in draft.findings
        if f.kind == "doubtful"
    ]
    if not draft.turns:
        hint = "a label is a name and a colon at the start of a paragraph: `Ann Bell: Good morning.`"
        found.append(problem("import-no-turns", raw.at(1), "no speaker label was recognised", hint))
    if not draft.title:
        message = f"the file has no title; the transcript is called `{result.id}` after the file"
        found.append(problem("import-no-title", raw.at(1), message, "write the title in the front matter"))
    return found
