"""EdSight's counts of incidents, sanctions and bullying, by school and by district."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers.edsight import SUPPRESSED
from dme.tables.importers.edsight_climate import (
    DISTRICT,
    SCHOOL,
    STATE,
    empty,
    lines,
    parts,
    titled,
    twice,
)
from dme.tables.importers.rows import Row
from dme.tables.specs.climate_columns import INCIDENTS

# A count is suppressed from 1 to this.
_MOST_SUPPRESSED = 5
_TITLE = "Incident Counts"

Counts = dict[str, int | None]


def by_school(path: Path, year: str, title: str, printed: Mapping[str, str]) -> pd.DataFrame:
    """Read one year's counts by school.

    Parameters
    ----------
    path : Path
        The raw file.
    year : str
        The school year.
    title : str
        What its first line says before the year.
    printed : mapping of str to str
        The names of the counts, each with its heading.

    Returns
    -------
    pandas.DataFrame
        ``school_code``, ``part``, ``district_code``, ``school`` and the counts, missing where
        suppressed. A school that is printed under two names or two districts has a row for
        each, its first part last.

    Raises
    ------
    TableError
        If it is another report or year, a count is no count, or a line stands twice.
    """
    body = titled(
        path,
        title=title,
        year=year,
        scope="All Districts, All Schools",
        columns=(*SCHOOL, *printed.values()),
    )
    found = [(line, _counts(line.row, printed)) for line in lines(body)]
    numbers = parts(
        (line, (line.district_name, line.name), sum(filter(None, counts.values())))
        for line, counts in found
    )
    made = [
        {
            "school_code": line.code,
            "part": numbers[line.code, line.district_name, line.name],
            "district_code": line.district,
            "school": line.name,
            **counts,
        }
        for line, counts in found
    ]
    return _typed(pd.DataFrame(made), ("part", *printed)).sort_values(
        "part", ascending=False, kind="stable"
    )


def by_district(
    path: Path, state_path: Path, year: str, districts: Collection[str]
) -> pd.DataFrame:
    """Read one year's incidents by district, and the state's.

    Parameters
    ----------
    path, state_path : Path
        The raw files of the districts and of the state.
    year : str
        The school year.
    districts : collection of str
        The codes of all districts. A line under another code is left out where it repeats the
        line of a district of the same name.

    Returns
    -------
    pandas.DataFrame
        ``district_code`` and the incidents by type, missing where suppressed.

    Raises
    ------
    TableError
        If it is another report or year, a count is no count, a code is unknown, a district
        stands twice, or the districts can't add up to the state.
    """
    body = titled(
        path,
        title=_TITLE,
        year=year,
        scope="All Districts",
        columns=(*DISTRICT, *INCIDENTS.values()),
    )
    found = _without_copies([(row, _counts(row, INCIDENTS)) for row in body], districts)
    state, total = _state(state_path, year)
    _check_state(state, total, list(found.values()))
    made = [{"district_code": code, **counts} for code, counts in [*found.items(), (STATE, total)]]
    return _typed(pd.DataFrame(made), INCIDENTS)


def _without_copies(
    found: list[tuple[Row, Counts]], districts: Collection[str]
) -> dict[str, Counts]:
    """Return the counts by code, without copies of a district under a code of no district."""
    kept: dict[str, Counts] = {}
    seen: dict[str, Row] = {}
    strangers = []
    for row, counts in found:
        code = row.code("District Code")
        if code not in districts:
            strangers.append(row)
            continue
        if code in kept:
            raise twice(row, code, seen[code].line, "District Code")
        kept[code], seen[code] = counts, row
    twins = [_figures(row) for row in seen.values()]
    for row in strangers:
        if _figures(row) not in twins:
            raise row.refuse(
                problem="A district's code is unknown.",
                column="District Code",
                expected="a known code, or a copy of another line of the same district",
            )
    return kept


def _figures(row: Row) -> tuple[str, ...]:
    return tuple(cell for column, cell in row.cells.items() if column != "District Code")


def _state(path: Path, year: str) -> tuple[Row, Counts]:
    columns = ("State", *INCIDENTS.values())
    for row in titled(path, title=_TITLE, year=year, scope="State of Connecticut", columns=columns):
        return row, _counts(row, INCIDENTS)
    raise empty(path, "a line of the state")


def _check_state(row: Row, total: Counts, districts: list[Counts]) -> None:
    """Refuse districts that can't add up to the state with 1 to 5 for a suppressed count."""
    for name, title in INCIDENTS.items():
        counts = [district[name] for district in districts]
        printed, hidden = sum(filter(None, counts)), counts.count(None)
        least, most = printed + hidden, printed + hidden * _MOST_SUPPRESSED
        if not least <= (total[name] or 0) <= most:
            raise row.refuse(
                problem="The districts don't add up to the state.",
                column=title,
                expected=f"{least} to {most}",
            )


def _counts(row: Row, printed: Mapping[str, str]) -> Counts:
    return {name: row.count(title, SUPPRESSED) for name, title in printed.items()}


def _typed(frame: pd.DataFrame, whole: Collection[str]) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(whole, "Int64"))
