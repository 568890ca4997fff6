"""The simulations of coverage: their estimators against other code, their truths, their results."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from dme.measures.estimates import coverage
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.spending.cost import adjusted_premium

BY = Resampling(95, 400, 2017)


def test_newey_and_west_are_statsmodels():
    figures = coverage.series(4, 8, 0.5, 1)
    design = sm.add_constant(np.arange(8.0))
    direct = [
        sm.OLS(each, design).fit(
            cov_type="HAC", cov_kwds={"maxlags": 1, "use_correction": True}, use_t=True
        ).pvalues[1]
        for each in figures
    ]  # fmt: skip
    assert coverage.newey_west(figures) == pytest.approx(direct)


def test_series_are_correlated_as_said():
    figures = coverage.series(20_000, 6, 0.5, 1)
    assert figures.var(axis=0) == pytest.approx(1, abs=0.04)
    apart = [np.corrcoef(figures[:, 0], figures[:, at])[0, 1] for at in (1, 2)]
    assert apart == pytest.approx([0.5, 0.25], abs=0.03)


def test_skewed_groups_have_means_of_one():
    means = [
        [group.mean() for group in each] for each in coverage.skewed(3000, (9, 4), (0.5, 1), 1)
    ]
    assert np.mean(means, axis=0) == pytest.approx(1, abs=0.04)


def test_students_weigh_alike_in_both_groups_and_more_in_cheaper_schools():
    made = coverage.with_students(coverage.skewed(2, (40_000, 40_000), (0.15, 0.15), 1), 1)
    for ours, theirs in made:
        means = [np.average(one["figure"], weights=one["students"]) for one in (ours, theirs)]
        # The mean of figure**-1 over that of figure**-2, both log-normal.
        assert means == pytest.approx([np.exp(-2 * 0.15**2)] * 2, rel=0.005)
        logs = np.log(ours)
        assert logs["students"].std() == pytest.approx(0.5, abs=0.01)
        assert logs.corr().iloc[0, 1] == pytest.approx(-0.6, abs=0.02)


def test_the_regressions_are_those_of_the_premium():
    rng = np.random.default_rng(2)
    rows = pd.DataFrame({
        "dollars_per_pupil": np.exp(rng.normal(9.5, 0.2, 30)), "small": np.arange(30) < 10,
        "percent_high_needs": rng.uniform(40, 100, 30), "low_grade": "PK",
        "high_grade": ["5", "8", "12"] * 10,
    })  # fmt: skip
    found = adjusted_premium(rows, 95)
    design = np.column_stack([
        rows["small"], np.ones(30), rows["percent_high_needs"],
        rows["high_grade"] == "8", rows["high_grade"] == "12",
    ]).astype(float)  # fmt: skip
    effect, error = coverage.hc3(design, np.log(rows["dollars_per_pupil"].to_numpy()))
    from_log = 100 * np.expm1(effect + np.array([0, -1, 1]) * error * 2.0595)  # t of 25, 97.5%
    assert (found.value, found.low, found.high) == pytest.approx(from_log, rel=1e-3)


def test_shares_are_covered_as_by_counting():
    """For one school of two Wilson's interval holds 9.5 to 90.5%; for none of two, up to 65.8%."""
    at = np.linspace(0.01, 0.99, 99)
    none, both = (1 - at) ** 2 * (at <= 0.6576), at**2 * (at >= 1 - 0.6576)
    one = 2 * at * (1 - at) * ((at >= 0.0945) & (at <= 0.9055))
    assert coverage.of_share(2, 95) == pytest.approx(100 * (none + one + both).mean())


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_the_projects_trends_cover_and_newey_west_do_not(correlation):
    figures = coverage.series(3000, 6, correlation, 1)
    assert coverage.share(coverage.averaged(figures) > 0.05).value >= 94
    assert coverage.share(coverage.newey_west(figures) > 0.05).value <= 88


def test_a_mean_of_nine_is_covered_better_than_by_bca_alone():
    def mean(drawn):
        return drawn.mean(-1)

    now, before = (
        coverage.share(of(mean, 1, coverage.skewed(600, (9,), (0.2,), 1), BY)).value
        for of in (coverage.widened, coverage.plain_bca)
    )
    assert now >= 92.5
    assert before <= 91


def test_tests_by_permutation_and_randomization_hold_their_level():
    groups = coverage.skewed(600, (14, 30), (0.5, 0.3), 1)
    assert coverage.share(coverage.not_rejected(groups, BY)).value >= 92
    assert coverage.share(coverage.randomized(120, 7, 30, BY)).value >= 91


def test_the_other_kinds_cover():
    assert coverage.share(coverage.regressed(2000, 14, 30, BY)).value >= 93
    assert coverage.of_two_shares(14, 30, 95) >= 95
    assert coverage.share(coverage.projected(2000, 6, 5, 0.0, BY)).value >= 91
