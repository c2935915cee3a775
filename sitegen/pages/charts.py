"""Small charts as numbers for inline SVG: bars by year, spans of time, dots on a line.

Every chart stands beside a table or list with the same figures; none is needed to read a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH = 640
BAR_HEIGHT = 48
ROW = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its name and figure."""

    x: float
    y: float
    width: float
    height: float
    name: str
    count: int


class Chart(NamedTuple):
    """Bars, or the places of dots, in a box of `width` by `height`."""

    width: int
    height: int
    bars: tuple[Bar, ...]


def year_bars(counts: Mapping[str, int]) -> Chart | None:
    """A bar for each year from the first to the last; None when there is only one."""
    years = sorted(int(year) for year in counts if year.isdigit())
    if len(years) < 2:
        return None
    span = range(years[0], years[-1] + 1)
    step = WIDTH / len(span)
    most = max(counts.values())
    bars = []
    for position, year in enumerate(span):
        count = counts.get(f"{year:04}", 0)
        height = round(BAR_HEIGHT * count / most, 1)
        x = round(position * step, 1)
        bars.append(Bar(x, BAR_HEIGHT - height, round(step * 0.8, 1), height, f"{year:04}", count))
    return Chart(WIDTH, BAR_HEIGHT, tuple(bars))


def spans_of_time(spans: Sequence[tuple[str, str, str]]) -> Chart | None:
    """A row for each name with its dates from and to; None when no date is known. Open ends reach the edge."""
    dates = [when(date) for _, start, end in spans for date in (start, end) if date]
    if not dates:
        return None
    first, last = min(dates), max(dates)
    margin = max(1.0, (last - first) / 20)
    left, right = first - margin, last + margin
    scale = WIDTH / (right - left)
    bars = []
    for row, (name, start, end) in enumerate(spans):
        begin, finish = when(start) if start else left, when(end) if end else right
        x, width = round((begin - left) * scale, 1), round(max(2.0, (finish - begin) * scale), 1)
        bars.append(Bar(x, row * ROW + 2, width, ROW - 8, name, 0))
    return Chart(WIDTH, len(spans) * ROW, tuple(bars))


def dots(dates: Iterable[str]) -> Chart | None:
    """A dot for each date on a line from the first to the last; None for fewer than three different ones."""
    known = [date for date in dates if date]
    if len(set(known)) < 3:
        return None
    first, last = when(min(known)), when(max(known))
    scale = (WIDTH - 16) / max(0.01, last - first)
    marks = tuple(Bar(round(8 + (when(date) - first) * scale, 1), 12, 0, 0, date, 1) for date in known)
    return Chart(WIDTH, 24, marks)


def when(date: str) -> float:
    """A date as a year with a fraction; what is missing counts as the beginning."""
    year, month, day = (*(int(part) for part in date.split("-")), 1, 1)[:3]
    return year + (month - 1) / 12 + (day - 1) / 372
