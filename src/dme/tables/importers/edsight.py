"""EdSight, the state's data portal: its export layout, and enrollment by school.

An export has a few title lines (what, whose, which year), then a heading, then the rows. Codes
are printed as ``="0640011"`` so that spreadsheets keep the zero; ``*`` stands for a count too
small to print. It is never zero.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dme.tables.columns import GRADES
from dme.tables.importers import rows
from dme.tables.importers.rows import Row
from dme.tables.refusal import TableError, refusal

SUPPRESSED = ("*",)

_NAMES = ("Pre-Kindergarten", "Kindergarten", *(f"Grade {grade}" for grade in range(1, 13)))
GRADE_COLUMNS = dict(zip(_NAMES, GRADES, strict=True))

_SCHOOL = ("District", "District Code", "School", "School Code")
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)


@dataclass(frozen=True)
class School:
    """A school's line in the export by grade.

    Attributes
    ----------
    row : Row
        Where it stands.
    code, name, district : str
        The school and its district.
    grades : dict of str to int or None
        Students by grade (``PK``, ``K``, ``1``, ...); None where suppressed.
    total : int or None
        The printed total; None where suppressed.
    """

    row: Row
    code: str
    name: str
    district: str
    grades: Mapping[str, int | None]
    total: int | None

    @property
    def suppressed(self) -> int:
        """Number of suppressed grades."""
        return sum(count is None for count in self.grades.values())


def export(path: Path, *, title: str, year: str, columns: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of one EdSight export.

    Parameters
    ----------
    path : Path
        The raw file.
    title : str
        What its first line must say.
    year : str
        The school year that its title lines must name.
    columns : iterable of str
        Columns that its heading must hold.

    Raises
    ------
    TableError
        If it is another report, another year, or lacks a column.
    """
    numbered = rows.lines(path)
    above: list[tuple[int, str]] = []
    for line, cells in numbered:
        if cells[0] == "District":
            _check_title(path, above, title, year)
            rows.require(path, line, cells, columns)
            heading = cells
            break
        above.append((line, cells[0]))
    else:
        _check_title(path, above, title, year)
        raise _wrong(path, 1, "The export has no heading.", "no line that starts so", '"District"')
    for line, cells in numbered:
        yield rows.row(path, line, heading, cells)


def schools(path: Path, year: str) -> tuple[School, ...]:
    """Read one year's enrollment by school and grade.

    Raises
    ------
    TableError
        If the layout is not EdSight's, a count is no count, a school stands twice, or the
        grades don't add up to the printed total.
    """
    columns = (*_SCHOOL, *GRADE_COLUMNS, "Total")
    found = tuple(
        _school(row)
        for row in export(
            path, title="Student Counts by School and Grade", year=year, columns=columns
        )
    )
    rows.once(((school.row, school.code) for school in found), "School Code", "school")
    return found


def check_totals(path: Path, year: str, by_grade: Iterable[School]) -> None:
    """Refuse the year's separate file of totals where it differs from the file by grade."""
    columns = (*_SCHOOL, "Count")
    printed = {
        row.code("School Code"): row
        for row in export(
            path, title="Student Counts by School and Year", year=year, columns=columns
        )
    }
    for school in by_grade:
        row = printed.pop(school.code, None)
        if row is None:
            raise school.row.refuse(
                problem="A school is missing from the year's file of totals.",
                column="School Code",
                expected=f"a line for it in {path.name}",
            )
        if row.count("Count", SUPPRESSED) != school.total:
            expected = f"{school.total}, as in {school.row.file.name}, line {school.row.line}"
            raise row.refuse(
                problem="Two files of one year print different totals.",
                column="Count",
                expected=expected,
            )
    for row in printed.values():
        raise row.refuse(
            problem="A school is missing from the year's file by grade.",
            column="School Code",
            expected="a line for it",
        )


def _school(row: Row) -> School:
    grades = {grade: row.count(column, SUPPRESSED) for column, grade in GRADE_COLUMNS.items()}
    total = row.count("Total", SUPPRESSED)
    check_sum(row, "Total", total, list(grades.values()))
    return School(
        row=row,
        code=row.code("School Code"),
        name=row.text("School"),
        district=row.code("District Code"),
        grades=grades,
        total=total,
    )


def check_sum(row: Row, column: str, total: int | None, parts: list[int | None]) -> None:
    """Refuse a printed total that its parts contradict; suppressed parts leave room above."""
    if total is None:
        return
    printed = sum(part for part in parts if part is not None)
    if None not in parts and printed != total:
        raise row.refuse(
            problem="A printed total differs from the sum of its parts.",
            column=column,
            expected=str(printed),
        )
    if printed > total:
        raise row.refuse(
            problem="A printed total is smaller than its printed parts.",
            column=column,
            expected=f"{printed} or more",
        )


def _check_title(path: Path, above: list[tuple[int, str]], title: str, year: str) -> None:
    line, first = above[0] if above else (1, "nothing")
    if first != title:
        raise _wrong(path, line, "The file is another report.", repr(first), repr(title))
    years = [(at, text) for at, text in above if re.fullmatch(r"\d{4}-\d{2}", text)]
    at, printed = years[0] if years else (line, "no school year")
    if printed != year:
        raise _wrong(path, at, "The file is of another year.", printed, year)


def _wrong(path: Path, line: int, problem: str, found: str, expected: str) -> TableError:
    return refusal(
        problem=problem,
        file=path,
        line=line,
        found=found,
        expected=expected,
        advice=_WRONG_FILE,
    )
