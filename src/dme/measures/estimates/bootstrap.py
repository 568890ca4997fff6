"""The bootstrap that most intervals come from."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from dme.measures.estimates.estimate import Estimate

Rows = npt.NDArray[np.intp]

FEWEST = 3
"""Below this many schools in a group an interval would only pretend to know."""


@dataclass(frozen=True)
class Resampling:
    """How intervals are resampled: their level in percent, the resamples, the seed.

    A study has these three among its parameters, so it can stand in wherever one is asked for.
    """

    confidence: float = 95
    resamples: int = 4000
    seed: int = 2017


def gap_of_means(one: npt.ArrayLike, other: npt.ArrayLike, resampling: Resampling) -> Estimate:
    """Return the mean of one group less that of another; the groups are resampled apart.

    Parameters
    ----------
    one, other : array_like
        A figure for each school of the two groups; each school counts once.
    resampling : Resampling
        Level, resamples and seed.

    Returns
    -------
    Estimate
        In the figure's unit; see `bootstrap`.
    """
    first, second = np.asarray(one, float), np.asarray(other, float)
    return bootstrap(
        [len(first), len(second)],
        lambda mine, theirs: first[mine].mean(axis=-1) - second[theirs].mean(axis=-1),
        resampling,
    )


def resampled(
    statistic: Callable[..., Any],
    *groups: pd.Series | pd.DataFrame,
    by: Resampling,
    what: str = "schools",
) -> Estimate:
    """Return a statistic of groups of schools with its bootstrap interval; see `bootstrap`.

    Parameters
    ----------
    statistic : callable
        Takes what is drawn of each group: an array for a Series, an object with an array for each
        numeric column for a DataFrame. Schools run along the last axis, so that a mean is
        ``drawn.mean(-1)``.
    *groups : Series or DataFrame
        One row a school.
    by : Resampling
        Level, resamples and seed: those of the study.
    what : str
        The unit that is resampled, in words.
    """
    values = [
        group.to_numpy(float)
        if isinstance(group, pd.Series)
        else {
            name: group[name].to_numpy(float)
            for name in group
            if pd.api.types.is_numeric_dtype(group[name])
        }
        for group in groups
    ]

    def at(*picked: Rows) -> Any:
        return statistic(
            *(
                SimpleNamespace(**{name: column[rows] for name, column in value.items()})
                if isinstance(value, dict)
                else value[rows]
                for value, rows in zip(values, picked, strict=True)
            )
        )

    return bootstrap([len(group) for group in groups], at, by, what)


def bootstrap(
    groups: Sequence[int],
    statistic: Callable[..., Any],
    resampling: Resampling,
    what: str = "schools",
) -> Estimate:
    """Return `statistic` of all rows, with its bootstrap interval.

    The rows of each group are drawn with replacement within the group, so that each group
    keeps its size; intervals are bias-corrected and accelerated (Efron 1987), by
    `scipy.stats.bootstrap`. The units at hand are all there are: the interval says how far the
    figure hangs on which of them happen to exist, not on a sample that was drawn.

    Parameters
    ----------
    groups : sequence of int
        The number of rows of each group.
    statistic : callable
        Takes one array of row numbers for each group (the last axis runs over the rows) and
        returns the figure for each leading index.
    resampling : Resampling
        Level, resamples and seed.
    what : str
        The unit that is resampled, in words.

    Returns
    -------
    Estimate
        Without an interval where a group has fewer than three rows.
    """
    rows = [np.arange(size) for size in groups]
    value = float(statistic(*rows))
    if min(groups) < FEWEST:
        return Estimate(value, None, None, f"none: fewer than {FEWEST} {what} in a group")

    def resampled(*picked: Rows, axis: int) -> Any:  # noqa: ARG001 - always the last axis
        return statistic(*picked)

    with warnings.catch_warnings():  # of what is answered below
        warnings.simplefilter("ignore")
        drawn = stats.bootstrap(
            rows,
            resampled,
            n_resamples=resampling.resamples,
            confidence_level=resampling.confidence / 100,
            method="BCa",
            vectorized=True,
            batch=500,
            rng=np.random.default_rng(resampling.seed),
        )
    low, high = map(float, drawn.confidence_interval)
    if np.isnan(low) or np.isnan(high):
        return Estimate(value, None, None, f"none: the {what} of a group are all alike")
    words = (
        f"{resampling.confidence:g}% bootstrap interval over {what} "
        f"(BCa, {resampling.resamples:,} resamples)"
    )
    return Estimate(value, low, high, words)
