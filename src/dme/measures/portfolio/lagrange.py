"""A certified plan where sites and areas are too many for one mixed-integer program.

The rows that seat every pupil are relaxed, with a price on each area and band (Lagrangian
relaxation: Geoffrion, 1974; of facility location: Beasley, 1993). What is left falls apart into
one small problem for each option of each site, solved exactly by sorting: the pupils who are worth
most fill its seats. So every set of prices gives a value that no plan can be below. Prices climb
by subgradients (Held, Wolfe and Crowder, 1974). Plans come from the options that the relaxed
problem takes, with pupils assigned by a linear program. The gap is computed here, from the two.
"""

from dataclasses import dataclass, replace

import numpy as np

from dme.errors import DmeError
from dme.measures.portfolio.build import build, frame, offers_of_arcs
from dme.measures.portfolio.inputs import Arcs, Portfolio, nearest
from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.model import Model
from dme.measures.portfolio.plan import CLOSED, Plan, to_plan
from dme.measures.portfolio.program import Effort, minimize

_PATIENCE, _SHRINK, _SMALLEST = 10, 0.7, 1e-3
_MEMORY = 0.9
_SPARE = (0.0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32)


@dataclass(frozen=True)
class Pairs:
    """The relaxed problem's constants; a pair is an option and an arc of a band it offers.

    Attributes
    ----------
    option, row : ndarray of int, shape (P,)
        The pair's option, and the area and band of its arc.
    pupils, cost : ndarray, shape (P,)
        Pupils who could move along it, and dollars for each.
    stay_option, stay_row, stay_pupils : ndarray, shape (Q,)
        The same of who stays.
    fixed, room : ndarray, shape (O,)
        What an option costs with those who stay; seats left for those who come.
    demand : ndarray, shape (R,)
        Pupils by area and band.
    """

    option: np.ndarray
    row: np.ndarray
    pupils: np.ndarray
    cost: np.ndarray
    stay_option: np.ndarray
    stay_row: np.ndarray
    stay_pupils: np.ndarray
    fixed: np.ndarray
    room: np.ndarray
    demand: np.ndarray


@dataclass(frozen=True)
class Relaxed:
    """The relaxed problem at one set of prices.

    Attributes
    ----------
    bound : float
        What no plan costs less than.
    option : ndarray of int, shape (S,)
        The options that it takes; -1 where a site closes.
    unseated : ndarray, shape (R,)
        Pupils by area and band who find no seat; negative where some find two.
    """

    bound: float
    option: np.ndarray
    unseated: np.ndarray


def pairs_of(model: Model, seats: float) -> Pairs:
    """Return the constants of a portfolio's relaxed problem.

    Parameters
    ----------
    model : Model
        See `dme.measures.portfolio.build.build`.
    seats : float
        Most share of a site's seats that may be filled by pupils who move there.
    """
    portfolio, arcs = model.portfolio, model.portfolio.arcs
    needed = portfolio.demand > 0
    row = np.full(needed.shape, -1)
    row[needed] = np.arange(needed.sum())
    option, place = offers_of_arcs(model, model.arcs, places=True)
    arc = model.arcs[place]
    pupils = model.moving[place] - arcs.current[arc]
    some = pupils > 1e-9
    stay_option, stay = offers_of_arcs(model, np.flatnonzero(arcs.current > 0))
    at_site = seats * portfolio.seats[portfolio.options.site]
    return Pairs(
        option=option[some],
        row=row[arcs.area[arc], arcs.band[arc]][some],
        pupils=pupils[some],
        cost=arcs.dollars[arc][some],
        stay_option=stay_option,
        stay_row=row[arcs.area[stay], arcs.band[stay]],
        stay_pupils=arcs.current[stay],
        fixed=model.dollars().coefficients[model.option],
        room=np.maximum(0.0, at_site - model.load),
        demand=portfolio.demand[needed],
    )


