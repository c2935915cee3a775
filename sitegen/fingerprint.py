"""Values as bytes: quickly, for other processes; and digests of them, by which builds tell what has changed.

Equal values have equal fingerprints, in any process and whatever they share in memory. What is done about a
change is not known here.
"""

from __future__ import annotations

import io
import pickle
from operator import attrgetter
from typing import Any, TypeVar

from sitegen.source import Location, digest

T = TypeVar("T")


def carried(cls: type[T]) -> type[T]:
    """Makes the values of a frozen dataclass quick to pickle: by class and fields, where dataclasses with slots look
    through their fields one by one. For those of which a site has thousands."""
    names = tuple(cls.__dataclass_fields__)  # type: ignore[attr-defined]
    fields = attrgetter(*names)

    def reduced(self: T) -> tuple[type[T], tuple[Any, ...]]:
        found = fields(self)
        return type(self), found if len(names) > 1 else (found,)

    cls.__reduce__ = reduced  # type: ignore[assignment, method-assign]
    return cls


def written(value: object) -> bytes:
    """A value as bytes, for another process or a later build."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def loaded(data: bytes) -> Any:
    """The value that was `written`. Bytes of other origin may do and raise anything."""
    return pickle.loads(data)  # noqa: S301 -- from a process of ours, or a file that only we write


class _Plain(pickle.Pickler):
    """Writes every value out in full: shared ones are not referred back to, so sharing does not show."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.fast = True


class _Placeless(_Plain):
    """The same, with places in files left out."""

    def reducer_override(self, value: object) -> Any:
        """All locations are written alike."""
        return (str, ()) if type(value) is Location else NotImplemented


def fingerprint(*values: object) -> str:
    """The digest of values of the domain. Sets have no order, so there must be none in them."""
    return _digest(_Plain, values)


def placeless_fingerprint(*values: object) -> str:
    """The digest of values apart from where in files they were written."""
    return _digest(_Placeless, values)


def _digest(pickler: type[_Plain], values: tuple[object, ...]) -> str:
    written = io.BytesIO()
    pickler(written).dump(values)
    return digest(written.getvalue())
