"""Large problems: the bound holds, and the gap is what it says."""

import numpy as np
import portfolio_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dme.errors import DmeError
from dme.measures.portfolio import Effort, Limits, best_plan, located, nearest
from dme.measures.portfolio.build import build
from dme.measures.portfolio.lagrange import certified_plan, pairs_of, relaxed


def city(sites, areas, seed=1):
    """Give sites and areas strewn over a square, at 300 dollars a pupil-kilometer."""
    random = np.random.default_rng(seed)
    side = np.sqrt(sites) * 1.5
    home, school = random.uniform(0, side, (areas, 2)), random.uniform(0, side, (sites, 2))
    km = np.linalg.norm(home[:, None] - school, axis=-1)
    demand = random.integers(10, 80, areas).astype(float)
    seats = random.uniform(0.6, 1.4, sites) * demand.sum() / sites / 0.7
    return located(demand, 300 * km, seats, seats * 900 + 4e5, km)


@settings(max_examples=15, deadline=None)
@given(seed=some.integers(0, 10_000), height=some.floats(0, 80))
def test_no_plan_costs_less_than_the_bound_at_any_prices(seed, height):
    portfolio = brute.district(seed, sites=3)
    model = build(portfolio, Limits())
    pairs = pairs_of(model, 1.0)
    price = np.random.default_rng(seed).uniform(0, height, len(pairs.demand))
    every = brute.best(portfolio, Limits())
    if every:
        assert relaxed(portfolio, pairs, price).bound <= every[0][0] + 1e-6


def test_the_relaxed_problem_by_hand():
    """Two sites of 10 seats, 12 pupils at a price of 5, costs 1 and 4, 20 a site.

    The first site gains 10 * (5 - 1) - 20 = 20 and opens; the second 10 * (5 - 4) - 20 = -10
    and does not. The bound is 12 * 5 - 20 = 40, and two pupils have no seat.
    """
    portfolio = located(
        np.array([12.0]), np.array([[1.0, 4.0]]), np.array([10.0, 10.0]), np.array([20.0, 20.0])
    )
    found = relaxed(portfolio, pairs_of(build(portfolio, Limits()), 1.0), np.array([5.0]))
    assert found.bound == pytest.approx(40)
    assert list(found.option) == [0, -1]
    assert list(found.unseated) == pytest.approx([2])


def test_both_methods_agree_within_their_gaps():
    portfolio = nearest(city(60, 240), 12)
    ours = certified_plan(portfolio, gap=0.02)
    theirs = best_plan(portfolio, Limits(), effort=Effort(gap=0.01))
    assert ours.proven
    assert theirs.proven
    assert ours.bound <= theirs.value + 1e-6
    assert theirs.bound <= ours.value + 1e-6
    assert ours.gap <= 0.02
    loads = portfolio.sum_of_arcs(ours.moved).sum(axis=1)
    assert (loads <= portfolio.seats * ours.open + 1e-4).all()
    assert ours.moved.sum() == pytest.approx(portfolio.pupils)


def test_the_bound_of_a_pruned_search_is_that_of_the_whole():
    portfolio = city(15, 60)
    pruned = certified_plan(portfolio, gap=0.01, sites=3)
    whole = best_plan(portfolio, Limits(), effort=Effort(gap=0.01))
    assert pruned.bound <= whole.value + 1e-6
    assert pruned.moved.shape == portfolio.arcs.km.shape
    assert pruned.value >= whole.bound - 1e-6
    assert float(pruned.moved @ portfolio.arcs.dollars) < pruned.value


def test_a_prune_keeps_the_nearest_and_those_in_use():
    portfolio = brute.district(7)
    fewer = nearest(portfolio, 1)
    assert (np.sort(fewer.arcs.current)[-3:] == np.sort(portfolio.arcs.current)[-3:]).all()
    lone = nearest(city(6, 10), 2)
    assert len(lone.arcs.area) == 20
    full = city(6, 10).arcs
    for area in range(10):
        kept = np.sort(lone.arcs.km[lone.arcs.area == area])
        assert kept == pytest.approx(np.sort(full.km[full.area == area])[:2])


def test_five_hundred_sites_and_five_thousand_blocks_to_two_percent():
    portfolio = city(500, 5000)
    plan = certified_plan(portfolio, gap=0.02, sites=15)
    assert plan.proven
    assert plan.gap <= 0.02
    loads = portfolio.sum_of_arcs(plan.moved).sum(axis=1)
    assert (loads <= portfolio.seats * plan.open + 1e-3).all()
    spent = plan.moved @ portfolio.arcs.dollars + portfolio.building_dollars[plan.open].sum()
    assert plan.value == pytest.approx(spent, rel=1e-6)


def test_too_few_seats_are_said():
    portfolio = located(np.array([60.0]), np.array([[1.0, 1.0]]), np.array([20.0, 30.0]))
    with pytest.raises(DmeError, match="enough seats"):
        certified_plan(portfolio, rounds=20)
