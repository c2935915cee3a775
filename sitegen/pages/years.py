"""Long lists divided by year: when a list is long, which years it has, and the links between their pages.

What is listed is not known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from sitegen.addresses import href, year_page
from sitegen.facts import Facts
from sitegen.pages.frame import Link, Site

LONG = 300
"""A list of more entries, of more than one year, has a page for each year."""


class Division(Struct, frozen=True):
    """The years of a long list with how many entries each has; a short list has none.

    `year` is the year whose page this is; None for the page that stands for all of them. The year of what
    has no date is empty.
    """

    years: tuple[tuple[str, int], ...] = ()
    year: str | None = None

    @property
    def leaves_out(self) -> bool:
        """Whether the list itself is left to the pages of the years."""
        return bool(self.years) and self.year is None

    def of(self, year: str) -> Division:
        """The division as the page of a year has it."""
        return Division(self.years, year)


class YearsView(Struct, frozen=True):
    """The years of a long list: `whole` leads to the page for all of them, and is None on that page."""

    name: str
    whole: Link | None
    years: tuple[Link, ...]
    earlier: Link | None
    later: Link | None


def division_of(entries: Iterable[tuple[Facts, int]]) -> Division:
    """How to divide a list of which each transcript has so many entries."""
    listed = [(facts, count) for facts, count in entries if count]
    if sum(count for _, count in listed) <= LONG:
        return Division()
    counts: Counter[str] = Counter()
    for facts, count in listed:
        counts[year_of(facts)] += count
    held = sorted(counts.items(), key=lambda one: (not one[0], one[0]))
    return Division(tuple(held)) if len(held) > 1 else Division()


def year_of(facts: Facts) -> str:
    """The year of a transcript, empty without a date."""
    return facts.date[:4]


def years_view(site: Site, division: Division, whole: str) -> YearsView | None:
    """The links between the pages of a list that is divided; `whole` is the page for all years."""
    if not division.years:
        return None
    page = whole if division.year is None else year_page(whole, division.year)
    links = tuple(
        Link(href(page, year_page(whole, year)), year_name(site, year), site.words.number(count), division.year == year)
        for year, count in division.years
    )
    here = next((i for i, link in enumerate(links) if link.current), None)
    return YearsView(
        name="" if division.year is None else year_name(site, division.year),
        whole=Link(href(page, whole), site.words("all-years")) if here is not None else None,
        years=links,
        earlier=links[here - 1] if here else None,
        later=links[here + 1] if here is not None and here + 1 < len(links) else None,
    )


def year_name(site: Site, year: str) -> str:
    """A year as pages name it."""
    return year or site.words("no-date")


def titled(name: str, years: YearsView | None) -> str:
    """The title of a page of a list: with the year it is for."""
    return f"{name}, {years.name}" if years and years.name else name
