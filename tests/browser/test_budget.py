"""What a page asks of a reader's connection: few requests, small files, nothing inline, nothing from elsewhere."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator

from tests.browser.conftest import OpenPage
from tests.door import SEED, Result, build
from tests.reading import pages_of

MOST_OF_AN_ASSET = 10_000
MOST_OF_A_PAGE = 90_000
WORDS, NOTES, PARAGRAPH = 20_000, 150, 80


def compressed(data: bytes) -> int:
    """The size of a file as servers send it."""
    return len(gzip.compress(data, 6, mtime=0))


def speech(seed: int) -> Iterator[str]:
    """Words without end, that are as long, as many and as uneven as those of English, so that they shrink alike."""
    chance = random.Random(seed)
    beginnings, vowels, endings = "b c d f g h l m n p r s t v w st tr pl sh ch".split(), "aeiou", ["", *"nrtsldm"]  # noqa: SIM905
    syllables = [a + b + c for a in beginnings for b in vowels for c in endings]
    made = ("".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3)))) for _ in range(6000))
    vocabulary = sorted(dict.fromkeys(made), key=lambda word: len(word) + 3 * chance.random())
    weights = [1 / (rank + 2.7) ** 1.1 for rank in range(len(vocabulary))]
    while True:
        yield from chance.choices(vocabulary, weights, k=1000)


def long_site() -> dict[str, str | bytes]:
    """A transcript of 20,000 words with 150 notes of 40 words, each with a headline and a source."""
    chance, words = random.Random(7), speech(3)

    def some(count: int) -> str:
        return " ".join(next(words) for _ in range(count))

    paragraphs, notes = [], []
    for number in range(WORDS // PARAGRAPH):
        before, quoted, after = some(20), some(8), some(PARAGRAPH - 28)
        label = f"{chance.choice(('Ann Archer', 'Bo Berg'))}: " if number % 3 == 0 else ""
        paragraphs.append(f"{label}{before.capitalize()} {quoted} {after}.")
        notes.append(
            f"- id: n{number}\n  quote: {quoted}\n"
            f"  headline: {some(9).capitalize()}.\n  note: {some(31).capitalize()}.\n"
            f"  kind: {chance.choice(('context', 'source', 'disputed'))}\n  topics: [topic-{number % 12}]\n"
            f"  author: An editor\n  created: 2024-02-01\n  sources: [{{title: {some(6)}, publisher: {some(1)},"
            f" date: 2021-03-01, url: 'https://example.org/{some(1)}/{some(2).replace(' ', '-')}'}}]\n"
        )
    front = "---\ntitle: A long talk\ndate: 2021-05-04\nspeakers: {a: {name: Ann Archer}, b: {name: Bo Berg}}\n---\n\n"
    return {
        "sitegen.yaml": "title: T\nurl: https://example.org/\nrepository: https://github.com/example/talks\n",
        "content/transcripts/long.md": front + "\n\n".join(paragraphs) + "\n",
        "annotations/long.yaml": "".join(notes[:NOTES]),
    }


def test_a_long_page_with_many_notes_is_small() -> None:
    built = build(long_site())
    assert [d.message for d in built.diagnostics if d.severity == "error"] == []
    (annotated,) = built.annotated
    assert len(annotated.notes) == NOTES
    size = compressed(built.page("transcripts/long/").encode())
    assert size <= MOST_OF_A_PAGE, size


def test_style_and_script_are_one_small_file_each_named_by_its_contents(repository_site: Result) -> None:
    for page in pages_of(repository_site.files):
        styles = [e.attrib["href"] for e in page.root.iter("link") if e.attrib["rel"] == "stylesheet"]
        scripts = [e.attrib.get("src", "") for e in page.root.iter("script") if "json" not in e.attrib.get("type", "")]
        for named, kind in ((styles, "css"), (scripts, "js")):
            assert len(named) == 1, page.path
            assert re.fullmatch(rf"(?:\.\./)*assets/site\.[0-9a-f]{{10}}\.{kind}", named[0]), page.path
            data = repository_site.files[named[0].replace("../", "")]
            assert compressed(data) <= MOST_OF_AN_ASSET, named[0]


def test_the_first_view_takes_three_requests(address: str, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.goto(f"{address}/transcripts/{SEED}/", wait_until="networkidle")
    here, style, script, *later = asked
    assert here == f"/transcripts/{SEED}/"
    assert re.fullmatch(r"/assets/site\.\w+\.css", style)
    assert re.fullmatch(r"/assets/site\.\w+\.js", script)
    # Not part of the view: some browsers also ask for the icon of the tab.
    assert not [name for name in later if not re.fullmatch(r"/assets/icon\.\w+\.svg", name)]
