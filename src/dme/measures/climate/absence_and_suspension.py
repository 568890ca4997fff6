"""Chronic absenteeism and suspension: by district over the years, and by school."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dme.errors import Lacking
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.suppressed import range_words

STATE = "0000000"
"""The code of the state's own rows in the tables of districts."""

CUT_SHORT = "2019-20"
"""Schools closed in March 2020: that year compares with no other."""

FEWEST_SUSPENDED, MOST_SUSPENDED = 1, 5
"""What the mark ``few`` of a school's suspended students stands for (see the tables)."""


def of_all(table: pd.DataFrame, group: str = "all") -> pd.DataFrame:
    """Return the rows of one group that print a percentage, in the years that compare.

    Parameters
    ----------
    table : DataFrame
        ``district_chronic_absenteeism`` or ``district_suspensions``.
    group : str
        The group of students.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``percent``, by year.
    """
    rows = table[(table["group"] == group) & (table["school_year"] != CUT_SHORT)]
    columns = ["school_year", "district_code", "percent"]
    return rows[columns].dropna().astype({"percent": float}).sort_values(columns)


def latest(rows: pd.DataFrame, until: str) -> str | None:
    """Return the last school year of the rows that is not after `until`; None without one."""
    years = [year for year in rows["school_year"].unique() if year <= until]
    return max(years, default=None)


def percent_of(rows: pd.DataFrame, district: str, year: str) -> float | None:
    """Return a district's percentage in a year; None where it is not printed."""
    found = rows[(rows["district_code"] == district) & (rows["school_year"] == year)]
    return float(found["percent"].iloc[0]) if len(found) else None


def pooled(
    rows: pd.DataFrame, enrollment: pd.DataFrame, districts: Sequence[str], year: str
) -> float | None:
    """Return the percentage of several districts' students together.

    The districts' percentages, weighted by their October counts: the files print no counts for
    most years. A district without either is left out; None where none is left.

    Parameters
    ----------
    rows : DataFrame
        See `of_all`.
    enrollment : DataFrame
        ``district_enrollment``; the annual edition counts.
    """
    annual = enrollment[(enrollment["edition"] == "annual") & enrollment["students"].notna()]
    keys = ["school_year", "district_code"]
    wanted = rows[(rows["school_year"] == year) & rows["district_code"].isin(list(districts))]
    both = wanted.merge(annual[[*keys, "students"]], on=keys, validate="1:1")
    if both.empty:
        return None
    return float(np.average(both["percent"], weights=both["students"].astype(float)))


def beside(
    rows: pd.DataFrame,
    enrollment: pd.DataFrame,
    district: str,
    peers: Sequence[str],
    year: str,
) -> dict[str, Estimate]:
    """Return a district's percentage in a year and those to hold it against, where printed.

    Parameters
    ----------
    rows : DataFrame
        See `of_all`.
    enrollment : DataFrame
        ``district_enrollment``; see `pooled`.
    district, peers : str, sequence of str
        District codes.
    year : str
        School year.

    Returns
    -------
    dict of str to Estimate
        ``district``, ``state``, ``peers`` (together; see `pooled`), ``median`` (of the peers,
        with their range; where two or more are printed).
    """
    each = [percent_of(rows, code, year) for code in peers]
    printed = [percent for percent in each if percent is not None]
    figures = {
        "district": percent_of(rows, district, year),
        "state": percent_of(rows, STATE, year),
        "peers": pooled(rows, enrollment, peers, year),
    }
    found = {
        who: Estimate(percent, None, None, "none: a full count, printed to a tenth of a percent")
        for who, percent in figures.items()
        if percent is not None
    }
    if len(printed) > 1:
        middle, ends = float(np.median(printed)), (min(printed), max(printed))
        found["median"] = Estimate(middle, *ends, "range of the peer districts")
    return found


