"""`notes.jsonld`: the notes as W3C Web Annotations, each target a paragraph refined by a text quote.

Follows the Web Annotation Data Model (W3C Recommendation, 23 February 2017): an AnnotationCollection with
its one page.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET, Struct, UnsetType

from sitegen.addresses import absolute, href, transcript_page
from sitegen.edition import paragraphs_of
from sitegen.exporters.lines import json_lines
from sitegen.facts import Anchor, AnnotatedTranscript, Note
from sitegen.model import Reference, Settings, Work

CONTEXT_LENGTH = 32
"""Characters of prefix and suffix, as annotation clients store them."""

MOTIVATIONS = {
    "definition": "describing",
    "language": "describing",
    "context": "commenting",
    "source": "linking",
    "compare": "linking",
    "disputed": "assessing",
    "correction": "assessing",
    "transcription": "editing",
}


def notes_jsonld(annotated: AnnotatedTranscript, settings: Settings, works: Mapping[str, Work]) -> bytes:
    """The JSON-LD document; addresses are absolute when the site's address is known."""
    page = transcript_page(annotated.transcript.id)
    base = settings.url
    self_page = f"{page}notes.jsonld"
    itself = absolute(base, self_page) if base else "notes.jsonld"
    source = absolute(base, page) if base else href(self_page, page)
    plain = {paragraph.id: paragraph.plain for paragraph in paragraphs_of(annotated.transcript)}
    items = [_annotation(note, source, plain, works) for note in annotated.notes]
    document = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": itself,
        "type": "AnnotationCollection",
        "label": annotated.transcript.title,
        "total": len(items),
        "first": {"id": f"{itself}#page-1", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    return json_lines(document)


class _Text(Struct, tag_field="type", tag="TextualBody"):
    value: str
    format: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    purpose: str | UnsetType = UNSET


class _Link(Struct, kw_only=True):
    id: str
    type: str = "Text"
    purpose: str = "linking"


class _Quote(Struct, tag_field="type", tag="TextQuoteSelector"):
    exact: str
    prefix: str
    suffix: str


class _Fragment(Struct, tag_field="type", tag="FragmentSelector", rename="camel"):
    conforms_to: str
    value: str
    refined_by: _Quote


class _Target(Struct):
    source: str
    selector: _Fragment


class _Person(Struct, tag_field="type", tag="Person"):
    name: str


class _Annotation(Struct, kw_only=True):
    id: str
    type: str = "Annotation"
    motivation: str
    body: list[_Text | _Link]
    target: list[_Target]
    creator: _Person | UnsetType
    created: str | UnsetType
    modified: str | UnsetType


def _annotation(note: Note, source: str, plain: Mapping[str, str], works: Mapping[str, Work]) -> _Annotation:
    annotation, anchors = note.annotation, note.anchors
    fragment = f"#n-{annotation.id}" if note.number else f"#{anchors[0].paragraph_id}"
    bodies: list[_Text | _Link] = []
    if annotation.note.markup:
        bodies.append(_Text(annotation.note.markup, "text/markdown", annotation.language or UNSET))
    bodies += [_Text(topic.id, purpose="tagging") for topic in annotation.topics]
    cited = [works.get(c.id) if isinstance(c, Reference) else c for c in annotation.citations]
    bodies += [_Link(id=work.url) for work in cited if work and work.url]
    return _Annotation(
        id=f"{source}{fragment}",
        motivation=MOTIVATIONS.get(annotation.kind, "commenting") if annotation.is_note else "tagging",
        body=bodies,
        target=[_target(anchor, source, plain[anchor.paragraph_id]) for anchor in anchors],
        creator=_Person(annotation.author) if annotation.author else UNSET,
        created=annotation.created or UNSET,
        modified=annotation.updated or UNSET,
    )


def _target(anchor: Anchor, source: str, plain: str) -> _Target:
    start, end = anchor.start, anchor.end
    quote = _Quote(plain[start:end], plain[max(0, start - CONTEXT_LENGTH) : start], plain[end : end + CONTEXT_LENGTH])
    return _Target(source, _Fragment("http://tools.ietf.org/rfc/rfc3236", anchor.paragraph_id, quote))
