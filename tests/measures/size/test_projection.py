"""Cohort survival: by hand, on schools that never change, against a plain loop, properties."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import Lacking
from dme.measures.size import projection
from dme.study import Study
from dme.tables import load
from dme.text import school_year

HARTFORD = Study().district


def table(rows, start=2007):
    index = pd.Index([school_year(start + n) for n in range(len(rows))], name="school_year")
    return pd.DataFrame(rows, index, list(projection.GRADES), dtype=float)


def hartford():
    return projection.by_grade(load("district_enrollment_by_grade"), HARTFORD)


def test_hartfords_grades_add_up_to_its_count():
    totals = hartford().sum(axis=1)
    assert totals["2016-17"] == 20891
    counts = load("district_enrollment")
    annual = counts[(counts["district_code"] == HARTFORD) & (counts["edition"] == "annual")]
    annual = annual.set_index("school_year")["students"]
    assert (totals == annual[totals.index]).all()


def test_one_year_ahead_by_hand():
    first = [100] * 14
    second = [80, 60, 90, *[100] * 10, 50]
    found = projection.project(table([first, second]), "2008-09", 1, 1).iloc[0]
    assert (found["PK"], found["K"]) == (80, 60)  # those that came last stay
    assert found["1"] == pytest.approx(60 * 0.9)  # 90 of 100 kindergartners went on
    assert found["2"] == pytest.approx(90 * 1.0)
    assert found["12"] == pytest.approx(100 * 0.5)


def test_a_plain_loop_projects_hartford_alike():
    """Written out grade by grade, with three years' ratios pooled."""
    known, grades = hartford(), list(projection.GRADES)
    years = list(known.index[-4:])
    now = known.loc["2016-17"].to_dict()
    entry = {grade: known.loc[years[1:], grade].mean() for grade in ("PK", "K")}
    for _ in range(5):
        after = dict(entry)
        for below, grade in pairwise(grades[1:]):
            came = sum(known.loc[year, grade] for year in years[1:])
            went = sum(known.loc[year, below] for year in years[:-1])
            after[grade] = now[below] * came / went
        now = after
    found = projection.project(known, "2016-17", 5, 3)
    assert list(found.index) == ["2017-18", "2018-19", "2019-20", "2020-21", "2021-22"]
    assert found.loc["2021-22"].to_dict() == pytest.approx(now)


def test_schools_that_never_change_are_projected_exactly():
    still = table([[50, 60, *[55] * 12]] * 6)
    found = projection.project(still, "2012-13", 8, 3)
    assert (found == still.iloc[0]).all(axis=None)
    tested = projection.back_test(still, "2012-13", 8, 3)
    assert tested is None  # two earlier years only
    tested = projection.back_test(table([[50] * 14] * 9), "2015-16", 8, 3)
    assert (tested.mape, tested.naive_mape, tested.bias) == (0, 0, 0)
    assert tested.reach(3, 95) == 0


def test_the_first_grade_of_a_regional_high_school_comes_from_outside():
    """Grades 7 to 12 of a hundred, with two placed in grade 6, stay what they were."""
    year = [0] * 7 + [2] + [100] * 6
    ahead = projection.project(table([year] * 4), "2010-11", 5, 3)
    assert (ahead.iloc[-1][[*list("789"), "10", "11", "12"]] == 100).all()


def test_nothing_after_the_origin_is_looked_at():
    known = hartford()
    spoiled = known.copy()
    spoiled.loc["2014-15":] *= 3
    one, other = (projection.project(t, "2013-14", 4, 3) for t in (known, spoiled))
    pd.testing.assert_frame_equal(one, other)
    first, second = (projection.back_test(t, "2013-14", 4, 2) for t in (known, spoiled))
    pd.testing.assert_frame_equal(first.errors, second.errors)


def test_the_back_test_compares_with_what_came():
    known = hartford()
    tested = projection.back_test(known, "2016-17", 5, 3)
    assert tested.origins == 6
    assert tested.errors["origin"].min() == "2010-11"
    last = tested.errors[tested.errors["origin"] == "2015-16"].iloc[0]
    assert (last["came"], last["naive"], last["ahead"]) == (20891, 21463, 1)
    assert last["naive_error"] == pytest.approx(100 * (21463 / 20891 - 1))
    by_hand = projection.project(known, "2015-16", 1, 3).sum(axis=1).iloc[0]
    assert last["error"] == pytest.approx(100 * (by_hand / 20891 - 1))
    assert tested.mape == pytest.approx(tested.errors["error"].abs().mean())


def test_the_interval_widens_as_a_drawn_on_mean_of_three_changes_does():
    """Four years ahead: 4 changes to come, and 4 times the error of a mean of 3, squared."""
    tested = projection.back_test(hartford(), "2016-17", 5, 3)
    apart = (4 + 16 / 3) / (1 + 1 / 3)
    assert tested.reach(4, 95) == pytest.approx(np.sqrt(apart) * tested.reach(1, 95))
    assert tested.reach(1, 99) > tested.reach(1, 95) > tested.reach(1, 80) > 0


def test_a_suppressed_grade_and_a_gap_leave_whole_years_in_a_row():
    rows = [
        (school_year(start), "a", grade, 30)
        for start in (2007, 2008, 2010, 2011, 2012)
        for grade in ("K", "1")
    ]
    frame = pd.DataFrame(rows, columns=["school_year", "district_code", "grade", "students"])
    frame = frame.astype({"students": "Int64"})
    assert list(projection.by_grade(frame, "a").index) == ["2010-11", "2011-12", "2012-13"]
    frame.loc[frame["school_year"] == "2010-11", "students"] = pd.NA
    assert list(projection.by_grade(frame, "a").index) == ["2011-12", "2012-13"]
    assert projection.by_grade(frame, "b").empty


def test_too_few_years_are_refused_with_those_there_are():
    with pytest.raises(Lacking, match=r"by grade .* in 2008-09 and the 3 years before"):
        projection.project(table([[10] * 14] * 2), "2008-09", 5, 3)
    with pytest.raises(Lacking, match="no students by grade"):
        projection.project(table([]), "2008-09", 5, 3)


def test_schools_that_emptied_are_not_back_tested():
    rows = [[10] * 14] * 5 + [[0] * 14] * 4
    assert projection.back_test(table(rows), "2015-16", 5, 2) is None


COUNTS = st.lists(st.lists(st.integers(1, 3000), min_size=14, max_size=14), min_size=4, max_size=8)


@given(rows=COUNTS, factor=st.floats(0.1, 20))
def test_a_district_twice_as_large_is_projected_twice_as_large(rows, factor):
    one, other = table(rows), table(rows) * factor
    origin = one.index[-1]
    found, scaled = (projection.project(t, origin, 6, 3).to_numpy() for t in (one, other))
    assert scaled == pytest.approx(factor * found)
    assert (found >= 0).all()
    assert np.isfinite(found).all()


@given(rows=COUNTS)
def test_a_cohort_is_followed_up_the_grades(rows):
    """With one year's ratios, a year ahead of a year that repeats the last is that year."""
    known = table([*rows, rows[-1]])
    known = pd.concat([known, known.tail(1).set_axis([school_year(2007 + len(known))])])
    found = projection.project(known, known.index[-1], 1, 1).iloc[0]
    again = known.iloc[-1]
    assert found.to_numpy() == pytest.approx(again.to_numpy())
