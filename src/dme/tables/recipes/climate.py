"""Attendance and suspensions, from EdSight's files by school and by district."""

import pandas as pd

from dme.tables.importers import ctdata, edsight_absence, edsight_suspensions
from dme.tables.importers.edsight_climate import ALL, GRADE, KINDS, RACE
from dme.tables.importers.edsight_names import Names
from dme.tables.importers.edsight_suspensions import FEW, NONE
from dme.tables.importers.sheet import Sheet
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.text import school_years

# Which years each of EdSight's reports is at hand for.
SCHOOL_ABSENCE_YEARS = school_years(2011, 2015)
DISTRICT_ABSENCE_YEARS = school_years(2015, 2019)
SCHOOL_SUSPENSION_YEARS = school_years(2009, 2015)
DISTRICT_SUSPENSION_YEARS = school_years(2009, 2019)
DISTRICT_RACE_YEARS = school_years(2015, 2019)


def _absence(raw: RawFolder, _: Frames) -> Frames:
    by_school, states = [], []
    for year in SCHOOL_ABSENCE_YEARS:
        paths = {kind: raw.path(f"edsight-school-absence-{kind}-{year}") for kind in KINDS}
        schools, state = edsight_absence.by_school(paths, year)
        by_school.append(schools.assign(school_year=year))
        states.append(state.assign(school_year=year))
    schools = pd.concat(by_school, ignore_index=True)
    districts = pd.concat(
        edsight_absence.by_district(
            {kind: raw.path(f"edsight-district-absence-{kind}-{year}") for kind in (ALL, GRADE)},
            raw.path(f"edsight-district-absence-state-{year}"),
            year,
        ).assign(school_year=year)
        for year in DISTRICT_ABSENCE_YEARS
    ).reset_index(drop=True)
    combined = ctdata.figures(
        raw.path("ctdata-district-absence-2012-2020"), "Chronically Absent Students"
    )
    ctdata.compare(*combined, _of_all(districts.assign(listed=True)))
    earlier = _earlier(*combined, schools, districts)
    printed = pd.concat([districts, *states]).assign(code_from="printed")
    # The state's grades of 2015-16 stand in the files by school and by district.
    printed = printed.drop_duplicates(
        ["school_year", "district_code", "group_kind", "group", "percent"]
    )
    return {
        "school_chronic_absenteeism": schools,
        "district_chronic_absenteeism": pd.concat([earlier, printed]),
    }


def _earlier(
    combined: Sheet, found: pd.DataFrame, schools: pd.DataFrame, districts: pd.DataFrame
) -> pd.DataFrame:
    """Return the districts' figures of the years before EdSight's own files."""
    named = pd.concat([schools, districts])[["school_year", "district", "district_code"]]
    names = Names()
    names.learn(
        (year, (name,), code)
        for year, name, code in named.drop_duplicates().itertuples(index=False)
    )
    series = {
        code: rows.set_index("school_year")["percent"].sort_index()
        for code, rows in _of_all(districts).groupby("district_code")
    }
    coded = ctdata.codes(combined, found, names, series)
    coded = coded[coded["school_year"] < DISTRICT_ABSENCE_YEARS[0]]
    return coded.assign(group_kind=ALL, group=ALL, students=pd.array([pd.NA] * len(coded), "Int64"))


def _suspensions(raw: RawFolder, _: Frames) -> Frames:
    districts = []
    for year in DISTRICT_SUSPENSION_YEARS:
        race = f"edsight-district-suspensions-race-{year}"
        found = edsight_suspensions.by_district(
            raw.path(f"edsight-district-suspensions-all-{year}"),
            raw.path(f"edsight-district-suspensions-state-{year}"),
            raw.path(race) if year in DISTRICT_RACE_YEARS else None,
        )
        districts.append(found.assign(school_year=year))
    by_district = pd.concat(districts, ignore_index=True)
    combined = ctdata.figures(raw.path("ctdata-district-suspensions-2010-2020"), "Suspensions")
    ctdata.compare(*combined, _of_all(by_district.assign(listed=by_district["mark"] != NONE)))
    schools = []
    for year in SCHOOL_SUSPENSION_YEARS:
        paths = {
            kind: raw.path(f"edsight-school-suspensions-{kind}-{year}")
            for kind in (ALL, GRADE, RACE)
        }
        rows = by_district[(by_district["school_year"] == year) & (by_district["group"] == ALL)]
        room = (rows["mark"] == FEW) * edsight_suspensions.MOST_SUPPRESSED
        most = dict(zip(rows["district"], rows["students"].fillna(room), strict=True))
        schools.append(edsight_suspensions.by_school(paths, most).assign(school_year=year))
    return {"school_suspensions": pd.concat(schools), "district_suspensions": by_district}


def _of_all(districts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all students, one for each year and district's name."""
    rows = districts[districts["group_kind"] == ALL]
    return rows.drop_duplicates(["school_year", "district"], keep="last")


RECIPES = (
    Recipe(("school_chronic_absenteeism", "district_chronic_absenteeism"), _absence),
    Recipe(("school_suspensions", "district_suspensions"), _suspensions),
)
