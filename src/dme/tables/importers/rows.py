"""Raw files as rows that know their file and line, so that every refusal can name them."""

import csv
import gzip
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dme.tables.refusal import FETCH_ANEW, TableError, refusal

_CODE = re.compile(r'="(\d*)"|(\d*)')
_STATE_DIGITS = 7


@dataclass(frozen=True)
class Row:
    """One line of a raw file.

    Attributes
    ----------
    file : Path
        The raw file.
    line : int
        Line of the file, counted from 1.
    cells : dict of str to str
        The cells by column heading, as printed.
    """

    file: Path
    line: int
    cells: dict[str, str]

    def refuse(self, *, problem: str, column: str, expected: str, found: str = "") -> TableError:
        """Return the error to raise for what stands in `column` of this line."""
        return refusal(
            problem=problem,
            file=self.file,
            line=self.line,
            column=column,
            found=found or repr(self.cells[column]),
            expected=expected,
            advice=FETCH_ANEW,
        )

    def text(self, column: str) -> str:
        """Return the words of a cell; refuse an empty one."""
        words = self.cells[column].strip()
        if not words:
            raise self.refuse(
                problem="A cell is empty that names something.", column=column, expected="a name"
            )
        return words

    def code(self, column: str) -> str:
        """Return a state code of seven digits, printed plainly or as ``="0640011"``."""
        match = _CODE.fullmatch(self.cells[column])
        digits = (match[1] or match[2] or "") if match else ""
        if len(digits) == _STATE_DIGITS:
            return digits
        problem = "A code is not seven digits."
        if 0 < len(digits) < _STATE_DIGITS:
            problem = "A code has lost its leading zero (a spreadsheet drops it)."
        raise self.refuse(problem=problem, column=column, expected="seven digits, such as 0640011")

    def count(self, column: str, missing: Iterable[str] = ()) -> int | None:
        """Return a count, or None where the cell prints one of the marks in `missing`.

        Raises
        ------
        TableError
            If the cell holds a negative number or anything else.
        """
        printed = self.cells[column].strip()
        if printed in missing:
            return None
        if re.fullmatch(r"\d+(\.0)?", printed):
            return int(float(printed))
        problem = "A count is negative." if printed.startswith("-") else "A count is no number."
        marks = "".join(f' or "{mark}"' for mark in missing)
        raise self.refuse(
            problem=problem, column=column, expected=f"a whole number of 0 or more{marks}"
        )

    def number(self, column: str, missing: Iterable[str] = ()) -> float | None:
        """Return a number, or None where the cell prints one of the marks in `missing`."""
        printed = self.cells[column].strip()
        if printed in missing:
            return None
        if re.fullmatch(r"-?\d+(\.\d+)?", printed):
            return float(printed)
        raise self.refuse(problem="A cell is no number.", column=column, expected="a number")

    def percent(self, column: str, missing: Iterable[str] = ()) -> float | None:
        """Return a percentage, or None where the cell prints one of the marks in `missing`."""
        value = self.number(column, missing)
        if value is None or 0 <= value <= 100:
            return value
        raise self.refuse(
            problem="A percentage is out of range.", column=column, expected="0 to 100"
        )


def lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each non-empty line of a CSV file (also gzipped) with its number.

    Raises
    ------
    TableError
        If the file is missing, not UTF-8, or an HTML page.
    """
    reader = csv.reader(io.StringIO(_decoded(path), newline=""))
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def table(path: Path, columns: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of a plain CSV file whose heading holds at least `columns`."""
    numbered = lines(path)
    line, heading = next(numbered, (1, []))
    require(path, line, heading, columns)
    for at, cells in numbered:
        yield row(path, at, heading, cells)


def row(path: Path, line: int, heading: list[str], cells: list[str]) -> Row:
    """Return one line as a row; refuse one that is shorter or longer than the heading."""
    if len(cells) != len(heading):
        raise refusal(
            problem="A line has not as many cells as the heading.",
            file=path,
            line=line,
            found=f"{len(cells)} cells",
            expected=f"{len(heading)} cells",
            advice=FETCH_ANEW,
        )
    return Row(path, line, dict(zip(heading, cells, strict=True)))


def require(path: Path, line: int, heading: list[str], columns: Iterable[str]) -> None:
    """Refuse a heading that lacks one of `columns`."""
    for column in columns:
        if column not in heading:
            raise refusal(
                problem="A column is missing.",
                file=path,
                line=line,
                column=column,
                found=", ".join(heading) or "no heading",
                expected=f'a column "{column}"',
                advice=FETCH_ANEW,
            )


def once(rows: Iterable[tuple[Row, str]], column: str, what: str) -> None:
    """Refuse rows that name the same `what` twice; each comes with the code it is known by."""
    seen: dict[str, int] = {}
    for one, code in rows:
        if code in seen:
            raise one.refuse(
                problem=f"A {what} stands twice.",
                column=column,
                expected=f"each {what} once",
                found=f"{code}, also in line {seen[code]}",
            )
        seen[code] = one.line


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise refusal(
            problem="A raw file is missing.",
            file=path,
            found="no file",
            expected="the publisher's file",
            advice=FETCH_ANEW,
        ) from None
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    if raw.lstrip()[:1] == b"<":
        raise refusal(
            problem="The file is a web page, saved under the name of a table.",
            file=path,
            line=1,
            found=repr(raw.lstrip()[:40].decode("utf-8", "replace")),
            expected="a CSV file",
            advice=FETCH_ANEW,
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(
            problem="The file is not UTF-8.",
            file=path,
            line=raw[: error.start].count(b"\n") + 1,
            found=repr(raw[error.start : error.start + 8]),
            expected="text in UTF-8",
            advice=FETCH_ANEW,
        ) from None
