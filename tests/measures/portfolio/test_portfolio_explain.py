"""What blocks a wish, against all plans there are."""

from dataclasses import replace

import numpy as np
import portfolio_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dme.measures.portfolio import Effort, Limits
from dme.measures.portfolio.explain import UNITS, explain

EXACT = Effort(gap=1e-9, absolute_gap=1e-7)


def open_district(seed):
    portfolio = brute.district(seed, sites=3)
    return replace(portfolio, mandatory=np.zeros(3, bool))


@settings(max_examples=10, deadline=None)
@given(
    seed=some.integers(0, 10_000),
    closures=some.integers(0, 3),
    share=some.sampled_from([0.0, 0.2, 0.5, 1.0]),
    near=some.sampled_from([1.0, 3.0, 9.0]),
)
def test_a_wish_is_possible_or_its_blockers_are_a_smallest_conflict(seed, closures, share, near):
    portfolio = open_district(seed)
    wish = Limits(closures=closures, displacement=share, distance=(near, near), pathways=False)
    found = explain(portfolio, wish, EXACT)
    assert found.settled
    assert found.possible == bool(brute.best(portfolio, wish))
    assert found.possible == (not found.blockers)
    if found.possible:
        return
    assert not brute.best(portfolio, wish.only(*found.blockers))
    for name in found.blockers:
        rest = wish.only(*(each for each in found.blockers if each != name))
        assert brute.best(portfolio, rest)


@settings(max_examples=10, deadline=None)
@given(seed=some.integers(0, 10_000))
def test_each_relief_is_the_least_that_makes_the_wish_possible(seed):
    portfolio = open_district(seed)
    wish = Limits(seats=3.0, closures=2, displacement=0.1)
    found = explain(portfolio, wish, EXACT)
    reliefs = {each.limit: each for each in found.reliefs}
    if {"closures", "displacement"} != set(found.blockers):
        return
    total = portfolio.demand.sum()
    fewer = max(
        (option == brute.CLOSED).sum()
        for _, option in brute.best(portfolio, wish.without("closures"))
    )
    assert reliefs["closures"].amount == pytest.approx(2 - fewer)
    moved = min(
        portfolio.current[~brute._teaches(portfolio, option)].sum()
        for _, option in brute.best(portfolio, wish.without("displacement"))
    )
    assert reliefs["displacement"].amount == pytest.approx(moved - 0.1 * total, abs=1e-4)


def test_closing_half_the_sites_and_moving_nobody():
    portfolio = open_district(5)
    found = explain(portfolio, Limits(seats=9.0, closures=2, displacement=0.0), EXACT)
    assert not found.possible
    assert set(found.blockers) == {"closures", "displacement"}
    reliefs = {each.limit: each for each in found.reliefs}
    assert reliefs["closures"].amount == pytest.approx(2)
    assert reliefs["displacement"].unit == UNITS["displacement"]


def test_seats_that_lack_are_what_blocks_a_wish():
    """By hand: 60 pupils, 50 seats."""
    portfolio = brute.located(np.array([60.0]), np.array([[1.0, 1.0]]), np.array([20.0, 30.0]))
    found = explain(portfolio, Limits(), EXACT)
    assert found.blockers == ("seats",)
    assert found.reliefs[0].amount == pytest.approx(10)


def test_a_limit_that_no_loosening_helps_has_no_relief():
    """A second site can't close when both must stay open."""
    portfolio = brute.located(np.array([10.0]), np.array([[1.0, 1.0]]))
    portfolio = replace(portfolio, mandatory=np.ones(2, bool))
    found = explain(portfolio, Limits(closures=1, sites=1), EXACT)
    assert found.blockers == ("closures",)
    assert found.reliefs[0].amount == pytest.approx(1)
