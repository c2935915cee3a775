"""Values as bytes: quickly, for other processes; and digests of them, by which builds tell what has changed.

Equal values have equal fingerprints, in any process and whatever they share in memory. What is done about a
change is not known here.
"""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Iterable
from types import NoneType
from typing import Any

from msgspec.structs import astuple

from sitegen.source import Location, digest

_ATOMS = frozenset({str, bool, int, float, bytes, NoneType})


def written(value: object) -> bytes:
    """A value as bytes, for another process or a later build."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def loaded(data: bytes) -> Any:
    """The value that was `written`. Bytes of other origin may do and raise anything."""
    return pickle.loads(data)  # noqa: S301 -- from a process of ours, or a file that only we write


def fingerprint(*values: object) -> str:
    """The digest of values of the domain. Sets have no order, so there must be none in them."""
    return _digest(_bare(values, False))


def placeless_fingerprint(*values: object) -> str:
    """The digest of values apart from where in files they were written."""
    return _digest(_bare(values, True))


def _digest(bare: Any) -> str:
    # The first versions of the format write every value out in full, so that sharing does not show.
    return digest(marshal.dumps(bare, 2))


def _bare(values: Iterable[Any], placeless: bool) -> list[Any]:
    """Values as nothing but lists and what they end in; of structs the name says which one it is."""
    bare: list[Any] = []
    for value in values:
        kind: Any = type(value)
        if kind in _ATOMS:
            bare.append(value)
        elif kind is Location and placeless:
            bare.append(None)
        elif isinstance(value, tuple | list):
            bare.append(_bare(value, placeless))
        elif isinstance(value, dict):
            bare.append(_bare(value.items(), placeless))
        else:
            bare += (kind.__name__, _bare(astuple(value), placeless))
    return bare
