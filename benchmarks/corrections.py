"""Published ids and notes under random corrections of real transcripts.

    python -m benchmarks.corrections FOLDER [--corrections 200] [--batch 10] [--notes 40] [--seed 1]

FOLDER holds transcripts in sitegen's format (as `sitegen import` writes them). Each gets so many random
corrections, with `pin --since` after every batch; the table says where the ids and notes are at the end.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from tests.corrections import Tally, correct, document_of, random_notes


def main() -> None:
    """Prints a line for each transcript, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corrections", type=int, default=200)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--notes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--largest", type=int, default=10**9, help="leave out files of more bytes")
    options = parser.parse_args()
    paths = [p for p in sorted(options.folder.glob("*.md")) if options.only in p.name]
    paths = [p for p in paths if p.stat().st_size <= options.largest]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    whole = Tally()
    for name, text in texts.items():
        foreign = _foreign(texts, name)
        chance = random.Random(f"{options.seed} {name}")
        document = document_of(text, {})
        document.notes = random_notes(document, options.notes, chance)
        started = time.perf_counter()
        tally = correct(document, options.corrections, options.batch, chance, foreign)
        whole.add(tally)
        print(f"{name[:36]:36} {_line(tally)}  {time.perf_counter() - started:6.1f} s", flush=True)
    print(f"{'all ' + str(len(texts)):36} {_line(whole)}")


def _line(t: Tally) -> str:
    return (
        f"corrections {t.corrections:5}  ids {t.ids:6}: right {t.right:6} (lesser part {t.lesser:3}, replaced "
        f"bit by bit {t.replaced:3}), equal words {t.same_words:3}, text gone {t.gone:5}, alias near it {t.near:3}, "
        f"at other text {t.wrong:3}, lost {t.lost:3}, left by pin {t.unclean:3}; "
        f"notes {t.notes_right:6} right, {t.notes_named:4} named, {t.notes_wrong:3} silent"
    )


def _foreign(texts: dict[str, str], name: str) -> list[str]:
    """Paragraphs of the other transcripts, to be inserted."""
    body = " ".join(text.partition("\n---\n")[2] for other, text in sorted(texts.items()) if other != name)
    sentences = [s.strip() for s in body.replace("\n", " ").split(". ")]
    return [
        s + "." for s in sentences if 3 <= len(s.split()) <= 40 and s.isprintable() and not set(s) & set(":{}[]<>*#")
    ]


if __name__ == "__main__":
    main()
