"""The premium across districts: statsmodels' pooling as another route, by hand, properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from dme.errors import Lacking
from dme.measures.estimates import pooled_effects
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.size import school_sizes
from dme.measures.spending import cost
from dme.study import Study
from dme.tables import load

STUDY = Study()
TOTAL = "dollars_per_pupil"


def urban():
    rows = school_sizes.schools(load("spending_schools"), "2017-18", 100)
    return school_sizes.of_districts(rows, [STUDY.district, *STUDY.peers])


def by_district(rows=None, weighting="students"):
    rows = urban() if rows is None else rows
    return pooled_effects.premium_by_district(rows, 350, weighting, 95, TOTAL).set_index(
        "district_code"
    )


def effects(values, errors):
    return pd.DataFrame(
        {
            "district_code": [str(n) for n in range(len(values))],
            "effect": np.asarray(values, float),
            "error": np.asarray(errors, float),
        }
    )


def test_a_district_of_two_groups_by_hand():
    rows = pd.DataFrame(
        {
            "district_code": "a",
            "students": [100, 200, 300, 400, 500, 600],
            TOTAL: [12.0, 12.0, 12.0, 9.0, 10.0, 11.0],
        }
    )
    found = pooled_effects.premium_by_district(rows, 350, "schools", 95, TOTAL).iloc[0]
    assert (found["small"], found["rest"]) == (3, 3)
    assert found["value"] == pytest.approx(20)
    # Of the others: residuals -1, 0, 1 over (3 - 1): sqrt(1/4 + 1/4).
    assert found["error"] == pytest.approx(np.sqrt(0.5) / 10)
    reach = stats.t.ppf(0.975, 4) * found["error"]
    assert found["low"] == pytest.approx(100 * np.expm1(np.log(1.2) - reach))


def test_hartfords_premium_is_the_one_of_its_own_section():
    found = by_district().loc[STUDY.district]
    own = school_sizes.of_districts(urban(), STUDY.district)
    own = own.dropna(subset=["dollars_per_pupil"])
    small = own["students"] < 350
    other = cost.contrast(own[small], own[~small], "students", Resampling(resamples=2000)).premium
    assert found["value"] == pytest.approx(17.3, abs=0.05)
    assert found["value"] == pytest.approx(other.value)
    # Another kind of interval, and near: neither a student's t nor a bootstrap is exact here.
    assert (found["low"], found["high"]) == pytest.approx((other.low, other.high), abs=2.5)


def test_districts_without_both_groups_are_left_out_and_thin_ones_have_no_interval():
    found = by_district()
    assert "0800011" not in found.index  # Meriden has no school under 350 students
    assert "1350011" not in found.index  # Stamford neither
    assert found.loc["0890011", "small"] == 2  # New Britain
    assert np.isnan(found.loc["0890011", "low"])
    assert found.drop(index="0890011")["low"].notna().all()


def test_pooling_agrees_with_statsmodels():
    found = by_district().dropna(subset=["error"])
    pooled = pooled_effects.pooled(found, 95)
    other = combine_effects(
        found["effect"].to_numpy(), found["error"].to_numpy() ** 2, method_re="dl"
    )
    assert other.tau2 > 0
    assert pooled.premium.value == pytest.approx(100 * np.expm1(other.mean_effect_re))
    assert pooled.i_squared == pytest.approx(100 * other.i2)
    error = max(other.sd_eff_w_re_hksj, other.sd_eff_w_re)
    reach = stats.t.ppf(0.975, len(found) - 1) * error
    assert pooled.premium.low == pytest.approx(100 * np.expm1(other.mean_effect_re - reach))
    assert pooled.p_value == pytest.approx(other.test_homogeneity().pvalue)


def test_the_wide_interval_is_that_of_one_more_district():
    pooled = pooled_effects.pooled(by_district(), 95)
    low, high = pooled.further
    assert low < pooled.premium.low < pooled.premium.value < pooled.premium.high < high


def test_districts_that_agree_are_pooled_by_their_precision():
    """No more spread than chance: plain weights, and no interval narrower than theirs."""
    pooled = pooled_effects.pooled(effects([0.10, 0.10, 0.10], [0.1, 0.2, 0.1]), 95)
    assert pooled.i_squared == 0
    assert pooled.premium.value == pytest.approx(100 * np.expm1(0.1))
    error = 1 / np.sqrt(1 / 0.01 + 1 / 0.04 + 1 / 0.01)
    reach = stats.t.ppf(0.975, 2) * error
    assert pooled.premium.high == pytest.approx(100 * np.expm1(0.1 + reach))


def test_with_two_districts_nothing_is_pooled():
    with pytest.raises(Lacking, match="fewer than 3 districts"):
        pooled_effects.pooled(effects([0.1, 0.2, 0.3], [0.1, 0.1, np.nan]), 95)


EFFECTS = st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(0.02, 0.4)), min_size=3, max_size=9)


@given(drawn=EFFECTS)
def test_the_mean_lies_among_the_districts(drawn):
    values, errors = zip(*drawn, strict=True)
    pooled = pooled_effects.pooled(effects(values, errors), 95)
    low, high = (100 * np.expm1(end) for end in (min(values), max(values)))
    assert low - 1e-9 <= pooled.premium.value <= high + 1e-9
    assert 0 <= pooled.i_squared <= 100
    assert 0 <= pooled.p_value <= 1


@settings(max_examples=25, deadline=None)
@given(factors=st.lists(st.floats(0.1, 30), min_size=10, max_size=10))
def test_a_districts_own_unit_of_money_moves_no_premium(factors):
    rows = urban()
    scale = rows["district_code"].map(
        dict(zip([STUDY.district, *STUDY.peers], factors, strict=True))
    )
    one, other = by_district(rows), by_district(rows.assign(**{TOTAL: rows[TOTAL] * scale}))
    columns = ["value", "low", "high"]
    assert one[columns].to_numpy() == pytest.approx(other[columns].to_numpy(), nan_ok=True)


def test_an_empty_school_changes_nothing():
    rows = urban()
    empty = rows.head(1).assign(students=200, dollars_per_pupil=pd.NA)
    uncounted = rows.head(1).assign(students=pd.NA)
    more = pd.concat([rows, empty, uncounted], ignore_index=True)
    pd.testing.assert_frame_equal(by_district(rows), by_district(more))
