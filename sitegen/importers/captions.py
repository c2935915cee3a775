"""WebVTT and SubRip: cues with times, whose voices are in `<v>` spans or in the text.

Written here because what a reader needs most is lost by the parsers there are: the line of a broken block, the
voice inside a cue, and a cue that lacks its neighbour's blank line. Styles, regions and positions are dropped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.diagnostics import Checked, Diagnostic, problem
from sitegen.importers.dates import seconds
from sitegen.importers.draft import Context, Draft, Finding, Raw, excerpt
from sitegen.importers.labels import Paragraph, weigh
from sitegen.importers.segments import Segment, join
from sitegen.importers.text import decode, stem_of

_CLOCK = r"(?:\d+:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"^\s*(?P<start>{_CLOCK})\s*--+>\s*(?P<end>{_CLOCK})(?:\s.*)?$")
_ARROW = re.compile(r"--+>|^\s*\d{1,2}:\d{2}[\d:.,]*\s*[-–—]*>")
_TAG = re.compile(
    r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font|em|strong)(?:\.[^\s<>]*)?(?:\s[^<>]*)?>|<\d[\d:.]*>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+(?P<name>[^<>\n]+)>", re.IGNORECASE)
_TURN_ID = re.compile(r"[^\W_]+(?:-[^\W_]+)*-\d+[a-z]*")
_CHEVRON = re.compile(r"^\s*(?:>>+|&gt;&gt;(?:&gt;)*)\s*")


class Cue(Struct, frozen=True):
    """A caption: seconds, the lines of its text, and the line of the file on which its text begins."""

    start: float | None
    end: float | None
    text: tuple[str, ...]
    line: int
    id: str = ""


def recognise_vtt(raw: Raw) -> float:
    """A WebVTT file says so on its first line; some have lost that line, but not their arrows and points."""
    head = raw.data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"WEBVTT"):
        return 1.0
    return 0.6 if re.search(rb"^\d\d:\d\d(?::\d\d)?\.\d{3}\s+-->", head, re.MULTILINE) else 0.0


def recognise_srt(raw: Raw) -> float:
    """A SubRip file is numbered blocks with arrows."""
    head = raw.data[:4096].replace(b"\0", b"")
    arrow = re.search(rb"^\s*\d+:\d\d:\d\d[,.]\d{1,3}\s*-->", head, re.MULTILINE)
    return 0.9 if arrow and not head.startswith(b"WEBVTT") else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a caption file of either kind."""
    text = decode(raw)
    cues = read_cues(raw, text.value)
    pieces, dropped = _pieces(cues.value)
    parts = join(_segments(pieces, context), context.speakers)
    draft = Draft(
        parts.blocks,
        parts.voices,
        stem=stem_of(raw.name),
        language=_header(text.value, "Language"),
        title=_header(text.value, "Title"),
        findings=(*parts.findings, *dropped),
    )
    return Checked((draft,), (*text.diagnostics, *cues.diagnostics))


def _header(text: str, name: str) -> str:
    """A metadata line under WEBVTT, such as `Language: en`."""
    head = text.split("\n\n", 1)[0]
    match = re.search(rf"^{name}:\s*(\S.*)$", head, re.MULTILINE) if head.startswith("WEBVTT") else None
    return match[1].strip() if match else ""


def read_cues(raw: Raw, text: str) -> Checked[tuple[Cue, ...]]:
    """The cues of a file. A block without a readable time keeps its words and is reported."""
    cues: list[Cue] = []
    problems: list[Diagnostic] = []
    for line, block in _blocks(text):
        if block[0].startswith(("WEBVTT", "NOTE", "STYLE", "REGION")) and not any(map(_TIMING.match, block)):
            continue
        cues += _cues_of(raw, line, block, problems)
    return Checked(tuple(cue for cue in cues if cue.text), tuple(problems))


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []
    if block:
        yield number + 1 - len(block), block


