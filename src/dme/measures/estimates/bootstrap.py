"""The bootstrap that most intervals come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from dme.errors import Lacking
from dme.measures.estimates import permutation
from dme.measures.estimates.estimate import Estimate, chance_interval

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

FEWEST = 3
"""Below this many schools in a group an interval would only pretend to know."""

_AT_ONCE = 500
_ROUNDING = 1e-12


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
        In the figure's unit, with the p-value of a permutation test; see `bootstrap`.
    """
    first, second = np.asarray(one, float), np.asarray(other, float)
    gap = bootstrap(
        [len(first), len(second)],
        lambda mine, theirs: first[mine].mean(axis=-1) - second[theirs].mean(axis=-1),
        resampling,
    )
    if gap.low is None:
        return gap
    return replace(
        gap, p=permutation.of_means(first, second, resampling.resamples, resampling.seed)
    )


def resampled(
    statistic: Callable[..., Any],
    *groups: pd.Series | pd.DataFrame,
    by: Resampling,
    what: str = "schools",
    permuted: bool = False,
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
    permuted : bool
        Whether the p-value is that of a permutation test: for two groups, and a statistic that is
        zero where they are alike. Otherwise it is that at which the interval would end at zero.
    """
    sizes = [len(group) for group in groups]
    found = bootstrap(sizes, _of_rows(statistic, groups), by, what)
    if not permuted or found.low is None:
        return found
    both = pd.concat(groups, ignore_index=True)
    p = permutation.of_statistic(_of_rows(statistic, [both, both]), sizes, by.resamples, by.seed)
    return replace(found, p=p)


def _of_rows(
    statistic: Callable[..., Any], groups: Sequence[pd.Series | pd.DataFrame]
) -> Callable[..., Any]:
    """Return a statistic of groups as one of the numbers of their rows."""
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

    return at


def bootstrap(
    groups: Sequence[int],
    statistic: Callable[..., Any],
    resampling: Resampling,
    what: str = "schools",
) -> Estimate:
    """Return `statistic` of all rows, with its bootstrap interval.

    The rows of each group are drawn with replacement within the group, so that each group
    keeps its size; intervals are bias-corrected and accelerated (BCa, Efron 1987). Those are too
    narrow for small groups: resampled schools vary by (n - 1) / n of what schools do, and a spread
    that is estimated from n of them calls for the t distribution. So they are taken at the level
    that makes up for both (Hesterberg 2015), with the degrees of freedom of Welch and Satterthwaite
    from the jackknife. In simulation 95% cover 92 to 95% at 8 or 14 schools against 30, 2 to 3
    more than BCa alone, as a studentized bootstrap does that is up to a third wider
    (`notebooks/intervals.ipynb`).

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
        With the p-value at which the interval would end at zero. Without both where a group has
        fewer than three rows, or all are alike.

    Raises
    ------
    Lacking
        If a group is empty, or the figure of all rows is none: a share of nothing.
    """
    if not all(groups):
        lacking = f"one of the groups that it rests on holds none of the {what}"
        raise Lacking(lacking, by_choice=True)
    rows = [np.arange(size) for size in groups]
    with np.errstate(all="ignore"):
        value = float(statistic(*rows))
    if not np.isfinite(value):
        lacking = "it would be a share of nothing: what it is held against is zero"
        raise Lacking(lacking, by_choice=True)
    if min(groups) < FEWEST:
        return Estimate(value, None, None, f"none: fewer than {FEWEST} {what} in a group")
    with np.errstate(all="ignore"):  # of what is answered below
        drawn = _drawn(groups, statistic, resampling)
        shape = _Shape.of(drawn, value, _without_each(groups, statistic))
        levels = shape.levels(resampling.confidence)
    alike = np.ptp(drawn) <= _ROUNDING * abs(value)
    if alike or np.isnan(levels).any() or np.isnan(drawn).any():
        return Estimate(value, None, None, f"none: the {what} of a group are all alike")
    if np.isinf(drawn).any():
        return Estimate(value, None, None, f"none: in some resamples of the {what} it is endless")
    low, high = np.quantile(drawn, levels)
    how = f"bootstrap, BCa widened for small groups, {resampling.resamples:,} resamples"
    words = chance_interval(resampling.confidence, what, how)
    return Estimate(value, float(low), float(high), words, p=shape.p_value(drawn))


def _drawn(groups: Sequence[int], statistic: Callable[..., Any], resampling: Resampling) -> Floats:
    """Return the statistic of each resample."""
    random, drawn = np.random.default_rng(resampling.seed), []
    for at in range(0, resampling.resamples, _AT_ONCE):
        count = min(_AT_ONCE, resampling.resamples - at)
        drawn.append(statistic(*(random.integers(size, size=(count, size)) for size in groups)))
    return np.concatenate(drawn)


def _without_each(groups: Sequence[int], statistic: Callable[..., Any]) -> list[Floats]:
    """Return the statistic without each row, by group."""
    found = []
    for which, size in enumerate(groups):
        parts = []
        for out in np.array_split(np.arange(size)[:, None], 1 + size // _AT_ONCE):
            kept = np.arange(size - 1) + (np.arange(size - 1) >= out)
            rows = [np.broadcast_to(np.arange(each), (len(out), each)) for each in groups]
            rows[which] = kept
            parts.append(statistic(*rows))
        found.append(np.concatenate(parts))
    return found


class _Shape(NamedTuple):
    """What makes an interval of resamples: their bias, acceleration, widening and freedom."""

    bias: float
    acceleration: float
    widening: float
    freedom: float

    @classmethod
    def of(cls, drawn: Floats, value: float, without_each: list[Floats]) -> Self:
        """Return it by the jackknife; NaN where the rows of the groups are all alike."""
        sizes = np.array([len(group) for group in without_each], float)
        pulls = [(len(group) - 1) / len(group) * (group.mean() - group) for group in without_each]
        squares, cubes = (np.array([(pull**k).sum() for pull in pulls]) for k in (2, 3))
        variances = squares * sizes / (sizes - 1)
        return cls(
            special.ndtri(_share_below(drawn, value)),
            cubes.sum() / squares.sum() ** 1.5 / 6,
            np.sqrt(variances.sum() / squares.sum()),
            variances.sum() ** 2 / (variances**2 / (sizes - 1)).sum(),
        )

    def levels(self, confidence: float) -> Floats:
        """Return the shares of resamples below the ends of an interval."""
        tails = np.array([-1, 1]) * special.stdtrit(self.freedom, 0.5 + confidence / 200)
        moved = self.bias + self.widening * tails
        room = 1 - self.acceleration * moved
        return np.where(room > 0, special.ndtr(self.bias + moved / room), moved > 0)

    def p_value(self, drawn: Floats, null: float = 0.0) -> float:
        """Return one less the level of the interval that ends at `null`."""
        least = 1 / (len(drawn) + 1)
        share = np.clip(_share_below(drawn, null), least / 2, 1 - least / 2)
        apart = special.ndtri(share) - self.bias
        room = 1 + self.acceleration * apart
        moved = apart / room if room > 0 else np.sign(apart) * np.inf
        below = special.stdtr(self.freedom, (moved - self.bias) / self.widening)
        return float(max(2 * min(below, 1 - below), least))


def _share_below(drawn: Floats, value: float) -> float:
    """Return the share of resamples below a value, those equal to it by half."""
    return float(((drawn < value).mean() + (drawn <= value).mean()) / 2)
