"""A second look at the passages whose words were not found: what they became, and the edits that mend them.

It runs over failed quotes alone, once all transcripts are read, since the words may be in another one; so
that joining one transcript with its notes stays a function of that transcript. Nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.anchoring import OMISSION, anchor_target, missing_selectors
from sitegen.candidates import Candidate, described
from sitegen.diagnostics import Diagnostic, Related, problem
from sitegen.facts import Anchor, Missed
from sitegen.folding import TURN_BREAK, fold_typographic
from sitegen.labels import Names, Register, names_of
from sitegen.misses import Miss, Remedy
from sitegen.model import Reference, Target, TextQuoteSelector, Transcript
from sitegen.narrowing import fields_of, narrowed
from sitegen.source import Edit, Source
from sitegen.streams import Span, Stream, occurrences, stream_of
from sitegen.suggestions import APPLY_WORDS, Suggestion, is_alone, suggest, word_difference
from sitegen.yamldoc import Document, Path, parse
from sitegen.yamledit import Refusal, put_first, replace_text, replace_with_list, set_value

MOST_SEARCHES = 50
"""How many lost quotes are searched for by likeness in one run; past that, something else is wrong."""

Carried = Callable[[Missed, int], "Span | None"]
"""Where a selector's words of an earlier revision stand now, if history tells."""


class Proposal(Struct, frozen=True):
    """What is said about a missed passage, and the edits that would mend it.

    `first` is what the first look said, and `diagnostic` what is said instead. `mended` is the target after
    the edits and `anchors` are where its words then stand; `refusal` says why there are no edits. `is_sure`
    is whether the edits may be made without asking.
    """

    missed: Missed
    first: Diagnostic
    diagnostic: Diagnostic
    edits: tuple[Edit, ...] = ()
    mended: Target | None = None
    anchors: tuple[Anchor, ...] = ()
    is_sure: bool = False
    refusal: str = ""


class Library:
    """The streams and names of transcripts, each made when it is first asked for."""

    def __init__(self, transcripts: Iterable[Transcript]) -> None:
        self.transcripts = {transcript.id: transcript for transcript in transcripts}
        self._streams: dict[str, Stream] = {}

    def stream(self, transcript_id: str) -> Stream:
        """The stream of a transcript."""
        if transcript_id not in self._streams:
            self._streams[transcript_id] = stream_of(self.transcripts[transcript_id])
        return self._streams[transcript_id]

    def names(self, transcript_id: str) -> Names:
        """Whom a label can mean in a transcript."""
        transcript = self.transcripts[transcript_id]
        return names_of(transcript.speakers, Register(), transcript.date)


def propose(
    missed: Iterable[Missed], library: Library, sources: Mapping[str, Source], carried: Carried | None = None
) -> tuple[Proposal, ...]:
    """A proposal for each missed passage that has words which are nowhere. `sources` are the annotation files."""
    proposals: list[Proposal] = []
    searches = 0
    for one in sorted(missed, key=lambda m: m.target.location):
        stream = library.stream(one.target.transcript_id)
        names = library.names(one.target.transcript_id)
        misses = missing_selectors(stream, one.target, one.annotation.id, names)
        if not misses:
            continue
        index, miss = next(iter(misses.items()))
        source = sources[one.target.location.path]
        case = _Case(one, index, miss, stream, names, source)
        if len(misses) > 1:
            proposals.append(case.refused(miss.diagnostic, "more than one part of the quote is lost"))
        elif miss.remedy:
            proposals.append(_from_remedy(case, miss.remedy))
        elif span := carried(one, index) if carried else None:
            proposals.append(_from_history(case, span))
        else:
            searches += 1
            proposals.append(_from_likeness(case, library, searches > MOST_SEARCHES))
    return tuple(proposals)


def improved(proposals: Iterable[Proposal]) -> dict[Diagnostic, Diagnostic]:
    """What the second look says about missed passages instead of what the first look said."""
    return {p.first: p.diagnostic for p in proposals}


class _Case(Struct, frozen=True):
    missed: Missed
    index: int
    miss: Miss
    stream: Stream
    names: Names
    source: Source

    @property
    def quote(self) -> str:
        return self.missed.target.selectors[self.index].exact

    def refused(self, diagnostic: Diagnostic, reason: str) -> Proposal:
        return Proposal(self.missed, self.miss.diagnostic, diagnostic, refusal=reason)


