"""How many students of a group each school has, and how unevenly that spreads them, by year."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dme.measures.climate import segregation
from dme.measures.estimates import suppressed
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.study import Study

MEMBERS = ("black", "hispanic")


def joined(tables: Mapping[str, pd.DataFrame], district: str | None = None) -> pd.DataFrame:
    """Return every school's students with their groups beside them, from the two tables.

    Of one district's schools where it is given. The groups are real numbers, missing where
    withheld: rows of them are picked many times over, which is quickest in one block.
    """
    rows = tables["school_enrollment"]
    if district is not None:
        rows = school_sizes.of_districts(rows, district)
    keys = ["school_year", "school_code"]
    groups = tables["school_enrollment_by_group"].set_index(keys).astype(float).reset_index()
    return rows.merge(groups, on=keys, validate="1:1")


def counted(
    schools: pd.DataFrame,
    districts: Sequence[str],
    year: str,
    smallest: int,
    members: Sequence[str] = MEMBERS,
) -> pd.DataFrame:
    """Return the group's students in each school of some districts, bounded where suppressed.

    Parameters
    ----------
    schools : DataFrame
        ``school_enrollment`` with ``school_enrollment_by_group`` beside it.

    Returns
    -------
    DataFrame
        See `dme.measures.estimates.suppressed.of_members`, with ``school_code``.
    """
    rows = school_sizes.of_districts(
        school_sizes.schools(schools, year, max(smallest, 1)), districts
    )
    found = suppressed.of_members(rows, members, suppressed.races(year))
    return found.assign(school_code=rows["school_code"])


def measurable(counts: pd.DataFrame) -> bool:
    """Return whether there are two schools, and the group is neither nobody nor everybody."""
    members, everyone = suppressed.middle(counts).sum(), counts["students"].sum()
    return len(counts) > 1 and 0 < members < everyone


def dissimilarity(counts: pd.DataFrame) -> Estimate:
    """Return dissimilarity in percent, with what suppression allows."""
    ends = segregation.dissimilarity_bounds(counts["low"], counts["high"], counts["students"])
    value = float(segregation.dissimilarity(suppressed.middle(counts), counts["students"]))
    low, high = (100 * end for end in ends)
    return Estimate(100 * value, low, high, suppressed.range_words(low, high))


def by_year(schools: pd.DataFrame, districts: Sequence[str], study: Study) -> pd.DataFrame:
    """Return dissimilarity in percent by year since the races are counted as now.

    Returns
    -------
    DataFrame
        ``school_year``, ``value``, ``low``, ``high``: the range that suppression allows.
    """
    first = max(suppressed.RACES_SINCE, study.trend_start)
    years = sorted(
        y for y in schools["school_year"].unique() if first <= y <= study.enrollment_year
    )
    rows = school_sizes.of_districts(schools, districts)
    found = []
    for year in years:
        counts = counted(rows, districts, year, study.smallest_school)
        if measurable(counts):
            index = dissimilarity(counts)
            found.append((year, index.value, index.low, index.high))
    return pd.DataFrame(found, columns=["school_year", "value", "low", "high"])
