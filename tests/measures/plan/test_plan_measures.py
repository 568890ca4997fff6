"""A plan's counts, whom it displaces and what it releases: worked by hand, and on the tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.plan import accounts, displacement, pathways, savings
from dme.measures.plan import actions as acts
from dme.measures.plan.savings import Chance
from dme.measures.size import school_sizes
from dme.tables import load

ACTIONS = pd.DataFrame(
    {
        "place": ["Ash", "Ash", "Beech", "Cedar high grades", "Office", "Ash"],
        "school_code": ["a", "a", "b", "c", None, "a"],
        "action": ["relocate", "relocate", "relocate", "relocate", "relocate", "reconfigure"],
        "by": ["2018-06", "2020-06", "2018-06", "2019-06", "2020-06", "2018-06"],
        "version": "v",
    }
)
PLACES = pd.DataFrame(
    {
        "place": ["Ash", "Beech", "Cedar high grades", "Office"],
        "kind": ["school", "school", "part of a school", "office"],
    }
)


def test_ways_of_counting_by_hand():
    assert acts.ways_of_counting(ACTIONS, "relocate", PLACES) == {
        "whole schools, each once": 2,
        "parts of schools too": 3,
        "places of any kind, offices too": 4,
        "dated entries of the list": 5,
        "schools named for this alone": 1,
    }


def test_an_action_that_nobody_takes_is_counted_as_none():
    assert set(acts.ways_of_counting(ACTIONS, "close", PLACES).values()) == {0.0}


def test_the_proposal_closes_four_and_reconfigures_twelve():
    """Counted by eye in the broadcaster's list."""
    rows = acts.of_version(load("plan_actions"), "proposal 2017-12")
    places = load("plan_places")
    assert len(acts.schools(rows, "close", places)) == 4
    assert len(acts.schools(rows, "reconfigure", places)) == 12
    ways = acts.ways_of_counting(rows, "relocate", places)
    assert ways["whole schools, each once"] == 9
    assert ways["parts of schools too"] == 10


def grades(*rows):
    return pd.DataFrame(rows, columns=["school_code", "grade", "students"])


def test_grades_of_a_span():
    assert displacement.grades_of("PK-1") == ("PK", "K", "1")
    assert displacement.grades_of("12-12") == ("12",)


def test_suppressed_grades_share_what_the_total_leaves():
    rows = grades(
        ("a", "K", 20), ("a", "1", None), ("a", "2", None), ("b", "K", 7), ("c", "K", None)
    )
    found = displacement.filled(rows, pd.Series({"a": 30, "b": 9}))
    # b has no suppressed grade, so its printed count stands; c has no total.
    assert list(found["students"]) == [20, 5, 5, 7, 0]


def test_filled_grades_of_hartford_add_up_to_its_schools():
    """Check figure: 20,304 students in 2016-17, of whom a small school's count is not printed."""
    rows = school_sizes.of_districts(
        school_sizes.schools(load("school_enrollment"), "2016-17"), "0640011"
    )
    by_grade = load("school_enrollment_by_grade")
    mine = by_grade[
        (by_grade["school_year"] == "2016-17") & by_grade["school_code"].isin(rows["school_code"])
    ]
    found = displacement.filled(mine, rows.set_index("school_code")["students"])
    assert found["students"].sum() == pytest.approx(20304, abs=10)


STUDENTS = grades(
    ("shut", "K", 10), ("shut", "6", 5), ("cut", "K", 20), ("cut", "6", 8), ("near", "K", 30),
    ("near", "6", 40), ("far", "6", 50),
)  # fmt: skip
PLANNED = displacement.under_plan(STUDENTS, ["shut"], {"cut": "K-5"})
AT = pd.DataFrame(
    {
        "school_code": ["shut", "cut", "near", "far"],
        "longitude": -72.7,
        "latitude": [41.70, 41.71, 41.73, 41.80],
    }
)
SERVING = PLANNED.loc[PLANNED["stays"], ["school_code", "grade"]]


def test_who_stays_by_hand():
    assert list(PLANNED["stays"]) == [False, False, True, False, True, True, True]
    assert list(PLANNED["why"][:4]) == ["closes", "closes", "", "grade leaves"]
    # 23 of 163 must go.
    assert displacement.percent(PLANNED, PLANNED["stays"]) == pytest.approx(100 * 140 / 163)


