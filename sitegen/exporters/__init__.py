"""The files beside the page of a transcript: a literal table, each made by a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from msgspec import Struct

from sitegen.addresses import file_of, transcript_page
from sitegen.citing import bibtex, csl_json
from sitegen.diagnostics import Checked
from sitegen.exporters.plain_text import transcript_text
from sitegen.exporters.tei import transcript_tei
from sitegen.exporters.transcript_json import transcript_json
from sitegen.exporters.web_annotation import notes_jsonld
from sitegen.exporters.webvtt import is_timed, transcript_vtt
from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.model import Settings, Work
from sitegen.outputs import Output


class Exported(Struct, frozen=True):
    """What an exporter may use: one transcript with its notes and facts, the settings, the cited works."""

    annotated: AnnotatedTranscript
    facts: Facts
    settings: Settings
    works: Mapping[str, Work]


class Exporter(Struct, frozen=True):
    """A format: its name on the command line, the file beside the transcript, and how its bytes are made."""

    name: str
    file: str
    title: str
    export: Callable[[Exported], bytes]
    applies: Callable[[AnnotatedTranscript], bool] = lambda annotated: True


EXPORTERS = (
    Exporter("txt", "transcript.txt", "Plain text", lambda x: transcript_text(x.annotated)),
    Exporter("json", "transcript.json", "JSON", lambda x: transcript_json(x.annotated, x.facts)),
    Exporter("tei", "transcript.tei.xml", "TEI", lambda x: transcript_tei(x.annotated, x.facts, x.settings)),
    Exporter("vtt", "transcript.vtt", "WebVTT", lambda x: transcript_vtt(x.annotated), is_timed),
    Exporter("jsonld", "notes.jsonld", "Web Annotation", lambda x: notes_jsonld(x.annotated, x.settings, x.works)),
    Exporter("bib", "cite.bib", "BibTeX", lambda x: bibtex(x.annotated, x.settings)),
    Exporter("csl", "cite.json", "CSL-JSON", lambda x: csl_json(x.annotated, x.settings)),
)
"""The files beside every transcript, in the order in which pages list them."""


def files_of_transcript(transcript_id: str) -> tuple[str, ...]:
    """The paths of all outputs that a transcript can have: its page, and one for each exporter."""
    page = transcript_page(transcript_id)
    return (file_of(page), *(page + exporter.file for exporter in EXPORTERS))


def plan_transcript_exports(exported: Exported) -> Iterator[Output]:
    """The files beside the page of a transcript."""
    page = transcript_page(exported.annotated.transcript.id)
    for exporter in EXPORTERS:
        if exporter.applies(exported.annotated):
            yield Output(page + exporter.file, partial(_exported, exporter.name, exported))


def _exported(name: str, exported: Exported) -> Checked[bytes]:
    exporter = next(exporter for exporter in EXPORTERS if exporter.name == name)
    return Checked(exporter.export(exported))
