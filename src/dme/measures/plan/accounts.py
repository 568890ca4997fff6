"""What the public accounts say that a school's building, its office and a bus cost a year."""

from typing import NamedTuple

import pandas as pd

from dme.measures.plan.prices import factors

OFFICE = ("school_administration", "library_media", "support_services_students")
"""Functions whose fixed part goes where a school closes: its office, library, student support."""


def plant_by_year(
    by_function: pd.DataFrame, spending: pd.DataFrame, district: str, after: str, smallest: int
) -> pd.DataFrame:
    """Return what it costs a year to operate the building of each school, in every year known.

    Parameters
    ----------
    by_function, spending : DataFrame
        ``spending_by_function`` and ``spending_schools``.
    district : str
        The district's code.
    after : str
        School years after this one are taken.
    smallest : int
        Schools with fewer students are left out.

    Returns
    -------
    DataFrame
        ``school_year``, ``school_code``, ``dollars`` (of that year).
    """
    merged = by_function[by_function["function"] == "plant_operation"].merge(
        spending[["school_year", "school_code", "district_code", "students"]],
        on=["school_year", "school_code"],
    )
    rows = merged[
        (merged["district_code"] == district)
        & (merged["school_year"] > after)
        & merged["students"].ge(smallest)
    ]
    dollars = rows["dollars_per_pupil"].astype(float) * rows["students"].astype(float)
    return rows.assign(dollars=dollars)[["school_year", "school_code", "dollars"]]


def by_building(plant: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """Return what each building costs: schools that are listed at one place share theirs.

    Parameters
    ----------
    plant : DataFrame
        ``school_code``, ``dollars``.
    places : DataFrame
        ``school_code``, ``longitude``, ``latitude``: one copy of the directory. A school that it
        does not place is taken to have a building of its own.

    Returns
    -------
    Series
        Dollars, by the code of the first school in the building.
    """
    at = ["longitude", "latitude"]
    placed = places.dropna(subset=at).drop_duplicates("school_code")
    rows = plant.merge(placed[["school_code", *at]], on="school_code", how="left")
    first = rows.groupby(at)["school_code"].transform("min").fillna(rows["school_code"])
    return rows.groupby(first)["dollars"].sum()


def office_dollars(by_function: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Return the students of each school and what its office, library and student support cost.

    Parameters
    ----------
    by_function : DataFrame
        ``spending_by_function``.
    schools : DataFrame
        ``school_year``, ``school_code``, ``students``: which schools, of one year.

    Returns
    -------
    DataFrame
        ``school_code``, ``students``, ``dollars``; see `dme.measures.plan.savings.fixed_cost`.
    """
    rows = by_function[
        by_function["function"].isin(OFFICE)
        & by_function["school_year"].isin(schools["school_year"])
    ]
    each = rows.groupby("school_code")["dollars_per_pupil"].sum().astype(float).rename("dollars")
    found = schools.merge(each, left_on="school_code", right_index=True)
    students = found["students"].astype(float)
    return found.assign(students=students, dollars=found["dollars"] * students)[
        ["school_code", "students", "dollars"]
    ]


class Transportation(NamedTuple):
    """A district's last account of transportation: its year, and dollars of another."""

    year: str
    dollars: float


def transportation(
    spending: pd.DataFrame, prices: pd.DataFrame, district: str, year: str
) -> Transportation | None:
    """Return a district's last account of transportation in dollars of `year`.

    Parameters
    ----------
    spending, prices : DataFrame
        ``district_spending_by_function`` and ``consumer_prices``.
    district, year : str
        The district's code; the school year whose dollars are meant.

    Returns
    -------
    Transportation or None
        None where no account, or no prices of its year, are known.
    """
    raised = factors(prices, year)
    rows = spending[
        (spending["district_code"] == district)
        & spending["plant"].notna()
        & spending["school_year"].isin(raised.index)
    ].sort_values("school_year")
    if rows.empty:
        return None
    last = rows.iloc[-1]
    then = str(last["school_year"])
    return Transportation(then, float(raised[then]) * float(last["transportation"]))
