"""Randomization inference, against scipy's permutation test, hand-made cases and simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dme.errors import Lacking
from dme.measures.estimates import difference_in_differences as did
from dme.measures.estimates.bootstrap import Resampling

DRAWN = Resampling(95, 4000, 1)


def _schools(treated, others, level="PK-8"):
    values = [*treated, *others]
    codes = [f"{at:02d}" for at in range(len(values))]
    outcome = pd.Series(values, index=codes, dtype=float)
    return outcome, codes[: len(treated)], pd.Series(level, index=codes)


def test_few_schools_go_through_every_assignment_by_hand():
    # Of the six ways to choose two of four, two are as far apart as 9 and 8 against 1 and 2.
    found = did.randomized(*_schools([9, 8], [1, 2]), DRAWN)
    assert found.value == pytest.approx(7)
    assert found.facts["p"] == pytest.approx(2 / 6)
    assert (found.facts["treated"], found.facts["others"]) == (2, 2)
    # Six assignments can never reject at five percent.
    assert found.low is None
    assert found.high is None
    assert "all 6 assignments" in found.interval


def test_p_is_that_of_scipy_going_through_all_assignments():
    outcome, treated, strata = _schools([3.1, 4.7, 9.2, 6.6], [1.2, 5.0, 2.2, 3.3, 0.4, 7.1])
    found = did.randomized(outcome, treated, strata, DRAWN)
    values = outcome.to_numpy()
    other = stats.permutation_test(
        (values[:4], values[4:]), lambda a, b: a.mean() - b.mean(), n_resamples=np.inf
    )
    assert found.value == pytest.approx(other.statistic)
    assert found.facts["p"] == pytest.approx(
        np.mean(np.abs(other.null_distribution) >= other.statistic)
    )


def test_the_interval_holds_what_the_test_does_not_reject():
    outcome, treated, strata = _schools([3.1, 4.7, 9.2, 6.6, 8.0], [1.2, 5.0, 2.2, 3.3, 0.4, 7.1])
    found = did.randomized(outcome, treated, strata, DRAWN)
    assert found.low < found.value < found.high
    for effect, rejected in (
        (found.low - 0.05, True), (found.low + 0.05, False),
        (found.high - 0.05, False), (found.high + 0.05, True),
    ):  # fmt: skip
        less = outcome.where(~outcome.index.isin(treated), outcome - effect)
        assert (did.randomized(less, treated, strata, DRAWN).facts["p"] <= 0.05) == rejected


def test_levels_are_compared_within_themselves():
    high, codes, _ = _schools([50, 52, 40, 42], [])
    low = pd.Series([10.0, 12.0, 14.0], index=["x", "y", "z"])
    outcome = pd.concat([high, low])
    strata = pd.Series(["high"] * 4 + ["low"] * 3, index=outcome.index)
    treated = [*codes[:2], "x"]
    found = did.randomized(outcome, treated, strata, DRAWN)
    # Within high 51 - 41, within low 10 - 13, weighted two to one.
    assert found.value == pytest.approx((2 * 10 + 1 * -3) / 3)
    assert "all 18 assignments" in found.interval


def test_a_level_without_comparison_is_left_out():
    outcome = pd.Series([1.0, 2.0, 3.0, 9.0], index=list("abcd"))
    strata = pd.Series(["PK-8", "PK-8", "PK-8", "high"], index=list("abcd"))
    found = did.randomized(outcome, ["a", "d"], strata, DRAWN)
    assert (found.facts["treated"], found.facts["others"]) == (1, 2)
    with pytest.raises(Lacking, match="no other schools"):
        did.randomized(outcome, ["d"], strata, DRAWN)


def test_drawn_assignments_agree_with_all_of_them(monkeypatch):
    random = np.random.default_rng(3)
    schools = _schools(random.normal(2, 3, 5), random.normal(0, 3, 12))
    every = did.randomized(*schools, DRAWN)
    monkeypatch.setattr(did, "_ALL", 0)
    drawn = did.randomized(*schools, DRAWN)
    assert "4,001 drawn" in drawn.interval
    assert drawn.facts["p"] == pytest.approx(every.facts["p"], abs=0.03)
    assert drawn.low == pytest.approx(every.low, abs=0.4)
    assert drawn.facts["detectable"] == pytest.approx(every.facts["detectable"], rel=0.05)
    assert did.randomized(*schools, DRAWN) == drawn


def test_the_detectable_effect_is_seen_four_times_in_five(monkeypatch):
    monkeypatch.setattr(did, "_ALL", 0)
    random = np.random.default_rng(5)
    seen = []
    for _ in range(150):
        values = random.normal(0, 4, 16)
        outcome, treated, strata = _schools(values[:6], values[6:])
        effect = did.randomized(outcome, treated, strata, Resampling(95, 200, 1)).facts[
            "detectable"
        ]
        more = outcome.where(~outcome.index.isin(treated), outcome + effect)
        seen.append(
            did.randomized(more, treated, strata, Resampling(95, 200, 1)).facts["p"] <= 0.05
        )
    assert 0.7 < np.mean(seen) < 0.9


def test_without_an_effect_the_test_keeps_its_level():
    random = np.random.default_rng(9)
    draws = [_schools(values[:4], values[4:]) for values in random.normal(0, 1, (300, 12))]
    rejected = np.mean(
        [did.randomized(*each, Resampling(90, 200, 1)).facts["p"] <= 0.1 for each in draws]
    )
    assert 0.05 < rejected < 0.15


RATES = pd.DataFrame(
    {
        "school_code": ["a"] * 3 + ["b"] * 3 + ["c"] * 2,
        "school_year": ["2011-12", "2012-13", "2013-14"] * 2 + ["2011-12", "2013-14"],
        "percent": [10, 20, 30, 9, np.nan, 3, 5, 6],
    }
)
YEARS = ["2011-12", "2012-13", "2013-14"]


def test_only_schools_with_every_year_are_followed():
    wide = did.panel(RATES, YEARS)
    assert wide.index.tolist() == ["a"]
    assert did.panel(RATES, ["2011-12", "2013-14"]).index.tolist() == ["a", "b", "c"]
    assert did.panel(RATES, ["2011-12", "2020-21"]).empty


def test_changes_and_trends_of_a_straight_line_are_the_same():
    wide = did.panel(RATES, YEARS)
    assert did.changes(wide, YEARS[:1], YEARS[-1:])["a"] == pytest.approx(20)
    assert did.changes(wide, YEARS[:2], YEARS[1:])["a"] == pytest.approx(10)
    assert did.trends(wide)["a"] == pytest.approx(20)


def test_what_covariates_explain_is_taken_out():
    random = np.random.default_rng(2)
    size = pd.DataFrame({"size": random.normal(0, 1, 12)}, index=list("abcdefghijkl"))
    strata = pd.Series(["x"] * 6 + ["y"] * 6, index=size.index)
    outcome = 3 * size["size"] + strata.map({"x": 5.0, "y": -5.0})
    assert np.allclose(did.adjusted(outcome, size, strata), 0)
    noise = pd.Series(random.normal(0, 1, 12), index=size.index)
    left = did.adjusted(outcome + noise, size, strata)
    assert abs(np.corrcoef(left, size["size"])[0, 1]) < 1e-8
