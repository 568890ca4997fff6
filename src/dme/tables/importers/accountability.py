"""The state's Next Generation Accountability System, as typed from its table: one year."""

import re
from decimal import Decimal
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import rows
from dme.tables.importers.edsight_reports import STATE
from dme.tables.importers.rows import Row
from dme.text import school_year

# Printed as points of an index from 0.
INDEXES = {
    "accountability_index": "accountability_index",
    "ela_index": "ind1_ela_all_index",
    "math_index": "ind1_math_all_index",
}
# Printed as shares of 1; a percentage is the same figure with the point two digits on.
SHARES = {
    "ela_target_achieved_percent": "ind2_ela_growth_all_rate",
    "math_target_achieved_percent": "ind2_math_growth_all_rate",
    "ela_target_achieved_high_needs_percent": "ind2_ela_growth_highneeds_rate",
    "math_target_achieved_high_needs_percent": "ind2_math_growth_highneeds_rate",
    "chronic_absence_percent": "ind4_chronic_absent_all",
    "chronic_absence_high_needs_percent": "ind4_chronic_absent_highneeds",
    "on_track_percent": "ind7_ontrack_9th",
    "graduation_percent": "ind8_grad_4yr_all",
    "arts_percent": "ind12_arts_access",
}
_ABOUT = ("fall_of_year", "district_code", "school", "school_code", "low_grade", "high_grade")
_CATEGORY = "final_category"
_CATEGORIES = 5


def accountability(path: Path, year: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the typed table.

    Parameters
    ----------
    path : Path
        The raw file.
    year : str
        The school year that its rows must be of; the file names it by its autumn.

    Returns
    -------
    schools : pandas.DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``low_grade``,
        ``high_grade``, ``category``, the `INDEXES`, the `SHARES` as percentages.
    districts : pandas.DataFrame
        The same for the rows that are a district's or the state's, without the first school
        columns, the grades and the category.

    Raises
    ------
    TableError
        If a column is missing, a row is of another year, a code has lost its zero, a school
        stands twice, an index is no number, or a share is not 0 to 1.
    """
    columns = (*_ABOUT, _CATEGORY, *INDEXES.values(), *SHARES.values())
    found = [(row, _read(row, year)) for row in rows.table(path, columns)]
    rows.once(
        ((row, f"{about['district_code']} {about['school_code']}") for row, about in found),
        "school_code",
        "school",
    )
    frame = pd.DataFrame([about for _, about in found]).astype(
        dict.fromkeys((*INDEXES, *SHARES), "float64") | {"category": "Int64"}
    )
    whole = frame["school_code"] == STATE
    alone = ["school_code", "school", "low_grade", "high_grade", "category"]
    return frame[~whole].reset_index(drop=True), frame[whole].drop(columns=alone)


def _read(row: Row, year: str) -> dict[str, object]:
    autumn = row.count("fall_of_year")
    if school_year(autumn) != year:
        raise row.refuse(
            problem="A row is of another year.", column="fall_of_year", expected=year[:4]
        )
    code = row.code("school_code")
    about: dict[str, object] = {
        "school_year": year,
        "district_code": row.code("district_code"),
        "school_code": code,
        "school": row.text("school"),
        "category": _category(row),
    }
    if code != STATE:
        about |= {column: _grade(row, column) for column in ("low_grade", "high_grade")}
    indexes = {name: _number(row, column) for name, column in INDEXES.items()}
    return about | indexes | {name: _share(row, column) for name, column in SHARES.items()}


def _grade(row: Row, column: str) -> str:
    grade = row.cells[column].strip()
    if grade not in GRADES:
        raise row.refuse(problem="A grade is none.", column=column, expected="PK, K or 1 to 12")
    return grade


def _category(row: Row) -> int | None:
    category = row.count(_CATEGORY, ("",))
    if category is not None and not 1 <= category <= _CATEGORIES:
        raise row.refuse(problem="A category is none.", column=_CATEGORY, expected="1 to 5")
    return category


def _number(row: Row, column: str) -> float | None:
    value = row.number(column, ("",))
    if value is not None and value < 0:
        raise row.refuse(problem="An index is negative.", column=column, expected="0 or more")
    return value


def _share(row: Row, column: str) -> float | None:
    printed = row.cells[column].strip()
    if not printed:
        return None
    if not re.fullmatch(r"\d+(\.\d+)?", printed) or Decimal(printed) > 1:
        raise row.refuse(problem="A cell is no share.", column=column, expected="0 to 1")
    return float(Decimal(printed) * 100)
