"""A crew of several processes of this machine.

Workers are forked once the registers are read, so nothing of those needs to be sent to them; they keep their
transcripts from reading to rendering.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from sitegen.crew import FEWEST_UNITS, Alone, Crew, Found, Task, batches
from sitegen.fingerprint import loaded, written
from sitegen.outputs import Kept, Sink
from sitegen.preparation import Prepared
from sitegen.templating import Theme
from sitegen.units import Unit

_AT_ONCE = 16
"""So many readings are sent together."""


def crew_for(jobs: int, prepared: Prepared, sink: Sink, units: int) -> Crew:
    """Up to `jobs` processes for so many units; one where that is enough, or where processes cannot be forked."""
    if jobs < 2 or units < FEWEST_UNITS or not _can_fork():
        return Alone(prepared, sink)
    return Forked(prepared, sink, jobs)


def _can_fork() -> bool:
    # Forking a process with threads can leave locks held for ever; macOS's own libraries use threads.
    return sys.platform == "linux" and threading.active_count() == 1


class Forked:
    """Processes that share the units. What one of them does not finish because it died is done here instead."""

    def __init__(self, prepared: Prepared, sink: Sink, jobs: int) -> None:
        self.alone = Alone(prepared, sink)
        self.workers = [_Worker(self.alone) for _ in range(jobs)]
        self.tasks: list[Sequence[Task]] = []
        self.homes: dict[str, int] = {}

    def read(self, units: Sequence[Unit]) -> Iterator[Found]:
        """In all processes at once, from now on."""
        for number, unit in enumerate(units):
            self.homes.setdefault(unit.id, number % len(self.workers))
        shares = self._shares(units, [unit.id for unit in units])
        for worker, share in zip(self.workers, shares, strict=True):
            worker.send("read", share)
        return self._found({unit.id: unit for unit in units})

    def _found(self, missing: dict[str, Unit]) -> Iterator[Found]:
        for batch in _as_they_come(self.workers):
            for one in batch:
                missing.pop(one.reading.unit_id, None)
                yield one
        yield from self.alone.read(list(missing.values()))

    def use(self, theme: Theme) -> None:
        """In all processes: they do not have what was compiled since they were forked."""
        self.alone.use(theme)
        for worker in self.workers:
            worker.send("use", theme)

    def start_rendering(self, tasks: Sequence[Task]) -> None:
        """In all processes, each those units that it has read."""
        self.tasks = self._shares(tasks, [task.unit.id for task in tasks])
        for worker, share in zip(self.workers, self.tasks, strict=True):
            worker.send("render", share)

    def rendered(self) -> Iterator[Kept]:
        """What became of the outputs; the processes end."""
        for worker, share in zip(self.workers, self.tasks, strict=True):
            received = list(worker.receive())
            if worker.is_lost:
                self.alone.start_rendering(share)
                yield from self.alone.rendered()
            else:
                yield from (one for batch in received for one in batch)
        for worker in self.workers:
            worker.stop()

    def _shares(self, items: Sequence[Any], ids: Sequence[str]) -> list[Sequence[Any]]:
        shares: list[list[Any]] = [[] for _ in self.workers]
        for number, (item, unit_id) in enumerate(zip(items, ids, strict=True)):
            shares[self.homes.get(unit_id, number % len(shares))].append(item)
        return list(shares)


class _Worker:
    """A forked process that answers messages with batches of values; an empty batch ends an answer."""

    def __init__(self, alone: Alone) -> None:
        self.is_lost = False
        self.connection, other = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_work, args=(alone, other, self.connection), daemon=True)
        self.process.start()
        other.close()

    def send(self, what: str, value: object) -> None:
        """Ask for work."""
        try:
            self.connection.send_bytes(written((what, value)))
        except OSError:
            self.is_lost = True

    def receive_batch(self) -> list[Any]:
        """The next batch of the answer; empty at its end, or if the process has died."""
        try:
            return list(loaded(self.connection.recv_bytes()))
        except (EOFError, OSError):
            self.is_lost = True
            return []

    def receive(self) -> Iterator[list[Any]]:
        """The whole answer."""
        while not self.is_lost and (batch := self.receive_batch()):
            yield batch

    def stop(self) -> None:
        """Let the process end."""
        self.send("stop", ())
        self.process.join()


def _as_they_come(workers: Sequence[_Worker]) -> Iterator[list[Found]]:
    waiting = {worker.connection: worker for worker in workers if not worker.is_lost}
    while waiting:
        for connection in wait(list(waiting)):
            assert isinstance(connection, Connection)  # noqa: S101
            batch = waiting[connection].receive_batch()
            if batch:
                yield [Found(outward, texts, data, loaded(data)) for outward, texts, data in batch]
            else:
                del waiting[connection]


def _work(alone: Alone, connection: Connection, others_end: Connection) -> None:
    others_end.close()
    gc.freeze()
    while True:
        try:
            what, value = loaded(connection.recv_bytes())
        except EOFError:
            return
        if what == "stop":
            return
        if what == "read":
            for batch in batches(alone.read(value), _AT_ONCE):
                _send(connection, [(one.outward, one.texts, one.written) for one in batch])
        elif what == "use":
            alone.use(value)
            continue  # there is no answer to that
        else:
            alone.start_rendering(value)
            # All at once: the process that asked is busy, and would make this one wait for every batch.
            if kept := list(alone.rendered()):
                _send(connection, kept)
        _send(connection, [])


def _send(connection: Connection, batch: Sequence[object]) -> None:
    connection.send_bytes(written(batch))
