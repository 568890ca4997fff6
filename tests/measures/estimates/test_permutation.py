"""Permutation tests: against scipy's, by hand, and the level they hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dme.measures.estimates import permutation
from dme.measures.estimates.bootstrap import Resampling, gap_of_means, resampled

RNG = np.random.default_rng(5)
ONE, OTHER = RNG.normal(1.0, 2.0, 14), RNG.normal(0.0, 1.0, 30)


def welch(one, other, axis):
    """Return Welch's t without its sign, by scipy."""
    return np.abs(stats.ttest_ind(one, other, axis=axis, equal_var=False).statistic)


def test_all_deals_are_gone_through_as_by_scipy():
    one, other = ONE[:4], OTHER[:5]
    exact = stats.permutation_test((one, other), welch, vectorized=True, alternative="greater")
    assert permutation.of_means(one, other, 4000, 1) == pytest.approx(exact.pvalue)


def test_drawn_deals_come_near_scipys():
    drawn = stats.permutation_test(
        (ONE, OTHER), welch, vectorized=True, alternative="greater", n_resamples=20_000, rng=2
    ).pvalue
    assert 0.001 < drawn < 0.5
    assert permutation.of_means(ONE, OTHER, 20_000, 1) == pytest.approx(drawn, abs=0.01)


def test_a_gap_of_means_has_the_p_value_of_its_test():
    by = Resampling(resamples=900, seed=3)
    assert gap_of_means(ONE, OTHER, by).p == permutation.of_means(ONE, OTHER, 900, 3)


def test_a_statistic_is_studentized_by_the_jackknife():
    """For a gap of means the jackknife's error is Welch's, so that both tests agree."""
    groups = [pd.Series(group) for group in (ONE, OTHER)]
    by = Resampling(resamples=900, seed=3)
    found = resampled(lambda a, b: a.mean(-1) - b.mean(-1), *groups, by=by, permuted=True)
    assert found.p == pytest.approx(permutation.of_means(ONE, OTHER, 900, 3), abs=1e-9)


def test_tables_are_dealt_whole():
    """A ratio of sums of rows: the same figures in two columns give one for every deal."""
    groups = [pd.DataFrame({"a": group + 9, "b": group + 9}) for group in (ONE, OTHER)]
    found = resampled(
        lambda mine, theirs: mine.a.sum(-1) / mine.b.sum(-1) - theirs.a.sum(-1) / theirs.b.sum(-1)
        + mine.a.mean(-1) - theirs.a.mean(-1),
        *groups, by=Resampling(resamples=500, seed=3), permuted=True,
    )  # fmt: skip
    assert found.p == pytest.approx(permutation.of_means(ONE, OTHER, 500, 3))


def test_units_that_are_all_alike_do_not_differ():
    assert permutation.of_means([2.0] * 3, [2.0] * 30, 500, 1) == 1


@pytest.mark.parametrize("spread", [1, 3])
def test_it_holds_its_level_with_unequal_variances(spread):
    """Without the error, 14 that vary threefold against 30 are called different in 17 of 100."""
    rng = np.random.default_rng(8)
    rejected = [
        permutation.of_means(rng.normal(0, spread, 14), rng.normal(0, 1, 30), 400, 1) < 0.05
        for _ in range(1000)
    ]
    assert 0.03 <= np.mean(rejected) <= 0.075
