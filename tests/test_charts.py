"""Charts on pages: bars of a bounded width on a line, years that do not run into each other, shares beside them."""

from __future__ import annotations

from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest

from tests.door import Result, build
from tests.reading import Page, words_of

SVG = "{http://www.w3.org/2000/svg}"
BROADEST = 36
YEAR = 28
"""How wide four figures are in a chart's letters."""


def site(years: list[int]) -> Result:
    """A site in which Ann speaks once in each year, and Bo, who says three words of four, in the first."""
    said = dict.fromkeys(years, "Ann: We shall see.") | {years[0]: "Ann: Yes.\n\nBo: No no no."}
    front = "---\ntitle: T\ndate: {year}-05-01\nspeakers: {{ann: {{name: Ann}}, bo: {{name: Bo}}}}\n---\n\n"
    talks = {f"content/transcripts/t{year}.md": front.format(year=year) + f"{text}\n" for year, text in said.items()}
    return build(talks)


def chart(built: Result) -> Element:
    """The chart of Ann's page."""
    page = Page("ann", built.page("speakers/ann/"))
    return next(e for e in page.of_class(f"{SVG}svg", "chart") if e.attrib["aria-label"] == "Turns by year")


@pytest.mark.parametrize("years", [[2020, 2021], [1990, 2000, 2024], list(range(1850, 2024, 7))])
def test_bars_stand_in_their_chart_with_their_years(years: list[int]) -> None:
    drawn = chart(site(years))
    width, height = float(drawn.attrib["width"]), float(drawn.attrib["height"])
    bars = [
        {name: float(bar.attrib[name]) for name in ("x", "y", "width", "height")} for bar in drawn.iter(f"{SVG}rect")
    ]
    assert len(bars) == len(years)
    (base,) = (float(line.attrib["y1"]) for line in drawn.iter(f"{SVG}line"))
    for bar in bars:
        assert 0 < bar["width"] < BROADEST
        assert 0 <= bar["x"] < bar["x"] + bar["width"] <= width
        assert bar["y"] + bar["height"] == base < height
    written = [(float(e.attrib["x"]), e.text) for e in drawn.iter(f"{SVG}text") if float(e.attrib["y"]) > base]
    assert {name for _, name in written} <= {str(year) for year in range(years[0], years[-1] + 1)}
    assert len(written) >= 2
    assert all(right[0] - left[0] >= YEAR for left, right in pairwise(written))


def test_few_years_have_their_figures_on_the_bars() -> None:
    def figures(years: list[int]) -> list[str | None]:
        return [e.text for e in chart(site(years)).iter(f"{SVG}text") if e.text and len(e.text) < 4]

    assert figures([2020, 2021, 2022]) == ["1", "1", "1"]
    assert figures(list(range(1850, 2024))) == []


def test_the_share_of_words_is_told_for_all_each_year_and_each_transcript() -> None:
    page = Page("ann", site([2020, 2021]).page("speakers/ann/"))
    rows = [[words_of(cell) for cell in row.iter("td")] for row in page.root.iter("tr")]
    assert rows[1:] == [["2020", "1", "1", "25%"], ["2021", "1", "3", "100%"]]
    assert "2 turns, 4 words, 57% of the words" in page.html
    assert "1 turn, 1 word, 25% of the words" in page.html


def test_roles_stand_on_one_line_of_time() -> None:
    speakers = 'ann:\n  name: Ann\n  roles: [{title: Clerk, to: "2010"}, {title: Mayor, from: "2010", to: "2014"}]\n'
    built = build(
        {
            "content/speakers.yaml": speakers,
            "content/transcripts/t.md": "---\ndate: 2019-05-01\nspeakers: [ann]\n---\n\nAnn: Yes.\n",
        }
    )
    page = Page("ann", built.page("speakers/ann/"))
    clerk, mayor, years = page.of_class(f"{SVG}svg", "chart")
    ((until,), (since,)) = ([bar.attrib for bar in one.iter(f"{SVG}rect")] for one in (clerk, mayor))
    assert float(until["x"]) == 0
    assert float(until["x"]) + float(until["width"]) == pytest.approx(float(since["x"]), abs=0.2)
    places = {e.text: float(e.attrib["x"]) for e in years.iter(f"{SVG}text")}
    assert places["2010"] == pytest.approx(float(since["x"]), abs=0.2)
    assert places["2014"] == pytest.approx(float(since["x"]) + float(since["width"]), abs=0.2)
    assert "2018" in places  # up to when she is seen
    assert "until <time" in page.html


def test_who_says_nothing_in_any_year_has_a_page_without_a_chart() -> None:
    talk = "---\ntitle: T\ndate: {}-05-01\nspeakers: {{ann: {{name: Ann}}, bo: {{name: Bo}}}}\n---\n\nAnn: Yes.\n"
    built = build({f"content/transcripts/t{year}.md": talk.format(year) for year in (2020, 2021)})
    page = Page("bo", built.page("speakers/bo/"))
    assert not page.of_class(f"{SVG}svg", "chart")
