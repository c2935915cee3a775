"""The voices of files that identify their speakers: by key, with every label they were printed under.

Nothing is guessed here; two keys are two voices even if their names are equal.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from sitegen.importers import lexicon
from sitegen.importers.draft import Voice
from sitegen.importers.names import folded, read_label
from sitegen.importers.voices import registered_id
from sitegen.model import Speaker


class Roster(Struct):
    """Collects voices in the order in which they first speak."""

    register: Sequence[Speaker] = ()
    _names: dict[str, tuple[str, bool]] = field(default_factory=dict)
    _labels: dict[str, dict[str, None]] = field(default_factory=dict)
    _roles: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, key: str, name: str, label: str = "", role: str = "", *, anonymous: bool = False) -> str:
        """Note that a voice speaks, under a label; the first name given for a key stays."""
        self._names.setdefault(key, (name or label or key, anonymous))
        self._labels.setdefault(key, {}).setdefault(label or name)
        found = role or _office(label, self._names[key][0])
        if found:
            self._roles.setdefault(key, {}).setdefault(found)
        return key

    def voices(self) -> tuple[Voice, ...]:
        """All voices."""
        return tuple(
            Voice(
                key,
                name,
                tuple(self._labels[key]),
                tuple(self._roles.get(key, ())),
                anonymous,
                registered_id(name, self.register, anonymous=anonymous),
            )
            for key, (name, anonymous) in self._names.items()
        )


def _office(label: str, name: str) -> str:
    """The office in a label that ends in a known name: `Präsident Dr. Ann Bell` without `Dr. Ann Bell`."""
    words = label.split()
    known = [folded(word) for word in name.split()]
    if len(words) <= len(known) or [folded(word) for word in words[-len(known) :]] != known:
        return ""
    office = words[: -len(known)]
    while office and office[-1].casefold() in lexicon.TITLES:
        office.pop()
    return " ".join(office).rstrip(",")


def bare_name(printed: str) -> str:
    """A name without forms of address: `Mr. Alex White` gives `Alex White`."""
    label = read_label(printed)
    return label.core if label.shape in ("name", "office and name") and " " in label.core else " ".join(printed.split())
