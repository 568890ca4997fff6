"""How unevenly a group of students is spread over schools.

Every index takes the group's count and the total of each school; its last axis runs over the
schools, so that resamples go in one call. Each lies between 0 (all schools alike) and 1. They are
those of the survey by Massey and Denton (1988), for whom see each function.
"""

import numpy as np
import numpy.typing as npt

from dme.errors import DmeError
from dme.measures.estimates.suppressed import Bounds, Floats

_ROUNDS = 100
_NOTHING = 1e-12


def dissimilarity(group: npt.ArrayLike, total: npt.ArrayLike) -> Floats:
    """Return the share of the group that would have to change school for all schools to be alike.

    The index of Duncan and Duncan (1955): half the sum, over the schools, of the difference
    between the school's share of the group and its share of all others. Strictly, it is the
    share that would have to move with nobody taking their place, of either of the two groups.

    Parameters
    ----------
    group, total : array, (..., schools)
        Students of the group, and all students.

    Returns
    -------
    ndarray
        0 to 1; not a number where the group is nobody or everybody.
    """
    mine, everyone = np.asarray(group, float), np.asarray(total, float)
    others = everyone - mine
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = mine / mine.sum(-1, keepdims=True) - others / others.sum(-1, keepdims=True)
    return np.abs(apart).sum(-1) / 2


def isolation(group: npt.ArrayLike, total: npt.ArrayLike) -> Floats:
    """Return the group's share in the school of its average member (Bell 1954: xPx).

    One less this is its interaction with all others: their share in that school. Unlike the
    other two indices it rises with the group's share of all students, which is its floor.

    Parameters
    ----------
    group, total : array, (..., schools)
        See `dissimilarity`.
    """
    mine, everyone = np.asarray(group, float), np.asarray(total, float)
    met = np.divide(mine**2, everyone, out=np.zeros_like(mine), where=everyone > 0)
    with np.errstate(invalid="ignore"):
        return met.sum(-1) / mine.sum(-1)


def information(group: npt.ArrayLike, total: npt.ArrayLike) -> Floats:
    """Return by which share the schools are less mixed than their students together.

    Theil's information index H for two groups (Theil and Finizza 1971): one less the ratio of
    the schools' mean entropy, weighted by students, to the entropy of all students.

    Parameters
    ----------
    group, total : array, (..., schools)
        See `dissimilarity`.
    """
    mine, everyone = np.asarray(group, float), np.asarray(total, float)
    share = np.divide(mine, everyone, out=np.zeros_like(mine), where=everyone > 0)
    whole = everyone.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1 - (everyone * _entropy(share)).sum(-1) / (whole * _entropy(mine.sum(-1) / whole))


