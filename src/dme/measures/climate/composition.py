"""Schools' students by group, of which counts are withheld, and how unevenly that spreads them."""

import pandas as pd

from dme.measures.climate import segregation
from dme.measures.estimates import suppressed
from dme.measures.estimates.estimate import Estimate

_RACES = {"Black": "black", "Hispanic": "hispanic", "White": "white"}
_PAIRS = {
    "English learners": ("english_learners", "not_english_learners"),
    "with disabilities": ("students_with_disabilities", "students_without_disabilities"),
}
GROUPS = (*_RACES, *_PAIRS, "free or reduced-price lunch")
"""Groups of students whom the state counts in each school."""


def with_groups(schools: pd.DataFrame, by_group: pd.DataFrame) -> pd.DataFrame:
    """Return schools with the students of each group beside them, missing where withheld.

    Parameters
    ----------
    schools : DataFrame
        Rows of ``school_enrollment``.
    by_group : DataFrame
        ``school_enrollment_by_group``.
    """
    keys = ["school_year", "school_code"]
    groups = by_group[by_group["school_code"].isin(schools["school_code"])]
    groups = groups.set_index(keys).astype(float).reset_index()
    return schools.merge(groups, on=keys, validate="1:1")


def of_group(rows: pd.DataFrame, group: str, year: str) -> pd.DataFrame:
    """Return how many students of each school belong to one of `GROUPS`, at least and at most.

    Parameters
    ----------
    rows : DataFrame
        See `with_groups`; of one school year, `year`.

    Returns
    -------
    DataFrame
        See `dme.measures.estimates.suppressed.of_members`.
    """
    if group in _RACES:
        return suppressed.of_members(rows, [_RACES[group]], suppressed.races(year))
    if group in _PAIRS:
        return suppressed.of_small_group(rows, *_PAIRS[group])
    eligible = ["free_lunch", "reduced_lunch"]
    return suppressed.of_members(rows, eligible, [*eligible, "unsubsidized_lunch"])


def measurable(counts: pd.DataFrame) -> bool:
    """Return whether there are two schools, and the group is neither nobody nor everybody.

    Parameters
    ----------
    counts : DataFrame
        See `dme.measures.estimates.suppressed.of_members`.
    """
    members, everyone = suppressed.middle(counts).sum(), counts["students"].sum()
    return len(counts) > 1 and 0 < members < everyone


def dissimilarity(counts: pd.DataFrame) -> Estimate:
    """Return dissimilarity in percent, with what suppression allows; counts as `measurable`."""
    bounds = segregation.dissimilarity_bounds(counts["low"], counts["high"], counts["students"])
    value = segregation.dissimilarity(suppressed.middle(counts), counts["students"])
    return _percent(float(value), bounds)


def information(counts: pd.DataFrame) -> Estimate:
    """Return Theil's information index in percent, with what suppression allows."""
    bounds = segregation.information_bounds(counts["low"], counts["high"], counts["students"])
    value = segregation.information(suppressed.middle(counts), counts["students"])
    return _percent(float(value), bounds)


def isolation(counts: pd.DataFrame) -> Estimate:
    """Return the index of isolation in percent, with what suppression allows."""
    bounds = segregation.isolation_bounds(counts["low"], counts["high"], counts["students"])
    value = segregation.isolation(suppressed.middle(counts), counts["students"])
    return _percent(float(value), bounds)


def beyond_chance(counts: pd.DataFrame, draws: int, seed: int) -> float:
    """Return dissimilarity beyond what chance makes of such schools, in percent.

    See `dme.measures.climate.segregation.by_chance` and `net_of_chance` there.
    """
    group, total = suppressed.middle(counts), counts["students"]
    chance = segregation.by_chance(total, float(group.sum()), draws, seed)
    found = float(segregation.dissimilarity(group, total))
    return 100 * segregation.net_of_chance(found, chance)


def dissimilarity_by_year(counts: pd.DataFrame) -> pd.DataFrame:
    """Return dissimilarity in percent by year: ``school_year``, ``value``, ``low``, ``high``.

    Parameters
    ----------
    counts : DataFrame
        As `measurable`, with ``school_year``; years that can't be measured are left out.
    """
    indices = {
        year: dissimilarity(rows)
        for year, rows in counts.groupby("school_year")
        if measurable(rows)
    }
    rows = [(year, index.value, index.low, index.high) for year, index in indices.items()]
    return pd.DataFrame(rows, columns=["school_year", "value", "low", "high"])


def _percent(value: float, bounds: suppressed.Bounds) -> Estimate:
    low, high = (100 * end for end in bounds)
    return Estimate(100 * value, low, high, suppressed.range_words(low, high))
