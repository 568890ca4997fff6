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
_LUNCH = {
    "free_lunch": "free_lunch",
    "reduced_lunch": "reduced_lunch",
    "non_subsidized_lunch": "unsubsidized_lunch",
}
_LEARNERS = {
    "english_learner": "english_learners",
    "not_english_learner": "not_english_learners",
}
_DISABILITIES = {
    "students_with_disabilities": "students_with_disabilities",
    "students_without_disabilities": "students_without_disabilities",
}
# Which groups a line took from the yearly file, which is another edition.
_BORROWED = {
    "typed": (),
    "EL annual EdSight file; SWD typed": ("english_learner", "not_english_learner"),
    "annual EdSight file": (*_LEARNERS, *_DISABILITIES),
}


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
        ``school_year``, ``district_code``, ``students`` and a column for each group. A group
        that the file took from the yearly edition is missing here: it is no later figure.

    Raises
    ------
    TableError
        If a count is no count, a district stands twice in a year, or the parts of a group
        contradict the total of their edition.
    """
    told = ("district", "district_code", "school_year", "enrollment_total", "el_swd_source")
    groups = (_LUNCH, _LEARNERS, _DISABILITIES)
    found: list[tuple[Row, str, str, dict[str, int | None]]] = []
    for row in rows.table(path, (*told, *(column for group in groups for column in group))):
        is_state = row.cells["district"] == _TYPED_STATE
        code = STATE if is_state else row.code("district_code")
        found.append((row, row.text("school_year"), code, _typed(row, groups)))
    rows.once(
        ((row, f"{code} in {year}") for row, year, code, _ in found), "district_code", "district"
    )
    frame = pd.DataFrame(
        [{"school_year": year, "district_code": code} | counts for _, year, code, counts in found]
    )
    return frame.astype({column: "Int64" for column in frame.columns[2:]})


def _typed(row: Row, groups: tuple[Mapping[str, str], ...]) -> dict[str, int | None]:
    """Return the total and the groups of one typed line."""
    edition = row.cells["el_swd_source"]
    if edition not in _BORROWED:
        raise row.refuse(
            problem="A line doesn't tell which edition its groups are of.",
            column="el_swd_source",
            expected=" or ".join(_BORROWED),
        )
    total = row.count("enrollment_total", SUPPRESSED)
    counts = {"students": total}
    for group in groups:
        borrowed = any(column in _BORROWED[edition] for column in group)
        parts = {column: row.count(column, SUPPRESSED) for column in group}
        if not borrowed:
            check_sum(row, "enrollment_total", total, list(parts.values()))
        counts |= {group[column]: None if borrowed else part for column, part in parts.items()}
    return counts
