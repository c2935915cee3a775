"""A table of checks over the whole site as values: references, registers, links, editorial rules.

Each check sees the edition and the annotations; what concerns one transcript alone was checked before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from sitegen.addresses import Places
from sitegen.diagnostics import Diagnostic, Related, problem
from sitegen.facts import Edition
from sitegen.model import Annotation, CrossReference, Reference, Speaker, Term, Work
from sitegen.nearest import meant, nearest_names
from sitegen.source import Edit, Location
from sitegen.topics import index_key


class Subject(Struct, frozen=True):
    """What is checked: the edition, every annotation of it, and all places that can be linked to.

    `topics_end` is where topics.yaml can be added to: its path and length, if it exists.
    """

    edition: Edition
    annotations: tuple[Annotation, ...]
    places: Places
    topics_end: tuple[str, int] | None = None


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Everything the table of checks finds."""
    for one in CHECKS:
        yield from one(subject)


def _topics(subject: Subject) -> Iterator[Diagnostic]:
    project = subject.edition.project
    if not project.registers_topics:
        return
    known = {topic.id for topic in project.topics}
    used = [r for a in subject.annotations for r in a.topics]
    used += [r for facts in subject.edition.facts for r in facts.topics]
    used += [term.topic for term in project.terms if term.topic]
    for reference in used:
        if reference.id not in known:
            yield _unknown_topic(reference, known, subject.topics_end)
    for topic in project.topics:
        linked = [r for r in (topic.broader, *topic.see_also) if r is not None]
        yield from (_unknown_topic(r, known, None) for r in linked if r.id not in known)
    seen = {reference.id for reference in used} | {t.broader.id for t in project.topics if t.broader}
    for topic in project.topics:
        if topic.id not in seen and topic.location:
            message = f"no annotation uses the topic '{topic.id}'"
            yield problem("unused-topic", topic.location, message, "use it, or delete it")


def _unknown_topic(reference: Reference, known: set[str], end: tuple[str, int] | None) -> Diagnostic:
    near = nearest_names(reference.id, known)
    probably = meant(near)
    name = reference.id.replace("-", " ")
    hint = f"add to annotations/topics.yaml:\n{reference.id}:\n  name: {name}"
    fix = [Edit(end[0], end[1], end[1], f"\n{reference.id}:\n  name: {name}\n")] if end else []
    return problem("unknown-topic", reference.location, f"no topic '{reference.id}'{probably}", hint, fix=fix)


def _topic_names(subject: Subject) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, Location | None]] = {}
    for topic in subject.edition.project.topics:
        for name in dict.fromkeys((topic.name, *topic.aliases)):
            other, where = first.setdefault(index_key(name), (topic.id, topic.location))
            if other != topic.id and topic.location:
                message = f"'{name}' is a name of the topic '{topic.id}' and of '{other}'"
                related = [Related("the other topic", where)]
                yield problem("alias-clash", topic.location, message, "keep it in one of the two", related=related)


def _term_names(subject: Subject) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, Location | None]] = {}
    for term in subject.edition.project.terms:
        for name in dict.fromkeys((term.name, *term.aliases)):
            other, where = first.setdefault(index_key(name), (term.id, term.location))
            if other != term.id and term.location:
                message = f"'{name}' is a name of the term '{term.id}' and of '{other}'"
                related = [Related("the other term", where)]
                yield problem("alias-clash", term.location, message, "keep it in one of the two", related=related)


def _topic_loops(subject: Subject) -> Iterator[Diagnostic]:
    broader = {topic.id: topic.broader for topic in subject.edition.project.topics}
    for start in broader:
        path = [start]
        while (above := broader.get(path[-1])) and above.id not in path:
            path.append(above.id)
        if above and above.id == start:
            message = f"the topic '{start}' is above itself: {' > '.join([*path, start])}"
            yield problem("topic-loop", above.location, message, "remove one `broader:` of the loop")


def _sources(subject: Subject) -> Iterator[Diagnostic]:
    works = {work.id for work in subject.edition.project.works}
    cited: set[str] = set()
    citing: tuple[Annotation | Term, ...] = (*subject.annotations, *subject.edition.project.terms)
    for holder in citing:
        for citation in holder.citations:
            if isinstance(citation, Work):
                continue
            cited.add(citation.id)
            if citation.id not in works:
                near = nearest_names(citation.id, works)
                probably = meant(near)
                hint = "add it to annotations/sources.yaml, or write the source out: {title: …, url: …}"
                yield problem("unknown-source", citation.location, f"no source '{citation.id}'{probably}", hint)
    for work in subject.edition.project.works:
        if work.id not in cited and work.location:
            message = f"no annotation cites the source '{work.id}'"
            yield problem("unused-source", work.location, message, "cite it, or delete it")


