"""Small charts as numbers for inline SVG: bars by year, spans of time, dots on a line.

Every chart stands beside a table or list with the same figures; none is needed to read a page. Charts are as wide
as a narrow page, so that no page makes their letters small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

WIDTH = 320
BAR_HEIGHT = 48
BAR_STEP = 36
"""The most that a bar takes with the space beside it: few years do not make wide bars."""

LETTERS = 14
"""The height of a line of letters."""

YEAR_WIDTH = 32
"""The width of a year in letters with some space."""

SPAN_HEIGHT = 6
SPANS_OF_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Bar(Struct, frozen=True):
    """A bar with its name and figure."""

    x: float
    y: float
    width: float
    height: float
    name: str
    count: int


class Tick(Struct, frozen=True):
    """A year written at a place of a line of time."""

    x: float
    name: str


class Chart(Struct, frozen=True):
    """Bars, or the places of dots, in a box of `width` by `height`; `base` is the line that bars stand on.

    `figures` says that there is room for the figure of each bar above it.
    """

    width: float
    height: float
    bars: tuple[Bar, ...]
    base: float = 0
    ticks: tuple[Tick, ...] = ()
    figures: bool = False


def year_bars(counts: Mapping[str, int]) -> Chart | None:
    """A bar for each year from the first to the last; None when there is only one, or nothing in any of them."""
    years = sorted(int(year) for year in counts if year.isdigit())
    if len(years) < 2 or not any(counts.values()):
        return None
    span = range(years[0], years[-1] + 1)
    step = min(BAR_STEP, WIDTH / len(span))
    most = max(counts.values())
    base, width = LETTERS + BAR_HEIGHT, round(step * 0.7, 1)
    bars = []
    for position, year in enumerate(span):
        name = f"{year:04}"
        count = counts.get(name, 0)
        height = round(BAR_HEIGHT * count / most, 1)
        bars.append(Bar(round(position * step, 1), base - height, width, height, name, count))
    every = _years_between(step)
    ticks = tuple(Tick(round(bar.x + width / 2, 1), bar.name) for bar in bars[-years[0] % every :: every])
    return Chart(round(step * len(span), 1), base + LETTERS + 2, tuple(bars), base, ticks, step >= BAR_STEP / 2)


def spans_of_time(spans: Sequence[tuple[str, str, str]], seen: Iterable[str] = ()) -> Chart | None:
    """A bar for each name with its dates from and to, all on one line of time; None when no date is known.

    The line also has room for the dates that are `seen`. Open ends reach its edge.
    """
    dates = [when(date) for _, start, end in spans for date in (start, end) if date]
    if not dates:
        return None
    dates += [when(date) for date in seen if date]
    first, last = min(dates), max(dates)
    margin = max(1.0, (last - first) / 20)
    left, right = first - margin, last + margin
    scale = WIDTH / (right - left)
    bars = []
    for name, start, end in spans:
        begin, finish = when(start) if start else left, when(end) if end else right
        x, width = round((begin - left) * scale, 1), round(max(2.0, (finish - begin) * scale), 1)
        bars.append(Bar(x, 0, width, SPAN_HEIGHT, name, 0))
    years = range(int(first), int(right) + 1)
    every = _years_between(scale)
    ticks = tuple(Tick(round((year - left) * scale, 1), f"{year:04}") for year in years if year % every == 0)
    return Chart(WIDTH, SPAN_HEIGHT, tuple(bars), ticks=ticks)


def _years_between(width: float) -> int:
    """How many years to go on for the next written one, where a year is so wide."""
    return next((years for years in SPANS_OF_YEARS if years * width >= YEAR_WIDTH), SPANS_OF_YEARS[-1])


def dots(dates: Iterable[str]) -> Chart | None:
    """A dot for each date on a line from the first to the last; None for fewer than three different ones."""
    known = [date for date in dates if date]
    if len(set(known)) < 3:
        return None
    first, last = when(min(known)), when(max(known))
    scale = (WIDTH * 2 - 16) / max(0.01, last - first)
    marks = tuple(Bar(round(8 + (when(date) - first) * scale, 1), 12, 0, 0, date, 1) for date in known)
    return Chart(WIDTH * 2, 24, marks)


def when(date: str) -> float:
    """A date as a year with a fraction; what is missing counts as the beginning."""
    year, month, day = (*(int(part) for part in date.split("-")), 1, 1)[:3]
    return year + (month - 1) / 12 + (day - 1) / 372
