"""What the last build of a site found and made, so that the next one does only what has changed.

A table of values by name in one file, which is ignored where it is damaged or from another version of sitegen.
It lies in the user's own folder for such files, not in the site, where a pull request could bring one along.
What the values mean is known to `incremental` alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct, field, msgpack
from msgspec.structs import astuple

from sitegen.diagnostics import Diagnostic
from sitegen.fingerprint import loaded, written
from sitegen.model import Annotation

T = TypeVar("T")

_TABLES = {
    "units": """(id TEXT PRIMARY KEY, scope TEXT, sources BLOB, visitors TEXT, key TEXT, outward TEXT, texts TEXT,
        misses INTEGER, travellers BLOB, problems BLOB) WITHOUT ROWID""",
    "readings": "(id TEXT PRIMARY KEY, written BLOB)",
    "surroundings": "(id TEXT PRIMARY KEY, digest TEXT, written BLOB)",
    "outputs": "(unit TEXT PRIMARY KEY, key TEXT, rows BLOB, problems BLOB)",
    "site": "(name TEXT PRIMARY KEY, value BLOB)",
}


class DamagedError(Exception):
    """The memo cannot be read, and should be forgotten."""


class UnitRow(Struct, frozen=True):
    """A unit as it was read: knowing a scope (its digest), from sources (path and digest), with visitors (their digest,
    empty for none). `key` is the part of the keys of its outputs that it decides; `outward` and `texts` are names of
    what it shows (see `keys.shown`)."""

    id: str
    scope: str
    sources: tuple[tuple[str, str], ...]
    visitors: str
    key: str
    outward: str
    texts: str
    is_missing_words: bool
    travellers: tuple[Annotation, ...]
    diagnostics: tuple[Diagnostic, ...]


class OutputRow(Struct, frozen=True, array_like=True):
    """An output as it was made, by a key of its own beside that which all of its unit share."""

    path: str
    template: str
    key: str
    is_there: bool
    stamp: str


class UnitOutputs(Struct, frozen=True):
    """The outputs of a unit, or of the whole site where that is empty. `key` is a text with a digest for everything
    that all of them were made from; `diagnostics` are by path, where there are any."""

    unit: str
    key: str
    rows: tuple[OutputRow, ...]
    diagnostics: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)


_decode_rows = msgpack.Decoder(tuple[OutputRow, ...]).decode
_decode_files = msgpack.Decoder(dict[str, tuple[str, str]]).decode


class Memo:
    """A memo in a file, or in memory. What is wrong with it shows as `DamagedError` when something is asked of it;
    where it cannot be written, it goes on in memory, and the next build does more."""

    def __init__(self, path: Path | None, version: str) -> None:
        self._path, self._version = path, version
        try:
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._open(str(path) if path else ":memory:")
            if self.value("version") != version:
                self.forget()
        except (sqlite3.Error, OSError, DamagedError) as error:
            self._lose(error)

    def _open(self, name: str) -> None:
        self._connection = sqlite3.connect(name, timeout=0, isolation_level="DEFERRED", check_same_thread=False)
        tables = (f"CREATE TABLE IF NOT EXISTS {table} {columns};" for table, columns in _TABLES.items())
        self._connection.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;" + "".join(tables))

    def _lose(self, error: Exception) -> None:
        """Go on in memory. The file is removed, since nothing can be done with it, unless another build has it."""
        cause = error.__cause__ or error
        if self._path and getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
            with contextlib.suppress(OSError):
                self._path.unlink()
        self._open(":memory:")
        self.put_value("version", self._version)

    def forget(self) -> None:
        """Empty it."""
        try:
            for table, columns in _TABLES.items():  # which another version may have had other columns in
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")
                self._connection.execute(f"CREATE TABLE {table} {columns}")
        except sqlite3.Error as error:
            self._lose(error)
        self.put_value("version", self._version)

    def files(self) -> dict[str, tuple[str, str]]:
        """Stamp and digest of each input file, by path."""
        found = self._all("SELECT value FROM site WHERE name = 'files'")
        return _value(found[0][0], _decode_files) if found else {}

    def units(self) -> dict[str, UnitRow]:
        """All units by id."""
        rows = self._all("SELECT * FROM units")
        return {
            row[0]: UnitRow(*(*row[:2], _value(row[2]), *row[3:7], bool(row[7]), *map(_value, row[8:]))) for row in rows
        }

    def outputs(self) -> dict[str, UnitOutputs]:
        """All outputs by unit."""
        return {
            unit: UnitOutputs(unit, key, _value(rows, _decode_rows), _value(problems) if problems else {})
            for unit, key, rows, problems in self._all("SELECT * FROM outputs")
        }

    def readings(self, ids: Iterable[str]) -> Iterator[Any]:
        """The readings of units, in that order."""
        return (self._written_in("readings", unit_id) for unit_id in ids)

    def surroundings(self) -> dict[str, str]:
        """The digest of the surroundings of each unit, by id."""
        return dict(self._all("SELECT id, digest FROM surroundings"))

    def surroundings_of(self, unit_id: str, kind: type[T]) -> T:
        """The surroundings of a unit, which are of that type."""
        found: T = self._written_in("surroundings", unit_id, partial(msgpack.decode, type=kind))
        return found

    def value(self, name: str) -> Any:
        """Something known of the whole site; None if nothing is."""
        rows = self._all("SELECT value FROM site WHERE name = ?", (name,))
        return _value(rows[0][0]) if rows else None

    def put_value(self, name: str, value: object) -> None:
        """Remember something of the whole site."""
        self._put("REPLACE INTO site VALUES (?, ?)", [(name, written(value))])

    def put_files(self, stamps: Mapping[str, tuple[str, str]]) -> None:
        """Remember the input files, these and no others."""
        self._put("REPLACE INTO site VALUES ('files', ?)", [(msgpack.encode(stamps),)])

    def put_units(self, rows: Iterable[UnitRow], gone: Iterable[str]) -> None:
        """Remember units, and forget others."""
        self._put(
            "REPLACE INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    row.id,
                    row.scope,
                    _written(row.sources),
                    *astuple(row)[3:8],
                    _written(row.travellers),
                    _written(row.diagnostics),
                )
                for row in rows
            ),
        )
        names = [(name,) for name in gone]
        for table in ("units", "readings", "surroundings"):
            self._put(f"DELETE FROM {table} WHERE id = ?", names)  # noqa: S608 -- names of our own

    def put_readings(self, readings: Iterable[tuple[str, bytes]]) -> None:
        """Remember readings of units, as they are written, by id."""
        self._put("REPLACE INTO readings VALUES (?, ?)", readings)

    def put_surroundings(self, values: Iterable[tuple[str, str, object]]) -> None:
        """Remember the surroundings of units: id, digest and value."""
        rows = ((name, digest, msgpack.encode(value)) for name, digest, value in values)
        self._put("REPLACE INTO surroundings VALUES (?, ?, ?)", rows)

    def forget_surroundings(self, ids: Iterable[str]) -> None:
        """Forget the surroundings of units."""
        self._put("DELETE FROM surroundings WHERE id = ?", ((name,) for name in ids))

    def put_outputs(self, made: Iterable[UnitOutputs], gone: Iterable[str]) -> None:
        """Remember outputs of units, and forget those of others."""
        self._put(
            "REPLACE INTO outputs VALUES (?, ?, ?, ?)",
            (
                (one.unit, one.key, msgpack.encode(one.rows), written(one.diagnostics) if one.diagnostics else None)
                for one in made
            ),
        )
        self._put("DELETE FROM outputs WHERE unit = ?", ((unit,) for unit in gone))

    def save(self) -> None:
        """Write what was put, all or nothing. Where that fails the next build does everything anew."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.commit()

    def _put(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            self._lose(error)

    def _all(self, query: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise DamagedError from error

    def _written_in(self, table: str, unit_id: str, decode: Callable[[bytes], Any] = loaded) -> Any:
        rows = self._all(f"SELECT written FROM {table} WHERE id = ?", (unit_id,))  # noqa: S608 -- names of our own
        if not rows:
            raise DamagedError
        return _value(rows[0][0], decode)


def _written(values: tuple[object, ...]) -> bytes | None:
    return written(values) if values else None


def _value(data: bytes | None, decode: Callable[[bytes], Any] = loaded) -> Any:
    if data is None:
        return ()
    try:
        return decode(data)
    except Exception as error:  # a damaged value may raise nearly anything
        raise DamagedError from error
