"""`transcript.json`: a transcript with its notes as data. Text is plain, offsets are code points."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import asdict

from sitegen.edition import paragraphs_of
from sitegen.exporters.lines import json_lines
from sitegen.facts import AnnotatedTranscript, Facts, Note
from sitegen.model import Reference, Turn


def transcript_json(annotated: AnnotatedTranscript, facts: Facts) -> bytes:
    """The JSON document, with a newline at its end."""
    transcript = annotated.transcript
    origin = transcript.origin
    plain = {paragraph.id: paragraph.plain for paragraph in paragraphs_of(transcript)}
    document = {
        "id": transcript.id,
        "title": transcript.title,
        "date": {"from": transcript.date, "to": transcript.date_end} if transcript.date_end else transcript.date,
        "place": transcript.place,
        "language": transcript.language,
        "source": {name: value for name, value in asdict(origin).items() if value},
        "speakers": [
            {"id": p.speaker.id, "name": p.speaker.name, "role": p.role, "anonymous": p.speaker.anonymous}
            for p in facts.participations
        ],
        "turns": [_turn(turn) for turn in transcript.turns],
        "notes": [_note(note, plain) for note in annotated.notes],
    }
    return json_lines(document)


class _Paragraph(Struct):
    id: str
    text: str


class _Turn(Struct):
    id: str
    speakers: tuple[str, ...]
    label: str
    start: float | None
    end: None
    paragraphs: list[_Paragraph]


class _Target(Struct):
    paragraph: str
    start: int
    end: int
    quote: str


class _Note(Struct):
    id: str
    kind: str
    note: str
    topics: list[str]
    sources: list[str]
    targets: list[_Target]


def _turn(turn: Turn) -> _Turn:
    paragraphs = [_Paragraph(p.id, p.plain) for p in turn.paragraphs if p.kind == "speech"]
    return _Turn(turn.id, turn.speaker_ids, turn.label, turn.start, None, paragraphs)


def _note(note: Note, plain: Mapping[str, str]) -> _Note:
    about = note.annotation
    return _Note(
        id=about.id,
        kind=about.kind,
        note=about.note.markup,
        topics=[reference.id for reference in about.topics],
        sources=[c.id if isinstance(c, Reference) else c.title for c in about.citations],
        targets=[
            _Target(a.paragraph_id, a.start, a.end, plain[a.paragraph_id][a.start : a.end])
            for passage in note.passages
            for a in passage
        ],
    )
