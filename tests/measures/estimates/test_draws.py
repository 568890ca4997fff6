"""Draws of inputs that are known as ranges, and the median of what they give."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dme.measures.estimates import draws
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.estimates.estimate import Estimate, bounded

RANGES = {"load": (990.0, 1215.0), "fixed": (45.0, 45.0), "unknown": (np.nan, np.nan)}


def test_draws_are_seeded_and_every_value_of_a_range_is_equally_likely():
    one, again = (draws.drawn(RANGES, Resampling(resamples=2000, seed=7)) for _ in range(2))
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(draws.drawn(RANGES, Resampling(resamples=2000, seed=8)))
    assert stats.kstest(one["load"], stats.uniform(990, 225).cdf).pvalue > 0.01
    assert (one["fixed"] == 45).all()
    assert one["unknown"].isna().all()


def test_inputs_are_drawn_apart():
    both = draws.drawn({"one": (0, 1), "other": (0, 1)}, Resampling(resamples=4000, seed=3))
    assert abs(both["one"].corr(both["other"])) < 0.05


def test_the_median_and_its_range():
    found = draws.median(pd.Series(np.arange(101.0)), Resampling(confidence=90))
    assert (found.low, found.value, found.high) == (5, 50, 95)
    assert "90 in 100 of 101 draws" in found.interval


@pytest.mark.parametrize(
    ("low", "expected"),
    [
        (4.6 + 4.0, Estimate(8.6, None, None, "none: proved, as the bounds of the solver meet")),
        (8.4, Estimate(8.6, 8.4, 8.6, "between")),
    ],
)
def test_where_the_bounds_of_a_solver_meet_there_is_no_interval(low, expected):
    assert bounded(8.6, low, 43 / 5, "between") == expected
