"""What all plans have in common that are nearly as good as the best."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dme.measures.portfolio.build import build
from dme.measures.portfolio.induced import near_known
from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.model import Linear, Model
from dme.measures.portfolio.plan import Plan, Weights, objective, taking
from dme.measures.portfolio.program import Effort, minimize

Fate = Literal["every", "some", "none", "unsettled"]
# Gap at which a plan that disagrees about one site is sought near the best one; then any will do.
_NEARBY, _ANY = 0.005, 1.0


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

    Sites that are open in all plans seen so far, or closed in all, are in question. One after the
    other is forced the other way: either a plan within the value turns up, which settles other
    sites too, or the solver's bound proves that there is none.

    Parameters
    ----------
    portfolio, limits, weights
        Those that `best` is the best plan of.
    best : Plan
        See `dme.measures.portfolio.plan.best_plan`.
    within : float
        Share of the best value that a plan may cost more.
    effort : Effort, optional
        Of which the seconds bound the searches for all sites together.
    """
    model = build(portfolio, limits)
    search = _search(model, best, weights or Weights(), best.value * (1 + within), effort)
    seen = [best.open]
    proved = {site: "none" for site in np.flatnonzero(portfolio.mandatory)}
    for site in range(len(portfolio.sites)):
        if site in proved or _fate(np.array(seen)[:, site]) == "some":
            continue
        other, proof = search.forced(site, opened=not seen[0][site])
        if other is not None:
            seen.append(other)
        else:
            sure = _fate(np.array(seen)[:, site])
            proved[site] = sure if proof else "unsettled"
    plans = np.array(seen)
    fates = [proved.get(site, _fate(plans[:, site])) for site in range(plans.shape[1])]
    return NearOptimal(tuple(fates), search.most, plans)  # type: ignore[arg-type]


def _fate(opened: np.ndarray) -> Fate:
    """Return what the plans seen make of one site."""
    if opened.all():
        return "none"
    return "some" if opened.any() else "every"


@dataclass(frozen=True)
class _Search:
    """Searches for plans up to a value, all of them in one program, which holds no others.

    `opened` are variables that tell whether each site is open, so that it can be forced; `best`
    are the model's options in the best plan.
    """

    model: Model
    goal: np.ndarray
    opened: np.ndarray
    best: np.ndarray
    most: float
    effort: Effort

    def forced(self, site: int, *, opened: bool) -> tuple[np.ndarray | None, bool]:
        """Return a plan within the value that has a site open, or closed; if none is, the proof."""
        held = (self.opened[[site]], np.array([float(opened)]))
        program, goal = self.model.program, self.goal
        known = (self.model.option, self.best)
        answer = near_known(program, goal, known, replace(self.effort, gap=_NEARBY), held)
        if not answer.found and answer.ended != "impossible":
            answer = minimize(program, goal, replace(self.effort, gap=_ANY), fixed=held)
        if answer.found:
            return answer.values[self.opened] > 0.5, False
        return None, answer.ended == "impossible"


def _search(
    model: Model, best: Plan, weights: Weights, most: float, effort: Effort | None
) -> _Search:
    goal = objective(model, weights)
    opened = model.program.add(len(model.portfolio.sites))
    same = (np.arange(len(opened)), opened, -1.0)
    model.program.require([*model.open_sites(), same], least=0.0, most=0.0, rows=len(opened))
    wide = Linear(np.zeros(model.program.variables)).plus(goal).coefficients
    at = np.flatnonzero(wide)
    costs = (np.zeros(len(at), int), at, wide[at])
    model.program.require([costs], most=most - goal.constant)
    known = taking(model, best.option)
    return _Search(model, wide, opened, known, most, (effort or Effort()).begun())
