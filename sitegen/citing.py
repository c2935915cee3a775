"""How to cite a transcript: BibTeX and CSL-JSON. No day of access is given, since a build knows no clock."""

from __future__ import annotations

import msgspec

from sitegen.addresses import absolute, transcript_page
from sitegen.facts import AnnotatedTranscript
from sitegen.model import Settings, Transcript

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "\u00a0": "~",
    }
)


def bibtex(annotated: AnnotatedTranscript, settings: Settings) -> bytes:
    """A BibTeX entry of type misc."""
    transcript = annotated.transcript
    year, month, *_ = (*transcript.date.split("-"), "", "")
    fields = {
        "title": f"{{{transcript.title.translate(_ESCAPES)}}}",
        "author": " and ".join(f"{{{name.translate(_ESCAPES)}}}" for name in speaker_names(transcript)),
        "year": year,
        "month": month.lstrip("0"),
        "date": transcript.date,
        "address": transcript.place.translate(_ESCAPES),
        "publisher": settings.title.translate(_ESCAPES),
        "howpublished": transcript.origin.title.translate(_ESCAPES),
        "url": address(transcript, settings),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{transcript.id},", *lines, "}", ""]).encode()


def csl_json(annotated: AnnotatedTranscript, settings: Settings) -> bytes:
    """A list with one CSL-JSON item of type speech."""
    transcript = annotated.transcript
    days = [date for date in (transcript.date, transcript.date_end) if date]
    item: dict[str, object] = {
        "id": transcript.id,
        "type": "speech",
        "title": transcript.title,
        "author": [{"literal": name} for name in speaker_names(transcript)],
        "issued": {"date-parts": [[int(part) for part in date.split("-")] for date in days]} if days else None,
        "event-title": transcript.occasion,
        "event-place": transcript.place,
        "container-title": settings.title,
        "source": transcript.origin.title,
        "URL": address(transcript, settings),
        "language": transcript.language or settings.language,
    }
    data = msgspec.json.encode([{k: v for k, v in item.items() if v}])
    return msgspec.json.format(data, indent=1) + b"\n"


def speaker_names(transcript: Transcript) -> list[str]:
    """Those who speak, without anonymous voices."""
    return [speaker.name for speaker in transcript.speakers if not speaker.anonymous]


def address(transcript: Transcript, settings: Settings) -> str:
    """The public address of the transcript here, else that of its source."""
    return absolute(settings.url, transcript_page(transcript.id)) if settings.url else transcript.origin.url
