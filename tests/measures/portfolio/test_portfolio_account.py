"""One account for every plan, worked by hand and against the score that the search rests on."""

import numpy as np
import pandas as pd
import portfolio_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dme.measures.portfolio import CLOSED, Limits, account, assigned, score
from dme.measures.portfolio.district import Assumptions

GIVEN = Assumptions(school_dollars=30.0, teacher_dollars=4.0, bus_dollars=5.0, bus_km=(1.0, 2.0))


def test_what_is_printed_by_school_and_year():
    spending = pd.DataFrame(
        [("2017-18", "a", "d", 10), ("2018-19", "a", "d", 20), ("2018-19", "b", "d", 30),
         ("2018-19", "x", "other", 40), ("2019-20", "a", "d", 10)],
        columns=["school_year", "school_code", "district_code", "students"],
    )  # fmt: skip
    by_function = pd.DataFrame(
        [(year, code, function, dollars)
         for year, code, dollars in [("2017-18", "a", 1.0), ("2018-19", "a", 2.0),
                                     ("2018-19", "x", 3.0), ("2019-20", "a", 6.0)]
         for function in ("plant_operation", "instruction")],
        columns=["school_year", "school_code", "function", "dollars_per_pupil"],
    )  # fmt: skip
    raised = pd.Series({"2017-18": 1.0, "2018-19": 0.5, "2019-20": 0.25})
    found = account.printed_plant(by_function, spending, raised, "d", "2017-18")
    assert found.to_dict() == {"2018-19": {"a": 20.0}, "2019-20": {"a": 15.0}}


def test_what_is_not_printed_costs_as_much_for_a_seat_as_elsewhere():
    years = ["first", "last"]
    printed = pd.DataFrame([[100.0, 400.0], [300.0, 800.0], [20.0, np.nan]], list("abc"), years)
    seats = pd.Series({"a": 10.0, "b": 30.0, "c": 10.0, "d": 20.0})
    found = account.plant_of_sites(printed, seats)
    # 420 for 50 seats at first, 1,200 for 40 at last; c had 20 where its seats would cost 84.
    assert found.loc["d"].tolist() == pytest.approx([20 * 8.4, 20 * 30.0])
    assert found.loc["c"].tolist() == pytest.approx([20.0, 10 * 30.0 * 20 / 84])
    assert found.loc[["a", "b"]].equals(printed.loc[["a", "b"]])


def test_a_building_is_empty_where_all_its_schools_are_gone():
    portfolio = brute.district(3, sites=4)  # the last two sites share a building
    assert account.left_by(portfolio, ["site 0", "site 3"]).tolist() == [True, False, False]
    assert account.left_by(portfolio, ["site 2", "site 3"]).tolist() == [False, False, True]


def test_prices_of_sites_add_up_in_their_buildings():
    portfolio = brute.district(3, sites=4)
    plant = pd.DataFrame(
        [[4.0, 5.0], [1.0, 2.0], [10.0, 20.0], [30.0, 40.0]], list(portfolio.sites), ["y", "z"]
    )
    ones = np.ones(3)
    found = account.drawn(portfolio, plant.iloc[::-1], np.array([1, 0, 1]), ones, ones)
    assert found.buildings.tolist() == [[5, 2, 60], [4, 1, 40], [5, 2, 60]]


def test_buildings_at_random_are_so_many_of_the_pool():
    pool = np.array([True, False, True, True, True])
    taken = account.at_random(pool, 3, 4000, np.random.default_rng(1))
    assert (taken.sum(axis=1) == 3).all()
    assert not taken[:, 1].any()
    assert taken.mean(axis=0)[pool] == pytest.approx(np.full(4, 3 / 4), abs=0.03)
    assert account.at_random(pool, 9, 2, np.random.default_rng(1)).sum() == 8


@settings(max_examples=10, deadline=None)
@given(seed=some.integers(0, 10_000))
def test_at_the_searchs_own_prices_the_account_is_the_difference_of_scores(seed):
    portfolio = brute.district(seed)
    random = np.random.default_rng(seed)
    stays = portfolio.mandatory | (random.random(4) < 0.6)
    option = np.where(stays, portfolio.now + random.integers(0, 2), CLOSED)
    if not (portfolio.options.offers[option] & (option != CLOSED)[:, None]).any(axis=0).all():
        return
    plan = assigned(portfolio, option, Limits())
    today = assigned(portfolio, portfolio.now, Limits())
    prices = account.Drawn(portfolio.building_dollars[None], np.array([30.0]), np.array([4.0]))
    found = account.released(portfolio, plan, GIVEN, prices)
    before, then = score(portfolio, today), score(portfolio, plan)
    assert found.together == pytest.approx(before.dollars - then.dollars)
    assert found.buildings == pytest.approx(before.buildings - then.buildings)
    assert found.buses == pytest.approx(-then.transport)
    # Whatever an office costs more, each closed school releases.
    dearer = account.Drawn(prices.buildings, prices.school + 7, prices.teacher)
    more = account.released(portfolio, plan, GIVEN, dearer).together - found.together
    assert more == pytest.approx(7 * then.closed)


def test_buses_that_fall_away_are_credited_only_if_asked():
    portfolio = brute.district(5)
    option = portfolio.now.copy()
    at = int(np.flatnonzero(~portfolio.mandatory)[0])
    option[at] = CLOSED
    plan, arcs = assigned(portfolio, option, Limits()), portfolio.arcs
    prices = account.Drawn(portfolio.building_dollars[None], np.array([30.0]), np.array([4.0]))
    charged, net = (
        account.released(portfolio, plan, GIVEN, prices, credited=credited).buses[0]
        for credited in (False, True)
    )
    left = arcs.site == at
    assert net - charged == pytest.approx(arcs.dollars[left] @ arcs.current[left])
    assert charged < 0


def test_given_buildings_stand_for_those_that_the_plan_empties():
    portfolio = brute.district(5)
    today = assigned(portfolio, portfolio.now, Limits())
    prices = account.Drawn(np.array([[1.0, 10.0, 100.0], [2.0, 20.0, 200.0]]), *np.zeros((2, 2)))
    empty = np.array([[True, False, True], [False, True, False]])
    found = account.released(portfolio, today, GIVEN, prices, empty=empty)
    assert found.together.tolist() == [101.0, 20.0]
