"""The pages of topics, speakers and sources: each lists what leads to and from its entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sitegen.addresses import SOURCES, SPEAKERS, TOPICS, href, speaker_page, topic_page, transcript_page
from sitegen.facts import Facts, IndexEntry, Participation, Passage
from sitegen.markup import Html
from sitegen.model import Role, Speaker, Topic, WebLink, Work
from sitegen.pages.frame import Frame, Link, Site, frame, prose_html
from sitegen.pages.notes import NoteLine, note_line, topic_links
from sitegen.topics import index_key


@dataclass(frozen=True, slots=True)
class LocatorView:
    """A place in the index: where it leads, and whether it is a main one or only spoken of in a note."""

    href: str
    text: str
    quote: str
    key: bool
    note: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the index: a topic with its locators, or an alias that says `see`."""

    id: str
    name: str
    href: str
    see: Link | None
    locators: tuple[LocatorView, ...]
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
    years: tuple[tuple[str, tuple[NoteLine, ...]], ...]
    passages: int


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
    notes: tuple[NoteLine, ...]


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
    return frame(site, TOPICS, "Topic index", "All topics, with the passages that speak of them."), view


def _heading(site: Site, entry: IndexEntry) -> Heading:
    topic = entry.topic
    return Heading(
        id=topic.id,
        name=topic.name,
        href=href(TOPICS, topic_page(topic.id)),
        see=None,
        locators=tuple(_locator(site, passage) for passage in entry.passages),
        see_also=tuple(topic_links(site, (reference.id for reference in topic.see_also), TOPICS)),
        broader=_broader(site, topic, TOPICS),
        narrower=tuple(topic_links(site, entry.narrower, TOPICS)),
    )


def _broader(site: Site, topic: Topic, page: str) -> Link | None:
    return next(iter(topic_links(site, [topic.broader.id] if topic.broader else [], page)), None)


def _locator(site: Site, passage: Passage) -> LocatorView:
    locator = passage.locator
    facts = site.facts_by_id[locator.transcript_id]
    names = {p.speaker.id: p.speaker.sort.partition(",")[0] for p in facts.participations}
    who = " and ".join(names[speaker_id] for speaker_id in passage.speaker_ids if speaker_id in names)
    return LocatorView(
        href=href(TOPICS, transcript_page(locator.transcript_id), locator.paragraph_id),
        text=", ".join(part for part in (facts.date, who) if part) or facts.title,
        quote=passage.quote,
        key=passage.annotation.weight == "key",
        note=bool(passage.number),
    )


def topic_view(site: Site, entry: IndexEntry) -> tuple[Frame, object]:
    """The page of one topic."""
    topic, page = entry.topic, topic_page(entry.topic.id)
    by_id = site.facts_by_id
    by_year = groupby(entry.passages, key=lambda passage: by_id[passage.locator.transcript_id].date[:4])
    view = TopicView(
        id=topic.id,
        name=topic.name,
        summary=prose_html(site, topic.summary.markup, page),
        aliases=topic.aliases,
        see_also=tuple(topic_links(site, (reference.id for reference in topic.see_also), page)),
        broader=_broader(site, topic, page),
        narrower=tuple(topic_links(site, entry.narrower, page)),
        transcripts=tuple(_transcript_links(entry.transcript_ids, by_id, page)),
        years=tuple((year, tuple(_lines(site, passages, by_id, page))) for year, passages in by_year),
        passages=len(entry.passages),
    )
    return frame(site, page, topic.name, f"Passages on {topic.name}."), view


def _lines(site: Site, passages: Iterable[Passage], by_id: Mapping[str, Facts], page: str) -> Iterable[NoteLine]:
    return (note_line(site, passage, by_id[passage.locator.transcript_id], page) for passage in passages)


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
    return frame(site, SPEAKERS, "Speakers", "Everyone who speaks in the transcripts."), SpeakersView(tuple(rows))


def speaker_view(site: Site, speaker: Speaker) -> tuple[Frame, object]:
    """The page of one speaker: appearances, topics by number of passages, notes on their words."""
    page = speaker_page(speaker.id)
    appearances = []
    topics: Counter[str] = Counter()
    notes: list[NoteLine] = []
    for facts in site.edition.facts:
        for one in facts.participations:
            if one.speaker.id == speaker.id:
                appearances.append(_appearance(facts, one.role, one.turn_ids, one.words, page))
        for passage in facts.passages:
            if speaker.id in passage.speaker_ids:
                topics.update({reference.id for reference in passage.annotation.topics})
                if passage.number:
                    notes.append(note_line(site, passage, facts, page))
    ranked = sorted(topics.items(), key=lambda item: (-item[1], item[0]))
    view = SpeakerView(
        id=speaker.id,
        name=speaker.name,
        aliases=speaker.aliases,
        roles=speaker.roles,
        links=speaker.links,
        summary=prose_html(site, speaker.summary.markup, page),
        appearances=tuple(appearances),
        topics=tuple(
            Link(link.href, link.text, str(count))
            for topic_id, count in ranked
            for link in topic_links(site, [topic_id], page)
        ),
        notes=tuple(notes),
    )
    return frame(site, page, speaker.name, f"{speaker.name}: transcripts, topics and notes."), view


def _appearance(facts: Facts, role: str, turn_ids: Sequence[str], words: int, page: str) -> Appearance:
    target = transcript_page(facts.transcript_id)
    return Appearance(
        transcript=Link(href(page, target), facts.title),
        date=facts.date,
        role=role,
        turns=len(turn_ids),
        words=words,
        turn_links=tuple(Link(href(page, target, turn_id), turn_id) for turn_id in turn_ids),
    )


def sources_view(site: Site) -> tuple[Frame, object]:
    """All cited works by publisher, each with links to the notes that cite it."""
    cited: dict[str, list[Link]] = {}
    for facts in site.edition.facts:
        for passage in facts.passages:
            target = href(SOURCES, transcript_page(facts.transcript_id), f"n-{passage.annotation.id}")
            link = Link(target, passage.annotation.headline or passage.quote)
            for citation in passage.annotation.citations:
                if not isinstance(citation, Work) and passage.number:
                    cited.setdefault(citation.id, []).append(link)
    works = sorted(site.edition.project.works, key=lambda w: (index_key(w.publisher), w.date, index_key(w.title)))
    views = [SourceView(work, tuple(cited.get(work.id, ()))) for work in works]
    publishers = groupby(views, key=lambda view: view.work.publisher)
    grouped = tuple((publisher, tuple(group)) for publisher, group in publishers)
    view = SourcesView(grouped, len(views))
    return frame(site, SOURCES, "Sources", "Every work that the notes cite, with the notes that cite it."), view
