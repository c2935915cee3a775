"""One transcript joined with its annotations: notes placed and numbered, and the facts other pages need.

A pure function of one transcript and the annotations that speak of it, so that transcripts can be worked
on in any order or at once. Registers and other transcripts are not seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from sitegen.anchoring import anchor_target
from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.facts import Anchor, AnnotatedTranscript, Facts, Locator, Missed, Note, Participation, Passage
from sitegen.labels import Register, folded_name, names_of
from sitegen.markup import GAP
from sitegen.model import (
    Annotation,
    Introduction,
    Paragraph,
    Part,
    Prose,
    Speaker,
    Transcript,
    Turn,
)
from sitegen.streams import stream_of

ELLIPSIS = " … "

TEXT_ELSEWHERE = "(see Reading.texts)"


def annotate(transcript: Transcript, annotations: Iterable[Annotation]) -> Checked[AnnotatedTranscript]:
    """The transcript with every annotation that speaks of it, placed or listed as unplaced."""
    stream = stream_of(transcript)
    names = names_of(transcript.speakers, Register(), transcript.date)
    placed: list[tuple[Annotation, list[tuple[Anchor, ...]]]] = []
    unplaced: list[Annotation] = []
    missed: list[Missed] = []
    problems: list[Diagnostic] = []
    for annotation in annotations:
        passages: list[tuple[Anchor, ...]] = []
        for target in annotation.targets:
            if target.transcript_id != transcript.id:
                continue
            anchored = anchor_target(stream, target, annotation.id, names)
            problems += anchored.diagnostics
            if anchored.value:
                passages.append(anchored.value)
            else:
                missed.append(Missed(annotation, target))
        if passages:
            placed.append((annotation, passages))
        else:
            unplaced.append(annotation)
    notes = number_notes(transcript, placed)
    value = AnnotatedTranscript(transcript, notes, tuple(unplaced), tuple(missed))
    return Checked(value, (*problems, *_same_ranges(notes)))


def number_notes(
    transcript: Transcript, placed: Iterable[tuple[Annotation, Iterable[tuple[Anchor, ...]]]]
) -> tuple[Note, ...]:
    """Notes in the order of their first references: where the passage ends, the inner passage first, then by id.

    Entries of the index have no reference; they stand in the same order with the number 0.
    """
    paragraphs = {p.id: (position, p) for position, p in enumerate(paragraphs_of(transcript))}

    def order(passage: tuple[Anchor, ...]) -> tuple[int, int, int, int]:
        first, last = passage[0], passage[-1]  # the anchors of a passage follow one another
        return paragraphs[last.paragraph_id][0], last.end, -paragraphs[first.paragraph_id][0], -first.start

    ordered = [(annotation, tuple(sorted(passages, key=order))) for annotation, passages in placed]
    notes: list[Note] = []
    number = 0
    for annotation, passages in sorted(ordered, key=lambda item: (order(item[1][0]), item[0].id)):
        number += annotation.is_note
        words = (paragraphs[a.paragraph_id][1].plain[a.start : a.end] for passage in passages for a in passage)
        notes.append(Note(number if annotation.is_note else 0, annotation, passages, ELLIPSIS.join(words)))
    return tuple(notes)


def span_of_days(transcript: Transcript) -> str:
    """The date of a transcript, or its first and last day."""
    return "/".join(date for date in (transcript.date, transcript.date_end) if date)


def paragraphs_of(transcript: Transcript) -> Iterable[Paragraph]:
    """The paragraphs of the introduction and of all turns, in document order."""
    for block in transcript.blocks:
        if isinstance(block, Turn | Introduction):
            yield from block.paragraphs


def _same_ranges(notes: Iterable[Note]) -> Iterable[Diagnostic]:
    first_with: dict[tuple[tuple[str, int, int], ...], Annotation] = {}
    for note in (note for note in notes if note.annotation.is_note):
        ranges = tuple((a.paragraph_id, a.start, a.end) for a in note.anchors)
        first = first_with.setdefault(ranges, note.annotation)
        if first is not note.annotation:
            message = f"note {note.annotation.id} speaks of exactly the same words as note {first.id}"
            related = [Related(f"note {first.id}", first.location)]
            hint = "merge the two, or let one of them quote fewer words"
            yield problem("same-range", note.annotation.location, message, hint, related=related)


def facts_of(edition: AnnotatedTranscript) -> Facts:
    """What other pages may know of a transcript."""
    transcript = edition.transcript
    turns = {turn.id: turn for turn in transcript.turns}
    words = {turn.id: words_in(turn.paragraphs) for turn in turns.values()}
    passages = tuple(_passage(transcript, note, turns) for note in edition.notes)
    return Facts(
        transcript_id=transcript.id,
        location=transcript.location,
        title=transcript.title,
        date=transcript.date,
        date_end=transcript.date_end,
        place=transcript.place,
        summary=transcript.summary.markup,
        language=transcript.language,
        participations=tuple(_participations(transcript, turns.values(), words)),
        words=sum(words.values()),
        turns=len(turns),
        gaps=sum(len(GAP.findall(p.plain)) for p in paragraphs_of(transcript) if "[" in p.plain),
        topics=transcript.topics,
        passages=passages,
        anchors=tuple(sorted({*_fragment_ids(edition)})),
        links=(*transcript.links, *transcript.summary.links),
        unplaced=edition.unplaced,
        missed=edition.missed,
        aka=transcript.aka,
        translation_of=transcript.translation_of,
    )


def words_in(paragraphs: Iterable[Paragraph]) -> int:
    """How many words are spoken: runs of characters between spaces."""
    return sum(len(paragraph.plain.split()) for paragraph in paragraphs if paragraph.kind == "speech")


def _passage(transcript: Transcript, note: Note, turns: dict[str, Turn]) -> Passage:
    first = note.anchors[0]
    turn = turns.get(first.turn_id)
    return Passage(
        locator=Locator(transcript.id, first.turn_id, first.paragraph_id, note.annotation.id if note.number else ""),
        annotation=seen_from_outside(note.annotation),
        number=note.number,
        speaker_ids=turn.speaker_ids if turn else (),
        quote=note.quote,
        language=(turn.language if turn else "") or transcript.language,
    )


def seen_from_outside(annotation: Annotation) -> Annotation:
    """An annotation without what no other page shows and no check looks at: its text, where it is looked for, its
    history. So it is light to carry, and other pages need not be made again when a text is mended."""
    note = annotation.note
    return replace(annotation, targets=(), note=Prose(TEXT_ELSEWHERE if note.markup else "", note.links), history=())


def _participations(transcript: Transcript, turns: Iterable[Turn], words: Mapping[str, int]) -> Iterable[Participation]:
    taken: dict[str, list[Turn]] = {}
    for turn in turns:
        for speaker_id in dict.fromkeys(turn.speaker_ids):
            taken.setdefault(speaker_id, []).append(turn)
    for speaker in transcript.speakers:
        own = taken.get(speaker.id, [])
        label = next((turn.label for turn in own if len(turn.speaker_ids) == 1), "")
        yield Participation(
            speaker=speaker,
            role=role_on(speaker, transcript.date, label),
            label=label,
            turns=len(own),
            words=sum([words[turn.id] for turn in own]),
            turn_ids=tuple([turn.id for turn in own]),
        )


def role_on(speaker: Speaker, date: str, label: str) -> str:
    """The office a speaker held on a date; of several, the one in the label as printed, else the first."""
    titles = [role.title for role in speaker.roles if role.held_on(date)]
    printed = folded_name(label)
    in_label = [title for title in titles if folded_name(title) in printed]
    return max(in_label, key=len) if in_label else titles[0] if titles else ""


def _fragment_ids(edition: AnnotatedTranscript) -> Iterable[str]:
    for block in edition.transcript.blocks:
        if isinstance(block, Turn):
            yield from (block.id, *block.aka)
        if isinstance(block, Part):
            yield block.id
    for paragraph in paragraphs_of(edition.transcript):
        if paragraph.id:
            yield paragraph.id
        yield from paragraph.aka
    for note in edition.notes:
        if note.number:
            yield from (f"n-{name}" for name in (note.annotation.id, *note.annotation.aka))