def _note_ids(subject: Subject) -> Iterator[Diagnostic]:
    first: dict[str, Location] = {}
    for annotation in subject.annotations:
        for name in (annotation.id, *annotation.aka):
            where = first.setdefault(name, annotation.location)
            if where is not annotation.location:
                related = [Related("it is first used here", where)]
                hint = "give one of the two another id"
                message = f"the id '{name}' is used by two annotations"
                yield problem("duplicate-id", annotation.location, message, hint, related=related)


def _related_notes(subject: Subject) -> Iterator[Diagnostic]:
    known = {name for a in subject.annotations for name in (a.id, *a.aka)}
    for annotation in subject.annotations:
        for reference in annotation.related:
            if reference.id not in known:
                near = nearest_names(reference.id, known)
                probably = meant(near)
                message = f"note {annotation.id} is related to '{reference.id}', which does not exist{probably}"
                yield problem("unknown-note", reference.location, message, "name an existing note, or remove it")


def _speakers(subject: Subject) -> Iterator[Diagnostic]:
    first: dict[str, Speaker] = {speaker.id: speaker for speaker in subject.edition.project.speakers}
    for facts in subject.edition.facts:
        for speaker in (p.speaker for p in facts.participations):
            other = first.setdefault(speaker.id, speaker)
            if other.name != speaker.name and speaker.location:
                message = f"the speaker id '{speaker.id}' means {other.name} elsewhere"
                hint = "give one of the two another id, or define the speaker once, in content/speakers.yaml"
                related = [Related("the other one", other.location)]
                yield problem("alias-clash", speaker.location, message, hint, related=related)


def _links(subject: Subject) -> Iterator[Diagnostic]:
    named = subject.places.named
    for link in _all_links(subject):
        target = link.name
        if subject.places.find(target):
            continue
        same_scheme = [name for name in named if name.startswith(f"{link.scheme}:")]
        anchors = subject.places.anchors.get(f"{link.scheme}:{link.id}", ())
        choices = [f"{link.scheme}:{link.id}#{anchor}" for anchor in anchors] if link.fragment else same_scheme
        near = nearest_names(target, choices)
        probably = meant(near, quoted=False)
        yield problem("broken-link", link.location, f"the link {target} leads nowhere{probably}", "mend the name")


def _all_links(subject: Subject) -> Iterator[CrossReference]:
    edition = subject.edition
    for annotation in subject.annotations:
        yield from annotation.note.links
    for facts in edition.facts:
        yield from facts.links
        for participation in facts.participations:
            yield from participation.speaker.summary.links
    for topic in edition.project.topics:
        yield from topic.summary.links
    for speaker in edition.project.speakers:
        yield from speaker.summary.links
    for term in edition.project.terms:
        yield from term.definition.links
    for page in edition.pages:
        yield from page.body.links


def _translations(subject: Subject) -> Iterator[Diagnostic]:
    known = {facts.transcript_id for facts in subject.edition.facts}
    for facts in subject.edition.facts:
        if facts.translation_of and facts.translation_of not in known:
            near = nearest_names(facts.translation_of, known)
            probably = meant(near)
            message = f"the translated transcript '{facts.translation_of}' does not exist{probably}"
            yield problem("unknown-transcript", facts.location, message, "name an existing transcript")


def _editorial(subject: Subject) -> Iterator[Diagnostic]:
    if subject.edition.project.settings.editorial != "strict":
        return
    publishers = {work.id: work.publisher for work in subject.edition.project.works}
    for annotation in subject.annotations:
        if annotation.is_note and annotation.status in ("published", "disputed"):
            for message, hint in _editorial_gaps(annotation, publishers):
                yield problem("editorial-field", annotation.location, f"note {annotation.id} {message}", hint)


def _editorial_gaps(annotation: Annotation, publishers: dict[str, str]) -> Iterable[tuple[str, str]]:
    if not annotation.kind_is_stated:
        yield "states no kind", "add a line `kind: context`, or another kind"
    if not annotation.author:
        yield "has no author", "add a line `author: …`"
    if not annotation.created:
        yield "has no date", "add a line `created: 2024-04-11`"
    if not annotation.citations:
        yield "cites no source", "add a line `sources: […]`"
    if annotation.kind not in ("disputed", "correction"):
        return
    if not annotation.claim:
        yield f"is of kind {annotation.kind} and has no claim", "add a line `claim: …`: what was said, in one sentence"
    cited = {c.publisher if isinstance(c, Work) else publishers.get(c.id, "") for c in annotation.citations}
    if len(cited - {""}) < 2:
        needs = "needs two sources with different publishers"
        yield f"is of kind {annotation.kind} and {needs}", "cite a second, independent source"


CHECKS: tuple[Callable[[Subject], Iterable[Diagnostic]], ...] = (
    _topics,
    _topic_names,
    _topic_loops,
    _term_names,
    _sources,
    _note_ids,
    _related_notes,
    _speakers,
    _links,
    _translations,
    _editorial,
)
