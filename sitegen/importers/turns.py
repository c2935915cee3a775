"""From labelled paragraphs and a cast to the blocks of a draft: turns, notes, cuts, breaks and headings.

Which paragraphs are labelled is settled in `labels`, who is behind a label in `voices`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.importers import lexicon
from sitegen.importers.draft import Block, DraftPart, DraftTurn, Finding, Passage, Voice, excerpt
from sitegen.importers.labels import Labelled, Paragraph
from sitegen.importers.names import Label, folded
from sitegen.importers.voices import Cast, cast
from sitegen.model import Speaker

_BREAK = re.compile(r"^(?:[*•·–—_~#-]\s*){3,}$|^[⁂⁎※]$")
_CUT = re.compile(r"^(?:<\s*(?:…|\.{3})\s*>|\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|&lt;(?:…|\.{3})&gt;)$")
_NOTE = re.compile(r"^[*_]{0,2}(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\])[*_]{0,2}\.?$")
_GAP_WORDS = re.compile(
    r"inaudible|omitted|unintelligible|indiscernible|redacted|crosstalk|unable to|unverständlich|неразборчиво"
)
CUT_MARK = "<…>"
BREAK_MARK = "* * *"


def passage_of(text: str, line: int, *, markdown: bool = False) -> Passage:
    """A paragraph with the kind its form gives it: a break, a cut mark, a note in brackets, or speech."""
    bare = text.strip()
    if _BREAK.match(bare):
        return Passage(BREAK_MARK, "break", line)
    if _CUT.match(bare):
        return Passage(CUT_MARK, "cut", line)
    return Passage(bare, "note" if is_note(bare) else "speech", line, markdown)


def is_note(text: str) -> bool:
    """Whether a paragraph is nothing but a remark in brackets; a gap in what was heard is speech."""
    return bool(_NOTE.match(text.strip())) and not _GAP_WORDS.search(text.casefold())


def _is_noise(text: str) -> bool:
    """Whether a text is a remark about sounds; under a label of its own even crosstalk is nobody's words."""
    return bool(_NOTE.match(text.strip())) and (is_note(text) or "crosstalk" in text.casefold())


class Assembly(Struct):
    """A draft's blocks while they are put together, in document order."""

    blocks: list[Block] = field(default_factory=list)
    _open: list[Passage] = field(default_factory=list)
    _head: tuple[tuple[str, ...], str, int, float | None, str] | None = None

    def turn(
        self, voices: Sequence[str], label: str, line: int, start: float | None = None, language: str = ""
    ) -> None:
        """Begin a turn; what is added from now on belongs to it."""
        self.close()
        self._head = (tuple(voices), label, line, start, language)

    def add(self, passage: Passage) -> None:
        """Add a paragraph to the open turn, or to the text between turns."""
        if self._head is None:
            self.blocks.append(passage)
        elif passage.text or passage.kind != "speech":
            self._open.append(passage)

    def part(self, title: str, line: int, level: int = 2) -> None:
        """A heading. The open turn goes on behind it if somebody goes on speaking without a new label."""
        if self._head is None:
            self.blocks.append(DraftPart(title, level, line))
        else:
            self._open.append(Passage(title, "part", line, level=level))

    def close(self) -> None:
        """End the open turn. Notes, cuts and breaks at its end stand after it."""
        if self._head is None:
            return
        passages = list(self._open)
        after: list[Passage] = []
        while passages and passages[-1].kind not in ("speech", "quotation"):
            after.insert(0, passages.pop())
        voices, label, line, start, language = self._head
        if passages:
            self.blocks.append(DraftTurn(voices, label, tuple(passages), line, start, language))
            self.blocks += map(_outside, after)
        else:
            # A label with nothing but a note under it still says who laughed: the note is all of the turn.
            said = [replace(after.pop(0), kind="speech")] if after and after[0].kind == "note" else []
            self.blocks.append(DraftTurn(voices, label, tuple(said), line, start, language))
            self.blocks += map(_outside, after)
        self._open, self._head = [], None

    def done(self) -> tuple[Block, ...]:
        """All blocks. Notes above the first turn that stand in no brackets are the introduction."""
        self.close()
        first = next((i for i, block in enumerate(self.blocks) if isinstance(block, DraftTurn)), len(self.blocks))
        return (*map(_as_introduction, self.blocks[:first]), *self.blocks[first:])


def _outside(passage: Passage) -> Block:
    if passage.kind == "part":
        return DraftPart(passage.text, passage.level, passage.line)
    return passage


