"""A hundred selections on real transcripts: each becomes a file that checks clean and means the same words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page

from sitegen.cli import main
from sitegen.edition import paragraphs_of
from sitegen.model import Paragraph, Transcript
from tests.chromium import SELECT, chromium
from tests.door import REPOSITORY, SEED, SHARED, Result, build, site_files

REAL = [
    "changelog_go-time-284.md",
    "crec_1997-01-28_S715.htm",
    "audreyt_2016-08-12_kim-hill.md",
    "kremlin_hospital_2018.txt",
    "parlamint_at_1996-01-15.xml",
]
SETTINGS = "title: Trial\nrepository: https://github.com/example/talks\n"
MANY = 100


@dataclass(frozen=True)
class Selection:
    """Words of a transcript: from an offset of one paragraph to an offset of the same or the next one."""

    transcript: str
    first: Paragraph
    start: int
    last: Paragraph
    end: int

    @property
    def words(self) -> list[tuple[str, str]]:
        """What a note on it has to stand at: ids of paragraphs with their words."""
        if self.first is self.last:
            return [(self.first.id, self.first.plain[self.start : self.end])]
        return [(self.first.id, self.first.plain[self.start :]), (self.last.id, self.last.plain[: self.end])]

    def in_script(self) -> list[Any]:
        """The same for the browser, which counts UTF-16 units."""
        return [self.first.id, _units(self.first, self.start), self.last.id, _units(self.last, self.end)]


def _units(paragraph: Paragraph, offset: int) -> int:
    return len(paragraph.plain[:offset].encode("utf-16-le")) // 2


def selections(transcripts: Sequence[Transcript]) -> Iterator[Selection]:
    """Stretches of one to a dozen words, some of them over the end of a paragraph or turn."""
    chance = random.Random(5)
    while True:
        transcript = chance.choice(transcripts)
        paragraphs = [p for p in paragraphs_of(transcript) if p.id]
        i = chance.randrange(len(paragraphs) - 1)
        here, following = paragraphs[i], paragraphs[i + 1]
        tokens = list(re.finditer(r"\S+", here.plain))
        further = list(re.finditer(r"\S+", following.plain))
        if "\n" in here.plain + following.plain or not tokens or not further:
            continue
        begin = chance.choice(tokens)
        if chance.random() < 0.2:
            if not here.kind == following.kind == "speech":
                continue
            found = Selection(transcript.id, here, begin.start(), following, chance.choice(further).end())
        else:
            last = tokens[min(tokens.index(begin) + chance.randrange(12), len(tokens) - 1)]
            found = Selection(transcript.id, here, begin.start(), here, last.end())
        # Fewer than two letters are no quote, alone or as the part of one that lies in a turn.
        if all(sum(c.isalnum() for c in words) >= 2 for _, words in found.words):
            yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed and, where they are, real transcripts of other kinds, without notes."""
    root = tmp_path_factory.mktemp("selections")
    (root / "content/transcripts").mkdir(parents=True)
    (root / "sitegen.yaml").write_text(SETTINGS, encoding="utf-8")
    for name in (f"content/transcripts/{SEED}.md", "content/speakers.yaml"):
        (root / name).write_bytes((REPOSITORY / name).read_bytes())
    for real in (SHARED / "real" / name for name in REAL):
        if real.exists():
            imported = CliRunner().invoke(main, ["import", "--site", str(root), str(real)])
            assert imported.exit_code == 0, imported.output
    built = CliRunner().invoke(main, ["build", "--site", str(root)])
    assert built.exit_code == 0, built.output
    return root


def suggested(page: Page, selection: Selection) -> tuple[str, str]:
    """The path and content of the file that the menu offers for a selection."""
    page.evaluate(SELECT, selection.in_script())
    page.clock.run_for(400)
    address = page.locator(".menu a").get_attribute("href")
    assert address
    assert address.startswith("https://github.com/example/talks/new/main?")
    assert len(address) < 7000
    query = parse_qs(urlsplit(address).query)
    return query["filename"][0], query["value"][0]


def test_each_becomes_a_note_on_exactly_the_selected_words(site: Path) -> None:
    texts = site_files(site)
    transcripts = [one.transcript for one in build(texts).annotated]
    chosen = [found for found, _ in zip(selections(transcripts), range(MANY + 10), strict=False)]
    assert len({selection.transcript for selection in chosen}) == len(transcripts)
    made: dict[str, tuple[Selection, str]] = {}
    with chromium() as browser:
        page = browser.new_page()
        page.clock.install()
        for selection in sorted(chosen, key=lambda selection: selection.transcript):
            address = (site / f"_site/transcripts/{selection.transcript}/index.html").as_uri()
            if page.url != address:
                page.goto(address)
            path, content = suggested(page, selection)
            made.setdefault(path, (selection, content))  # GitHub lets nobody make a file a second time
    assert len(made) >= MANY
    result = build({**texts, **{path: content for path, (_, content) in made.items()}})
    assert [d for d in result.diagnostics if d.severity == "error"] == []
    found = _placed(result)
    for path, (selection, content) in made.items():
        assert found.get(path) == selection.words, content


def _placed(result: Result) -> dict[str, list[tuple[str, str]]]:
    found = {}
    for one in result.annotated:
        plain = {p.id: p.plain for p in paragraphs_of(one.transcript)}
        for note in one.notes:
            words = [(a.paragraph_id, plain[a.paragraph_id][a.start : a.end]) for a in note.anchors]
            found[note.annotation.location.path] = words
    return found
