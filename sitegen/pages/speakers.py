"""The list of speakers, and the page of each: what they said where, and the notes on their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from sitegen.addresses import SPEAKERS, href, speaker_page, to_fragment, year_page
from sitegen.diagnostics import Checked
from sitegen.facts import Facts, Participation, Passage
from sitegen.markup import Html
from sitegen.model import Role, Speaker, WebLink
from sitegen.pages.charts import Chart, spans_of_time, year_bars
from sitegen.pages.frame import Frame, Link, Site, frame, prose_html
from sitegen.pages.notes import gathered
from sitegen.pages.years import Division, YearsView, division_of, titled, year_name, year_of, years_view
from sitegen.topics import index_key


class Appearance(Struct, frozen=True):
    """A speaker in one transcript."""

    transcript: Link
    date: str
    role: str
    turns: int
    words: int
    share: str
    turn_links: tuple[Link, ...]


class YearOf(Struct, frozen=True):
    """What a speaker said in a year; `share` is that of the words of the transcripts in which they speak.

    `year` is empty for what has no date, and `name` says so.
    """

    year: str
    name: str
    turns: int
    words: int
    share: str


class SpeakerView(Struct, frozen=True):
    """The page of one speaker."""

    id: str
    name: str
    title: str
    years: YearsView | None
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
    by_year: tuple[YearOf, ...]
    turns: int
    words: int
    share: str


class SpeakersView(Struct, frozen=True):
    """The list of speakers: name, latest role, and counts."""

    speakers: tuple[tuple[Link, str, int, int], ...]


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


def speaker_division(speaker: Speaker, every: Iterable[Facts]) -> Division:
    """How the turns of a speaker and the notes on their words are divided by year."""
    return division_of((facts, _entries(facts, speaker)) for facts in every)


def _entries(facts: Facts, speaker: Speaker) -> int:
    noted = [one for one in facts.passages if one.number and speaker.id in one.speaker_ids]
    return sum(one.turns for one in _taken(facts, speaker)) + len(noted)


def _taken(facts: Facts, speaker: Speaker) -> list[Participation]:
    return [one for one in facts.participations if one.speaker.id == speaker.id]


def speaker_view(site: Site, speaker: Speaker, division: Division) -> Checked[tuple[Frame, object]]:
    """The page of one speaker, or of what one speaker said in a year: appearances, topics by number of passages,
    notes on their words. `site` is limited to the transcripts that the page is about."""
    whole = speaker_page(speaker.id)
    page = whole if division.year is None else year_page(whole, division.year)
    taken = [(facts, one) for facts in site.edition.facts for one in _taken(facts, speaker)]
    passages = [p for facts in site.edition.facts for p in facts.passages if speaker.id in p.speaker_ids]
    noted = [passage for passage in passages if passage.number]
    kinds = Counter(passage.annotation.kind for passage in noted)
    listed = not division.leaves_out
    notes = gathered(site, noted if listed else (), page)
    by_year = tuple(_by_year(site, taken))
    words = sum(one.words for _, one in taken)
    years = years_view(site, division, whole)
    view = SpeakerView(
        id=speaker.id,
        name=speaker.name,
        title=titled(speaker.name, years),
        years=years,
        aliases=speaker.aliases,
        roles=speaker.roles,
        links=speaker.links,
        summary=prose_html(site, speaker.summary.markup, page),
        appearances=tuple(_appearance(site, facts, one, page) for facts, one in reversed(taken) if listed),
        topics=tuple(_ranked_topics(site, passages, page)),
        notes=notes.value,
        kinds=tuple((k.id, site.kind_name(k.id), kinds[k.id]) for k in site.settings.kinds if kinds[k.id]),
        labels=tuple(dict.fromkeys(one.label for _, one in taken if one.label)),
        role_chart=spans_of_time(
            [(role.title, role.start, role.end) for role in speaker.roles], (facts.date for facts, _ in taken)
        ),
        chart=year_bars({one.year: one.turns for one in by_year}),
        by_year=by_year,
        turns=sum(one.turns for _, one in taken),
        words=words,
        share=_share(site, words, sum(facts.words for facts in site.edition.facts)),
    )
    around = frame(site, page, view.title, site.words("speaker-summary", speaker=view.title))
    return Checked((around, view), notes.diagnostics)


def _by_year(site: Site, taken: list[tuple[Facts, Participation]]) -> Iterable[YearOf]:
    """What a speaker said in each year, in order."""
    years: dict[str, list[tuple[Facts, Participation]]] = {}
    for facts, one in taken:
        years.setdefault(year_of(facts), []).append((facts, one))
    for year, of_year in sorted(years.items(), key=lambda one: (not one[0], one[0])):
        words = sum(one.words for _, one in of_year)
        every = {facts.transcript_id: facts.words for facts, _ in of_year}
        turns, share = sum(one.turns for _, one in of_year), _share(site, words, sum(every.values()))
        yield YearOf(year, year_name(site, year), turns, words, share)


def _share(site: Site, words: int, every: int) -> str:
    """What part of all words, as people write it."""
    percent = round(100 * words / every) if every else 0
    return site.words("percent", value=str(percent) if percent or not words else "<1") if every else ""


def _ranked_topics(site: Site, passages: Iterable[Passage], page: str) -> Iterable[Link]:
    """The topics of passages with how many there are, the most frequent first."""
    counts = Counter([name for passage in passages for name in {one.id for one in passage.annotation.topics}])
    for topic_id, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if place := site.places.find(f"topic:{topic_id}"):
            yield Link(href(page, place.page), place.name, str(count))


def _appearance(site: Site, facts: Facts, one: Participation, page: str) -> Appearance:
    transcript = site.transcript_link(facts, page)
    return Appearance(
        transcript=transcript,
        date=facts.date,
        role=one.role,
        turns=len(one.turn_ids),
        words=one.words,
        share=_share(site, one.words, facts.words),
        turn_links=tuple([Link(transcript.href + to_fragment(turn_id), turn_id) for turn_id in one.turn_ids]),
    )
