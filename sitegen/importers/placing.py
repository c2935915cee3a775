"""Places for imported annotations: each is anchored exactly in a transcript, or listed with the reason.

The anchoring is that of every other note; here only the shortest sufficient narrowing is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from sitegen.anchoring import anchor_target
from sitegen.edition import paragraphs_of
from sitegen.identifiers import slug_of
from sitegen.importers.draft import Finding, excerpt
from sitegen.importers.draftnotes import DraftNote, Notes, Spot, Term
from sitegen.labels import Register, names_of
from sitegen.model import Paragraph, Reference, Target, TextQuoteSelector, Transcript
from sitegen.source import Location
from sitegen.streams import Stream, stream_of

Entry = dict[str, object]
UNPLACED = "a note without a place"
_NOWHERE = Location.at("import")


class Placed(Struct):
    """Entries of annotation files by transcript, and what found no place."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class _Text(Struct, frozen=True):
    """A transcript made ready for searching."""

    transcript: Transcript
    stream: Stream
    paragraphs: Mapping[str, Paragraph]
    words: Mapping[str, tuple[Paragraph, ...]]


def place(
    notes: Notes, transcripts: Sequence[Transcript], topics: frozenset[str] | None = None, only: str = ""
) -> Placed:
    """Entries for the notes and terms of a file.

    `topics` are the registered ones (None: any topic will do); `only` names the transcript that is meant where
    the file does not.
    """
    texts = [_text(t) for t in transcripts if not only or t.id == only]
    placed = Placed()
    taken: set[str] = set()
    for note in notes.notes:
        _place_note(note, texts, topics, placed, taken)
    unused = [term.name for term in notes.terms if not _place_term(term, texts, placed)]
    if unused:
        names = excerpt(f"{len(unused)}: {', '.join(unused)}", 120)
        placed.findings.append(Finding("dropped", "terms that stand in no transcript", names))
    return placed


def _text(transcript: Transcript) -> _Text:
    paragraphs = {p.id: p for p in paragraphs_of(transcript) if p.id}
    words: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs.values():
        for word in set(re.findall(r"\w+", paragraph.plain)) if paragraph.kind == "speech" else ():
            words.setdefault(word, []).append(paragraph)
    return _Text(transcript, stream_of(transcript), paragraphs, {word: tuple(ps) for word, ps in words.items()})


# ---------------------------------------------------------------- notes


def _place_note(
    note: DraftNote, texts: Sequence[_Text], topics: frozenset[str] | None, placed: Placed, taken: set[str]
) -> None:
    found: list[tuple[str, Entry]] = []
    for spot in note.spots:
        where = _spot(spot, texts)
        if isinstance(where, str):
            _report(placed, note, where)
        else:
            found.append(where)
    if not note.spots:
        _report(placed, note, "it names no passage")
    if not found:
        return
    known = [topic for topic in note.topics if topics is None or topic in topics]
    for topic in note.topics:
        if topic not in known:
            placed.findings.append(Finding("doubtful", "a topic that is not registered, left out", topic, note.line))
    if not (note.note or known or note.links):
        _report(placed, note, "it has neither a text nor topics")
        return
    home, entry = found[0]
    id = note.id if note.id and note.id not in taken else ""
    taken.add(id)
    also = [{"transcript": other, **passage} if other != home else passage for other, passage in found[1:]]
    full: Entry = {
        "id": id,
        **entry,
        "kind": note.kind if note.note else "",
        "note": note.note or " ".join(f"<{link}>" for link in note.links if not known),
        "topics": known,
        "sources": [{"title": link, "url": link} for link in note.links if note.note and re.match(r"https?://", link)],
        "author": note.author,
        "created": note.created,
        "updated": note.updated,
        "lang": note.language,
        "also": also,
    }
    placed.entries.setdefault(home, []).append({key: value for key, value in full.items() if value})


def _report(placed: Placed, note: DraftNote, reason: str) -> None:
    what = excerpt(note.spots[0].quote if note.spots and note.spots[0].quote else note.note or ", ".join(note.topics))
    placed.findings.append(Finding("doubtful", f"{UNPLACED} ({reason})", what or note.id, note.line))


def _spot(spot: Spot, texts: Sequence[_Text]) -> tuple[str, Entry] | str:
    """The transcript of a passage and the entry's keys for it, or the reason why there is none."""
    named = [text for text in texts if _is_meant(spot.source, text.transcript.id)]
    chosen = named or list(texts)
    if not chosen:
        return "there is no transcript"
    results = [(text.transcript.id, _within(spot, text)) for text in chosen]
    good = [(id, entry) for id, entry in results if not isinstance(entry, str)]
    if len(good) == 1:
        return good[0][0], good[0][1]
    if len(good) > 1:
        return f"its words stand in {', '.join(id for id, _ in good[:4])}"
    return results[0][1] if len(results) == 1 and isinstance(results[0][1], str) else _no_place(spot, named)


