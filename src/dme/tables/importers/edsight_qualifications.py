"""EdSight's report of classes taught by highly qualified teachers, by school."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dme.tables.importers import rows
from dme.tables.importers.rows import Row
from dme.tables.refusal import refusal

_TITLE = "Classes Taught by High Quality Teachers, {year}"
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)
_COLUMNS = ("District Name", "District Code", "School Name", "School Code", "Poverty Quartile")
QUARTILES = {"Low": "low", "Middle": "middle", "High": "high"}


@dataclass(frozen=True)
class School:
    """A school's line.

    Attributes
    ----------
    row : Row
        Where it stands.
    code, name : str
        The school.
    district_code, district : str
        Its district.
    quartile : str
        Quartile of poverty: ``low``, ``middle`` or ``high``.
    percent : float
        Classes taught by highly qualified teachers, in percent.
    """

    row: Row
    code: str
    name: str
    district_code: str
    district: str
    quartile: str
    percent: float


def schools(path: Path, year: str) -> tuple[School, ...]:
    """Read one year's report.

    A school that stands twice with the same figures, under two spellings of its district, is
    taken once, as it stands first.

    Raises
    ------
    TableError
        If it is another report or year, a quartile is unknown, a percentage is none, or a
        school stands twice with different figures.
    """
    found: dict[str, School] = {}
    for row in _rows(path, year):
        school = _school(row, year)
        former = found.setdefault(school.code, school)
        told = (school.name, school.district_code, school.quartile, school.percent)
        if told != (former.name, former.district_code, former.quartile, former.percent):
            raise row.refuse(
                problem="A school stands twice, with different figures.",
                column="School Code",
                expected="each school once",
                found=f"{school.code}, also in line {former.row.line}",
            )
    return tuple(found.values())


def _rows(path: Path, year: str) -> Iterator[Row]:
    numbered = rows.lines(path)
    line, title = next(numbered, (1, [""]))
    wanted = _TITLE.format(year=year)
    if title[0] != wanted:
        another = title[0][:-7] == wanted[:-7]
        raise refusal(
            problem="The file is of another year." if another else "The file is another report.",
            file=path,
            line=line,
            found=repr(title[0]),
            expected=repr(wanted),
            advice=_WRONG_FILE,
        )
    heading: list[str] = []
    for at, cells in numbered:
        if heading:
            yield rows.row(path, at, heading, cells)
        elif cells[0] == _COLUMNS[0]:
            heading = cells
            rows.require(path, at, heading, (*_COLUMNS, year))
    if not heading:
        rows.require(path, line, heading, _COLUMNS)


def _school(row: Row, year: str) -> School:
    quartile = row.cells["Poverty Quartile"]
    if quartile not in QUARTILES:
        raise row.refuse(
            problem="A quartile of poverty is unknown.",
            column="Poverty Quartile",
            expected=" or ".join(QUARTILES),
        )
    percent = row.number(year)
    if percent is None or not 0 <= percent <= 100:
        raise row.refuse(
            problem="A percentage is below 0 or above 100.", column=year, expected="0 to 100"
        )
    return School(
        row=row,
        code=row.code("School Code"),
        name=row.text("School Name"),
        district_code=row.code("District Code"),
        district=row.text("District Name"),
        quartile=QUARTILES[quartile],
        percent=percent,
    )
