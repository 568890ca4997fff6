"""Attendance and suspensions, from EdSight's files by school and by district."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from dme.tables.importers import ctdata, edsight_absence, edsight_suspensions
from dme.tables.importers.ctdata import Figure, Series
from dme.tables.importers.edsight_climate import ALL, GRADE, KINDS, RACE
from dme.tables.importers.edsight_suspensions import FEW, NONE
from dme.tables.recipe import Frames, RawFolder, Recipe


def _absence(raw: RawFolder, _: Frames) -> Frames:
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
    found = ctdata.figures(
        raw.path("ctdata-district-absence-2012-2020"), "Chronically Absent Students"
    )
    ctdata.compare(found, _printed(districts, pd.Series(True, index=districts.index)))
    earlier = _earlier(found, schools, districts)
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
    found: tuple[Figure, ...], schools: pd.DataFrame, districts: pd.DataFrame
) -> pd.DataFrame:
    """Return the districts' figures of the years before EdSight's own files."""
    named = pd.concat([schools, districts])[["school_year", "district", "district_code"]]
    named = named.drop_duplicates().drop_duplicates(["school_year", "district"], keep=False)
    names = {
        year: dict(zip(rows["district"], rows["district_code"], strict=True))
        for year, rows in named.groupby("school_year")
    }
    totals = districts[districts["group_kind"] == ALL]
    series: dict[str, Series] = {
        code: dict(zip(rows["school_year"], _none(rows["percent"]), strict=True))
        for code, rows in totals.groupby("district_code")
    }
    codes = ctdata.codes(found, names, series)
    made = [
        (one.year, *codes[one.year][one.name], one.percent)
        for one in found
        if one.listed and one.year < districts["school_year"].min()
    ]
    columns = ["school_year", "district_code", "code_from", "percent"]
    return pd.DataFrame(made, columns=columns).assign(
        group_kind=ALL, group=ALL, students=pd.array([pd.NA] * len(made), dtype="Int64")
    )


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
    ctdata.compare(combined, _printed(by_district, by_district["mark"] != NONE))
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


def _printed(
    districts: pd.DataFrame, listed: pd.Series
) -> dict[tuple[str, str], tuple[bool, float | None]]:
    """Return whether a figure of all students is printed, and it, by year and district's name."""
    rows = districts[districts["group_kind"] == ALL]
    keys = zip(rows["school_year"], rows["district"], strict=True)
    values = zip(listed[rows.index], _none(rows["percent"]), strict=True)
    return dict(zip(keys, values, strict=True))


def _none(values: pd.Series) -> list[float | None]:
    """Return numbers of which those missing equal one another."""
    return [None if pd.isna(value) else value for value in values]


RECIPES = (
    Recipe(("school_chronic_absenteeism", "district_chronic_absenteeism"), _absence),
    Recipe(("school_suspensions", "district_suspensions"), _suspensions),
)
