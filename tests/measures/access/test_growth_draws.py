"""Draws of schools' growth: by hand, against a search for the variance, and by simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from dme.measures.access import growth_draws
from dme.measures.estimates.bootstrap import Resampling

MANY = Resampling(resamples=200_000, seed=1)


def test_the_variance_between_schools_solves_paule_and_mandels_equation():
    rng = np.random.default_rng(3)
    errors = rng.uniform(2, 6, 40)
    measured = -9 + 6 * rng.standard_normal(40) + errors * rng.standard_normal(40)

    def excess(between):
        weights = 1 / (errors**2 + between)
        mean = weights @ measured / weights.sum()
        return weights @ (measured - mean) ** 2 - (len(measured) - 1)

    mean, error, between = growth_draws.spread(measured, errors)
    expected = optimize.brentq(excess, 0, 500)
    weights = 1 / (errors**2 + expected)
    assert between == pytest.approx(expected, rel=1e-4)
    assert mean == pytest.approx(weights @ measured / weights.sum(), rel=1e-4)
    assert error == pytest.approx(weights.sum() ** -0.5, rel=1e-4)


def test_schools_are_drawn_toward_the_mean_by_their_error():
    """Mean and variance of each school's draws, worked from the normal model."""
    measured = pd.Series([10.0, -10, 4, -4, 8, -8])
    errors = pd.Series([2.0, 2, 6, 6, 3, 3])
    mean, error, between = growth_draws.spread(measured.to_numpy(), errors.to_numpy())
    drawn = growth_draws.drawn(measured, errors, MANY)
    kept = between / (between + errors**2)
    assert drawn.mean(axis=0) == pytest.approx(mean + kept * (measured - mean), abs=0.05)
    expected = kept * errors**2 + (1 - kept) ** 2 * error**2
    assert drawn.var(axis=0) == pytest.approx(expected.to_numpy(), rel=0.02)
    plain = growth_draws.drawn(measured, errors, MANY, shrunk=False)
    assert plain.mean(axis=0) == pytest.approx(measured.to_numpy(), abs=0.05)
    assert plain.std(axis=0) == pytest.approx(errors.to_numpy(), rel=0.02)


def test_schools_that_differ_by_no_more_than_error_are_all_the_mean():
    drawn = growth_draws.drawn(pd.Series([1.0, 1.2, 0.8]), pd.Series([5.0, 5, 5]), MANY)
    assert np.ptp(drawn, axis=1).max() == 0
    assert drawn.std() == pytest.approx(5 / 3**0.5, rel=0.02)


def test_one_school_alone_is_drawn_with_its_own_error():
    drawn = growth_draws.drawn(pd.Series([3.0]), pd.Series([2.0]), MANY)
    assert (drawn.mean(), drawn.std()) == pytest.approx((3, 2), abs=0.03)


def test_a_stated_probability_is_as_often_true():
    """Of schools said to be above zero with 20 to 40 percent, so many are: by simulation."""
    rng, said, true = np.random.default_rng(7), [], []
    for _ in range(40):
        errors = rng.uniform(2, 6, 60)
        truly = -4 + 5 * rng.standard_normal(60)
        measured = truly + errors * rng.standard_normal(60)
        by = Resampling(resamples=400, seed=int(rng.integers(1_000_000)))
        drawn = growth_draws.drawn(pd.Series(measured), pd.Series(errors), by)
        said.append((drawn >= 0).mean(axis=0))
        true.append(truly >= 0)
    said, true = np.concatenate(said), np.concatenate(true)
    chosen = (said > 0.2) & (said < 0.4)
    assert chosen.sum() > 300
    assert true[chosen].mean() == pytest.approx(said[chosen].mean(), abs=0.05)
