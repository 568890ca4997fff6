"""The bootstrap's gap of two means: by hand, and against scipy called directly."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dme.measures.estimates.bootstrap import Resampling, gap_of_means, resampled

ONE, OTHER = [3.0, 5.0, 7.0, 4.0, 9.0], [8.0, 6.0, 10.0, 12.0]


def test_the_gap_is_the_difference_of_the_means():
    assert gap_of_means(ONE, OTHER, Resampling(95, 200, 1)).value == pytest.approx(5.6 - 9)


def test_the_interval_is_scipys():
    found = gap_of_means(pd.Series(ONE), pd.Series(OTHER), Resampling(90, 500, 7))
    direct = stats.bootstrap(
        (ONE, OTHER),
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        n_resamples=500,
        confidence_level=0.9,
        method="BCa",
        vectorized=True,
        batch=500,
        rng=np.random.default_rng(7),
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx((direct.low, direct.high))


def test_too_few_schools_have_no_interval():
    found = gap_of_means([1.0, 2.0], OTHER, Resampling(95, 200, 1))
    assert (found.low, found.high) == (None, None)
    assert found.value == pytest.approx(1.5 - 9)


def smaller(ours, theirs, by):
    """Return by how many percent one mean is smaller than the other."""
    groups = (pd.Series(group, dtype=float) for group in (ours, theirs))
    return resampled(lambda a, b: 100 * (1 - a.mean(-1) / b.mean(-1)), *groups, by=by)


def test_a_ratio_by_hand_and_two_schools_have_no_interval():
    found = smaller([300, 500], [600, 800, 1000], Resampling(resamples=200))
    assert (found.value, found.low, found.high) == (pytest.approx(50), None, None)
    assert "fewer than 3" in found.interval


def test_schools_that_are_all_alike_get_no_interval():
    found = smaller([300] * 3, [600] * 3, Resampling(resamples=200))
    assert (found.value, found.low, found.high) == (50, None, None)
    assert "all alike" in found.interval


SIZES = st.lists(st.integers(20, 3000), min_size=3, max_size=12).filter(lambda x: len(set(x)) > 2)


@given(ours=SIZES, theirs=SIZES, factor=st.integers(2, 9))
def test_a_ratio_does_not_change_with_the_unit(ours, theirs, factor):
    quick = Resampling(resamples=200)
    one = smaller(ours, theirs, quick)
    other = smaller([factor * n for n in ours], [factor * n for n in theirs], quick)
    assert one.value == pytest.approx(other.value)
    assert one.low == pytest.approx(other.low, abs=1e-9)


def test_the_same_seed_gives_the_same_interval_and_another_another():
    first, again, other = (
        smaller(ONE, OTHER, Resampling(resamples=500, seed=n)) for n in (1, 1, 2)
    )
    assert first == again
    assert first.low != other.low
    assert first.value == other.value
