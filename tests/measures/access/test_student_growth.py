"""Growth against the state's: the check figures, values by hand, and the margin's bound."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import Lacking
from dme.measures.access import student_growth
from dme.tables import load

YEAR, MEASURE = "2015-16", "target_achieved_percent"


@pytest.fixture(scope="module")
def hartford():
    schools = student_growth.by_subject(load("school_growth"), YEAR, MEASURE)
    state = student_growth.by_subject(load("district_growth"), YEAR, MEASURE).loc[
        student_growth.STATE
    ]
    compared = student_growth.against_state(schools, state, MEASURE, 95)
    zones = load("school_zones").set_index("school_code")["zone"]
    return compared.join(zones, how="inner")


def test_the_schools_above_in_both_subjects_by_zone(hartford):
    """The check figures: 1 of 9 in zone 1; none of 7, 10 and 8 in the others."""
    counts = student_growth.above(hartford, "both").groupby(hartford["zone"]).agg(["sum", "size"])
    assert counts["sum"].to_dict() == {"Zone 1": 1, "Zone 2": 0, "Zone 3": 0, "Zone 4": 0}
    assert counts["size"].to_dict() == {"Zone 1": 9, "Zone 2": 7, "Zone 3": 10, "Zone 4": 8}


def test_the_rules_are_nested(hartford):
    both, mean, either = (
        student_growth.above(hartford, rule) for rule in ("both", "mean", "either")
    )
    assert (both <= mean).all()
    assert (mean <= either).all()
    assert both.sum() < either.sum()


def table(rows, key="school_code"):
    columns = [key, "subject", "grade", "group", "students", MEASURE, "growth_rate_percent"]
    frame = pd.DataFrame(rows, columns=columns).assign(school_year=YEAR)
    return frame.astype({"students": "Int64", MEASURE: "Float64", "growth_rate_percent": "Float64"})


def by_hand():
    return table(
        [
            ("a", "ELA", "all", "all", 100, 70.0, 50.0),
            ("a", "Math", "all", "all", 100, 60.0, 40.0),
            ("b", "ELA", "all", "all", 25, 50.0, 30.0),
            ("b", "Math", "all", "all", 25, 90.0, 60.0),
            ("c", "ELA", "all", "all", None, None, None),
            ("c", "Math", "all", "all", 30, 80.0, 60.0),
            ("a", "ELA", "4", "all", 60, 75.0, 50.0),
            ("a", "ELA", "all", "high_needs", 30, 20.0, 10.0),
        ]
    )


STATE = pd.Series({"ELA": 62.0, "Math": 64.0, "mean": 63.0})


def test_a_school_with_a_withheld_subject_is_left_out():
    found = student_growth.by_subject(by_hand(), YEAR, MEASURE)
    assert list(found.index) == ["a", "b"]
    assert found["mean"].tolist() == [65, 70]
    assert student_growth.by_subject(by_hand(), YEAR, "growth_rate_percent")["mean"].tolist() == [
        45,
        45,
    ]
    assert student_growth.by_subject(by_hand(), "2014-15", MEASURE).empty
    assert student_growth.by_subject(
        by_hand(), YEAR, MEASURE, "high_needs"
    ).empty  # one subject only


def test_the_gap_the_margin_and_the_standing_by_hand():
    found = student_growth.against_state(
        student_growth.by_subject(by_hand(), YEAR, MEASURE), STATE, MEASURE, 95
    )
    assert found["gap"].tolist() == pytest.approx([2, 7])
    ela, math = (np.sqrt((110 - x) * x / 100) for x in (70, 60))
    assert found.loc["a", "margin"] == pytest.approx(1.959964 * (ela + math) / 2, abs=1e-4)
    assert found.loc["a", "error"] == pytest.approx((ela + math) / 2)
    assert found["standing"].tolist() == ["above, within the margin"] * 2
    assert student_growth.above(found, "both").tolist() == [False, False]
    assert student_growth.above(found, "either").tolist() == [True, True]
    narrow = student_growth.against_state(
        student_growth.by_subject(by_hand(), YEAR, MEASURE), STATE, MEASURE, 5
    )
    assert narrow["standing"].tolist() == ["clearly above"] * 2


def test_the_margin_of_a_share_is_the_binomial_one():
    rates = student_growth.by_subject(by_hand(), YEAR, "growth_rate_percent")
    found = student_growth.against_state(rates, STATE, "growth_rate_percent", 95)
    expected = 100 * 1.959964 * (np.sqrt(0.5 * 0.5 / 100) + np.sqrt(0.4 * 0.6 / 100)) / 2
    assert found.loc["a", "margin"] == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.floats(0, student_growth.MOST_ACHIEVED), min_size=2, max_size=60))
def test_no_set_of_pupils_varies_more_than_the_margin_assumes(shares):
    mean = float(np.mean(shares))
    assert np.var(shares) <= (student_growth.MOST_ACHIEVED - mean) * mean + 1e-6


@given(shift=st.floats(-20, 20))
def test_moving_school_and_state_alike_changes_no_gap(shift):
    schools = student_growth.by_subject(by_hand(), YEAR, MEASURE)
    moved = schools.copy()
    moved[["ELA", "Math", "mean"]] += shift
    one = student_growth.against_state(schools, STATE, MEASURE, 95)
    other = student_growth.against_state(moved, STATE + shift, MEASURE, 95)
    assert one["gap"].tolist() == pytest.approx(other["gap"].tolist())


def test_the_same_grades_by_hand():
    schools = table(
        [
            ("a", "ELA", "4", "all", 30, 70.0, 1.0),
            ("a", "ELA", "5", "all", 10, 50.0, 1.0),
            ("a", "Math", "4", "all", 40, 66.0, 1.0),
            ("a", "Math", "5", "all", None, None, None),
            ("b", "ELA", "4", "all", 30, 70.0, 1.0),
        ]
    )
    state = table(
        [
            (student_growth.STATE, "ELA", "4", "all", 1000, 60.0, 1.0),
            (student_growth.STATE, "ELA", "5", "all", 1000, 62.0, 1.0),
            (student_growth.STATE, "Math", "4", "all", 1000, 70.0, 1.0),
            ("0640011", "Math", "4", "all", 1000, 10.0, 1.0),
        ],
        "district_code",
    )
    found = student_growth.same_grades(schools, state, YEAR)
    # English: (30 x 10 + 10 x -12) / 40 = 4.5; mathematics: -4; b lacks a subject.
    assert found.to_dict() == pytest.approx({"a": (4.5 - 4) / 2})


def schools_of_two_districts():
    """Three small schools and five others in a, two and three in b; c has small ones alone."""
    rows = [("a", True, g) for g in (60, 66, 72)] + [("a", False, g) for g in (50, 54, 58, 62, 66)]
    rows += [("b", True, g) for g in (40, 44)] + [("b", False, g) for g in (45, 48, 51)]
    rows += [("c", True, 99)]
    frame = pd.DataFrame(rows, columns=["district_code", "small", "growth"])
    return frame.assign(need=np.arange(len(frame)) % 5 * 10.0, pupils=np.arange(len(frame)) + 20)


def test_small_less_others_by_hand():
    """A common effect is the districts' own, weighted by small x others / all schools."""
    found = student_growth.small_less_others(schools_of_two_districts(), 95)
    weights = np.array([3 * 5 / 8, 2 * 3 / 5])
    gaps = np.array([66 - 58, 42 - 48])
    assert found.value == pytest.approx(weights @ gaps / weights.sum())
    assert found.low < found.value < found.high
    assert (found.facts["small"], found.facts["others"], found.facts["districts"]) == (5, 8, 2)


def test_small_less_others_with_need_and_weights_against_matrices():
    rows = schools_of_two_districts().query("district_code != 'c'")
    found = student_growth.small_less_others(rows, 90, ["need"], "pupils")
    design = np.column_stack(
        [rows["small"], rows["district_code"] == "a", rows["district_code"] == "b", rows["need"]]
    ).astype(float)
    fit = sm.WLS(rows["growth"].to_numpy(float), design, weights=rows["pupils"].to_numpy(float))
    fit = fit.fit(cov_type="HC3", use_t=True)
    assert found.value == pytest.approx(fit.params[0])
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int(alpha=0.1)[0]))
    assert found.p == pytest.approx(fit.pvalues[0])


def test_too_few_small_schools_are_told():
    rows = schools_of_two_districts().query("district_code == 'b'")
    with pytest.raises(Lacking, match="fewer than 3 schools of a size"):
        student_growth.small_less_others(rows, 95)
