"""A crew of several processes of this machine.

Workers are forked once the registers are read, so nothing of those needs to be sent to them; they keep their
transcripts from reading to rendering.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from msgspec import msgpack

from sitegen.crew import FEWEST_UNITS, Alone, Crew, Found, Task, batches
from sitegen.fingerprint import loaded, written
from sitegen.outputs import Kept, Sink
from sitegen.preparation import Prepared
from sitegen.templating import Theme
from sitegen.units import Unit

_GIVES_WAY = 5
"""By how much workers give way to the process that has the work for them, and work of its own beside it."""

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
        self.tasks: list[list[Task]] = [[] for _ in self.workers]
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
        shares = self._shares(tasks, [task.unit.id for task in tasks])
        for worker, share, every in zip(self.workers, shares, self.tasks, strict=True):
            every += share
            if share:
                worker.send("render", msgpack.encode(share))

    def rendered(self) -> Iterator[Kept]:
        """What became of the outputs; the processes end once they are made."""
        for worker in self.workers:
            worker.send("render", msgpack.encode(()))
        return self._kept()

    def _kept(self) -> Iterator[Kept]:
        for worker, tasks in zip(self.workers, self.tasks, strict=True):
            kept = worker.receive_batch()
            yield from self.alone.render(tasks) if worker.is_lost else kept
        for worker in self.workers:
            worker.process.join()

    def _shares(self, items: Sequence[Any], ids: Sequence[str]) -> list[Sequence[Any]]:
        shares: list[list[Any]] = [[] for _ in self.workers]
        for number, (item, unit_id) in enumerate(zip(items, ids, strict=True)):
            shares[self.homes.get(unit_id, number % len(shares))].append(item)
        return list(shares)


class _Worker:
    """A forked process that answers messages with batches of values: what it has read, until an empty one; and all
    outputs in one."""

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
        """The next batch of an answer; empty at its end, or if the process has died."""
        try:
            return list(loaded(self.connection.recv_bytes()))
        except (EOFError, OSError):
            self.is_lost = True
            return []


def _as_they_come(workers: Sequence[_Worker]) -> Iterator[list[Found]]:
    waiting = {worker.connection: worker for worker in workers if not worker.is_lost}
    while waiting:
        for connection in wait(list(waiting)):
            assert isinstance(connection, Connection)  # noqa: S101
            batch = waiting[connection].receive_batch()
            if batch:
                yield [Found(data, loaded(data)) for data in batch]
            else:
                del waiting[connection]


def _work(alone: Alone, connection: Connection, others_end: Connection) -> None:
    others_end.close()
    os.nice(_GIVES_WAY)
    gc.freeze()
    with contextlib.suppress(EOFError):
        what, value = _asked(alone, connection)
        while what != "render":
            if what == "read":
                for batch in batches(alone.read(value), _AT_ONCE):
                    _send(connection, [one.written for one in batch])
                _send(connection, [])
            else:
                alone.use(value)
            what, value = _asked(alone, connection)
        # All at once: the process that asked is busy, and would make this one wait for every batch.
        _send(connection, list(alone.render(_tasks(connection, value))))


def _asked(alone: Alone, connection: Connection) -> tuple[str, Any]:
    """What this process is asked for next; until it is, it works ahead."""
    while not connection.poll() and alone.work_ahead():
        pass
    return _received(connection)


def _tasks(connection: Connection, first: bytes) -> Iterator[Task]:
    """A batch of tasks and those that follow, until there is an empty one. What comes is taken at once, so that the
    process that sends it need not wait."""
    decode = msgpack.Decoder(tuple[Task, ...]).decode
    batch = decode(first)
    waiting = deque(batch)
    while batch or waiting:
        while batch and (not waiting or connection.poll()):
            batch = decode(_received(connection)[1])
            waiting += batch
        if waiting:
            yield waiting.popleft()


def _received(connection: Connection) -> tuple[str, Any]:
    message: tuple[str, Any] = loaded(connection.recv_bytes())
    return message


def _send(connection: Connection, batch: Sequence[object]) -> None:
    connection.send_bytes(written(batch))