def _as_introduction(block: Block) -> Block:
    if isinstance(block, Passage) and block.kind == "note" and not is_note(block.text):
        return replace(block, kind="speech")
    return block


class Assembled(Struct, frozen=True):
    """What labelled paragraphs come to."""

    blocks: tuple[Block, ...]
    voices: tuple[Voice, ...]
    findings: tuple[Finding, ...]


def assemble(
    labelled: Sequence[Labelled], register: Sequence[Speaker] = (), noises: frozenset[str] | None = None
) -> Assembled:
    """Blocks and voices from labelled paragraphs. Labels under which only notes stand make no voice.

    `noises` are these labels where more of the file than `labelled` has been looked at for them.
    """
    noisy = noise_labels(labelled) if noises is None else noises
    spoken = [
        (item.candidate.label, item.paragraph.line)
        for item in labelled
        if item.accepted and item.candidate and _speaks(item.candidate.label, noisy)
    ]
    people = cast(spoken, register)
    assembly = Assembly()
    findings = [*people.findings, *_doubts(labelled)]
    for item in labelled:
        if item.accepted and item.candidate:
            _add_labelled(assembly, item, people, noisy)
        else:
            _add_unlabelled(assembly, item.paragraph)
    if noisy:
        findings.append(Finding("recognised", "labels of noises, not of speakers", ", ".join(sorted(noisy))))
    return Assembled(assembly.done(), people.voices, tuple(findings))


def _speaks(label: Label, noisy: frozenset[str]) -> bool:
    return label.shape != "sound" and folded(label.printed) not in noisy


def _add_labelled(assembly: Assembly, item: Labelled, people: Cast, noisy: frozenset[str]) -> None:
    found, line = item.candidate, item.paragraph.line
    assert found is not None  # noqa: S101 -- only accepted paragraphs come here
    if not _speaks(found.label, noisy):
        text = found.rest if _is_noise(found.rest) else f"[{found.label.printed}]"
        assembly.add(Passage(text, "note", line))
        return
    assembly.turn(people.of(found.label.printed), found.label.printed, line, found.start)
    if found.rest:
        first = passage_of(found.rest, line, markdown=item.paragraph.markdown)
        assembly.add(first)


def _add_unlabelled(assembly: Assembly, paragraph: Paragraph) -> None:
    if paragraph.level:
        assembly.part(paragraph.text, paragraph.line, paragraph.level)
    elif paragraph.kind != "speech":
        assembly.add(Passage(paragraph.text, paragraph.kind, paragraph.line, paragraph.markdown))
    else:
        assembly.add(passage_of(paragraph.text, paragraph.line, markdown=paragraph.markdown))


def noise_labels(labelled: Iterable[Labelled]) -> frozenset[str]:
    """Labels that stand for noises: collective ones, or repeated ones, under which only notes stand."""
    texts: dict[str, list[str]] = defaultdict(list)
    current = ""
    for item in labelled:
        if item.accepted and item.candidate:
            current = folded(item.candidate.label.printed)
            texts[current].append(item.candidate.rest)
        elif current:
            texts[current].append(item.paragraph.text)
    noisy = set()
    for key, said in texts.items():
        rest = [text for text in said if text]
        if rest and all(map(_is_noise, rest)) and (len(rest) > 2 or key in lexicon.COLLECTIVE):
            noisy.add(key)
    return frozenset(noisy)


def _doubts(labelled: Iterable[Labelled]) -> Iterable[Finding]:
    seen: set[str] = set()
    for item in labelled:
        if not item.doubtful or item.candidate is None or item.candidate.label.printed in seen:
            continue
        printed = item.candidate.label.printed
        seen.add(printed)
        what = "taken as a speaker label" if item.accepted else "looks like a label, read as text"
        yield Finding("doubtful", what, printed, item.paragraph.line)


def paragraphs_of(texts: Iterable[tuple[str, int]]) -> tuple[Paragraph, ...]:
    """Paragraphs of plain text from texts with their lines."""
    return tuple(Paragraph(text, line) for text, line in texts)


def findings_for(kind: str, items: Sequence[Paragraph]) -> tuple[Finding, ...]:
    """One finding for each run of neighbouring dropped paragraphs."""
    runs: list[list[Paragraph]] = []
    for item in items:
        if runs and item.line - runs[-1][-1].line <= 4:
            runs[-1].append(item)
        else:
            runs.append([item])
    return tuple(
        Finding("dropped", kind, excerpt(" / ".join(p.text for p in run)), run[0].line, run[-1].line) for run in runs
    )
