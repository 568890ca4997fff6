"""The premium across districts: statsmodels' mixed model as another route, by hand, coverage."""

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.turns import on_turn

from dme.errors import Lacking
from dme.measures.estimates.pooled_effects import pooled, with_drawn_levels
from dme.measures.size import school_sizes
from dme.study import Study
from dme.tables import load

STUDY = Study()
TOTAL = "dollars_per_pupil"
# Small schools and others of the nine peers in 2017-18; two have none of the former.
SIZES = ((9, 27), (7, 33), (5, 24), (5, 7), (2, 12), (4, 14), (3, 17), (0, 10), (0, 15))


def urban(year="2017-18"):
    rows = school_sizes.schools(load("spending_schools"), year, 100)
    return school_sizes.of_districts(rows, STUDY.peers)


def of(rows, column=TOTAL):
    return pooled(rows, 350, 95, column)


def drawn(rng, sizes, premium, between, within=0.13):
    """Draw schools of districts by the model, their true mean premium in logs given."""
    code = np.repeat(np.arange(len(sizes)), [sum(pair) for pair in sizes])
    small = np.concatenate([[True] * few + [False] * rest for few, rest in sizes])
    level, own = rng.normal(9, 0.1, len(sizes)), rng.normal(premium, between, len(sizes))
    log = level[code] + small * own[code] + rng.normal(0, within, len(code))
    students = np.where(small, 200, 600)
    rows = {"district_code": code.astype(str), "students": students, TOTAL: np.exp(log)}
    return pd.DataFrame(rows)


def log_of(percent):
    return np.log1p(np.asarray(percent) / 100)


