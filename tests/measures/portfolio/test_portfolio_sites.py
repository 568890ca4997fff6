"""Sites of the model, worked by hand on a few schools."""

import numpy as np
import pandas as pd
import pytest

from dme.measures.portfolio import demand, sites
from dme.measures.portfolio.district import BANDS


def test_the_earliest_copy_says_who_is_a_magnet():
    directory = pd.DataFrame(
        [("a", "2015", None), ("a", "2020-02", "yes"), ("a", "2022", "no"), ("b", "2015", "no")],
        columns=["school_code", "edition", "interdistrict_magnet"],
    )
    assert sites.magnets(directory, pd.Index(["a", "b", "c"])).tolist() == [True, False, False]


def test_residents_are_those_last_printed():
    """Two programs of one school add up; an earlier year is passed over."""
    sheff = pd.DataFrame(
        [("2013-14", "a", "A", 100, 90), ("2014-15", "a", "A", 100, 50),
         ("2014-15", "a", "A Lower", 100, 30)],
        columns=["school_year", "school_code", "school", "students", "hartford_residents"],
    )  # fmt: skip
    assert sites.resident_share(sheff)["a"] == pytest.approx(80 / 200)


def test_magnets_and_fragments_stay_unless_the_plan_names_them():
    table = pd.DataFrame({"magnet": [False, True, True, False]}, index=list("abcd"))
    grades = pd.DataFrame([[7, 0, 0], [7, 0, 0], [0, 3, 0], [1, 0, 1]], table.index, BANDS)
    assert sites.may_change(table, grades, {"c", "d"}).tolist() == [True, False, True, False]


def test_an_area_lacks_access_past_the_walk_to_a_school_that_grows():
    at = ["longitude", "latitude"]
    table = pd.DataFrame([(0.0, 0.0, 60.0), (0.0, 1.0, 40.0)], columns=[*at, "growth"])
    areas = pd.DataFrame([(0.0, 0.0), (0.0, 1.0)], columns=at)
    assert sites.without_access(table, areas, 50.0, 5.0).tolist() == [False, True]
    assert sites.without_access(table, areas, 70.0, 5.0).tolist() == [True, True]
    assert sites.without_access(table, areas, np.nan, 5.0).tolist() == [False, False]


def test_a_tract_has_the_low_income_share_of_its_neighborhoods():
    people = pd.DataFrame(
        [("neighborhood", "n", 10, 40), ("neighborhood", "m", 30, 40), ("city", "x", 0, 80)],
        columns=["level", "place", "children_low_income", "children_poverty_known"],
    )
    weights = pd.DataFrame(
        [("n", "1", 0.5), ("m", "1", 0.5), ("m", "2", 1.0)],
        columns=["neighborhood", "tract", "weight"],
    )
    found = demand.low_income_share(people, weights, pd.Index(["1", "2", "3"]))
    assert found.tolist() == pytest.approx([0.5, 0.75, 0.5])


def test_a_school_that_opened_since_has_the_seats_of_those_in_its_building_before():
    """Some 110 meters are one's own grounds, a kilometer is none; who stays keeps its own."""
    at = ["longitude", "latitude"]
    table = pd.DataFrame(
        [(0.0, 0.0, 300), (0.0, 0.0, 200), (0.0, 1.0, 100)],
        index=["new", "old", "far"],
        columns=[*at, "students"],
    )
    modelled = pd.DataFrame(
        [("old", 250.0), ("x", 200.0), ("y", 150.0), ("z", 900.0)], columns=["school_code", "seats"]
    )
    places = pd.DataFrame(
        [("old", 0, 0), ("x", 0, 0.001), ("y", 0, 0), ("z", 0, 0.01), ("none", 0, 0)],
        columns=["school_code", *at],
    )
    assert sites.seats_of(table, modelled, places).to_dict() == {
        "new": 350.0,
        "old": 250.0,
        "far": 100.0,
    }
