"""Transcripts copied out of a web page or kept as plain text, with labels at the beginnings of paragraphs.

Everything it knows about people is in the text and the register; files with a grammar of their own (captions,
Spacelog, the Congressional Record) have importers of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from sitegen.diagnostics import Checked
from sitegen.importers import furniture
from sitegen.importers.draft import Context, Draft, Finding, Raw, excerpt
from sitegen.importers.labels import Labelled, Paragraph, weigh
from sitegen.importers.names import folded
from sitegen.importers.text import decode, stem_of
from sitegen.importers.turns import assemble, findings_for
from sitegen.model import Origin

_WRAPPED_WIDTH = range(45, 110)


def recognise(raw: Raw) -> float:
    """Any text might be a pasted page; every other format is a better answer."""
    return 0.1 if b"\0" not in raw.data[:4096] else 0.0


def read(raw: Raw, context: Context) -> Checked[tuple[Draft, ...]]:
    """One draft from a plain text."""
    text = decode(raw)
    draft = draft_of(paragraphs(text.value), context)
    return Checked((replace(draft, stem=stem_of(raw.name)),), text.diagnostics)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text. Each line is one, unless the lines are cut at an even width."""
    lines = text.splitlines()
    wrapped = _is_wrapped(lines)
    result: list[Paragraph] = []
    open_line = False
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if bare and wrapped and open_line and not _starts_paragraph(line, bare):
            last = result[-1]
            result[-1] = replace(last, text=f"{last.text} {bare}")
        elif bare:
            result.append(Paragraph(bare, number))
        open_line = bool(bare)
    return tuple(result)


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines inside blocks end at an even width, as in mail and old text files.

    In pasted pages lines are whole paragraphs: short ones and very long ones stand side by side.
    """
    inside = [len(a.rstrip()) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(inside) < 8 or max(map(len, lines)) > _WRAPPED_WIDTH.stop + 20:
        return False
    return sum(length in _WRAPPED_WIDTH for length in inside) / len(inside) > 0.7


def _starts_paragraph(line: str, bare: str) -> bool:
    head = bare.partition(":")[0] if ":" in bare[:60] else ""
    # A line that begins with capitals and a colon, or is indented, begins a paragraph even without a blank line.
    return (
        bool(head and re.match(r"^[A-ZÀ-ÝА-Я][^a-zà-ÿа-я.?!]{1,}(?:\s*\(.*\))?$", head))
        or line[:1] in "\t"
        or line.startswith("   ")
    )


def draft_of(items: Sequence[Paragraph], context: Context, hint: Draft | None = None) -> Draft:
    """A draft from the paragraphs of a page. `hint` holds what the page's markup has said already."""
    hint = hint or Draft(())
    known = [name for s in context.speakers for name in (s.id, s.name, *s.aliases)]
    labelled = _within_body(weigh(items, known))
    first = next((i for i, item in enumerate(labelled) if item.accepted), len(labelled))
    last = max((i for i, item in enumerate(labelled) if item.accepted), default=-1)
    head, tail = items[:first], items[last + 1 :] if last >= 0 else ()
    around = furniture.read_head(head, tail, hint.title)
    around.date = around.date or hint.date
    end = last + 1 + furniture.foot_begins(tail, around) if last >= 0 else len(items)
    body, boxes = _without_boxes(labelled[first:end])
    captions = [item.paragraph for item in body if not item.accepted and furniture.is_caption(item.paragraph.text)]
    kept = [item for item in body if item.paragraph not in captions]
    opening = [Labelled(paragraph, None, False) for paragraph in around.introduction]
    parts = assemble([*opening, *kept], context.speakers)
    dropped = [*around.dropped, *items[end:]]
    return replace(
        hint,
        blocks=parts.blocks,
        voices=parts.voices,
        title=hint.title or around.title,
        date=around.date,
        place=hint.place or around.place,
        origin=furniture.origin_from(dropped, hint.origin if hint.origin.title else _merged(hint, around)),
        findings=(
            *hint.findings,
            *_recognised(around),
            *parts.findings,
            *findings_for("page furniture", dropped),
            *findings_for("picture caption", captions),
            *findings_for("box between turns", boxes),
        ),
    )


def _merged(hint: Draft, around: furniture.Surroundings) -> Origin:
    return replace(around.origin, url=hint.origin.url or around.origin.url, licence=hint.origin.licence)


def _within_body(labelled: Sequence[Labelled]) -> tuple[Labelled, ...]:
    """Labels only where the transcript is: after a break that has labels behind it, and before the page's foot."""
    strong = [i for i, item in enumerate(labelled) if item.accepted and not item.doubtful]
    if not strong:
        return tuple(labelled)
    counts: dict[str, int] = {}
    for i in strong:
        key = folded(_core(labelled[i]))
        counts[key] = counts.get(key, 0) + 1
    repeated = [i for i in strong if counts[folded(_core(labelled[i]))] > 1] or strong
    begin, end = min(repeated), max(repeated)
    breaks = [i for i in range(strong[-1]) if re.fullmatch(r"(?:\*\s*){3}", labelled[i].paragraph.text)]
    begin = breaks[0] if breaks and breaks[0] < end and not any(i < breaks[0] for i in repeated) else 0
    foot = next(
        (i for i in range(end + 1, len(labelled)) if furniture.is_furniture(labelled[i].paragraph.text)), len(labelled)
    )
    return tuple(item if begin <= i < foot else replace(item, accepted=False) for i, item in enumerate(labelled))


def _core(item: Labelled) -> str:
    return item.candidate.label.core if item.candidate else ""


def _without_boxes(body: Sequence[Labelled]) -> tuple[list[Labelled], list[Paragraph]]:
    """The body without `See also` boxes: the phrase and the headings of articles that follow it."""
    kept: list[Labelled] = []
    boxes: list[Paragraph] = []
    inside = False
    for item in body:
        text = item.paragraph.text
        if not item.accepted and furniture.is_furniture(text):
            inside = True
        elif item.accepted or furniture.is_sentence(text) or text.startswith(("<", "[", "(", "*")):
            inside = False
        if inside:
            boxes.append(item.paragraph)
        else:
            kept.append(item)
    return kept, boxes


def _recognised(around: furniture.Surroundings) -> tuple[Finding, ...]:
    values = {"title": around.title, "date": around.date, "place": around.place, "source": around.origin.title}
    return tuple(
        Finding("recognised", name, excerpt(values.get(name, "")), line, line)
        for name, line in around.lines.items()
        if values.get(name)
    )
