"""How often intervals hold what they should: simulated where a truth is known.

Each function makes as many data sets as asked for, of a size at which the project uses a kind of
interval, and says for each whether the interval holds the truth.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from dme.measures.estimates import difference_in_differences, permutation, trend
from dme.measures.estimates.bootstrap import Resampling, resampled
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.shares import Share, difference, wilson
from dme.measures.size.projection import reach
from dme.text import school_year

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def share(holds: npt.ArrayLike, confidence: float = 95) -> Estimate:
    """Return the percent of data sets whose interval holds the truth, with Monte Carlo error."""
    found = Share.counted(holds)
    low, high = wilson(found, confidence)
    words = f"{confidence:g}% Monte Carlo error of {found.of:,} simulated data sets"
    return Estimate(found.percent, low, high, words)


def series(samples: int, years: int, correlation: float, seed: int) -> Floats:
    """Return series without a trend whose neighboring years are correlated (AR(1)), of variance 1.

    They begin in equilibrium, as if they had gone on before.
    """
    noise = np.random.default_rng(seed).normal(size=(samples, years))
    for at in range(1, years):
        fresh = np.sqrt(1 - correlation**2) * noise[:, at]
        noise[:, at] = correlation * noise[:, at - 1] + fresh
    return noise


def averaged(figures: Floats, most_alike: float = trend.MOST_ALIKE) -> Floats:
    """Return the p-values of no trend in series of consecutive years, by `trend.p_value`."""
    years = [school_year(2000 + at) for at in range(figures.shape[-1])]
    return trend.p_value(years, figures, most_alike=most_alike)


def textbook(figures: Floats) -> Floats:
    """Return the same by ordinary least squares and its t distribution."""
    return averaged(figures, 0.0)


def newey_west(figures: Floats) -> Floats:
    """Return the same with Newey and West's (1987) errors of one lag and the t distribution."""
    count = figures.shape[-1]
    at = np.arange(count) - (count - 1) / 2
    slopes = figures @ at / (at @ at)
    errors = figures - figures.mean(axis=-1, keepdims=True) - slopes[:, None] * at
    scores = errors * at
    meat = (scores**2).sum(axis=-1) + (scores[:, 1:] * scores[:, :-1]).sum(axis=-1)
    error = np.sqrt(count / (count - 2) * meat) / (at @ at)
    return 2 * special.stdtr(count - 2, -np.abs(slopes / error))


def skewed(samples: int, sizes: Sequence[int], spreads: Sequence[float], seed: int) -> Iterator:
    """Yield groups of log-normal figures, whose means are one, by the spread of their logarithm."""
    random = np.random.default_rng(seed)
    for _ in range(samples):
        yield [
            pd.Series(np.exp(spread * random.normal(size=size) - spread**2 / 2))
            for size, spread in zip(sizes, spreads, strict=True)
        ]


def with_students(groups: Iterator, seed: int) -> Iterator:
    """Yield groups whose figures, per student, are higher in smaller schools, as spending is.

    Students and figures go together alike in both groups, so that means weighted by students are
    alike, too. With figures of spread 0.15 the students' is 0.5, the correlation of both -0.6.
    """
    random = np.random.default_rng([seed, 1])  # other draws than those of the figures
    for each in groups:
        yield [
            pd.DataFrame({
                "figure": group,
                "students": group**-2 * np.exp(0.4 * random.normal(size=len(group))),
            })
            for group in each
        ]  # fmt: skip


def widened(statistic: Callable[..., Any], truth: float, groups: Iterator, by: Resampling) -> Flags:
    """Return whether the bootstrap intervals of this project hold the truth."""
    found = [resampled(statistic, *each, by=by) for each in groups]
    return np.array([each.low <= truth <= each.high for each in found])


def plain_bca(
    statistic: Callable[..., Any], truth: float, groups: Iterator, by: Resampling
) -> Flags:
    """Return the same of BCa without widening, by scipy."""
    holds = []
    for each in groups:
        low, high = stats.bootstrap(
            [group.to_numpy() for group in each],
            lambda *drawn, axis: statistic(*drawn),  # noqa: ARG005, PLW0108 - the last axis
            n_resamples=by.resamples,
            confidence_level=by.confidence / 100,
            vectorized=True,
            rng=np.random.default_rng(by.seed),
        ).confidence_interval
        holds.append(low <= truth <= high)
    return np.array(holds)


def not_rejected(groups: Iterator, by: Resampling) -> Flags:
    """Return whether the permutation test of two means leaves them alike."""
    level = 1 - by.confidence / 100
    return np.array([
        permutation.of_means(one, other, by.resamples, by.seed) > level for one, other in groups
    ])  # fmt: skip


