"""The least that has to be said beside a quote for it to mean one place: nothing, `at`, context, or a count.

Whether the words are the right ones is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from sitegen.anchoring import anchor_target
from sitegen.folding import TURN_BREAK
from sitegen.labels import Names
from sitegen.model import Reference, Target
from sitegen.streams import Span, Stream

FIELDS = ("at", "speaker", "prefix", "suffix", "occurrence")

_MOST_CONTEXT_WORDS = 6


def narrowed(
    stream: Stream, target: Target, spans: tuple[Span, ...], annotation_id: str, names: Names
) -> Target | None:
    """The target with the least added to it so that it means exactly `spans`; None if nothing makes it so."""
    wanted = tuple(a for span in spans for a in stream.anchors(annotation_id, span.start, span.end))
    for variant in _variants(stream, target, spans, annotation_id, names):
        if anchor_target(stream, variant, annotation_id, names).value == wanted:
            return variant
    return None


def fields_of(target: Target) -> dict[str, str]:
    """The narrowing of a target as keys and values of YAML, in the order in which people write them."""
    values = {
        "at": target.at.id if target.at else "",
        "speaker": target.speaker.id if target.speaker else "",
        "prefix": target.selectors[0].prefix,
        "suffix": target.selectors[-1].suffix,
        "occurrence": target.occurrence.id if target.occurrence else "",
    }
    return {name: values[name] for name in FIELDS if values[name]}


def _variants(
    stream: Stream, target: Target, spans: tuple[Span, ...], annotation_id: str, names: Names
) -> Iterator[Target]:
    yield target
    placed = stream.paragraph_at(spans[0].start)
    for name in (placed.turn_id, placed.paragraph.id):
        yield replace(target, at=Reference(name, target.location))
    yield from _with_context(stream, target, spans)
    at_paragraph = replace(target, at=Reference(placed.paragraph.id, target.location))
    for variant in (target, at_paragraph):
        yield from _with_occurrence(stream, variant, annotation_id, names)


def _with_context(stream: Stream, target: Target, spans: tuple[Span, ...]) -> Iterator[Target]:
    before = stream.text[: spans[0].start].rpartition(TURN_BREAK)[2].split()
    after = stream.text[spans[-1].end :].partition(TURN_BREAK)[0].split()
    head, last = target.selectors[0], target.selectors[-1]
    for count in range(1, _MOST_CONTEXT_WORDS + 1):
        if before:
            prefixed = replace(head, prefix=" ".join(before[-count:]))
            yield replace(target, selectors=(prefixed, *target.selectors[1:]))
        if after:
            suffixed = replace(last, suffix=" ".join(after[:count]))
            yield replace(target, selectors=(*target.selectors[:-1], suffixed))


def _with_occurrence(stream: Stream, target: Target, annotation_id: str, names: Names) -> Iterator[Target]:
    found = anchor_target(stream, target, annotation_id, names).diagnostics
    total = next((len(d.related) for d in found if d.code == "quote-ambiguous"), 0)
    for number in range(1, total + 1):
        yield replace(target, occurrence=Reference(f"{number}/{total}", target.location))