def test_where_they_go_by_hand():
    """A hundredth of a degree of latitude is 1.112 km."""
    moved = displacement.destinations(PLANNED, AT, SERVING).set_index(["school_code", "grade"])
    assert moved.loc[("shut", "K"), "goes_to"] == "cut"
    assert moved.loc[("shut", "6"), "goes_to"] == "near"
    assert moved.loc[("cut", "6"), "goes_to"] == "near"
    assert moved["km"].to_list() == pytest.approx([1.112, 3.336, 2.224], abs=0.002)


def test_a_grade_that_nobody_takes_goes_nowhere():
    moved = displacement.destinations(PLANNED, AT, SERVING[SERVING["grade"] == "K"])
    assert list(moved["grade"]) == ["K"]
    assert displacement.destinations(PLANNED, AT[:0], SERVING).empty


def test_nobody_is_lost_on_the_way():
    moved = displacement.destinations(PLANNED, AT, SERVING)
    after = displacement.enrolled_after(PLANNED, moved)
    assert after["students"].sum() == STUDENTS["students"].sum()
    assert after.set_index(["school_code", "grade"])["students"].to_dict() == {
        ("cut", "K"): 30, ("near", "K"): 30, ("near", "6"): 53, ("far", "6"): 50
    }  # fmt: skip


@given(st.sets(st.sampled_from(["shut", "cut", "near"])), st.sampled_from(["far", "near"]))
def test_closing_more_never_lets_more_stay(closed, another):
    some = displacement.under_plan(STUDENTS, closed, {})
    more = displacement.under_plan(STUDENTS, closed | {another}, {})
    assert displacement.percent(more, more["stays"]) <= displacement.percent(some, some["stays"])


def test_an_empty_plan_moves_nobody():
    same = displacement.under_plan(STUDENTS, [], {})
    assert same["stays"].all()
    assert displacement.destinations(same, AT, SERVING).empty


CHANCE = Chance(2000, 7)


def test_buildings_are_drawn_without_putting_back():
    costs = [1.0, 2, 4, 8]
    assert set(savings.buildings(costs, 4, CHANCE)) == {15.0}
    assert set(savings.buildings(costs, 9, CHANCE)) == {15.0}
    ones = savings.buildings(costs, 1, CHANCE)
    assert set(ones) == set(costs)
    assert ones.mean() == pytest.approx(3.75, rel=0.05)
    # Of two from four the sums are those of the six pairs.
    assert set(savings.buildings(costs, 2, CHANCE)) == {3.0, 5, 9, 6, 10, 12}


def test_a_summary_holds_what_it_says():
    found = savings.summary(np.arange(1001.0), 90)
    assert (found.value, found.low, found.high) == (500, 50, 950)


def test_the_same_chance_gives_the_same_draws_and_another_stream_others():
    one, again = (savings.between(0, 1, CHANCE, 3) for _ in range(2))
    assert (one == again).all()
    assert abs(np.corrcoef(one, savings.between(0, 1, CHANCE, 4))[0, 1]) < 0.1


def test_the_fixed_cost_is_the_intercept():
    students = np.array([100.0, 200, 400, 800])
    value, error = savings.fixed_cost(students, 300_000 + 50 * students)
    assert value == pytest.approx(300_000)
    assert error == pytest.approx(0, abs=1e-3)


@given(st.floats(0.1, 10))
def test_all_dollars_scaled_scale_what_is_released(factor):
    costs = np.array([100.0, 250, 300, 420])
    plain, scaled = (savings.buildings(c, 2, CHANCE) for c in (costs, factor * costs))
    assert scaled == pytest.approx(factor * plain)


def test_sections_released_by_hand():
    """Two grades of 15 need a section each; together 30 need two of 20 at most, but one of 30."""
    before = grades(("a", "K", 15), ("b", "K", 15), ("a", "1", 10))
    after = grades(("a", "K", 30), ("a", "1", 10))
    assert savings.sections_released(before, after, pd.Series({"K": 30, "1": 30})).to_dict() == {
        "K": 1,
        "1": 0,
    }
    assert savings.sections_released(before, after, pd.Series({"K": 20, "1": 30}))["K"] == 0


@given(st.lists(st.integers(1, 120), min_size=2, max_size=6), st.integers(10, 30))
def test_pooling_a_grade_never_needs_more_sections(counts, largest):
    before = grades(*[(f"s{n}", "K", count) for n, count in enumerate(counts)])
    after = grades(("one", "K", sum(counts)))
    assert savings.sections_released(before, after, pd.Series({"K": largest}))["K"] >= 0


