"""EdSight's enrollment by district: the yearly exports, and the later edition as typed."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.edsight import SUPPRESSED, check_sum, export
from dme.tables.importers.rows import Row


def districts(path: Path, year: str) -> pd.DataFrame:
    """Read one year's enrollment by district.

    Returns
    -------
    pandas.DataFrame
        ``district_code``, ``district``, ``students`` (missing where suppressed). The state's
        total, which has no code, is checked and left out.

    Raises
    ------
    TableError
        If the layout is not EdSight's, a district stands twice, or the districts don't add up
        to the state's total.
    """
    columns = ("District", "District Code", "Count")
    found: list[tuple[Row, str, int | None]] = []
    total: Row | None = None
    for row in export(
        path, title="Student Counts by District and Year", year=year, columns=columns
    ):
        if row.cells["District"] == "Total":
            total = row
        else:
            found.append((row, row.code("District Code"), row.count("Count", SUPPRESSED)))
    rows.once(((row, code) for row, code, _ in found), "District Code", "district")
    if total is not None:
        check_sum(total, "Count", total.count("Count", SUPPRESSED), [n for _, _, n in found])
    return pd.DataFrame(
        {
            "district_code": [code for _, code, _ in found],
            "district": [row.text("District") for row, _, _ in found],
            "students": pd.array([count for _, _, count in found], dtype="Int64"),
        }
    )


def revised(path: Path) -> pd.DataFrame:
    """Read the typed file of EdSight's later district figures.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``district_code``, ``students``; the state's total is left out.

    Raises
    ------
    TableError
        If a count is no count, a district stands twice in a year, or a total differs from the
        sum of its students by lunch (its other columns follow the annual edition).
    """
    columns = ("district", "district_code", "school_year", "enrollment_total")
    parts = ("free_lunch", "reduced_lunch", "non_subsidized_lunch")
    found: list[tuple[Row, str, str, int | None]] = []
    for row in rows.table(path, (*columns, *parts)):
        total = row.count("enrollment_total", SUPPRESSED)
        check_sum(row, "enrollment_total", total, [row.count(part, SUPPRESSED) for part in parts])
        if row.cells["district"] != "Total (state, all districts)":
            found.append((row, row.text("school_year"), row.code("district_code"), total))
    rows.once(
        ((row, f"{code} in {year}") for row, year, code, _ in found), "district_code", "district"
    )
    return pd.DataFrame(
        {
            "school_year": [year for _, year, _, _ in found],
            "district_code": [code for _, _, code, _ in found],
            "students": pd.array([total for *_, total in found], dtype="Int64"),
        }
    )