def _cues_of(raw: Raw, line: int, block: list[str], problems: list[Diagnostic]) -> Iterator[Cue]:
    """The cues of one block: one, unless the blank lines between cues were lost."""
    timings = [i for i, text in enumerate(block) if _TIMING.match(text)]
    if not timings:
        yield from _without_time(raw, line, block, problems)
        return
    for place, index in enumerate(timings):
        match = _TIMING.match(block[index])
        end = timings[place + 1] if place + 1 < len(timings) else len(block)
        if end < len(block) and re.fullmatch(r"\s*\d+\s*", block[end - 1]):
            end -= 1
        if match:
            body = tuple(block[index + 1 : end])
            id = block[index - 1].strip() if index and (not place or end < len(block)) else ""
            yield Cue(seconds(match["start"]), seconds(match["end"]), body, line + index + 1, id)


def _without_time(raw: Raw, line: int, block: list[str], problems: list[Diagnostic]) -> Iterator[Cue]:
    words = [t for t in block if not _ARROW.search(t)]
    if (len(words) > 1 and words[0].strip().isdigit()) or (
        len(words) < len(block) and words and words[0].strip().isdigit()
    ):
        words = words[1:]
    if words or len(words) < len(block):
        kept = "its words are joined to the caption above" if words else "it holds no words"
        message = f"this block has no time that can be read; {kept}"
        problems.append(problem("import-broken-block", raw.at(line), message, f"the block: {excerpt(' '.join(block))}"))
    if words and not (len(words) == 1 and words[0].strip().isdigit()):
        yield Cue(None, None, tuple(words), line)


# ---------------------------------------------------------------- voices in cues


class _Piece(Struct, frozen=True):
    """A line of a cue, or the part of it that one voice span holds."""

    text: str
    voice: str
    start: float | None
    end: float | None
    line: int
    fresh: bool = False


def _pieces(cues: Iterable[Cue]) -> tuple[list[_Piece], tuple[Finding, ...]]:
    pieces: list[_Piece] = []
    tags = 0
    cues = tuple(cues)
    # sitegen's own captions have a cue for each turn, named like the turn: every one is a turn of its own.
    turns = bool(cues) and all(_TURN_ID.fullmatch(cue.id) and _VOICE.match(cue.text[0]) for cue in cues if cue.text)
    for cue in cues:
        for offset, line in enumerate(cue.text):
            tags += len(_TAG.findall(line))
            found = list(_voiced(line, cue, cue.line + offset, first=offset == 0))
            pieces += [replace(piece, fresh=offset == 0) for piece in found] if turns else found
    spans = sum(bool(piece.voice) for piece in pieces)
    dropped = (Finding("dropped", "styles and positions", f"{tags - spans} tags"),) if tags > spans else ()
    return pieces, dropped


def _voiced(line: str, cue: Cue, number: int, *, first: bool) -> Iterator[_Piece]:
    start = cue.start if first else None
    position, voice = 0, ""
    for match in [*_VOICE.finditer(line), None]:
        text = line[position : match.start() if match else len(line)]
        fresh = bool(_CHEVRON.match(text)) and not voice
        plain = html.unescape(_TAG.sub("", _CHEVRON.sub("", text) if fresh else text)).strip()
        if plain or voice:
            yield _Piece(plain, voice, start if voice or position == 0 else cue.start, cue.end, number, fresh)
        if match:
            position, voice = match.end(), html.unescape(match["name"]).strip()
            start = cue.start


def _segments(pieces: Sequence[_Piece], context: Context) -> Iterator[Segment]:
    """Segments with the labels that stand in the text of cues; where there are voice spans, the text has none."""
    if any(piece.voice for piece in pieces):
        yield from map(_segment, pieces)
        return
    known = [name for s in context.speakers for name in (s.name, *s.aliases)]
    for piece, item in zip(pieces, weigh([Paragraph(p.text, p.line) for p in pieces], known), strict=True):
        segment = _segment(piece)
        if item.accepted and item.candidate and item.candidate.label.shape != "sound":
            segment = replace(segment, speaker=item.candidate.label.printed, text=item.candidate.rest, fresh=False)
        yield segment


def _segment(piece: _Piece) -> Segment:
    return Segment(piece.voice, piece.text, piece.start, piece.end, piece.line, piece.fresh)
