"""What came after the plan: worked by hand, and against figures that were known beforehand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.estimates.bootstrap import Resampling
from dme.measures.plan import outcomes
from dme.measures.size import school_sizes
from dme.tables import load

HARTFORD = "0640011"
QUICK = Resampling(95, 300, 1)


def rows(*given_rows):
    columns = ["school_year", "school_code", "school", "students"]
    return pd.DataFrame(given_rows, columns=columns)


THREE_YEARS = rows(
    ("2017-18", "a", "Ash", 400),
    ("2017-18", "b", "Beech", 200),
    ("2017-18", "c", "Cedar", 90),
    ("2018-19", "a", "Ash", 350),
    ("2018-19", "b", "Beech", 250),
    ("2019-20", "a", "Ash Academy", 340),
    ("2019-20", "d", "Dogwood", 260),
)


@pytest.fixture(scope="module")
def hartford():
    return school_sizes.of_districts(load("school_enrollment"), HARTFORD)


@pytest.mark.parametrize(
    ("year", "students"),
    [
        ("2015-16", 20859),
        ("2016-17", 20304),
        ("2017-18", 19237),
        ("2018-19", 18751),
        ("2019-20", 17783),
        ("2020-21", 16812),
        ("2021-22", 16373),
        ("2022-23", 15951),
        ("2023-24", 16094),
        ("2024-25", 15754),
    ],
)
def test_the_students_of_the_schools_are_the_known_totals(hartford, year, students):
    assert hartford.loc[hartford["school_year"] == year, "students"].sum() == students


def test_each_school_is_counted_once_a_year(hartford):
    assert not hartford.duplicated(["school_year", "school_code"]).any()


def test_of_an_unknown_district_there_are_no_rows():
    none = school_sizes.of_districts(load("school_enrollment"), "9999999")
    assert outcomes.sizes(none, 350).empty
    assert outcomes.turnover(none).empty


def test_a_school_that_dwindles_stays_one_and_a_program_is_none():
    kept = outcomes.ever_a_school(
        rows(("1", "a", "A", 120), ("2", "a", "A", 30), ("2", "p", "P", 40)), 100
    )
    assert list(kept["students"]) == [120, 30]


def test_sizes_by_hand():
    years = outcomes.sizes(THREE_YEARS, 350).set_index("school_year")
    assert list(years["schools"]) == [3, 2, 2]
    assert list(years["small"]) == [2, 1, 2]  # a school of 350 is not small
    assert years.at["2017-18", "mean"] == pytest.approx(230)
    assert years.at["2017-18", "percent_small"] == pytest.approx(100 * 2 / 3)
    assert years.at["2017-18", "percent_students_in_small"] == pytest.approx(100 * 290 / 690)
    assert years.at["2019-20", "percent_students_in_small"] == pytest.approx(100)


def test_the_federal_counts_say_the_same_of_small_schools(hartford):
    """The federal file was compiled apart from the state's."""
    ours = outcomes.sizes(hartford[hartford["students"] >= 100], 350).set_index("school_year")
    panel = load("nces_enrollment")
    theirs = panel[panel["students"] >= 100].groupby("school_year")["students"]
    for year in ("2017-18", "2021-22", "2023-24", "2024-25"):
        there = theirs.get_group(year)
        assert abs(ours.at[year, "schools"] - len(there)) <= 1
        assert abs(ours.at[year, "small"] - int((there < 350).sum())) <= 1


def test_turnover_by_hand():
    table = outcomes.turnover(THREE_YEARS).set_index("school_year")
    assert list(table["opened"]) == [0, 1]
    assert list(table["closed"]) == [1, 1]
    assert table.at["2018-19", "names_closed"] == "Cedar"
    assert table.at["2019-20", "names_closed"] == "Beech"
    assert table.at["2019-20", "names_opened"] == "Dogwood"


@given(st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), min_size=2, max_size=6))
def test_openings_less_closings_are_the_change_of_the_number(years):
    made = rows(
        *[
            (f"20{n:02d}", code, code, 200)
            for n, there in enumerate(years)
            for code in sorted(there)
        ]
    )
    table = outcomes.turnover(made)
    assert (table["opened"] - table["closed"]).sum() == len(years[-1]) - len(years[0])


ACTIONS = pd.DataFrame(
    {
        "version": "v",
        "action": ["close", "close", "close", "reconfigure", "close"],
        "place": ["Cedar", "Beech", "Beech again", "Ash", "An office"],
        "by": ["2018-06", "2018-06", "2019-06", "2018-06", "2018-06"],
        "school_code": ["c", "b", "b", "a", None],
    }
)


