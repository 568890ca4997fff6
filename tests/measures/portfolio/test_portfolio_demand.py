"""Pupils by area and site: margins kept, small cases by hand, refusals in words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dme.errors import DmeError
from dme.measures.portfolio.demand import AGES, attend, spread


def test_bands_share_out_the_years_of_age():
    """Every year from 4 to 17 belongs to one band: 5, 5 and 3 years of three groups, 1 of one."""
    years = AGES.sum(axis=1) * [5, 5, 5, 3]
    assert list(years) == pytest.approx([1, 5, 5, 3])


def test_pupils_are_spread_by_children():
    found = spread(np.array([30.0, 8.0]), np.array([[1.0, 0.0], [2.0, 4.0]]))
    assert found == pytest.approx(np.array([[10, 0], [20, 8]]))


def test_a_band_without_children_is_refused():
    with pytest.raises(DmeError, match="no area has children"):
        spread(np.array([3.0]), np.zeros((2, 1)))


@settings(max_examples=30, deadline=None)
@given(seed=some.integers(0, 10_000))
def test_attendance_keeps_both_margins(seed):
    random = np.random.default_rng(seed)
    pupils = random.uniform(0, 400, 5)
    share = random.dirichlet(np.ones(7))
    found = attend(share * pupils.sum(), pupils, np.exp(-random.uniform(0, 4, (7, 5))))
    assert found.sum(axis=0) == pytest.approx(pupils)
    assert found.sum(axis=1) == pytest.approx(share * pupils.sum(), abs=1e-6)
    assert (found >= 0).all()


def test_without_pull_everyone_mixes():
    found = attend(np.array([30.0, 10.0]), np.array([20.0, 20.0]), np.ones((2, 2)))
    assert found == pytest.approx(np.array([[15, 15], [5, 5]]))


def test_pull_keeps_the_odds_of_the_fitted_table():
    """Fitting multiplies rows and columns, so that cross-product ratios stay those of the pull."""
    pull = np.array([[4.0, 1.0], [1.0, 1.0]])
    found = attend(np.array([30.0, 10.0]), np.array([20.0, 20.0]), pull)
    assert found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0]) == pytest.approx(4)


def test_margins_that_differ_are_refused():
    with pytest.raises(DmeError, match="must be the same"):
        attend(np.array([30.0]), np.array([20.0]), np.ones((1, 1)))


def test_margins_that_the_pull_can_not_join_are_refused():
    """Ten pupils must attend a site that draws nobody from where they live."""
    pull = np.array([[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(DmeError, match="did not end in 50 rounds"):
        attend(np.array([30.0, 10.0]), np.array([20.0, 20.0]), pull, rounds=50)