def test_whom_no_school_takes_is_named():
    planned = displacement.under_plan(
        grades(("a", "K", 20), ("a", "1", 0), ("b", "K", 9)), ["a"], {}
    )
    moved = pd.DataFrame({"school_code": ["b"], "grade": ["K"]})
    assert displacement.unplaced(planned, moved)["students"].tolist() == [20]
    moved = pd.DataFrame({"school_code": ["a"], "grade": ["K"]})
    assert displacement.unplaced(planned, moved).empty


def test_a_school_serves_what_it_keeps_or_changes_to():
    """a closes, b becomes 6-7, c stays as it is, d takes nobody."""
    rows = grades(("a", "5", 9), ("b", "5", 9), ("b", "6", 9), ("c", "5", 9), ("d", "5", 9))
    spans = {"b": "6-7"}
    planned = displacement.under_plan(rows, ["a"], spans)
    found = displacement.serving(planned, spans, ["a", "b", "c"])
    assert set(map(tuple, found.to_numpy())) == {("b", "6"), ("b", "7"), ("c", "5")}


def test_a_school_lies_where_the_first_list_that_knows_it_has_it():
    columns = ["school_code", "longitude", "latitude"]
    first = pd.DataFrame([("a", 1, 2), ("b", None, None)], columns=columns)
    other = pd.DataFrame([("a", 3, 4), ("b", 5, 6)], columns=columns)
    assert displacement.located(first, other).to_numpy().tolist() == [["a", 1, 2], ["b", 5, 6]]


def test_each_student_counts_once_in_a_distance():
    moved = pd.DataFrame({"km": [3.0, 1.0, 2.0], "students": [10, 60, 30]})
    assert displacement.mean_km(moved) == pytest.approx((30 + 60 + 60) / 100)
    assert displacement.median_km(moved) == 1.0


def test_the_cost_of_plant_is_that_of_the_years_after():
    spending = pd.DataFrame(
        [("2017-18", "a", "d", 100), ("2018-19", "a", "d", 200), ("2018-19", "b", "d", 50),
         ("2018-19", "c", "e", 300), ("2019-20", "a", "d", 400)],
        columns=["school_year", "school_code", "district_code", "students"],
    )  # fmt: skip
    by_function = spending.assign(function="plant_operation", dollars_per_pupil=10)
    by_function = by_function[["school_year", "school_code", "function", "dollars_per_pupil"]]
    years = accounts.plant_by_year(by_function, spending, "d", "2017-18", 100)
    assert years.to_numpy().tolist() == [["2018-19", "a", 2000.0], ["2019-20", "a", 4000.0]]


def test_schools_at_one_place_share_a_building():
    plant = pd.DataFrame({"school_code": ["a", "b", "c", "d"], "dollars": [1.0, 2.0, 4.0, 8.0]})
    places = pd.DataFrame(
        {"school_code": ["a", "b", "c"], "longitude": [1.0, 2.0, 1.0], "latitude": [5.0, 5.0, 5.0]}
    )
    assert accounts.by_building(plant, places).to_dict() == {"a": 5.0, "b": 2.0, "d": 8.0}


def test_an_office_is_its_three_functions():
    names = [*accounts.OFFICE, "instruction"]
    rows = [("2017-18", "a", name, 2.0**n) for n, name in enumerate(names)]
    by_function = pd.DataFrame(
        rows, columns=["school_year", "school_code", "function", "dollars_per_pupil"]
    )
    schools = pd.DataFrame({"school_year": ["2017-18"], "school_code": ["a"], "students": [10]})
    assert accounts.office_dollars(by_function, schools)["dollars"].tolist() == [70.0]


def test_an_account_of_transportation_is_raised_to_later_prices():
    spending = pd.DataFrame(
        [("2012-13", "d", 1.0, 900.0), ("2013-14", "d", 1.0, 1000.0), ("2014-15", "d", None, 5.0)],
        columns=["school_year", "district_code", "plant", "transportation"],
    )
    prices = pd.DataFrame({"school_year": ["2013-14", "2017-18"], "cpi_u": [200.0, 250.0]})
    found = accounts.transportation(spending, prices, "d", "2017-18")
    assert found == ("2013-14", 1250.0)
    assert accounts.transportation(spending, prices, "other", "2017-18") is None


def test_a_level_is_served_by_one_school_with_all_its_grades():
    schools = pd.DataFrame({"zone": ["1", "1", "2"], "span": ["K-3", "4-5", "PK-8"]})
    found = pathways.served(schools, ["1", "2", "3"], {"low": "K-5", "middle": "6-8"})
    assert found.to_numpy().tolist() == [[False, False], [True, True], [False, False]]
