"""What all plans have in common that are nearly as good as the best."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dme.measures.portfolio.build import build
from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.model import Model
from dme.measures.portfolio.plan import Plan, Weights, objective
from dme.measures.portfolio.program import Effort, minimize

Fate = Literal["every", "some", "none", "unsettled"]
_ONE = 1.0 - 1e-6


@dataclass(frozen=True)
class NearOptimal:
    """Which sites close in the plans that cost at most a little more than the best.

    Attributes
    ----------
    closes : tuple of str, length S
        Whether a site closes in ``every`` such plan, in ``some``, or in ``none``;
        ``unsettled`` where the search ran out of time before the answer was proved.
    most : float
        The value up to which a plan counts.
    plans : ndarray of bool, shape (P, S)
        Open sites in the plans that were looked at: examples, not all there are.
    """

    closes: tuple[Fate, ...]
    most: float
    plans: np.ndarray

    def of(self, fate: Fate) -> np.ndarray:
        """Return the indices of the sites of one fate."""
        return np.flatnonzero([each == fate for each in self.closes])


def near_optimal(
    portfolio: Portfolio,
    limits: Limits,
    best: Plan,
    *,
    within: float = 0.02,
    weights: Weights | None = None,
    effort: Effort | None = None,
) -> NearOptimal:
    """Return which sites close in every plan within a share of the best one's value.

    Sites that are open in all plans seen so far, or closed in all, are in question. Each round
    looks for a plan within the value that disagrees about as many of them as it can. When the
    solver proves that none disagrees about even one, the rest holds for every such plan. So a
    few searches settle what would take two for each site.

    Parameters
    ----------
    portfolio, limits, weights
        Those that `best` is the best plan of.
    best : Plan
        See `dme.measures.portfolio.plan.best_plan`.
    within : float
        Share of the best value that a plan may cost more.
    effort : Effort, optional
        Of which the seconds bound each round.
    """
    model = build(portfolio, limits)
    goal = objective(model, weights or Weights())
    most = best.value * (1 + within)
    used = np.flatnonzero(goal.coefficients)
    row = (np.zeros(len(used), int), used, goal.coefficients[used])
    model.program.require([row], most=most - goal.constant)
    # Carries the constant of the number of disagreements, so that a relative gap means one.
    always = int(model.program.add(1, lower=1.0)[0])
    search = Effort(gap=0.5, absolute_gap=_ONE, seconds=(effort or Effort()).seconds)
    seen, settled = [best.open], False
    while not settled:
        answer = minimize(model.program, _agreements(model, np.array(seen), always), search)
        if not answer.found:
            break
        if answer.value < -0.5:
            seen.append(_open(model, answer.values))
        elif answer.bound > -_ONE:
            settled = True
        else:
            break
    return NearOptimal(_fates(np.array(seen), settled, portfolio.mandatory), most, np.array(seen))


def _open(model: Model, values: np.ndarray) -> np.ndarray:
    sites = model.portfolio.options.site[values[model.option] > 0.5]
    return np.isin(np.arange(len(model.portfolio.sites)), sites)


def _agreements(model: Model, seen: np.ndarray, always: int) -> np.ndarray:
    """Return the objective that is minus the sites on which a plan differs from all plans seen."""
    site = model.portfolio.options.site
    open_in_all, closed_in_all = seen.all(axis=0), (~seen).all(axis=0)
    sign = np.where(open_in_all, 1.0, np.where(closed_in_all, -1.0, 0.0))
    found = np.zeros(model.program.variables)
    found[model.option] = sign[site]
    found[always] = -float(open_in_all.sum())
    return found


def _fates(seen: np.ndarray, settled: bool, mandatory: np.ndarray) -> tuple[Fate, ...]:
    fates: list[Fate] = []
    for site in range(seen.shape[1]):
        opened, closed = seen[:, site].any(), (~seen[:, site]).any()
        if opened and closed:
            fates.append("some")
        elif mandatory[site]:
            fates.append("none")
        elif not settled:
            fates.append("unsettled")
        else:
            fates.append("none" if opened else "every")
    return tuple(fates)
