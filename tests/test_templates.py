"""Templates of a site run in a sandbox, those that ship with sitegen without one; pages do not tell which."""

from __future__ import annotations

import pytest

from sitegen.diagnostics import as_text
from tests.door import REPOSITORY, build
from tests.gallery import site


def test_the_sandbox_changes_no_byte() -> None:
    own = {"templates/404.html": (REPOSITORY / "templates/404.html").read_bytes()}
    assert build({**site(), **own}).files == build(site()).files


@pytest.mark.parametrize(
    "expression",
    [
        "page.__class__.__mro__",
        "().__class__.__base__.__subclasses__()",
        "t.__call__.__globals__",
        "t.__init__.__globals__['json']",
        "t.words.__class__",
        "m.day._func.__code__",
        "page|attr('__class__')|string ~ page|attr('__class__').__name__",
        "'{0.__class__.__mro__}'.format(page)",
        "page.assets.update({'site.css': ''})",
        "self.__init__.__globals__",
        "cycler.__init__.__globals__.os",
    ],
)
@pytest.mark.parametrize("name", ["404.html", "macros.html"])
def test_a_template_of_a_site_cannot_reach_behind_its_values(expression: str, name: str) -> None:
    if name == "macros.html":
        body = (REPOSITORY / "templates/macros.html").read_text()
        before, day, after = body.partition('{% macro day(date, end="") %}')
        template = f"{before}{day}{{% set page = date %}}{{% set m = t %}}{{{{ {expression} }}}}{after}"
    else:
        template = f'{{% import "macros.html" as m %}}\n{{{{ {expression} }}}}\n'
    result = build({**site(), f"templates/{name}": template})
    found = [one for one in result.diagnostics if one.code == "template-error"]
    assert found
    assert all(one.location.path == f"templates/{name}" for one in found)
    assert not any("mro" in page.decode(errors="replace") for page in result.files.values())


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        (
            "{% macro line(item, show_transcript=true) %}\n{{ item.lost }}\n{% endmacro %}",
            ":2:1: ",
            "has no attribute 'lost'",
        ),
        ("", ":1:1: ", "it has no macro `line`"),
    ],
)
def test_a_macro_that_fails_is_located_and_no_page_lacks_its_lines(line: str, place: str, message: str) -> None:
    macros = (REPOSITORY / "templates/macros.html").read_text()
    start = macros.index("{% macro line(")
    end = macros.index("{% endmacro %}", start) + len("{% endmacro %}")
    result = build({**site(), "templates/macros.html": line + macros[:start] + macros[end:]})
    assert any(place in as_text([one]) and message in one.message for one in result.diagnostics)
    assert not {"topics/ports/index.html", "speakers/ann/index.html"} & set(result.files)
    assert {"transcripts/first/index.html", "speakers/question/index.html"} & set(result.files)


@pytest.mark.parametrize(
    ("script", "published"),
    [
        (
            "// a\nlet a = 1; // b\n\n  /* c\n   d */\n  let b = `e` + '// f';\n",
            "let a = 1; // b\nlet b = `e` + '// f';\n",
        ),
        ("/*! licence */\n  a();\n", "/*! licence */\na();\n"),
        ("let a = `\n  // b\n`;\n", "let a = `\n  // b\n`;\n"),
        ("let a = 'b\\\n  c';\n", "let a = 'b\\\n  c';\n"),
    ],
)
def test_scripts_lose_only_what_no_browser_reads(script: str, published: str) -> None:
    files = build({"templates/assets/own.js": script}).files
    (found,) = (data for path, data in files.items() if path.startswith("assets/own."))
    assert found.decode() == published
