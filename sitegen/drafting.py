"""New files for a site as texts: a note whose quote is located first, and a transcript to fill in.

A draft is checked by reading the site with it. Nothing is written to the disk here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.anchoring import OMISSION, anchor_target
from sitegen.diagnostics import Checked, Diagnostic, Related, problem
from sitegen.drift import Library
from sitegen.facts import Anchor
from sitegen.identifiers import slug_of
from sitegen.model import Reference, Target, TextQuoteSelector
from sitegen.narrowing import fields_of, narrowed
from sitegen.pipeline import build, read
from sitegen.preparation import Options
from sitegen.since import spans_of
from sitegen.sitefiles import TRANSCRIPTS
from sitegen.source import Location, Snapshot, Source
from sitegen.suggestions import suggest, word_difference
from sitegen.yamldoc import dump

_HERE = Location.at("--quote")
_WORDS_IN_ID = 4


class Wish(Struct, frozen=True):
    """What is asked for: words, how to tell their place from others, and as much of the rest as is known."""

    quote: str
    note: str = ""
    id: str = ""
    transcript: str = ""
    at: str = ""
    prefix: str = ""
    suffix: str = ""
    occurrence: str = ""

    def target(self, transcript_id: str) -> Target:
        """The wish as a target in a transcript."""
        selector = TextQuoteSelector(self.quote, self.prefix, self.suffix)
        at = Reference(self.at, _HERE) if self.at else None
        occurrence = Reference(self.occurrence, _HERE) if self.occurrence else None
        return Target(transcript_id, (selector,), _HERE, at=at, occurrence=occurrence)


def draft_annotation(snapshot: Snapshot, wish: Wish) -> Checked[Source | None]:
    """A file with a note on the words wished for; None, with the reason, where they do not mean one place."""
    inputs = read(snapshot, Options(drafts=True)).value
    library = Library(inputs.transcripts)
    every = sorted(library.transcripts)
    if wish.transcript and wish.transcript not in every:
        message, hint = f"there is no transcript '{wish.transcript}'", f"there are: {', '.join(every)}"
        return Checked(None, (problem("unknown-transcript", _HERE, message, hint),))
    tries = {}
    for name in [wish.transcript] if wish.transcript else every:
        tries[name] = anchor_target(library.stream(name), wish.target(name), "new", library.names(name))
    homes = [name for name, tried in tries.items() if tried.value]
    if len(homes) != 1:
        return Checked(None, _in_no_one_place(homes, tries, wish, library))
    home, stream = homes[0], library.stream(homes[0])
    spans = tuple(spans_of(stream, tries[home].value))
    least = narrowed(stream, Wish(wish.quote).target(home), spans, "new", library.names(home)) or wish.target(home)
    identity = wish.id or _free_id({a.id for a in inputs.annotations}, wish.quote)
    note = wish.note or "Say here what the reader needs to know."
    entry = {"id": identity, "quote": wish.quote, **fields_of(least), "note": note}
    draft = Source.of(f"annotations/{home}/{identity}.yaml", dump([entry]))
    return _if_sound(snapshot, draft)


def _in_no_one_place(
    homes: Sequence[str], tries: Mapping[str, Checked[tuple[Anchor, ...]]], wish: Wish, library: Library
) -> tuple[Diagnostic, ...]:
    """Why words cannot be noted: they are in several transcripts, or in none just once."""
    if homes:
        message = f"the words are in several transcripts: {', '.join(homes)}"
        return (problem("quote-ambiguous", _HERE, message, f"name one of them, for instance {homes[0]}"),)
    errors = [d for tried in tries.values() for d in tried.diagnostics if d.severity == "error"]
    telling = [d for d in errors if d.code != "quote-not-found"]
    if telling or not errors:
        return tuple(telling)
    closest = []
    for name in tries:
        found = suggest(library.stream(name), OMISSION.split(wish.quote), wish.target(name), 0, library.names(name))
        if found:
            closest.append((-found.score, name, found.words))
    if not closest:
        return (errors[0],)
    _, name, words = min(closest)
    related = [Related(word_difference(wish.quote, words))]
    return (replace(errors[0], hint=f'closest, in {name}: --quote "{words}"', related=tuple(related)),)


def _free_id(taken: set[str], quote: str) -> str:
    stem = slug_of(" ".join(quote.split()[:_WORDS_IN_ID])) or "note"
    return next(name for n in range(1, len(taken) + 2) if (name := stem if n == 1 else f"{stem}-{n}") not in taken)


def draft_transcript(
    snapshot: Snapshot, name: str, title: str, date: str, speakers: Sequence[str]
) -> Checked[Source | None]:
    """A transcript with front matter and a first turn for each speaker; None, with the reason, if it cannot be."""
    registered = {speaker.id for speaker in read(snapshot, Options(drafts=True)).value.project.speakers}
    voices = {slug_of(who) or f"speaker-{n}": who for n, who in enumerate(speakers or ("Speaker",), 1)}
    local = {id: {"name": who} for id, who in voices.items() if id not in registered}
    matter = {"title": title, "date": date, "status": "draft", "speakers": local or list(voices)}
    turns = "".join(f"\n{who}: What was said.\n" for who in voices.values())
    draft = Source.of(f"{TRANSCRIPTS}/{name}.md", f"---\n{dump(matter)}---\n{turns}")
    return _if_sound(snapshot, draft)


def _if_sound(snapshot: Snapshot, draft: Source) -> Checked[Source | None]:
    """The draft, unless the site with it has an error in it that a person has to mend first."""
    taken = snapshot.source(draft.path)
    if taken:
        found = problem("bad-path", taken.location(0), "the file is there already", "choose another id")
        return Checked(None, (found,))
    with_draft = replace(snapshot, sources=(*snapshot.sources, draft))
    found_in_all = build(with_draft, Options(drafts=True)).diagnostics
    # What the editorial rules ask for is left to be filled in.
    wrong = [d for d in found_in_all if d.severity == "error" and d.location.path == draft.path]
    wrong = [d for d in wrong if d.code != "editorial-field"]
    return Checked(None if wrong else draft, tuple(wrong))
