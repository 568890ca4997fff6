"""The slope of a line over the years."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dme.measures.estimates import trend

YEARS = [f"20{n:02d}-{n + 1:02d}" for n in range(7, 17)]


def test_a_straight_line_is_found_over_a_gap():
    years = [*YEARS[:3], *YEARS[6:]]
    values = [10 - 0.5 * (int(year[:4]) - 2007) for year in years]
    found = trend.slope(years, values, 95)
    assert found.value == pytest.approx(-0.5)
    assert (found.low, found.high) == pytest.approx((-0.5, -0.5))


def test_three_years_have_no_interval_and_one_no_slope():
    found = trend.slope(YEARS[:3], [1, 3, 5], 95)
    assert (found.value, found.low, found.high) == (pytest.approx(2), None, None)
    assert "fewer than 4 years" in found.interval
    assert np.isnan(trend.slope(YEARS[:1], [1], 95).value)


def test_the_interval_is_that_of_the_covariance_written_out():
    """Newey and West with one lag, by hand: the bread, the meat and the small-sample factor."""
    values = np.array([20.1, 19.0, 19.5, 18.2, 18.9, 17.0, 16.8, 17.4, 15.9, 15.0])
    found = trend.slope(YEARS, values, 90)
    at = np.arange(10.0) - 4.5
    design = np.column_stack([np.ones(10), at])
    bread = np.linalg.inv(design.T @ design)
    errors = values - design @ (bread @ design.T @ values)
    scores = design * errors[:, None]
    lagged = scores[1:].T @ scores[:-1]
    meat = (scores.T @ scores + (lagged + lagged.T) / 2) * 10 / 8
    error = np.sqrt((bread @ meat @ bread)[1, 1])
    reach = stats.t.ppf(0.95, 8) * error
    assert (found.high - found.low) / 2 == pytest.approx(reach)


@given(st.floats(-5, 5), st.integers(2, 9))
def test_the_unit_and_the_level_do_not_matter(shift, factor):
    values = np.array([3.0, 5, 4, 6, 8, 7, 9, 12, 10, 11])
    one, other = (trend.slope(YEARS, each, 95) for each in (values, factor * values + shift))
    assert other.value == pytest.approx(factor * one.value)
    assert other.low == pytest.approx(factor * one.low)


def test_a_wider_level_gives_a_wider_interval():
    values = [3.0, 5, 4, 6, 8, 7, 9, 12, 10, 11]
    narrow, wide = (trend.slope(YEARS, values, level) for level in (80, 99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_most_tilted_lines_take_opposite_ends_by_hand():
    rows = pd.DataFrame({"school_year": YEARS[:4], "low": [0.0] * 4, "high": [3.0] * 4})
    # Through 0, 0, 3, 3: a slope of 1.2; and down again.
    assert trend.tilted(rows, 1, 95).value == pytest.approx(1.2)
    assert trend.tilted(rows, -1, 95).value == pytest.approx(-1.2)
