"""Every page is valid HTML: of this repository's site, and of a site with one of everything."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import html5lib
import pytest

from tests.door import Result
from tests.reading import check_pages, pages_of
from tests.validity import faults

VALIDATORS = {
    "html-validate": ["--preset", "recommended"],
    "vnu": ["--errors-only", "--skip-non-html"],
}
"""Programs from npm (html-validate, vnu-jar), tried where they are installed, as in the workflow of the tests."""


def test_pages_of_every_kind_are_valid(gallery_site: Result) -> None:
    check_pages(gallery_site, pages_of(gallery_site.files))


@pytest.mark.parametrize("program", VALIDATORS)
def test_a_validator_finds_no_error(
    program: str, repository_site: Result, gallery_site: Result, tmp_path: Path
) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    for name, site in (("repository", repository_site), ("gallery", gallery_site)):
        for page in pages_of(site.files):
            target = tmp_path / name / page.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(page.html, encoding="utf-8")
    done = subprocess.run([program, *VALIDATORS[program], str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def in_page(body: str) -> Sequence[str]:
    """What is found in a page of which only the body matters."""
    page = f'<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><main>{body}</main></body></html>'
    return list(faults(html5lib.parse(page, namespaceHTMLElements=False)))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>A</h1><h3>B</h3>", "h3 follows h1"),
        ("<h2>A</h2>", "the page begins with its one h1"),
        ("<h1>A</h1><ul><p>x</p></ul>", "ul holds p"),
        ("<h1>A</h1><ul>x</ul><dl>x<dt>y</dt></dl>", "dl holds words of its own"),
        ("<h1>A</h1><div><li>x</li></div>", "li stands in div"),
        ("<h1>A</h1><span><a><div>x</div></a></span>", "div stands among words"),
        ("<h1>A</h1><a href=x><button type=button>x</button></a>", "button stands in a link or button"),
        ("<h1>A</h1><section aria-labelledby=b></section>", "section refers to b by aria-labelledby"),
        ("<h1>A</h1><time>0:00:05</time>", "time says 0:00:05"),
        ("<h1>A</h1><input type=radio autocomplete=off>", "a field of type radio has autocomplete"),
        ("<h1>A</h1><button>x</button>", "a button does not say what it is for"),
        ("<h1>A</h1><p lang=english!>x</p>", "p has the lang 'english!'"),
    ],
)
def test_a_fault_is_found(body: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in in_page(body)), in_page(body)


def test_what_is_right_is_left_alone() -> None:
    assert in_page("<h1 id=a>A</h1><section aria-labelledby=a><h2>B</h2><ul><li>x</ul></section>") == []
