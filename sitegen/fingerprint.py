"""Digests of values, by which two builds tell whether something has changed.

Equal values have equal fingerprints, in any process and whatever they share in memory. What is done about a
change is not known here.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

from sitegen.source import Location, digest


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
