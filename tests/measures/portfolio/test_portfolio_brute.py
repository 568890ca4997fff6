"""Plans against every plan there is, on districts small enough to try them all."""

from dataclasses import replace

import numpy as np
import portfolio_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dme.measures.portfolio import (
    Effort,
    Limits,
    Weights,
    assigned,
    best_plan,
    keeping,
    score,
)

EXACT = Effort(gap=1e-9)
SEEDS = some.integers(0, 10_000)
LIMITS = {
    "none": Limits(),
    "tight seats": Limits(seats=0.9),
    "closures": Limits(closures=2),
    "sites": Limits(sites=3),
    "displacement": Limits(displacement=0.3),
    "distance": Limits(distance=(2.5, 3.5)),
    "utilization": Limits(utilization=0.85),
    "floor": Limits(floor=0.6),
    "feeders": Limits(feeders=2.0),
    "pathways": Limits(pathways=True),
    "access": Limits(access=55.0),
    "km": Limits(km=2.0),
    "dollars": Limits(dollars=1200.0),
    "several": Limits(closures=1, displacement=0.5, distance=(4.0, 4.0), pathways=True),
}


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS.keys())
@settings(max_examples=6, deadline=None)
@given(seed=SEEDS)
def test_the_best_plan_is_the_best_of_all(limits, seed):
    portfolio = brute.district(seed, sites=3)
    weights = Weights(displaced=2.0, kilometer=0.5)
    every = brute.best(portfolio, limits, weights)
    plan = best_plan(portfolio, limits, weights, EXACT)
    if not every:
        assert plan is None
        return
    assert plan.proven
    assert plan.value == pytest.approx(every[0][0], abs=1e-4)
    assert plan.bound <= every[0][0] + 1e-4
    assert plan.bound == pytest.approx(every[0][0], rel=1e-6, abs=1e-4)


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_the_share_of_pupils_in_full_buildings(seed):
    """A plan that must fill buildings does, and costs no less than the best of all."""
    portfolio = brute.district(seed, sites=3)
    plan = best_plan(portfolio, Limits(full=(0.7, 0.85)), effort=EXACT)
    free = best_plan(portfolio, Limits(), effort=EXACT)
    if plan is not None:
        assert score(portfolio, plan, 0.85).full_share >= 0.7 - 1e-6
        assert plan.value >= free.value - 1e-6
    elif free is not None:
        assert score(portfolio, free, 0.85).full_share < 0.7


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_the_score_adds_up_to_the_objective(seed):
    portfolio = brute.district(seed)
    weights = Weights(displaced=2.0)
    plan = best_plan(portfolio, Limits(), weights, EXACT)
    if plan is None:
        return
    found = score(portfolio, plan)
    staying = portfolio.sum_of_arcs(plan.stayed).sum(axis=1)
    assert found.dollars == pytest.approx(found.options + found.buildings + found.transport)
    assert found.dollars + 2 * found.displaced == pytest.approx(plan.value)
    assert (plan.moved + plan.stayed).sum() == pytest.approx(portfolio.pupils)
    assert plan.moved.sum() == pytest.approx(found.displaced)
    # Who moves finds a seat; who stays may be more than the seats.
    crowded = np.maximum(staying - portfolio.seats, 0).sum()
    assert found.over == pytest.approx(crowded, abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS, limit=some.sampled_from(["displacement", "seats", "closures", "distance"]))
def test_a_looser_limit_never_costs_more(seed, limit):
    portfolio = brute.district(seed)
    tight = Limits(displacement=0.4, seats=1.0, closures=1, distance=(3.0, 3.0))
    looser = {"displacement": 0.7, "seats": 1.3, "closures": 0, "distance": (5.0, 5.0)}
    first = best_plan(portfolio, tight, effort=EXACT)
    second = best_plan(portfolio, replace(tight, **{limit: looser[limit]}), effort=EXACT)
    if first is not None:
        assert second is not None
        assert second.value <= first.value + 1e-6


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_one_more_site_never_costs_more(seed):
    random = np.random.default_rng(seed)
    demand, seats = random.integers(1, 20, 6).astype(float), random.integers(40, 90, 5)
    cost, fixed = random.uniform(1, 9, (6, 5)), random.integers(10, 60, 5).astype(float)
    few = best_plan(
        brute.located(demand, cost[:, :4], seats[:4], fixed[:4]), Limits(), effort=EXACT
    )
    more = best_plan(brute.located(demand, cost, seats, fixed), Limits(), effort=EXACT)
    if few is not None:
        assert more.value <= few.value + 1e-6


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_a_given_plan_is_assigned_as_well_as_can_be(seed):
    portfolio = brute.district(seed)
    plan = best_plan(portfolio, Limits(), effort=EXACT)
    if plan is None:
        return
    again = assigned(portfolio, plan.option, Limits())
    assert again.value == pytest.approx(plan.value)
    assert sum(again.missed.values()) == pytest.approx(0, abs=1e-6)


def test_a_given_plan_without_the_seats_says_how_many_lack():
    """By hand: all of 60 pupils at a site of 20 seats."""
    portfolio = brute.located(np.array([60.0]), np.array([[1.0, 1.0]]), np.array([20.0, 70.0]))
    plan = assigned(portfolio, np.array([0, -1]), Limits())
    assert plan.missed["seats"] == pytest.approx(40)
    assert score(portfolio, plan).over == pytest.approx(40)


def test_who_may_stay_stays_however_cheap_another_site_is():
    portfolio = brute.district(3)
    plan = best_plan(portfolio, Limits(displacement=0.0), effort=EXACT)
    assert plan.moved.sum() == 0
    assert plan.stayed == pytest.approx(portfolio.arcs.current)


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS.keys())
@settings(max_examples=3, deadline=None)
@given(seed=SEEDS)
def test_given_options_keep_all_limits_or_none_is_returned(limits, seed):
    portfolio, weights = brute.district(seed, sites=3), Weights(kilometer=0.5)
    costs = {tuple(option): cost for cost, option in brute.best(portfolio, limits, weights)}
    for option in list(brute.combinations(portfolio))[::3]:
        plan = keeping(portfolio, option, limits, weights)
        assert (plan is not None) == (tuple(option) in costs)
        if plan is not None:
            assert plan.value == pytest.approx(costs[tuple(option)], abs=1e-4)
            assert (plan.option == option).all()
