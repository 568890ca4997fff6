"""Hartford's schools over time, on the map, and the seats of its zones."""

import pandas as pd

from dme.tables.crosswalk import crosswalk
from dme.tables.importers import capacity, geography, nces
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes.enrollment import october

_HARTFORD = "0640011"
_HARTFORD_NCES = "0901920"
# The state numbers a district's schools after the district.
_HARTFORD_SCHOOLS = "064"


def _federal(raw: RawFolder, _: Frames) -> Frames:
    return {"nces_enrollment": nces.panel(raw.path("nces-hartford-panel"))}


def _crosswalk(_: RawFolder, made: Frames) -> Frames:
    matches = crosswalk(made["nces_enrollment"], _of_hartford(october(made)))
    return {"school_crosswalk": matches}


def _zones(raw: RawFolder, made: Frames) -> Frames:
    federal = geography.federal_places(raw.path("nces-school-points-2014-15"), _HARTFORD_NCES)
    directory = geography.directory_places(raw.path("state-directory-2015"), _HARTFORD_SCHOOLS)
    codes = made["school_crosswalk"].set_index("nces_id")["school_code"]
    federal = federal[federal.index.isin(codes.index)]
    schools = _of_hartford(october(made))["school_code"]
    found = geography.school_zones(
        federal.set_axis(codes[federal.index]),
        # The directory lists the district's own office under a code of the same form.
        directory[directory.index.isin(schools)],
        geography.zones(raw.path("hartford-zones-2010")),
    )
    return {"school_zones": found}


def _capacity(raw: RawFolder, _: Frames) -> Frames:
    return {"zone_capacity": capacity.zone_capacity(raw.path("hartford-zone-capacity-2015-16"))}


def _of_hartford(enrollment: pd.DataFrame) -> pd.DataFrame:
    return enrollment[enrollment["district_code"] == _HARTFORD]


RECIPES = (
    Recipe(("nces_enrollment",), _federal),
    Recipe(("school_crosswalk",), _crosswalk),
    Recipe(("school_zones",), _zones),
    Recipe(("zone_capacity",), _capacity),
)