def relaxed(portfolio: Portfolio, pairs: Pairs, price: np.ndarray) -> Relaxed:
    """Solve the relaxed problem exactly.

    Parameters
    ----------
    price : ndarray, shape (R,)
        Dollars for each pupil of an area and band who is seated.
    """
    options = len(portfolio.options.site)
    reduced = pairs.cost - price[pairs.row]
    paid = np.flatnonzero(reduced < 0)
    paid = paid[np.lexsort((reduced[paid], pairs.option[paid]))]
    option, pupils = pairs.option[paid], pairs.pupils[paid]
    before = np.cumsum(pupils) - pupils
    before -= before[np.searchsorted(option, option)] if len(option) else 0.0
    taken = np.clip(pairs.room[option] - before, 0.0, pupils)
    moving = np.bincount(option, weights=taken * reduced[paid], minlength=options)
    credit = pairs.stay_pupils * price[pairs.stay_row]
    staying = np.bincount(pairs.stay_option, weights=credit, minlength=options)
    chosen, value = _choose(portfolio, pairs.fixed + moving - staying)
    at = np.zeros(options, bool)
    at[chosen[chosen != CLOSED]] = True
    unseated = pairs.demand - np.bincount(
        pairs.row[paid], weights=taken * at[option], minlength=len(price)
    )
    unseated -= np.bincount(
        pairs.stay_row, weights=pairs.stay_pupils * at[pairs.stay_option], minlength=len(price)
    )
    return Relaxed(float(price @ pairs.demand) + value, chosen, unseated)


def _choose(portfolio: Portfolio, worth: np.ndarray) -> tuple[np.ndarray, float]:
    """Take each site's cheapest option where it pays, building by building."""
    site = portfolio.options.site
    order = np.lexsort((worth, site))
    sites, first = np.unique(site[order], return_index=True)
    best = np.full(len(portfolio.sites), CLOSED)
    best[sites] = order[first]
    value = np.where(best == CLOSED, 0.0, worth[best])
    opened = portfolio.mandatory | (value < 0)
    gain = np.bincount(
        portfolio.building, weights=value * opened, minlength=len(portfolio.building_dollars)
    )
    must = np.zeros(len(gain), bool)
    must[portfolio.building[portfolio.mandatory]] = True
    bill = portfolio.building_dollars + gain
    used = must | (bill < 0)
    opened &= used[portfolio.building]
    return np.where(opened, best, CLOSED), float(bill[used].sum())


def certified_plan(
    portfolio: Portfolio,
    *,
    seats: float = 1.0,
    gap: float = 0.02,
    sites: int | None = None,
    rounds: int = 800,
    every: int = 100,
) -> Plan:
    """Return a plan of low cost, with a bound that holds for every plan.

    The search may look at each area's nearest sites alone. Its bound does not: the prices that
    it ends with are put to the whole problem, so that a prune that costs too much shows as a gap.

    Parameters
    ----------
    portfolio : Portfolio
        Sites, options, pupils. Seats are the one limit that this search keeps.
    seats : float
        See `dme.measures.portfolio.limits.Limits`.
    gap : float
        Share of the plan's cost at which to stop.
    sites : int, optional
        How many of each area's nearest sites the search looks at; all where not given.
    rounds, every : int
        Most sets of prices, and after how many of them a plan is made.

    Returns
    -------
    Plan
        `Plan.proven` says whether the gap was reached.

    Raises
    ------
    DmeError
        If no plan with enough seats was found.
    """
    fewer = portfolio if sites is None else nearest(portfolio, sites)
    found = _climb(build(fewer, Limits(seats=seats)), seats, gap, rounds, every)
    if found.plan is None:
        message = "No plan with enough seats was found: give more seats, or more rounds."
        raise DmeError(message)
    plan, bound = found.plan, found.bound
    if sites is not None:
        bound = relaxed(portfolio, pairs_of(frame(portfolio), seats), found.price).bound
        plan = _on_arcs_of(portfolio, fewer, plan)
    return replace(plan, bound=bound, proven=bool(plan.value - bound <= gap * plan.value))