@pytest.mark.parametrize("year", ["2017-18", "2018-19"])
def test_it_is_the_model_that_statsmodels_fits(year):
    rows = urban(year).dropna(subset=[TOTAL])
    rows = rows.assign(small=(rows["students"] < 350).astype(float), log=np.log(rows[TOTAL]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = smf.mixedlm(
            "log ~ 0 + C(district_code) + small", rows, groups="district_code", re_formula="0+small"
        )
        other = model.fit(reml=True)
    found, reach = of(rows), stats.t.ppf(0.975, 6) * other.bse_fe["small"]
    mean = other.fe_params["small"]
    assert log_of(found.premium.value) == pytest.approx(mean, abs=1e-5)
    ends = log_of([found.premium.low, found.premium.high])
    # Its error is by the likelihood's curvature, near that of generalized least squares.
    assert ends == pytest.approx([mean - reach, mean + reach], abs=1e-3)
    assert log_of(found.between) == pytest.approx(np.sqrt(other.cov_re.iloc[0, 0]), rel=1e-3)
    apart = {code: mean + own.iloc[0] for code, own in other.random_effects.items()}
    shrunk = found.districts.set_index("district_code")["shrunk"]
    assert log_of(shrunk) == pytest.approx([apart[code] for code in shrunk.index], abs=1e-4)


def test_equally_many_schools_by_hand():
    """The analysis of variance of a balanced table: the mean of the districts' own differences,
    with the error of a mean of as many independent figures.
    """
    logs = {"a": ([0.5, 0.7], [0.1, 0.3]), "b": ([0.2, 0.2], [0.1, 0.1]), "c": ([0.0, 0.2], [0, 0])}
    rows = pd.DataFrame(
        [
            {"district_code": code, "students": students, TOTAL: np.exp(log)}
            for code, sides in logs.items()
            for students, side in zip((200, 600), sides, strict=True)
            for log in side
        ]
    )
    found, gaps = of(rows), np.array([0.4, 0.1, 0.1])
    assert log_of(found.premium.value) == pytest.approx(0.2)
    reach = stats.t.ppf(0.975, 2) * gaps.std(ddof=1) / np.sqrt(3)
    assert log_of(found.premium.high) == pytest.approx(0.2 + reach, abs=1e-5)
    # Within: six schools' squares of 0.01 over six degrees; a gap of two means of two has as much.
    within = 0.06 / 6
    between = gaps.var(ddof=1) - within
    assert log_of(found.between) == pytest.approx(np.sqrt(between), abs=1e-4)
    assert found.p_value == pytest.approx(stats.f.sf(gaps.var(ddof=1) / within, 2, 6))
    own = stats.t.ppf(0.975, 6) * np.sqrt(within)
    assert log_of(found.districts["low"]) == pytest.approx(gaps - own)
    kept = between / (between + within)
    assert log_of(found.districts["shrunk"]) == pytest.approx(0.2 + kept * (gaps - 0.2), abs=1e-4)


def test_districts_that_agree_are_one_regression():
    """Where they differ by less than chance, it is least squares with a level for each district."""
    rows = drawn(np.random.default_rng(3), SIZES, 0.1, 0.0)
    rows["small"], rows["log"] = (rows["students"] < 350).astype(float), np.log(rows[TOTAL])
    other = smf.ols("log ~ C(district_code) + small", rows).fit()
    found = of(rows)
    assert found.between == 0
    assert log_of(found.premium.value) == pytest.approx(other.params["small"])
    reach = stats.t.ppf(0.975, 6) * other.bse["small"]
    assert log_of(found.premium.low) == pytest.approx(other.params["small"] - reach)
    assert found.districts["shrunk"].to_numpy() == pytest.approx(found.premium.value)


@pytest.mark.parametrize("between", on_turn([0.0, 0.15], 2))
def test_the_interval_covers_at_the_peers_sizes(between):
    rng, hits, times = np.random.default_rng(11), 0, 400
    for _ in range(times):
        one = of(drawn(rng, SIZES, 0.05, between)).premium
        hits += one.low <= 100 * np.expm1(0.05) <= one.high
    # 95% or more, less three standard errors of a share of so many.
    assert hits / times > 0.95 - 3 * np.sqrt(0.95 * 0.05 / times)


def test_every_peer_with_both_groups_takes_part():
    found = of(urban()).districts.set_index("district_code")
    assert "0800011" not in found.index  # Meriden has no school under 350 students
    assert "1350011" not in found.index  # Stamford neither
    assert tuple(found.loc["0890011", ["small", "rest"]]) == (2, 12)  # New Britain
    assert found["low"].notna().all()
    means = urban().dropna(subset=[TOTAL]).assign(log=lambda d: np.log(d[TOTAL].astype(float)))
    britain = means[means["district_code"] == "0890011"]
    small = britain["students"] < 350
    gap = britain.loc[small, "log"].mean() - britain.loc[~small, "log"].mean()
    assert log_of(found.loc["0890011", "value"]) == pytest.approx(gap)


def test_one_more_district_lies_in_a_wider_interval():
    found = of(urban())
    low, high = found.further
    assert low < found.premium.low < found.premium.value < found.premium.high < high


def test_drawn_levels_come_near_and_trouble_is_told():
    rows = urban()
    other, found = with_drawn_levels(rows, 350, 95, TOTAL), of(rows).premium
    assert (other.value, other.low, other.high) == pytest.approx(
        (found.value, found.low, found.high), abs=2
    )
    alike = drawn(np.random.default_rng(3), SIZES, 0.1, 0.0)
    with pytest.raises(Lacking, match="does not converge"):
        with_drawn_levels(alike, 350, 95, TOTAL)


def test_too_few_districts_are_not_pooled():
    rows = urban()
    few = rows[rows["district_code"].isin(["0890011", "0930011", "0800011"])]
    for function in (pooled, with_drawn_levels):
        for one in (few, rows.head(0)):
            with pytest.raises(Lacking, match="fewer than 3 districts"):
                function(one, 350, 95, TOTAL)


@settings(max_examples=25, deadline=None)
@given(factors=st.lists(st.floats(0.1, 30), min_size=9, max_size=9))
def test_a_districts_own_unit_of_money_moves_no_premium(factors):
    rows = urban()
    scale = rows["district_code"].map(dict(zip(STUDY.peers, factors, strict=True)))
    one, other = of(rows), of(rows.assign(**{TOTAL: rows[TOTAL] * scale}))
    assert one.premium.value == pytest.approx(other.premium.value, abs=1e-4)
    pd.testing.assert_frame_equal(one.districts, other.districts, atol=1e-3)


def test_an_empty_school_changes_nothing():
    rows = urban()
    empty = rows.head(1).assign(students=200, dollars_per_pupil=pd.NA)
    free = rows.head(1).assign(students=200, dollars_per_pupil=0)
    uncounted = rows.head(1).assign(students=pd.NA)
    more = pd.concat([rows, empty, free, uncounted], ignore_index=True)
    assert of(rows).premium == of(more).premium
