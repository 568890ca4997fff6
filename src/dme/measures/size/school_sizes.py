"""How large schools are, against other districts and over the years."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.trend import slope
from dme.measures.years import lacking_in


def schools(enrollment: pd.DataFrame, year: str, smallest: int = 0) -> pd.DataFrame:
    """Return the rows of one year that count as a school.

    Parameters
    ----------
    enrollment : DataFrame
        A table with ``school_year`` and ``students``, such as ``school_enrollment``.
    year : str
        School year.
    smallest : int
        Fewest students that make a row a school of its own.

    Returns
    -------
    DataFrame
        The rows of that year with at least `smallest` students; a suppressed or blank count
        can't be placed and is left out.
    """
    return counted(enrollment[enrollment["school_year"] == year], smallest)


def counted(rows: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Return the rows with at least `smallest` students; see `schools`."""
    return rows[rows["students"].ge(smallest).fillna(False).astype(bool)]


def of_districts(rows: pd.DataFrame, districts: str | Sequence[str]) -> pd.DataFrame:
    """Return the rows of the given district codes."""
    codes = [districts] if isinstance(districts, str) else list(districts)
    return rows[rows["district_code"].isin(codes)]


def of_schools(rows: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the schools of another table."""
    return rows[rows["school_code"].isin(schools["school_code"])]


def without_each_peer(rows: pd.DataFrame, own: str, peers: Sequence[str]) -> pd.Series:
    """Return the gap in percent with one peer district left out at a time, by its code.

    Says how far the comparison hangs on a single peer; empty with fewer than two that have
    schools.
    """
    students = rows.set_index("district_code")["students"].astype(float)
    ours = students[students.index == own].mean()
    gaps = {
        code: 100
        * (1 - ours / students[students.index.isin([p for p in peers if p != code])].mean())
        for code in peers
    }
    return pd.Series(gaps, dtype=float).dropna().sort_values(kind="stable")


def sizes_by_district(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a district: ``schools``, mean and median ``students``, by mean."""
    found = rows.groupby("district_code")["students"].agg(["size", "mean", "median"])
    return (
        found.rename(columns={"size": "schools"})
        .astype({"mean": float, "median": float})
        .sort_values("mean", kind="stable")
        .reset_index()
    )


def trend(enrollment: pd.DataFrame, confidence: float) -> Estimate:
    """Return the yearly change of enrollment in percent, by a log-linear trend.

    See `dme.measures.estimates.trend.slope`, here of the logarithm of the students.

    Parameters
    ----------
    enrollment : DataFrame
        One row a year: ``school_year``, ``students``.
    confidence : float
        Level in percent.

    Returns
    -------
    Estimate
        Percent a year; without an interval where there are fewer than four years.
    """
    logs = np.log(enrollment["students"].to_numpy(float))
    found = slope(list(enrollment["school_year"]), list(logs), confidence)
    value, low, high = (
        None if end is None else 100 * float(np.expm1(end))
        for end in (found.value, found.low, found.high)
    )
    words = found.interval.replace("straight line", "log-linear trend")
    return Estimate(float(value or 0), low, high, words, p=found.p)


def by_year(enrollment: pd.DataFrame, district: str, edition: str) -> pd.DataFrame:
    """Return a district's enrollment by year from one edition of the state's counts.

    Parameters
    ----------
    enrollment : DataFrame
        ``district_enrollment``.
    edition : {"annual", "revised"}
        The count as first published each year, or as the state gives it today.
    """
    rows = of_districts(enrollment, district)
    return rows[rows["edition"] == edition].sort_values("school_year").reset_index(drop=True)


def counted_in(enrollment: pd.DataFrame, year: str) -> str:
    """Return which of the state's files counts the schools of a year, in words.

    Parameters
    ----------
    enrollment : DataFrame
        ``school_enrollment``.
    year : str
        School year.
    """
    of_spending = enrollment.loc[enrollment["school_year"] == year, "count_from"].eq("spending")
    return "the report on spending by school" if of_spending.any() else "enrollment by school"


def of_one_count(enrollment: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return the years whose schools were counted as in `year`.

    The state's own count holds programs that its report on spending leaves out, so a change from
    one to the other is none of students.

    Parameters
    ----------
    enrollment : DataFrame
        ``school_enrollment``.
    year : str
        School year.
    """
    counts = enrollment.loc[enrollment["school_year"] == year, "count_from"]
    return enrollment[enrollment["count_from"].isin(counts)]


def in_schools(enrollment: pd.DataFrame, district: str, smallest: int = 0) -> pd.DataFrame:
    """Return a district's students by year, summed over the rows of the file by school.

    Parameters
    ----------
    enrollment : DataFrame
        ``school_enrollment``.
    smallest : int
        Fewest students that make a row count.
    """
    rows = counted(of_districts(enrollment, district), smallest)
    return rows.groupby("school_year", as_index=False)["students"].sum()


def district_count(enrollment: pd.DataFrame, district: str, year: str) -> Estimate:
    """Return a district's students in one year, with the range of the state's editions.

    A full count has no sampling error; that the state's own editions differ is what is left.

    Raises
    ------
    Lacking
        If no edition has a count of that district and year.
    """
    rows = of_districts(enrollment, district)
    counts = rows[rows["school_year"] == year].set_index("edition")["students"].dropna()
    if counts.empty:
        known = rows.dropna(subset=["students"])["school_year"]
        raise lacking_in(known, "count of the district", f"in {year}")
    words = f"range of the state's editions ({', '.join(sorted(counts.index))}); a full count"
    value = float(counts.get("annual", counts.iloc[0]))
    return Estimate(value, float(counts.min()), float(counts.max()), words).told(
        edition="annual edition" if "annual" in counts else "as the state gives it today"
    )