@dataclass(frozen=True)
class _Climb:
    """The best prices so far with their bound, and the best plan so far."""

    price: np.ndarray
    bound: float
    plan: Plan | None


def _climb(model: Model, seats: float, gap: float, rounds: int, every: int) -> _Climb:
    """Raise the bound price by price, and make a plan from time to time."""
    portfolio, pairs = model.portfolio, pairs_of(model, seats)
    price = _first_prices(pairs)
    best = _Climb(price, -np.inf, None)
    step, since, votes = 1.0, 0, np.zeros(len(portfolio.options.site))
    for number in range(1, rounds + 1):
        found = relaxed(portfolio, pairs, price)
        since += 1
        if found.bound > best.bound:
            best, since = replace(best, price=price, bound=found.bound), 0
        if since >= _PATIENCE:
            step, since = step * _SHRINK, 0
        votes *= _MEMORY
        votes[found.option[found.option != CLOSED]] += 1 - _MEMORY
        steep = float(found.unseated @ found.unseated)
        last = step < _SMALLEST or steep < 1e-9 or number == rounds
        if last or number % every == 0:
            best = replace(best, plan=_better(best.plan, _plan_of(model, pairs, votes)))
        plan = best.plan
        if last or (plan is not None and plan.value - best.bound <= gap * plan.value):
            break
        target = plan.value if plan is not None else best.bound + 0.05 * abs(best.bound)
        price = price + step * max(target - found.bound, 0.0) / steep * found.unseated
    return best


def _on_arcs_of(portfolio: Portfolio, fewer: Portfolio, plan: Plan) -> Plan:
    """Return a plan of a portfolio with fewer arcs on all arcs of the whole one."""

    def key(arcs: Arcs) -> np.ndarray:
        place = arcs.area * len(portfolio.bands) + arcs.band
        return place * len(portfolio.sites) + arcs.site

    whole, part = key(portfolio.arcs), key(fewer.arcs)
    order = np.argsort(whole)
    at = order[np.searchsorted(whole, part, sorter=order)]
    moved, stayed = np.zeros(len(whole)), np.zeros(len(whole))
    moved[at], stayed[at] = plan.moved, plan.stayed
    return replace(plan, moved=moved, stayed=stayed)


def _first_prices(pairs: Pairs) -> np.ndarray:
    """Return for each area the least that a pupil costs where a site is full."""
    full = np.where(pairs.room > 0, pairs.fixed / np.maximum(pairs.room, 1.0), np.inf)
    each = pairs.cost + full[pairs.option]
    found = np.full(len(pairs.demand), np.inf)
    np.minimum.at(found, pairs.row, each)
    return np.where(np.isfinite(found), found, 0.0)


def _better(one: Plan | None, other: Plan | None) -> Plan | None:
    if one is None or other is None:
        return one or other
    return one if one.value <= other.value else other


def _plan_of(model: Model, pairs: Pairs, votes: np.ndarray) -> Plan | None:
    """Return a plan of the options that were taken most often, or None without enough seats.

    Sites are opened by how often the relaxed problem took them lately, until there are seats for
    all, or a little more: seats may lie where nobody can reach them.
    """
    portfolio, site = model.portfolio, model.portfolio.options.site
    order = np.lexsort((-votes, site))
    sites, first = np.unique(site[order], return_index=True)
    favorite = order[first]
    favorite = favorite[np.lexsort((-votes[favorite], ~portfolio.mandatory[sites]))]
    seats = np.cumsum(pairs.room[favorite] + model.load[favorite])
    goal, tried = model.dollars(), -1
    for spare in _SPARE:
        count = int(np.searchsorted(seats, (1 + spare) * pairs.demand.sum())) + 1
        count = max(min(count, len(favorite)), int(portfolio.mandatory.sum()))
        if count == tried:
            continue
        tried = count
        held = np.zeros(len(site))
        held[favorite[:count]] = 1.0
        answer = minimize(
            model.program, goal.coefficients, Effort(gap=1e-9), fixed=(model.option, held)
        )
        if answer.found:
            return to_plan(model, goal, answer)
    return None
