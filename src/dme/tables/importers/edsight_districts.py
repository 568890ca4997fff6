"""EdSight's enrollment by district: the yearly exports, and the later edition as typed."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.edsight import SUPPRESSED, check_sum, export
from dme.tables.importers.rows import Row
from dme.tables.refusal import FETCH_ANEW, refusal

# The state as a whole, beside its districts.
STATE, STATE_NAME = "0000000", "State of Connecticut"

BY_YEAR = "Student Counts by District and Year"
BY_RACE = "Student Counts by District and Race"

_TYPED_STATE = "Total (state, all districts)"


def code_of(row: Row, known: Mapping[str, str]) -> str:
    """Return the code of a district's line, or the state's where it is the total.

    Parameters
    ----------
    row : Row
        The line.
    known : mapping of str to str
        Codes by the name that EdSight prints, for a line whose code is blank.
    """
    if row.cells["District"] == "Total":
        return STATE
    blank = row.cells["District Code"].strip('="') == ""
    return (
        known[row.text("District")]
        if blank and row.cells["District"] in known
        else row.code("District Code")
    )


def one_total(path: Path, codes: list[str]) -> None:
    """Refuse a file without the state's total, which is its last line."""
    if STATE not in codes:
        raise refusal(
            problem="The state's total is missing: the file was cut short.",
            file=path,
            column="District",
            found=f"{len(codes)} districts and no total",
            expected='a line "Total"',
            advice=FETCH_ANEW,
        )


def districts(
    path: Path,
    year: str,
    *,
    title: str = BY_YEAR,
    column: str = "Count",
    known: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read one year's enrollment by district.

    Parameters
    ----------
    path : Path
        The raw file.
    year : str
        Its school year.
    title, column : str
        The report that it is, and the column of its totals.
    known : mapping of str to str, optional
        Codes by name, for a district whose code the file leaves blank.

    Returns
    -------
    pandas.DataFrame
        ``district_code``, ``district``, ``students`` (missing where suppressed). The state's
        total comes last, with the code 0000000.

    Raises
    ------
    TableError
        If the layout is not EdSight's, a district stands twice, or the districts don't add up
        to the state's total.
    """
    columns = ("District", "District Code", column)
    found = [
        (row, code_of(row, known or {}), row.count(column, SUPPRESSED))
        for row in export(path, title=title, year=year, columns=columns)
    ]
    rows.once(((row, code) for row, code, _ in found), "District Code", "district")
    one_total(path, [code for _, code, _ in found])
    total, students = next((row, count) for row, code, count in found if code == STATE)
    check_sum(total, column, students, [count for _, code, count in found if code != STATE])
    return pd.DataFrame(
        {
            "district_code": [code for _, code, _ in found],
            "district": [
                STATE_NAME if code == STATE else row.text("District") for row, code, _ in found
            ],
            "students": pd.array([count for *_, count in found], dtype="Int64"),
        }
    )


def revised(path: Path) -> pd.DataFrame:
    """Read the typed file of EdSight's later district figures.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``district_code``, ``students``.

    Raises
    ------
    TableError
        If a count is no count, or a district stands twice in a year.
    """
    columns = ("district", "district_code", "school_year", "enrollment_total")
    found: list[tuple[Row, str, str]] = []
    for row in rows.table(path, columns):
        is_state = row.cells["district"] == _TYPED_STATE
        code = STATE if is_state else row.code("district_code")
        found.append((row, row.text("school_year"), code))
    rows.once(
        ((row, f"{code} in {year}") for row, year, code in found), "district_code", "district"
    )
    counts = [row.count("enrollment_total", SUPPRESSED) for row, *_ in found]
    return pd.DataFrame(
        {
            "school_year": [year for _, year, _ in found],
            "district_code": [code for *_, code in found],
            "students": pd.array(counts, dtype="Int64"),
        }
    )
