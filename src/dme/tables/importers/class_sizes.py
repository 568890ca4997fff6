"""The largest classes that Hartford's agreements with its teachers allow, as typed."""

from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import rows
from dme.tables.importers.rows import Row

_COLUMNS = ("edition", "grade", "students", "address", "read")
_TRUTH = {"true": True, "false": False}


def class_size_maxima(path: Path) -> pd.DataFrame:
    """Read the typed maxima.

    Returns
    -------
    pandas.DataFrame
        ``edition``, ``grade``, ``students``, ``address``, ``read``.

    Raises
    ------
    TableError
        If a grade is none, stands twice in an edition or is missing from it, or a figure is
        no count.
    """
    found = list(rows.table(path, _COLUMNS))
    rows.once(((row, f"{_grade(row)} in {row.text('edition')}") for row in found), "grade", "grade")
    for edition in dict.fromkeys(row.text("edition") for row in found):
        of_edition = [row for row in found if row.text("edition") == edition]
        if len(of_edition) < len(GRADES):
            raise of_edition[-1].refuse(
                problem=f'A grade is missing from the edition "{edition}".',
                column="grade",
                found=f"{len(of_edition)} grades",
                expected="PK, K and 1 to 12",
            )
    return pd.DataFrame(
        {
            "edition": [row.text("edition") for row in found],
            "grade": [_grade(row) for row in found],
            "students": pd.array([row.count("students") for row in found], dtype="Int64"),
            "address": [row.text("address") for row in found],
            "read": [_read(row) for row in found],
        }
    )


def _grade(row: Row) -> str:
    grade = row.text("grade")
    if grade not in GRADES:
        raise row.refuse(problem="A grade is none.", column="grade", expected="PK, K or 1 to 12")
    return grade


def _read(row: Row) -> bool:
    if row.text("read") not in _TRUTH:
        raise row.refuse(problem="A mark is neither.", column="read", expected="true or false")
    return _TRUTH[row.text("read")]
