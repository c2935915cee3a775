"""Those who read and render the units of a site: this process, or others behind the same few methods.

Whoever does the work, the values and the bytes are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from msgspec import Struct, field

from sitegen.exporters import Exported, plan_transcript_exports
from sitegen.facts import AnnotatedTranscript
from sitegen.fingerprint import written
from sitegen.outputs import Kept, Sink
from sitegen.pages.around import Surroundings
from sitegen.preparation import Prepared
from sitegen.rendering import plan_unit, render_into
from sitegen.templating import Theme
from sitegen.units import Reading, Unit

MOST_KEPT = 6000
"""So many transcripts a process keeps from reading to rendering: what a build needs must not grow with the texts."""

FEWEST_UNITS = 48
"""Below so many units, starting processes takes longer than it saves."""


class Found(Struct, frozen=True):
    """A unit that was read: its reading, also as bytes."""

    written: bytes
    reading: Reading


class Task(Struct, frozen=True):
    """Outputs of one unit to be rendered: all, or those of some paths."""

    unit: Unit
    surroundings: Surroundings
    paths: frozenset[str] | None = None


class Crew(Protocol):
    """Who works on the units of a site."""

    def read(self, units: Sequence[Unit]) -> Iterator[Found]:
        """What reading the units gives, in any order. It begins at once if it can go on while this process does other
        work."""
        ...

    def use(self, theme: Theme) -> None:
        """By which theme to render; the crew was made while its templates were not yet compiled."""
        ...

    def start_rendering(self, tasks: Sequence[Task]) -> None:
        """Begin to render outputs, if that can be done while this process does other work. More may follow."""
        ...

    def rendered(self) -> Iterator[Kept]:
        """What became of the outputs; no more will follow."""
        ...


MakeCrew = Callable[[Prepared, Sink, int], Crew]
"""Who works on a site, given what is read before any transcript, where outputs go, and how many units are new."""


def alone(prepared: Prepared, sink: Sink, units: int) -> Crew:
    """This process, whatever there is to do."""
    return Alone(prepared, sink)


class Alone(Struct):
    """This process."""

    prepared: Prepared
    sink: Sink
    _annotated: dict[str, tuple[Reading, AnnotatedTranscript | None]] = field(default_factory=dict)
    _tasks: list[Task] = field(default_factory=list)
    _ahead: dict[str, tuple[Kept, ...]] = field(default_factory=dict)
    _not_ahead: list[str] = field(default_factory=list)

    def read(self, units: Sequence[Unit]) -> Iterator[Found]:
        """One after the other; their transcripts are kept, or read again when they are rendered."""
        for unit in units:
            read = self.prepared.read(unit)
            if unit.id in self._annotated or len(self._annotated) < MOST_KEPT:
                self._annotated[unit.id] = read
                self._ahead.pop(unit.id, None)
                self._not_ahead.append(unit.id)
            yield Found(written(read[0]), read[0])

    def work_ahead(self) -> bool:
        """Make what needs no surroundings of one more transcript that was read; whether there was anything to do."""
        if not self._not_ahead:
            return False
        name = self._not_ahead.pop()
        reading, annotated = self._annotated[name]
        if annotated and reading.facts and name not in self._ahead:
            grounds = self.prepared.grounds
            exported = Exported(annotated, reading.facts, grounds.project.settings, grounds.works)
            self._ahead[name] = tuple(render_into(self.sink, one, name) for one in plan_transcript_exports(exported))
        return True

    def use(self, theme: Theme) -> None:
        """From now on."""
        self.prepared = self.prepared.with_theme(theme)

    def start_rendering(self, tasks: Sequence[Task]) -> None:
        """Nothing begins before it is asked for."""
        self._tasks += tasks

    def rendered(self) -> Iterator[Kept]:
        """One after the other."""
        return self.render(self._tasks)

    def render(self, tasks: Iterable[Task]) -> Iterator[Kept]:
        """Render outputs as the tasks come; a transcript is dropped once its outputs are made."""
        for task in tasks:
            kept = self._annotated.pop(task.unit.id, None)
            reading, annotated = kept or self.prepared.read(task.unit)
            if annotated is None or reading.facts is None:
                continue
            site = self.prepared.grounds.around(reading.facts, task.surroundings)
            made = {kept.path: kept for kept in self._ahead.pop(task.unit.id, ())}
            for output in plan_unit(site, annotated, reading.facts):
                if task.paths is None or output.path in task.paths:
                    yield made.get(output.path) or render_into(self.sink, output, task.unit.id)


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Items in lists of a size, the last of which may be shorter."""
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
