"""Spending by school and function, from EdSight's reports as typed."""

from dme.tables.importers import spending
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.specs.spending import SPENDING_FILES


def _by_school(raw: RawFolder, _: Frames) -> Frames:
    schools, functions = spending.school_spending(
        (raw.path(source), year) for source, year in SPENDING_FILES.items()
    )
    return {"spending_schools": schools, "spending_by_function": functions}


RECIPES = (Recipe(("spending_schools", "spending_by_function"), _by_school),)
