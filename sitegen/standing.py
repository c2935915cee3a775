"""The outputs of the last build beside those of this one: which of them stand, and what is there in the end.

What is left of an output is seen by its key and by the stamp of its file. How outputs are made, and where they are
kept, is not known here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from sitegen.keys import Key, Keys
from sitegen.memo import OutputRow, UnitOutputs
from sitegen.outputs import Kept


class Standing(Struct, frozen=True):
    """What the last build made, by unit; `lost` are the paths of those outputs of each of which the file is not as it
    was made, or the template not what it was."""

    made: Mapping[str, UnitOutputs]
    lost: Mapping[str, set[str]]
    keys: Keys

    def rows(self, unit: str) -> tuple[OutputRow, ...]:
        """The outputs of a unit, or of the whole site."""
        return self.made[unit].rows if unit in self.made else ()

    def to_make(self, unit: str, key: Key) -> frozenset[str] | None:
        """Which outputs of a unit have to be made, by the key that they share; None for all of them."""
        if unit not in self.made or self.made[unit].key != key:
            return None
        return frozenset(self.lost.get(unit, ()))

    def in_site(self, keys: Mapping[str, Key]) -> set[str]:
        """The outputs of the whole site that were made by the keys that they have now, and are still there."""
        return {row.path for row in self.rows("") if row.key == keys.get(row.path)} - self.lost.get("", set())

    def site_with(self, made: Collection[Kept], keys: Mapping[str, Key]) -> UnitOutputs:
        """The outputs of the whole site by these keys: those that stand, and those that were made."""
        left = tuple(row for row in self.rows("") if row.path in keys)
        return self._joined(UnitOutputs("", "", left), made, lambda one: keys[one.path])

    def unit_with(self, unit: str, key: Key, made: Collection[Kept], without: Collection[str] | None) -> UnitOutputs:
        """The outputs of a unit by the key that they share: those that stand without some, or without all of them if
        that is None, and those that were made."""
        left = () if without is None else self.rows(unit)
        left = tuple(row for row in left if row.path not in (without or ()))
        return self._joined(UnitOutputs(unit, key, left), made, lambda one: self.keys.of_template(one.template))

    def _joined(self, left: UnitOutputs, made: Collection[Kept], own: Callable[[Kept], Key]) -> UnitOutputs:
        """What is left of a unit's outputs, and those that were made, each by a key of its own."""
        rows = {row.path: row for row in left.rows}
        rows |= {one.path: OutputRow(one.path, one.template, own(one), one.is_there, one.stamp) for one in made}
        before = self.made[left.unit].diagnostics if left.unit in self.made else {}
        found = {**before, **{one.path: one.diagnostics for one in made}}
        told = {path: problems for path, problems in found.items() if problems and path in rows}
        return UnitOutputs(left.unit, left.key, tuple(rows.values()), told)


def standing_of(made: Mapping[str, UnitOutputs], keys: Keys, stamps: Mapping[str, str] | None) -> Standing:
    """What stands of what was made; `stamps` are those of the files there are, None where all are as they were made."""
    lost = defaultdict[str, set[str]](set)
    templates = {row.template for one in made.values() for row in one.rows}
    own = {template: keys.of_template(template) for template in templates}
    for one in made.values():
        for row in one.rows:
            is_there = row.is_there and (stamps is None or stamps.get(row.path) == row.stamp)
            # The keys of outputs of the whole site are not known yet.
            if not is_there or (one.unit and row.key != own[row.template]):
                lost[one.unit].add(row.path)
    return Standing(made, dict(lost), keys)
