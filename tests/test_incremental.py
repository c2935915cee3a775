"""A warm build gives what a clean one gives, whatever was changed since, and renders only what had to be."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest

from sitegen.pages import years
from tests.door import REPOSITORY
from tests.gallery import site as gallery
from tests.standing import Standing, clean, together
from tests.test_cases import CASES, read_case

Site = dict[str, str]


def cases() -> Iterator[tuple[str, Site]]:
    for path in sorted(CASES.rglob("*.txt")):
        try:
            inputs = read_case(path).inputs()
            if inputs:
                yield path.relative_to(CASES).as_posix(), as_texts(inputs)
        except (AttributeError, OSError):
            continue


def as_texts(files: Mapping[str, str | bytes]) -> Site:
    """The files of a site as texts; bytes that are none are kept."""
    return {n: d if isinstance(d, str) else d.decode("utf-8", "surrogateescape") for n, d in files.items()}


def check_warm(standing: Standing, site: Site) -> list[str]:
    """Builds again; what was rendered. Everything must equal a clean build."""
    snapshot = together(site)
    made = standing.build(snapshot)
    contents, diagnostics = clean(snapshot)
    assert standing.contents == contents
    assert made.diagnostics == diagnostics
    return sorted(one.path for one in made.kept)


EDITS = ("word", "line", "drop", "swap", "file gone", "file renamed", "note", "settings", "template", "same again")


def edited(site: Site, chance: random.Random) -> Site:
    """The site after one random change of one kind."""
    kind, path = chance.choice(EDITS), chance.choice(sorted(site))
    lines = site[path].split("\n")
    at = chance.randrange(len(lines))
    if kind == "word":
        words = lines[at].split(" ")
        words[chance.randrange(len(words))] = chance.choice(["changed", "Yes", "topic:war", "", "*so*", "é"])
        lines[at] = " ".join(words)
    elif kind == "line":
        lines.insert(at, chance.choice(["", "Somebody: Something.", "A paragraph.", "# comment", "- quote: Yes"]))
    elif kind == "drop":
        del lines[at]
    elif kind == "swap":
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == "file gone":
        return {name: text for name, text in site.items() if name != path}
    elif kind == "file renamed":
        renamed = path.replace(".", f"-{chance.randrange(3)}.", 1) if path != "sitegen.yaml" else path
        return {name: text for name, text in site.items() if name != path} | {renamed: site[path]}
    elif kind == "note":
        stem = chance.choice([name for name in site if name.startswith("content/transcripts/")] or ["x/y.md"])
        name = f"annotations/{stem.rpartition('/')[2].removesuffix('.md')}.yaml"
        return site | {name: site.get(name, "") + "\n- quote: Yes\n  note: Added.\n  topics: [war]\n"}
    elif kind == "settings":
        return site | {"sitegen.yaml": f"title: Test {chance.randrange(3)}\nlanguage: {chance.choice(['en', 'de'])}\n"}
    elif kind == "template":
        name = chance.choice(["topic.html", "note.html", "404.html", "macros.html"])
        text = (REPOSITORY / "templates" / name).read_text(encoding="utf-8")
        return site | {f"templates/{name}": text.replace("<p", "<p data-mine", chance.randrange(3))}
    return site | {path: "\n".join(lines)}


@pytest.mark.parametrize(("name", "site"), [pytest.param(*case, id=case[0]) for case in cases()][::9])
def test_random_edits_of_the_cases(name: str, site: Site) -> None:
    chance = random.Random(name)
    standing = Standing()
    check_warm(standing, site)
    assert check_warm(standing, site) == []
    for _ in range(4):
        site = edited(site, chance) or site
        check_warm(standing, site)


def test_random_edits_of_a_site_with_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(years, "LONG", 5)  # so that lists are divided by year
    site = as_texts(gallery())
    standing, chance = Standing(), random.Random(7)
    check_warm(standing, site)
    start = site
    for number in range(24):
        site = edited(start if number % 4 == 0 else site, chance)
        check_warm(standing, site)


def test_a_new_note_changes_no_page_that_does_not_show_it() -> None:
    speech = "---\ntitle: {0}\ndate: {1}\nspeakers:\n  {0}:\n    name: {0}\n---\n\n{0}: I say so.\n"
    site = {
        "sitegen.yaml": "title: Test\n",
        "content/transcripts/first.md": speech.format("ann", "2001-01-01"),
        "content/transcripts/second.md": speech.format("bea", "2002-02-02"),
        "content/pages/about.md": "---\ntitle: About\n---\n\nWords.\n",
        "annotations/topics.yaml": "war:\n  name: War\npeace:\n  name: Peace\n",
        "annotations/second.yaml": "- quote: say\n  note: One.\n  topics: [peace]\n",
    }
    standing = Standing()
    check_warm(standing, site)
    made = check_warm(standing, site | {"annotations/first.yaml": "- quote: say\n  note: Two.\n  topics: [war]\n"})
    assert {"topics/war/index.html", "speakers/ann/index.html", "transcripts/first/index.html"} <= set(made)
    others = ("topics/peace", "speakers/bea", "transcripts/second", "about", "404", "assets")
    assert [path for path in made if path.startswith(others)] == []


def test_a_mended_text_changes_no_page_that_does_not_show_it() -> None:
    """Nor does it matter to other pages that what stands below it in the file has moved."""
    standing = Standing()
    site = as_texts(gallery())
    check_warm(standing, site)
    name = min(one for one in site if one.startswith("annotations/") and "  note: " in site[one])
    stem = name.removeprefix("annotations/").removesuffix(".yaml")
    mended = site | {name: "# Checked.\n" + site[name].replace("  note: ", "  note: Mended. ", 1)}
    rendered = check_warm(standing, mended)
    assert f"transcripts/{stem}/index.html" in rendered
    lists = ("topics/index.html", "speakers/index.html")  # those of the whole site are made again for the feed
    assert not [path for path in rendered if path.startswith(("topics/", "speakers/")) and path not in lists]


def test_a_page_that_moves_to_another_folder_links_to_its_file_there() -> None:
    site = {
        "sitegen.yaml": "title: Test\nrepository: https://example.org/a/b\n",
        "content/pages/about.md": "---\ntitle: About\n---\n\nWords.\n",
    }
    standing = Standing()
    check_warm(standing, site)
    site["content/pages/us/about.md"] = site.pop("content/pages/about.md")
    assert "about/index.html" in check_warm(standing, site)


def test_a_page_is_back_when_what_had_its_address_is_gone() -> None:
    transcript = "---\ntitle: A talk\ndate: 2020-01-01\n{}---\n\nAnn: One two three four.\n"
    site = {f"content/transcripts/{name}.md": transcript.format("") for name in "abcdefz"}
    former = {"content/transcripts/a.md": transcript.format("aka: [z]\n")}
    standing = Standing()
    for files in (site, site | former, site):
        check_warm(standing, files)


def test_a_file_that_was_renamed_is_called_by_its_name() -> None:
    notes = "- quote: One two three\n  note: Nothing to be found.\n"
    standing = Standing()
    for name in ("one", "two"):
        check_warm(standing, {f"annotations/missing/{name}.yaml": notes})


def test_what_is_said_of_a_register_names_its_line() -> None:
    talk = "---\ntitle: A talk\ndate: 2020-01-01\n---\n\nAnn: One two three four.\n"
    standing = Standing()
    for above in ("", "\n"):
        sources = f"{above}report:\n  title: A report that nobody cites\n"
        check_warm(standing, {"content/transcripts/a.md": talk, "annotations/sources.yaml": sources})
