"""The pages of topics and sources: each lists what leads to and from its entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from msgspec import Struct

from sitegen.addresses import (
    GLOSSARY,
    SOURCES,
    TOPICS,
    href,
    term_fragment,
    topic_page,
    transcript_page,
    year_page,
)
from sitegen.diagnostics import Checked
from sitegen.facts import Facts, IndexEntry, Passage
from sitegen.markup import Html
from sitegen.model import Topic, Work
from sitegen.pages.charts import Chart, year_bars
from sitegen.pages.frame import Frame, Link, Site, frame, prose_html
from sitegen.pages.notes import gathered, topic_links
from sitegen.pages.years import LONG, Division, YearsView, division_of, titled, year_name, year_of, years_view
from sitegen.topics import index_key

MOST_LOCATORS = 6

MOST_PASSAGES = 50
"""An entry of more passages leaves all but the main ones to the page of its topic: nobody reads so long a line, and the
index of a large archive would be a page that no browser shows."""

LONG_INDEX = 100
"""With more headings, each letter has columns of its own: those of the whole would be too far to go back up."""

_ORDINAL = re.compile(r"-([0-9]+[a-z]?)-p([0-9]+[a-z]?)$")


class LocatorView(Struct, frozen=True):
    """A place in the index: where it leads, and whether it is a main one or only spoken of in a note."""

    href: str
    text: str
    quote: str
    key: bool
    note: bool


class LocatorGroup(Struct, frozen=True):
    """Places of a topic; with a name, a transcript's, where a topic has more than a line can hold."""

    name: str
    locators: tuple[LocatorView, ...]


class Heading(Struct, frozen=True):
    """A line of the index: a topic with its locators, or an alias that says `see`. `every` leads to all passages of a
    topic that has too many for a line."""

    id: str
    name: str
    href: str
    see: Link | None
    groups: tuple[LocatorGroup, ...]
    every: Link | None
    see_also: tuple[Link, ...]
    broader: Link | None
    narrower: tuple[Link, ...]


class IndexView(Struct, frozen=True):
    """The topic index: its headings by first letter. One `is_long` that is more than a reader takes in at once."""

    letters: tuple[tuple[str, tuple[Heading, ...]], ...]
    topics: int
    passages: int
    is_long: bool


class TopicView(Struct, frozen=True):
    """The page of one topic. `groups` are its passages by year with how many there are, `years` the pages of the
    years if they have some."""

    id: str
    name: str
    title: str
    years: YearsView | None
    summary: Html
    aliases: tuple[str, ...]
    see_also: tuple[Link, ...]
    broader: Link | None
    narrower: tuple[Link, ...]
    transcripts: tuple[Link, ...]
    groups: tuple[tuple[str, int, Html], ...]
    passages: int
    chart: Chart | None


class SourceView(Struct, frozen=True):
    """A cited work with the notes that cite it."""

    work: Work
    cited_by: tuple[Link, ...]


class SourcesView(Struct, frozen=True):
    """The list of sources by publisher."""

    publishers: tuple[tuple[str, tuple[SourceView, ...]], ...]
    works: int
    single: tuple[Link, ...]


def index_view(site: Site) -> tuple[Frame, object]:
    """The topic index."""
    listed = [(entry, _listed(entry)) for entry in site.edition.index.entries]
    ids = {passage.locator.transcript_id for _, passages in listed for passage in passages}
    cited = {name: _cited(site, site.facts_by_id[name]) for name in ids}
    headings = [_heading(site, entry, passages, cited) for entry, passages in listed]
    for reference in site.edition.index.see:
        target = next(iter(topic_links(site, [reference.topic_id], TOPICS)))
        headings.append(Heading("", reference.name, "", target, (), None, (), None, ()))
    headings.sort(key=lambda heading: (index_key(heading.name), heading.id))
    letters = groupby(headings, key=lambda heading: index_key(heading.name)[:1].upper() or "#")
    entries = site.edition.index.entries
    view = IndexView(
        letters=tuple((letter, tuple(group)) for letter, group in letters),
        topics=len(entries),
        passages=sum(len(entry.passages) for entry in entries),
        is_long=len(headings) > LONG_INDEX,
    )
    return frame(site, TOPICS, site.words("topic-index"), site.words("topic-index-summary")), view


