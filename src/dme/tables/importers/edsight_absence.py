"""EdSight's shares of chronically absent students, by school and by district."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers import edsight_climate as climate
from dme.tables.importers.edsight import STATE, SUPPRESSED, export
from dme.tables.importers.edsight_climate import ALL, GRADE, GROUP_COLUMNS, LUNCH, RACE, Lines
from dme.tables.importers.sheet import Sheet, below

_TITLE = "Chronic Absenteeism"
_PERCENT = "% Chronically Absent"
_COUNTED = ("Student Count", "%")
# The first year whose district files print counts beside the percentages.
_COUNTED_FROM = {ALL: "2018-19", GRADE: "2017-18"}
_SCOPES = {ALL: "All Students"} | {
    kind: column for kind, columns in GROUP_COLUMNS.items() for column in columns
}


def by_school(paths: Mapping[str, Path], year: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read one year's percentages by school.

    Parameters
    ----------
    paths : mapping of str to Path
        The raw files of all students, by grade, by lunch and by race.

    Returns
    -------
    schools : DataFrame
        ``school_code``, ``part``, ``group_kind``, ``group``, ``percent`` (missing where
        suppressed), ``district_code``, ``school``, ``district``.
    state : DataFrame
        ``district_code``, ``group_kind``, ``group``, ``percent`` of the state's groups.
    """
    by_group = {kind: _schools(paths[kind], kind, year) for kind in (GRADE, LUNCH, RACE)}
    groups, states = [], []
    for kind, (read, lines) in by_group.items():
        whole = lines["school_code"] == STATE
        read.once(lines.loc[whole, "group"], GROUP_COLUMNS[kind][0], "line")
        states.append(lines[whole])
        groups.append((read.only(~whole), lines[~whole]))
    everyone = _schools(paths[ALL], ALL, year)
    schools = climate.with_groups(everyone, groups, _check_within)
    state = pd.concat(states)[["district_code", "group_kind", "group", "percent"]]
    return schools.drop(columns="students"), state.reset_index(drop=True)


def by_district(paths: Mapping[str, Path], state_path: Path, year: str) -> pd.DataFrame:
    """Read one year's figures by district, and the state's.

    Parameters
    ----------
    paths : mapping of str to Path
        The raw files of all students and by grade.
    state_path : Path
        The raw file of the state.

    Returns
    -------
    DataFrame
        ``district_code``, ``group_kind``, ``group``, ``students`` (missing where suppressed or
        not printed), ``percent`` (missing where suppressed), ``district`` (the name).
    """
    of_state = _export(state_path, ALL, year, ("Organization",), "State of Connecticut, ")
    frames = [climate.state(of_state, _figures(of_state))]
    files = {kind: _export(paths[kind], kind, year, climate.DISTRICT) for kind in (ALL, GRADE)}
    frames += [climate.districts(read, kind).join(_figures(read)) for kind, read in files.items()]
    _, everyone, grades = frames
    if year >= _COUNTED_FROM[ALL]:
        parts = below(grades, "students", ["district_code"], everyone)
        files[ALL].add_up(_COUNTED[0], everyone["students"], parts)
    return pd.concat(frames, ignore_index=True)


def _schools(path: Path, kind: str, year: str) -> Lines:
    read = _export(path, kind, year, climate.SCHOOL, "All Schools, ", counted=False)
    return read, climate.schools(read, kind).join(_figures(read))


def _export(
    path: Path,
    kind: str,
    year: str,
    place: tuple[str, ...],
    scope: str = "",
    *,
    counted: bool | None = None,
) -> Sheet:
    if counted is None:
        counted = year >= _COUNTED_FROM[kind]
    columns = (*place, *GROUP_COLUMNS[kind], *(_COUNTED if counted else (_PERCENT,)))
    return export(path, columns, title=_TITLE, year=year, scope=scope + _SCOPES[kind])


def _figures(read: Sheet) -> pd.DataFrame:
    """Return ``students``, missing in a file that prints percentages alone, and ``percent``."""
    if _PERCENT in read.cells:
        found = pd.DataFrame({"percent": read.percent(_PERCENT, SUPPRESSED)})
        return found.assign(students=pd.array([pd.NA] * len(found), dtype="Int64"))
    count, share = _COUNTED
    students, percent = read.count(count, SUPPRESSED), read.percent(share, SUPPRESSED)
    problem = "A percentage is printed whose count is suppressed."
    read.refuse(students.isna() & percent.notna(), problem, share, '"*", as for the count')
    return pd.DataFrame({"students": students, "percent": percent})


def _check_within(everyone: Lines, groups: pd.DataFrame) -> None:
    """Refuse a school's percentage that is none its groups could have together."""
    read, schools = everyone
    by_school = groups.groupby(["school_code", "part"])["percent"]
    ends = by_school.agg(["min", "max"])[by_school.count() == by_school.size()]
    both = schools.join(ends, on=["school_code", "part"])
    outside = (both["percent"] < both["min"]) | (both["percent"] > both["max"])
    expected = both["min"].astype("str") + " to " + both["max"].astype("str")
    problem = "A school's percentage lies outside those of its groups."
    read.refuse(outside, problem, _PERCENT, expected)
