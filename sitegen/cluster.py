"""A build shared by many machines: batches of units sent to the workers of a Dask cluster, and outputs sent back.

The workers need the same sitegen and Python, and nothing of the site: the texts of a batch go with it. A batch is
a pure function of what is sent, so what a lost worker had begun another one does; or this process, if none can.
The only module that sees Dask. Whoever can reach a scheduler can run code on its workers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.crew import Alone, Found, Task, batches
from sitegen.files import program_digest
from sitegen.fingerprint import loaded
from sitegen.outputs import InMemory, Kept, Sink
from sitegen.preparation import Prepared
from sitegen.sitefiles import SiteFiles
from sitegen.source import Snapshot
from sitegen.templating import Theme
from sitegen.units import Unit

BATCH = 32
"""So many units are sent together: a batch costs some milliseconds of its own."""

MOST_WAITING = 16
"""So many batches are with the cluster at once, so that an archive need not fit into its memory or this one's."""


class ClusterError(Exception):
    """The cluster cannot be used, with the reason."""


class Version(Struct, frozen=True):
    """What must be the same on all machines: sitegen, by a digest of its files, and Python."""

    program: str
    python: str


def version() -> Version:
    """That of this process."""
    return Version(program_digest(), ".".join(map(str, sys.version_info[:2])))


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """The executor of the cluster whose scheduler is at an address such as `tcp://127.0.0.1:8786`.

    Raises ClusterError where there is none, or where a worker has another version than this process.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("Dask is not installed: pip install 'sitegen-transcripts[cluster]'") from error
    try:
        client = Client(address, timeout=5)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no scheduler answers at {address}: {error}") from error
    try:
        _check(client)
        yield client.get_executor()
    finally:
        client.close()


def _check(client: Any) -> None:
    try:
        others = client.run(version)
    except Exception as error:  # whatever a worker without sitegen raises
        raise ClusterError(f"the workers cannot run sitegen: {error}") from error
    if not others:
        raise ClusterError("the cluster has no workers")
    for worker, other in sorted(others.items()):
        if other != version():
            raise ClusterError(f"the worker {worker} has another version: {_difference(other)}")


def _difference(other: Version) -> str:
    here = version()
    if other.python != here.python:
        return f"Python {other.python}, and here it is {here.python}"
    return f"sitegen {other.program[:10]}, and here it is {here.program[:10]}; install the same on all"


class Spread(Struct):
    """A crew behind an executor."""

    executor: Executor
    prepared: Prepared
    sink: Sink
    _tasks: list[Task] = field(default_factory=list)

    def read(self, units: Sequence[Unit]) -> Iterator[Found]:
        """In batches."""
        for batch in self._done(_read_batch, units, lambda unit: unit):
            yield from (Found(data, loaded(data)) for data in batch)

    def use(self, theme: Theme) -> None:
        """It goes with every batch."""
        self.prepared = self.prepared.with_theme(theme)

    def start_rendering(self, tasks: Sequence[Task]) -> None:
        """Nothing is sent before it is asked for: what comes back must be kept at once."""
        self._tasks += tasks

    def rendered(self) -> Iterator[Kept]:
        """In batches; outputs are kept here as they come back."""
        for batch in self._done(_render_batch, self._tasks, lambda task: task.unit):
            for kept in batch:
                here = self.sink.put(kept.path, kept.data) if kept.is_there else kept
                found = (*kept.diagnostics, *here.diagnostics)
                yield replace(here, unit_id=kept.unit_id, template=kept.template, diagnostics=found)

    def _done(
        self, work: Callable[..., list[Any]], items: Sequence[Any], unit_of: Callable[[Any], Unit]
    ) -> Iterator[list[Any]]:
        """What the cluster makes of the items, batch by batch, in any order."""
        left = batches(items, BATCH)
        waiting: dict[Future[list[Any]], list[Any]] = {}
        while True:
            for batch in islice(left, MOST_WAITING - len(waiting)):
                waiting[self.executor.submit(work, version(), self._sent(batch, unit_of), batch)] = batch
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                batch = waiting.pop(future)
                try:
                    yield future.result()
                except ClusterError:
                    raise
                except Exception:
                    # No worker could do it. A fault of our own shows itself here as it would there.
                    yield work(version(), self._sent(batch, unit_of), batch)

    def _sent(self, batch: Sequence[Any], unit_of: Callable[[Any], Unit]) -> Prepared:
        """What a worker needs to know for a batch: what all pages have in common, and the texts of its units."""
        units = [unit_of(item) for item in batch]
        paths = [path for unit in units for path in (*unit.transcripts, *unit.files)]
        texts = {path: self.prepared.files.load(path) for path in paths}
        return self.prepared.with_files(SiteFiles(Snapshot(()), (), (), partial(_text, texts)))


def _text(texts: dict[str, Any], path: str) -> Any:
    return texts[path]


def _read_batch(expected: Version, prepared: Prepared, units: Sequence[Unit]) -> list[bytes]:
    _agree(expected)
    return [one.written for one in Alone(prepared, InMemory()).read(units)]


def _render_batch(expected: Version, prepared: Prepared, tasks: Sequence[Task]) -> list[Kept]:
    _agree(expected)
    return list(Alone(prepared, InMemory()).render(tasks))


def _agree(expected: Version) -> None:
    """A worker may have joined after the build began."""
    if version() != expected:
        raise ClusterError("a worker of another version has joined the cluster; install the same on all")
