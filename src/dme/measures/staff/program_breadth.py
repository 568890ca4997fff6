"""Program breadth: what it takes to give every section art, music and physical education.

A specialist's load is so many class periods a week. A school whose sections ask for fewer can't
fill a full-time post: it shares the teacher with another school, pays for idle periods, or goes
without.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from dme.measures.estimates.estimate import Estimate, chance_interval

Periods = Mapping[str, float]
"""Periods a week that each section has, by subject."""

_FEWEST_RANKED = 5


def needed(sections: npt.ArrayLike, periods: float, load: float) -> npt.NDArray:
    """Return the full-time equivalents that sections need for a subject.

    Parameters
    ----------
    sections : array of float
        Sections of a school.
    periods, load : float
        Periods a week of a section in the subject, and of a full-time teacher.
    """
    return np.asarray(sections, float) * periods / load


def whole_posts(sections: npt.ArrayLike, periods: float, load: float) -> npt.NDArray:
    """Return the full-time teachers that cover a subject: whole posts, at least one."""
    # A hair's breadth below, so that a full load stays one post.
    return np.maximum(1, np.ceil(needed(sections, periods, load) - 1e-9))


def specialists(schools: pd.DataFrame, periods: Periods, load: float) -> pd.DataFrame:
    """Return the specialist teachers of each school, as needed and as whole posts.

    Parameters
    ----------
    schools : DataFrame
        ``sections``, ``full``; see `dme.measures.staff.teams.by_school`.
    periods : mapping of str to float
        Periods a week of each section, by subject.
    load : float
        Periods a week of a full-time teacher.

    Returns
    -------
    DataFrame
        `schools` with ``posts`` (whole), ``need`` (shared between schools) and ``unrounded``
        (shared, and every section full): full-time equivalents of all subjects together.
    """
    held, full = (schools[each].to_numpy(float) for each in ("sections", "full"))
    return schools.assign(
        posts=sum(whole_posts(held, each, load) for each in periods.values()),
        need=sum(needed(held, each, load) for each in periods.values()),
        unrounded=sum(needed(full, each, load) for each in periods.values()),
    )


def premiums(schools: pd.DataFrame, posts: Sequence[str], fewest: int) -> pd.DataFrame:
    """Return by how many percent small schools have more posts per pupil, in each district.

    All posts of a group over all its pupils, the small schools' against the others'.

    Parameters
    ----------
    schools : DataFrame
        ``district_code``, ``small``, ``in_grades`` (pupils), and the columns of posts.
    posts : sequence of str
        The columns of posts.
    fewest : int
        Districts with fewer schools in one of the groups are left out.

    Returns
    -------
    DataFrame
        By ``district_code``, a column for each of `posts`.
    """
    sizes = schools.groupby(["district_code", "small"]).size().unstack("small")
    enough = sizes.reindex(columns=[True, False]).ge(fewest).all(axis=1)
    rows = schools[schools["district_code"].isin(enough.index[enough])]
    small, others = (
        rows[rows["small"] == is_small].groupby("district_code")[[*posts, "in_grades"]].sum()
        for is_small in (True, False)
    )
    rates = [each[list(posts)].div(each["in_grades"], axis=0) for each in (small, others)]
    return 100 * (rates[0] / rates[1] - 1)


def rank_correlation(one: npt.ArrayLike, other: npt.ArrayLike, confidence: float) -> Estimate:
    """Return Spearman's rank correlation, with an interval after Bonett and Wright (2000).

    Fisher's transformation with the standard error sqrt((1 + r^2 / 2) / (n - 3)), which holds
    its level for ranks in samples as small as ten. Pairs with a missing value are left out.

    Returns
    -------
    Estimate
        Between -1 and 1; without an interval where there are fewer than five pairs, and NaN
        where one side does not vary.
    """
    pairs = np.array([np.asarray(one, float), np.asarray(other, float)])
    x, y = pairs[:, ~np.isnan(pairs).any(axis=0)]
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Estimate(float("nan"), None, None, "none: one side does not vary")
    r = float(stats.spearmanr(x, y).statistic)
    if len(x) < _FEWEST_RANKED or abs(r) > 1 - 1e-9:
        return Estimate(r, None, None, f"none: {len(x)} schools")
    half = stats.norm.ppf(0.5 + confidence / 200) * np.sqrt((1 + r**2 / 2) / (len(x) - 3))
    low, high = (float(np.tanh(np.arctanh(r) + sign * half)) for sign in (-1, 1))
    how = f"Bonett and Wright 2000, {len(x)} schools"
    p = float(2 * stats.norm.sf(abs(np.arctanh(r)) * np.sqrt(len(x) - 3)))
    return Estimate(r, low, high, chance_interval(confidence, "schools", how), p=p)
