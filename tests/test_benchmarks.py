"""The benchmarks compare like with like: seeded archives, notes at their quotes, and whole processes measured."""

import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import Contender, Proof
from benchmarks.adapters import ADAPTERS, edit, merged, write_sitegen
from benchmarks.archive import Archive
from benchmarks.measure import measured, output_of
from benchmarks.pages import lacking
from tests.test_cli import run


def test_the_same_seed_gives_the_same_transcript_whatever_was_made_before() -> None:
    few, many = Archive(20, 200, 4, seed=7), Archive(20, 200, 4, seed=7)
    assert [*many.hearings()][13] == few.hearing(13)
    assert few.hearing(13) != Archive(20, 200, 4, seed=8).hearing(13)


def test_a_merged_note_stands_right_behind_its_quote() -> None:
    archive = Archive(5, 300, 6)
    for hearing in archive.hearings():
        text = merged(hearing, archive)
        for note in hearing.notes:
            assert text.count(f"{note.quote}[^{note.id}]") == 1
            assert text.count(f"\n[^{note.id}]: **{note.headline}** ") == 1


@pytest.mark.parametrize("seed", range(3))
def test_sitegen_finds_nothing_wrong_with_an_archive(seed: int, tmp_path: Path) -> None:
    write_sitegen(Archive(12, 1200, 20, seed), tmp_path)
    checked = run("check", "--site", tmp_path)
    assert (checked.exit_code, checked.stdout) == (0, "")


def test_pages_that_say_less_than_they_should_are_found(tmp_path: Path) -> None:
    archive = Archive(4, 300, 6)
    write_sitegen(archive, tmp_path)
    assert run("build", "--no-search", "--site", tmp_path).exit_code == 0
    built, hearing = tmp_path / "_site", archive.hearing(0)
    assert lacking(archive, hearing, built) is None
    note = hearing.notes[3]
    page = built / f"topics/{note.topics[0]}/index.html"
    page.write_text(page.read_text(encoding="utf-8").replace(note.headline, ""), encoding="utf-8")
    assert lacking(archive, hearing, built) == f"the headline of {note.id} in topics/{note.topics[0]}"


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_edit_adds_a_sentence_to_one_note(name: str, tmp_path: Path) -> None:
    archive, adapter = Archive(3, 300, 6), ADAPTERS[name]
    adapter.write(archive, tmp_path)
    path = tmp_path / adapter.note_file.format(id="hearing-00001")
    before = path.read_text(encoding="utf-8")
    edit(adapter, tmp_path, archive.hearing(1), "Seen later.")
    after = path.read_text(encoding="utf-8")
    line = archive.hearing(1).notes[3].text.partition("\n")[0]
    assert after.replace(" Seen later.", "") == before
    assert f"{line} Seen later." in after


def test_what_a_command_takes_includes_the_processes_below_it(tmp_path: Path) -> None:
    worker = "data = b'x' * 400_000_000"
    starter = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {worker!r}], check=True)"
    used = measured([sys.executable, "-c", starter], tmp_path)
    assert 380 < used.largest < 480


def test_all_that_a_build_leaves_is_taken_away_for_a_cold_one(tmp_path: Path) -> None:
    write_sitegen(Archive(2, 100, 2), tmp_path)
    before = set(tmp_path.iterdir())
    measured([sys.executable, "-m", "sitegen", "build", "--no-search"], tmp_path)
    left = {path.name for path in {*tmp_path.iterdir()} - before}
    assert left == set(ADAPTERS["sitegen"].state)


def test_a_failed_command_is_not_a_measurement(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such word"):
        measured([sys.executable, "-c", "raise SystemExit('no such word')"], tmp_path)


def test_the_digest_of_an_output_tells_names_and_bytes_apart(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("one")
    (tmp_path / "pagefind").mkdir()
    first = output_of(tmp_path)
    (tmp_path / "pagefind/index").write_text("differs from run to run")
    assert output_of(tmp_path).digest == first.digest
    (tmp_path / "a.html").write_text("two")
    second = output_of(tmp_path)
    (tmp_path / "a.html").rename(tmp_path / "b.html")
    assert len({first.digest, second.digest, output_of(tmp_path).digest}) == 3
    assert (second.pages, second.files, second.bytes) == (1, 2, 26)


def test_two_builds_of_the_same_content_that_differ_end_the_run(tmp_path: Path) -> None:
    one, other = (Contender(name, ADAPTERS["sitegen"], (), tmp_path / name) for name in ("one", "other"))
    for contender in (one, other):
        contender.output.mkdir(parents=True)
        (contender.output / "a.html").write_text("same")
    proof = Proof()
    proof.add(one, 0, "cold")
    proof.add(other, 0, "warm")
    (other.output / "a.html").write_text("not the same")
    proof.add(other, 1, "warm")
    with pytest.raises(SystemExit, match="differs after 0 edits: one, cold; other, cold"):
        proof.add(other, 0, "cold")
