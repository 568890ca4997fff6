"""Answers near a known one: by hand, and against every plan of small districts."""

import numpy as np
import portfolio_brute as brute
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dme.measures.portfolio import Effort, Limits, Weights
from dme.measures.portfolio.build import build
from dme.measures.portfolio.induced import near_known
from dme.measures.portfolio.plan import objective, taking
from dme.measures.portfolio.program import Program, minimize

EXACT = Effort(gap=1e-9)


def program(least, most=np.inf):
    """Give two choices x and y, of which 2x + 2y is to lie between two numbers."""
    made = Program()
    both = made.add(2, integer=True)
    made.require([(0, both, 2.0)], least=least, most=most)
    return made, both


def test_what_the_relaxation_agrees_about_is_held():
    """Minimize x + 2y with 2x + 2y >= 3: relaxed x = 1, y = 1/2, worth 2; whole, both, worth 3."""
    made, both = program(3.0)
    found = near_known(made, np.array([1.0, 2.0]), (both, np.array([1.0, 0.0])), EXACT)
    assert found.values == pytest.approx([1.0, 1.0])
    assert (found.value, found.bound) == pytest.approx((3.0, 2.0))
    assert found.ended == "stopped"


def test_a_known_answer_can_lead_astray_but_never_to_a_false_bound():
    """With 2x + 2y = 3 no whole answer is, which the relaxation does not see."""
    made, both = program(3.0, 3.0)
    found = near_known(made, np.array([1.0, 2.0]), (both, np.array([1.0, 1.0])), EXACT)
    assert (found.ended, found.found) == ("nothing found", False)
    assert found.bound == pytest.approx(2.0)


def test_what_not_even_the_relaxation_can_do_is_impossible():
    made, both = program(5.0)
    found = near_known(made, np.ones(2), (both, np.zeros(2)), EXACT)
    assert found.ended == "impossible"


def test_what_is_held_besides_stays_so():
    """Minimize x + 2y with 2x + 2y >= 2: with y held at 1, y alone is enough."""
    made, both = program(2.0)
    held = (both[[1]], np.array([1.0]))
    found = near_known(made, np.array([1.0, 2.0]), (both, np.array([1.0, 0.0])), EXACT, held)
    assert found.values == pytest.approx([0.0, 1.0])


@settings(max_examples=25, deadline=None)
@given(seed=some.integers(0, 10_000), share=some.sampled_from([0.1, 0.4, 1.0]))
def test_it_is_one_of_all_plans_and_above_the_bound(seed, share):
    portfolio, weights = brute.district(seed, sites=3), Weights(displaced=1.0)
    limits = Limits(displacement=share)
    model = build(portfolio, limits)
    goal = objective(model, weights)
    known = model.option, taking(model, portfolio.now)
    found = near_known(model.program, goal.coefficients, known, EXACT)
    every = brute.best(portfolio, limits, weights)
    if not every:
        assert not found.found
        return
    assert found.bound + goal.constant <= every[0][0] + 1e-4
    if not found.found:
        return
    costs = [cost for cost, _ in every]
    assert np.isclose(costs, found.value + goal.constant, atol=1e-3).any()
    relaxed = minimize(model.program, goal.coefficients, relaxed=True)
    agreed = np.isclose(relaxed.values[model.option], known[1], atol=1e-7)
    assert found.values[model.option][agreed] == pytest.approx(known[1][agreed])
