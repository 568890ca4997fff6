"""EdSight's report of spending per pupil by function, for each school, as typed from its pages."""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import rows
from dme.tables.importers.rows import Row

HIDDEN = ("", "*")
MISSING = (*HIDDEN, "N/A")

_FUNCTION_COLUMNS = {
    "ppe_instruction": "instruction",
    "ppe_support_services_students": "support_services_students",
    "ppe_improvement_of_instruction": "improvement_of_instruction",
    "ppe_library_media": "library_media",
    "ppe_support_services_instruction": "support_services_instruction",
    "ppe_school_based_administration": "school_administration",
    "ppe_operation_maintenance_plant": "plant_operation",
    "ppe_transport_other_than_home": "transport_other",
    "ppe_enterprise_operations": "enterprise_operations",
    "ppe_minor_school_construction": "minor_construction",
}
_TOTAL = "ppe_total"
_COLUMNS = (
    "district_code",
    "school",
    "school_code",
    "low_grade",
    "high_grade",
    "enrollment",
    "pct_high_needs",
    *_FUNCTION_COLUMNS,
    _TOTAL,
)
# Ten functions, each rounded to a dollar, miss the rounded total by a dollar or two.
_ROUNDING = 3
# Two printed transport figures are below zero: -1 and -5.
_LEAST_DOLLARS = -5


def school_spending(files: Iterable[tuple[Path, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the report's files.

    Parameters
    ----------
    files : iterable of (Path, str)
        Each raw file with the school year it is of (the files themselves don't say).

    Returns
    -------
    schools : pandas.DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``low_grade``,
        ``high_grade``, ``students``, ``percent_high_needs``, ``dollars_per_pupil``.
    functions : pandas.DataFrame
        ``school_year``, ``school_code``, ``function``, ``dollars_per_pupil``.

    Raises
    ------
    TableError
        If a column is missing, a code has lost its zero, a school stands twice in a year, a
        number is none, or the functions differ from the total by more than 3 dollars.
    """
    found = [(row, year) for path, year in files for row in rows.table(path, _COLUMNS)]
    rows.once(
        ((row, f"{row.code('school_code')} in {year}") for row, year in found),
        "school_code",
        "school",
    )
    schools, functions = [], []
    for row, year in found:
        code = row.code("school_code")
        total, parts = row.count(_TOTAL, MISSING), _parts(row)
        _check_total(row, total, parts)
        schools.append((year, row.code("district_code"), code, *_about(row), total))
        functions += [(year, code, function, dollars) for function, dollars in parts.items()]
    return _school_frame(schools), pd.DataFrame(
        functions, columns=["school_year", "school_code", "function", "dollars_per_pupil"]
    ).astype({"dollars_per_pupil": "Int64"})


def _about(row: Row) -> tuple[str, str, str, int | None, float | None]:
    low, high = (_grade(row, column) for column in ("low_grade", "high_grade"))
    if GRADES.index(low) > GRADES.index(high):
        raise row.refuse(
            problem="The lowest grade is above the highest.",
            column="low_grade",
            expected=f"{high} or below",
        )
    return (
        row.text("school"),
        low,
        high,
        row.count("enrollment", MISSING),
        row.percent("pct_high_needs", MISSING),
    )


def _grade(row: Row, column: str) -> str:
    grade = row.cells[column].strip()
    if grade not in GRADES:
        raise row.refuse(problem="A grade is none.", column=column, expected="PK, K or 1 to 12")
    return grade


def _parts(row: Row) -> dict[str, int | None]:
    parts: dict[str, int | None] = {}
    for column, function in _FUNCTION_COLUMNS.items():
        printed = row.cells[column].strip()
        if re.fullmatch(rf"-[1-{-_LEAST_DOLLARS}]", printed):
            # The total is less by it: a correction, not a slip of the typist's.
            parts[function] = int(printed)
        else:
            parts[function] = row.count(column, MISSING)
    return parts


def _check_total(row: Row, total: int | None, parts: dict[str, int | None]) -> None:
    if total is None:
        return
    added = sum(part for part in parts.values() if part is not None)
    # N/A stands where the report has given a function up: its total is then without it.
    hidden = any(row.cells[column].strip() in HIDDEN for column in _FUNCTION_COLUMNS)
    if abs(added - total) > _ROUNDING and not (hidden and added < total):
        raise row.refuse(
            problem="A printed total differs from the sum of its functions.",
            column=_TOTAL,
            expected=f"{added}, give or take {_ROUNDING}",
        )


def _school_frame(schools: list[tuple]) -> pd.DataFrame:
    columns = [
        "school_year",
        "district_code",
        "school_code",
        "school",
        "low_grade",
        "high_grade",
        "students",
        "percent_high_needs",
        "dollars_per_pupil",
    ]
    return pd.DataFrame(schools, columns=columns).astype(
        {"students": "Int64", "percent_high_needs": "float64", "dollars_per_pupil": "Int64"}
    )
