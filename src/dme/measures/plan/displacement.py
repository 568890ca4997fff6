"""Who stays in a program under a plan, who does not, and how far these go."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from dme.errors import Lacking
from dme.measures.access.places import distances_km
from dme.measures.staff.teams import GRADES


def grades_of(span: str) -> tuple[str, ...]:
    """Return the grades of a span such as ``PK-5``."""
    low, _, high = span.partition("-")
    return GRADES[GRADES.index(low) : GRADES.index(high) + 1]


def filled(by_grade: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Return enrollment by grade with each school's grades made to add up to its total.

    A suppressed grade has a small count that is not printed. What a school's printed grades leave
    of its total is shared evenly over its suppressed grades; where none is suppressed, or no
    total is printed, the grades stay as printed (a suppressed one as 0).

    Parameters
    ----------
    by_grade : DataFrame
        ``school_code``, ``grade``, ``students``: one year of ``school_enrollment_by_grade``.
    totals : Series
        Students by school code.

    Returns
    -------
    DataFrame
        ``school_code``, ``grade``, ``students`` (floats).
    """
    rows = by_grade[["school_code", "grade", "students"]].copy()
    printed = rows["students"].astype("Float64")
    blank = printed.isna()
    whole = rows["school_code"].map(totals).astype("Float64")
    sums = printed.fillna(0).groupby(rows["school_code"]).transform("sum")
    blanks = blank.groupby(rows["school_code"]).transform("sum")
    share = ((whole - sums) / blanks.where(blanks > 0)).clip(lower=0).fillna(0)
    rows["students"] = printed.fillna(share).astype(float)
    return rows.reset_index(drop=True)


def under_plan(
    students: pd.DataFrame, closing: Collection[str], spans: Mapping[str, str]
) -> pd.DataFrame:
    """Say of each school's grades whether its students stay in their program.

    They stay unless their school closes, or changes its grades and theirs is no longer among
    them. A school that moves takes its program along: ``moves`` are counted apart by the caller.

    Parameters
    ----------
    students : DataFrame
        ``school_code``, ``grade``, ``students``.
    closing : collection of str
        Codes of schools that close.
    spans : mapping of str to str
        The grade span after the plan, of each school that changes its grades.

    Returns
    -------
    DataFrame
        `students` with ``stays`` (bool) and ``why`` (``closes``, ``grade leaves`` or empty).
    """
    closes = students["school_code"].isin(list(closing))
    leaves = pd.Series(
        [
            code in spans and grade not in grades_of(spans[code])
            for code, grade in zip(students["school_code"], students["grade"], strict=True)
        ],
        index=students.index,
        dtype=bool,
    )
    why = np.where(closes, "closes", np.where(leaves, "grade leaves", ""))
    return students.assign(stays=~(closes | leaves), why=why)


def percent(students: pd.DataFrame, chosen: pd.Series) -> float:
    """Return the percent of all students in the chosen rows."""
    return 100 * float(students.loc[chosen, "students"].sum() / students["students"].sum())


