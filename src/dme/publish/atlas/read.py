"""What the atlas found of each district, read back from its sweep."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import pandas as pd

from dme import atlas, sweeps
from dme.measures.staff import categories
from dme.publish.atlas.shown import EVERY, TEACHERS, Shown
from dme.study import Study
from dme.tables import load

_STUDENTS, _FTE = "district-enrollment", "classroom-teachers"
_PLACED = ("longitude", "latitude")


class Figure(NamedTuple):
    """A figure with its interval, or why there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class District:
    """A district: its peers' codes, its figures by finding, and where its schools' middle is."""

    code: str
    name: str
    students: float | None
    peers: tuple[str, ...]
    figures: Mapping[str, Figure]
    place: tuple[float, float] | None


@dataclass(frozen=True)
class Atlas:
    """All districts by code, in the order of their names, and the parameters that they share."""

    districts: Mapping[str, District]
    study: Study

    def values(self, shown: Shown) -> dict[str, float]:
        """Return the figure of each district that has it."""
        found = {code: one.figures[shown.finding].value for code, one in self.districts.items()}
        return {code: value for code, value in found.items() if value is not None}

    def of_peers(self, district: District, shown: Shown) -> float | None:
        """Return the median of the peers' figures; None where the figure is against them."""
        values = self.values(shown)
        theirs = [values[code] for code in district.peers if code in values]
        return median(theirs) if theirs and not shown.against else None


def read(study: Study) -> Atlas | None:
    """Return the atlas of the tables of a study; None where none was made of them."""
    swept = sweeps.read(atlas.file().parent)
    if swept is None or study.tables not in swept.axes.get("tables", {}):
        return None
    # Of each axis but the districts' and that of the years of students there is one choice.
    chosen = {
        key: value
        for axis, choices in swept.axes.items()
        if axis != "district"
        for key, value in choices[max(choices)].items()
    }
    common = Study.model_validate({**swept.shared, **chosen, "district": study.district})
    names = load("districts", study.folder).set_index("district_code")["district"]
    places = _places(study, common.size_year)
    jumped = _jumped(study, common.staff_year)
    rows = swept.findings.set_index(["district", "enrollment_year", "finding"]).sort_index()
    found = []
    for code, sets in swept.axes["district"].items():
        newest = _figures(rows.loc[code, common.enrollment_year])
        then = _figures(rows.loc[code, common.staff_year])
        figures = {one.finding: newest[one.finding] for one in EVERY if one.finding in newest}
        figures[TEACHERS] = _per_teacher(then[_STUDENTS], newest[_FTE], jumped.get(code))
        found.append(
            District(
                code,
                str(names[code]).removesuffix(" School District"),
                newest[_STUDENTS].value or then[_STUDENTS].value,
                tuple(sets["peers"]),
                figures,
                places.get(code),
            )
        )
    found.sort(key=lambda one: one.name)
    return Atlas({one.code: one for one in found}, common)


def _figures(rows: pd.DataFrame) -> dict[str, Figure]:
    return {
        str(row.Index): Figure(*(_number(n) for n in (row.value, row.low, row.high)), row.reason)
        for row in rows.itertuples()
    }


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _per_teacher(students: Figure, teachers: Figure, jump: tuple[float, float] | None) -> Figure:
    for one in (students, teachers):
        if one.value is None:
            return one
    if jump:
        told = (
            "its record of teachers goes from {:,.1f} to {:,.1f} in a year: an error of reporting"
        )
        return Figure(None, reason=told.format(*jump))
    if not teachers.value:
        return Figure(None, reason="the record has no classroom teacher of it")
    return Figure((students.value or 0) / teachers.value)


def _jumped(study: Study, year: str) -> dict[str, tuple[float, float]]:
    if not (study.folder / "district_staff.csv").is_file():
        return {}
    return categories.jumps(load("district_staff", study.folder), year)


def _places(study: Study, year: str) -> dict[str, tuple[float, float]]:
    """Return the middle of each district: the mean place of its schools, longitude and latitude."""
    if not (study.folder / "school_directory.csv").is_file():
        return {}
    told = load("school_directory", study.folder).dropna(subset=list(_PLACED))
    told = told.sort_values("edition", kind="stable").drop_duplicates("school_code", keep="last")
    schools = load("school_enrollment", study.folder)
    there = schools.loc[schools["school_year"] == year, ["school_code", "district_code"]]
    middle = there.merge(told, on="school_code").groupby("district_code")[list(_PLACED)].mean()
    return {
        str(code): (float(east), float(north)) for code, east, north in middle.itertuples(name=None)
    }
