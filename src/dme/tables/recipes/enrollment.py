"""Districts and students, from EdSight's enrollment files."""

import pandas as pd

from dme.tables.importers import edsight_enrollment as enrollment
from dme.tables.importers.edsight import STATE
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.text import school_years

YEARS = school_years(2007, 2016)
OCTOBER = "october"
# The last year whose totals are known by district, from the file by race alone.
_YEAR_BY_RACE = "2021-22"


def _annual(raw: RawFolder) -> pd.DataFrame:
    """Return every yearly file of totals; the last year's stand in its file by race only."""
    by_year = raw.series("edsight-district-totals") | raw.series("edsight-district-totals-later")
    read = [
        enrollment.districts(path, year)[1].assign(school_year=year)
        for year, path in by_year.items()
    ]
    known = pd.concat(read).drop_duplicates("district", keep="last")
    _, latest = enrollment.districts(
        raw.path(f"edsight-district-race-later-{_YEAR_BY_RACE}"),
        _YEAR_BY_RACE,
        enrollment.race(_YEAR_BY_RACE),
        dict(zip(known["district"], known["code"], strict=True)),
    )
    read.append(latest.assign(school_year=_YEAR_BY_RACE))
    return pd.concat(read, ignore_index=True).rename(columns={"code": "district_code"})


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
    revised = enrollment.revised(raw.path("edsight-district-enrollment-revised"))
    editions = pd.concat([annual.assign(edition="annual"), revised.assign(edition="revised")])
    columns = ["school_year", "district_code", "edition", "students"]
    return {
        "districts": _names(annual),
        "district_enrollment": editions[columns],
    }


def counted(raw: RawFolder) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the state's own count of schools, and of their grades."""
    schools, grades = [], []
    for year in YEARS:
        read, found = enrollment.schools(
            raw.path(f"edsight-school-grades-{year}"), year, enrollment.GRADE
        )
        path = raw.path(f"edsight-school-totals-{year}")
        _, totals = enrollment.schools(path, year, enrollment.YEAR)
        totals = totals.set_index("code")["students"]
        enrollment.check_totals(read, found, totals, "School Code", both=True)
        suppressed = found[enrollment.GRADE.groups].isna().sum(axis=1).astype("Int64")
        told = {"school_year": year, "grades_suppressed": suppressed, "count_from": OCTOBER}
        schools.append(found.assign(**told))
        grades.append(enrollment.by_grade(found).assign(school_year=year))
    code = {"code": "school_code"}
    return pd.concat(schools).rename(columns=code), pd.concat(grades).rename(columns=code)


def _by_school(raw: RawFolder, made: Frames) -> Frames:
    schools, grades = counted(raw)
    # The state's count by school ends where its report on spending begins.
    reported = made["spending_schools"]
    later = reported[reported["school_year"] > YEARS[-1]].assign(count_from="spending")
    return {
        "school_enrollment": pd.concat([schools, later], ignore_index=True),
        "school_enrollment_by_grade": grades.reset_index(drop=True),
    }


def october(made: Frames) -> pd.DataFrame:
    """Return the schools of the state's own count."""
    schools = made["school_enrollment"]
    return schools[schools["count_from"] == OCTOBER]


RECIPES = (
    Recipe(("districts", "district_enrollment"), _by_district),
    Recipe(("school_enrollment", "school_enrollment_by_grade"), _by_school),
)
