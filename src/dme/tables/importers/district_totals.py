"""EdSight's spending per pupil of selected districts, as typed, and the prices typed beside it."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.edsight_finance import PER_PUPIL
from dme.tables.importers.rows import Row
from dme.text import school_year

_FIRST, _LAST = 2007, 2025
# The last school year for which the archived report gives a district's total.
_LAST_ARCHIVED = "2016-17"
_YEAR, _TOTAL, _PRICES = "fiscal_year", "ppe_total_nominal", "cpi_u"

_FUNCTION_COLUMNS = dict(
    zip(
        (
            "instructional_staff_services",
            "instructional_supplies_equipment",
            "instruction_educational_media",
            "student_support_services",
            "administration_support_services",
            "plant_operation_management",
            "transportation",
            "other",
            "total_expenditures_per_pupil",
        ),
        PER_PUPIL,
        strict=True,
    )
)


def by_function(path: Path) -> pd.DataFrame:
    """Read the spending per pupil by function of selected districts in one year.

    Returns
    -------
    pandas.DataFrame
        ``district`` (the name as printed) and the functions, in dollars per pupil.

    Raises
    ------
    TableError
        If a column is missing, a number is none, or a district stands twice.
    """
    found = [
        (row, row.text("district")) for row in rows.table(path, ("district", *_FUNCTION_COLUMNS))
    ]
    rows.once(found, "district", "district")
    amounts = {
        name: pd.array([row.count(column) for row, _ in found], dtype="Int64")
        for column, name in _FUNCTION_COLUMNS.items()
    }
    return pd.DataFrame({"district": [name for _, name in found], **amounts})


def totals(selected: Path, hartford: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read total spending per pupil by fiscal year, and the prices of those years.

    Parameters
    ----------
    selected : Path
        The file of the selected districts, Hartford among them.
    hartford : Path
        The file of Hartford alone, with the price index.

    Returns
    -------
    spending : pandas.DataFrame
        ``school_year``, ``district_code``, ``district``, ``dollars_per_pupil``, ``report``.
    prices : pandas.DataFrame
        ``school_year``, ``cpi_u``.

    Raises
    ------
    TableError
        If a column is missing, a year is none of 2007 to 2025, a number is none, a district
        stands twice in a year, or the two files differ about Hartford.
    """
    found = [
        (row, year, row.code("district_code")) for row, year in _years(selected, "district_code")
    ]
    rows.once(((row, f"{code} in {year}") for row, year, code in found), _YEAR, "year")
    spending = pd.DataFrame(
        [
            (year, code, row.text("district"), row.count(_TOTAL), _report(year))
            for row, year, code in found
        ],
        columns=["school_year", "district_code", "district", "dollars_per_pupil", "report"],
    ).astype({"dollars_per_pupil": "Int64"})
    alone = list(_years(hartford, _PRICES))
    rows.once(alone, _YEAR, "year")
    _check_alike(alone, found)
    prices = [(year, _price(row)) for row, year in alone]
    return spending, pd.DataFrame(prices, columns=["school_year", "cpi_u"])


def _years(path: Path, column: str) -> Iterator[tuple[Row, str]]:
    for row in rows.table(path, ("district", _YEAR, _TOTAL, column)):
        printed = row.cells[_YEAR].strip()
        if not (printed.isdigit() and _FIRST <= int(printed) <= _LAST):
            raise row.refuse(
                problem="A fiscal year is none.", column=_YEAR, expected=f"{_FIRST} to {_LAST}"
            )
        yield row, school_year(int(printed) - 1)


def _report(year: str) -> str:
    return "archived" if year <= _LAST_ARCHIVED else "current"


def _price(row: Row) -> float:
    index = row.number(_PRICES)
    if index is None or index <= 0:
        raise row.refuse(
            problem="A price index is not above zero.", column=_PRICES, expected="a number above 0"
        )
    return index


def _check_alike(alone: list[tuple[Row, str]], found: list[tuple[Row, str, str]]) -> None:
    """Refuse the file of Hartford where the file of the selected districts says otherwise."""
    names = {row.text("district") for row, _ in alone}
    selected = {year: row.count(_TOTAL) for row, year, _ in found if row.text("district") in names}
    for row, year in alone:
        if row.count(_TOTAL) != selected.pop(year, None):
            raise row.refuse(
                problem="Two files print different totals of one district and year.",
                column=_TOTAL,
                expected="the figure of the selected districts' file",
            )
    if selected:
        raise alone[-1][0].refuse(
            problem="A year is missing that the file of the selected districts has.",
            column=_YEAR,
            expected=", ".join(selected),
        )
