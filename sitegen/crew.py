"""A build shared by several processes: each reads some units and renders their transcripts; the bytes are the same.

Workers are forked once the registers are read, so nothing needs to be sent to them; they keep their
transcripts and send back facts, then pages. Where processes cannot be forked the build runs in one.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from sitegen.addresses import Places
from sitegen.diagnostics import Checked, Diagnostic, in_order, problem
from sitegen.facts import AnnotatedTranscript, Edition, Facts, Passage, TopicIndex, outline
from sitegen.outputs import Output
from sitegen.pages import Site, around
from sitegen.pipeline import Options, Prepared, conclude, plan, plan_unit, prepare, render, unique_outputs
from sitegen.source import Location, Snapshot
from sitegen.units import Reading, Unit, read_unit

FEWEST_UNITS = 48
"""Below so many units, starting processes takes longer than it saves."""

Mapper = Callable[..., Iterable[Checked[bytes]]]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished build: the bytes of all outputs by path, everything that is wrong, and the site as values."""

    contents: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]
    edition: Edition


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the pages of transcripts know of other transcripts: outlines in order, places, headings, who cites whom."""

    outlines: tuple[Facts, ...]
    places: Places
    headings: TopicIndex
    citing: Mapping[str, tuple[tuple[Facts, Passage], ...]]


def make(snapshot: Snapshot, options: Options, jobs: int, mapping: Mapper = map) -> Made:
    """Build and render a site with up to `jobs` processes; `mapping` shows the progress of what this one renders."""
    with _without_collection():
        prepared = prepare(snapshot, options)
        if jobs < 2 or len(prepared.units) < FEWEST_UNITS or not _can_fork():
            jobs = 1
        shares = [prepared.units[number::jobs] for number in range(jobs)]
        workers = [_Worker(prepared, share) for share in shares] if jobs > 1 else [_Here(prepared, shares[0])]
        readings = [reading for worker in workers for reading in worker.readings()]
        concluded = conclude(prepared, readings)
        surroundings = _surroundings(concluded.value)
        for worker in workers:
            worker.send(surroundings)
        outputs = unique_outputs(plan(concluded.value))
        rendered = render(outputs.value, mapping)
        contents = dict(rendered.value)
        found = [*concluded.diagnostics, *outputs.diagnostics, *rendered.diagnostics]
        for worker in workers:
            made = worker.pages(mapping)
            found += [*made.diagnostics, *(_collision(path) for path in made.value if path in contents)]
            contents = {**made.value, **contents}
    return Made(dict(sorted(contents.items())), in_order(found), concluded.value.edition)


def _collision(path: str) -> Diagnostic:
    message = f"two pages would be written to {path}"
    return problem("address-collision", Location.at(path), message, "rename one of the two")


def _surroundings(site: Site) -> _Surroundings:
    citing = {
        transcript_id: tuple((outline(facts), passage) for facts, passage in passages)
        for transcript_id, passages in site.citing.items()
    }
    return _Surroundings(tuple(map(outline, site.edition.facts)), site.places, site.headings, citing)


class _Here:
    """The units of a share, read and rendered in this process."""

    def __init__(self, prepared: Prepared, share: tuple[Unit, ...]) -> None:
        self.prepared = prepared
        self.share = share
        self.facts: dict[str, Facts] = {}
        self.annotated: dict[str, AnnotatedTranscript] = {}
        self.surroundings: _Surroundings | None = None

    def readings(self) -> list[Reading]:
        """What is read in the share; its transcripts are kept."""
        found = []
        for unit in self.share:
            reading, annotated = read_unit(unit, self.prepared.scope)
            found.append(reading)
            if annotated and reading.facts:
                self.facts[unit.id] = reading.facts
                self.annotated[unit.id] = annotated
        return found

    def send(self, surroundings: _Surroundings) -> None:
        """Tell the share what its pages may know of the others."""
        self.surroundings = surroundings

    def pages(self, mapping: Mapper = map) -> Checked[dict[str, bytes]]:
        """The outputs of the transcripts in the share."""
        return render(self._outputs(), mapping)

    def _outputs(self) -> Iterator[Output]:
        known = self.surroundings
        if known is None:
            return
        every = tuple(self.facts.get(one.transcript_id, one) for one in known.outlines)
        edition = Edition(self.prepared.project, every, known.headings, self.prepared.pages)
        site = Site(edition, self.prepared.theme, known.places)
        site.__dict__.update(headings=known.headings, citing=known.citing)
        for facts, part in around(site):
            if facts.transcript_id in self.annotated:
                yield from plan_unit(part, self.annotated[facts.transcript_id], facts)


class _Worker:
    """The units of a share in a process of their own. If that dies, its work is done here instead."""

    def __init__(self, prepared: Prepared, share: tuple[Unit, ...]) -> None:
        self.here = _Here(prepared, share)
        self.lost = False
        self.connection, other = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_work, args=(self.here, other, self.connection), daemon=True)
        self.process.start()
        other.close()

    def readings(self) -> list[Reading]:
        """What is read in the share."""
        received = self._received()
        return self.here.readings() if received is None else received

    def send(self, surroundings: _Surroundings) -> None:
        """Tell the share what its pages may know of the others."""
        self.here.send(surroundings)
        try:
            self.connection.send_bytes(pickle.dumps(surroundings, pickle.HIGHEST_PROTOCOL))
        except OSError:
            self.lost = True

    def pages(self, mapping: Mapper = map) -> Checked[dict[str, bytes]]:
        """The outputs of the transcripts in the share."""
        received = None if self.lost else self._received()
        self.process.join()
        if received is None:
            if not self.here.annotated:
                self.here.readings()
            return self.here.pages(mapping)
        return Checked(dict(received[0]), tuple(received[1]))

    def _received(self) -> list[Any] | None:
        try:
            return list(pickle.loads(self.connection.recv_bytes()))  # noqa: S301 -- from a process of our own
        except (EOFError, OSError):
            self.lost = True
            return None


def _work(here: _Here, connection: Connection, others_end: Connection) -> None:
    others_end.close()
    gc.freeze()
    connection.send_bytes(pickle.dumps(here.readings(), pickle.HIGHEST_PROTOCOL))
    here.send(pickle.loads(connection.recv_bytes()))  # noqa: S301 -- from the process that started this one
    made = here.pages()
    connection.send_bytes(pickle.dumps([list(made.value.items()), made.diagnostics], pickle.HIGHEST_PROTOCOL))
    connection.close()


def _can_fork() -> bool:
    # Forking a process with threads can leave locks held for ever; macOS's own libraries use threads.
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def _without_collection() -> Iterator[None]:
    """Garbage collection off: a build makes many values and no cycles worth finding."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
