"""The best plan under limits, with its proof, and a given plan's best assignment."""

from dataclasses import dataclass, replace

import numpy as np

from dme.errors import Lacking
from dme.measures.portfolio.build import build
from dme.measures.portfolio.induced import near_known
from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.model import Linear, Model
from dme.measures.portfolio.program import Answer, Effort, minimize

CLOSED = -1
_DONE = Effort(gap=1e-9)
# Of the gap that a search may stop at, the part that the search near today's plan stops at: the
# whole search, which begins with what that finds, then ends soon.
_PART = 0.5


@dataclass(frozen=True)
class Weights:
    """What a plan is to keep low; the last two are judgements of value, not measurements.

    Attributes
    ----------
    dollars : float
        A dollar a year.
    displaced : float
        A pupil whose site closes or ends their band.
    kilometer : float
        A kilometer between home and school, for one pupil.
    """

    dollars: float = 1.0
    displaced: float = 0.0
    kilometer: float = 0.0


@dataclass(frozen=True)
class Plan:
    """What becomes of each site, who goes where, and how good that is proved to be.

    Attributes
    ----------
    option : ndarray of int, shape (S,)
        The option that each site takes; -1 where it closes.
    moved : ndarray, shape (R,)
        Pupils who move along each arc of the portfolio.
    stayed : ndarray, shape (R,)
        Pupils who stay at the site of each arc.
    value, bound : float
        The objective (dollars and weights), and what no plan under the limits is below.
    proven : bool
        Whether the search ended at the gap that was asked for, rather than at its time limit.
    missed : dict of str to float
        By how much each limit that may give way is missed, in the units of
        `dme.measures.portfolio.limits.UNITS`.
    """

    option: np.ndarray
    moved: np.ndarray
    stayed: np.ndarray
    value: float
    bound: float
    proven: bool
    missed: dict[str, float]

    @property
    def gap(self) -> float:
        """How far the bound lies below the value, as a share of the value."""
        return max(0.0, self.value - self.bound) / max(abs(self.value), 1e-9)

    @property
    def open(self) -> np.ndarray:
        """Which sites are open."""
        return self.option != CLOSED


def objective(model: Model, weights: Weights) -> Linear:
    """Return the weighted sum of dollars, displaced pupils and pupil-kilometers."""
    total = model.linear().plus(model.dollars(), weights.dollars)
    total = total.plus(model.displaced(), weights.displaced)
    return total.plus(model.kilometers(), weights.kilometer)


def best_plan(
    portfolio: Portfolio,
    limits: Limits,
    weights: Weights | None = None,
    effort: Effort | None = None,
    *,
    whole: bool = False,
) -> Plan | None:
    """Return the plan of least cost under limits; None where there is none.

    The search starts from the best plan that leaves as they are the sites which the relaxation
    would leave so.

    Parameters
    ----------
    portfolio : Portfolio
        Sites, options, pupils.
    limits : Limits
        What the plan must keep; `dme.measures.portfolio.explain` says why none can.
    weights : Weights, optional
        What the plan is to keep low; dollars alone where not given.
    effort : Effort, optional
        The gap to prove, and the time of all phases together.
    whole : bool
        Whether an area's pupils of a band go to one site together.

    Raises
    ------
    Lacking
        If time ran out before a plan was found.
    """
    model = build(portfolio, limits, whole=whole)
    goal = objective(model, weights or Weights())
    effort = (effort or Effort()).begun()
    first = near_known(
        model.program,
        goal.coefficients,
        (model.option, taking(model, portfolio.now)),
        replace(effort, gap=_PART * effort.gap),
    )
    if first.ended == "impossible":
        return None
    answer = minimize(model.program, goal.coefficients, effort, hint=first.values)
    if answer.ended == "impossible":
        return None
    # A search whose time is over may not hand back what it was given to begin with.
    answer = answer if answer.found else first
    return to_plan(model, goal, settled(model, goal.coefficients, answer, effort))


def answered(answer: Answer) -> Answer:
    """Return an answer that is one.

    Raises
    ------
    Lacking
        If time ran out before there was any.
    """
    if not answer.found:
        lacking = "time ran out before any plan was found: give plan_time_limit more seconds"
        raise Lacking(lacking, by_choice=True)
    return answer