def test_a_school_is_named_once_by_its_first_date_and_an_office_never():
    assert list(outcomes.named(ACTIONS, "close", "v")["place"]) == ["Cedar", "Beech"]
    assert list(outcomes.named(ACTIONS, "close", "v")["due"]) == ["2018-19", "2018-19"]
    assert outcomes.named(ACTIONS, "close", "another").empty


def test_closings_by_hand():
    found = outcomes.closings(outcomes.named(ACTIONS, "close", "v"), THREE_YEARS)
    assert list(found["last_year"]) == ["2017-18", "2018-19"]
    assert list(found["gone"]) == [True, False]  # Beech is counted in the year it was to be gone


def test_a_school_that_was_never_counted_is_gone():
    named = pd.DataFrame({"place": ["X"], "school_code": ["x"], "due": ["2018-19"]})
    assert list(outcomes.closings(named, THREE_YEARS)["gone"]) == [True]


def test_the_four_schools_that_were_to_close_are_gone(hartford):
    named = outcomes.named(load("plan_actions"), "close", "proposal 2017-12")
    found = outcomes.closings(named, hartford)
    assert sorted(found["place"]) == [
        "Batchelder",
        "Capital Community College Magnet Academy",
        "Culinary Arts Academy",
        "Simpson-Waverly",
    ]
    assert found["gone"].all()


def test_regradings_agree_with_the_state_directory():
    """Its copies list the schools of 2017-18 and 2021-22, apart from the spending report."""
    named = outcomes.named(load("plan_actions"), "reconfigure", "proposal 2017-12")
    assert len(named) == 12
    spans = outcomes.grade_spans(load("spending_schools"), HARTFORD)
    found = outcomes.regradings(named, spans, "2017-18").set_index("school_code")
    directory = load("school_directory")
    listed = directory.assign(
        span=directory["low_grade"].astype(str) + "-" + directory["high_grade"].astype(str)
    ).pivot_table(index="school_code", columns="edition", values="span", aggfunc="first")
    listed = listed.loc[found.index]
    assert list(found["before"]) == list(listed["2020-02"])
    assert list(found["changed_since"]) == list(listed["2020-02"] != listed["2022"])
    assert list(found.index[~found["changed"]]) == ["0640711"]  # Asian Studies stays PK-8


def test_a_school_without_a_span_did_not_change():
    named = pd.DataFrame({"place": ["X"], "school_code": ["x"], "due": ["2018-19"]})
    spans = pd.DataFrame({"school_year": ["2017-18"], "school_code": ["y"], "span": ["K-5"]})
    found = outcomes.regradings(named, spans, "2017-18")
    assert not found["changed"].any()
    assert not found["changed_since"].any()


def places(*rows_of):
    return pd.DataFrame(rows_of, columns=["school_code", "longitude", "latitude"])


def test_moves_by_hand():
    """A hundredth of a degree of latitude is 1,112 m; of longitude at 60 degrees half of it."""
    codes = list("nesgb")
    named = pd.DataFrame({"place": codes, "school_code": codes, "due": "2018-19"})
    first = places(*[(code, -72.0, 60.0) for code in codes])
    middle = places(("b", -72.0, 60.02))  # away, and back
    last = places(
        ("n", -72.0, 60.01), ("e", -71.99, 60.0), ("s", -72.0, 60.001), ("b", -72.0, 60.0)
    )
    found = outcomes.relocations(named, [first, middle, last])
    assert found["meters"].to_numpy() == pytest.approx(
        [1112, 556, 111, np.nan, 2224], abs=1, nan_ok=True
    )
    assert list(found["moved"]) == [True, True, False, False, True]


def test_nothing_is_gone_before_the_record_reaches_the_year():
    """A record that ends in 2018-19 can't tell of a closure that was due in 2019-20."""
    named = pd.DataFrame({"place": ["B"], "school_code": ["b"], "due": ["2019-20"]})
    record = THREE_YEARS[THREE_YEARS["school_year"] < "2019-20"]
    assert list(outcomes.closings(named, record)["gone"]) == [False]
    assert list(outcomes.closings(named, THREE_YEARS)["gone"]) == [True]


def test_a_move_before_the_last_list_is_told_apart():
    """Listed 1,112 m away in the middle list and not in the last; and 111 m away."""
    named = pd.DataFrame({"place": ["x", "y"], "school_code": ["x", "y"], "due": "2018-19"})
    first = places(("x", -72.0, 60.0), ("y", -72.0, 60.0))
    middle = places(("x", -72.0, 60.01), ("y", -72.0, 60.001))
    found = outcomes.relocations(named, [first, middle, places()])
    assert list(found["moved"]) == [False, False]
    assert list(found["moved_before"]) == [True, False]
