"""A build that does only what has changed since the last one: memo, crew and sink brought together.

With a memo or without one, the values and the bytes are the same; without one everything is done. What the key
of an output is made of is decided in `keys`.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.crew import Crew, Found, MakeCrew, Task, alone, batches
from sitegen.diagnostics import Diagnostic, in_order
from sitegen.exporters import EXPORTERS
from sitegen.fingerprint import fingerprint, placeless_fingerprint
from sitegen.keys import Key, Keys, before_transcripts, keys_by_path, keys_of, reason_of
from sitegen.memo import DamagedError, Memo, UnitOutputs, UnitRow
from sitegen.model import Settings
from sitegen.outputs import Kept, Output, Sink
from sitegen.pages.around import Surroundings, leading, surroundings_of
from sitegen.pages.frame import Site
from sitegen.preparation import Options, Prepared, prepare, visited
from sitegen.rendering import render_into
from sitegen.sitefiles import SiteFiles
from sitegen.standing import standing_of
from sitegen.units import Reading, Unit, visitors_of

_Around = tuple[str, Surroundings | None]
"""The surroundings of a transcript: their digest, and where they are not as in the memo, themselves."""

_AT_ONCE = 64
"""So many transcripts are looked at before a crew is told what has to be made of them."""

Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]
"""Passes things on as they come, and may show how far it is: what is done with them, and how many there will be."""


def _unseen(items: Iterable[Any], label: str, length: int) -> Iterable[Any]:
    return items


class Request(Struct, frozen=True):
    """A build: of which files, with the digests of those that are known, by what options, into what sink, by whom.

    `stamps` are those of the files that are in the sink already; None where the sink has what the memo says.
    `problems` are what is wrong with files that could not be read.
    """

    files: SiteFiles
    options: Options
    sink: Sink
    crew: MakeCrew = alone
    digests: Mapping[str, str] = field(default_factory=dict)
    stamps: Mapping[str, str] | None = None
    problems: tuple[Diagnostic, ...] = ()
    progress: Progress = _unseen


class Made(Struct, frozen=True):
    """A finished build: what was rendered, the digest of every input, the paths of all outputs that are there, what is
    wrong, why each was rendered, in words by path, and the built-in templates as they were compiled. `values` are all
    those that it came about with: to let go of them takes a while, which a command that ends has no need of."""

    kept: tuple[Kept, ...]
    sources: dict[str, str]
    paths: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
    reasons: Mapping[str, str]
    settings: Settings
    compiled: Mapping[str, bytes]
    values: object


class _Conclusion(Struct, frozen=True):
    """What is known of the site as a whole, under a key. `feed` are units in the feed; `between` is what is wrong
    between units, `better` what is said of lost quotes after a second look. Where nothing of it has changed, there is
    no `site`, and there are no `outputs` to look at; `readings` are those of all units until they have been checked."""

    key: tuple[str, ...]
    feed: tuple[str, ...]
    between: tuple[Diagnostic, ...]
    better: Mapping[Diagnostic, Diagnostic] = field(default_factory=dict)
    site: Site | None = None
    outputs: tuple[Output, ...] = ()
    readings: tuple[Reading, ...] = ()


def make(request: Request, memo: Memo) -> Made:
    """Build a site, and put what was found into the memo. Anything wrong with the memo costs time only."""
    was_on = gc.isenabled()
    gc.disable()  # a build makes many values, and no circles of them worth finding
    try:
        return _Build(request, memo).made()
    except DamagedError:
        memo.forget()
        return _Build(request, memo).made()
    finally:
        if was_on:
            gc.enable()


def _prepared(request: Request, memo: Memo) -> tuple[str, Prepared, Keys, bool]:
    """What is read before any transcript, by the key in the memo; whether it is as the memo has it, and unchanged."""
    key = before_transcripts(request.files, request.options)
    before: tuple[str, Prepared, Keys] | None = memo.value("prepared")
    if before and before[0] == key:
        return key, before[1].with_files(request.files), before[2], True
    prepared = prepare(request.files, request.options)
    return key, prepared, keys_of(prepared), False


class _Build:
    """One build: what the memo knows, and what has been found since."""

    def __init__(self, request: Request, memo: Memo) -> None:
        self.request, self.memo = request, memo
        self.key, self.prepared, self.keys, self.is_prepared = _prepared(request, memo)
        self.is_compiled = self.is_prepared
        self.rows = memo.units()
        self.old = standing_of(memo.outputs(), self.keys, request.stamps)
        self.before: _Conclusion | None = memo.value("conclusion")
        self.readings: dict[str, Reading] = {}
        self.changed: set[str] = set()  # files of units that were read, those that are gone included
        self.units: dict[str, Unit] = {}

    def made(self) -> Made:
        """All steps of it."""
        unread = self._unread()
        crew = self.request.crew(self.prepared, self.request.sink, len(unread))
        self._read(crew, unread)
        if unread:  # what was read may tell of annotations that speak of other units
            self._read(crew, self._unread())
        crew.use(self.prepared.grounds.theme)
        self.units = self._units()
        concluded = self._conclude()
        surroundings, tasks = self._start_rendering(crew, concluded)
        by_crew = crew.rendered()
        concluded = self._checked(concluded)
        self._remember_units(concluded, surroundings)
        keys = dict(self._keys_in_site(concluded))
        standing = self.old.in_site(keys)
        stale = [output for output in concluded.outputs if output.path not in standing]
        rendered = chain((render_into(self.request.sink, output) for output in stale), by_crew)
        expected = len(stale) + sum(len(task.paths or EXPORTERS) for task in tasks.values())
        kept = tuple(self.request.progress(rendered, "Rendering", expected))
        outputs = {one.unit: one for one in self._outputs(kept, tasks, concluded, surroundings, keys)}
        changed = (one for unit, one in outputs.items() if one is not self.old.made.get(unit))
        self.memo.put_outputs(changed, self.old.made.keys() - outputs.keys())
        return self._summed_up(concluded, kept, outputs)

    def _compile(self) -> None:
        """Compile the templates, unless they are as the memo has them."""
        if not self.is_compiled:
            self.prepared = self.prepared.with_theme(self.prepared.grounds.theme.compiled())
            self.memo.put_value("prepared", (self.key, self.prepared.without_files(), self.keys))
            self.is_compiled = True

    # ------------------------------------------------------------ units

    def _units(self) -> dict[str, Unit]:
        """All units with their visitors, as far as they are known."""
        units = {unit.id: unit for unit in self.prepared.units}
        known = (self.rows[name] for name in units if name in self.rows)
        visitors = visitors_of((note for row in known for note in row.travellers), self.request.options.drafts)
        return units | {unit.id: unit for unit in visited(units.values(), visitors)}

    def _unread(self) -> list[Unit]:
        """The units that were never read as they are now."""
        return [unit for unit in self._units().values() if not self._is_known(unit)]

    def _read(self, crew: Crew, unread: Sequence[Unit]) -> None:
        by_id = {unit.id: unit for unit in unread}
        reading = crew.read(tuple(unread))
        self._compile()  # while others read
        for one in self.request.progress(reading, "Reading", len(unread)):
            self._note(one, by_id[one.reading.unit_id])

    def _is_known(self, unit: Unit) -> bool:
        row = self.rows.get(unit.id)
        if row is None or row.scope != self.keys.scope or row.visitors != self.keys.of_visitors(unit):
            return False
        digests = self.request.digests
        return unit.id in self.readings or row.sources == tuple(
            (path, digests.get(path, "")) for path in (*unit.transcripts, *unit.files)
        )

    def _note(self, found: Found, unit: Unit) -> None:
        """Keep what was found of a unit."""
        reading, row = found.reading, self.rows.get(unit.id)
        before = (row, next(self.memo.readings([unit.id]))) if row else None
        outward, texts = self.keys.shown(unit, reading, before)
        self.readings[unit.id] = reading
        self.changed.update(path for path, _ in (*(row.sources if row else ()), *reading.sources))
        # At once, so that the bytes of all need not be held.
        self.memo.put_readings([(unit.id, found.written)])
        self.rows[unit.id] = UnitRow(
            id=unit.id,
            scope=self.keys.scope,
            sources=reading.sources,
            visitors=self.keys.of_visitors(unit),
            key=self.keys.of_unit(unit, reading.sources, outward),
            outward=outward,
            texts=texts,
            is_missing_words=bool(reading.facts and reading.facts.missed),
            travellers=reading.travellers,
            diagnostics=reading.diagnostics,
        )

    # ------------------------------------------------------------ the site as a whole

    def _conclude(self) -> _Conclusion:
        """What the memo has concluded, if nothing that it was concluded from has changed; else anew."""
        before = self.before
        if before and self.is_prepared and before.key == self._site_key(before.feed) and self._still_holds(before):
            return before
        # Imported here, since most builds after an edit have nothing new to conclude.
        from sitegen.conclusion import conclude, files_of_transcripts, plan, unique_outputs

        names = sorted(self.units)
        known = [name for name in names if name not in self.readings]
        every = self.readings | dict(zip(known, self.memo.readings(known), strict=True))
        readings = tuple(every[name] for name in names)
        site = conclude(self.prepared, readings)
        planned = unique_outputs(plan(site), files_of_transcripts(site))
        feed = tuple(sorted({name for name, _ in site.texts}))
        return _Conclusion(
            key=self._site_key(feed),
            feed=feed,
            between=planned.diagnostics,
            site=site,
            outputs=planned.value,
            readings=readings,
        )

    def _checked(self, concluded: _Conclusion) -> _Conclusion:
        """The same with all that is wrong. It is looked for while others render, which needs none of it."""
        if concluded.site is None:
            return concluded
        from sitegen.conclusion import explained, problems_between

        between = problems_between(self.prepared, concluded.readings, concluded.site)
        better = explained(self.prepared, concluded.readings)
        return replace(concluded, better=better, between=(*between, *concluded.between), readings=())

    def _site_key(self, feed: tuple[str, ...]) -> tuple[str, ...]:
        """Digests of all that a conclusion depends on: what units show outwards, and the texts of the feed."""
        rows = [self.rows[name] for name in sorted(self.units)]
        # What is said of lost quotes depends on the words of all transcripts.
        is_missing = any(row.is_missing_words for row in rows)
        words = [(row.id, row.scope, row.sources, row.visitors) for row in rows] if is_missing else []
        texts = [self.rows[name].texts for name in feed if name in self.rows]
        shown = fingerprint(self.keys.registers, [(row.id, row.outward) for row in rows], texts, words)
        return shown, self.keys.common, fingerprint(sorted(self.keys.closures.items()))

    def _keys_in_site(self, concluded: _Conclusion) -> Iterator[tuple[str, Key]]:
        """The key of each output of the whole site by path."""
        if concluded.site:
            outward = {name: row.outward for name, row in self.rows.items()}
            leads = placeless_fingerprint(self.keys.registers, leading(concluded.site))
            for output in concluded.outputs:
                yield output.path, self.keys.in_site(output, concluded.key[0], leads, outward)

    def _still_holds(self, before: _Conclusion) -> bool:
        """Whether a conclusion is right to the line: nothing in it is about a file that has changed. And whether
        all outputs of the site are there, since without the site they cannot be made again."""
        places = (
            where.path
            for found in (*before.between, *before.better, *before.better.values())
            for where in (found.location, *(related.location for related in found.related))
            if where
        )
        return self.changed.isdisjoint(places) and "" in self.old.made and "" not in self.old.lost

    # ------------------------------------------------------------ outputs

    def _start_rendering(self, crew: Crew, concluded: _Conclusion) -> tuple[dict[str, _Around], dict[str, Task]]:
        """Let the crew make the outputs of transcripts that have to be made, the first of them before it is known what
        surrounds the last; the surroundings of all transcripts, and the tasks, by id."""
        surroundings: dict[str, _Around] = {}
        tasks: dict[str, Task] = {}
        for batch in batches(self._surroundings(concluded.site), _AT_ONCE):
            found = {name: task for name, around in batch if (task := self._task(name, around))}
            crew.start_rendering(tuple(found.values()))
            surroundings.update(batch)
            tasks |= found
        return surroundings, tasks

    def _surroundings(self, site: Site | None) -> Iterator[tuple[str, _Around]]:
        """The surroundings of each transcript by id; without a site, what is in the memo."""
        if site is None:
            yield from ((name, (digest, None)) for name, digest in self.memo.surroundings().items())
        else:
            for facts, around in surroundings_of(site):
                yield facts.transcript_id, (placeless_fingerprint(around), around)

    def _task(self, name: str, surroundings: _Around) -> Task | None:
        """The outputs of a transcript that have to be made, if any."""
        digest, around = surroundings
        paths = self.old.to_make(name, self._key_of_outputs(name, digest))
        if paths is None or paths:
            return Task(self.units[name], around or self.memo.surroundings_of(name, Surroundings), paths)
        return None

    def _key_of_outputs(self, unit_id: str, surroundings: str) -> Key:
        return self.keys.of_outputs(self.rows[unit_id], surroundings)

    # ------------------------------------------------------------ the end

    def _outputs(
        self,
        kept: Iterable[Kept],
        tasks: Mapping[str, Task],
        concluded: _Conclusion,
        surroundings: Mapping[str, _Around],
        keys: Mapping[str, Key],
    ) -> Iterator[UnitOutputs]:
        """All outputs: those that were made, and those that stand."""
        made = defaultdict[str, list[Kept]](list)
        for one in kept:
            made[one.unit_id].append(one)
        for name, (digest, _) in surroundings.items():
            if name in tasks:
                yield self.old.unit_with(name, self._key_of_outputs(name, digest), made[name], tasks[name].paths)
            else:
                yield self.old.made[name]
        yield self.old.site_with(made[""], keys) if concluded.site else self.old.made[""]

    def _remember_units(self, concluded: _Conclusion, surroundings: Mapping[str, _Around]) -> None:
        """Put what was found of units and of the site into the memo."""
        self.memo.put_units((self.rows[name] for name in self.readings), self.rows.keys() - self.units.keys())
        if concluded.site:
            before = self.memo.surroundings()
            self.memo.put_surroundings(
                (name, digest, around) for name, (digest, around) in surroundings.items() if before.get(name) != digest
            )
            self.memo.forget_surroundings(before.keys() - surroundings.keys())
            self.memo.put_value("conclusion", replace(concluded, site=None, outputs=()))

    def _summed_up(self, concluded: _Conclusion, kept: tuple[Kept, ...], outputs: Mapping[str, UnitOutputs]) -> Made:
        rows = [self.rows[name] for name in sorted(self.units)]
        of_units = (concluded.better.get(d, d) for row in rows for d in row.diagnostics)
        of_outputs = (d for one in outputs.values() for found in one.diagnostics.values() for d in found)
        known = (*self.request.problems, *self.prepared.diagnostics)
        paths = {one.path for one in kept}
        theme = self.prepared.grounds.theme
        before, after = keys_by_path(self.old.made.values(), paths), keys_by_path(outputs.values(), paths)
        return Made(
            kept=kept,
            sources={path: value for row in rows for path, value in row.sources}
            | self.request.files.snapshot.digests(),
            paths=frozenset([row.path for one in outputs.values() for row in one.rows if row.is_there]),
            diagnostics=in_order((*known, *of_units, *concluded.between, *of_outputs)),
            reasons={path: reason_of(before.get(path), after[path]) for path in paths},
            settings=self.prepared.grounds.project.settings,
            compiled=theme.code if theme.trusted else self.request.files.snapshot.compiled,
            values=self,
        )
