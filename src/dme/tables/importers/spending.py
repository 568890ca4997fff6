"""EdSight's report of spending per pupil by function, for each school, as typed from its pages."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import sheet
from dme.tables.importers.sheet import Sheet, across

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
_SCHOOL = ("district_code", "school", "school_code", "low_grade", "high_grade")
_COLUMNS = (*_SCHOOL, "enrollment", "pct_high_needs", *_FUNCTION_COLUMNS, _TOTAL)
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
    schools : DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``low_grade``,
        ``high_grade``, ``students``, ``percent_high_needs``, ``dollars_per_pupil``.
    functions : DataFrame
        ``school_year``, ``school_code``, ``function``, ``dollars_per_pupil``.
    """
    schools, functions = [], []
    for path, year in files:
        read = sheet.table(path, _COLUMNS)
        found = _schools(read).assign(school_year=year)
        parts = pd.DataFrame({name: _dollars(read, name) for name in _FUNCTION_COLUMNS})
        _check_total(read, found["dollars_per_pupil"], parts)
        schools.append(found)
        by_function = found[["school_year", "school_code"]].join(
            parts.rename(columns=_FUNCTION_COLUMNS)
        )
        keys = {"var_name": "function", "value_name": "dollars_per_pupil"}
        functions.append(by_function.melt(["school_year", "school_code"], **keys))
    return pd.concat(schools, ignore_index=True), pd.concat(functions, ignore_index=True)


def _schools(read: Sheet) -> pd.DataFrame:
    codes = read.code("school_code")
    read.once(codes, "school_code", "school")
    grades = {column: read.grade(column) for column in ("low_grade", "high_grade")}
    low, high = (column.map(GRADES.index) for column in grades.values())
    expected = grades["high_grade"] + " or below"
    read.refuse(low > high, "The lowest grade is above the highest.", "low_grade", expected)
    return pd.DataFrame(
        {
            "district_code": read.code("district_code"),
            "school_code": codes,
            "school": read.text("school"),
            **grades,
            "students": read.count("enrollment", MISSING),
            "percent_high_needs": read.percent("pct_high_needs", MISSING),
            "dollars_per_pupil": read.count(_TOTAL, MISSING),
        }
    )


def _dollars(read: Sheet, column: str) -> pd.Series:
    """Return a function's dollars, of which a correction may leave a few below zero."""
    # The total is less by it: a correction, not a slip of the typist's.
    corrected = read[column].str.fullmatch(rf"-[1-{-_LEAST_DOLLARS}]")
    counted = read.put(column, read[column].mask(corrected, "0")).count(column, MISSING)
    below = pd.to_numeric(read[column].where(corrected)).astype("Int64")
    return counted.mask(corrected, below)


def _check_total(read: Sheet, total: pd.Series, parts: pd.DataFrame) -> None:
    added = across(parts)["added"]
    # N/A stands where the report has given a function up: its total is then without it.
    hidden = read.cells[[*_FUNCTION_COLUMNS]].isin(HIDDEN).any(axis=1)
    wrong = ((added - total).abs() > _ROUNDING) & ~(hidden & (added < total))
    problem = "A printed total differs from the sum of its functions."
    read.refuse(wrong, problem, _TOTAL, added.map(f"{{}}, give or take {_ROUNDING}".format))
