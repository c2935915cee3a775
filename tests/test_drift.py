"""Drift, repairs and permalinks as a person meets them: real files, real git, the command line; and under
random corrections."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main
from tests.corrections import PATH, correct, document_of, random_notes
from tests.door import REPOSITORY, SEED
from tests.drifts import drift, outcome

TEXT = (REPOSITORY / f"content/transcripts/{SEED}.md").read_text(encoding="utf-8")
REGISTERS = {"content/speakers.yaml": (REPOSITORY / "content/speakers.yaml").read_text(encoding="utf-8")}
FOREIGN = [
    "It was a cold morning, and nobody had slept.",
    "The clerk will call the roll.",
    "We shall come to that in a moment.",
    "Somebody left the lights on in the hall.",
]
SPOKEN = "---\ntitle: A\n---\nAnn: They said it would not move one inch to the east.\n\n"
SPOKEN += "Bob: And then it did.\n\nAnn: So it did.\n"
NOTE = "- id: inch\n  quote: would not move one inch to the east\n  note: x\n  created: 2024-01-01\n"


def git(folder: Path, *arguments: str) -> None:
    """Runs git in a folder, as a person who has told it no name."""
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def run(folder: Path, *arguments: str) -> Result:
    """A command of sitegen on a site."""
    return CliRunner().invoke(main, [*arguments, "--site", str(folder)], catch_exceptions=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site in a repository of its own."""
    for path, text in {
        "sitegen.yaml": "title: T\n",
        "content/speakers.yaml": "ann: {name: Ann}\nbob: {name: Bob}\n",
        "content/transcripts/a.md": SPOKEN,
        "annotations/a.yaml": NOTE,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text.encode())
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "base")
    return tmp_path


def change(folder: Path, path: str, old: str, new: str) -> None:
    """Edits a file."""
    text = (folder / path).read_bytes().decode()
    assert old in text
    (folder / path).write_bytes(text.replace(old, new, 1).encode())


def test_an_inserted_turn_is_reported_and_pinned(site: Path) -> None:
    change(site, PATH.replace("t.md", "a.md"), "Ann: So it", "Ann: Wait.\n\nAnn: So it")
    assert "permalink-moved" in run(site, "check", "--since", "HEAD").output
    assert run(site, "pin", "--since", "HEAD").exit_code == 0
    pinned = (site / "content/transcripts/a.md").read_text()
    assert "Ann {#ann-1a}: Wait." in pinned
    assert run(site, "check", "--since", "HEAD").exit_code == 0
    run(site, "pin", "--since", "HEAD")
    assert (site / "content/transcripts/a.md").read_text() == pinned


def test_history_carries_a_quote_and_the_note_is_to_be_read_again(site: Path) -> None:
    change(site, "content/transcripts/a.md", "move one inch to the east", "expand one inch to the East")
    assert run(site, "check").exit_code == 1
    assert run(site, "reanchor", "--since", "HEAD").exit_code == 1
    assert (site / "annotations/a.yaml").read_text() == NOTE
    assert run(site, "reanchor", "--since", "HEAD", "--apply").exit_code == 0
    assert "quote: would not expand one inch to the East" in (site / "annotations/a.yaml").read_text()
    assert "words-changed" in run(site, "check", "--since", "HEAD").output
    assert "Notes to read again" in run(site, "report", "--since", "HEAD").output


def test_the_patch_of_a_dry_run_is_one_that_git_applies(site: Path) -> None:
    change(site, "content/transcripts/a.md", "one inch", "one single inch")
    shown = run(site, "reanchor", "--since", "HEAD").stdout
    (site / "fix.patch").write_text(shown[shown.index("--- a/") :])
    git(site, "apply", "fix.patch")
    assert run(site, "check").exit_code == 0


