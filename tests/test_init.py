"""`sitegen init` from what the wheel holds, and what it makes: a site that checks clean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import sitegen as package
from sitegen.cli import main
from sitegen.scaffold import Repository, read_repository, requirement
from tests.door import REPOSITORY, build, site_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked: the package as people get it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(unpacked)
    return unpacked


def sitegen(package: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command of an unpacked wheel."""
    # The first folder on the path wins over the checkout that the tests run from.
    environment = {**os.environ, "PYTHONPATH": str(package), "GITHUB_ACTIONS": "", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", "-m", "sitegen", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def started(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that `init` of the wheel has made."""
    parent = tmp_path_factory.mktemp("start")
    made = sitegen(wheel, parent, "init", "garden-talks", "--from", "git@github.com:Example/garden-talks.git")
    assert made.returncode == 0, made.stderr
    assert "cd garden-talks && sitegen serve --open" in made.stderr
    return parent / "garden-talks"


def test_it_builds_and_checks_without_a_word(wheel: Path, started: Path) -> None:
    checked = sitegen(wheel, started, "check", "--strict")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    built = sitegen(wheel, started, "build")
    assert built.returncode == 0, built.stdout
    assert (started / "_site/transcripts/2026-03-14-spring-meeting/index.html").is_file()


def test_the_samples_show_what_a_site_can_do(started: Path) -> None:
    site = build(site_files(started))
    assert site.codes() == []
    kinds = {p.annotation.kind for facts in site.edition.facts for p in facts.passages}
    assert {"context", "definition", "correction", "compare"} <= kinds
    spring = site.page("transcripts/2026-03-14-spring-meeting/")
    assert 'href="../2026-09-12-autumn-meeting/index.html#gardener-1"' in spring
    assert "Example/garden-talks" in spring
    assert 'rel="canonical" href="https://example.github.io/garden-talks/' in spring


def test_everything_a_repository_needs_is_there_and_nothing_of_this_one(started: Path) -> None:
    names = {path.relative_to(started).as_posix() for path in started.rglob("*") if path.is_file()}
    assert {
        ".editorconfig", ".gitignore", ".vscode/settings.json", "CONTRIBUTING.md", "README.md", "requirements.txt",
        ".github/PULL_REQUEST_TEMPLATE.md", ".github/ISSUE_TEMPLATE/1-error.yml", ".github/dependabot.yml",
        ".github/workflows/check.yml", ".github/workflows/links.yml", ".github/workflows/site.yml",
        "annotations/glossary.yaml", "annotations/sources.yaml", "annotations/topics.yaml", "content/speakers.yaml",
        "content/pages/about.md", "content/pages/contribute.md",
    } <= names  # fmt: skip
    own = re.compile(r"putin|lukashenko|kremlin|in the margin|2024-04-11|belarus|@@", re.IGNORECASE)
    for name in names:
        if not name.startswith("_site/"):
            assert not own.search((started / name).read_text(encoding="utf-8")), name


def test_editors_find_the_schemas_that_their_settings_name(started: Path) -> None:
    named = json.loads((started / ".vscode/settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    there = {f"./schema/{path.name}" for path in (started / "schema").glob("*.json")}
    assert there - set(named) == {"./schema/page.json", "./schema/transcript.json"}  # for front matter
    assert set(named) <= there
    for schema, patterns in named.items():
        for path in (found for pattern in patterns for found in started.glob(pattern)):
            checked = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(started / schema), str(path)]
            assert subprocess.run(checked, capture_output=True).returncode == 0, path


def test_what_is_there_is_kept_and_a_site_is_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "README.md").write_text("Mine.\n", encoding="utf-8")
    first = CliRunner().invoke(main, ["init", str(folder), "--title", "On: the record #1"])
    assert first.exit_code == 0
    assert "README.md was there already and is kept" in first.stderr
    assert (folder / "README.md").read_text(encoding="utf-8") == "Mine.\n"
    site = build(site_files(folder))
    assert site.codes() == []
    assert site.edition.project.settings.title == "On: the record #1"
    assert site.edition.project.settings.repository == ""
    (folder / "content/speakers.yaml").unlink()
    again = CliRunner().invoke(main, ["init", str(folder)])
    assert again.exit_code == 2
    assert "there is a site in" in again.stderr
    assert not (folder / "content/speakers.yaml").exists()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/ann/talks", Repository("https://github.com/ann/talks", "https://ann.github.io/talks/")),
        ("https://github.com/ann/talks.git", Repository("https://github.com/ann/talks", "https://ann.github.io/talks/")),
        ("git@github.com:Ann/talks.git", Repository("https://github.com/Ann/talks", "https://ann.github.io/talks/")),
        ("ssh://git@github.com/ann/talks", Repository("https://github.com/ann/talks", "https://ann.github.io/talks/")),
        ("ann/ann.github.io", Repository("https://github.com/ann/ann.github.io", "https://ann.github.io/")),
        ("https://codeberg.org/ann/talks/", Repository("https://codeberg.org/ann/talks", "")),
        ("talks", None),
        ("https://github.com/ann/talks/tree/main", None),
        ("javascript:alert(1)//a", None),
    ],
)  # fmt: skip
def test_addresses_of_repositories(address: str, expected: Repository | None) -> None:
    assert read_repository(address) == expected


def test_a_wrong_address_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    refused = CliRunner().invoke(main, ["init", str(tmp_path / "site"), "--from", "not an address"])
    assert refused.exit_code == 2
    assert not (tmp_path / "site").exists()


def test_the_workflows_of_a_new_site_install_the_program_that_made_it() -> None:
    git = '{"url": "https://example.org/sitegen.git", "vcs_info": {"vcs": "git", "commit_id": "0a1b2c"}}'
    assert requirement(git) == "sitegen-transcripts @ git+https://example.org/sitegen.git@0a1b2c"
    archive = '{"url": "https://example.org/sitegen.zip", "archive_info": {}}'
    assert requirement(archive) == "sitegen-transcripts @ https://example.org/sitegen.zip"
    assert (
        requirement("")
        == requirement('{"url": "file:///home", "dir_info": {}}')
        == f"sitegen-transcripts~={package.__version__}"
    )
