"""A time limit is for a whole search, however many times it asks the solver."""

import portfolio_brute as brute
import pytest

from dme.measures.portfolio import Effort, Limits, best_plan, program
from dme.measures.portfolio.explain import explain
from dme.measures.portfolio.near import near_optimal

SECONDS = 400.0


class Clock:
    """Time that passes only while the solver works: a part of what each call may take."""

    def __init__(self, part):
        self.now, self.part, self.handed = 0.0, part, []

    def __call__(self):
        return self.now

    def solver(self, solve):
        def solved(model, kind, initializer, parameters, *rest):
            limit = parameters.time_limit.seconds + parameters.time_limit.nanos / 1e9
            self.handed.append(limit)
            self.now += self.part * limit
            parameters.time_limit.seconds = 60  # what this machine takes decides nothing
            return solve(model, kind, initializer, parameters, *rest)

        return solved


SEARCHES = {
    "best": lambda portfolio, _, effort: best_plan(portfolio, Limits(closures=1), effort=effort),
    "near": lambda portfolio, best, effort: near_optimal(
        portfolio, Limits(), best, within=0.3, effort=effort
    ),
    "explain": lambda portfolio, _, effort: explain(
        portfolio, Limits(closures=4, displacement=0.0), effort
    ),
}


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES.keys())
@pytest.mark.parametrize("part", [0.3, 1.0])
def test_all_phases_share_one_limit(monkeypatch, search, part):
    portfolio, clock = brute.district(11, sites=4), Clock(part)
    best = best_plan(portfolio, Limits())
    monkeypatch.setattr(program.solver, "solve", clock.solver(program.solver.solve))
    search(portfolio, best, Effort(gap=1e-9, seconds=SECONDS, clock=clock))
    assert len(clock.handed) > 1
    assert clock.handed[0] == SECONDS
    for earlier, limit in enumerate(clock.handed):
        assert limit == pytest.approx(SECONDS * (1 - part) ** earlier, abs=1e-6)
    assert clock.now <= SECONDS + 1e-6


def test_a_search_that_has_begun_is_not_begun_anew():
    clock = Clock(1.0)
    first = Effort(seconds=10, clock=clock).begun()
    clock.now = 7.0
    assert first.begun().left == 3.0
    clock.now = 12.0
    assert first.left == 0.0
    assert Effort(seconds=10, clock=clock).left == 10.0


def test_what_was_found_before_time_ran_out_is_kept(monkeypatch):
    """The first phase takes all the time: its plan is the answer."""
    portfolio = brute.district(11, sites=4)
    sure = best_plan(portfolio, Limits(), effort=Effort(gap=1e-9))
    clock, solve = Clock(0.0), program.solver.solve

    def slow(*given):
        clock.now += 200.0
        return solve(*given)

    monkeypatch.setattr(program.solver, "solve", slow)
    found = best_plan(portfolio, Limits(), effort=Effort(gap=1e-9, seconds=400.0, clock=clock))
    assert not found.proven
    assert found.bound <= sure.value <= found.value + 1e-6