def _entropy(share: Floats) -> Floats:
    part = np.clip(np.asarray(share, float), 0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -sum(np.where(p > 0, p * np.log(p), 0) for p in (part, 1 - part))


def by_chance(total: npt.ArrayLike, members: float, draws: int, seed: int) -> float:
    """Return the mean dissimilarity if students were dealt out to the schools at random.

    Small schools differ by chance alone; Carrington and Troske (1997) measure against that. Each
    draw fills the schools without replacement, so that the group keeps its size.

    Parameters
    ----------
    total : array, (schools,)
        Students of each school.
    members : float
        Students of the group in all schools together.
    draws, seed : int
        How often the students are dealt out, and the seed.
    """
    sizes = np.asarray(total, float).round().astype(int)
    rng = np.random.default_rng(seed)
    # The marginals method is the one whose memory does not grow with the students.
    dealt = rng.multivariate_hypergeometric(sizes, round(members), size=draws, method="marginals")
    return float(dissimilarity(dealt, sizes).mean())


def net_of_chance(found: float, chance: float) -> float:
    """Return dissimilarity beyond chance as a share of what chance leaves open.

    Carrington and Troske (1997): 0 is as uneven as chance makes it, 1 complete segregation; below
    0, where schools are more alike than chance makes them, it is a share of the way to evenness.
    """
    return (found - chance) / ((1 - chance) if found >= chance else chance)


def dissimilarity_bounds(low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike) -> Bounds:
    """Return the lowest and the highest dissimilarity that counts between bounds allow.

    For each number M that the group may have in all, with P its share of all T students, the
    index is the sum of the surpluses (count less P times students, where positive) over
    T P (1 - P). Surpluses and deficits are equal in sum; so the sum is at least what some schools
    must have too much, or too little, and at most what all can. The lower end is sharp, the upper
    one by a school.

    Parameters
    ----------
    low, high, total : array, (schools,)
        Fewest and most students of the group, and all students.

    Raises
    ------
    DmeError
        If a count may be below zero or above the total, or `low` above `high`.
    """
    least, most, everyone = _checked(low, high, total)
    whole = everyone.sum()
    share = np.arange(round(least.sum()), round(most.sum()) + 1) / whole
    scale = whole * share * (1 - share)
    share, scale = share[scale > 0], scale[scale > 0]
    if not len(share):
        return Bounds(np.nan, np.nan)
    fair = share[:, None] * everyone

    def beyond(high: Floats, low: Floats) -> Floats:
        return np.maximum(high - low, 0).sum(-1)

    forced = np.maximum(beyond(least, fair), beyond(fair, most)) / scale
    possible = np.minimum(beyond(most, fair), beyond(fair, least)) / scale
    return Bounds(float(forced.min()), float(np.minimum(possible, 1).max()))


def isolation_bounds(low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike) -> Bounds:
    """Return the lowest and the highest isolation that counts between bounds allow.

    A ratio of two sums over schools is extreme where their difference, weighted by the ratio
    itself, is (Dinkelbach 1967); that splits into one question a school. The highest value is
    taken at bounds, so both ends are sharp but for rounding to whole students.

    Parameters
    ----------
    low, high, total
        See `dissimilarity_bounds`.
    """
    least, most, everyone = _checked(low, high, total)
    used = everyone > 0
    least, most, everyone = least[used], most[used], everyone[used]
    if not most.sum():
        return Bounds(np.nan, np.nan)

    def worth(count: Floats, ratio: float) -> Floats:
        return count**2 / everyone - ratio * count

    def lowest(ratio: float) -> Floats:
        return np.clip(ratio * everyone / 2, least, most)

    def highest(ratio: float) -> Floats:
        return np.where(worth(most, ratio) >= worth(least, ratio), most, least)

    ends = []
    for pick in (lowest, highest):
        count = most
        ratio = float(isolation(count, everyone))
        for _ in range(_ROUNDS):
            count = pick(ratio)
            step = float(isolation(count, everyone)) if count.sum() > _NOTHING else ratio
            if abs(step - ratio) < _NOTHING:
                break
            ratio = step
        ends.append(ratio)
    return Bounds(*ends)


def information_bounds(low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike) -> Bounds:
    """Return values that Theil's H can't leave, whatever the counts between their bounds are.

    For each number that the group may have in all, the schools are most mixed where each has the
    same share, as far as its bounds allow: that gives the lower end, which is sharp. The upper
    end takes each school at its least mixed bound, whatever that does to the group's number, so
    it may lie beyond what is possible.

    Parameters
    ----------
    low, high, total
        See `dissimilarity_bounds`.
    """
    least, most, everyone = _checked(low, high, total)
    used = everyone > 0
    least, most, everyone = least[used], most[used], everyone[used]
    whole = everyone.sum()
    members = np.arange(round(least.sum()), round(most.sum()) + 1)
    mixed = _entropy(members / whole)
    possible = mixed > 0
    if not possible.any():
        return Bounds(np.nan, np.nan)
    # Students of the group as their common share rises: straight lines between these shares.
    shares = np.unique(np.concatenate([least / everyone, most / everyone]))
    filled = np.clip(shares[:, None] * everyone, least, most).sum(-1)
    common = np.interp(members[possible], filled, shares)
    level = np.clip(common[:, None] * everyone, least, most) / everyone
    best = (everyone * _entropy(level)).sum(-1) / (whole * mixed[possible])
    sides = np.minimum(_entropy(least / everyone), _entropy(most / everyone))
    worst = (everyone * sides).sum() / (whole * mixed[possible].max())
    return Bounds(float(max(1 - best.max(), 0)), float(1 - worst))


def _checked(
    low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    least, most, everyone = (np.asarray(each, float) for each in (low, high, total))
    if np.any(least < 0) or np.any(most > everyone) or np.any(least > most):
        message = (
            "Bounds of a group's students must lie between 0 and the school's students, the lower "
            "one first."
        )
        raise DmeError(message)
    return least, most, everyone
