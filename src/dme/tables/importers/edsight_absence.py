"""EdSight's shares of chronically absent students, by school and by district."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers.edsight import SUPPRESSED, check_sum
from dme.tables.importers.edsight_climate import (
    ALL,
    DISTRICT,
    GRADE,
    GROUP_COLUMNS,
    LUNCH,
    RACE,
    SCHOOL,
    STATE,
    Line,
    empty,
    group,
    lines,
    parts,
    percentage,
    titled,
    twice,
)
from dme.tables.importers.rows import Row

_TITLE = "Chronic Absenteeism"
_PERCENT = "% Chronically Absent"
_COUNTED = ("Student Count", "%")
# The first year whose district files print counts beside the percentages.
_COUNTED_FROM = {ALL: "2018-19", GRADE: "2017-18"}
_SCOPES = {ALL: "All Students", **GROUP_COLUMNS}
_SCHOOL_COLUMNS = ("school_code", "part", "group_kind", "group", "percent")
_NAMES = ("district_code", "school", "district")


def by_school(paths: Mapping[str, Path], year: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read one year's percentages by school.

    Parameters
    ----------
    paths : mapping of str to Path
        The raw files of all students, by grade, by lunch and by race.
    year : str
        The school year.

    Returns
    -------
    schools : pandas.DataFrame
        ``school_code``, ``part``, ``group_kind``, ``group``, ``percent`` (missing where
        suppressed), ``district_code``, ``school``, ``district``.
    state : pandas.DataFrame
        ``district_code``, ``group_kind``, ``group``, ``percent`` of the state's groups.

    Raises
    ------
    TableError
        If it is another report or year, a percentage is none, a line stands twice, a school has
        groups but no line for all its students, or the percentage of all lies outside those of
        the groups.
    """
    everyone = list(_lines(paths[ALL], ALL, year))
    numbers = parts((line, (line.district,), 0) for line in everyone)
    totals = {
        (line.code, numbers[line.code, line.district]): (line.row, _percent(line.row))
        for line in everyone
    }
    schools = [
        (*key, ALL, ALL, totals[key][1], line.district, line.name, line.district_name)
        for line, key in zip(everyone, totals, strict=True)
    ]
    state: list[tuple[str, str, str, float | None]] = []
    for kind in (GRADE, LUNCH, RACE):
        seen: dict[tuple[str, int, str], tuple[Row, float | None]] = {}
        for line in _lines(paths[kind], kind, year):
            word, value = group(line.row, kind), _percent(line.row)
            part = 0 if line.code == STATE else _part(line, numbers, paths[ALL])
            if (line.code, part, word) in seen:
                earlier, _ = seen[line.code, part, word]
                raise twice(line.row, f"{line.code}, {word}", earlier.line)
            seen[line.code, part, word] = line.row, value
            if part:
                names = (line.district, line.name, line.district_name)
                schools.append((line.code, part, kind, word, value, *names))
            else:
                state.append((STATE, kind, word, value))
        _check_within(totals, seen)
    found = _frame(schools, (*_SCHOOL_COLUMNS, *_NAMES)).astype({"part": "Int64"})
    # A school's first part is last, so that the register of schools learns its names.
    found = found.sort_values("part", ascending=False, kind="stable")
    return found, _frame(state, ("district_code", "group_kind", "group", "percent"))