def randomized(samples: int, treated: int, others: int, by: Resampling) -> Flags:
    """Return whether the interval by randomization holds the effect on a few treated schools."""
    random, codes = np.random.default_rng(by.seed), [str(at) for at in range(treated + others)]
    strata, effect, holds = pd.Series("all", index=codes), 1.0, []
    for _ in range(samples):
        outcome = pd.Series(random.standard_t(4, size=len(codes)), index=codes)
        outcome.iloc[:treated] += effect
        found = difference_in_differences.randomized(outcome, codes[:treated], strata, by)
        holds.append(found.low <= effect <= found.high)
    return np.array(holds)


def of_share(of: int, confidence: float) -> float:
    """Return in percent how often Wilson's interval covers: exactly, a mean over all shares."""
    at, hits = np.linspace(0.01, 0.99, 99), np.arange(of + 1)
    ends = np.array([wilson(Share(int(k), of), confidence) for k in hits]) / 100
    holds = (ends[:, :1] <= at) & (at <= ends[:, 1:])
    return float(100 * (stats.binom.pmf(hits[:, None], of, at) * holds).sum(axis=0).mean())


def of_two_shares(of: int, of_others: int, confidence: float) -> float:
    """Return the same of Newcombe's interval of a difference, where the shares are alike."""
    at = np.linspace(0.05, 0.95, 19)
    pairs = [(one, other) for one in range(of + 1) for other in range(of_others + 1)]
    found = [difference(Share(k, of), Share(m, of_others), confidence) for k, m in pairs]
    holds = np.array([each.low <= 0 <= each.high for each in found])
    one, other = np.array(pairs)[holds].T[:, :, None]
    chances = stats.binom.pmf(one, of, at) * stats.binom.pmf(other, of_others, at)
    return float(100 * chances.sum(axis=0).mean())


def regressed(samples: int, small: int, others: int, by: Resampling) -> Flags:
    """Return whether the interval of a premium at like level and need (HC3) holds the truth.

    Small schools spend as much as others of their level and need, and vary more; a third of all
    are of each level. As `dme.measures.spending.cost.adjusted_premium`, for all samples at once.
    """
    random, count = np.random.default_rng(by.seed), small + others
    is_small = np.broadcast_to(np.arange(count) < small, (samples, count)).astype(float)
    levels = random.permuted(np.tile(np.arange(count) % 3, (samples, 1)), axis=1)
    need = random.uniform(40, 100, (samples, count))
    noise = np.where(is_small, 0.25, 0.15) * random.normal(size=(samples, count))
    logs = 9.5 + 0.003 * need + 0.05 * levels + noise
    design = np.stack([is_small, np.ones_like(need), need, levels == 1, levels == 2], axis=-1)
    effect, error = hc3(design, logs)
    return np.abs(effect) <= error * special.stdtrit(count - 5, 0.5 + by.confidence / 200)


def hc3(design: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return the first coefficient of each regression and its HC3 error."""
    across = np.swapaxes(design, -1, -2)
    take = np.linalg.solve(across @ design, across)
    fitted = (design @ (take @ values[..., None]))[..., 0]
    leverage = (design * np.swapaxes(take, -1, -2)).sum(axis=-1)
    left = (values - fitted) / (1 - leverage)
    first = take[..., 0, :]
    return (first * values).sum(axis=-1), np.sqrt(((first * left) ** 2).sum(axis=-1))


def projected(samples: int, origins: int, ahead: int, correlation: float, by: Resampling) -> Flags:
    """Return whether the interval from earlier projections' errors holds what comes.

    Enrollment grows or falls each year by 2 percent at random; a projection goes on with the mean
    change of the last years, as grade-progression ratios do.
    """
    averaged = 3
    known = averaged + origins
    changes = 0.02 * series(samples, known + ahead, correlation, by.seed)
    logs = np.cumsum(np.pad(changes, ((0, 0), (1, 0))), axis=1)

    def projected(at: int, step: int) -> Floats:
        return logs[:, at] + step * changes[:, at - averaged : at].mean(axis=1)

    tests = [
        (at, step)
        for at in range(averaged, known)
        for step in range(1, min(ahead, known - at) + 1)
    ]  # fmt: skip
    steps = np.array([step for _, step in tests])
    errors = [projected(at, step) - logs[:, at + step] for at, step in tests]
    made = {"origins": origins, "averaged": averaged}
    far = reach(np.transpose(errors), steps, ahead, confidence=by.confidence, **made)
    return np.abs(projected(known, ahead) - logs[:, known + ahead]) <= far