class _Cited(Struct, frozen=True):
    """A transcript as the index speaks of it: its title with the date, the date, and its speakers' names by id."""

    name: str
    date: str
    speakers: Mapping[str, str]


def _cited(site: Site, facts: Facts) -> _Cited:
    date = site.words.date(facts.date)
    speakers = {p.speaker.id: p.speaker.sort.partition(",")[0] for p in facts.participations}
    return _Cited(", ".join(part for part in (facts.title, date) if part), date, speakers)


def _listed(entry: IndexEntry) -> tuple[Passage, ...]:
    """The passages of a topic that the index lists."""
    if len(entry.passages) <= MOST_PASSAGES:
        return entry.passages
    return tuple([passage for passage in entry.passages if passage.annotation.weight == "key"])[:MOST_PASSAGES]


def _heading(site: Site, entry: IndexEntry, listed: tuple[Passage, ...], cited: Mapping[str, _Cited]) -> Heading:
    topic = entry.topic
    return Heading(
        id=topic.id,
        name=topic.name,
        href=href(TOPICS, topic_page(topic.id)),
        see=None,
        groups=tuple(_groups(site, listed, cited)),
        every=_every(site, entry) if len(entry.passages) > MOST_PASSAGES else None,
        see_also=tuple(topic_links(site, (reference.id for reference in topic.see_also), TOPICS)),
        broader=_broader(site, topic, TOPICS),
        narrower=tuple(topic_links(site, entry.narrower, TOPICS)),
    )


def _every(site: Site, entry: IndexEntry) -> Link:
    """Where all passages of a topic are: how many, and from which years."""
    years = (year_of(site.facts_by_id[passage.locator.transcript_id]) for passage in entry.passages)
    first = next(filter(None, years), "")  # they are in order, those without a year before all others
    last = year_of(site.facts_by_id[entry.passages[-1].locator.transcript_id])
    span = "\u2013".join(dict.fromkeys(filter(None, (first, last))))
    count = site.words("n-passages", len(entry.passages))
    return Link(href(TOPICS, topic_page(entry.topic.id)), ", ".join(filter(None, (count, span))))


def _broader(site: Site, topic: Topic, page: str) -> Link | None:
    return next(iter(topic_links(site, [topic.broader.id] if topic.broader else [], page)), None)


def _groups(site: Site, passages: tuple[Passage, ...], cited: Mapping[str, _Cited]) -> Iterable[LocatorGroup]:
    """Up to MOST_LOCATORS places in one line with their dates, more by transcript."""
    places: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        places.setdefault((passage.locator.transcript_id, passage.locator.paragraph_id), []).append(passage)
    if len(places) <= MOST_LOCATORS:
        if places:
            yield LocatorGroup("", tuple([_locator(site, here, cited, with_date=True) for here in places.values()]))
        return
    for transcript_id, group in groupby(places.values(), key=lambda here: here[0].locator.transcript_id):
        locators = tuple([_locator(site, here, cited, with_date=False) for here in group])
        yield LocatorGroup(cited[transcript_id].name, locators)


def _locator(site: Site, passages: list[Passage], cited: Mapping[str, _Cited], *, with_date: bool) -> LocatorView:
    """The place of passages that stand in one paragraph."""
    locator = passages[0].locator
    transcript = cited[locator.transcript_id]
    names = transcript.speakers
    who = site.words.listed([names[one] for one in passages[0].speaker_ids if one in names])
    place = f"{who} {_place_in_turns(locator.paragraph_id)}".strip()
    return LocatorView(
        href=href(TOPICS, transcript_page(locator.transcript_id), locator.paragraph_id),
        text=f"{transcript.date}, {place}" if with_date and transcript.date else place,
        quote=" … ".join([one.quote for one in passages]),
        key="key" in [one.annotation.weight for one in passages],
        note=max([one.number for one in passages]) > 0,
    )


