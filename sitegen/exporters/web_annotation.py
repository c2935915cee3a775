"""`notes.jsonld`: the notes as W3C Web Annotations, each target a paragraph refined by a text quote.

Follows the Web Annotation Data Model (W3C Recommendation, 23 February 2017): an AnnotationCollection with
its one page.
"""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.addresses import absolute, href, transcript_page
from sitegen.edition import paragraphs_of
from sitegen.exporters.lines import json_lines
from sitegen.facts import Anchor, AnnotatedTranscript, Note
from sitegen.model import Settings, Work

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


def _annotation(note: Note, source: str, plain: dict[str, str], works: Mapping[str, Work]) -> dict[str, object]:
    annotation = note.annotation
    fragment = f"#n-{annotation.id}" if note.number else f"#{note.anchors[0].paragraph_id}"
    bodies: list[dict[str, object]] = []
    if annotation.note.markup:
        text: dict[str, object] = {"type": "TextualBody", "value": annotation.note.markup, "format": "text/markdown"}
        bodies.append(text | ({"language": annotation.language} if annotation.language else {}))
    bodies += [{"type": "TextualBody", "value": topic.id, "purpose": "tagging"} for topic in annotation.topics]
    cited = (c if isinstance(c, Work) else works.get(c.id) for c in annotation.citations)
    bodies += [{"id": work.url, "type": "Text", "purpose": "linking"} for work in cited if work and work.url]
    document: dict[str, object] = {
        "id": f"{source}{fragment}",
        "type": "Annotation",
        "motivation": MOTIVATIONS.get(annotation.kind, "commenting") if annotation.is_note else "tagging",
        "body": bodies,
        "target": [_target(anchor, source, plain[anchor.paragraph_id]) for anchor in note.anchors],
    }
    if annotation.author:
        document["creator"] = {"type": "Person", "name": annotation.author}
    for name, date in (("created", annotation.created), ("modified", annotation.updated)):
        if date:
            document[name] = date
    return document


def _target(anchor: Anchor, source: str, plain: str) -> dict[str, object]:
    return {
        "source": source,
        "selector": {
            "type": "FragmentSelector",
            "conformsTo": "http://tools.ietf.org/rfc/rfc3236",
            "value": anchor.paragraph_id,
            "refinedBy": {
                "type": "TextQuoteSelector",
                "exact": plain[anchor.start : anchor.end],
                "prefix": plain[max(0, anchor.start - CONTEXT_LENGTH) : anchor.start],
                "suffix": plain[anchor.end : anchor.end + CONTEXT_LENGTH],
            },
        },
    }
