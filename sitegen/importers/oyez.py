"""Oyez: the arguments of the Supreme Court of the United States as JSON of sections, turns and text blocks.

The speakers come with identifiers, so no text of a turn is ever taken for a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from sitegen.diagnostics import Checked, problem
from sitegen.importers import dates
from sitegen.importers.draft import Context, Draft, Passage, Raw, Voice
from sitegen.importers.jsonvalues import Lines, at, mappings, number_at, parse, text_at
from sitegen.importers.segments import UNKNOWN
from sitegen.importers.text import squeezed, stem_of
from sitegen.importers.turns import BREAK_MARK, Assembly
from sitegen.importers.voices import registered_id
from sitegen.model import Media

_LONG = 700


def recognise(raw: Raw) -> float:
    """The nesting of sections, turns and text blocks is unique to Oyez."""
    head = raw.data[:65536]
    return 0.95 if re.search(rb'"sections"\s*:', head) and b'"text_blocks"' in head else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from an argument; its sections are parted by breaks."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked((), parsed.diagnostics)
    value, lines = parsed.value
    transcript = at(value, "transcript") or value
    date = dates.find_date(text_at(value, "title")) or dates.find_date(text_at(transcript, "title"))
    voices: dict[str, Voice] = {}
    assembly = Assembly()
    for number, section in enumerate(mappings(at(transcript, "sections"))):
        if number:
            assembly.close()
            assembly.add(Passage(BREAK_MARK, "break"))
        for turn in mappings(section.get("turns")):
            _add_turn(assembly, turn, voices, lines, context)
    blocks = assembly.done()
    if not voices:
        return Checked((), (*parsed.diagnostics, problem("import-unrecognised", raw.at(1), "the file has no turns")))
    draft = Draft(
        blocks,
        tuple(voices.values()),
        title=text_at(transcript, "title") or text_at(value, "title"),
        stem=stem_of(raw.name),
        date=date.iso if date else "",
        media=_media(value),
    )
    return Checked((replace(draft, voices=_with_roles(draft, value)),), parsed.diagnostics)


def _add_turn(
    assembly: Assembly, turn: dict[str, Any], voices: dict[str, Voice], lines: Lines, context: Context
) -> None:
    speaker = turn.get("speaker")
    name = text_at(speaker, "name") or UNKNOWN
    key = text_at(speaker, "identifier", "href") or name
    if key not in voices:
        voices[key] = Voice(key, name, (name,), (), name == UNKNOWN, registered_id(name, context.speakers))
    blocks = [(text_at(b, "text"), number_at(b, "start")) for b in mappings(turn.get("text_blocks"))]
    spoken = [text for text, _start in blocks if text]
    line = lines.of(spoken[0]) if spoken else lines.line
    start = number_at(turn, "start")
    assembly.turn(
        (key,), name, line, start if start is not None else next((s for _t, s in blocks if s is not None), None)
    )
    for paragraph in _paragraphs(spoken):
        assembly.add(Passage(paragraph, "speech", line))


def _paragraphs(texts: list[str]) -> Iterator[str]:
    """Text blocks joined; a new paragraph where one has become long and a sentence ends."""
    held = ""
    for text in texts:
        if len(held) > _LONG and held.endswith((".", "?", "!")):
            yield held
            held = ""
        held = f"{held} {squeezed(text)}".strip()
    if held:
        yield held


def _with_roles(draft: Draft, value: Any) -> tuple[Voice, ...]:
    titles: dict[str, dict[str, None]] = {}
    for speaker in _speakers(value):
        for role in mappings(speaker.get("roles")):
            title = text_at(role, "role_title")
            if title:
                titles.setdefault(text_at(speaker, "identifier", "href"), {})[title] = None
    return tuple(replace(voice, roles=tuple(titles.get(voice.key, ()))) for voice in draft.voices)


def _speakers(value: Any) -> Iterator[dict[str, Any]]:
    for section in mappings(at(value, "transcript", "sections") or at(value, "sections")):
        for turn in mappings(section.get("turns")):
            if isinstance(turn.get("speaker"), dict):
                yield turn["speaker"]


def _media(value: Any) -> Media | None:
    files = [(text_at(f, "href"), text_at(f, "mime")) for f in mappings(at(value, "media_file"))]
    best = next(((url, mime) for url, mime in files if mime == "audio/mpeg" and url.startswith("https://")), None)
    return Media(*best) if best else None
