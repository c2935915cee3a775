"""JSON with timed pieces of speech: podcast transcripts, Podlove, and what speech recognisers write.

All of them are lists of pieces with a speaker, a text and a time under slightly different names; words are joined
into sentences and turns. Confidence values and alternatives are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.diagnostics import Checked, problem
from sitegen.importers import dates
from sitegen.importers.draft import Context, Draft, Raw
from sitegen.importers.jsonvalues import Lines, at, mappings, number_at, parse, text_at
from sitegen.importers.segments import Segment, join
from sitegen.importers.text import squeezed, stem_of

_TEXT = (
    "body",
    "text",
    "transcript",
    "punctuated_word",
    "punctuatedWord",
    "display",
    "utterance",
    "sentence",
    "content",
    "value",
    "word",
)
_SPEAKER = (
    "voice",
    "speaker",
    "speakerName",
    "speaker_name",
    "speaker_label",
    "speakerLabel",
    "speakerTag",
    "speaker_tag",
)
_START = ("startTime", "start_time", "start_ms", "start", "begin", "ts", "from", "offset", "startOffset", "tStartMs")
_END = ("endTime", "end_time", "end_ms", "end", "stop", "end_ts", "to", "endOffset")
_SHAPE = re.compile(
    rb'"(?:segments|transcripts?|utterances|monologues|results|recognizedPhrases|startTime|start_ms|speaker|captions|events)"\s*:'
)


def recognise(raw: Raw) -> float:
    """JSON with one of the keys that such files have."""
    head = raw.data[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"["):
        return 0.0
    return 0.7 if _SHAPE.search(head) else 0.3 if re.match(rb'[{\[]\s*[\[{"\]}]', head) else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a file of timed pieces."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked((), parsed.diagnostics)
    value, lines = parsed.value
    pieces = _found(value, lines)
    if not pieces:
        hint = "known are podcast and Podlove transcripts, Oyez, and the output of common speech recognisers"
        found = problem("import-unrecognised", raw.at(1), "no list of spoken segments was found in this JSON", hint)
        return Checked((), (*parsed.diagnostics, found))
    parts = join(pieces, context.speakers)
    date = dates.find_date(text_at(value, "date", "published", "recorded"))
    draft = Draft(
        parts.blocks,
        parts.voices,
        title=text_at(value, "title"),
        stem=stem_of(raw.name),
        date=date.iso if date else "",
        language=_language(value),
        findings=parts.findings,
    )
    return Checked((draft,), parsed.diagnostics)


def _language(value: Any) -> str:
    code = text_at(value, "language", "language_code", "languageCode", "lang")
    return code if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", code) else ""


class _Layout(Struct, frozen=True):
    """Where a kind of file keeps its pieces, and how one piece is read."""

    path: tuple[str | int, ...]
    segments: Callable[[Any, Any, Lines], Iterator[Segment]]


def _found(value: Any, lines: Lines) -> list[Segment]:
    for layout in _LAYOUTS:
        found = at(value, *layout.path)
        if found:
            segments = [s for s in layout.segments(found, value, lines) if s.text or s.speaker]
            if any(s.text for s in segments):
                return segments
    return []


def _plain(items: Any, root: Any, lines: Lines) -> Iterator[Segment]:
    """Pieces that are mappings with text, speaker and times as their own keys."""
    names = _speaker_names(root)
    scale = 0.001 if _in_milliseconds(items, root) else 1.0
    for item in mappings(items):
        text = text_at(item, *_TEXT)
        start, end = number_at(item, *_START), number_at(item, *_END)
        yield Segment(
            _speaker(item, names),
            text,
            None if start is None else start * scale,
            None if end is None else end * scale,
            lines.of(text),
        )


def _in_milliseconds(items: Any, root: Any) -> bool:
    # AssemblyAI counts whole milliseconds under the names that others use for seconds.
    return bool(at(root, "utterances")) and (
        at(root, "audio_duration") is not None or at(root, "audio_url") is not None
    )


def _speaker_names(root: Any) -> dict[str, str]:
    """Names given in a list of speakers beside the pieces."""
    names: dict[str, str] = {}
    for item in mappings(at(root, "speakers")):
        name, id = text_at(item, "name", "label"), item.get("id", item.get("speaker"))
        if name and id is not None:
            names[str(id)] = name
    return names


def _speaker(item: dict[str, Any], names: dict[str, str]) -> str:
    for key in _SPEAKER:
        found = item.get(key)
        if isinstance(found, dict):
            found = text_at(found, "name", "label", "id")
        if isinstance(found, bool) or found is None or found == "":
            continue
        text = str(found).strip()
        if text in names:
            return names[text]
        return f"Speaker {text}" if re.fullmatch(r"\d{1,3}|[A-Z]", text) else text
    return ""


def _monologues(items: Any, root: Any, lines: Lines) -> Iterator[Segment]:
    """Rev: a list of elements, words and punctuation, under each monologue."""
    names = _speaker_names(root)
    for item in mappings(items):
        elements = list(mappings(item.get("elements")))
        text = "".join(e["value"] for e in elements if isinstance(e.get("value"), str))
        times = [t for e in elements if (t := number_at(e, "ts")) is not None]
        yield Segment(_speaker(item, names), squeezed(text), min(times, default=None), None, lines.of(text[:20]))


def _words(items: Any, root: Any, lines: Lines) -> Iterator[Segment]:
    """Words and punctuation with the text among `alternatives` (Amazon, Speechmatics)."""
    by_time = {
        str(word.get("start_time")): str(word.get("speaker_label"))
        for segment in mappings(at(root, "results", "speaker_labels", "segments"))
        for word in mappings(segment.get("items"))
    }
    open_segment: Segment | None = None
    for item in mappings(items):
        best = at(item, "alternatives", 0)
        word = text_at(best, "content")
        speaker = _speaker(item, {}) or by_time.get(str(item.get("start_time")), "") or _speaker(best or {}, {})
        if open_segment is not None and item.get("type") == "punctuation":
            open_segment = replace(open_segment, text=open_segment.text + word)
            continue
        if open_segment is not None:
            yield open_segment
        open_segment = Segment(speaker, word, number_at(item, *_START), number_at(item, *_END), lines.of(word))
    if open_segment is not None:
        yield open_segment


def _alternatives(items: Any, root: Any, lines: Lines) -> Iterator[Segment]:
    """Google and Azure: phrases with their best reading among several; words with speaker tags win."""
    tagged = [
        word
        for item in mappings(items)
        for word in mappings(at(item, "alternatives", 0, "words"))
        if word.get("speakerTag") or word.get("speakerLabel")
    ]
    if tagged:
        yield from _plain(tagged, root, lines)
        return
    for item in mappings(items):
        best = at(item, "alternatives", 0) or at(item, "nBest", 0)
        text = text_at(best, "transcript", "display", "lexical")
        ticks = number_at(item, "offsetInTicks")
        start = ticks / 1e7 if ticks is not None else number_at(at(best, "words", 0), *_START)
        yield Segment(_speaker(item, {}), text, start, None, lines.of(text))


def _events(items: Any, root: Any, lines: Lines) -> Iterator[Segment]:
    """YouTube's timed text: pieces of a line under each event."""
    for item in mappings(items):
        text = "".join(s["utf8"] for s in mappings(item.get("segs")) if isinstance(s.get("utf8"), str))
        start, length = number_at(item, "tStartMs"), number_at(item, "dDurationMs")
        yield Segment("", squeezed(text), start, None if start is None else start + (length or 0), lines.of(text))


def _whole(text: Any, root: Any, lines: Lines) -> Iterator[Segment]:
    """A recogniser's text without times."""
    if isinstance(text, str):
        for paragraph in text.split("\n\n"):
            yield Segment("", squeezed(paragraph), None, None, lines.of(paragraph))


_LAYOUTS = (
    _Layout(("monologues",), _monologues),
    _Layout(("results", "utterances"), _plain),
    _Layout(("utterances",), _plain),
    _Layout(("results", "channels", 0, "alternatives", 0, "words"), _plain),
    _Layout(("results", "items"), _words),
    _Layout(("recognizedPhrases",), _alternatives),
    _Layout(("results",), _words),
    _Layout(("results",), _alternatives),
    _Layout(("segments",), _plain),
    _Layout(("transcripts",), _plain),
    _Layout(("transcript",), _plain),
    _Layout(("sentences",), _plain),
    _Layout(("captions",), _plain),
    _Layout(("cues",), _plain),
    _Layout(("events",), _events),
    _Layout(("result",), _plain),
    _Layout((), _plain),
    _Layout(("text",), _whole),
)
