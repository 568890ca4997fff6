"""The cost curve: a curve that is known, statsmodels' formula as another route, properties."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from dme.errors import Lacking
from dme.measures.size import school_sizes
from dme.measures.spending import economies_of_size
from dme.study import Study
from dme.tables import load

STUDY = Study()


def schools(students, dollars, need=None, district="a"):
    return pd.DataFrame(
        {
            "district_code": district,
            "students": students,
            "dollars_per_pupil": dollars,
            "low_grade": "K",
            "high_grade": ["5" if n % 2 else "8" for n in range(len(students))],
            "percent_high_needs": need if need is not None else np.linspace(40, 90, len(students)),
        }
    )


def curve_of(students, lowest=600.0, bend=0.1, noise=0.0, seed=0):
    """Return dollars that follow a curve with its lowest point at `lowest`."""
    x = np.log(np.asarray(students, float) / lowest)
    error = np.random.default_rng(seed).normal(0, noise, len(x)) if noise else 0
    return 10_000 * np.exp(bend * x**2 + error)


STUDENTS = np.linspace(120, 1500, 40)


def test_a_curve_without_error_is_found_again():
    fit = economies_of_size.size_curve(schools(STUDENTS, curve_of(STUDENTS)), 95)
    assert fit.flattest().value == pytest.approx(600, rel=1e-6)
    assert fit.premium(150, 600).value == pytest.approx(
        100 * np.expm1(0.1 * np.log(150 / 600) ** 2), rel=1e-6
    )
    assert fit.predicted([600])["dollars_per_pupil"][0] == pytest.approx(10_000, rel=1e-6)


def test_with_error_the_interval_holds_the_truth():
    held = 0
    for seed in range(40):
        rows = schools(STUDENTS, curve_of(STUDENTS, noise=0.05, seed=seed))
        found = economies_of_size.size_curve(rows, 95).premium(200, 600)
        held += found.low <= 100 * np.expm1(0.1 * np.log(200 / 600) ** 2) <= found.high
    assert held >= 34


def hartford():
    rows = school_sizes.schools(load("spending_schools"), "2017-18", 100)
    return school_sizes.of_districts(rows, STUDY.district)


def test_a_formula_of_statsmodels_gives_the_same():
    rows = hartford()
    fit = economies_of_size.size_curve(rows, 95)
    data = rows.assign(
        level=[
            economies_of_size.level(*s)
            for s in zip(rows["low_grade"], rows["high_grade"], strict=True)
        ],
        y=np.log(rows["dollars_per_pupil"].astype(float)),
        x=np.log(rows["students"].astype(float)),
        need=rows["percent_high_needs"].astype(float),
    )
    lone = data["level"].value_counts()
    data = data[data["level"].map(lone) > 1]
    other = smf.ols("y ~ x + I(x**2) + need + C(level)", data).fit(cov_type="HC3", use_t=True)
    a, b = np.log(250), np.log(500)
    contrast = np.zeros(len(other.params))
    contrast[list(other.params.index).index("x")] = a - b
    contrast[list(other.params.index).index("I(x ** 2)")] = a**2 - b**2
    tested = other.t_test(contrast)
    found = fit.premium(250, 500)
    low, high = tested.conf_int()[0]
    assert found.value == pytest.approx(100 * np.expm1(float(tested.effect[0])), abs=1e-6)
    assert (found.low, found.high) == pytest.approx(
        (100 * np.expm1(low), 100 * np.expm1(high)), abs=1e-5
    )


def test_hartfords_own_curve_falls_over_all_its_sizes():
    fit = economies_of_size.size_curve(hartford(), 95)
    assert fit.flattest() is None
    assert fit.premium(250, 500).low > 0
    line = fit.predicted([150, 300, 600, 1000])
    assert line["dollars_per_pupil"].is_monotonic_decreasing
    assert (line["low"] < line["dollars_per_pupil"]).all()
    assert (line["dollars_per_pupil"] < line["high"]).all()


def test_a_curve_that_falls_without_end_has_no_lowest_point():
    dollars = 10_000 * (STUDENTS / 500) ** -0.2
    assert economies_of_size.size_curve(schools(STUDENTS, dollars), 95).flattest() is None


def test_districts_of_another_level_of_spending_do_not_bend_the_curve():
    """A dear district of large schools would: its own level is held."""
    dear = schools(STUDENTS + 400, 1.5 * curve_of(STUDENTS + 400), district="b")
    both = pd.concat([schools(STUDENTS, curve_of(STUDENTS)), dear], ignore_index=True)
    fit = economies_of_size.size_curve(both, 95, "a")
    assert fit.flattest().value == pytest.approx(600, rel=1e-6)
    assert fit.predicted([600])["dollars_per_pupil"][0] == pytest.approx(10_000, rel=1e-6)


@pytest.mark.parametrize("count", [0, 5, 12])
def test_too_few_schools_give_no_curve(count):
    rows = schools(STUDENTS[:count], curve_of(STUDENTS[:count]))
    with pytest.raises(Lacking, match="at least 10 more"):
        economies_of_size.size_curve(rows, 95)


def test_schools_of_one_size_give_no_curve():
    with pytest.raises(Lacking, match="several sizes"):
        economies_of_size.size_curve(schools(np.full(40, 500.0), np.full(40, 9000.0)), 95)


def test_a_level_of_a_single_school_is_left_out():
    rows = schools(STUDENTS, curve_of(STUDENTS, noise=0.02))
    lone = rows.head(1).assign(low_grade="9", high_grade="12", dollars_per_pupil=99_999)
    one, other = (
        economies_of_size.size_curve(pd.concat(parts, ignore_index=True), 95).premium(200, 600)
        for parts in ([rows], [rows, lone])
    )
    assert one == other


@settings(max_examples=25, deadline=None)
@given(factor=st.floats(0.2, 50), seed=st.integers(0, 1000))
def test_the_unit_of_money_moves_no_premium_and_no_lowest_point(factor, seed):
    rows = schools(STUDENTS, curve_of(STUDENTS, noise=0.05, seed=seed))
    scaled = rows.assign(dollars_per_pupil=rows["dollars_per_pupil"] * factor)
    one, other = (economies_of_size.size_curve(each, 95) for each in (rows, scaled))
    assert one.premium(200, 600).value == pytest.approx(other.premium(200, 600).value, abs=1e-6)
    assert one.premium(200, 600).low == pytest.approx(other.premium(200, 600).low, abs=1e-6)
    assert other.predicted([400])["high"][0] == pytest.approx(
        factor * one.predicted([400])["high"][0]
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), students=st.sampled_from([0, 300]))
def test_an_empty_school_or_one_without_a_figure_changes_nothing(seed, students):
    rows = schools(STUDENTS, curve_of(STUDENTS, noise=0.05, seed=seed))
    empty = rows.head(1).assign(
        students=students, dollars_per_pupil=np.nan if students else 12_000.0
    )
    one, other = (
        economies_of_size.size_curve(each, 95).premium(200, 600)
        for each in (rows, pd.concat([rows, empty], ignore_index=True))
    )
    assert one == other
