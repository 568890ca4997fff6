"""Nothing is computed twice: what an evaluation gave, remembered by what it read.

A result is found again under the digest of the code that made it, the values of the parameters and
the sha256 of the files that it read, so no old result can be taken for a new one. Which parameters
and files those are is known only after an evaluation: each way of reading that was met (a *shape*)
is kept, and a new study is looked up under each.
"""

import contextlib
import hashlib
import json
import os
import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, cast

from dme.findings.session import OFFER, Reading, digest_now
from dme.findings.traced import Origin
from dme.study import Study

SWITCH = "DME_MEMORY"
"""The environment variable that says ``no`` where nothing is to be remembered between runs."""
_LARGEST = 1 << 30
_PATIENCE = 30.0
_SELECT = "SELECT shape, key, value, sum FROM kept WHERE code = ?"
_SETUP = """
CREATE TABLE IF NOT EXISTS kept (
  code TEXT, shape TEXT, key TEXT, value BLOB, sum TEXT, PRIMARY KEY (code, shape, key)
) WITHOUT ROWID
"""


class Shape(NamedTuple):
    """Which parameters and files an evaluation read, by name."""

    parameters: tuple[str, ...]
    files: tuple[str, ...]


class Kept(NamedTuple):
    """What an evaluation gave, or the `dme.errors.Lacking` that it raised; and what it read.

    Of a table: where its rows are from, which whoever asked for it may use.
    """

    value: Any
    reading: Reading
    origins: tuple[Origin, ...] = ()


class Entry(NamedTuple):
    """A result as it is handed from a process to another, or to the disk."""

    code: str
    shape: Shape
    key: tuple[Any, ...]
    kept: Kept


def shape_of(reading: Reading) -> Shape:
    """Return the way in which an evaluation read."""
    return Shape(tuple(sorted(reading.parameters)), tuple(sorted(reading.files)))


def key_of(shape: Shape, study: Study) -> tuple[Any, ...]:
    """Return what a study and the files of today hold where an evaluation looked."""
    return (
        *(getattr(study, name) for name in shape.parameters),
        *(digest_now(name) for name in shape.files),
    )


class Disk:
    """Results kept between runs in one file; one that can't be used is as if it were empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: sqlite3.Connection | None = None

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self._open = _connected(self._path)
        return self._open

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(sql, values).fetchall()
        except (sqlite3.Error, OSError):
            # A memory that is locked, full or damaged costs time and nothing else.
            return []

    def recall(self, code: str, study: Study) -> Entry | None:
        """Return what an evaluation of this code under this study gave; None if none is known."""
        for (text,) in self._rows("SELECT DISTINCT shape FROM kept WHERE code = ?", code):
            shape = _shape(text)
            if shape is None or not set(shape.parameters) <= set(Study.model_fields):
                continue
            sql = f"{_SELECT} AND shape = ? AND key = ?"
            for row in self._rows(sql, code, text, _digest(key_of(shape, study))):
                return _entry(code, *row)
        return None

    def entries(self, codes: Iterable[str]) -> Iterator[Entry]:
        """Yield all that is kept of some code."""
        for code in codes:
            for row in self._rows(_SELECT, code):
                entry = _entry(code, *row)
                if entry is not None:
                    yield entry

    def keep(self, *entries: Entry) -> None:
        """Keep results; all of them or none."""
        rows = []
        for code, shape, key, kept in entries:
            value = pickle.dumps((key, kept), protocol=pickle.HIGHEST_PROTOCOL)
            row = (code, json.dumps(shape), _digest(key), value)
            rows.append((*row, _total(*row)))
        with contextlib.suppress(sqlite3.Error, OSError):
            connection = self._connection()
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", rows)

    def forget_all_but(self, codes: Iterable[str]) -> None:
        """Delete what is kept of other code, and give its room back."""
        known = tuple(codes)
        with contextlib.suppress(sqlite3.Error, OSError):
            connection = self._connection()
            marks = ", ".join("?" * len(known))
            connection.execute(f"DELETE FROM kept WHERE code NOT IN ({marks})", known)
            connection.execute("VACUUM")


def _connected(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > _LARGEST:
        path.unlink()
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        # A crash of the machine may lose what was kept last; it is then computed again.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(_SETUP)
    except sqlite3.DatabaseError as error:
        connection.close()
        if not isinstance(error, sqlite3.OperationalError):
            # It is no such file, or damaged: the next run begins anew.
            path.unlink(missing_ok=True)
        raise
    return connection


def _entry(code: str, shape: str, key: str, value: bytes, total: str) -> Entry | None:
    """Return a row as it was kept; None where any part of it is not what it was."""
    # SQLite holds what it is given, whatever a column is declared to be.
    typed = isinstance(shape, str) and isinstance(key, str) and isinstance(value, bytes)
    if not typed or _total(code, shape, key, value) != total:
        return None
    return Entry(code, cast("Shape", _shape(shape)), *pickle.loads(value))


def _total(code: str, shape: str, key: str, value: bytes) -> str:
    total = hashlib.sha256(json.dumps([code, shape, key]).encode())
    total.update(value)
    return total.hexdigest()


def _shape(text: object) -> Shape | None:
    """Return a shape as it was kept; None where the text is none."""
    try:
        return Shape(*map(tuple, json.loads(str(text))))
    except (ValueError, TypeError, RecursionError):
        return None


def _digest(key: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()


@dataclass
class Memory:
    """Results of this process, backed by a disk where there is one.

    Attributes
    ----------
    disk : Disk or None
        Where results are kept between runs.
    fresh : list of Entry or None
        Gathers what was computed here, where somebody asks for it.
    """

    disk: Disk | None = None
    fresh: list[Entry] | None = None
    _known: dict[str, dict[Shape, dict[tuple[Any, ...], Kept]]] = field(default_factory=dict)

    def recall(self, code: str, study: Study) -> Kept | None:
        """Return what an evaluation of this code under this study gave; None if none is known."""
        for shape, results in self._known.get(code, {}).items():
            if (kept := results.get(key_of(shape, study))) is not None:
                return kept
        if self.disk and (entry := self.disk.recall(code, study)):
            self.learn(entry)
            return entry.kept
        return None

    def keep(self, code: str, study: Study, kept: Kept) -> None:
        """Remember what an evaluation gave."""
        shape = shape_of(kept.reading)
        # The checksums are those of the bytes that were read, whatever the files hold by now.
        key = (
            *(getattr(study, name) for name in shape.parameters),
            *(kept.reading.files[name] for name in shape.files),
        )
        entry = Entry(code, shape, key, kept)
        self.learn(entry)
        if self.fresh is not None:
            self.fresh.append(entry)
        if self.disk:
            self.disk.keep(entry)

    def files(self) -> set[str]:
        """Return what of the project anything remembered here was read from."""
        shapes = (shape for known in self._known.values() for shape in known)
        return {name for shape in shapes for name in shape.files if not name.startswith(OFFER)}

    def learn(self, entry: Entry) -> None:
        """Take over a result of another process."""
        self._known.setdefault(entry.code, {}).setdefault(entry.shape, {})[entry.key] = entry.kept


def wanted() -> bool:
    """Whether results are to be remembered between runs."""
    return os.environ.get(SWITCH) != "no"
