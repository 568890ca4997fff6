"""EdSight's spending per pupil of selected districts, as typed, and the prices typed beside it."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import sheet
from dme.tables.importers.edsight_finance import PER_PUPIL
from dme.tables.importers.sheet import Sheet
from dme.text import school_year

_FIRST, _LAST = 2007, 2025
# The last school year for which the archived report gives a district's total.
_LAST_ARCHIVED = "2016-17"
_YEAR, _TOTAL, _PRICES = "fiscal_year", "ppe_total_nominal", "cpi_u"

_PRINTED = (
    "instructional_staff_services",
    "instructional_supplies_equipment",
    "instruction_educational_media",
    "student_support_services",
    "administration_support_services",
    "plant_operation_management",
    "transportation",
    "other",
    "total_expenditures_per_pupil",
)
_FUNCTION_COLUMNS = dict(zip(_PRINTED, PER_PUPIL, strict=True))


def by_function(path: Path) -> pd.DataFrame:
    """Read the spending per pupil by function of selected districts in one year.

    Returns
    -------
    DataFrame
        ``district`` (the name as printed) and the functions, in dollars per pupil.
    """
    read = sheet.table(path, ("district", *_FUNCTION_COLUMNS))
    names = read.text("district")
    read.once(names, "district", "district")
    return names.to_frame().join(read.counts(_FUNCTION_COLUMNS)).reset_index(drop=True)


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
    spending : DataFrame
        ``school_year``, ``district_code``, ``district``, ``dollars_per_pupil``, ``report``.
    prices : DataFrame
        ``school_year``, ``cpi_u``.
    """
    read, spending = _years(selected, "district_code")
    spending["district_code"] = read.code("district_code")
    read.once(spending[["district_code", "school_year"]], _YEAR, "year")
    archived = spending["school_year"] <= _LAST_ARCHIVED
    spending["report"] = archived.map({True: "archived", False: "current"})
    alone, found = _years(hartford, _PRICES)
    alone.once(found["school_year"], _YEAR, "year")
    _check_alike(alone, found, spending)
    prices = alone.number(_PRICES)
    problem = "A price index is not above zero."
    alone.refuse(prices <= 0, problem, _PRICES, "a number above 0")
    prices = found[["school_year"]].assign(cpi_u=prices)
    return spending.reset_index(drop=True), prices.reset_index(drop=True)


def _years(path: Path, column: str) -> tuple[Sheet, pd.DataFrame]:
    read = sheet.table(path, ("district", _YEAR, _TOTAL, column))
    known = [str(year) for year in range(_FIRST, _LAST + 1)]
    expected = f"{_FIRST} to {_LAST}"
    read.refuse(~read[_YEAR].isin(known), "A fiscal year is none.", _YEAR, expected)
    found = {
        "school_year": read[_YEAR].astype("int64").sub(1).map(school_year),
        "district": read.text("district"),
        "dollars_per_pupil": read.count(_TOTAL),
    }
    return read, pd.DataFrame(found)


def _check_alike(alone: Sheet, found: pd.DataFrame, everyone: pd.DataFrame) -> None:
    """Refuse the file of Hartford where the file of the selected districts says otherwise."""
    selected = everyone[everyone["district"].isin(found["district"])]
    told = selected.set_index("school_year")["dollars_per_pupil"]
    problem = "Two files print different totals of one district and year."
    expected = "the figure of the selected districts' file"
    wrong = (found["dollars_per_pupil"] != found["school_year"].map(told)).fillna(value=True)
    alone.refuse(wrong, problem, _TOTAL, expected)
    if lost := [year for year in told.index if year not in {*found["school_year"]}]:
        problem = "A year is missing that the file of the selected districts has."
        raise alone.fault(found.index[-1], problem, _YEAR, ", ".join(lost))
