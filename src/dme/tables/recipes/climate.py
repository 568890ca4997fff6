"""Attendance and suspensions, from EdSight's files by school and by district."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from dme.tables.importers import ctdata, edsight_absence, edsight_suspensions
from dme.tables.importers.edsight_climate import ALL, GRADE, KINDS, RACE
from dme.tables.importers.edsight_names import Names
from dme.tables.importers.edsight_suspensions import FEW, NONE
from dme.tables.importers.sheet import Sheet
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes.performance import rated


def _absence(raw: RawFolder, made: Frames) -> Frames:
    by_school, states = [], []
    for year, paths in _by_kind(raw, "edsight-school-absence", KINDS).items():
        schools, state = edsight_absence.by_school(paths, year)
        by_school.append(schools.assign(school_year=year))
        states.append(state.assign(school_year=year))
    schools = pd.concat(by_school, ignore_index=True)
    districts = pd.concat(
        edsight_absence.by_district(
            paths, raw.path(f"edsight-district-absence-state-{year}"), year
        ).assign(school_year=year)
        for year, paths in _by_kind(raw, "edsight-district-absence", (ALL, GRADE)).items()
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
    later = rated(raw, made).rename(columns={"chronic_absence_percent": "percent"})
    later = later.dropna(subset=["percent"]).assign(part=1, group=ALL)
    return {
        "school_chronic_absenteeism": pd.concat([schools, later]),
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
    coded = coded[coded["school_year"] < districts["school_year"].min()]
    return coded.assign(group_kind=ALL, group=ALL, students=pd.array([pd.NA] * len(coded), "Int64"))


def _suspensions(raw: RawFolder, _: Frames) -> Frames:
    states = raw.series("edsight-district-suspensions-state")
    races = raw.series("edsight-district-suspensions-race")
    by_district = pd.concat(
        [
            edsight_suspensions.by_district(path, states[year], races.get(year)).assign(
                school_year=year
            )
            for year, path in raw.series("edsight-district-suspensions-all").items()
        ],
        ignore_index=True,
    )
    combined = ctdata.figures(raw.path("ctdata-district-suspensions-2010-2020"), "Suspensions")
    ctdata.compare(*combined, _of_all(by_district.assign(listed=by_district["mark"] != NONE)))
    schools = []
    for year, paths in _by_kind(raw, "edsight-school-suspensions", (ALL, GRADE, RACE)).items():
        rows = by_district[(by_district["school_year"] == year) & (by_district["group"] == ALL)]
        room = (rows["mark"] == FEW) * edsight_suspensions.MOST_SUPPRESSED
        most = dict(zip(rows["district"], rows["students"].fillna(room), strict=True))
        schools.append(edsight_suspensions.by_school(paths, most).assign(school_year=year))
    return {"school_suspensions": pd.concat(schools), "district_suspensions": by_district}


def _by_kind(raw: RawFolder, source: str, kinds: Iterable[str]) -> dict[str, dict[str, Path]]:
    """Return the files of a report by school year and kind of group."""
    series = {kind: raw.series(f"{source}-{kind}") for kind in kinds}
    return {year: {kind: series[kind][year] for kind in series} for year in series[ALL]}


def _of_all(districts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all students, one for each year and district's name."""
    rows = districts[districts["group_kind"] == ALL]
    return rows.drop_duplicates(["school_year", "district"], keep="last")


RECIPES = (
    Recipe(("school_chronic_absenteeism", "district_chronic_absenteeism"), _absence),
    Recipe(("school_suspensions", "district_suspensions"), _suspensions),
)
