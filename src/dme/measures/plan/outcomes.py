"""What came after a plan: schools opened and closed, sizes, grades changed, moves."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dme.measures.access.places import distances_km

GROUNDS = 200.0
"""Meters: places no farther apart may be a large school's own grounds."""


def ever_a_school(rows: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Return the rows of schools that had at least `smallest` students in some year.

    A school that dwindles before it closes stays a school to its end; a program that never
    reached the line is none in any year.

    Parameters
    ----------
    rows : DataFrame
        A district's rows of ``school_enrollment`` with a printed count.
    smallest : int
        The line.
    """
    largest = rows.groupby("school_code")["students"].transform("max")
    return rows[largest >= smallest]


def sizes(rows: pd.DataFrame, small: int) -> pd.DataFrame:
    """Return one row a year: how many schools there were, and how large.

    Parameters
    ----------
    rows : DataFrame
        See `ever_a_school`.
    small : int
        Schools with fewer students than this are small.

    Returns
    -------
    DataFrame
        ``school_year``, ``schools``, ``students``, ``mean`` (students a school), ``small``
        (schools), ``percent_small`` (of schools), ``percent_students_in_small``.
    """
    marked = rows.assign(
        students=rows["students"].astype(float), is_small=rows["students"].lt(small).astype(bool)
    )
    by_year = marked.groupby("school_year")
    found = by_year.agg(
        schools=("students", "size"),
        students=("students", "sum"),
        mean=("students", "mean"),
        small=("is_small", "sum"),
    )
    inside = marked[marked["is_small"]].groupby("school_year")["students"].sum()
    found["percent_small"] = 100 * found["small"] / found["schools"]
    found["percent_students_in_small"] = (
        100 * inside.reindex(found.index, fill_value=0) / found["students"]
    )
    return found.reset_index()


def turnover(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a year after the first: which schools opened and which are gone.

    Parameters
    ----------
    rows : DataFrame
        See `ever_a_school`; each year must hold all schools of that year.

    Returns
    -------
    DataFrame
        ``school_year``, ``opened`` and ``closed`` (numbers), ``names_opened`` and
        ``names_closed`` (names joined by semicolons; a school bears its latest name).
    """
    names = rows.groupby("school_code")["school"].last()
    there = rows.groupby("school_year")["school_code"].agg(set).sort_index()
    found = []
    for before, year in zip(there.index[:-1], there.index[1:], strict=True):
        opened, closed = there[year] - there[before], there[before] - there[year]
        found.append(
            {
                "school_year": year,
                "opened": len(opened),
                "closed": len(closed),
                "names_opened": "; ".join(sorted(names[code] for code in opened)),
                "names_closed": "; ".join(sorted(names[code] for code in closed)),
            }
        )
    columns = ["school_year", "opened", "closed", "names_opened", "names_closed"]
    return pd.DataFrame(found, columns=columns)


def named(actions: pd.DataFrame, action: str, version: str) -> pd.DataFrame:
    """Return the schools that a version of a plan names for an action, each once.

    Parameters
    ----------
    actions : DataFrame
        ``plan_actions``.
    action : {"close", "reconfigure", "relocate"}
        What is to happen to them.
    version : str
        Which version of the plan.

    Returns
    -------
    DataFrame
        ``place``, ``school_code``, ``due`` (the first school year in which it should show); a
        place without a code is no school of the register and is left out.
    """
    rows = actions[(actions["action"] == action) & (actions["version"] == version)]
    rows = rows.dropna(subset=["school_code", "by"])
    due = rows["by"].str[:4].astype(int)
    return (
        rows.assign(due=[f"{year}-{(year + 1) % 100:02d}" for year in due])[
            ["place", "school_code", "due"]
        ]
        .sort_values("due", kind="stable")
        .drop_duplicates("school_code")
        .reset_index(drop=True)
    )


def closings(named_schools: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each school that was to close when it was last counted.

    Parameters
    ----------
    named_schools : DataFrame
        See `named`.
    rows : DataFrame
        See `ever_a_school`.

    Returns
    -------
    DataFrame
        `named_schools` with ``last_year`` (missing where never counted) and ``gone`` (bool: it is
        not counted in the year in which it was due to be gone, nor later; False where the record
        ends before that year).
    """
    last = rows.groupby("school_code")["school_year"].max()
    found = named_schools.assign(last_year=named_schools["school_code"].map(last))
    counted_late = found["last_year"].fillna("") >= found["due"]
    known = found["due"] <= str(rows["school_year"].max())
    return found.assign(gone=known & ~counted_late.astype(bool))


def grade_spans(spending: pd.DataFrame, district: str) -> pd.DataFrame:
    """Return the grade span of a district's schools by year: ``school_code``, year, ``span``."""
    rows = spending[spending["district_code"] == district]
    span = rows["low_grade"].astype(str) + "-" + rows["high_grade"].astype(str)
    return rows.assign(span=span)[["school_year", "school_code", "span"]].reset_index(drop=True)


def regradings(named_schools: pd.DataFrame, spans: pd.DataFrame, before: str) -> pd.DataFrame:
    """Say of each school that was to change its grades which it had before and has since.

    Parameters
    ----------
    named_schools : DataFrame
        See `named`.
    spans : DataFrame
        See `grade_spans`.
    before : str
        The school year before the plan.

    Returns
    -------
    DataFrame
        `named_schools` with ``before`` and ``after`` (grade spans in that year, and in the year
        in which the change was due), ``latest`` (the last that is known), ``changed`` (bool: by
        the year in which it was due) and ``changed_since`` (bool: by the last year).
    """
    lookup = spans.set_index(["school_code", "school_year"])["span"]
    last = spans.sort_values("school_year").groupby("school_code")["span"].last()

    def at(years: Sequence[str]) -> list[object]:
        keys = zip(named_schools["school_code"], years, strict=True)
        return [lookup.get(key, pd.NA) for key in keys]

    found = named_schools.assign(
        before=at([before] * len(named_schools)),
        after=at(list(named_schools["due"])),
        latest=named_schools["school_code"].map(last),
    )
    known = found["before"].notna()
    return found.assign(
        changed=known & found["after"].notna() & (found["after"] != found["before"]).fillna(False),
        changed_since=known
        & found["latest"].notna()
        & (found["latest"] != found["before"]).fillna(False),
    )


def relocations(named_schools: pd.DataFrame, lists: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Say of each school that was to move how far apart the places lie at which it was listed.

    Parameters
    ----------
    named_schools : DataFrame
        See `named`.
    lists : sequence of DataFrame
        ``school_code``, ``longitude``, ``latitude``: where schools stood, at several times. A
        school may have moved away and back.

    Returns
    -------
    DataFrame
        `named_schools` with ``meters`` between the two places that lie farthest apart (missing
        where the last list, or all others, lack the school), ``moved`` (bool: farther than a
        large school's own grounds, `GROUNDS`) and ``moved_before`` (bool: the same of a school
        that the last list lacks, between the other lists), along a straight line.
    """
    columns = ["longitude", "latitude"]
    placed = [
        named_schools[["school_code"]]
        .merge(rows.dropna(subset=columns), on="school_code", how="left")[columns]
        .astype(float)
        for rows in lists
    ]
    meters = pd.DataFrame(
        {
            (n, m): 1000 * np.diagonal(distances_km(placed[n], placed[m]))
            for m in range(len(placed))
            for n in range(m)
        },
        index=named_schools.index,
    ).max(axis=1)
    listed = placed[-1]["longitude"].notna().to_numpy()
    found = named_schools.assign(meters=meters.where(listed))
    return found.assign(
        moved=found["meters"].gt(GROUNDS), moved_before=meters.gt(GROUNDS) & ~listed
    )
