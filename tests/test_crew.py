"""However many processes build a site, and even if one of them is lost, the bytes and the problems are the same."""

from __future__ import annotations

import os
import signal

import pytest

from benchmarks.adapters import write_sitegen
from benchmarks.archive import Archive
from sitegen import crew, files, pipeline
from sitegen.source import Snapshot
from tests.test_cases import CASES, read_case

OPTIONS = pipeline.Options()


def together(files_by_path: dict[str, bytes | str]) -> Snapshot:
    """A snapshot of a site's files."""
    decoded = (files.decode(p, d.encode() if isinstance(d, str) else d).value for p, d in files_by_path.items())
    return Snapshot(tuple(one for one in decoded if one), files.built_in_theme(), files.built_in_assets())


def same(snapshot: Snapshot, jobs: int) -> None:
    planned = pipeline.build(snapshot, OPTIONS)
    rendered = pipeline.render(planned.outputs)
    made = crew.make(snapshot, OPTIONS, jobs)
    assert made.contents == rendered.value
    assert set(made.diagnostics) == {*planned.diagnostics, *rendered.diagnostics}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("archive")
    write_sitegen(Archive(12, words=300, notes=4), folder)
    return files.snapshot(folder).value


@pytest.fixture(autouse=True)
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "FEWEST_UNITS", 1)
    monkeypatch.setattr(crew, "_can_fork", lambda: hasattr(os, "fork"))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_processes(archive: Snapshot, jobs: int) -> None:
    same(archive, jobs)


def test_a_sample_of_the_cases_in_two_processes() -> None:
    for path in sorted(CASES.rglob("*.txt"))[::12]:
        case = read_case(path)
        try:
            inputs = {"sitegen.yaml": "title: Test\n", **case.inputs()}
        except (AttributeError, OSError):
            continue
        same(together(inputs), 2)


def test_a_lost_worker_is_made_up_for(archive: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    original = crew._Worker.send

    def killed(self: crew._Worker, surroundings: crew._Surroundings) -> None:
        if self.process.pid and self.here.share[0].id.endswith("0"):
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.join()
        original(self, surroundings)

    monkeypatch.setattr(crew._Worker, "send", killed)
    same(archive, 2)