def _place_in_turns(paragraph_id: str) -> str:
    """`putin-3-p2` as people write it, `3 ¶ 2`; another id stays as it is."""
    match = _ORDINAL.search(paragraph_id)
    return f"{match[1]}\u00a0¶\u00a0{match[2]}" if match else paragraph_id


def topic_division(site: Site, entry: IndexEntry) -> Division:
    """How the passages of a topic are divided by year."""
    if len(entry.passages) <= LONG:
        return Division()
    return division_of((site.facts_by_id[passage.locator.transcript_id], 1) for passage in entry.passages)


def topic_view(site: Site, entry: IndexEntry, division: Division) -> Checked[tuple[Frame, object]]:
    """The page of one topic, or of its passages of a year: `entry` has those that the page is about."""
    topic, whole = entry.topic, topic_page(entry.topic.id)
    page = whole if division.year is None else year_page(whole, division.year)
    by_id = site.facts_by_id
    listed = () if division.leaves_out else entry.passages
    by_year = groupby(listed, key=lambda passage: year_of(by_id[passage.locator.transcript_id]))
    groups = [(year, one, gathered(site, one, page)) for year, one in ((year, tuple(same)) for year, same in by_year)]
    years = years_view(site, division, whole)
    counts = dict(division.years) if division.leaves_out else {year: len(passages) for year, passages, _ in groups}
    view = TopicView(
        id=topic.id,
        name=topic.name,
        title=titled(topic.name, years),
        years=years,
        summary=prose_html(site, topic.summary.markup, page),
        aliases=topic.aliases,
        see_also=tuple(topic_links(site, (reference.id for reference in topic.see_also), page)),
        broader=_broader(site, topic, page),
        narrower=tuple(topic_links(site, entry.narrower, page)),
        transcripts=tuple(site.transcript_link(by_id[one], page, by_id[one].date) for one in entry.transcript_ids),
        groups=tuple((year_name(site, year), len(passages), lines.value) for year, passages, lines in groups),
        passages=len(entry.passages),
        chart=year_bars(counts),
    )
    around = frame(site, page, view.title, site.words("topic-summary", topic=view.title))
    return Checked((around, view), tuple(d for _, _, lines in groups for d in lines.diagnostics))


def sources_view(site: Site) -> tuple[Frame, object]:
    """All cited works by publisher, each with links to the notes that cite it."""
    cited: dict[str, list[Link]] = {}
    single: list[Link] = []
    for facts in site.edition.facts:
        for passage in (one for one in facts.passages if one.number and one.annotation.citations):
            link = site.passage_link(facts, passage, SOURCES)
            if len(passage.annotation.citations) == 1:
                single.append(link)
            for citation in passage.annotation.citations:
                if not isinstance(citation, Work):
                    cited.setdefault(citation.id, []).append(link)
    for term in site.edition.project.terms:
        for citation in term.citations:
            if not isinstance(citation, Work):
                cited.setdefault(citation.id, []).append(
                    Link(href(SOURCES, GLOSSARY, term_fragment(term.id)), term.name)
                )
    works = sorted(site.edition.project.works, key=lambda w: (index_key(w.publisher), w.date, index_key(w.title)))
    views = [SourceView(work, tuple(cited.get(work.id, ()))) for work in works]
    publishers = groupby(views, key=lambda view: view.work.publisher)
    grouped = tuple((publisher, tuple(group)) for publisher, group in publishers)
    view = SourcesView(grouped, len(views), tuple(single))
    return frame(site, SOURCES, site.words("sources"), site.words("sources-summary")), view
