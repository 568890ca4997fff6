"""Spending by school and function, from EdSight's reports as typed."""

import pandas as pd

from dme.tables.importers import spending
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.text import school_years

LATER_YEARS = school_years(2019, 2024)
# Each source with the school year it is of.
_FILES = {
    "edsight-school-spending-2017-18": "2017-18",
    "edsight-school-spending-2018-19-peers": "2018-19",
    "edsight-school-spending-2018-19-hartford": "2018-19",
    **{f"edsight-school-spending-{year}-hartford": year for year in LATER_YEARS},
}
# The peers' later years are kept by district alone.
_PEERS_LATER = {f"edsight-school-spending-{year}-peers": year for year in LATER_YEARS}


def _by_school(raw: RawFolder, _: Frames) -> Frames:
    schools, functions = spending.school_spending(
        (raw.path(source), year) for source, year in _FILES.items()
    )
    return {"spending_schools": schools, "spending_by_function": functions}


def _by_district(raw: RawFolder, _: Frames) -> Frames:
    schools, functions = spending.school_spending(
        (raw.path(source), year) for source, year in (_FILES | _PEERS_LATER).items()
    )
    return {"spending_charged_to_schools": charged(schools, functions)}


def charged(schools: pd.DataFrame, functions: pd.DataFrame) -> pd.DataFrame:
    """Return what districts charge to their schools: dollars by district, year and function."""
    keys = ["school_year", "school_code"]
    rows = functions.merge(schools[[*keys, "district_code", "students"]], on=keys, validate="m:1")
    rows["dollars"] = rows["dollars_per_pupil"] * rows["students"]
    by_district = rows.groupby(["school_year", "district_code", "function"])
    return by_district[["students", "dollars"]].sum(min_count=1).reset_index()


RECIPES = (
    Recipe(("spending_schools", "spending_by_function"), _by_school),
    Recipe(("spending_charged_to_schools",), _by_district),
)
