"""The JSON Schemas agree with the readers: what reads without a mistake fits, what they can tell is wrong does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from sitegen.cli import main
from sitegen.schemas import SCHEMAS, schema_files, schema_of
from tests.door import REPOSITORY
from tests.test_cases import CASES, read_case

TELLABLE = ("unknown-key", "wrong-type", "bad-value", "bad-date", "bad-id", "missing-field")
"""The codes of mistakes that a schema can tell, where they concern the form of a file."""

NOT_TELLABLE = re.compile(r"further kinds|is no day|not an occurrence|speaker-|begin with n-|reserved|before it begins")


class Core(yaml.SafeLoader):
    """YAML as editors read it: by the core schema of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


for tag, pattern, first in (
    ("bool", r"true|false|True|False|TRUE|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def schema_for(path: str) -> str | None:
    """The name of the schema that editors use for a file, or None if it has none."""
    name = path.rpartition("/")[2].removesuffix(".yaml")
    if path == "sitegen.yaml":
        return "settings"
    if path == "content/speakers.yaml" or (path.count("/") == 1 and name in ("topics", "sources", "glossary")):
        return name
    if path.startswith("annotations/") and path.endswith(".yaml"):
        return "annotations"
    if not path.endswith(".md") or path.endswith("README.md"):
        return None
    return {"content/transcripts": "transcript", "content/pages": "page"}.get("/".join(path.split("/")[:2]))


def typed(path: str, text: str) -> Any:
    """A file's YAML as values; the front matter of a Markdown file."""
    if path.endswith(".md"):
        parts = re.split(r"^---[ \t]*\r?$", text, maxsplit=2, flags=re.MULTILINE)
        text = parts[1] if len(parts) > 2 else ""
    return yaml.load(text, Core)


def mistakes(path: str, text: str) -> list[str]:
    """What the schema of a file finds wrong with it."""
    name = schema_for(path)
    assert name
    return [error.message for error in Draft202012Validator(schema_of(name)).iter_errors(typed(path, text))]


def own_files() -> Iterator[tuple[str, str]]:
    """The input files of this repository's site and of a new site."""
    for root in (REPOSITORY, REPOSITORY / "sitegen/starter"):
        paths = [root / "sitegen.yaml", *root.glob("annotations/**/*.yaml"), *root.glob("content/**/*.*")]
        for path in sorted(paths):
            if path.suffix in (".md", ".yaml"):
                yield (
                    path.relative_to(root).as_posix(),
                    path.read_text(encoding="utf-8").replace("@@settings@@", "title: A"),
                )


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))


def test_the_files_of_the_repository_and_of_a_new_site_fit() -> None:
    found = {path: mistakes(path, text) for path, text in own_files()}
    assert len(found) > 20
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_the_committed_schemas_are_those_of_the_code(pytestconfig: pytest.Config) -> None:
    for path, data in schema_files().items():
        if pytestconfig.getoption("--rewrite"):
            (REPOSITORY / path).parent.mkdir(exist_ok=True)
            (REPOSITORY / path).write_bytes(data)
        assert (REPOSITORY / path).read_bytes() == data, "make them anew: sitegen schema --write"


def test_editors_find_every_schema_they_are_told_of() -> None:
    for folder in (REPOSITORY, REPOSITORY / "sitegen/starter"):
        settings = json.loads((folder / ".vscode/settings.json").read_text(encoding="utf-8"))
        named = {path.removeprefix("./") for path in settings["yaml.schemas"]}
        assert named <= set(schema_files())


def broken() -> Iterator[Any]:
    """The files of cases in which the reader finds a mistake that a schema can tell, and the others."""
    for case_path in sorted(CASES.rglob("*.txt")):
        case = read_case(case_path)
        expected = dict(case.sections).get("diagnostics", "")
        for path, content in case.inputs().items():
            if schema_for(path) is None or isinstance(content, bytes):
                continue
            end = content.find("\n---", 3) if path.endswith(".md") else len(content)
            last = content.count("\n", 0, end) + 1
            here = [
                line
                for line in expected.splitlines()
                if (place := re.match(re.escape(path) + r":(\d+):", line)) and int(place[1]) <= last
            ]
            codes = {m[1] for line in here if (m := re.match(r"[^ ]+ \w+ ([a-z-]+):", line))}
            told = [
                line
                for line in here
                if re.match(rf"[^ ]+ error ({'|'.join(TELLABLE)}):", line) and not NOT_TELLABLE.search(line)
            ]
            yield pytest.param(path, content, codes, told, id=f"{case_path.relative_to(CASES)}:{path}")


@pytest.mark.parametrize(("path", "text", "codes", "told"), list(broken()))
def test_a_schema_says_what_it_can(path: str, text: str, codes: set[str], told: list[str]) -> None:
    try:
        wrong = mistakes(path, text)
    except yaml.YAMLError:
        return
    if told:
        assert wrong, told
    elif not codes & {
        *TELLABLE,
        "empty-file",
        "duplicate-key",
        "bad-yaml",
        "missing-front-matter",
        "unclosed-front-matter",
    }:
        assert not wrong


def test_the_command_prints_and_writes_them(tmp_path: Any) -> None:
    (tmp_path / "sitegen.yaml").write_text("title: A\n")
    runner = CliRunner()
    assert json.loads(runner.invoke(main, ["schema", "topics"]).stdout) == schema_of("topics")
    assert "annotations" in runner.invoke(main, ["schema"]).stdout
    assert runner.invoke(main, ["schema", "tpoics"]).exit_code == 2
    assert runner.invoke(main, ["schema", "--write", "--site", str(tmp_path)]).exit_code == 0
    assert {p.name for p in (tmp_path / "schema").iterdir()} == {f"{name}.json" for name in SCHEMAS}
