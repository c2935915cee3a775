"""Words in another language than the page say so, in every place where they are shown, and run their own way."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest

from tests.door import Result, build
from tests.reading import pages_of

FILES: dict[str, str | bytes] = {
    "sitegen.yaml": "title: Die Seite\nlanguage: de\nrepository: https://github.com/example/talks\n",
    "content/transcripts/one.md": """\
---
title: Englishtitle
date: 2020-01-01
language: en
speakers: {ann: {name: Ann}, bo: {name: Bo}}
---

Englishwords open the meeting.

## Englishpart

Ann: Englishwords are spoken here and Englishwords are spoken there.

Bo {#bo-1 lang=ar}: هذا هو الميناء الجديد.

<…>

Ann: Englishwords end it.
""",
    "content/transcripts/two.md": """\
---
title: Deutschtitel
date: 2021-01-01
speakers: {ann: {name: Ann}}
translation_of: one
---

Ann: Deutschwort folgt auf Deutschwort.
""",
    "annotations/one.yaml": """\
- {id: a, quote: here and Englishwords, note: Deutschnotiz., headline: Deutschkopf, topics: [hafen], sources: [livre]}
- {id: b, quote: هذا هو الميناء الجديد, note: Deutschnotiz., topics: [hafen], sources: [livre]}
- {id: c, quote: Englishwords end it, lang: fr, note: Françaisnote., headline: Français, related: [b], topics: [hafen]}
- {id: e, quote: Englishwords open the meeting, topics: [hafen]}
""",
    "annotations/two.yaml": """\
- {id: d, quote: folgt auf Deutschwort, note: Deutschnotiz., related: [a, b, c], topics: [hafen]}
""",
    "annotations/topics.yaml": "hafen: {name: Deutschhafen}\n",
    "annotations/sources.yaml": "livre: {title: Françaisœuvre, language: fr}\n",
}
LANGUAGES = {"English": "en", "Français": "fr", "Deutsch": "de", "هذا": "ar"}


def texts(element: Element, language: str = "", way: str = "") -> Iterator[tuple[str, str, str]]:
    """The texts in an element, each with the language and the direction that it is in."""
    language, way = element.attrib.get("lang", language), element.attrib.get("dir", way)
    yield element.text or "", language, way
    for child in element:
        if child.tag not in ("script", "head", "pre"):
            yield from texts(child, language, way)
        yield child.tail or "", language, way


@pytest.fixture(scope="module")
def built() -> Result:
    """A German site with an English transcript, in which Arabic is spoken, and a French note."""
    return build(FILES)


def test_every_text_is_marked_with_its_language(built: Result) -> None:
    assert [d.message for d in built.diagnostics if d.severity == "error"] == []
    seen = set()
    for page in pages_of(built.files):
        for text, language, way in texts(page.root):
            for beginning, expected in LANGUAGES.items():
                if beginning in text:
                    seen.add((page.path, expected))
                    assert language == expected, f"{page.path}: {text.strip()}"
                    assert way == "auto" or (way == "rtl") == (expected == "ar"), f"{page.path}: {text.strip()}"
    for path in ("index.html", "notes/index.html", "topics/hafen/index.html", "transcripts/one/index.html"):
        assert {language for seen_in, language in seen if seen_in == path} == set(LANGUAGES.values()), path


def test_the_labels_of_references_are_in_the_language_of_the_interface(built: Result) -> None:
    one = next(page for page in pages_of(built.files) if page.path == "transcripts/one/index.html")
    labels = [(e.attrib.get("lang"), e.attrib["aria-label"]) for e in one.of_class("a", "ref")]
    assert labels == [("de", f"Anmerkung {number}, Zusammenhang") for number in (1, 2, 3)]
