"""What the tables hold of a district: rows and years, table by table."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.errors import DmeError
from dme.tables.load import load, told
from dme.tables.schemas import spec
from dme.tables.sources import Kind


@dataclass(frozen=True)
class Holding:
    """What one table holds of one district.

    Attributes
    ----------
    table, title : str
        The table.
    kind : {"verbatim", "transcribed", "derived"} or None
        Where its figures come from; None where the package lacks the table.
    rows : int or None
        Rows of the district; None where the table does not tell districts apart.
    years : str
        First and last school year of these rows; empty where there is none.
    """

    table: str
    title: str
    kind: Kind | None
    rows: int | None
    years: str


def districts(folder: Path | None = None) -> pd.DataFrame:
    """Return every district with its latest count and how many schools have one.

    Returns
    -------
    pandas.DataFrame
        ``district_code``, ``district``, ``students`` and ``school_year`` of the state's latest
        count by school, and ``schools`` with students in that year (0 where there is
        none), largest first.
    """
    known = load("districts", folder)
    if "level" in known:
        known = known[known["level"] == "district"]
    rows = load("school_enrollment", folder).dropna(subset=["students"])
    # The state's own count is of every district, so that they compare.
    rows = rows[rows["count_from"] == "october"]
    latest = rows[rows["school_year"] == rows["school_year"].max()]
    counted = latest.groupby("district_code").agg(
        students=("students", "sum"), schools=("school_code", "nunique")
    )
    found = known[["district_code", "district"]].merge(
        counted.reset_index(), on="district_code", how="left"
    )
    return (
        found.fillna({"students": 0, "schools": 0})
        .assign(school_year=latest["school_year"].max())
        .sort_values(["students", "district_code"], ascending=[False, True], ignore_index=True)
    )


def search(words: str, folder: Path | None = None) -> pd.DataFrame:
    """Return the districts whose name or code holds `words`, as `districts` does.

    Raises
    ------
    DmeError
        If there is none; the message tells how to see them all.
    """
    everything = districts(folder)
    wanted = words.strip().casefold()
    names = everything["district"].str.casefold().str.contains(wanted, regex=False)
    codes = everything["district_code"].str.startswith(wanted)
    if not (names | codes).any():
        message = f'No district\'s name or code holds "{words}". All of them: dme districts'
        raise DmeError(message)
    return everything[names | codes].reset_index(drop=True)


def holdings(code: str, folder: Path | None = None) -> tuple[Holding, ...]:
    """Return what each table that is there holds of a district, in the tables' order."""
    return tuple(holding(name, code, folder) for name in told(folder))


def holding(name: str, code: str, folder: Path | None = None) -> Holding:
    """Return what one table holds of a district; no rows where the table is not there."""
    one = told(folder).get(name)
    if one is None:
        return Holding(name, spec(name).title, None, 0, "")
    rows = _rows(load(name, folder), code, folder)
    years = (
        sorted(rows["school_year"].unique())
        if rows is not None and "school_year" in rows and len(rows)
        else []
    )
    between = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}" if years else ""
    count = None if rows is None else len(rows)
    return Holding(name, one.title, one.kind, count, between)


def _rows(frame: pd.DataFrame, code: str, folder: Path | None) -> pd.DataFrame | None:
    """Return a district's rows, by its own code or its schools'; None where neither stands."""
    if "district_code" in frame:
        return frame[frame["district_code"] == code]
    if "school_code" in frame:
        schools = load("schools", folder)
        mine = schools.loc[schools["district_code"] == code, "school_code"]
        return frame[frame["school_code"].isin(mine)]
    return None
