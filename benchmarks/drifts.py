"""Notes whose quoted passage was changed by one word: what `reanchor --apply` makes of them.

    python -m benchmarks.drifts FOLDER [--drifts 500] [--seed 1] [--largest 130000]

FOLDER holds transcripts in sitegen's format (as `sitegen import` writes them). Each drift takes one of them at
random, quotes 3 to 16 words of it, and removes, replaces, misspells or adds a word inside the passage. Counted
is where the note is after the repair, by likeness alone and with the earlier text at hand.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from tests.drifts import drift, outcome


def main() -> None:
    """Prints the two counts, and the quotes that a repair put in a wrong place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--drifts", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--largest", type=int, default=10**9, help="leave out files of more bytes")
    options = parser.parse_args()
    paths = [p for p in sorted(options.folder.glob("*.md")) if p.stat().st_size <= options.largest]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    chance = random.Random(options.seed)
    alone: Counter[str] = Counter()
    with_history: Counter[str] = Counter()
    for _ in range(options.drifts):
        one = drift(chance.choice(texts), {}, chance)
        for counts, history in ((alone, False), (with_history, True)):
            became = outcome(one, history)
            counts[became] += 1
            if became == "wrong":
                print("wrong" + " with history" * history, one.passage, one.before.sources[0].text)
    for name, counts in (("by likeness", alone), ("--since", with_history)):
        print(f"seed {options.seed}, {len(texts)} transcripts, {name}: {dict(sorted(counts.items()))}")


if __name__ == "__main__":
    main()
