"""Spending by school and function, from EdSight's reports as typed."""

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


def _by_school(raw: RawFolder, _: Frames) -> Frames:
    schools, functions = spending.school_spending(
        (raw.path(source), year) for source, year in _FILES.items()
    )
    return {"spending_schools": schools, "spending_by_function": functions}


RECIPES = (Recipe(("spending_schools", "spending_by_function"), _by_school),)
