"""What was measured, as Markdown: medians of the rounds, and ratios to the yardstick within the same round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from benchmarks.live import Live
from benchmarks.measure import Output, Use

COLUMNS: dict[str, tuple[str, Callable[[Use], float]]] = {
    "cold: wall s": ("cold", lambda use: use.wall),
    "cold: processor s": ("cold", lambda use: use.processor),
    "cold: largest process MB": ("cold", lambda use: use.largest),
    "one edited note: wall s": ("edited", lambda use: use.wall),
    "one edited note: processor s": ("edited", lambda use: use.processor),
    "nothing changed: wall s": ("unchanged", lambda use: use.wall),
}
"""The measured columns: scenario, and what of it is shown."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One build: how many transcripts, in which round, in which scenario, by whom, and what it took."""

    transcripts: int
    round: int
    scenario: str
    generator: str
    use: Use


def comparison(measured: Sequence[Measurement], outputs: dict[str, Output]) -> str:
    """The generators on one archive, a line each; the first is the yardstick."""
    names = list(outputs)
    head = ["generator", "pages", "files", "MB", *COLUMNS]
    rows = []
    for name in names:
        out = outputs[name]
        cells = [name, f"{out.pages:,}", f"{out.files:,}", f"{out.bytes / 1e6:.1f}"]
        for scenario, of in COLUMNS.values():
            values, yardstick = (_rounds(measured, scenario, one, of) for one in (name, names[0]))
            ratio = "" if name == names[0] else f" ({_ratio(values, yardstick):.3g})"
            cells.append(f"{_number(median(values.values()))}{ratio}" if values else "")
        rows.append(cells)
    return _table(head, rows)


def growth(measured: Sequence[Measurement]) -> str:
    """How the cost of each generator grows from each size to the next; empty for a single size."""
    sizes = sorted({one.transcripts for one in measured})
    rows = []
    for name in dict.fromkeys(one.generator for one in measured):
        for small, large in pairwise(sizes):
            cells = [name, f"{small:,} to {large:,}"]
            for scenario, of in COLUMNS.values():
                few, many = (
                    _rounds([one for one in measured if one.transcripts == size], scenario, name, of)
                    for size in (small, large)
                )
                cells.append(f"{median(many.values()) / median(few.values()):.3g}" if few and many else "")
            rows.append(cells)
    return _table(["times as much", "transcripts", *COLUMNS], rows) if rows else ""


def options(measured: Sequence[Measurement]) -> str:
    """What processes gain and what the search index costs sitegen, cold, in the same round; where both were built."""
    wall, one, search = (
        _rounds(measured, "cold", name, lambda use: use.wall)
        for name in ("sitegen", "sitegen --jobs 1", "sitegen --search")
    )
    said = []
    if wall and one:
        said.append(f"All processes against one: {_ratio(one, wall):.2f} times as fast.")
    if wall and search:
        said.append(f"The search index: {median(search[at] - wall[at] for at in wall):.3g} s more.")
    return " ".join(said)


def served(live: Live) -> str:
    """What `serve` took."""
    return (
        f"`sitegen serve`: first page after {live.start:.2f} s; a saved note is seen after {median(live.saves):.3f} s"
        f" (median of {len(live.saves)}, {min(live.saves):.3f} to {max(live.saves):.3f}); largest process {live.largest:.0f} MB."
    )


def _rounds(
    measured: Iterable[Measurement], scenario: str, name: str, of: Callable[[Use], float]
) -> dict[tuple[int, int], float]:
    chosen = (one for one in measured if one.scenario == scenario and one.generator == name)
    return {(one.transcripts, one.round): of(one.use) for one in chosen}


def _ratio(values: dict[tuple[int, int], float], others: dict[tuple[int, int], float]) -> float:
    return median(value / others[at] for at, value in values.items())


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
