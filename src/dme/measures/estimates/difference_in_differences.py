"""Difference in differences between a few schools and others, by randomization inference.

With seven treated schools, errors that are robust to clusters of schools have too few clusters to
hold their level (Conley and Taber 2011; MacKinnon and Webb 2020). Here the treated label is
reassigned instead: how often would seven schools of the same levels, drawn at random, differ from
the rest as the seven do?
"""

from collections.abc import Callable, Sequence
from itertools import combinations, islice, product
from math import comb, prod

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.estimates.estimate import Estimate

POWER = 80
"""The chance in percent of seeing an effect that the smallest detectable one is stated for."""

_ALL = 20_000
"""Up to this many assignments are all gone through; beyond it a sample is drawn."""

Floats = npt.NDArray[np.float64]
Groups = list[npt.NDArray[np.intp]]


def panel(rates: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Return schools by years: the rates of those that have one in every year.

    Parameters
    ----------
    rates : DataFrame
        ``school_code``, ``school_year``, ``percent``; one row for each school and year.
    years : sequence of str
        The years wanted.
    """
    wide = rates[rates["school_year"].isin(years)].pivot(
        index="school_code", columns="school_year", values="percent"
    )
    return wide.reindex(columns=list(years)).dropna()


def changes(wide: pd.DataFrame, before: Sequence[str], after: Sequence[str]) -> pd.Series:
    """Return each school's mean of `after` less its mean of `before`."""
    return wide[list(after)].mean(axis=1) - wide[list(before)].mean(axis=1)


def trends(wide: pd.DataFrame) -> pd.Series:
    """Return what each school's straight line over all years gains from the first to the last."""
    years = np.arange(wide.shape[1], dtype=float)
    centered = years - years.mean()
    slopes = wide.to_numpy(float) @ centered / (centered**2).sum()
    return pd.Series(slopes * years[-1], index=wide.index)


def adjusted(outcome: pd.Series, covariates: pd.DataFrame, strata: pd.Series) -> pd.Series:
    """Return the part of an outcome that strata and covariates do not explain.

    Ordinary least squares without the treatment; the residuals are then compared as the outcome
    would be (Rosenbaum 2002), which keeps randomization inference exact under no effect.
    """
    design = np.column_stack([pd.get_dummies(strata).to_numpy(float), covariates.to_numpy(float)])
    values = outcome.to_numpy(float)
    fit, *_ = np.linalg.lstsq(design, values, rcond=None)
    return pd.Series(values - design @ fit, index=outcome.index)


def comparable(treated: pd.Series, strata: pd.Series) -> pd.Series:
    """Return which schools are in a stratum that holds both treated ones and others."""
    return treated.groupby(strata).transform("nunique") == 2


def randomized(
    outcome: pd.Series,
    treated: Sequence[str],
    strata: pd.Series,
    resampling: Resampling,
) -> Estimate:
    """Compare treated schools with the others of their strata, by reassigning the label.

    The difference is the treated schools' mean outcome less that of the others, stratum by
    stratum, weighted by the treated schools in each. Assignments keep the number treated in each
    stratum; all of them are gone through where they are few, else a sample is drawn. The
    interval holds the effects, alike for all treated schools, that the test does not reject
    (Fisher 1935; Rosenbaum 2002). Strata without a treated school or without another are left out.

    Parameters
    ----------
    outcome : Series
        One value a school, by its code.
    treated : sequence of str
        Codes of treated schools; those that have no outcome are passed over.
    strata : Series
        The stratum of each school, by its code.
    resampling : Resampling
        The level, how many assignments are drawn, and the seed.

    Returns
    -------
    Estimate
        Treated less others, in the outcome's unit, with the interval of effects that randomization
        does not reject. Its facts are ``p``, the share of assignments whose difference is at least
        as large, both ways; ``detectable``, the smallest effect that would be seen (p below the
        level) four times in five; and ``treated`` and ``others``, the schools compared.

    Raises
    ------
    Lacking
        If no stratum holds both kinds of schools.
    """
    marked = pd.DataFrame(
        {"y": outcome, "z": outcome.index.isin(list(treated)), "s": strata.reindex(outcome.index)}
    ).dropna()
    marked = marked[comparable(marked["z"], marked["s"])].sort_index()
    if marked.empty:
        lacking = "there are no other schools of the same kind to compare with"
        raise Lacking(lacking)
    groups = [np.flatnonzero(marked["s"] == name) for name in sorted(marked["s"].unique())]
    actual = marked["z"].to_numpy(bool)
    assignments, complete = _assignments(actual, groups, resampling)
    weights = _weights(assignments, groups, actual.sum())
    own = _weights(actual[None, :], groups, actual.sum())[0]
    y, z = marked["y"].to_numpy(float), actual.astype(float)
    value, drawn, overlap = float(own @ y), weights @ y, weights @ z

    def p_value(effect: float) -> float:
        apart = np.abs(drawn - effect * overlap) >= abs(value - effect) - 1e-12
        return float(apart.mean())

    level = 1 - resampling.confidence / 100
    spread = float(np.sqrt(np.mean((drawn - drawn.mean()) ** 2)))
    low, high = (_edge(p_value, value, sign * spread, level) for sign in (-1, 1))
    tails = stats.norm.ppf(1 - level / 2) + stats.norm.ppf(POWER / 100)
    how = f"all {len(drawn):,}" if complete else f"{len(drawn):,} drawn"
    words = (
        f"{resampling.confidence:g}% interval by randomization ({how} assignments of the label "
        f"within levels), {int(z.sum())} schools against {int((1 - z).sum())}"
    )
    return Estimate(value, low, high, words).told(
        p=p_value(0.0),
        detectable=float(tails * spread),
        treated=int(z.sum()),
        others=int((1 - z).sum()),
    )


def _edge(
    p_value: Callable[[float], float], value: float, step: float, level: float
) -> float | None:
    """Return the effect on one side of `value` at which the test begins to reject."""
    far = value
    for _ in range(60):
        far += step
        if p_value(far) <= level:
            break
    else:
        # So few assignments that none can be rejected.
        return None
    return float(optimize.bisect(lambda effect: p_value(effect) - level - 1e-9, value, far))


def _weights(assignments: npt.NDArray[np.bool_], groups: Groups, treated: int) -> Floats:
    """Return the weight of each school in the difference, for each assignment."""
    weights = np.zeros(assignments.shape)
    for at in groups:
        mine = assignments[:, at]
        count = mine.sum(axis=1, keepdims=True)
        share = count / treated
        weights[:, at] = np.where(mine, share / count, -share / (len(at) - count))
    return weights


def _assignments(
    actual: npt.NDArray[np.bool_], groups: Groups, resampling: Resampling
) -> tuple[npt.NDArray[np.bool_], bool]:
    """Return assignments that keep the number treated in each group; whether they are all."""
    counts = [int(actual[at].sum()) for at in groups]
    number = prod(comb(len(at), k) for at, k in zip(groups, counts, strict=True))
    if number <= _ALL:
        ways = product(*(combinations(at, k) for at, k in zip(groups, counts, strict=True)))
        found = np.zeros((number, len(actual)), dtype=bool)
        for row, way in enumerate(islice(ways, number)):
            found[row, np.concatenate(way).astype(int)] = True
        return found, True
    draws = resampling.resamples
    random = np.random.default_rng(resampling.seed)
    found = np.zeros((draws + 1, len(actual)), dtype=bool)
    # The actual assignment is one of them, so that p is never zero.
    found[0] = actual
    for at, k in zip(groups, counts, strict=True):
        order = random.random((draws, len(at))).argsort(axis=1)[:, :k]
        np.put_along_axis(found[1:], at[order], True, axis=1)
    return found, False