def _no_place(spot: Spot, named: Sequence[_Text]) -> str:
    if spot.quote:
        return "its words are in none of the transcripts, or in one more than once"
    return spot.problem or f"nothing says which words of {spot.source or 'the document'} it is about"


def _is_meant(source: str, id: str) -> bool:
    parts = re.split(r"[/?#]", source.strip().rstrip("/"))
    return any(part == id or part.rpartition(".")[0] == id for part in parts if part)


def _within(spot: Spot, text: _Text) -> Entry | str:
    quote = spot.quote
    paragraph = text.paragraphs.get(spot.fragment)
    at = spot.fragment if paragraph or any(t.id == spot.fragment for t in text.transcript.turns) else ""
    if not quote and spot.start is not None and spot.end is not None:
        if paragraph is None:
            return spot.problem or "a position counts in a text that is not known here"
        quote = paragraph.plain[spot.start : spot.end]
    if not quote and paragraph is not None:
        quote = _opening(paragraph.plain)
    if not quote.strip():
        return spot.problem or "nothing says which words it is about"
    for narrowing in _narrowings(spot, at, quote):
        if _anchors(text, quote, narrowing):
            return {"quote": quote, **narrowing}
    failed = _failure(text, quote, {"at": at} if at else {})
    return f"{spot.problem}; {failed}" if spot.problem else failed


def _narrowings(spot: Spot, at: str, quote: str) -> Iterator[dict[str, str]]:
    """Ways to narrow a quote, the least first; a short quote always says where it is."""
    short = len(quote.split()) < 3
    around = {key: value for key, value in (("prefix", spot.prefix), ("suffix", spot.suffix)) if value.strip()}
    if not (short and at):
        yield {}
    if at:
        yield {"at": at}
        yield {"at": at, **around}
    if spot.speaker:
        yield {"speaker": spot.speaker}
    if around:
        yield around


def _target(text: _Text, quote: str, narrowing: Mapping[str, str]) -> Target:
    def reference(key: str) -> Reference | None:
        return Reference(narrowing[key], _NOWHERE) if narrowing.get(key) else None

    selector = TextQuoteSelector(quote, narrowing.get("prefix", ""), narrowing.get("suffix", ""))
    return Target(
        text.transcript.id, (selector,), _NOWHERE, reference("at"), reference("speaker"), reference("occurrence")
    )


def _anchors(text: _Text, quote: str, narrowing: Mapping[str, str]) -> bool:
    names = names_of(text.transcript.speakers, Register(), text.transcript.date)
    return bool(anchor_target(text.stream, _target(text, quote, narrowing), "import", names).value)


def _failure(text: _Text, quote: str, narrowing: Mapping[str, str]) -> str:
    names = names_of(text.transcript.speakers, Register(), text.transcript.date)
    found = anchor_target(text.stream, _target(text, quote, narrowing), "import", names).diagnostics
    return next((d.code for d in found if d.severity == "error"), "quote-not-found")


def _opening(plain: str) -> str:
    """The first words of a paragraph, enough to know it by."""
    words = re.findall(r"\S+\s*", plain)
    return "".join(words[:12]).strip()


# ---------------------------------------------------------------- terms


def _place_term(term: Term, texts: Iterable[_Text], placed: Placed) -> bool:
    """A definition where a term first stands in each transcript, as a word of its own and in its own case."""
    anywhere = False
    forms = [form for form in (term.name, *term.aliases) if re.search(r"\w", form)]
    if not forms:
        return False
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
    firsts = [re.findall(r"\w+", form)[0] for form in forms]
    for text in texts:
        for paragraph in (p for word in firsts for p in text.words.get(word, ())):
            found = pattern.findall(paragraph.plain)
            if not found:
                continue
            narrowing = {"at": paragraph.id}
            if not _anchors(text, found[0], narrowing):
                narrowing["occurrence"] = f"1/{found.count(found[0])}"
            if _anchors(text, found[0], narrowing):
                id = f"{text.transcript.id}-{slug_of(term.name)}".rstrip("-")
                entry: Entry = {"id": id, "quote": found[0], **narrowing, "kind": "definition", "note": term.definition}
                placed.entries.setdefault(text.transcript.id, []).append(entry)
                anywhere = True
                break
    return anywhere
