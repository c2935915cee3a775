"""`transcript.json`, the data that sitegen itself publishes beside each transcript.

Everything it holds comes back, ids included; introductions, events and headings are not part of that format.
"""

from __future__ import annotations

import re
from typing import Any

from sitegen.diagnostics import Checked
from sitegen.importers.draft import Context, Draft, DraftTurn, Passage, Raw, Voice
from sitegen.importers.jsonvalues import Lines, at, mappings, number_at, parse, text_at
from sitegen.importers.text import stem_of
from sitegen.importers.voices import registered_id
from sitegen.model import Origin


def recognise(raw: Raw) -> float:
    """Turns with paragraphs that have ids."""
    head = raw.data[:65536]
    return 0.96 if all(f'"{key}"'.encode() in head for key in ("turns", "speakers", "paragraphs", "label")) else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a transcript's data."""
    parsed = parse(raw)
    if parsed.value is None:
        return Checked((), parsed.diagnostics)
    value, lines = parsed.value
    blocks = tuple(_turn(turn, lines) for turn in mappings(at(value, "turns")))
    labels: dict[str, dict[str, None]] = {}
    for block in blocks:
        if len(block.voices) == 1:
            labels.setdefault(block.voices[0], {})[block.label] = None
    date = at(value, "date")
    source = at(value, "source")
    fields = {name: text_at(source, name) for name in Origin.__struct_fields__}
    draft = Draft(
        _with_pins(blocks),
        tuple(_voice(one, labels, context) for one in mappings(at(value, "speakers"))),
        title=text_at(value, "title"),
        stem=text_at(value, "id") or stem_of(raw.name),
        date=date if isinstance(date, str) else text_at(date, "from"),
        date_end=text_at(date, "to"),
        place=text_at(value, "place"),
        language=text_at(value, "language"),
        origin=Origin(**fields),
    )
    return Checked((draft,), parsed.diagnostics)


def _voice(speaker: dict[str, Any], labels: dict[str, dict[str, None]], context: Context) -> Voice:
    id, name, role = text_at(speaker, "id"), text_at(speaker, "name"), text_at(speaker, "role")
    anonymous = speaker.get("anonymous") is True
    known = registered_id(name, context.speakers, anonymous=anonymous)
    printed = tuple(labels.get(id, {})) or (name,)
    return Voice(id, name, printed, (role,) if role else (), anonymous, known, id)


def _turn(turn: dict[str, Any], lines: Lines) -> DraftTurn:
    keys = turn.get("speakers")
    paragraphs = [text_at(p, "text") for p in mappings(turn.get("paragraphs"))]
    first = lines.of(paragraphs[0]) if paragraphs else lines.line
    return DraftTurn(
        tuple(str(key) for key in keys) if isinstance(keys, list) else (),
        text_at(turn, "label"),
        tuple(Passage(text, "speech", lines.of(text)) for text in paragraphs),
        first,
        number_at(turn, "start"),
        id=text_at(turn, "id"),
    )


def _with_pins(turns: tuple[DraftTurn, ...]) -> tuple[DraftTurn, ...]:
    """The turns, pinned only where counting would give another id."""
    counters: dict[str, int] = {}
    result = []
    for turn in turns:
        stem = "-".join(turn.voices)
        natural = f"{stem}-{counters.get(stem, 0) + 1}"
        number = re.fullmatch(re.escape(stem) + r"-(\d+)", turn.id)
        if number:
            counters[stem] = int(number[1])
        elif turn.id == natural or not turn.id:
            counters[stem] = counters.get(stem, 0) + 1
        pin = "" if turn.id == natural else turn.id
        result.append(DraftTurn(turn.voices, turn.label, turn.passages, turn.line, turn.start, id=pin))
    return tuple(result)
