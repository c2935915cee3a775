"""However many processes build a site, and even if one of them is lost, the bytes and the problems are the same."""

from __future__ import annotations

import os
import signal
from itertools import takewhile

import pytest
from msgspec.structs import replace

from benchmarks.adapters import write_sitegen
from benchmarks.archive import Archive
from sitegen import crew, files, forked, incremental
from sitegen.conclusion import conclude
from sitegen.outputs import InMemory
from sitegen.pages.around import surroundings_of
from sitegen.preparation import Options, prepare
from sitegen.sitefiles import in_memory
from sitegen.source import Snapshot, Source
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


@pytest.mark.parametrize("most", [3, 99])
def test_what_is_made_ahead_is_what_would_be_made_later(archive: Snapshot, most: int) -> None:
    prepared = prepare(in_memory(archive), Options())
    prepared = prepared.with_theme(prepared.grounds.theme.compiled())
    ahead, later = crew.Alone(prepared, InMemory()), crew.Alone(prepared, InMemory())
    readings = [found.reading for one in (ahead, later) for found in one.read(prepared.units)][: len(prepared.units)]
    steps = sum(takewhile(bool, (ahead.work_ahead() for _ in range(most))))
    assert steps == min(most, len(prepared.units))
    surroundings = surroundings_of(conclude(prepared, readings))
    around = {facts.transcript_id: one for facts, one in surroundings}
    tasks = [crew.Task(unit, around[unit.id]) for unit in prepared.units if unit.id in around]
    assert tasks
    assert list(ahead.render(tasks)) == list(later.render(tasks))


def test_a_sample_of_the_cases_in_two_processes() -> None:
    for path in sorted(CASES.rglob("*.txt"))[::12]:
        case = read_case(path)
        try:
            inputs = {"sitegen.yaml": "title: Test\n", **case.inputs()}
        except (AttributeError, OSError):
            continue
        same(together(inputs), 2)


DAMAGES = [
    ("readings", "annotations/", "kind: ", "kind: x-"),
    ("surroundings", "content/transcripts/", "---\n\n", "---\n\n\n"),
]


@pytest.mark.parametrize(("table", "folder", "old", "new"), DAMAGES, ids=lambda value: value.strip())
def test_a_memo_that_proves_damaged_while_others_work(
    archive: Snapshot, table: str, folder: str, old: str, new: str
) -> None:
    standing = Standing(jobs=2)
    standing.build(archive)
    standing.memo._connection.execute(f"UPDATE {table} SET written = x'00'")
    sources = [
        Source.of(one.path, one.text.replace(old, new)) if one.path.startswith(folder) else one
        for one in archive.sources
    ]
    changed = replace(archive, sources=tuple(sources))
    assert changed != archive
    made = standing.build(changed)
    assert (standing.contents, made.diagnostics) == clean(changed)


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
