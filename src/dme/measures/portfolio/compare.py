"""Plans on one scale: a given one, the cheapest, and one seated anew under another model."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dme.measures.plan.displacement import grades_of
from dme.measures.portfolio.district import BAND_GRADES
from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.plan import CLOSED, Plan, Weights, assigned, best_plan, keeping
from dme.measures.portfolio.program import Effort
from dme.measures.portfolio.score import Score, score

TIE = Weights(kilometer=0.001)
"""Dollars, and between plans of the same dollars the shorter ways, by a tenth of a cent."""
_HALF = 0.5


@dataclass(frozen=True)
class Scored:
    """A plan with its measures.

    Attributes
    ----------
    plan : Plan
        What becomes of each site.
    score : Score
        Its measures.
    bound : float
        Dollars a year that no plan under the same limits costs less than.
    """

    plan: Plan
    score: Score
    bound: float


def scored(portfolio: Portfolio, plan: Plan, full: float) -> Scored:
    """Return a plan with its measures; `full` is the share of seats from which a site is full."""
    # The solver's bound holds for dollars and ways together: without the longest ways there are,
    # it holds for dollars alone.
    ways = TIE.kilometer * float(portfolio.arcs.km.max()) * portfolio.pupils
    return Scored(plan, score(portfolio, plan, full), plan.bound - ways)


def given(portfolio: Portfolio, option: np.ndarray, full: float) -> Scored:
    """Return the plan in which each site takes a given option, its pupils seated at least cost."""
    return scored(portfolio, assigned(portfolio, option, Limits(), TIE), full)


def cheapest(portfolio: Portfolio, limits: Limits, effort: Effort, full: float) -> Scored | None:
    """Return the plan of least cost under limits; None where there is none."""
    plan = best_plan(portfolio, limits, TIE, effort)
    return scored(portfolio, plan, full) if plan else None


def shares(most: float, own: float, parts: Sequence[float]) -> list[float]:
    """Return the shares of pupils displaced at which plans are sought: parts of the most, and all.

    Where a given plan's own share lies among them, it stands for the nearest of the parts.
    """
    steps = [part * most for part in parts]
    if own < most:
        steps.remove(min(steps, key=lambda share: abs(share - own)))
    return sorted(share for share in {*steps, own, most} if share <= most)


def options_of(
    portfolio: Portfolio, closing: Collection[str], spans: Mapping[str, str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the option of each site under a given plan; moves are left out.

    Parameters
    ----------
    portfolio : Portfolio
        Sites and their options.
    closing : collection of str
        Sites that close.
    spans : mapping of str to str
        Grade span after the plan, of each site that changes its grades.

    Returns
    -------
    tuple
        The options, and the sites for whose change the model has none: they stay as they are.
    """
    option, left_out = portfolio.now.copy(), []
    for at, code in enumerate(portfolio.sites):
        if code in closing:
            option[at] = CLOSED
        elif code in spans:
            found = _teaching(portfolio, at, spans[code])
            if found is None:
                left_out.append(code)
            else:
                option[at] = found
    return option, tuple(left_out)


def _teaching(portfolio: Portfolio, site: int, span: str) -> int | None:
    """Return the option of a site that teaches the bands of a span of grades; None without one."""
    grades = set(grades_of(span))
    taught = [
        len(grades & set(BAND_GRADES[band])) >= _HALF * len(BAND_GRADES[band])
        for band in portfolio.bands
    ]
    options = portfolio.options
    fits = (options.site == site) & (options.offers == taught).all(axis=1)
    return int(np.flatnonzero(fits)[0]) if fits.any() else None


def growth_kept(given: Score) -> float | None:
    """Return the growth that areas without access have under a plan; None where not measured."""
    return None if np.isnan(given.growth) else given.growth


def no_worse(limits: Limits, given: Score) -> Limits:
    """Return the limits of a plan that is no worse for pupils than a given one.

    No more pupils are displaced, the way to school is no longer on average, and the areas without
    access get no worse growth.
    """
    return replace(
        limits, displacement=given.displaced_share, km=given.km, access=growth_kept(given)
    )


@dataclass(frozen=True)
class Seated:
    """A plan whose pupils are seated anew, and what that does to its limits.

    Attributes
    ----------
    plan : Plan
        With all limits kept where that can be, else as cheap as can be.
    kept : bool
        Whether all limits are kept.
    enough : tuple of str
        Where they are not: limits each of which, given up alone, is enough.
    broken : tuple of str
        Where none is enough: limits that can't be kept even alone.
    """

    plan: Plan
    kept: bool
    enough: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def seated_anew(portfolio: Portfolio, option: np.ndarray, limits: Limits) -> Seated:
    """Return the plan of given options with its pupils seated as cheaply as its limits allow."""

    def kept(some: Limits) -> Plan | None:
        return keeping(portfolio, option, some, TIE)

    if whole := kept(limits):
        return Seated(whole, kept=True)
    plan = assigned(portfolio, option, limits, TIE)
    if enough := tuple(name for name in limits.asked if kept(limits.without(name))):
        return Seated(plan, kept=False, enough=enough)
    broken = tuple(name for name in limits.asked if not kept(limits.only(name)))
    return Seated(plan, kept=False, broken=broken)
