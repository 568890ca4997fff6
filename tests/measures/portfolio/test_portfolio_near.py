"""Which closures are in every plan that is nearly the best, against all plans there are."""

from itertools import pairwise

import numpy as np
import portfolio_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dme.measures.portfolio import Effort, Limits, Weights, best_plan
from dme.measures.portfolio.near import near_optimal

EXACT = Effort(gap=1e-9)


def fates(portfolio, limits, weights, within):
    every = brute.best(portfolio, limits, weights)
    line = every[0][0] * (1 + within)
    closed = np.array([option == brute.CLOSED for cost, option in every if cost <= line])
    words = {(True, True): "every", (True, False): "some", (False, False): "none"}
    return tuple(words[each.any(), each.all()] for each in closed.T)


@settings(max_examples=8, deadline=None)
@given(seed=some.integers(0, 10_000), within=some.sampled_from([0.01, 0.1, 0.3]))
def test_fates_are_those_of_all_plans_within_the_value(seed, within):
    portfolio, limits, weights = brute.district(seed, sites=4), Limits(), Weights(displaced=1)
    best = best_plan(portfolio, limits, weights, EXACT)
    if best is None:
        return
    found = near_optimal(portfolio, limits, best, within=within, weights=weights)
    assert found.closes == fates(portfolio, limits, weights, within)
    assert found.most == pytest.approx(best.value * (1 + within))
    assert (found.plans[0] == best.open).all()


def test_a_wider_margin_never_makes_a_closure_surer():
    portfolio = brute.district(11, sites=4)
    best = best_plan(portfolio, Limits(), effort=EXACT)
    margins = [near_optimal(portfolio, Limits(), best, within=w) for w in (0.0, 0.05, 0.2, 0.8)]
    every = [set(each.of("every")) for each in margins]
    assert all(after <= before for before, after in pairwise(every))


def test_what_runs_out_of_time_is_not_called_settled():
    portfolio = brute.district(11, sites=4)
    best = best_plan(portfolio, Limits(), effort=EXACT)
    found = near_optimal(portfolio, Limits(), best, effort=Effort(seconds=0.0))
    asked = ~portfolio.mandatory
    assert {found.closes[site] for site in np.flatnonzero(asked)} <= {"some", "unsettled"}
    assert {found.closes[site] for site in np.flatnonzero(~asked)} <= {"none"}
