"""The rows of a table that findings used, in a file of their own."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dme.audit.rows import ROW
from dme.audit.trail import Used
from dme.findings.lineage import numbers_of
from dme.publish.trail import places

Record = Sequence[str]


@dataclass(frozen=True)
class Rows:
    """Rows of a table, as its file holds them.

    Attributes
    ----------
    file : str
        Where a file of them lies in the trail's folder.
    words : str
        Which rows these are.
    heads : sequence of str
        The names of the columns, that of the row's number in the table first.
    records : sequence of sequence of str
        The rows.
    """

    file: str
    words: str
    heads: Record
    records: Sequence[Record]


class Tables:
    """The tables of a study, each file read once, and the rows that were taken of them."""

    def __init__(self) -> None:
        self._files: dict[Path, tuple[str, list[Record]]] = {}
        self._taken: dict[str, Rows] = {}

    def changed(self, used: Used) -> bool:
        """Whether the file is another than the one that a finding read."""
        return bool(used.sha256) and self._read(used)[0] != used.sha256

    def taken(self, used: Used) -> Rows | None:
        """Return the rows that a finding used; None where they can't be told."""
        if not used.rows or self.changed(used):
            return None
        file = places.rows(used.table, used.rows)
        if file not in self._taken:
            head, *body = self._read(used)[1]
            records = [(str(number), *body[number - 1]) for number in numbers_of(used.rows)]
            self._taken[file] = Rows(file, used.in_words, (ROW, *head), records)
        return self._taken[file]

    def write(self, folder: Path) -> None:
        """Write the files of all rows that were taken into the trail's folder."""
        for rows in self._taken.values():
            path = folder / rows.file
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([rows.heads, *rows.records])

    def _read(self, used: Used) -> tuple[str, list[Record]]:
        """Return the sha256 of a table's file, and its lines."""
        path = used.folder / f"{used.table}.csv"
        if path not in self._files:
            content = path.read_bytes() if path.is_file() else b""
            lines = csv.reader(io.StringIO(content.decode(errors="replace")))
            self._files[path] = sha256(content).hexdigest(), list(lines)
        return self._files[path]
