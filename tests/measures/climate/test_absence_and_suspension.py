"""Absenteeism and suspension: the state's printed figures, by hand, and what is suppressed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import DmeError
from dme.measures.climate import absence_and_suspension
from dme.measures.size import school_sizes
from dme.study import Study
from dme.tables import load

HARTFORD = Study().district


@pytest.fixture(scope="module")
def tables():
    return {
        name: load(name)
        for name in (
            "district_chronic_absenteeism",
            "district_suspensions",
            "school_chronic_absenteeism",
            "school_suspensions",
            "school_enrollment",
            "district_enrollment",
        )
    }


def test_the_printed_figures_of_hartford_and_the_state(tables):
    absent = absence_and_suspension.of_all(tables["district_chronic_absenteeism"])
    assert absence_and_suspension.percent_of(absent, HARTFORD, "2016-17") == 22.1
    assert absence_and_suspension.percent_of(absent, absence_and_suspension.STATE, "2016-17") == 9.9
    suspended = absence_and_suspension.of_all(tables["district_suspensions"])
    assert absence_and_suspension.percent_of(suspended, HARTFORD, "2016-17") == 13.7
    assert (
        absence_and_suspension.percent_of(suspended, absence_and_suspension.STATE, "2016-17") == 6.7
    )
    by_race = absence_and_suspension.of_all(tables["district_suspensions"], "black")
    assert absence_and_suspension.percent_of(by_race, HARTFORD, "2016-17") == 17.5
    assert (
        absence_and_suspension.percent_of(by_race, absence_and_suspension.STATE, "2016-17") is None
    )


def test_the_year_cut_short_compares_with_none(tables):
    absent = absence_and_suspension.of_all(tables["district_chronic_absenteeism"])
    assert "2019-20" in set(tables["district_chronic_absenteeism"]["school_year"])
    assert absence_and_suspension.latest(absent, "2025-26") == "2018-19"
    assert absence_and_suspension.latest(absent, "2016-17") == "2016-17"
    assert absence_and_suspension.latest(absent, "2001-02") is None


def test_districts_pooled_by_hand():
    rows = pd.DataFrame(
        {"school_year": ["2016-17"] * 3, "district_code": ["a", "b", "c"], "percent": [10.0, 40, 9]}
    )
    enrollment = pd.DataFrame(
        {
            "school_year": ["2016-17"] * 3,
            "district_code": ["a", "b", "b"],
            "edition": ["annual", "annual", "revised"],
            "students": [300, 100, 900],
        }
    )
    assert absence_and_suspension.pooled(
        rows, enrollment, ["a", "b", "c"], "2016-17"
    ) == pytest.approx(17.5)
    assert absence_and_suspension.pooled(rows, enrollment, ["c"], "2016-17") is None


def test_the_districts_pooled_come_near_the_state(tables):
    """All districts together, weighted by October counts, within half a point."""
    for name in ("district_chronic_absenteeism", "district_suspensions"):
        rows = absence_and_suspension.of_all(tables[name])
        everyone = set(rows["district_code"]) - {absence_and_suspension.STATE}
        together = absence_and_suspension.pooled(
            rows, tables["district_enrollment"], sorted(everyone), "2016-17"
        )
        state = absence_and_suspension.percent_of(rows, absence_and_suspension.STATE, "2016-17")
        assert together == pytest.approx(state, abs=0.5)


def test_the_schools_of_hartford_hold_the_districts_figure(tables):
    """By bounds: the pooled schools may miss it by the pupils who are placed elsewhere only."""
    schools = absence_and_suspension.absent_by_school(
        tables["school_chronic_absenteeism"], tables["school_enrollment"], HARTFORD, "2015-16"
    )
    found = absence_and_suspension.of_schools_together(schools)
    assert found.low < found.value < found.high
    assert found.low - 0.5 < 22.4 < found.high + 0.5


def test_suspended_students_by_school_and_the_districts_count(tables):
    rows = absence_and_suspension.suspended_by_school(
        tables["school_suspensions"], tables["school_enrollment"], HARTFORD, "2015-16"
    )
    # 47 printed counts sum to 3,090; six schools print one to five students.
    assert (rows["fewest"].sum(), rows["most"].sum()) == (3096, 3120)
    assert rows["fewest"].sum() > 3082  # a student suspended at two schools counts at both
    burns = rows[rows["school_code"] == "0640611"]
    assert (burns["low"].item(), burns["high"].item()) == (29.6, 29.6)
    assert burns["school"].item() == "Burns Latino Studies Academy"


def test_every_printed_percentage_is_its_count_over_about_its_students(tables):
    rows = absence_and_suspension.suspended_by_school(
        tables["school_suspensions"], tables["school_enrollment"], HARTFORD, "2015-16"
    )
    larger = rows[(rows["students"] >= 100) & (rows["low"] == rows["high"])]
    apart = (100 * larger["fewest"] / larger["students"] - larger["low"]).abs()
    assert len(larger) > 40
    assert apart.median() < 1


def schools(marks, students, counts=None, percents=None):
    codes = [f"{n:07d}" for n in range(len(marks))]
    enrollment = pd.DataFrame(
        {
            "school_year": "2015-16",
            "district_code": "d",
            "school_code": codes,
            "school": codes,
            "students": pd.array(students, dtype="Int64"),
        }
    )
    told = pd.DataFrame(
        {
            "school_year": "2015-16",
            "school_code": codes,
            "part": 1,
            "group": "all",
            "students": pd.array(counts or [None] * len(marks), dtype="Int64"),
            "percent": percents or [np.nan] * len(marks),
            "mark": marks,
        }
    )
    return told, enrollment


def test_marks_by_hand():
    told, enrollment = schools(
        ["few", "none", "none_small", "few", None, None],
        [100, 200, 10, 3, 50, 40],
        [None, None, None, None, 10, 8],
        [np.nan, np.nan, np.nan, np.nan, np.nan, 19.5],
    )
    rows = absence_and_suspension.suspended_by_school(told, enrollment, "d", "2015-16")
    assert list(rows["low"]) == pytest.approx([1, 0, 0, 100 / 3, 20, 19.5])
    assert list(rows["high"]) == pytest.approx([5, 0, 0, 100, 20, 19.5])
    assert list(rows["fewest"]) == [1, 0, 0, 1, 10, 8]
    assert list(rows["most"]) == [5, 0, 0, 3, 10, 8]


def test_other_districts_years_lines_and_empty_schools_are_left_out():
    told, enrollment = schools([None, None], [100, 0], [10, 10], [10.0, 10.0])
    again = told.assign(part=2)
    rows = absence_and_suspension.suspended_by_school(
        pd.concat([told, again]), enrollment, "d", "2015-16"
    )
    assert list(rows["school_code"]) == ["0000000"]
    assert absence_and_suspension.suspended_by_school(told, enrollment, "e", "2015-16").empty
    assert absence_and_suspension.suspended_by_school(told, enrollment, "d", "2014-15").empty


ROWS = st.lists(
    st.tuples(st.integers(1, 500), st.floats(0, 100), st.booleans()), min_size=1, max_size=12
)


@given(ROWS, st.floats(0, 100))
def test_the_truth_lies_between_the_bounds_of_what_is_hidden(rows, line):
    students, percents, hidden = (np.array(column) for column in zip(*rows, strict=True))
    truth = pd.DataFrame({"students": students, "low": percents, "high": percents})
    seen = truth.assign(low=np.where(hidden, 0, percents), high=np.where(hidden, 100, percents))
    for measure in (
        lambda t: absence_and_suspension.share_above(t, line),
        absence_and_suspension.of_schools_together,
    ):
        known, bounded = measure(truth), measure(seen)
        assert known.low == known.high == pytest.approx(known.value)
        assert bounded.low - 1e-9 <= known.value <= bounded.high + 1e-9


@given(ROWS, st.integers(2, 20))
def test_only_the_shares_of_students_weigh(rows, factor):
    students, percents, _ = (np.array(column) for column in zip(*rows, strict=True))
    table = pd.DataFrame({"students": students, "low": percents, "high": percents})
    larger = table.assign(students=factor * table["students"])
    assert absence_and_suspension.of_schools_together(larger).value == pytest.approx(
        absence_and_suspension.of_schools_together(table).value
    )


def test_share_above_by_hand():
    table = pd.DataFrame({"low": [0.0, 12, 20, 9], "high": [100.0, 12, 20, 9]})
    found = absence_and_suspension.share_above(table, 10)
    assert (found.low, found.value, found.high) == (50, 62.5, 75)


def test_nothing_to_count_is_said():
    nothing = pd.DataFrame({"students": [], "low": [], "high": []})
    for measure in (
        lambda t: absence_and_suspension.share_above(t, 10),
        absence_and_suspension.of_schools_together,
    ):
        with pytest.raises(DmeError, match="no school"):
            measure(nothing)


def test_the_rows_that_count_as_schools_follow_the_enrollment(tables):
    rows = absence_and_suspension.absent_by_school(
        tables["school_chronic_absenteeism"], tables["school_enrollment"], HARTFORD, "2015-16"
    )
    ours = school_sizes.of_districts(
        school_sizes.schools(tables["school_enrollment"], "2015-16", 1), HARTFORD
    )
    assert set(rows["school_code"]) <= set(ours["school_code"])
    # Prekindergarten is not counted, so its schools have no row.
    assert set(ours["school_code"]) - set(rows["school_code"]) == {"0641311", "0644111", "0645711"}


def test_figures_beside_a_district_by_hand():
    rows = pd.DataFrame(
        {
            "school_year": ["2016-17"] * 4,
            "district_code": ["own", "one", "two", absence_and_suspension.STATE],
            "percent": [20.0, 10.0, 16.0, 9.0],
        }
    )
    enrollment = pd.DataFrame(
        {
            "school_year": ["2016-17"] * 2,
            "district_code": ["one", "two"],
            "edition": ["annual"] * 2,
            "students": [100, 200],
        }
    )
    found = absence_and_suspension.beside(rows, enrollment, "own", ["one", "two"], "2016-17")
    values = {who: (each.value, each.low, each.high) for who, each in found.items()}
    assert values == {
        "district": (20, None, None),
        "state": (9, None, None),
        "peers": (14, None, None),
        "median": (13, 10, 16),
    }
    alone = absence_and_suspension.beside(rows.iloc[:1], enrollment, "own", ["one"], "2016-17")
    assert list(alone) == ["district"]


def test_a_gap_stands_where_both_groups_are_printed(tables):
    gaps = absence_and_suspension.gap_of_groups(tables["district_suspensions"], "black", "white")
    here = gaps.query(f"district_code == '{HARTFORD}' and school_year == '2016-17'").iloc[0]
    assert (here["one"], here["other"], round(here["gap"], 1)) == (17.5, 6.3, 11.2)
