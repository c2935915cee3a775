"""One archive written for each generator, with the command that builds it and the note that is edited.

Other generators get the notes already merged into the text as their native footnotes, and what topic and
speaker pages list in the front matter, which spares them the work that sitegen is for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import layouts
from benchmarks.archive import Archive, Hearing, Remark


@dataclass(frozen=True, slots=True)
class Adapter:
    """A generator: its name, how content is written for it, how it is run, and where it puts the site.

    `command` may name the number of processes as `{jobs}`; `state` are folders that a cold build removes.
    """

    name: str
    write: Callable[[Archive, Path], None]
    command: tuple[str, ...]
    output: str
    note_file: str
    state: tuple[str, ...] = ()


def write_sitegen(archive: Archive, root: Path) -> None:
    """The site as sitegen reads it: transcripts and notes apart."""
    _put(
        root / "sitegen.yaml", "title: Archive\ndescription: A synthetic archive.\nurl: https://example.org/archive/\n"
    )
    people = (f"{_yaml(key)}:\n  name: {_yaml(name)}\n" for key, name in archive.speakers.items())
    _put(root / "content/speakers.yaml", "".join(people))
    topics = (f"{key}:\n  name: {_yaml(name)}\n" for key, name in archive.topics.items())
    _put(root / "annotations/topics.yaml", "".join(topics))
    works = (
        f"{key}:\n  title: {_yaml(title)}\n  publisher: {_yaml(publisher)}\n  url: {url}\n"
        for key, (title, publisher, url) in archive.works.items()
    )
    _put(root / "annotations/sources.yaml", "".join(works))
    for hearing in archive.hearings():
        head = (
            f"---\ntitle: {_yaml(hearing.title)}\ndate: {hearing.date}\nplace: {_yaml(hearing.place)}\n"
            f"speakers: [{', '.join(hearing.speakers)}]\n---\n\n"
        )
        turns = "\n\n".join(
            f"{archive.speakers[speaker]}: " + "\n\n".join(paragraphs) for speaker, paragraphs in hearing.turns
        )
        _put(root / f"content/transcripts/{hearing.id}.md", f"{head}{turns}\n")
        _put(root / f"annotations/{hearing.id}.yaml", "\n".join(map(_annotation, hearing.notes)))


def _annotation(note: Remark) -> str:
    text = "\n".join(f"    {line}".rstrip() for line in note.text.split("\n"))
    return (
        f"- id: {note.id}\n  quote: {_yaml(note.quote)}\n  kind: context\n  headline: {_yaml(note.headline)}\n"
        f"  note: |\n{text}\n  topics: [{', '.join(note.topics)}]\n  sources: [{', '.join(note.works)}]\n"
        f"  author: Editors\n  created: {note.created}\n"
    )


def write_hugo(archive: Archive, root: Path) -> None:
    """Hugo: Goldmark footnotes, topics and speakers as taxonomies with their own layouts."""
    for path, text in layouts.HUGO.items():
        _put(root / path, text)
    _terms(archive, root, "topics", archive.topics)
    _terms(archive, root, "speakers", archive.speakers)
    for hearing in archive.hearings():
        _put(root / f"content/transcripts/{hearing.id}.md", _front(hearing) + _merged(hearing, archive))


def _terms(archive: Archive, root: Path, kind: str, names: Mapping[str, str]) -> None:
    for key, name in names.items():
        _put(root / f"content/{kind}/{key}/_index.md", f"---\ntitle: {_yaml(name)}\n---\n")


def write_eleventy(archive: Archive, root: Path) -> None:
    """Eleventy: markdown-it with its footnote plugin, paginated collections for topics and speakers."""
    for path, text in layouts.ELEVENTY.items():
        _put(root / path, text)
    _put(root / "_data/names.json", json.dumps({"topics": archive.topics, "speakers": archive.speakers}))
    for hearing in archive.hearings():
        _put(root / f"transcripts/{hearing.id}.md", _front(hearing, layout=True) + _merged(hearing, archive))


def write_pelican(archive: Archive, root: Path) -> None:
    """Pelican: Python-Markdown footnotes, topics as tags and speakers as authors."""
    for path, text in layouts.PELICAN.items():
        _put(root / path, text)
    for hearing in archive.hearings():
        topics = dict.fromkeys(topic for note in hearing.notes for topic in note.topics)
        head = (
            f"Title: {hearing.title}\nDate: {hearing.date}\nSlug: {hearing.id}\n"
            f"Tags: {', '.join(topics)}\nAuthors: {'; '.join(hearing.speakers)}\n\n"
        )
        _put(root / f"content/{hearing.id}.md", head + _merged(hearing, archive))


def _front(hearing: Hearing, *, layout: bool = False) -> str:
    topics = sorted({topic for note in hearing.notes for topic in note.topics})
    notes = "".join(
        f"  - {{id: {note.id}, quote: {_yaml(note.quote)}, headline: {_yaml(note.headline)},"
        f" speaker: {hearing.turns[note.turn][0]}, topics: [{', '.join(note.topics)}]}}\n"
        for note in hearing.notes
    )
    chosen = "layout: transcript.njk\ntags: transcripts\n" if layout else ""
    return (
        f"---\n{chosen}title: {_yaml(hearing.title)}\ndate: {hearing.date}\nplace: {_yaml(hearing.place)}\n"
        f"speakers: [{', '.join(hearing.speakers)}]\ntopics: [{', '.join(topics)}]\nnotes:\n{notes}---\n\n"
    )


def _merged(hearing: Hearing, archive: Archive) -> str:
    """The text with a footnote reference behind each quote, and the notes as footnotes below."""
    at: dict[tuple[int, int], list[Remark]] = {}
    for note in hearing.notes:
        at.setdefault((note.turn, note.paragraph), []).append(note)
    pieces = []
    for t, (speaker, paragraphs) in enumerate(hearing.turns):
        for p, paragraph in enumerate(paragraphs):
            text = paragraph
            for note in sorted(at.get((t, p), ()), key=lambda note: -note.end):
                text = f"{text[: note.end]}[^{note.id}]{text[note.end :]}"
            pieces.append(f"**{archive.speakers[speaker]}:** {text}" if p == 0 else text)
    for note in hearing.notes:
        cited = "; ".join(f"[{archive.works[w][0]}]({archive.works[w][2]}), {archive.works[w][1]}" for w in note.works)
        body = "\n\n    ".join(note.text.split("\n\n"))
        pieces.append(f"[^{note.id}]: **{note.headline}** {body}\n\n    {cited}")
    return "\n\n".join(pieces) + "\n"


def _yaml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


ADAPTERS = {
    "sitegen": Adapter(
        "sitegen", write_sitegen, ("sitegen", "build"), "_site", "annotations/{id}.yaml", ("_site", ".sitegen")
    ),
    "hugo": Adapter(
        "hugo", write_hugo, ("hugo", "--quiet"), "public", "content/transcripts/{id}.md", ("public", "resources")
    ),
    "eleventy": Adapter(
        "eleventy", write_eleventy, ("npx", "eleventy", "--quiet"), "_site", "transcripts/{id}.md", ("_site",)
    ),
    "pelican": Adapter(
        "pelican",
        write_pelican,
        ("pelican", "content", "--settings", "settings.py", "--quiet"),
        "output",
        "content/{id}.md",
        ("output", "cache", "__pycache__"),
    ),
}
