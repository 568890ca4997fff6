"""Who the students are, from EdSight's enrollment files by group."""

from collections.abc import Mapping

import pandas as pd

from dme.tables.importers import edsight_groups
from dme.tables.importers.edsight_groups import GROUPS, Grouping
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes.enrollment import YEARS

Totals = Mapping[str, int | None]


def _groupings(year: str) -> dict[str, Grouping]:
    """Return the groupings that EdSight's files of a year have, by kind of file."""
    return {
        "race": edsight_groups.race(year),
        "lunch": edsight_groups.LUNCH,
        "ell": edsight_groups.LEARNERS,
        "special-education": edsight_groups.DISABILITIES,
    }


def _totals(rows: pd.DataFrame, code: str) -> dict[str, Totals]:
    """Return the students of each year by code; None where suppressed."""
    counts = [None if pd.isna(count) else int(count) for count in rows["students"]]
    found: dict[str, dict[str, int | None]] = {}
    for year, unit, count in zip(rows["school_year"], rows[code], counts, strict=True):
        found.setdefault(year, {})[unit] = count
    return found


def _frame(lines: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(lines)
    return frame.astype({group: "Int64" for group in GROUPS if group in frame.columns})


def _by_school(raw: RawFolder, made: Frames) -> Frames:
    totals = _totals(made["school_enrollment"], "school_code")
    lines = []
    for year in YEARS:
        found: dict[str, dict[str, object]] = {}
        for kind, grouping in _groupings(year).items():
            path = raw.path(f"edsight-school-{kind}-{year}")
            units = edsight_groups.schools(path, year, grouping)
            edsight_groups.check_against(path, units, totals[year], "School Code")
            for unit in units:
                told = {"school_year": year, "school_code": unit.code}
                found.setdefault(unit.code, told).update(unit.counts)
        lines += found.values()
    return {"school_enrollment_by_group": _frame(lines)}


def _grades_by_district(raw: RawFolder, made: Frames) -> Frames:
    counted = made["district_enrollment"]
    totals = _totals(counted[counted["edition"] == "annual"], "district_code")
    lines = []
    for year, path in raw.series("edsight-district-grades").items():
        units = edsight_groups.districts(path, year, edsight_groups.GRADE)
        edsight_groups.check_against(path, units, totals[year], "District Code")
        # A printed 0 is a grade that the district does not teach.
        lines += [
            (year, unit.code, grade, count)
            for unit in units
            for grade, count in unit.counts.items()
            if count != 0
        ]
    columns = ["school_year", "district_code", "grade", "students"]
    grades = pd.DataFrame(lines, columns=columns).astype({"students": "Int64"})
    return {"district_enrollment_by_grade": grades}


RECIPES = (
    Recipe(("school_enrollment_by_group",), _by_school),
    Recipe(("district_enrollment_by_grade",), _grades_by_district),
)
