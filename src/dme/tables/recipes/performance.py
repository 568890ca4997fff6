"""Results of tests, growth and the state's ratings, by school and by district."""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import pandas as pd

from dme.tables.importers.accountability import FIRST, LATER, OF_PEERS, accountability
from dme.tables.importers.edsight import STATE
from dme.tables.importers.edsight_growth import district_growth
from dme.tables.importers.edsight_results import (
    ALL,
    COUNTS,
    Part,
    check_parts,
    growth,
    smarter_balanced,
)
from dme.tables.recipe import Frames, RawFolder, Recipe

_TEST_YEARS = ("2014-15", "2015-16")
_LATER_YEARS = ("2016-17", "2017-18", "2018-19")
_GROWTH_YEAR = "2015-16"
_NEEDS = (ALL, "high_needs")
_GRADES = (False, True)
_RESULT = ("grade", "subject", "group")

_Read = tuple[Path, pd.DataFrame]
# By kind of group, and whether by grade.
_Files = Mapping[tuple[str, bool], _Read]


def _district_tests(raw: RawFolder, _: Frames) -> Frames:
    frames: list[pd.DataFrame] = []
    for year in (*_TEST_YEARS, *_LATER_YEARS):
        files = {
            (ALL, by_grade): _tests(raw, year, Part("district", by_grade=by_grade))
            for by_grade in _GRADES
        }
        _check_sums(files, "district_code", COUNTS)
        frames += [frame for _, frame in files.values()]
        if year != _TEST_YEARS[0]:
            state = _tests(raw, year, Part("state"))
            # The state counts up to 28 students of no district that is printed.
            check_parts(state, files[ALL, False], ["subject"], COUNTS, complete=False)
            frames.append(state[1])
    return {"district_smarter_balanced": pd.concat(frames)}


def _school_growth(raw: RawFolder, made: Frames) -> Frames:
    files = {
        (kind, by_grade): _growth(raw, Part("school", kind, by_grade))
        for kind in _NEEDS
        for by_grade in _GRADES
    }
    # By race and grade three rows in four print no rate: that file is left out.
    files["race", False] = _growth(raw, Part("school", "race"))
    _check_sums(files, "school_code", ["students"])
    later = _growth_rated(rated(raw, made))
    return {"school_growth": pd.concat([*(frame for _, frame in files.values()), later])}


def _district_growth(raw: RawFolder, made: Frames) -> Frames:
    files: dict[tuple[str, bool], _Read] = {}
    states: dict[tuple[str, bool], _Read] = {}
    for kind, by_grade in ((kind, by_grade) for kind in _NEEDS for by_grade in _GRADES):
        path, frame = _growth(raw, Part("district", kind, by_grade))
        state = _growth(raw, Part("state", kind, by_grade))
        # Two of the districts' files hold the state's rows too.
        repeated = frame[frame["district_code"] == STATE]
        if len(repeated):
            check_parts(state, (path, repeated), _RESULT, ["students"])
        frame = frame[frame["district_code"] != STATE]
        # The state also counts students of no district's row, about one in a hundred.
        check_parts(state, (path, frame), _RESULT, ["students"], complete=False)
        files[kind, by_grade], states[kind, by_grade] = (path, frame), state
    _check_sums(files, "district_code", ["students"])
    _check_sums(states, "district_code", ["students"])
    schools = made["school_growth"]
    of_all = schools[schools["group_kind"].eq(ALL) & schools["school_year"].eq(_GROWTH_YEAR)]
    paths = {by_grade: _growth_path(raw, Part("school", by_grade=by_grade)) for by_grade in _GRADES}
    _check_schools(paths, files, of_all, ["students"])
    later = [
        district_growth(path, year, made["districts"]["district_code"])
        for year, path in raw.series("csde-growth-district").items()
    ]
    found = [frame for _, frame in (*files.values(), *states.values())]
    return {"district_growth": pd.concat([*found, *later])}


def _ratings(raw: RawFolder, _: Frames) -> Frames:
    forms = {"": FIRST, "-hartford": LATER, "-peers": OF_PEERS}
    read = [
        accountability(path, year, form)
        for whose, form in forms.items()
        for year, path in raw.series(f"csde-accountability{whose}").items()
    ]
    schools, districts = (pd.concat(each, ignore_index=True) for each in zip(*read, strict=True))
    return {"school_accountability": schools, "district_accountability": districts}


def rated(raw: RawFolder, made: Frames) -> pd.DataFrame:
    """Return the ratings of the years in which the schools of all ten districts have one."""
    schools = made["school_accountability"]
    return schools[schools["school_year"].isin(raw.series("csde-accountability-peers"))]


def _growth_rated(schools: pd.DataFrame) -> pd.DataFrame:
    """Return the growth by school that the state's ratings print, which is target achieved."""
    parts = []
    for subject, group in product(("ELA", "Math"), _NEEDS):
        of_group = "" if group == ALL else f"_{group}"
        percent = schools[f"{subject.lower()}_target_achieved{of_group}_percent"]
        rows = schools[["school_year", "school_code", "district_code", "school"]]
        told = {"grade": ALL, "subject": subject, "group_kind": group, "group": group}
        parts.append(rows.assign(**told, target_achieved_percent=percent))
    return pd.concat(parts).dropna(subset=["target_achieved_percent"])


def _tests(raw: RawFolder, year: str, part: Part) -> _Read:
    later = "-later" if part.area == "district" and year in _LATER_YEARS else ""
    path = raw.path(f"edsight-smarter-balanced-{part.area}{later}{_suffix(part)}-{year}")
    return path, smarter_balanced(path, year, part)


def _growth(raw: RawFolder, part: Part) -> _Read:
    path = _growth_path(raw, part)
    return path, growth(path, _GROWTH_YEAR, part)


def _growth_path(raw: RawFolder, part: Part) -> Path:
    return raw.path(f"edsight-growth-{part.area}{_suffix(part)}-{_GROWTH_YEAR}")


def _suffix(part: Part) -> str:
    kind = "" if part.group_kind == ALL else f"-{part.group_kind.replace('_', '-')}"
    return kind + ("-grades" if part.by_grade else "")


def _check_sums(files: _Files, code: str, counts: Sequence[str]) -> None:
    """Refuse files in which the grades, or the groups of a kind, don't add up to all."""
    for (kind, by_grade), read in files.items():
        if by_grade:
            check_parts(files[kind, False], read, [code, "subject", "group"], counts)
        if kind != ALL:
            check_parts(files[ALL, by_grade], read, [code, "subject", "grade"], counts)


def _check_schools(
    paths: Mapping[bool, Path], files: _Files, schools: pd.DataFrame, counts: Sequence[str]
) -> None:
    """Refuse a district's count that its schools exceed.

    It may be larger: a district also counts students who attend no school of its own.
    """
    keys = ["district_code", *_RESULT]
    for by_grade in _GRADES:
        own = schools[schools["grade"].ne(ALL) == by_grade]
        check_parts(files[ALL, by_grade], (paths[by_grade], own), keys, counts, complete=False)


RECIPES = (
    Recipe(("district_smarter_balanced",), _district_tests),
    Recipe(("school_accountability", "district_accountability"), _ratings),
    Recipe(("school_growth",), _school_growth),
    Recipe(("district_growth",), _district_growth),
)
