"""EdSight's counts of suspended students, by school and by district.

The files begin with their heading: nothing in them names the report or the year. A count of 1 to
5 is printed as ``*``; ``N/A`` stands where no student is on record as suspended.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers.edsight import check_sum
from dme.tables.importers.edsight_climate import (
    ALL,
    DISTRICT,
    GRADE,
    GROUP_COLUMNS,
    RACE,
    SCHOOL,
    STATE,
    Line,
    district_codes,
    empty,
    group,
    lines,
    parts,
    percentage,
    twice,
    untitled,
)
from dme.tables.importers.rows import Row

# What a count prints in place of a number; none_small is of a group of about 20 or fewer.
FEW, NONE, NONE_SMALL = "few", "none", "none_small"
MOST_SUPPRESSED = 5

_CELLS = ("Count", "%")
_MARKS = {("*", "*"): FEW, ("N/A", "N/A"): NONE, ("N/A", "*"): NONE_SMALL}
# In the files of all students by school the district's code is a dot on every line.
_ALL_COLUMNS = ("District", "reportingsdistrictcode", "School", "School Code", *_CELLS)
_FIGURES = ("group_kind", "group", "students", "percent", "mark")

# Students, percentage, mark: as the table has them.
Cell = tuple[int | None, float | None, str | None]
Key = tuple[str, int]


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
    pandas.DataFrame
        ``school_code``, ``part``, ``group_kind``, ``group``, ``students``, ``percent``,
        ``mark``, ``district_code``, ``school``.

    Raises
    ------
    TableError
        If it is another report, a figure is none, a line stands twice, a school has groups but
        no line for all its students, the groups contradict the school, or the school has more
        students than its district.
    """
    codes = district_codes(untitled(paths[RACE], (*SCHOOL, GROUP_COLUMNS[RACE], *_CELLS)))
    everyone = [
        (line, _cell(line.row)) for line in lines(untitled(paths[ALL], _ALL_COLUMNS), codes)
    ]
    for line, (students, _, _) in everyone:
        _check_district(line, students, most)
    numbers = parts((line, (line.district,), cell[0] or 0) for line, cell in everyone)
    totals: dict[Key, tuple[Row, Cell]] = {}
    made = []
    for line, cell in everyone:
        key = line.code, numbers[line.code, line.district]
        totals[key] = line.row, cell
        made.append((*key, ALL, ALL, *cell, line.district, line.name))
    for kind in (GRADE, RACE):
        groups: dict[Key, dict[str, tuple[Row, Cell]]] = {}
        for line, word, cell in _groups(paths[kind], kind):
            part = numbers.get((line.code, line.district))
            if part is None:
                raise _unlisted(line, paths[ALL])
            known = groups.setdefault((line.code, part), {})
            if word in known:
                raise twice(line.row, f"{line.code}, {word}", known[word][0].line)
            known[word] = line.row, cell
            made.append((line.code, part, kind, word, *cell, line.district, line.name))
        for key, known in groups.items():
            _check_groups(*totals[key], [cell for _, cell in known.values()], kind)
    columns = ("school_code", "part", *_FIGURES, "district_code", "school")
    # A school's first part is last, so that the register of schools learns its names.
    return _frame(made, columns).sort_values("part", ascending=False, kind="stable")


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
    pandas.DataFrame
        ``district_code``, ``group_kind``, ``group``, ``students``, ``percent``, ``mark``,
        ``district`` (the name).

    Raises
    ------
    TableError
        If it is another report, a figure is none, a district or a group of it stands twice, or
        the groups contradict the district.
    """
    totals = {key: cell for (key, _), cell in _districts(path, ALL).items()}
    state = list(untitled(state_path, ("District", "Organization Code", *_CELLS)))
    if not state or state[0].code("Organization Code") != STATE:
        raise empty(state_path, "a line of the state, 0000000")
    made = [(STATE, ALL, ALL, *_cell(state[0]), "State")]
    made += [(code, ALL, ALL, *cell, row.text("District")) for code, (row, cell) in totals.items()]
    races = _districts(race_path, RACE) if race_path else {}
    groups: dict[str, list[Cell]] = {}
    for (code, word), (row, cell) in races.items():
        if code not in totals:
            raise row.refuse(
                problem="A district has groups but no line for all its students.",
                column="District Code",
                expected=f"a line for it in {path.name}",
            )
        groups.setdefault(code, []).append(cell)
        made.append((code, RACE, word, *cell, row.text("District")))
    for code, cells in groups.items():
        _check_groups(*totals[code], cells, RACE)
    return _frame(made, ("district_code", *_FIGURES, "district"))


def _groups(path: Path, kind: str) -> Iterator[tuple[Line, str, Cell]]:
    for line in lines(untitled(path, (*SCHOOL, GROUP_COLUMNS[kind], *_CELLS))):
        yield line, group(line.row, kind), _cell(line.row)


def _districts(path: Path, kind: str) -> dict[tuple[str, str], tuple[Row, Cell]]:
    by_group = () if kind == ALL else (GROUP_COLUMNS[kind],)
    found: dict[tuple[str, str], tuple[Row, Cell]] = {}
    for row in untitled(path, (*DISTRICT, *by_group, *_CELLS)):
        key = row.code("District Code"), group(row, kind)
        if key in found:
            raise twice(row, ", ".join(key), found[key][0].line, "District Code")
        found[key] = row, _cell(row)
    return found


def _cell(row: Row) -> Cell:
    mark = _MARKS.get((row.cells["Count"], row.cells["%"]))
    if mark:
        return None, None, mark
    return row.count("Count"), percentage(row, "%"), None


def _check_groups(row: Row, total: Cell, groups: list[Cell], kind: str) -> None:
    """Refuse groups that contradict a school or district; where they have no student, 0."""
    counts = [0 if mark in {NONE, NONE_SMALL} else students for students, _, mark in groups]
    students, _, mark = total
    if students is not None and kind == RACE:
        check_sum(row, "Count", students, counts)
    # A student whose grade is unknown may be in no grade: grades only can't be more.
    room = {None: students, FEW: MOST_SUPPRESSED}.get(mark, 0)
    if sum(1 if count is None else count for count in counts) > room:
        raise row.refuse(
            problem="A printed total is smaller than its groups.",
            column="Count",
            expected=f"room for groups of {sum(filter(None, counts))} students or more",
        )


def _check_district(line: Line, students: int | None, most: Mapping[str, int]) -> None:
    if students is not None and students > most.get(line.district_name, students):
        raise line.row.refuse(
            problem="A school has more suspended students than its district.",
            column="Count",
            expected=f"{most[line.district_name]} or fewer, as the district's file of the year",
        )


def _unlisted(line: Line, path: Path) -> Exception:
    return line.row.refuse(
        problem="A school has groups but no line for all its students.",
        column="School Code",
        expected=f"a line for it under the same district in {path.name}",
    )


def _frame(found: list[tuple[object, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    kinds = {"students": "Int64", "percent": "float64", "mark": "str"}
    kinds |= {"part": "Int64"} if "part" in columns else {}
    return pd.DataFrame(found, columns=list(columns)).astype(kinds)