def by_district(paths: Mapping[str, Path], state_path: Path, year: str) -> pd.DataFrame:
    """Read one year's figures by district, and the state's.

    Parameters
    ----------
    paths : mapping of str to Path
        The raw files of all students and by grade.
    state_path : Path
        The raw file of the state.
    year : str
        The school year.

    Returns
    -------
    pandas.DataFrame
        ``district_code``, ``group_kind``, ``group``, ``students`` (missing where suppressed or
        not printed), ``percent`` (missing where suppressed), ``district`` (the name).

    Raises
    ------
    TableError
        If it is another report or year, a figure is none, a district or a group of it stands
        twice, or the grades don't add up to the district.
    """
    totals = {STATE: _state(state_path, year)}
    totals |= {key: cell for (key, _), cell in _districts(paths[ALL], ALL, year).items()}
    grades = _districts(paths[GRADE], GRADE, year)
    counts: dict[str, list[int | None]] = {}
    for (code, _), (_, students, _) in grades.items():
        counts.setdefault(code, []).append(students)
    if year >= _COUNTED_FROM[ALL]:
        for code, found in counts.items():
            if code in totals:
                row, students, _ = totals[code]
                check_sum(row, _COUNTED[0], students, found)
    made = [((code, ALL), ALL, cell) for code, cell in totals.items()]
    made += [(key, GRADE, cell) for key, cell in grades.items()]
    columns = ("district_code", "group_kind", "group", "students", "percent", "district")
    return _frame(
        [
            (code, kind, word, students, value, row.cells.get("District", "State"))
            for (code, word), kind, (row, students, value) in made
        ],
        columns,
    ).astype({"students": "Int64"})


def _lines(path: Path, kind: str, year: str) -> Iterator[Line]:
    columns = (*SCHOOL, *_group_column(kind), _PERCENT)
    scope = f"All Schools, {_SCOPES[kind]}"
    return lines(titled(path, title=_TITLE, year=year, scope=scope, columns=columns))


def _group_column(kind: str) -> tuple[str, ...]:
    return () if kind == ALL else (GROUP_COLUMNS[kind],)


def _percent(row: Row) -> float | None:
    return percentage(row, _PERCENT)


def _part(line: Line, numbers: Mapping[tuple[str, ...], int], path: Path) -> int:
    try:
        return numbers[line.code, line.district]
    except KeyError:
        raise line.row.refuse(
            problem="A school has groups but no line for all its students.",
            column="School Code",
            expected=f"a line for it under the same district in {path.name}",
        ) from None


def _check_within(
    totals: Mapping[tuple[str, int], tuple[Row, float | None]],
    groups: Mapping[tuple[str, int, str], tuple[Row, float | None]],
) -> None:
    """Refuse a school's percentage that is none its groups could have together."""
    values: dict[tuple[str, int], list[float | None]] = {}
    for (code, part, _), (_, value) in groups.items():
        values.setdefault((code, part), []).append(value)
    for key, found in values.items():
        row, total = totals.get(key, (None, None))
        if row is None or total is None or None in found:
            continue
        if not min(found) <= total <= max(found):
            raise row.refuse(
                problem="A school's percentage lies outside those of its groups.",
                column=_PERCENT,
                expected=f"{min(found)} to {max(found)}",
            )


Cell = tuple[Row, int | None, float | None]


def _districts(path: Path, kind: str, year: str) -> dict[tuple[str, str], Cell]:
    counted = year >= _COUNTED_FROM[kind]
    columns = (*DISTRICT, *_group_column(kind), *(_COUNTED if counted else (_PERCENT,)))
    found: dict[tuple[str, str], Cell] = {}
    for row in titled(path, title=_TITLE, year=year, scope=_SCOPES[kind], columns=columns):
        key = row.code("District Code"), group(row, kind)
        if key in found:
            raise twice(row, ", ".join(key), found[key][0].line, "District Code")
        found[key] = _cell(row, counted)
    return found


def _state(path: Path, year: str) -> Cell:
    counted = year >= _COUNTED_FROM[ALL]
    columns = ("Organization", *(_COUNTED if counted else (_PERCENT,)))
    scope = "State of Connecticut, All Students"
    for row in titled(path, title=_TITLE, year=year, scope=scope, columns=columns):
        return _cell(row, counted)
    raise empty(path, "a line of the state")


def _cell(row: Row, counted: bool) -> Cell:
    if not counted:
        return row, None, _percent(row)
    count, percent = _COUNTED
    students, value = row.count(count, SUPPRESSED), percentage(row, percent)
    if students is None and value is not None:
        raise row.refuse(
            problem="A percentage is printed whose count is suppressed.",
            column=percent,
            expected='"*", as for the count',
        )
    return row, students, value


def _frame(found: list[tuple[object, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(found, columns=list(columns)).astype({"percent": "float64"})
