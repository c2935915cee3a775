"""The topic index: headings with their passages, see references and see-also, sorted as indexes are.

Built from the facts of all transcripts and the register of topics; no transcript's text is seen here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sitegen.facts import Facts, IndexEntry, Passage, SeeReference, TopicIndex
from sitegen.identifiers import is_word_character
from sitegen.model import Project, Topic

_ARTICLES = ("a ", "an ", "the ")


def index_topics(project: Project, facts: Iterable[Facts]) -> TopicIndex:
    """The index of all registered topics; without a register, of all topics in use, named after their ids."""
    passages: dict[str, list[Passage]] = {}
    transcripts: dict[str, list[str]] = {}
    for one in facts:
        for reference in one.topics:
            transcripts.setdefault(reference.id, []).append(one.transcript_id)
        for passage in one.passages:
            for topic_id in dict.fromkeys(reference.id for reference in passage.annotation.topics):
                passages.setdefault(topic_id, []).append(passage)
    topics = project.topics
    if not project.registers_topics:
        used = sorted({*passages, *transcripts})
        topics = tuple(map(unregistered, used))
    narrower: dict[str, list[str]] = {}
    for topic in topics:
        if topic.broader:
            narrower.setdefault(topic.broader.id, []).append(topic.id)
    entries = [
        IndexEntry(
            topic=topic,
            passages=tuple(passages.get(topic.id, ())),
            narrower=tuple(narrower.get(topic.id, ())),
            transcript_ids=tuple(transcripts.get(topic.id, ())),
        )
        for topic in topics
    ]
    see = [SeeReference(alias, topic.id) for topic in topics for alias in topic.aliases]
    return TopicIndex(
        tuple(sorted(entries, key=lambda entry: (index_key(entry.topic.name), entry.topic.id))),
        tuple(sorted(see, key=lambda reference: (index_key(reference.name), reference.topic_id))),
    )


def unregistered(topic_id: str) -> Topic:
    """A topic of which no register tells."""
    return Topic(topic_id, topic_id.replace("-", " "))


def index_key(heading: str) -> str:
    """The sort key of a heading: letter by letter, without case, accents, punctuation and a leading article."""
    lower = heading.casefold()
    lower = next((lower[len(article) :] for article in _ARTICLES if lower.startswith(article)), lower)
    decomposed = unicodedata.normalize("NFD", lower)
    return "".join(c for c in decomposed if is_word_character(c) and not unicodedata.combining(c))
