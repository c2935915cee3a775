"""Why quoted words are nowhere: the exact part of the ladder from nearly right to not there at all.

Every rung is a suggestion with the words of the transcript; nothing here places a note.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sitegen.candidates import Candidate, described
from sitegen.diagnostics import Diagnostic, Related, problem
from sitegen.folding import TURN_BREAK, Folded, fold_editorial, fold_loose, fold_typographic
from sitegen.labels import Names, possible_labels, resolve_label
from sitegen.source import Location
from sitegen.streams import Span, Stream, occurrences


class Remedy(Struct, frozen=True):
    """What a quote should rather say: one text, or several for a passage over turns; and who is quoted."""

    quotes: tuple[str, ...]
    speaker: str = ""


class Miss(Struct, frozen=True):
    """Why a quote is nowhere, with the remedy where the words are there after all."""

    diagnostic: Diagnostic
    remedy: Remedy | None = None


def explain_miss(stream: Stream, quote: str, parts: Sequence[str], names: Names, subject: str, where: Location) -> Miss:
    """Why a quote has no match. `parts` is the quote cut at its omissions; `subject` names note and quote
    for the message."""
    return (
        _label_in_quote(stream, quote, names, subject, where)
        or _out_of_order(stream, parts, subject, where)
        or _differs(stream, parts, subject, where)
        or _crosses_turns(stream, quote, subject, where)
        or Miss(
            problem(
                "quote-not-found",
                where,
                f"{subject} is not in the transcript '{stream.transcript_id}'",
                "copy the words from the transcript; leave out with ` [...] ` what you do not want to quote",
            )
        )
    )


def _out_of_order(stream: Stream, parts: Sequence[str], subject: str, where: Location) -> Miss | None:
    """Every part of a quote with omissions is there, but not one after the other within reach."""
    found = [occurrences(stream.text, stream.typographic, fold_typographic(part).text.strip()) for part in parts]
    if len(parts) < 2 or not all(found):
        return None
    message = f"{subject}: the parts around the omission do not follow each other in one turn"
    hint = "put the parts in the order of the transcript; quote a passage over several turns as a list"
    related = [Related(described(stream, Candidate((span,)))) for spans in found for span in spans[:3]]
    return Miss(problem("parts-out-of-order", where, message, hint, related=related))


def _label_in_quote(stream: Stream, quote: str, names: Names, subject: str, where: Location) -> Miss | None:
    for label in possible_labels(quote):
        found = resolve_label(label.text, names)
        rest = quote[label.length :].strip()
        if not found or not rest:
            continue
        folded = fold_typographic(rest).text.strip()
        if not occurrences(stream.text, stream.typographic, folded):
            continue
        speaker = found.speakers[0].id if found.speakers else label.text
        hint = f"speaker: {speaker}\nquote: {rest}"
        message = f"{subject} begins with the label of its speaker"
        return Miss(problem("label-in-quote", where, message, hint), Remedy((rest,), speaker))
    return None


def _differs(stream: Stream, parts: Sequence[str], subject: str, where: Location) -> Miss | None:
    loose_parts = [fold_loose(fold_editorial(part)).text.strip() for part in parts]
    found = [occurrences(stream.text, stream.loose, part) for part in loose_parts]
    if not all(found):
        return None
    places = [Candidate((span,)) for span in found[0]]
    words = " [...] ".join(_one_line(stream.text[spans[0].start : spans[0].end]) for spans in found)
    message = f"{subject} differs from the transcript in case, accents or punctuation"
    related = [Related(described(stream, place)) for place in places[:5]]
    return Miss(problem("quote-differs", where, message, f"quote: {words}", related=related), Remedy((words,)))


def _crosses_turns(stream: Stream, quote: str, subject: str, where: Location) -> Miss | None:
    joined = stream.typographic
    joined = Folded(joined.text.replace(TURN_BREAK, " "), joined.starts, joined.origins, joined.kept, joined.inner)
    spans = occurrences(stream.text, joined, fold_typographic(quote).text.strip())
    if not spans:
        return None
    pieces = [_one_line(piece) for piece in stream.text[spans[0].start : spans[0].end].split(TURN_BREAK)]
    turns = [stream.paragraph_at(offset).turn_id for offset in _turn_starts(stream, spans[0])]
    hint = "quote:\n" + "\n".join(f"  - {piece}" for piece in pieces)
    message = f"{subject} runs over the end of a turn: {', '.join(turns)}"
    return Miss(problem("quote-crosses-turns", where, message, hint), Remedy(tuple(pieces)))


def _turn_starts(stream: Stream, span: Span) -> list[int]:
    text = stream.text[span.start : span.end]
    return [span.start, *(span.start + i + 1 for i, character in enumerate(text) if character == TURN_BREAK)]


def _one_line(text: str) -> str:
    return " ".join(text.split())