def destinations(
    planned: pd.DataFrame, places: pd.DataFrame, serving: pd.DataFrame
) -> pd.DataFrame:
    """Return where the displaced students would go: the nearest school that takes them.

    **Modelled**: no public table says where they went. Of the schools that serve the grade after
    the plan, the nearest to their present school takes them, however full it is.

    Parameters
    ----------
    planned : DataFrame
        See `under_plan`.
    places : DataFrame
        ``school_code``, ``longitude``, ``latitude``; a school without a place can neither send
        nor take.
    serving : DataFrame
        ``school_code``, ``grade``: which school takes which grade after the plan.

    Returns
    -------
    DataFrame
        A row for each displaced school and grade: ``school_code``, ``grade``, ``students``,
        ``goes_to`` (code), ``km``. Rows without a place, or whose grade nobody takes, are left out.
    """
    at = places.drop_duplicates("school_code").set_index("school_code")
    moving = planned[~planned["stays"] & planned["school_code"].isin(at.index)]
    found = []
    for grade, rows in moving.groupby("grade", sort=False):
        takers = serving.loc[serving["grade"] == grade, "school_code"]
        takers = [code for code in takers if code in at.index]
        if not takers:
            continue
        away = distances_km(at.loc[rows["school_code"]], at.loc[takers])
        nearest = away.argmin(axis=1)
        found.append(
            rows[["school_code", "grade", "students"]].assign(
                goes_to=[takers[n] for n in nearest], km=away.min(axis=1)
            )
        )
    columns = ["school_code", "grade", "students", "goes_to", "km"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def flows(moved: pd.DataFrame) -> pd.DataFrame:
    """Return who goes from which school to which, their grades in words.

    Parameters
    ----------
    moved : DataFrame
        See `destinations`.

    Returns
    -------
    DataFrame
        ``school_code``, ``goes_to``, ``grades``, ``students``, ``km``, by school and distance.
    """

    def in_words(grades: pd.Series) -> str:
        order = sorted(set(grades), key=GRADES.index)
        return order[0] if len(order) == 1 else f"{order[0]} to {order[-1]}"

    pairs = moved.groupby(["school_code", "goes_to"], sort=False).agg(
        grades=("grade", in_words), students=("students", "sum"), km=("km", "first")
    )
    return pairs.reset_index().sort_values(["school_code", "km"])


def serving(
    planned: pd.DataFrame, spans: Mapping[str, str], schools: Collection[str]
) -> pd.DataFrame:
    """Return which school takes which grade after a plan: ``school_code``, ``grade``.

    Parameters
    ----------
    planned : DataFrame
        See `under_plan`.
    spans : mapping of str to str
        The grade span after the plan, of each school that changes its grades.
    schools : collection of str
        Codes of the schools that take displaced students at all.
    """
    takes = planned["stays"] & planned["school_code"].isin(set(schools) - set(spans))
    taught = planned.loc[takes, ["school_code", "grade"]]
    changed = [
        (code, grade)
        for code in sorted(set(schools) & set(spans))
        for grade in grades_of(spans[code])
    ]
    parts = [taught, pd.DataFrame(changed, columns=["school_code", "grade"])]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def located(*lists: pd.DataFrame) -> pd.DataFrame:
    """Return the place of each school by the first of several lists that knows it.

    Parameters
    ----------
    *lists : DataFrame
        ``school_code``, ``longitude``, ``latitude`` (missing where not known).
    """
    columns = ["longitude", "latitude"]
    rows = [part[["school_code", *columns]].dropna() for part in lists]
    known = pd.concat([part for part in rows if len(part)] or rows[:1])
    return known.drop_duplicates("school_code").astype(dict.fromkeys(columns, float))


def unplaced(planned: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `planned` whose displaced students no school takes.

    Parameters
    ----------
    planned, moved : DataFrame
        See `under_plan` and `destinations`.
    """
    keys = ["school_code", "grade"]
    leaving = planned[~planned["stays"] & (planned["students"] > 0)]
    taken = pd.MultiIndex.from_frame(moved[keys])
    return leaving[~pd.MultiIndex.from_frame(leaving[keys]).isin(taken)]


def mean_km(moved: pd.DataFrame) -> float:
    """Return how far the displaced go on average, each student counted once."""
    return float((moved["km"] * moved["students"]).sum() / moved["students"].sum())


def median_km(moved: pd.DataFrame) -> float:
    """Return how far the median displaced student goes."""
    rows = moved.sort_values("km", kind="stable")
    return float(rows["km"][rows["students"].cumsum() >= rows["students"].sum() / 2].iloc[0])


def enrolled_after(planned: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """Return enrollment by school and grade once the displaced have gone where they go.

    Parameters
    ----------
    planned : DataFrame
        See `under_plan`.
    moved : DataFrame
        See `destinations`.

    Returns
    -------
    DataFrame
        ``school_code``, ``grade``, ``students``.

    Raises
    ------
    Lacking
        If no student is left in any school.
    """
    parts = [
        planned.loc[planned["stays"], ["school_code", "grade", "students"]],
        moved[["goes_to", "grade", "students"]].rename(columns={"goes_to": "school_code"}),
    ]
    if not any(map(len, parts)):
        message = "the plan leaves no school open"
        raise Lacking(message, by_choice=True)
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return rows.groupby(["school_code", "grade"], as_index=False)["students"].sum()
