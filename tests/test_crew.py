"""However many processes build a site, and even if one of them is lost, the bytes and the problems are the same."""

from __future__ import annotations

import os
import signal

import pytest

from benchmarks.adapters import write_sitegen
from benchmarks.archive import Archive
from sitegen import crew, files, forked, incremental
from sitegen.source import Snapshot
from tests.standing import Standing, clean, together
from tests.test_cases import CASES, read_case


def same(snapshot: Snapshot, jobs: int) -> None:
    standing = Standing(jobs=jobs)
    made = standing.build(snapshot)
    assert (standing.contents, made.diagnostics) == clean(snapshot)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("archive")
    write_sitegen(Archive(12, words=300, notes=4), folder)
    return files.snapshot(folder).value


@pytest.fixture(autouse=True)
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked, "FEWEST_UNITS", 1)
    monkeypatch.setattr(incremental, "_AT_ONCE", 3)
    monkeypatch.setattr(forked, "_can_fork", lambda: hasattr(os, "fork"))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_processes(archive: Snapshot, jobs: int) -> None:
    same(archive, jobs)


def test_transcripts_that_are_too_many_to_keep(archive: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "MOST_KEPT", 2)
    same(archive, 1)
    same(archive, 2)


def test_a_sample_of_the_cases_in_two_processes() -> None:
    for path in sorted(CASES.rglob("*.txt"))[::12]:
        case = read_case(path)
        try:
            inputs = {"sitegen.yaml": "title: Test\n", **case.inputs()}
        except (AttributeError, OSError):
            continue
        same(together(inputs), 2)


@pytest.mark.parametrize(("moment", "before"), [("read", 0), ("use", 0), ("render", 0), ("render", 3), ("render", 9)])
def test_a_lost_worker_is_made_up_for(
    archive: Snapshot, monkeypatch: pytest.MonkeyPatch, moment: str, before: int
) -> None:
    original = forked._Worker.send
    sent: list[str] = []
    killed: list[forked._Worker] = []

    def send(self: forked._Worker, what: str, value: object) -> None:
        if what == moment and sent.count(moment) == before and self.process.pid:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.join()
            killed.append(self)
        sent.append(what)
        original(self, what, value)

    monkeypatch.setattr(forked._Worker, "send", send)
    same(archive, 2)
    assert killed
