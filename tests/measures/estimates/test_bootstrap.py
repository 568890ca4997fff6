"""The bootstrap's gap of two means: by hand, and against scipy called directly."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dme.measures.estimates.bootstrap import Resampling, gap_of_means

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
