"""`transcript.json`: a transcript with its notes as data. Text is plain, offsets are code points."""

from __future__ import annotations

from msgspec.structs import asdict

from sitegen.edition import paragraphs_of
from sitegen.exporters.lines import json_lines
from sitegen.facts import AnnotatedTranscript, Facts
from sitegen.model import Turn, Work


def transcript_json(annotated: AnnotatedTranscript, facts: Facts) -> bytes:
    """The JSON document, with a newline at its end."""
    transcript = annotated.transcript
    origin = transcript.origin
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
        "notes": _notes(annotated),
    }
    return json_lines(document)


def _turn(turn: Turn) -> dict[str, object]:
    return {
        "id": turn.id,
        "speakers": list(turn.speaker_ids),
        "label": turn.label,
        "start": turn.start,
        "end": None,
        "paragraphs": [{"id": p.id, "text": p.plain} for p in turn.paragraphs if p.kind == "speech"],
    }


def _notes(annotated: AnnotatedTranscript) -> list[dict[str, object]]:
    plain = {paragraph.id: paragraph.plain for paragraph in paragraphs_of(annotated.transcript)}
    return [
        {
            "id": note.annotation.id,
            "kind": note.annotation.kind,
            "note": note.annotation.note.markup,
            "topics": [reference.id for reference in note.annotation.topics],
            "sources": [c.title if isinstance(c, Work) else c.id for c in note.annotation.citations],
            "targets": [
                {
                    "paragraph": a.paragraph_id,
                    "start": a.start,
                    "end": a.end,
                    "quote": plain[a.paragraph_id][a.start : a.end],
                }
                for a in note.anchors
            ],
        }
        for note in annotated.notes
    ]