def _from_remedy(case: _Case, remedy: Remedy) -> Proposal:
    """The words are there after all: the quote can be written as the transcript has them."""
    target = case.missed.target
    if len(remedy.quotes) > 1 and len(target.selectors) > 1:
        return case.refused(case.miss.diagnostic, "split this item of the list by hand")
    changed = [TextQuoteSelector(exact) for exact in remedy.quotes]
    changed[0] = replace(changed[0], prefix=target.selectors[case.index].prefix)
    changed[-1] = replace(changed[-1], suffix=target.selectors[case.index].suffix)
    selectors = (*target.selectors[: case.index], *changed, *target.selectors[case.index + 1 :])
    mended = replace(target, selectors=selectors)
    if remedy.speaker:
        mended = replace(mended, speaker=Reference(remedy.speaker, target.location))
    anchors = anchor_target(case.stream, mended, case.missed.annotation.id, case.names).value
    if not anchors:
        return case.refused(case.miss.diagnostic, "the words then stand in more than one place")
    return _with_edits(case, case.miss.diagnostic, mended, anchors, _is_beyond_doubt(case, remedy))


def _is_beyond_doubt(case: _Case, remedy: Remedy) -> bool:
    """Whether the words are not just words that stand elsewhere by chance, while the passage itself was corrected."""
    if case.miss.diagnostic.code == "quote-differs" and len(case.quote.split()) < APPLY_WORDS:
        return False
    parts = OMISSION.split(f" {TURN_BREAK} ".join(remedy.quotes))
    return all(is_alone(case.stream, part.replace(TURN_BREAK, " "), part) for part in parts)


def _from_history(case: _Case, span: Span) -> Proposal:
    """The words of the earlier transcript, carried through the changes since."""
    words = " ".join(case.stream.text[span.start : span.end].split())
    related = [
        Related(f"it has become: {described(case.stream, Candidate((span,)))}"),
        Related(word_difference(case.quote, words)),
    ]
    found = case.miss.diagnostic
    hint = f"quote: {words}\nor let `sitegen reanchor --since REV --apply` write it"
    return _proposed(case, replace(found, related=tuple(related), hint=hint), (span,), words, True)


def _from_likeness(case: _Case, library: Library, is_too_much: bool) -> Proposal:
    """Words of another transcript that are the same, or of this one that are alike."""
    found = case.miss.diagnostic
    elsewhere = list(_elsewhere(case, library))
    if elsewhere:
        return case.refused(_quote_elsewhere(case, elsewhere), "the words are in another transcript")
    if is_too_much:
        hint = (
            f"similar words were not looked for, since {MOST_SEARCHES} quotes before this one are lost: mend them first"
        )
        return case.refused(replace(found, hint=hint), hint)
    suggestion = suggest(case.stream, OMISSION.split(case.quote), case.missed.target, case.index, case.names)
    if not suggestion:
        message = f"{found.message}, and nothing in it is close"
        return case.refused(replace(found, message=message), "nothing in the transcript is close to it")
    diagnostic = replace(found, related=tuple(_closest(case, suggestion)), hint=_advice(case, suggestion))
    return _proposed(case, diagnostic, suggestion.spans, suggestion.words, suggestion.is_sure)


def _closest(case: _Case, suggestion: Suggestion) -> Sequence[Related]:
    placed = case.stream.paragraph_at(suggestion.spans[0].start)
    speakers = {speaker.id: speaker.name for speaker in case.stream.speakers}
    who = " and ".join(speakers.get(name, name) for name in placed.speaker_ids)
    return (
        Related(f"closest: {placed.paragraph.id}  {who}  score {suggestion.score:.2f}"),
        Related(word_difference(case.quote, suggestion.words)),
    )


def _advice(case: _Case, suggestion: Suggestion) -> str:
    command = f"or let `sitegen reanchor --accept {case.missed.annotation.id}` write it"
    doubt = "" if suggestion.lead >= 0.10 else "\nanother passage is nearly as close, so look at the transcript first"
    return f"quote: {suggestion.words}\n{command}{doubt}"


