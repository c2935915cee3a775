"""A build on a real Dask cluster: a scheduler and two workers on this machine, one of which is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from distributed import Client

from benchmarks.adapters import write_sitegen
from benchmarks.archive import Archive
from sitegen import cluster, files
from sitegen.cli import main
from sitegen.source import Snapshot
from tests.door import REPOSITORY
from tests.standing import Standing, clean

LOOPBACK = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")


@dataclass
class Cluster:
    """A running scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


def start(*arguments: str, folder: Path, path: Path = REPOSITORY) -> subprocess.Popen[bytes]:
    """A process of Dask, in a folder, that takes its modules from a path first."""
    command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
    environment = os.environ | {"PYTHONPATH": str(path)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Cluster]:
    found = tmp_path / "scheduler.json"
    scheduler = start("scheduler", *LOOPBACK, "--port", "0", "--scheduler-file", str(found), folder=tmp_path)
    options = ("--nthreads", "1", "--no-nanny", "--scheduler-file", str(found))
    workers = [start("worker", *LOOPBACK, *options, folder=tmp_path) for _ in range(2)]
    try:
        while not found.exists():
            time.sleep(0.05)
        with Client(scheduler_file=str(found)) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield Cluster(address, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("archive")
    write_sitegen(Archive(40, words=300, notes=4), folder)
    return files.snapshot(folder).value


class Deadly(Executor):
    """Kills a worker once so many batches have been sent."""

    def __init__(self, executor: Executor, worker: subprocess.Popen[bytes], after: int) -> None:
        self.executor, self.worker, self.left = executor, worker, after

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        self.left -= 1
        if self.left == 0:
            self.worker.send_signal(signal.SIGKILL)
        return self.executor.submit(work, *arguments, **options)


@pytest.mark.parametrize("killed_after", [0, 3, 14])
def test_the_bytes_are_those_of_one_process(
    running: Cluster, archive: Snapshot, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    monkeypatch.setattr(cluster, "BATCH", 4)
    with cluster.connected(running.address) as executor:
        used = Deadly(executor, running.workers[0], killed_after)
        standing = Standing(crew=lambda prepared, sink, units: cluster.Spread(used, prepared, sink))
        made = standing.build(archive)
        assert (standing.contents, made.diagnostics) == clean(archive)
    assert bool(killed_after) == (running.workers[0].poll() is not None)


def test_the_command_builds_there_and_says_what_is_wrong(running: Cluster, tmp_path: Path) -> None:
    write_sitegen(Archive(6, words=100, notes=2), tmp_path / "site")
    arguments = ["build", "--site", str(tmp_path / "site"), "--no-search"]
    done = CliRunner().invoke(main, [*arguments, "--cluster", running.address])
    assert done.exit_code == 0, done.output
    there = {p: p.read_bytes() for p in (tmp_path / "site/_site").rglob("*") if p.is_file()}
    again = CliRunner().invoke(main, [*arguments, "--clean"])
    assert again.exit_code == 0, again.output
    assert there == {p: p.read_bytes() for p in (tmp_path / "site/_site").rglob("*") if p.is_file()}
    lost = CliRunner().invoke(main, [*arguments, "--clean", "--cluster", "tcp://127.0.0.1:9"])
    assert lost.exit_code == 1
    assert "no scheduler answers at tcp://127.0.0.1:9" in lost.output


def test_another_version_is_refused(running: Cluster, archive: Snapshot, tmp_path: Path) -> None:
    for worker in running.workers:
        worker.kill()
        worker.wait()
    shutil.copytree(REPOSITORY / "sitegen", tmp_path / "other" / "sitegen")
    with (tmp_path / "other" / "sitegen" / "crew.py").open("a") as file:
        file.write("# another version\n")
    options = ("worker", running.address, *LOOPBACK, "--no-nanny")
    running.workers.append(start(*options, folder=tmp_path, path=tmp_path / "other"))
    with Client(running.address) as client:
        client.wait_for_workers(1, timeout=60)
        refused = pytest.raises(cluster.ClusterError, match="has another version: sitegen")
        with refused, cluster.connected(running.address):
            pass
        with pytest.raises(cluster.ClusterError, match="has joined"):
            Standing(crew=lambda p, sink, units: cluster.Spread(client.get_executor(), p, sink)).build(archive)
