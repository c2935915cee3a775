"""What the page of a transcript may know of the rest of the site, cut out of it as a small value of its own; and
what pages may know that speak of some transcripts.

So that the page can be made in another process, and made again only when something it shows has changed.
What a page shows is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from sitegen.addresses import Places
from sitegen.facts import Edition, Facts, IndexEntry, Passage, TopicIndex, outline
from sitegen.fingerprint import fingerprint, placeless_fingerprint
from sitegen.model import Page, Project, Reference, Topic, Work
from sitegen.pages.frame import Site
from sitegen.templating import Theme
from sitegen.topics import unregistered


class Surroundings(Struct, frozen=True):
    """What a transcript's page may know of others: outlines of those before and after it, the ids of the topics of its
    notes in the order of the index, the places that it links to, the ids of the works it cites, and the notes that
    lead to it. `registered` is a digest of what the registers say of those topics and works."""

    earlier: Facts | None
    later: Facts | None
    topics: tuple[str, ...]
    places: Places
    works: tuple[str, ...]
    registered: str
    citing: tuple[tuple[Facts, Passage], ...]


class Grounds(Struct, frozen=True, dict=True):
    """What all pages have in common, whatever transcripts there are: settings and registers, pages, the theme."""

    project: Project
    pages: tuple[Page, ...]
    theme: Theme

    def around(self, facts: Facts, surroundings: Surroundings) -> Site:
        """The site as the page of a transcript sees it."""
        near = (surroundings.earlier, facts, surroundings.later)
        topics = tuple([self._topics.get(name) or unregistered(name) for name in surroundings.topics])
        works = tuple([self.works[name] for name in surroundings.works])
        index = TopicIndex(tuple([IndexEntry(topic, ()) for topic in topics]))
        project = replace(self.project, speakers=(), topics=topics, works=works)
        edition = Edition(project, tuple(one for one in near if one is not None), index, self.pages)
        site = Site(edition, self.theme, surroundings.places)
        site.__dict__["citing"] = {facts.transcript_id: surroundings.citing}
        return site

    @cached_property
    def _topics(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.project.topics}

    @cached_property
    def works(self) -> Mapping[str, Work]:
        """The register of sources by id."""
        return {work.id: work for work in self.project.works}


def surroundings_of(site: Site) -> Iterator[tuple[Facts, Surroundings]]:
    """For each transcript, its facts and its surroundings, in the order of the site."""
    every = site.edition.facts
    outlines = (None, *map(outline, every), None)
    topics = {entry.topic.id: placeless_fingerprint(entry.topic) for entry in site.edition.index.entries}
    works = {work.id: placeless_fingerprint(work) for work in site.edition.project.works}
    order = {name: number for number, name in enumerate(topics)}
    for position, facts in enumerate(every):
        named = {r.id for passage in facts.passages for r in passage.annotation.topics} & order.keys()
        used = sorted(named, key=order.__getitem__)
        references = (c for passage in facts.passages for c in passage.annotation.citations if isinstance(c, Reference))
        cited = [name for name in dict.fromkeys(one.id for one in references) if name in works]
        yield (
            facts,
            Surroundings(
                earlier=outlines[position],
                later=outlines[position + 2],
                topics=tuple(used),
                places=_places(site.places, dict.fromkeys(_names(facts, used))),
                works=tuple(cited),
                registered=fingerprint([topics[name] for name in used], [works[name] for name in cited]),
                citing=tuple((outline(other), passage) for other, passage in site.citing.get(facts.transcript_id, ())),
            ),
        )


def leading(site: Site) -> tuple[TopicIndex, Places]:
    """What a page may know of others that speaks of a part of the site: the headings of the topic index, and the
    places that names of topics and speakers, and links in registers and ordinary pages, lead to."""
    project = site.edition.project
    texts = (
        *(topic.summary for topic in project.topics),
        *(speaker.summary for speaker in project.speakers),
        *(term.definition for term in project.terms),
        *(page.body for page in site.edition.pages),
    )
    named = [name for name in sorted(site.places.named) if name.startswith(("topic:", "speaker:"))]
    return site.headings, _places(site.places, dict.fromkeys([*named, *(x.name for text in texts for x in text.links)]))


def _names(facts: Facts, topics: Iterable[str]) -> Iterator[str]:
    """Everything that the page of a transcript may link to by name, given the topics of its notes."""
    yield from (f"topic:{name}" for name in (*[reference.id for reference in facts.topics], *topics))
    yield from (f"speaker:{one.speaker.id}" for one in facts.participations)
    yield from (link.name for link in facts.links)
    if facts.translation_of:
        yield f"transcript:{facts.translation_of}"
    for annotation in (passage.annotation for passage in facts.passages):
        yield from (f"note:{reference.id}" for reference in annotation.related)
        yield from (link.name for link in annotation.note.links)


def _places(places: Places, names: Iterable[str]) -> Places:
    named = {}
    anchors: dict[str, tuple[str, ...]] = {}
    for name in names:
        target, _, fragment = name.partition("#")
        if place := places.named.get(target):
            named[target] = place
        if fragment and fragment in places.anchors.get(target, ()):
            anchors[target] = (*anchors.get(target, ()), fragment)
    return Places(named, anchors)