def _elsewhere(case: _Case, library: Library) -> Iterable[tuple[Stream, Span]]:
    words = fold_typographic(case.quote).text.strip()
    for transcript_id in sorted(library.transcripts):
        if transcript_id != case.missed.target.transcript_id:
            stream = library.stream(transcript_id)
            yield from ((stream, span) for span in occurrences(stream.text, stream.typographic, words))


def _quote_elsewhere(case: _Case, places: Sequence[tuple[Stream, Span]]) -> Diagnostic:
    home = case.missed.target.transcript_id
    names = list(dict.fromkeys(stream.transcript_id for stream, _ in places))
    message = f"{case.miss.diagnostic.message.partition(' is not in')[0]} is not in '{home}' but in '{names[0]}'"
    related = [Related(f"{s.transcript_id}: {described(s, Candidate((span,)))}") for s, span in places[:5]]
    hint = f"move the note to annotations/{names[0]}.yaml or annotations/{names[0]}/"
    if case.missed.target != case.missed.annotation.targets[0]:
        hint = f"write transcript: {names[0]}"
    return problem("quote-elsewhere", case.missed.target.location, message, hint, related=related)


def _proposed(case: _Case, found: Diagnostic, spans: tuple[Span, ...], words: str, is_sure: bool) -> Proposal:
    target = case.missed.target
    selectors = list(target.selectors)
    selectors[case.index] = replace(selectors[case.index], exact=words)
    changed = replace(target, selectors=tuple(selectors))
    if len(selectors) > 1:
        mended, anchors = changed, anchor_target(case.stream, changed, case.missed.annotation.id, case.names).value
    else:
        found_target = narrowed(case.stream, changed, spans, case.missed.annotation.id, case.names)
        mended = found_target or changed
        anchors = tuple(a for s in spans for a in case.stream.anchors(case.missed.annotation.id, s.start, s.end))
        anchors = anchors if found_target else ()
    if not anchors:
        return case.refused(found, "no change of the quote alone makes it mean that passage")
    return _with_edits(case, found, mended, anchors, is_sure)


def _with_edits(case: _Case, found: Diagnostic, mended: Target, anchors: tuple[Anchor, ...], is_sure: bool) -> Proposal:
    edits = target_edits(case.source, case.missed, mended)
    if isinstance(edits, Refusal):
        return case.refused(found, edits.reason)
    diagnostic = replace(found, fix=edits) if is_sure else found
    return Proposal(case.missed, case.miss.diagnostic, diagnostic, edits, mended, anchors, is_sure)


def target_edits(source: Source, missed: Missed, mended: Target) -> tuple[Edit, ...] | Refusal:
    """The edits to an annotation file that turn the target of a missed passage into another one."""
    document = parse(source, prose=frozenset()).value
    path = quote_path(document, source, missed.target) if document else None
    if document is None or path is None:
        return Refusal("the quote cannot be found in its file")
    edits = [_quote_edit(document, path, missed.target, mended)]
    old, new = fields_of(missed.target), fields_of(mended)
    edits += [set_value(document, path[:-1], key, new[key], "quote") for key in new if new[key] != old.get(key)]
    if missed.annotation.is_note and (path[0], "id") not in document.spans:
        # The note's permalink was made from the words that now change.
        edits.append(put_first(document, path[:1], "id", missed.annotation.id))
    refusals = [edit for edit in edits if isinstance(edit, Refusal)]
    return refusals[0] if refusals else tuple(edit for edit in edits if isinstance(edit, Edit))


def quote_path(document: Document, source: Source, target: Target) -> Path | None:
    """Where in its file the quote of a target stands."""
    start = source.line_starts()[target.location.line - 1] + target.location.column - 1
    paths = (path for path, span in document.spans.items() if span[0] == start and path[-1:] == ("quote",))
    return next(paths, None)


def _quote_edit(document: Document, path: Path, target: Target, mended: Target) -> Edit | Refusal | None:
    old = [selector.exact for selector in target.selectors]
    new = [selector.exact for selector in mended.selectors]
    if old == new:
        return None
    is_list = document.styles[path] in ("block", "flow")
    if len(new) != len(old):
        return Refusal("split this item of the list by hand") if is_list else replace_with_list(document, path, new)
    changed = next(i for i in range(len(new)) if new[i] != old[i])
    return replace_text(document, (*path, changed) if is_list else path, new[changed])
