"""The slope of a line over the years: other libraries' formulas, and the coverage it claims."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, stats

from dme.measures.estimates import trend

YEARS = [f"20{n:02d}-{n + 1:02d}" for n in range(7, 17)]
GAP = [*YEARS[:3], *YEARS[6:]]
FIGURES = [20.1, 19.0, 19.5, 18.2, 18.9, 17.0, 16.8, 17.4, 15.9, 15.0]


def test_a_straight_line_is_found_over_a_gap():
    values = [10 - 0.5 * (int(year[:4]) - 2007) for year in GAP]
    found = trend.slope(GAP, values, 95)
    assert found.value == pytest.approx(-0.5)
    assert (found.low, found.high) == pytest.approx((-0.5, -0.5))
    assert found.p < 1e-6


def test_figures_that_never_change_have_no_trend():
    found = trend.slope(YEARS, [1 / 3] * 10, 95)
    assert (found.value, found.p) == pytest.approx((0, 1), abs=1e-6)


def test_three_years_have_no_interval_and_one_no_slope():
    found = trend.slope(YEARS[:3], [1, 3, 5], 95)
    assert (found.value, found.low, found.high, found.p) == (pytest.approx(2), None, None, None)
    assert "fewer than 4 years" in found.interval
    assert np.isnan(trend.slope(YEARS[:1], [1], 95).value)


def test_without_autocorrelation_it_is_the_textbooks_interval():
    found = trend.slope(YEARS, FIGURES, 90, most_alike=0)
    textbook = stats.linregress(range(10), FIGURES)
    reach = stats.t.ppf(0.95, 8) * textbook.stderr
    assert found.value == pytest.approx(textbook.slope)
    assert (found.low, found.high) == pytest.approx((found.value - reach, found.value + reach))
    assert found.p == pytest.approx(textbook.pvalue)


@pytest.mark.parametrize("years", [YEARS[:7], GAP])
def test_the_ends_are_those_of_statsmodels_lines_averaged(years):
    """Lines by statsmodels' GLS; the weights by the density of what no line explains."""
    at, values = np.array([int(year[:4]) for year in years], float), np.array(FIGURES[: len(years)])
    found = trend.slope(years, values, 95)
    design = sm.add_constant(at)
    contrasts = linalg.null_space(design.T)  # residual contrasts, as REML is defined
    weights, below = [], []
    for rho in np.linspace(0, trend.MOST_ALIKE, 19):
        errors = rho ** np.abs(at[:, None] - at)
        fit = sm.GLS(values, design, sigma=errors).fit()
        left = contrasts.T @ errors @ contrasts
        seen = contrasts.T @ values
        # The scale is integrated out: a multivariate t without its scale.
        squares = seen @ np.linalg.solve(left, seen)
        weights.append(np.linalg.det(left) ** -0.5 * squares ** (-len(seen) / 2))
        t = stats.t(fit.df_resid, fit.params[1], fit.bse[1])
        below.append((t.cdf(found.low), t.cdf(found.high), t.cdf(0.0)))
    low, high, zero = np.average(below, axis=0, weights=weights)
    assert (low, high) == pytest.approx((0.025, 0.975))
    assert found.p == pytest.approx(2 * min(zero, 1 - zero))


def series(years: int, correlation: float, count: int, seed: int = 1) -> np.ndarray:
    """Return series without a trend, whose neighbors are correlated; of variance one."""
    noise = np.random.default_rng(seed).normal(size=(count, years))
    for at in range(1, years):
        fresh = np.sqrt(1 - correlation**2) * noise[:, at]
        noise[:, at] = correlation * noise[:, at - 1] + fresh
    return noise


@pytest.mark.parametrize("years", [6, 8, 10])
@pytest.mark.parametrize(("correlation", "least"), [(0, 0.95), (0.5, 0.94), (0.7, 0.90)])
def test_it_covers(years, correlation, least):
    """Newey and West's interval with one lag covers 86% of six independent years, 74% at 0.5."""
    p = trend.p_value(YEARS[:years], series(years, correlation, 4000))
    assert np.mean(p > 0.05) >= least


def test_newey_and_west_do_not_cover():
    """What the simulation is for: it tells an interval that falls short."""
    design = sm.add_constant(np.arange(6.0))
    missed = [
        sm.OLS(figures, design).fit(
            cov_type="HAC", cov_kwds={"maxlags": 1, "use_correction": True}, use_t=True
        ).pvalues[1] < 0.05
        for figures in series(6, 0.5, 600)
    ]  # fmt: skip
    assert np.mean(missed) > 0.2


def test_the_interval_holds_what_is_not_rejected():
    found = trend.slope(YEARS, FIGURES, 90)
    for end in (found.low, found.high):
        assert trend.p_value(YEARS, FIGURES, of=end) == pytest.approx(0.1)


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
