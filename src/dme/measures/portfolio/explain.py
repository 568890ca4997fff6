"""Why a wish can't be had: which limits stand against each other, and by how much.

Limits that can't hold together are narrowed down to a smallest such set by leaving out one at a
time (a deletion filter: Chinneck, 2008, chapter 6), over whole limits rather than rows, so that
the answer is in a planner's terms. Then each of them is loosened on its own until the wish
becomes possible.
"""

from dataclasses import dataclass

import numpy as np

from dme.measures.portfolio.build import build
from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.limits import UNITS, Limits
from dme.measures.portfolio.program import Effort, minimize

# Least telling first: what is left in the end is what the wish is about.
_ORDER = (
    "access",
    "feeders",
    "pathways",
    "full",
    "floor",
    "utilization",
    "distance",
    "seats",
    "km",
    "dollars",
    "sites",
    "displacement",
    "closures",
)


@dataclass(frozen=True)
class Relief:
    """How far one limit must give way, the others kept, for the wish to become possible.

    Attributes
    ----------
    limit : str
        Name of the limit.
    amount : float
        By how much it is missed at best, in the unit of `UNITS`; NaN where no loosening of it
        alone is enough.
    bound : float
        What the amount can't be below.
    """

    limit: str
    amount: float
    bound: float

    @property
    def unit(self) -> str:
        """What the amount counts."""
        return UNITS[self.limit]


@dataclass(frozen=True)
class Explanation:
    """What blocks a wish.

    Attributes
    ----------
    possible : bool
        Whether a plan exists that keeps all limits.
    blockers : tuple of str
        Limits that can't hold together, none of which can be spared from the conflict; empty
        where the wish is possible.
    reliefs : tuple of Relief
        One for each blocker.
    settled : bool
        Whether every search came to a proof in its time.
    """

    possible: bool
    blockers: tuple[str, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    settled: bool = True


def explain(portfolio: Portfolio, limits: Limits, effort: Effort | None = None) -> Explanation:
    """Return whether limits can hold together, and if not, what blocks them.

    Parameters
    ----------
    portfolio : Portfolio
        Sites, options, pupils.
    limits : Limits
        The wish.
    effort : Effort, optional
        Of which the seconds bound all searches together.
    """
    effort = (effort or Effort()).begun()
    able, sure = _can(portfolio, limits, effort)
    if able:
        return Explanation(possible=True, settled=sure)
    kept = list(limits.asked)
    for name in (each for each in _ORDER if each in limits.asked):
        able, proved = _can(portfolio, limits.only(*(k for k in kept if k != name)), effort)
        sure &= proved
        if not able:
            kept.remove(name)
    reliefs = tuple(_relief(portfolio, limits, name, effort) for name in kept)
    return Explanation(False, tuple(kept), reliefs, sure)


def _can(portfolio: Portfolio, limits: Limits, effort: Effort) -> tuple[bool, bool]:
    """Return whether limits can hold together, and whether that is proved."""
    model = build(portfolio, limits)
    nothing = np.zeros(model.program.variables)
    answer = minimize(model.program, nothing, effort)
    return answer.ended != "impossible", answer.ended in {"solved", "impossible"}


def _relief(portfolio: Portfolio, limits: Limits, name: str, effort: Effort) -> Relief:
    model = build(portfolio, limits, elastic=frozenset({name}))
    missed = np.zeros(model.program.variables)
    missed[model.slack[name]] = 1.0
    answer = minimize(model.program, missed, effort)
    return Relief(name, answer.value if answer.found else float("nan"), answer.bound)
