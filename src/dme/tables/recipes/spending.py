"""Spending by school and function, from EdSight's reports as typed."""

import pandas as pd

from dme.tables.importers import spending
from dme.tables.recipe import Frames, RawFolder, Recipe

# Hartford and its peers stand in one file at first, and in two from 2018-19 on.
_SERIES = (
    "edsight-school-spending",
    "edsight-school-spending-peers",
    "edsight-school-spending-hartford",
)


def _spending(raw: RawFolder, _: Frames) -> Frames:
    schools, functions = spending.school_spending(
        (path, year) for series in _SERIES for year, path in raw.series(series).items()
    )
    return {
        "spending_schools": schools,
        "spending_by_function": functions,
        "spending_charged_to_schools": charged(schools, functions),
    }


def charged(schools: pd.DataFrame, functions: pd.DataFrame) -> pd.DataFrame:
    """Return what districts charge to their schools: dollars by district, year and function."""
    keys = ["school_year", "school_code"]
    rows = functions.merge(schools[[*keys, "district_code", "students"]], on=keys, validate="m:1")
    rows["dollars"] = rows["dollars_per_pupil"] * rows["students"]
    by_district = rows.groupby(["school_year", "district_code", "function"])
    return by_district[["students", "dollars"]].sum(min_count=1).reset_index()


_TABLES = ("spending_schools", "spending_by_function", "spending_charged_to_schools")
RECIPES = (Recipe(_TABLES, _spending),)
