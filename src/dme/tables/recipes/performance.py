"""Results of tests, growth and the state's ratings, by school and by district."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from dme.tables.importers.accountability import accountability
from dme.tables.importers.edsight import STATE
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


def _school_growth(raw: RawFolder, _: Frames) -> Frames:
    files = {
        (kind, by_grade): _growth(raw, Part("school", kind, by_grade))
        for kind in _NEEDS
        for by_grade in _GRADES
    }
    # By race and grade three rows in four print no rate: that file is left out.
    files["race", False] = _growth(raw, Part("school", "race"))
    _check_sums(files, "school_code", ["students"])
    return {"school_growth": pd.concat(frame for _, frame in files.values())}


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
    of_all = made["school_growth"][made["school_growth"]["group_kind"] == ALL]
    paths = {by_grade: _growth_path(raw, Part("school", by_grade=by_grade)) for by_grade in _GRADES}
    _check_schools(paths, files, of_all, ["students"])
    return {"district_growth": pd.concat(frame for _, frame in (*files.values(), *states.values()))}


def _ratings(raw: RawFolder, _: Frames) -> Frames:
    schools, districts = accountability(raw.path("csde-accountability-2016-17"), "2016-17")
    return {
        "school_accountability": schools,
        "district_accountability": districts,
    }


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
    Recipe(("school_growth",), _school_growth),
    Recipe(("district_growth",), _district_growth),
    Recipe(("school_accountability", "district_accountability"), _ratings),
)
