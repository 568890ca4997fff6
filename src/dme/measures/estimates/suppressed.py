"""Counts that a publisher withholds: what they can be, so that no school need be dropped."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.measures.estimates.estimate import Estimate

Floats = npt.NDArray[np.float64]

RACES_SINCE = "2010-11"
"""The first year of the federal categories that count several races apart."""
_ALWAYS = ("american_indian", "asian", "black", "hispanic", "white")
_SINCE = ("pacific_islander", "two_or_more")
_BEFORE = ("race_not_reported",)


_ROUNDING = 1e-9

MOST_HIDDEN = 5
"""EdSight prints no count below 6 but 0 (see the table ``school_enrollment_by_group``)."""


class Bounds(NamedTuple):
    """The lowest and the highest value that the withheld counts allow (Manski 1995)."""

    low: float
    high: float


def races(year: str) -> tuple[str, ...]:
    """Return the columns of race and ethnicity that exist in a school year."""
    return (*_ALWAYS, *(_SINCE if year >= RACES_SINCE else _BEFORE))


def of_members(rows: pd.DataFrame, members: Sequence[str], groups: Sequence[str]) -> pd.DataFrame:
    """Return how many students of each row belong to some of the groups, at least and at most.

    A withheld count lies between nobody and what the total leaves for all withheld counts of
    the row. Where every withheld count is a member's, or none is, their sum is known exactly.

    Parameters
    ----------
    rows : DataFrame
        ``students`` and a column for each group, missing where withheld.
    members : sequence of str
        The groups that are added up.
    groups : sequence of str
        All groups of the set, which add up to ``students``.

    Returns
    -------
    DataFrame
        ``students``, ``low``, ``high`` (students), with the index of `rows`; a row without a
        total can't be placed and is left out.
    """
    placed = rows[rows["students"].notna()]
    total = placed["students"].to_numpy(float)
    everyone, mine = (
        placed[list(some)].to_numpy(float, na_value=np.nan) for some in (groups, members)
    )
    left = np.maximum(total - np.nansum(everyone, axis=1), 0)
    printed = np.nansum(mine, axis=1)
    hidden = np.isnan(mine).sum(axis=1)
    known = hidden == np.isnan(everyone).sum(axis=1)
    return pd.DataFrame(
        {
            "students": total,
            "low": printed + np.where(known & (hidden > 0), left, 0),
            "high": printed + np.where(hidden > 0, left, 0),
        },
        index=placed.index,
    )


def of_small_group(rows: pd.DataFrame, group: str, others: str) -> pd.DataFrame:
    """Return how many students of each row belong to one of two groups, taken to be the small one.

    Where both counts are withheld, one of them is 5 or less and the other is withheld because the
    total would tell. That the small one is `group`, and not all others, is an assumption: right
    where no school consists of the group. `of_members` makes none, and leaves the whole school.

    Parameters
    ----------
    rows : DataFrame
        ``students`` and the two columns.

    Returns
    -------
    DataFrame
        See `of_members`.
    """
    found = of_members(rows, [group], [group, others])
    open_to_doubt = found["low"] < found["high"]
    return found.assign(
        high=found["high"].mask(open_to_doubt, found["high"].clip(upper=MOST_HIDDEN))
    )


def middle(counts: pd.DataFrame) -> pd.Series:
    """Return the middle of ``low`` and ``high``: a guess that is used beside its bounds only."""
    return (counts["low"] + counts["high"]) / 2


def pooled_percent(counts: pd.DataFrame) -> Estimate:
    """Return what percent of all students of the rows are members, with what suppression allows.

    Parameters
    ----------
    counts : DataFrame
        See `of_members`.

    Returns
    -------
    Estimate
        The middle, and the lowest and the highest share.
    """
    everyone = float(counts["students"].sum())
    low, high = (100 * float(counts[side].sum()) / everyone for side in ("low", "high"))
    return Estimate((low + high) / 2, low, high, range_words(low, high))


def range_words(low: float, high: float) -> str:
    """Return in words what a range of suppression is."""
    if low == high:
        return "none: a full count, and nothing suppressed moves it"
    return "range that the suppressed counts allow; a full count, no sample"


def without_empty_range(found: Estimate) -> Estimate:
    """Return an estimate without ends where they are equal, as a reader expects of no range."""
    if found.low is None or found.high is None or found.high - found.low > _ROUNDING:
        return found
    return replace(found, low=None, high=None)
