"""A made-up district of four schools and two tracts as a portfolio, counted by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dme.measures.portfolio import CLOSED, Limits, assigned, best_plan, score
from dme.measures.portfolio.district import (
    OUTSIDE,
    Assumptions,
    Schools,
    by_band,
    in_another_band,
    portfolio_of,
)

GIVEN = Assumptions(
    school_dollars=1000.0,
    teacher_dollars=100.0,
    bus_dollars=5.0,
    bus_km=(1.0, 2.0, 3.0),
)


@pytest.fixture
def schools():
    """Two PK-8 schools, a magnet of middle grades in the first one's building, a high school."""
    table = pd.DataFrame(
        {
            "school": ["North", "South", "Magnet", "High"],
            "seats": [200.0, 300.0, 100.0, 400.0],
            "longitude": [-72.70, -72.70, -72.70, -72.66],
            "latitude": [41.80, 41.70, 41.80, 41.75],
            "community": ["one", "two", None, "two"],
            "magnet": [False, False, True, False],
            "resident_share": [1.0, 1.0, 0.5, 1.0],
            "may_change": [True, True, False, True],
            "growth": [50.0, 70.0, np.nan, 60.0],
            "plant": [2000.0, 3000.0, 1000.0, 4000.0],
        },
        index=["n", "s", "m", "h"],
    )
    bands = ["PK-5", "6-8", "9-12"]
    pupils = pd.DataFrame(
        [[70, 30, 0], [140, 60, 0], [0, 40, 0], [0, 0, 120]], table.index, bands, float
    )
    grades = pd.DataFrame([[7, 3, 0], [7, 3, 0], [0, 3, 0], [0, 0, 4]], table.index, bands, float)
    return Schools(table, pupils, grades)


@pytest.fixture
def areas():
    return pd.DataFrame(
        {
            "longitude": [-72.70, -72.70],
            "latitude": [41.80, 41.70],
            "PK-5": [1.0, 2.0],
            "6-8": [1.0, 1.0],
            "9-12": [1.0, 2.0],
        },
        index=["north", "south"],
    )


@pytest.fixture
def portfolio(schools, areas):
    return portfolio_of(schools, areas, GIVEN, np.array([True, False]))


def test_every_school_keeps_its_pupils_and_every_tract_its_share(portfolio, schools):
    assert portfolio.areas == ("north", "south", OUTSIDE)
    assert portfolio.current == pytest.approx(schools.pupils.to_numpy())
    # 210 of PK-5 by one to two; 90 and half of the magnet's 40 by one to one; 120 by one to two.
    assert portfolio.demand[:2] == pytest.approx(np.array([[70, 55, 40], [140, 55, 80]]), abs=1e-5)
    assert portfolio.demand[2] == pytest.approx([0, 20, 0])


def test_homes_are_near_the_school_they_attend(portfolio):
    arcs = portfolio.arcs
    own = (arcs.area == 0) & (arcs.site == 0) & (arcs.band == 0)
    assert arcs.current[own] == pytest.approx(70, abs=0.5)
    # Distance does not matter to a high school: each tract sends its share.
    high = (arcs.site == 3) & (arcs.band == 2) & (arcs.current > 0)
    assert arcs.current[high] == pytest.approx([40, 80])


def test_an_option_costs_the_school_and_half_a_section_a_grade(portfolio):
    options = portfolio.options
    north = options.site == 0
    spans = {
        tuple(o): d for o, d in zip(options.offers[north], options.dollars[north], strict=True)
    }
    assert spans == {
        (True, True, False): 1000 + 100 * 5.0,
        (True, False, False): 1000 + 100 * 3.5,
        (False, True, False): 1000 + 100 * 1.5,
    }
    assert portfolio.now.tolist() == [0, 3, 6, 7]
    assert portfolio.mandatory.tolist() == [False, False, True, False]


def test_a_shared_building_costs_while_one_of_its_schools_is_open(portfolio):
    assert portfolio.building.tolist() == [0, 1, 0, 2]
    assert portfolio.building_dollars.tolist() == [3000, 3000, 4000]
    today = assigned(portfolio, portfolio.now, Limits())
    assert score(portfolio, today).buildings == 10_000
    option = portfolio.now.copy()
    option[0] = CLOSED
    without = assigned(portfolio, option, Limits())
    assert score(portfolio, without).buildings == 10_000


def test_nobody_is_sent_to_a_magnet_and_outsiders_to_nothing_else(portfolio):
    arcs, magnet = portfolio.arcs, portfolio.sites.index("m")
    sent = arcs.current == 0
    assert not (sent & (arcs.site == magnet) & (arcs.area < 2)).any()
    assert set(arcs.site[arcs.area == 2]) == {magnet}


def test_buses_run_from_the_bands_distance(portfolio):
    arcs = portfolio.arcs
    rides = arcs.km >= np.array(GIVEN.bus_km)[arcs.band]
    assert arcs.dollars == pytest.approx(5.0 * (rides & portfolio.placed[arcs.area]))


def test_growth_counts_for_the_tested_bands_only(portfolio):
    assert portfolio.growth[0].tolist()[:2] == [50, 50]
    assert np.isnan(portfolio.growth[:, 2]).all()
    today = score(portfolio, assigned(portfolio, portfolio.now, Limits()))
    arcs = portfolio.arcs
    north, south = (
        arcs.current[(arcs.area == 0) & (arcs.band < 2) & (arcs.site == site)].sum()
        for site in (0, 1)
    )
    # Only the northern tract lacks access; the magnet's growth is not known.
    assert today.growth == pytest.approx((50 * north + 70 * south) / (north + south))


def test_closing_a_school_sends_its_pupils_to_the_other(portfolio):
    roomy = replace(portfolio, seats=np.array([200.0, 400.0, 100.0, 400.0]))
    plan = best_plan(roomy, Limits(closures=1))
    assert [roomy.sites[at] for at in np.flatnonzero(~plan.open)] == ["n"]
    assert plan.moved.sum() == pytest.approx(100)
    found = score(roomy, plan)
    assert (found.closed, found.changed, found.displaced) == (1, 0, 100)


def test_grades_fall_into_bands():
    rows = pd.DataFrame(
        {
            "school_code": ["a"] * 4 + ["b"],
            "grade": ["PK", "5", "6", "9", "12"],
            "students": pd.array([10, 20, 30, None, 40], dtype="Int64"),
        }
    )
    pupils, grades = by_band(rows)
    assert pupils.loc["a"].tolist() == [30, 30, 0]
    assert grades.loc["a"].tolist() == [2, 1, 1]
    assert pupils.loc["b"].tolist() == [0, 0, 40]


def test_how_many_an_even_spread_puts_into_another_band():
    """Of 100 in K to 8, 30 are in 6 to 8 and a third are put there; 50 in 9 to 12 stay there."""
    counts = {"K": 70, "7": 30}
    rows = [("2016-17", "a", grade, n) for grade, n in counts.items()]
    rows += [("2016-17", "b", "9", 50), ("2015-16", "a", "K", 900), ("2016-17", "c", "K", 9)]
    by_grade = pd.DataFrame(rows, columns=["school_year", "school_code", "grade", "students"])
    spending = pd.DataFrame(
        [("2017-18", "a", "K", "8"), ("2017-18", "b", "9", "12"), ("2018-19", "a", "K", "5")],
        columns=["school_year", "school_code", "low_grade", "high_grade"],
    )
    year, percent = in_another_band(by_grade, spending)
    assert year == "2016-17"
    assert percent == pytest.approx(100 * (100 / 3 - 30) / 150)
