"""The pages of topics, speakers and sources: each lists what leads to and from its entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from sitegen.addresses import (
    GLOSSARY,
    SOURCES,
    SPEAKERS,
    TOPICS,
    href,
    speaker_page,
    term_fragment,
    topic_page,
    transcript_page,
)
from sitegen.diagnostics import Checked
from sitegen.facts import Facts, IndexEntry, Participation, Passage
from sitegen.markup import Html
from sitegen.model import Role, Speaker, Topic, WebLink, Work
from sitegen.pages.charts import Chart, spans_of_time, year_bars
from sitegen.pages.frame import Frame, Link, Site, frame, prose_html
from sitegen.pages.notes import gathered, topic_links
from sitegen.topics import index_key

MOST_LOCATORS = 6
_ORDINAL = re.compile(r"-([0-9]+[a-z]?)-p([0-9]+[a-z]?)$")


@dataclass(frozen=True, slots=True)
class LocatorView:
    """A place in the index: where it leads, and whether it is a main one or only spoken of in a note."""

    href: str
    text: str
    quote: str
    key: bool
    note: bool


@dataclass(frozen=True, slots=True)
class LocatorGroup:
    """Places of a topic; with a name, a transcript's, where a topic has more than a line can hold."""

    name: str
    locators: tuple[LocatorView, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the index: a topic with its locators, or an alias that says `see`."""

    id: str
    name: str
    href: str
    see: Link | None
    groups: tuple[LocatorGroup, ...]
    see_also: tuple[Link, ...]
    broader: Link | None
    narrower: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class IndexView:
    """The topic index: its headings by first letter."""

    letters: tuple[tuple[str, tuple[Heading, ...]], ...]
    topics: int
    passages: int


@dataclass(frozen=True, slots=True)
class TopicView:
    """The page of one topic. `years` groups its passages."""

    id: str
    name: str
    summary: Html
    aliases: tuple[str, ...]
    see_also: tuple[Link, ...]
    broader: Link | None
    narrower: tuple[Link, ...]
    transcripts: tuple[Link, ...]
    years: tuple[tuple[str, Html], ...]
    passages: int
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class Appearance:
    """A speaker in one transcript."""

    transcript: Link
    date: str
    role: str
    turns: int
    words: int
    turn_links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """The page of one speaker."""

    id: str
    name: str
    aliases: tuple[str, ...]
    roles: tuple[Role, ...]
    links: tuple[WebLink, ...]
    summary: Html
    appearances: tuple[Appearance, ...]
    topics: tuple[Link, ...]
    notes: Html
    kinds: tuple[tuple[str, str, int], ...]
    labels: tuple[str, ...]
    role_chart: Chart | None
    chart: Chart | None
    chart_rows: tuple[tuple[str, int], ...]
    turns: int
    words: int


@dataclass(frozen=True, slots=True)
class SpeakersView:
    """The list of speakers: name, latest role, and counts."""

    speakers: tuple[tuple[Link, str, int, int], ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A cited work with the notes that cite it."""

    work: Work
    cited_by: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SourcesView:
    """The list of sources by publisher."""

    publishers: tuple[tuple[str, tuple[SourceView, ...]], ...]
    works: int
    single: tuple[Link, ...]


def index_view(site: Site) -> tuple[Frame, object]:
    """The topic index."""
    headings = [_heading(site, entry) for entry in site.edition.index.entries]
    for reference in site.edition.index.see:
        target = next(iter(topic_links(site, [reference.topic_id], TOPICS)))
        headings.append(Heading("", reference.name, "", target, (), (), None, ()))
    headings.sort(key=lambda heading: (index_key(heading.name), heading.id))
    letters = groupby(headings, key=lambda heading: index_key(heading.name)[:1].upper() or "#")
    entries = site.edition.index.entries
    view = IndexView(
        letters=tuple((letter, tuple(group)) for letter, group in letters),
        topics=len(entries),
        passages=sum(len(entry.passages) for entry in entries),
    )
    return frame(site, TOPICS, site.words("topic-index"), site.words("topic-index-summary")), view


def _heading(site: Site, entry: IndexEntry) -> Heading:
    topic = entry.topic
    return Heading(
        id=topic.id,
        name=topic.name,
        href=href(TOPICS, topic_page(topic.id)),
        see=None,
        groups=tuple(_groups(site, entry.passages)),
        see_also=tuple(topic_links(site, (reference.id for reference in topic.see_also), TOPICS)),
        broader=_broader(site, topic, TOPICS),
        narrower=tuple(topic_links(site, entry.narrower, TOPICS)),
    )


def _broader(site: Site, topic: Topic, page: str) -> Link | None:
    return next(iter(topic_links(site, [topic.broader.id] if topic.broader else [], page)), None)


def _groups(site: Site, passages: tuple[Passage, ...]) -> Iterable[LocatorGroup]:
    """Up to MOST_LOCATORS places in one line with their dates, more by transcript."""
    places: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        places.setdefault((passage.locator.transcript_id, passage.locator.paragraph_id), []).append(passage)
    if len(places) <= MOST_LOCATORS:
        if places:
            yield LocatorGroup("", tuple(_locator(site, here, with_date=True) for here in places.values()))
        return
    for transcript_id, group in groupby(places.values(), key=lambda here: here[0].locator.transcript_id):
        facts = site.facts_by_id[transcript_id]
        name = ", ".join(part for part in (facts.title, site.words.date(facts.date)) if part)
        yield LocatorGroup(name, tuple(_locator(site, here, with_date=False) for here in group))


def _locator(site: Site, passages: list[Passage], *, with_date: bool) -> LocatorView:
    """The place of passages that stand in one paragraph."""
    passage, locator = passages[0], passages[0].locator
    facts = site.facts_by_id[locator.transcript_id]
    names = {p.speaker.id: p.speaker.sort.partition(",")[0] for p in facts.participations}
    who = site.words.listed(names[speaker_id] for speaker_id in passage.speaker_ids if speaker_id in names)
    date = site.words.date(facts.date) if with_date else ""
    return LocatorView(
        href=href(TOPICS, transcript_page(locator.transcript_id), locator.paragraph_id),
        text=", ".join(part for part in (date, f"{who} {_place_in_turns(locator.paragraph_id)}".strip()) if part),
        quote=" … ".join(one.quote for one in passages),
        key=any(one.annotation.weight == "key" for one in passages),
        note=any(one.number for one in passages),
    )


def _place_in_turns(paragraph_id: str) -> str:
    """`putin-3-p2` as people write it, `3 ¶ 2`; another id stays as it is."""
    match = _ORDINAL.search(paragraph_id)
    return f"{match[1]}\u00a0¶\u00a0{match[2]}" if match else paragraph_id


def topic_view(site: Site, entry: IndexEntry) -> Checked[tuple[Frame, object]]:
    """The page of one topic."""
    topic, page = entry.topic, topic_page(entry.topic.id)
    by_id = site.facts_by_id
    by_year = groupby(entry.passages, key=lambda passage: by_id[passage.locator.transcript_id].date[:4])
    years = [(year, gathered(site, passages, page)) for year, passages in by_year]
    view = TopicView(
        id=topic.id,
        name=topic.name,
        summary=prose_html(site, topic.summary.markup, page),
        aliases=topic.aliases,
        see_also=tuple(topic_links(site, (reference.id for reference in topic.see_also), page)),
        broader=_broader(site, topic, page),
        narrower=tuple(topic_links(site, entry.narrower, page)),
        transcripts=tuple(_transcript_links(entry.transcript_ids, by_id, page)),
        years=tuple((year, lines.value) for year, lines in years),
        passages=len(entry.passages),
        chart=year_bars(Counter(by_id[passage.locator.transcript_id].date[:4] for passage in entry.passages)),
    )
    around = frame(site, page, topic.name, site.words("topic-summary", topic=topic.name))
    return Checked((around, view), tuple(d for _, lines in years for d in lines.diagnostics))


def _transcript_links(ids: Iterable[str], by_id: Mapping[str, Facts], page: str) -> Iterable[Link]:
    for transcript_id in ids:
        facts = by_id[transcript_id]
        yield Link(href(page, transcript_page(transcript_id)), facts.title, facts.date)


def speakers_with_pages(site: Site) -> tuple[Speaker, ...]:
    """Every speaker who has a page, by sort name."""
    speakers = {speaker.id: speaker for speaker in site.edition.project.speakers}
    for facts in site.edition.facts:
        for participation in facts.participations:
            speakers.setdefault(participation.speaker.id, participation.speaker)
    named = (speaker for speaker in speakers.values() if not speaker.anonymous)
    return tuple(sorted(named, key=lambda speaker: (index_key(speaker.sort), speaker.id)))


def speakers_view(site: Site) -> tuple[Frame, object]:
    """The list of speakers."""
    by_speaker: dict[str, list[Participation]] = {}
    for one in (one for facts in site.edition.facts for one in facts.participations):
        by_speaker.setdefault(one.speaker.id, []).append(one)
    rows = []
    for speaker in speakers_with_pages(site):
        taken = by_speaker.get(speaker.id, [])
        role = taken[-1].role if taken else speaker.roles[0].title if speaker.roles else ""
        link = Link(href(SPEAKERS, speaker_page(speaker.id)), speaker.name)
        rows.append((link, role, sum(p.turns for p in taken), sum(p.words for p in taken)))
    around = frame(site, SPEAKERS, site.words("speakers"), site.words("speakers-summary"))
    return around, SpeakersView(tuple(rows))


def speaker_view(site: Site, speaker: Speaker) -> Checked[tuple[Frame, object]]:
    """The page of one speaker: appearances, topics by number of passages, notes on their words."""
    page = speaker_page(speaker.id)
    taken = [
        (facts, one) for facts in site.edition.facts for one in facts.participations if one.speaker.id == speaker.id
    ]
    passages = [p for facts in site.edition.facts for p in facts.passages if speaker.id in p.speaker_ids]
    noted = [passage for passage in passages if passage.number]
    lines = gathered(site, noted, page)
    kinds = Counter(passage.annotation.kind for passage in noted)
    turns_by_year: Counter[str] = Counter()
    for facts, one in taken:
        turns_by_year[facts.date[:4]] += one.turns
    chart = year_bars(turns_by_year)
    view = SpeakerView(
        id=speaker.id,
        name=speaker.name,
        aliases=speaker.aliases,
        roles=speaker.roles,
        links=speaker.links,
        summary=prose_html(site, speaker.summary.markup, page),
        appearances=tuple(_appearance(facts, one, page) for facts, one in reversed(taken)),
        topics=tuple(_ranked_topics(site, passages, page)),
        notes=lines.value,
        kinds=tuple((k.id, site.kind_name(k.id), kinds[k.id]) for k in site.settings.kinds if kinds[k.id]),
        labels=tuple(dict.fromkeys(one.label for _, one in taken if one.label)),
        role_chart=spans_of_time([(role.title, role.start, role.end) for role in speaker.roles]),
        chart=chart,
        chart_rows=tuple((bar.name, bar.count) for bar in chart.bars) if chart else (),
        turns=sum(one.turns for _, one in taken),
        words=sum(one.words for _, one in taken),
    )
    around = frame(site, page, speaker.name, site.words("speaker-summary", speaker=speaker.name))
    return Checked((around, view), lines.diagnostics)


def _ranked_topics(site: Site, passages: Iterable[Passage], page: str) -> Iterable[Link]:
    """The topics of passages with how many there are, the most frequent first."""
    counts: Counter[str] = Counter()
    for passage in passages:
        counts.update({reference.id for reference in passage.annotation.topics})
    for topic_id, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        for link in topic_links(site, [topic_id], page):
            yield Link(link.href, link.text, str(count))


def _appearance(facts: Facts, one: Participation, page: str) -> Appearance:
    target = transcript_page(facts.transcript_id)
    return Appearance(
        transcript=Link(href(page, target), facts.title),
        date=facts.date,
        role=one.role,
        turns=len(one.turn_ids),
        words=one.words,
        turn_links=tuple(Link(href(page, target, turn_id), turn_id) for turn_id in one.turn_ids),
    )


def sources_view(site: Site) -> tuple[Frame, object]:
    """All cited works by publisher, each with links to the notes that cite it."""
    cited: dict[str, list[Link]] = {}
    single: list[Link] = []
    for facts in site.edition.facts:
        for passage in facts.passages:
            target = href(SOURCES, transcript_page(facts.transcript_id), f"n-{passage.annotation.id}")
            link = Link(target, passage.annotation.headline or passage.quote)
            if passage.number and len(passage.annotation.citations) == 1:
                single.append(link)
            for citation in passage.annotation.citations:
                if not isinstance(citation, Work) and passage.number:
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