def test_an_unknown_revision_and_no_repository_are_said_clearly(
    site: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert "git knows no revision `v9`" in run(site, "check", "--since", "v9").output
    shallow = tmp_path_factory.mktemp("shallow")
    git(shallow, "clone", "-q", "--depth", "1", f"file://{site}", "copy")
    assert "fetch-depth: 0" in run(shallow / "copy", "check", "--since", "HEAD~1").output
    bare = tmp_path_factory.mktemp("bare")
    (bare / "sitegen.yaml").write_text("title: T\n")
    found = run(bare, "pin", "--since", "HEAD")
    assert found.exit_code == 1
    assert "not in a git repository" in found.output


def test_a_site_in_a_folder_of_its_repository_is_compared_too(tmp_path: Path, site: Path) -> None:
    (site / "inner").mkdir()
    for name in ("sitegen.yaml", "content", "annotations"):
        (site / name).rename(site / "inner" / name)
    git(site, "add", "-A")
    git(site, "commit", "-qm", "move")
    assert run(site / "inner", "check", "--since", "HEAD").exit_code == 0


ROW_44 = (
    "# The inch.\r\n- id: one\r\n  quote: 'And then it did.'  # Bob\r\n  note: x\r\n\r\n"
    "- id: two # drifted\r\n  quote: >-\r\n"
    "    would not move a single inch\r\n    to the east\r\n  note: |\r\n    Text.\r\n"
    "- {id: three, quote: So it did., note: x}\r\n"
)


def test_row_44_only_the_bytes_of_the_quote_change(site: Path) -> None:
    for mark in ("", "\ufeff"):
        (site / "annotations/a.yaml").write_bytes((mark + ROW_44).encode())
        assert run(site, "reanchor", "--accept", "two").exit_code == 0
        mended = (mark + ROW_44).replace(
            "    would not move a single inch\r\n    to the east", "    would not move one inch to the east"
        )
        assert (site / "annotations/a.yaml").read_bytes().decode() == mended
        run(site, "reanchor", "--apply")
        assert (site / "annotations/a.yaml").read_bytes().decode() == mended


def test_row_45_a_quote_that_is_an_alias_is_refused(site: Path) -> None:
    text = "- id: one\n  quote: &q would not move a single inch to the east\n  note: x\n"
    text += "- id: two\n  quote: *q\n  note: y\n"
    (site / "annotations/a.yaml").write_text(text)
    assert "alias" in run(site, "reanchor", "--accept", "two").output
    assert (site / "annotations/a.yaml").read_text() == text


def test_fixes_are_applied_once_and_nothing_else_changes(site: Path) -> None:
    (site / "annotations/a.yaml").write_text(
        "- id: inch # keep\n  quote: Would not MOVE one inch\n  note: x\n  kidn: context\n"
    )
    assert run(site, "check", "--fix").exit_code == 0
    fixed = (site / "annotations/a.yaml").read_text()
    assert "quote: would not move one inch" in fixed
    assert fixed.startswith("- id: inch # keep\n")
    assert fixed.endswith("kind: context\n")
    assert "0 problems fixed" in run(site, "check", "--fix").output
    assert (site / "annotations/a.yaml").read_text() == fixed


def test_new_notes_are_located_and_pass_the_check(site: Path) -> None:
    assert run(site, "new", "annotation", "--quote", "it did", "--note", "y").exit_code == 1
    made = run(site, "new", "annotation", "--quote", "it did", "--note", "y", "--at", "bob-1")
    assert made.exit_code == 0, made.output
    assert run(site, "check").exit_code == 0
    assert run(site, "new", "transcript", "b", "--title", "Bravo", "--speaker", "Cy").exit_code == 0
    assert run(site, "check", "--drafts").exit_code == 0


@pytest.mark.parametrize("seed", range(3))
def test_under_corrections_no_id_is_lost_and_no_note_silently(seed: int) -> None:
    chance = random.Random(seed)
    document = document_of(TEXT, REGISTERS)
    document.notes = random_notes(document, 25, chance)
    tally = correct(document, 12, 4, chance, FOREIGN)
    assert (tally.wrong, tally.lost, tally.unclean, tally.notes_wrong) == (0, 0, 0, 0)
    assert tally.right > 80


def test_single_words_that_drift_never_put_a_note_in_a_wrong_place() -> None:
    chance = random.Random(5)
    alone: list[str] = []
    with_history: list[str] = []
    for _ in range(30):
        one = drift(TEXT, REGISTERS, chance)
        alone.append(outcome(one))
        with_history.append(outcome(one, with_history=True))
    assert "wrong" not in alone + with_history
    assert alone.count("exact") > 8
    assert with_history.count("exact") > 22