def settled(model: Model, goal: np.ndarray, answer: Answer, effort: Effort) -> Answer:
    """Return an answer with its shares assigned as well as its options allow, in what time is left.

    A search that ends within a gap may leave the pupils of its plan badly assigned.

    Raises
    ------
    Lacking
        If there is no answer.
    """
    answered(answer)
    whole = np.flatnonzero(model.program.integers())
    held = (whole, np.round(answer.values[whole]))
    again = minimize(model.program, goal, replace(_DONE, seconds=effort.left), fixed=held)
    if not again.found or again.value > answer.value:
        return answer
    return replace(answer, values=again.values, value=again.value)


def to_plan(model: Model, goal: Linear, answer: Answer) -> Plan:
    """Return an answer of a model as a plan."""
    portfolio, arcs = model.portfolio, model.portfolio.arcs
    taken = answer.values[model.option] > 0.5
    option = np.full(len(portfolio.sites), CLOSED)
    option[portfolio.options.site[taken]] = np.flatnonzero(taken)
    moved = np.zeros(len(arcs.area))
    moved[model.arcs] = answer.values[model.share] * model.moving
    missed = {name: float(answer.values[at].sum()) for name, at in model.slack.items()}
    return Plan(
        option=option,
        moved=np.where(moved > 1e-6, moved, 0.0),
        stayed=np.where(taught(portfolio, option)[arcs.site, arcs.band], arcs.current, 0.0),
        value=goal.of(answer.values),
        bound=answer.bound + goal.constant,
        proven=answer.ended == "solved",
        missed=missed,
    )


def taking(model: Model, option: np.ndarray) -> np.ndarray:
    """Return the values of a model's options where each site takes a given one, or closes."""
    taken = np.zeros(len(model.option))
    taken[option[option != CLOSED]] = 1.0
    return taken


def taught(portfolio: Portfolio, option: np.ndarray) -> np.ndarray:
    """Return which bands each site teaches under the options taken: shape (S, B)."""
    return portfolio.options.offers[option] & (option != CLOSED)[:, None]


def assigned(
    portfolio: Portfolio, option: np.ndarray, limits: Limits, weights: Weights | None = None
) -> Plan:
    """Return the best assignment of pupils to sites whose options are given.

    Seats may run short: `Plan.missed` then counts the pupils over, so that any plan can be
    scored. Seats come first, then the weighted dollars; limits other than seats and distance
    are not kept here, since the options are given.

    Parameters
    ----------
    portfolio : Portfolio
        Sites, options, pupils.
    option : ndarray of int, shape (S,)
        The option of each site; -1 where it closes.
    limits : Limits
        Of which the seats and the distance are kept as well as can be.

    Raises
    ------
    Lacking
        If pupils have no site of their band, or a site has no such option.
    """
    soft = frozenset({"seats", "distance"})
    model = build(portfolio, limits.only(*soft), elastic=soft)
    goal = objective(model, weights or Weights())
    fixed = (model.option, taking(model, option))
    penalty = 1e5
    priced = goal.coefficients.copy()
    for at in model.slack.values():
        priced[at] += penalty
    answer = minimize(model.program, priced, _DONE, fixed=fixed)
    if not answer.found:
        message = "the plan leaves students without any school of their grades"
        raise Lacking(message, by_choice=True)
    answer = replace(answer, bound=goal.of(answer.values) - goal.constant)
    return to_plan(model, goal, answer)


def keeping(
    portfolio: Portfolio, option: np.ndarray, limits: Limits, weights: Weights | None = None
) -> Plan | None:
    """Return the best assignment that keeps all limits, with the options given; None without one.

    Parameters
    ----------
    portfolio, option, weights
        As for `assigned`.
    limits : Limits
        None of them gives way.

    Raises
    ------
    Lacking
        If time ran out before either was proved.
    """
    model = build(portfolio, limits)
    goal = objective(model, weights or Weights())
    fixed = (model.option, taking(model, option))
    answer = minimize(model.program, goal.coefficients, _DONE, fixed=fixed)
    if answer.ended == "impossible":
        return None
    return to_plan(model, goal, answered(answer))
