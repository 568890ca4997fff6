"""The rows of a table that findings used, in a file of their own."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
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
        self._files: dict[Path, list[Record]] = {}
        self._taken: dict[str, Rows] = {}

    def taken(self, used: Used) -> Rows | None:
        """Return the rows that a finding used; None where they are not known."""
        if not used.rows:
            return None
        file = places.rows(used.table, used.rows)
        if file not in self._taken:
            head, *body = self._read(used.folder / f"{used.table}.csv")
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

    def _read(self, path: Path) -> list[Record]:
        if path not in self._files:
            text = path.read_text(encoding="utf-8")
            self._files[path] = list(csv.reader(io.StringIO(text)))
        return self._files[path]
