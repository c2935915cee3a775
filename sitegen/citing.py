"""How a transcript is cited: as a sentence, as BibTeX and as CSL-JSON, all from the same facts.

Nothing is invented: what a transcript does not say stays out of its citation.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from sitegen.addresses import absolute, transcript_page
from sitegen.model import Settings, Transcript

_BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_URL_UNSAFE = re.compile(r"[{}\\\s]")


@dataclass(frozen=True, slots=True)
class Citation:
    """A transcript's citation in three forms; the sentence is put together by the page."""

    title: str
    event: str
    place: str
    date: str
    container: str
    url: str
    bibtex: str
    csl: str


def cite(settings: Settings, transcript: Transcript) -> Citation:
    """The citation of a transcript on a site."""
    url = absolute(settings.url, transcript_page(transcript.id)) if settings.url else ""
    return Citation(
        title=transcript.title,
        event=transcript.occasion,
        place=transcript.place,
        date=transcript.date,
        container=settings.title,
        url=url,
        bibtex=_bibtex(settings, transcript, url),
        csl=_csl(settings, transcript, url),
    )


def _bibtex(settings: Settings, transcript: Transcript, url: str) -> str:
    fields = {
        "title": f"{{{_escaped(transcript.title)}}}",
        "author": " and ".join(f"{{{_escaped(s.name)}}}" for s in transcript.speakers if not s.anonymous),
        "year": transcript.date[:4],
        "date": f"{transcript.date}/{transcript.date_end}" if transcript.date_end else transcript.date,
        "eventtitle": _escaped(transcript.occasion),
        "venue": _escaped(transcript.place),
        "howpublished": _escaped(settings.title),
        "publisher": _escaped(settings.publisher),
        "note": _escaped(f"Transcript; source: {transcript.origin.title}" if transcript.origin.title else "Transcript"),
        "language": transcript.language or settings.language,
        "url": _URL_UNSAFE.sub("", url),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    key = "".join(c for c in transcript.id if c.isascii()) or "transcript"
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _escaped(text: str) -> str:
    return "".join(_BIBTEX_SPECIAL.get(c, c) for c in text)


def _csl(settings: Settings, transcript: Transcript, url: str) -> str:
    dates = [[int(part) for part in date.split("-")] for date in (transcript.date, transcript.date_end) if date]
    issued = {"date-parts": dates} if dates else None
    item = {
        "id": transcript.id,
        "type": "speech",
        "title": transcript.title,
        "author": [{"literal": s.name} for s in transcript.speakers if not s.anonymous],
        "issued": issued,
        "event-title": transcript.occasion,
        "event-place": transcript.place,
        "event-date": issued,
        "container-title": settings.title,
        "publisher": settings.publisher,
        "language": transcript.language or settings.language,
        "note": f"Source: {transcript.origin.title}" if transcript.origin.title else "",
        "URL": url,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"
