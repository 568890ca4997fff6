"""Who the students are, from EdSight's enrollment files by group."""

import pandas as pd

from dme.tables.importers import edsight_enrollment as enrollment
from dme.tables.importers.edsight_enrollment import Grouping
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes.enrollment import YEARS, october


def _groupings(year: str) -> dict[str, Grouping]:
    """Return the groupings that EdSight's files of a year have, by kind of file."""
    return {
        "race": enrollment.race(year),
        "lunch": enrollment.LUNCH,
        "ell": enrollment.LEARNERS,
        "special-education": enrollment.DISABILITIES,
    }


def _by_school(raw: RawFolder, made: Frames) -> Frames:
    totals = october(made).set_index(["school_year", "school_code"])["students"]
    frames = []
    for year in YEARS:
        groups = []
        for kind, grouping in _groupings(year).items():
            path = raw.path(f"edsight-school-{kind}-{year}")
            read, found = enrollment.schools(path, year, grouping)
            enrollment.check_totals(read, found, totals[year], "School Code")
            groups.append(found.set_index("code")[grouping.groups])
        by_school = pd.concat(groups, axis=1).rename_axis("school_code").reset_index()
        frames.append(by_school.assign(school_year=year))
    return {"school_enrollment_by_group": pd.concat(frames, ignore_index=True)}


def _grades_by_district(raw: RawFolder, made: Frames) -> Frames:
    counted = made["district_enrollment"]
    annual = counted[counted["edition"] == "annual"]
    totals = annual.set_index(["school_year", "district_code"])["students"]
    frames = []
    for year, path in raw.series("edsight-district-grades").items():
        read, found = enrollment.districts(path, year, enrollment.GRADE)
        enrollment.check_totals(read, found, totals[year], "District Code")
        frames.append(enrollment.by_grade(found).assign(school_year=year))
    grades = pd.concat(frames, ignore_index=True).rename(columns={"code": "district_code"})
    return {"district_enrollment_by_grade": grades}


RECIPES = (
    Recipe(("school_enrollment_by_group",), _by_school),
    Recipe(("district_enrollment_by_grade",), _grades_by_district),
)
