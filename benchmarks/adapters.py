"""One archive written for each generator, with the command that builds it and the file that holds a note.

Other generators get the notes already merged into the text as their native footnotes, and what topic and
speaker pages list in the front matter, which spares them the work that sitegen is for. All make the same
pages: transcripts, topics and speakers with their passages, the three lists, and a first page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import layouts
from benchmarks.archive import Archive, Hearing, Remark
from benchmarks.measure import MEMO


@dataclass(frozen=True, slots=True)
class Adapter:
    """A generator: how content is written for it, how it is run, where it puts the site, how to get it.

    `note_file` is the file with a transcript's notes; `state` are folders that a cold build must not find.
    """

    write: Callable[[Archive, Path], None]
    command: tuple[str, ...]
    output: str
    note_file: str
    state: tuple[str, ...]
    install: str


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
        front = _front(hearing, archive, "fnref:{number}")
        _put(root / f"content/transcripts/{hearing.id}.md", f"---\n{front}---\n\n{merged(hearing, archive)}")


def _terms(archive: Archive, root: Path, kind: str, names: Mapping[str, str]) -> None:
    for key, name in names.items():
        _put(root / f"content/{kind}/{key}/_index.md", f"---\ntitle: {_yaml(name)}\n---\n")


def write_eleventy(archive: Archive, root: Path) -> None:
    """Eleventy: markdown-it with its footnote plugin, paginated collections for topics and speakers."""
    for path, text in layouts.ELEVENTY.items():
        _put(root / path, text)
    _put(root / "_data/names.json", json.dumps({"topics": archive.topics, "speakers": archive.speakers}))
    for hearing in archive.hearings():
        front = "layout: transcript.njk\ntags: transcripts\n" + _front(hearing, archive, "fnref{number}")
        _put(root / f"transcripts/{hearing.id}.md", f"---\n{front}---\n\n{merged(hearing, archive)}")


def write_pelican(archive: Archive, root: Path) -> None:
    """Pelican: Python-Markdown footnotes, topics as tags, speakers as authors, and passages as JSON in the head."""
    for path, text in layouts.PELICAN.items():
        _put(root / path, text)
    for hearing in archive.hearings():
        topics = [archive.topics[topic] for topic in _topics_of(hearing)]
        head = (
            f"Title: {hearing.title}\nDate: {hearing.date}\nSlug: {hearing.id}\nPlace: {hearing.place}\n"
            f"Tags: {', '.join(topics)}\nAuthors: {'; '.join(archive.speakers[one] for one in hearing.speakers)}\n"
            f"Notes: {json.dumps(_passages(hearing, archive, 'fnref:{id}'))}\n\n"
        )
        _put(root / f"content/{hearing.id}.md", head + merged(hearing, archive))


def _front(hearing: Hearing, archive: Archive, anchor: str) -> str:
    """The head of a merged file. Passages are JSON, which is YAML too."""
    notes = "".join(f"  - {json.dumps(passage)}\n" for passage in _passages(hearing, archive, anchor))
    return (
        f"title: {_yaml(hearing.title)}\ndate: {hearing.date}\nplace: {_yaml(hearing.place)}\n"
        f"speakers: [{', '.join(hearing.speakers)}]\ntopics: [{', '.join(_topics_of(hearing))}]\nnotes:\n{notes}"
    )


def _topics_of(hearing: Hearing) -> list[str]:
    return sorted({topic for note in hearing.notes for topic in note.topics})


def _passages(hearing: Hearing, archive: Archive, anchor: str) -> list[dict[str, object]]:
    """What topic and speaker pages show of each note; `anchor` is the generator's id of a footnote reference."""
    return [
        {
            "anchor": anchor.format(number=number, id=note.id),
            "quote": note.quote,
            "headline": note.headline,
            "speaker": hearing.turns[note.turn][0],
            "name": archive.speakers[hearing.turns[note.turn][0]],
            "topics": note.topics,
        }
        for number, note in enumerate(hearing.notes, start=1)
    ]


def merged(hearing: Hearing, archive: Archive) -> str:
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


def edit(adapter: Adapter, root: Path, hearing: Hearing, sentence: str) -> None:
    """Adds a sentence to the note in the middle of a transcript, wherever the generator keeps it."""
    path = root / adapter.note_file.format(id=hearing.id)
    text = path.read_text(encoding="utf-8")
    line = hearing.notes[len(hearing.notes) // 2].text.partition("\n")[0]
    if text.count(line) != 1:
        raise ValueError(f"{path}: {text.count(line)} times: {line}")
    path.write_text(text.replace(line, f"{line} {sentence}"), encoding="utf-8")


def _yaml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


ADAPTERS = {
    "hugo": Adapter(
        write_hugo,
        ("hugo", "--quiet"),
        "public",
        "content/transcripts/{id}.md",
        ("public", "resources"),
        "install your system's package hugo",
    ),
    "eleventy": Adapter(
        write_eleventy,
        ("eleventy", "--quiet"),
        "_site",
        "transcripts/{id}.md",
        ("_site",),
        "npm install @11ty/eleventy markdown-it-footnote, then --programs node_modules/.bin",
    ),
    "pelican": Adapter(
        write_pelican,
        ("pelican", "content", "--settings", "settings.py", "--quiet"),
        "output",
        "content/{id}.md",
        ("output", "__pycache__"),
        "pip install 'pelican[markdown]'",
    ),
    "sitegen": Adapter(
        write_sitegen,
        ("sitegen", "build", "--no-search"),
        "_site",
        "annotations/{id}.yaml",
        ("_site", MEMO),
        "pip install -e .",
    ),
}
