"""Built-in templates are compiled once for all sites; what is kept of that is only used where it is right."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import jinja2
import pytest
from click.testing import CliRunner
from msgspec import msgpack

from sitegen import bytecode
from sitegen.cli import main
from tests.test_cli import GOOD, site

OWN = "<!doctype html><title>Own</title>"


class Builds:
    """Builds of one site after another, each into a folder of its own, and the templates that each compiled."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.kept, self.compiled = folder, folder / "kept", list[str]()
        patch.setattr(bytecode, "_place", lambda: self.kept)
        patch.setattr(sys, "dont_write_bytecode", False)
        compile_template = jinja2.Environment.compile

        def compiled(environment: jinja2.Environment, source: str, name: str, *rest: object) -> object:
            self.compiled.append(name)
            return compile_template(environment, source, name, *rest)  # type: ignore[call-overload]

        patch.setattr(jinja2.Environment, "compile", compiled)

    def build(self, name: str, files: Mapping[str, str | bytes]) -> list[str]:
        """Build a new site; the templates that were compiled."""
        self.compiled.clear()
        folder = site(self.folder / name, files)
        result = CliRunner().invoke(main, ["build", "--no-search", "--site", str(folder)])
        assert result.exit_code == 0, result.output
        return sorted(self.compiled)

    def pages(self, name: str) -> dict[str, bytes]:
        """What was built, by path."""
        out = self.folder / name / "_site"
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    monkeypatch.setenv("SITEGEN_CACHE", "off")
    return Builds(tmp_path, monkeypatch)


def test_a_second_site_compiles_nothing(builds: Builds) -> None:
    assert "topics.html" in builds.build("one", GOOD)
    assert builds.build("two", GOOD) == []
    assert builds.pages("one") == builds.pages("two")


@pytest.mark.parametrize("data", [b"", b"\xc1", msgpack.encode(("another", {"x": b"y"}))])
def test_what_is_damaged_or_of_another_compiler_is_made_anew(builds: Builds, data: bytes) -> None:
    every = builds.build("one", GOOD)
    builds.kept.write_bytes(data)
    assert builds.build("two", GOOD) == every
    assert builds.build("three", GOOD) == []
    assert builds.pages("one") == builds.pages("two")


def test_code_that_is_damaged_is_compiled_again(builds: Builds) -> None:
    every = builds.build("one", GOOD)
    made_by, code = msgpack.decode(builds.kept.read_bytes())
    builds.kept.write_bytes(msgpack.encode((made_by, {key: data[:40] for key, data in code.items()})))
    assert builds.build("two", GOOD) == every
    assert builds.build("three", GOOD) == []


def test_the_code_of_a_sites_own_templates_is_not_kept(builds: Builds) -> None:
    builds.build("one", GOOD)
    kept = builds.kept.read_bytes()
    assert "404.html" in builds.build("two", {**GOOD, "templates/404.html": OWN})
    assert builds.pages("two")["404.html"] == OWN.encode()
    assert builds.kept.read_bytes() == kept
    assert builds.build("three", GOOD) == []
    assert builds.pages("three") == builds.pages("one")


def test_where_nothing_can_be_kept_all_is_built(builds: Builds) -> None:
    builds.kept = builds.folder / "one" / "sitegen.yaml" / "kept"
    assert builds.build("one", GOOD) == builds.build("two", GOOD)