def gap_of_groups(table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """Return the percentage of two groups of students wherever both are printed, and their gap.

    Parameters
    ----------
    table : DataFrame
        As for `of_all`.
    one, other : str
        The groups.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``one``, ``other`` (percent), ``gap`` (points).
    """
    first, second = (
        of_all(table, group).rename(columns={"percent": side})
        for group, side in ((one, "one"), (other, "other"))
    )
    both = first.merge(second, on=["school_year", "district_code"])
    return both.assign(gap=both["one"] - both["other"])


def absent_by_school(
    absent: pd.DataFrame, enrollment: pd.DataFrame, district: str, year: str
) -> pd.DataFrame:
    """Return what percent of each school's students may have been chronically absent.

    Parameters
    ----------
    absent : DataFrame
        ``school_chronic_absenteeism``. Where several lines tell of a school, its first counts.
    enrollment : DataFrame
        ``school_enrollment``: which schools the district has, and how large they are.

    Returns
    -------
    DataFrame
        ``school_code``, ``school``, ``students``, ``low``, ``high`` (percent; equal where
        printed, 0 and 100 where suppressed, as the rule of suppression is not printed).
    """
    rows = _of_schools(absent, enrollment, district, year)
    return _ranged(rows, rows["percent"].fillna(0.0), rows["percent"].fillna(100.0))


def suspended_by_school(
    suspended: pd.DataFrame, enrollment: pd.DataFrame, district: str, year: str
) -> pd.DataFrame:
    """Return what percent of each school's students may have been suspended.

    ``N/A`` is nobody, ``*`` one to five students of the October count; a count without a
    percentage is divided by the October count.

    Parameters
    ----------
    suspended : DataFrame
        ``school_suspensions``. Where several lines tell of a school, its first counts.
    enrollment : DataFrame
        ``school_enrollment``.

    Returns
    -------
    DataFrame
        As for `absent_by_school`, and ``fewest``, ``most``: suspended students.
    """
    rows = _of_schools(suspended, enrollment, district, year).rename(
        columns={"students_told": "counted"}
    )
    few = rows["mark"].eq("few").fillna(False).astype(bool)
    nobody = rows["mark"].isin(["none", "none_small"])
    counted = rows["counted"].astype(float).mask(nobody, 0.0)
    fewest = counted.mask(few, FEWEST_SUSPENDED).fillna(0)
    most = counted.mask(few, np.minimum(MOST_SUSPENDED, rows["students"])).fillna(rows["students"])
    share = [100 * (n / rows["students"]).clip(upper=1) for n in (fewest, most)]
    low, high = (rows["percent"].fillna(side) for side in share)
    return _ranged(rows, low, high).assign(fewest=fewest, most=most)


def _of_schools(
    table: pd.DataFrame, enrollment: pd.DataFrame, district: str, year: str
) -> pd.DataFrame:
    ours = enrollment[
        (enrollment["district_code"] == district)
        & (enrollment["school_year"] == year)
        & enrollment["students"].gt(0).fillna(False)
    ]
    told = table[(table["school_year"] == year) & (table["group"] == "all") & (table["part"] == 1)]
    kept = ["school_year", "school_code", "school", "students"]
    rows = ours[kept].merge(
        told.drop(columns=["part", "group"]),
        on=["school_year", "school_code"],
        suffixes=("", "_told"),
        validate="1:1",
    )
    return rows.astype({"students": float, "percent": float})


def _ranged(rows: pd.DataFrame, low: pd.Series, high: pd.Series) -> pd.DataFrame:
    kept = rows[["school_code", "school", "students"]]
    return kept.assign(low=low.astype(float), high=high.astype(float)).reset_index(drop=True)


def share_above(schools: pd.DataFrame, line: float) -> Estimate:
    """Return what percent of the schools lie above a line, with what suppression allows.

    A school whose range lies on both sides of the line counts at one end and not at the other;
    the value is the middle (Manski 1995).

    Parameters
    ----------
    schools : DataFrame
        ``low``, ``high``: percent.

    Raises
    ------
    Lacking
        If there is no school.
    """
    if schools.empty:
        lacking = "there is no school to count above the line"
        raise Lacking(lacking, by_choice=True)
    low, high = (100 * float((schools[side] > line).mean()) for side in ("low", "high"))
    return Estimate((low + high) / 2, low, high, range_words(low, high))


def of_schools_together(schools: pd.DataFrame) -> Estimate:
    """Return the schools' percentages pooled by students, with what suppression allows.

    Parameters
    ----------
    schools : DataFrame
        ``students``, and ``low``, ``high``: percent.

    Raises
    ------
    Lacking
        If there is no school.
    """
    if schools.empty:
        lacking = "there is no school to pool"
        raise Lacking(lacking, by_choice=True)
    low, high = (
        float(np.average(schools[side], weights=schools["students"])) for side in ("low", "high")
    )
    return Estimate((low + high) / 2, low, high, range_words(low, high))
