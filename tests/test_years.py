"""Long lists have a page for each year, and everything stays within reach of plain links."""

from __future__ import annotations

from tests.door import Result, build
from tests.reading import Page, check_pages, pages_of

SPEAKERS = "{a: {name: Ann}, b: {name: Bo}}"
LISTS = ("speakers/a/", "topics/space/", "notes/")


def archive(years: list[str], turns: int, mark: str = "") -> Result:
    """A site with a transcript a year, of so many turns by each of two speakers; each of Ann's has a note, the first
    of each transcript with a further line."""
    files = {}
    for number, year in enumerate(years):
        date = f"date: {year}-05-04\n" if year else ""
        talk = "\n\n".join(f"Ann: Sentence {n} of talk {number}.\n\nBo: Answer {n}." for n in range(turns))
        files[f"content/transcripts/talk-{number}.md"] = (
            f"---\ntitle: Talk {number}\n{date}speakers: {SPEAKERS}\n---\n\n{talk}\n"
        )
        files[f"annotations/talk-{number}.yaml"] = "".join(
            f"- id: n{number}-{n}\n  quote: Sentence {n} of talk {number}.\n  note: Words.\n  topics: [space]\n"
            + (mark if n == 0 else "")
            for n in range(turns)
        )
    return build(files)


def paths(result: Result, below: str) -> set[str]:
    """The pages below a list's page, by what follows its address."""
    below_it = (path.removeprefix(below) for path in result.files if path.startswith(below))
    return {path.removesuffix("/index.html") for path in below_it if "/" in path}


def test_a_short_list_stays_on_one_page() -> None:
    result = archive(["1997", "1998"], 20)
    assert not any(paths(result, page) for page in LISTS)
    assert 'id="y-1997"' in result.page("topics/space/")


def test_a_long_list_of_one_year_stays_on_one_page() -> None:
    result = archive(["1997"], 301)
    assert not any(paths(result, page) for page in LISTS)


def test_a_long_list_has_a_page_for_each_year_and_leads_to_all_of_them() -> None:
    years = ["1997", "1999", ""]
    result = archive(years, 101)
    pages = pages_of(result.files)
    check_pages(result, pages)
    by_path = {page.path: page for page in pages}
    for address in LISTS:
        assert paths(result, address) == {"1997", "1999", "undated"}
        whole = by_path[f"{address}index.html"]
        assert not notes_led_to(whole)
        assert whole.find("y-1997").tag == "li"
        led_to = [notes_led_to(by_path[f"{address}{year or 'undated'}/index.html"]) for year in years]
        assert [len(found) for found in led_to] == [101, 101, 101]
        assert len(set().union(*led_to)) == 303
        middle = by_path[f"{address}1999/index.html"]
        assert [
            (e.attrib["rel"], e.attrib["href"]) for e in middle.elements if e.attrib.get("rel") in ("prev", "next")
        ] == [
            ("prev", "../1997/index.html"),
            ("next", "../undated/index.html"),
        ]


def test_the_index_lists_the_passages_of_a_topic() -> None:
    entry = index_entry(archive(["1997", "1999"], 25))
    assert entry.count('class="locator"') == 50
    assert "50 passages" not in entry


def test_a_topic_of_many_passages_leads_from_the_index_to_its_page_and_to_its_main_passages() -> None:
    entry = index_entry(archive(["1999", "", "1997"], 17, mark="  weight: key\n"))
    assert '<a href="space/index.html">51 passages, 1997\u20131999</a>' in entry
    assert [part.partition('"')[0] for part in entry.split('class="locator main" href="')[1:]] == [
        "../transcripts/talk-1/index.html#a-1-p1",  # without a date
        "../transcripts/talk-2/index.html#a-1-p1",
        "../transcripts/talk-0/index.html#a-1-p1",
    ]
    assert 'class="locator"' not in entry


def test_a_topic_of_many_passages_of_one_year_or_none() -> None:
    assert ">51 passages, 1997<" in index_entry(archive(["1997"], 51))
    assert ">51 passages<" in index_entry(archive([""], 51))


def index_entry(result: Result) -> str:
    """The entry of the one topic in the index."""
    return result.page("topics/").partition('<div id="space">')[2].partition("</div>")[0]


def notes_led_to(page: Page) -> set[str]:
    """The notes that a page leads to."""
    links = (element.attrib.get("href", "") for element in page.elements if element.tag == "a")
    return {link.partition("#n-")[2] for link in links if "#n-" in link}
