"""Districts and students, from EdSight's enrollment files."""

import pandas as pd

from dme.tables.importers import edsight, edsight_districts
from dme.tables.importers.edsight_districts import STATE
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.text import school_years

YEARS = school_years(2007, 2016)
# The last year whose totals are known by district, from the file by race alone.
_YEAR_BY_RACE = "2021-22"


def _annual(raw: RawFolder) -> pd.DataFrame:
    """Return every yearly file of totals; the last year's stand in its file by race only."""
    by_year = raw.series("edsight-district-totals") | raw.series("edsight-district-totals-later")
    read = [
        edsight_districts.districts(path, year).assign(school_year=year)
        for year, path in by_year.items()
    ]
    known = pd.concat(read).drop_duplicates("district", keep="last")
    read.append(
        edsight_districts.districts(
            raw.path(f"edsight-district-race-later-{_YEAR_BY_RACE}"),
            _YEAR_BY_RACE,
            title=edsight_districts.BY_RACE,
            column="Total",
            known=dict(zip(known["district"], known["district_code"], strict=True)),
        ).assign(school_year=_YEAR_BY_RACE)
    )
    return pd.concat(read, ignore_index=True)


def _names(annual: pd.DataFrame) -> pd.DataFrame:
    """Return each district with its latest name of the years for which schools are known."""
    # By the names of those years EdSight's other reports, without codes, are looked up.
    before = annual["school_year"].isin(YEARS)
    ordered = pd.concat([annual[~before], annual[before]])
    latest = ordered.drop_duplicates("district_code", keep="last")
    level = latest["district_code"].eq(STATE).map({True: "state", False: "district"})
    return latest[["district_code", "district"]].assign(level=level)


def _by_district(raw: RawFolder, _: Frames) -> Frames:
    annual = _annual(raw)
    revised = edsight_districts.revised(raw.path("edsight-district-enrollment-revised"))
    editions = pd.concat([annual.assign(edition="annual"), revised.assign(edition="revised")])
    columns = ["school_year", "district_code", "edition", "students"]
    return {
        "districts": _names(annual),
        "district_enrollment": editions[columns],
    }


def _by_school(raw: RawFolder, _: Frames) -> Frames:
    schools, grades = [], []
    for year in YEARS:
        found = edsight.schools(raw.path(f"edsight-school-grades-{year}"), year)
        edsight.check_totals(raw.path(f"edsight-school-totals-{year}"), year, found)
        for school in found:
            schools.append(
                (year, school.district, school.code, school.name, school.total, school.suppressed)
            )
            # A printed 0 is a grade that the school does not teach.
            grades += [
                (year, school.code, grade, count)
                for grade, count in school.grades.items()
                if count != 0
            ]
    columns = ["school_year", "district_code", "school_code", "school", "students"]
    return {
        "school_enrollment": pd.DataFrame(schools, columns=[*columns, "grades_suppressed"]).astype(
            {"students": "Int64", "grades_suppressed": "Int64"}
        ),
        "school_enrollment_by_grade": pd.DataFrame(
            grades, columns=["school_year", "school_code", "grade", "students"]
        ).astype({"students": "Int64"}),
    }


RECIPES = (
    Recipe(("districts", "district_enrollment"), _by_district),
    Recipe(("school_enrollment", "school_enrollment_by_grade"), _by_school),
)
