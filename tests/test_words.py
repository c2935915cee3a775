"""The words of the interface: complete in every language, each of them used, none written into a template."""

from __future__ import annotations

import ast
import json
import re
import string
from typing import get_args, get_type_hints

import pytest

from sitegen.annotations import AnnotationRecord
from sitegen.project import KINDS
from tests.door import REPOSITORY, build
from tests.gallery import site

TEMPLATES = REPOSITORY / "templates"
TABLES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((TEMPLATES / "words").glob("*.json"))}
ENGLISH = TABLES["en"]
RECORDS = filter(None, get_args(get_type_hints(AnnotationRecord)["record"]))
MADE = {f"kind-{kind.id}" for kind in KINDS} | {f"record-{record}" for record in RECORDS}
"""Keys that are put together from what a note says."""

SAME_EVERYWHERE = {"BibTeX", "CSL-JSON", "cite.bib", "cite.json", "JSON", "TEI", "WebVTT", "Web Annotation", "n"}


def in_templates() -> set[str]:
    """The keys that templates name."""
    texts = [path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.*ml"))]
    named = {key for text in texts for key in re.findall(r"""\bt\(["']([^"']+)["']""", text)}
    # `t(name)` in a loop over the names of the filters.
    looped = {key for text in texts for loop in re.findall(r"for name, \w+ in \((.*?)\) if", text, re.DOTALL)
              for key in re.findall(r'"([a-z]+)"', loop)}  # fmt: skip
    return named | looped


def in_pages() -> set[str]:
    """The literals in the modules of pages, keys among them."""
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((REPOSITORY / "sitegen/pages").glob("*.py"))]
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def in_script() -> set[str]:
    """The keys that the script names: said, on a button of the menu, or thrown to be said where it is caught."""
    script = (TEMPLATES / "assets/site.js").read_text("utf-8")
    said = re.findall(r'\b(?:say|action|new Error)\((?:\w+ \? )?("[^"]+"(?: : "[^"]+")?)', script)
    return {f"js-{key}" for keys in said for key in re.findall(r'"([^"]+)"', keys)}


def fields(text: str) -> list[set[str]]:
    """The places to fill in, for each form of a word."""
    return [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in text.split("|")]


def test_all_words_are_used_and_all_that_are_used_are_there() -> None:
    assert (in_templates() | in_script() | MADE) - set(ENGLISH) == set()
    assert set(ENGLISH) - in_templates() - in_script() - MADE - in_pages() == set()


@pytest.mark.parametrize("language", TABLES)
def test_a_table_is_complete(language: str) -> None:
    table = TABLES[language]
    assert list(table) == sorted(ENGLISH)
    for key, text in table.items():
        assert text.strip() == text != "", key
        assert fields(text) == fields(ENGLISH[key]), key


@pytest.mark.parametrize("language", sorted(TABLES.keys() - {"en"}))
def test_a_table_is_translated(language: str) -> None:
    same = {key for key, text in TABLES[language].items() if text == ENGLISH[key] and re.search(r"[a-z]{2}", text)}
    assert len(same) < len(ENGLISH) / 10, sorted(same)


def test_french_signs_of_two_parts_stand_behind_a_narrow_space() -> None:
    assert [text for text in TABLES["fr"].values() if re.search(r"[\w)}\]] ?[:;!?»](?!\w)|« ?\w", text)] == []


@pytest.mark.parametrize(
    ("settings", "row", "sentence"),
    [
        ("publisher: Us", "<dt>Language</dt><dd>English</dd>", "The council, read 2 January 2024, with notes by Us."),
        ("language: de", "<dt>Sprache</dt><dd>Deutsch</dd>", "Text aus: The council, abgerufen am 2. Januar 2024."),
        ("language: fr", "<dt>Langue</dt><dd>français</dd>", "de\u202f: The council, consulté le 2 janvier 2024."),
    ],
)  # fmt: skip
def test_a_transcript_says_its_language_and_where_its_text_is_from(settings: str, row: str, sentence: str) -> None:
    built = build({**site(), "sitegen.yaml": f"title: T\n{settings}\n"})
    page = built.page("transcripts/first/")
    assert row in page
    assert sentence in re.sub("</?time[^>]*>", "", page)
    assert re.search(r"<dd>\w+, [\w ]+ <a [^>]*>Second hearing</a></dd>", built.page("transcripts/third/"))


def test_no_template_has_words_of_its_own() -> None:
    for path in sorted(TEMPLATES.glob("*.html")):
        template = re.sub(r"\{% block (?:class|kind) %\}.*?\{% endblock %\}", "", path.read_text("utf-8"))
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template, flags=re.DOTALL)
        spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', text)
        without_scripts = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
        shown = re.sub(r'<[^>]*>|[\w-]+="[^"]*"', "\n", without_scripts)
        words = {line.strip() for line in [*shown.splitlines(), *spoken] if re.search(r"[A-Za-z]", line)}
        assert words <= SAME_EVERYWHERE | {"&lt;…&gt;"}, path.name


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["4. Mai 2021", "13 Anmerkungen", "Themenregister"]),
        ("fr", ["4 mai 2021", "13 notes", "Index des thèmes"]),
    ],
)
def test_a_site_in_another_language(language: str, expected: list[str]) -> None:
    built = build({**site(), "sitegen.yaml": f"title: T\nlanguage: {language}\n"})
    assert f'<html lang="{language}" dir="ltr">' in built.page("")
    for text in expected:
        assert text in built.page("transcripts/first/") + built.page("topics/")


def test_english_words_keep_their_order_where_a_site_reads_from_right_to_left() -> None:
    built = build({**site(), "sitegen.yaml": "title: T\nlanguage: ar\n"})
    assert '<html lang="ar" dir="rtl">' in built.page("")
    assert "\u20668 turns\u2069" in built.page("transcripts/first/")
    english = build(site())
    assert not any("\u2066" in text.decode() for path, text in english.files.items() if path.endswith(".html"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_sites_own_words_stand_in_for_those_that_ship(language: str) -> None:
    own = {"search": "Find it", "n-notes": "{n} note|{n} {wrong}", "sources": "Torn {"}
    result = build({
        **site(),
        "sitegen.yaml": f"title: Words\nlanguage: {language}\n",
        f"templates/words/{language}.json": json.dumps(own, indent=1),
    })  # fmt: skip
    found = [d for d in result.diagnostics if d.code == "template-error"]
    assert [(d.location and d.location.line) for d in found] == [3, 4]
    home = result.page("")
    assert "Find it" in home
    assert TABLES[language]["topics"] in home
