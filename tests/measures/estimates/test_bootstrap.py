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


def welch(one, other):
    """Return the degrees of freedom of two means' gap, and how much less resamples vary."""
    each = [(np.var(group, ddof=1) / len(group), len(group)) for group in (one, other)]
    both = sum(variance for variance, _ in each)
    narrowed = sum(variance * (n - 1) / n for variance, n in each)
    return both**2 / sum(v**2 / (n - 1) for v, n in each), np.sqrt(both / narrowed)


def test_the_interval_is_scipys_at_the_level_that_widens_it():
    found = gap_of_means(pd.Series(ONE), pd.Series(OTHER), Resampling(90, 500, 7))
    freedom, widening = welch(ONE, OTHER)
    assert freedom == pytest.approx(stats.ttest_ind(ONE, OTHER, equal_var=False).df)
    level = 2 * stats.norm.cdf(widening * stats.t.ppf(0.95, freedom)) - 1
    direct = stats.bootstrap(
        (ONE, OTHER),
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        n_resamples=500,
        confidence_level=level,
        method="BCa",
        vectorized=True,
        batch=500,
        rng=np.random.default_rng(7),
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx((direct.low, direct.high))


def test_the_interval_ends_at_zero_at_the_level_that_p_tells():
    ours, theirs = pd.Series(ONE), pd.Series(OTHER)
    p = resampled(lambda a, b: a.mean(-1) - b.mean(-1), ours, theirs, by=Resampling()).p
    for level, holds in ((100 * (1 - p) - 1, False), (100 * (1 - p) + 1, True)):
        found = gap_of_means(ours, theirs, Resampling(level))
        assert (found.low < 0 < found.high) == holds


SIZES_SEEN = [(14, 30), (8, 30), (45, 212)]
"""Small schools and others in Hartford, without large ones, and with the peers'."""


def covered(statistic, truth, sizes, spread, samples=700):
    """Return how often the interval holds the truth of skewed (log-normal) schools."""
    rng, hits = np.random.default_rng(3), 0
    for _ in range(samples):
        groups = [pd.Series(np.exp(spread * rng.normal(size=size))) for size in sizes]
        found = resampled(statistic, *groups, by=Resampling(resamples=600))
        hits += found.low <= truth <= found.high
    return hits / samples


@pytest.mark.parametrize("sizes", SIZES_SEEN)
@pytest.mark.parametrize(
    "statistic", [lambda a, b: a.mean(-1) - b.mean(-1), lambda a, b: a.mean(-1) / b.mean(-1) - 1]
)
def test_gaps_and_ratios_of_means_cover(statistic, sizes):
    """BCa alone covers 90% at 8 and 91% at 14 schools against 30."""
    assert covered(statistic, 0, sizes, 0.3) >= 0.92
    assert covered(statistic, 0, sizes, 0.5) >= 0.915


def test_a_mean_of_nine_peers_covers():
    """BCa alone covers 87% of them."""
    assert covered(lambda a: a.mean(-1), np.exp(0.2**2 / 2), [9], 0.2, 1000) >= 0.92


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
