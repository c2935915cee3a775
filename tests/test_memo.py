"""A memo that is damaged, locked or nowhere costs time and nothing else: the site and its problems are the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.adapters import write_sitegen
from benchmarks.archive import Archive
from sitegen.cli import main


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that was built, with a memo, and changed since."""
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path / "memos"))
    write_sitegen(Archive(4, words=200, notes=3), tmp_path / "site")
    build(tmp_path / "site")
    change(tmp_path / "site", "one")
    return tmp_path / "site"


def build(site: Path, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["build", "--site", str(site), "--no-search", "--why", *arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def change(site: Path, words: str) -> None:
    notes = next((site / "annotations").glob("hearing*"))
    notes.write_text(
        notes.read_text(encoding="utf-8").replace("note: |\n", f"note: |\n    {words}\n", 1), encoding="utf-8"
    )


def contents(site: Path) -> dict[str, bytes]:
    return {str(p.relative_to(site)): p.read_bytes() for p in (site / "_site").rglob("*") if p.is_file()}


def memo_of(site: Path) -> Path:
    return next((site.parent / "memos").glob("*.sqlite"))


def garbage(memo: Path) -> None:
    memo.write_bytes(b"no memo at all" * 1000)


def half(memo: Path) -> None:
    memo.write_bytes(memo.read_bytes()[: memo.stat().st_size // 2])


def holes(memo: Path) -> None:
    data = bytearray(memo.read_bytes())
    for start in range(4096, len(data), 8192):
        data[start : start + 4096] = bytes(4096)
    memo.write_bytes(data)


def other_values(memo: Path) -> None:
    with sqlite3.connect(memo) as connection:
        for table, column in (
            ("readings", "written"),
            ("surroundings", "written"),
            ("outputs", "rows"),
            ("site", "value"),
        ):
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} IS NOT NULL", (b"no value",))


def other_readings(memo: Path) -> None:
    with sqlite3.connect(memo) as connection:
        connection.execute("UPDATE readings SET written = ?", (b"no value",))
        connection.execute("UPDATE units SET outward = 'another'")


def fewer_values(memo: Path) -> None:
    with sqlite3.connect(memo) as connection:
        connection.execute("DELETE FROM readings")
        connection.execute("UPDATE units SET outward = 'another'")


@pytest.mark.parametrize("damage", [garbage, half, holes, other_values, other_readings, fewer_values])
def test_a_damaged_memo_changes_nothing(site: Path, damage: Callable[[Path], None]) -> None:
    damage(memo_of(site))
    build(site)
    warm = contents(site)
    build(site, "--clean")
    assert warm == contents(site)


def test_a_memo_in_use_is_left_to_who_uses_it(site: Path) -> None:
    other = sqlite3.connect(memo_of(site), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    build(site)
    assert memo_of(site).exists()
    other.close()
    assert "its annotations have changed" in build(site)


def test_no_place_for_a_memo(site: Path) -> None:
    memo = memo_of(site)
    memo.unlink()
    memo.parent.rmdir()
    memo.parent.write_text("a file")
    build(site)


@pytest.mark.parametrize("before", [["--clean"], []])
def test_what_was_built_is_known_afterwards(site: Path, before: list[str]) -> None:
    build(site, *before)
    assert "index.html" not in build(site)


def test_check_and_build_share_what_they_find(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = site / "annotations" / "hearing-00001.yaml"
    wrong.write_text(
        wrong.read_text(encoding="utf-8").replace('quote: "', 'quote: "words that nobody said ', 1), encoding="utf-8"
    )

    def check(*arguments: str) -> str:
        return CliRunner().invoke(main, ["check", "--site", str(site), *arguments]).output

    warm = check()
    assert "words that nobody said" in warm
    with monkeypatch.context() as patch:
        patch.setenv("SITEGEN_CACHE", "off")
        assert check() == warm
        assert (drafts := check("--drafts")) != ""
    assert check("--drafts") == drafts
    CliRunner().invoke(main, ["build", "--site", str(site), "--no-search"])
    assert check() == warm
    after_check = contents(site)
    CliRunner().invoke(main, ["build", "--site", str(site), "--no-search", "--clean"])
    assert contents(site) == after_check
