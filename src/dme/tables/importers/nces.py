"""The federal counts of Hartford's schools: one line a school, one column a year."""

import re
from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.rows import Row
from dme.text import school_year

_ID = "NCES School ID"
_YEARS = tuple(school_year(start) for start in range(1986, 2025))
_FIRST, _LAST = "first_year_present", "last_year_present"


def panel(path: Path) -> pd.DataFrame:
    """Read the students of each school and year.

    The file prints the ids as numbers, so each has lost its leading zero; here they are twelve
    digits again. A blank year has no row.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``nces_id``, ``students``.

    Raises
    ------
    TableError
        If a column is missing, an id is none of Hartford's or stands twice, a count is no
        count, or the years with counts are not those the file says.
    """
    found = [(row, _identity(row)) for row in rows.table(path, (_ID, _FIRST, _LAST, *_YEARS))]
    rows.once(found, _ID, "school")
    counts = []
    for row, identity in found:
        students = {year: row.count(year, missing=("",)) for year in _YEARS}
        present = [year for year, count in students.items() if count is not None]
        _check_span(row, present)
        counts += [(year, identity, students[year]) for year in present]
    enrollment = pd.DataFrame(counts, columns=["school_year", "nces_id", "students"])
    return enrollment.astype({"students": "Int64"})


def _identity(row: Row) -> str:
    """Return the twelve-digit id: the file prints it as a number, without its leading zero."""
    printed = row.cells[_ID]
    if not re.fullmatch(r"0?90192\d{6}", printed):
        raise row.refuse(
            problem="A school's id is none of Hartford's.",
            column=_ID,
            expected="0901920 or 090192 and digits, twelve in all",
        )
    return printed.zfill(12)


def _check_span(row: Row, present: list[str]) -> None:
    for column, year in ((_FIRST, present[:1]), (_LAST, present[-1:])):
        if row.cells[column] != (year or [""])[0]:
            raise row.refuse(
                problem="The years with counts are not those the file says.",
                column=column,
                expected=(year or ["no year"])[0],
            )
