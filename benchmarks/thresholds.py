"""How like a lost quote other text is, and how like what became of it: what the thresholds of suggestions rest on.

    python -m benchmarks.thresholds FOLDER [--quotes 20] [--seed 1] [--largest 130000]

FOLDER holds transcripts in sitegen's format (as `sitegen import` writes them), best of one language. From each,
quotes of 12 and of 6 words are taken: looked for in another transcript, where they are not, and in their own
after 1, 2 and 3 words of them were replaced, left out or put in.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sitegen.folding import fold_editorial, fold_loose
from sitegen.pipeline import read
from sitegen.preparation import Options
from sitegen.similarity import likest_stretches
from sitegen.streams import Span, Stream, stream_of
from sitegen.suggestions import (
    APPLY_FROM,
    APPLY_LEAD,
    FEW_WORDS,
    SUGGEST_FROM,
    SUGGEST_SHORT_FROM,
    is_alone,
    turn_ranges,
)
from tests.corrections import document_of

_LOWEST = 0.3
_EDITS = (0, 1, 2, 3)


@dataclass(frozen=True)
class Found:
    """The likest passage to a quote: its likeness, its lead, whether it is the right one, and if it would be taken."""

    likeness: float
    lead: float
    is_right: bool
    is_sure: bool


def main() -> None:
    """Prints a line for each number of words and edits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quotes", type=int, default=20, help="from each transcript")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--largest", type=int, default=10**9, help="leave out files of more bytes")
    options = parser.parse_args()
    paths = [p for p in sorted(options.folder.glob("*.md")) if p.stat().st_size <= options.largest]
    streams = [_stream(path.read_text(encoding="utf-8")) for path in paths]
    chance = random.Random(options.seed)
    print(f"{len(streams)} transcripts, {options.quotes} quotes from each, seed {options.seed}\n")
    print(
        "| words | edits | quotes | likeness: least | 5 % | median | most | suggested | right and alone | sure | sure and wrong |"
    )
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in (12, 6):
        drawn = [
            (n, span) for n, stream in enumerate(streams) for span in _quotes(stream, size, options.quotes, chance)
        ]
        for edits in _EDITS:
            found = []
            for n, span in drawn:
                words = " ".join(streams[n].text[span.start : span.end].split())
                if edits:
                    found.append(_look(streams[n], _edited(words, edits, chance), span))
                else:
                    other = chance.choice([stream for stream in streams if stream is not streams[n]])
                    found.append(_look(other, words, None))
            print(_row(size, str(edits) if edits else "unrelated", found))


def _stream(text: str) -> Stream:
    return stream_of(read(document_of(text, {}).snapshot(), Options()).value.transcripts[0])


def _quotes(stream: Stream, size: int, count: int, chance: random.Random) -> list[Span]:
    """Stretches of so many words, each inside a paragraph and only once in the transcript."""
    words = stream.loose.text.split()
    spans: list[Span] = []
    long = [p for p in stream.paragraphs if len(p.paragraph.plain.split()) >= size]
    for _ in range(20 * count):
        if len(spans) == count or not long:
            break
        placed = chance.choice(long)
        tokens = placed.paragraph.plain.split()
        start = chance.randrange(len(tokens) - size + 1)
        quote = " ".join(tokens[start : start + size])
        at = placed.paragraph.plain.find(quote)
        folded = fold_loose(fold_editorial(quote)).text.split()
        if at >= 0 and len(folded) >= size and " ".join(words).count(" ".join(folded)) == 1:
            spans.append(Span(placed.start + at, placed.start + at + len(quote)))
    return spans


def _edited(quote: str, edits: int, chance: random.Random) -> str:
    words = quote.split()
    for at in sorted(chance.sample(range(len(words)), edits), reverse=True):
        words[at : at + 1] = chance.choice([[], ["perhaps"], [words[at], "indeed"]])
    return " ".join(words)


def _look(stream: Stream, quote: str, true: Span | None) -> Found:
    wanted = fold_loose(fold_editorial(quote)).text.strip()
    ranked = likest_stretches(wanted, stream.loose.text, turn_ranges(stream.loose.text), _LOWEST)
    if not ranked:
        return Found(0.0, 0.0, False, False)
    best, lead = ranked[0], ranked[0].likeness - (ranked[1].likeness if len(ranked) > 1 else _LOWEST)
    start, end = stream.loose.origin(best.start, best.end)
    is_right = true is not None and min(end, true.end) - max(start, true.start) > (true.end - true.start) / 2
    is_sure = best.likeness >= APPLY_FROM and lead >= APPLY_LEAD and is_alone(stream, quote, stream.text[start:end])
    return Found(best.likeness, lead, is_right, is_sure)


def _row(size: int, edits: str, found: Sequence[Found]) -> str:
    enough = SUGGEST_FROM if size >= FEW_WORDS else SUGGEST_SHORT_FROM
    scores = sorted(one.likeness for one in found)
    suggested = sum(one.likeness >= enough for one in found)
    right = sum(one.is_right and one.lead >= APPLY_LEAD for one in found)
    sure, wrong = sum(one.is_sure for one in found), sum(one.is_sure and not one.is_right for one in found)
    shares = " | ".join(f"{100 * n / len(found):.1f} %" for n in (suggested, right, sure))
    low, fifth, middle, most = scores[0], scores[len(scores) // 20], median(scores), scores[-1]
    return f"| {size} | {edits} | {len(found)} | {low:.2f} | {fifth:.2f} | {middle:.2f} | {most:.2f} | {shares} | {wrong} |"


if __name__ == "__main__":
    main()
