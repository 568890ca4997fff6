"""Whether two groups differ by more than chance: their labels are dealt anew."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

MOST_JACKKNIFED = 1000
"""So many deals at most where the error of each takes a jackknife of its own."""

_AT_ONCE = 4_000_000
_ROUNDING = 1e-9


def of_means(one: npt.ArrayLike, other: npt.ArrayLike, deals: int, seed: int) -> float:
    """Return the two-sided p-value of two groups having one mean.

    Which group a unit is in is dealt anew; the gap of the means is divided by its error (Welch),
    so that the test is exact where the groups are alike in all, and holds its level in larger
    groups where only their means are (Janssen 1997).

    Parameters
    ----------
    one, other : array_like
        A figure for each unit; two groups at least of two.
    deals : int
        How many are drawn; where there are no more in all, each is gone through.
    seed : int
        Of the deals.
    """
    first, second = np.asarray(one, float), np.asarray(other, float)
    pooled = np.concatenate([first, second])

    def welch(mine: Floats, theirs: Floats) -> tuple[Floats, Floats]:
        spread = mine.var(axis=-1, ddof=1) / mine.shape[-1]
        return mine.mean(axis=-1) - theirs.mean(axis=-1), np.sqrt(
            spread + theirs.var(axis=-1, ddof=1) / theirs.shape[-1]
        )

    dealt = pooled[_dealt(len(first), len(second), deals, seed)]
    return _share(welch(first, second), welch(dealt[:, : len(first)], dealt[:, len(first) :]))


def of_statistic(
    statistic: Callable[..., Any], sizes: Sequence[int], deals: int, seed: int
) -> float:
    """Return the two-sided p-value of a statistic that is zero where two groups are alike.

    As `of_means`, with the jackknife's error (Chung and Romano 2013).

    Parameters
    ----------
    statistic : callable
        Takes two arrays of row numbers, of the one group and of the other, in one table that holds
        both; rows run along the last axis, and leading axes are to be broadcast.
    sizes : sequence of int
        How many rows the two groups have; those of the first come first.
    deals : int
        At most `MOST_JACKKNIFED` are drawn.
    seed : int
        Of the deals.
    """
    few, many = sizes
    rows = _dealt(few, many, min(deals, MOST_JACKKNIFED), seed)

    def with_error(rows: Rows) -> tuple[Floats, Floats]:
        one, other = rows[:, :few], rows[:, few:]
        variance = np.zeros(len(rows))
        for left in (
            statistic(one[:, _without_each(few)], other[:, None, :]),
            statistic(one[:, None, :], other[:, _without_each(many)]),
        ):
            variance += (left.shape[-1] - 1) * left.var(axis=-1)
        return statistic(one, other), np.sqrt(variance)

    step = max(1, _AT_ONCE // (few**2 + many**2))
    parts = [with_error(rows[at : at + step]) for at in range(0, len(rows), step)]
    values, errors = (np.concatenate(part) for part in zip(*parts, strict=True))
    own = with_error(np.arange(few + many)[None, :])
    return _share((own[0][0], own[1][0]), (values, errors))


def _share(own: tuple[Any, Any], dealt: tuple[Floats, Floats]) -> float:
    """Return the share of deals as far from zero as the actual one, in errors of its own."""
    with np.errstate(divide="ignore", invalid="ignore"):
        actual, others = (np.abs(value) / error for value, error in (own, dealt))
    # A gap of nothing between units that are all alike is no gap.
    actual, others = np.nan_to_num(actual, posinf=np.inf), np.nan_to_num(others, posinf=np.inf)
    return float(np.mean(others >= actual * (1 - _ROUNDING)))


def _dealt(few: int, many: int, deals: int, seed: int) -> Rows:
    """Return rows dealt to two groups, the first group's first; the actual deal is among them."""
    count = few + many
    if comb(count, few) <= deals:
        return np.array([
            [*mine, *sorted(set(range(count)).difference(mine))]
            for mine in combinations(range(count), few)
        ])  # fmt: skip
    rows = np.tile(np.arange(count), (deals + 1, 1))
    rows[1:] = np.random.default_rng(seed).permuted(rows[1:], axis=1)
    return rows


def _without_each(size: int) -> Rows:
    """Return for each of `size` places all the others."""
    return np.array([np.delete(np.arange(size), at) for at in range(size)])
