"""EdSight's counts of suspended students, by school and by district.

The files begin with their heading: nothing in them names the report or the year. A count of 1 to
5 is printed as ``*``; ``N/A`` stands where no student is on record as suspended.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from dme.tables.importers import edsight_climate as climate
from dme.tables.importers.edsight import STATE, export
from dme.tables.importers.edsight_climate import ALL, GRADE, GROUP_COLUMNS, RACE, Lines
from dme.tables.importers.sheet import Sheet, below

# What a count prints in place of a number; none_small is of a group of about 20 or fewer.
FEW, NONE, NONE_SMALL = "few", "none", "none_small"
MOST_SUPPRESSED = 5

_CELLS = ("Count", "%")
_MARKS = {"* *": FEW, "N/A N/A": NONE, "N/A *": NONE_SMALL}
# In the files of all students by school the district's code is a dot on every line.
_ALL_COLUMNS = ("District", "reportingsdistrictcode", "School", "School Code", *_CELLS)


def by_school(paths: Mapping[str, Path], most: Mapping[str, int]) -> pd.DataFrame:
    """Read one year's counts by school.

    Parameters
    ----------
    paths : mapping of str to Path
        The raw files of all students, by grade and by race.
    most : mapping of str to int
        By the district's name, how many suspended students its file leaves room for.

    Returns
    -------
    DataFrame
        ``school_code``, ``part``, ``group_kind``, ``group``, ``students``, ``percent``,
        ``mark``, ``district_code``, ``school``.
    """
    files = {kind: _export(paths[kind], kind, climate.SCHOOL) for kind in (GRADE, RACE)}
    read = export(paths[ALL], _ALL_COLUMNS)
    everyone = climate.schools(read, ALL, climate.district_codes(files[RACE])).join(_figures(read))
    room = everyone["district"].map(most)
    problem = "A school has more suspended students than its district."
    expected = room.map("{:.0f} or fewer, as the district's file of the year".format)
    read.refuse(everyone["students"] > room, problem, "Count", expected)
    groups = [
        (by_group, climate.schools(by_group, kind).join(_figures(by_group)))
        for kind, by_group in files.items()
    ]
    return climate.with_groups((read, everyone), groups, _check_groups)


def by_district(path: Path, state_path: Path, race_path: Path | None = None) -> pd.DataFrame:
    """Read one year's counts by district, and the state's.

    Parameters
    ----------
    path, state_path : Path
        The raw files of the districts and of the state.
    race_path : Path, optional
        The raw file of the districts by race.

    Returns
    -------
    DataFrame
        ``district_code``, ``group_kind``, ``group``, ``students``, ``percent``, ``mark``,
        ``district`` (the name).
    """
    read = _export(path, ALL, climate.DISTRICT)
    everyone = climate.districts(read, ALL).join(_figures(read))
    frames = [_state(state_path), everyone]
    if race_path:
        by_race = _export(race_path, RACE, climate.DISTRICT)
        races = climate.districts(by_race, RACE).join(_figures(by_race))
        lost = ~races["district_code"].isin(everyone["district_code"])
        problem = "A district has groups but no line for all its students."
        by_race.refuse(lost, problem, "District Code", f"a line for it in {path.name}")
        _check_groups((read, everyone), races, ["district_code"])
        frames.append(races)
    return pd.concat(frames, ignore_index=True)


def _state(path: Path) -> pd.DataFrame:
    read = export(path, ("District", "Organization Code", *_CELLS))
    other = read.code("Organization Code") != STATE
    read.refuse(other, "A row is not the state's.", "Organization Code", STATE)
    return climate.state(read, _figures(read))


def _export(path: Path, kind: str, place: tuple[str, ...]) -> Sheet:
    return export(path, (*place, *GROUP_COLUMNS[kind], *_CELLS))


def _figures(read: Sheet) -> pd.DataFrame:
    """Return ``students``, ``percent`` and ``mark``: figures or, in their place, a mark."""
    both = read["Count"] + " " + read["%"]
    counted = read.only(~both.isin([*_MARKS]))
    found = {"students": counted.count("Count"), "percent": counted.percent("%", ("*",))}
    figures = pd.DataFrame(found).reindex(read.cells.index)
    return figures.assign(mark=both.map(_MARKS).astype("str"))


def _check_groups(
    everyone: Lines, groups: pd.DataFrame, key: Sequence[str] = ("school_code", "part")
) -> None:
    """Refuse groups that contradict a school or district; where they have no student, 0."""
    read, lines = everyone
    nobody = groups["mark"].isin([NONE, NONE_SMALL])
    counts = groups.assign(students=groups["students"].mask(nobody, 0))
    parts = below(counts, "students", [*key], lines)
    if (groups["group_kind"] == RACE).all():
        read.add_up("Count", lines["students"], parts)
    # A student whose grade is unknown may be in no grade: grades only can't be more.
    room = lines["students"].fillna(lines["mark"].eq(FEW) * MOST_SUPPRESSED)
    expected = parts["added"].map("room for groups of {} students or more".format)
    problem = "A printed total is smaller than its groups."
    read.refuse(parts["added"] + parts["hidden"] > room, problem, "Count", expected)
