"""The approved plan, today, and the best plans, on one scale."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dme.evidence.plan.better.city import City
from dme.evidence.plan.scheme import Scheme
from dme.measures.plan.displacement import grades_of
from dme.measures.portfolio import (
    CLOSED,
    Effort,
    Limits,
    Plan,
    Portfolio,
    Score,
    Weights,
    assigned,
    best_plan,
    score,
)
from dme.measures.portfolio.district import BAND_GRADES
from dme.study import Study

TIE = Weights(kilometer=0.001)
"""Dollars, and between plans of the same dollars the shorter ways, by a tenth of a cent."""
_HALF = 0.5


@dataclass(frozen=True)
class Scored:
    """A plan with its measures.

    Attributes
    ----------
    label : str
        What it is.
    plan : Plan
        What becomes of each site.
    score : Score
        Its measures.
    bound : float
        Dollars a year that no plan under the same limits costs less than.
    """

    label: str
    plan: Plan
    score: Score
    bound: float


def effort_of(study: Study, gaps: float = 1.0) -> Effort:
    """Return when a search stops under the study's parameters: at so many times its gap."""
    return Effort(gap=gaps * study.plan_gap / 100, seconds=study.plan_time_limit)


def wish(study: Study, today: Score) -> Limits:
    """Return what the study asks of a better plan.

    No more pupils are displaced, none of them is sent farther than the study allows (high-school
    pupils choose over the whole city, and have no limit); the open seats are as full as the study
    calls full enough; each community keeps a site of each band; wherever a site ends, the next
    band is taught within the same distance; and the areas without access get no worse growth.
    """
    far = study.plan_max_distance
    return Limits(
        displacement=study.plan_max_displaced / 100,
        distance=(far, far, np.inf),
        utilization=study.full_utilization / 100,
        feeders=far,
        pathways=True,
        access=_no_worse_growth(today),
    )


def scored(study: Study, city: City, plan: Plan, label: str) -> Scored:
    """Return a plan with its measures."""
    portfolio = city.portfolio
    found = score(portfolio, plan, study.full_utilization / 100)
    # The solver's bound holds for dollars and ways together: without the longest ways there are,
    # it holds for dollars alone.
    bound = plan.bound - TIE.kilometer * float(portfolio.arcs.km.max()) * portfolio.pupils
    return Scored(label, plan, found, bound)


def now(study: Study, city: City) -> Scored:
    """Return the district as it is."""
    plan = assigned(city.portfolio, city.portfolio.now, Limits(), TIE)
    return scored(study, city, plan, "today")


def best(study: Study, city: City, limits: Limits, label: str, gaps: float = 1.0) -> Scored | None:
    """Return the plan of least cost under limits, within so many gaps; None where there is none."""
    plan = best_plan(city.portfolio, limits, TIE, effort_of(study, gaps))
    return scored(study, city, plan, label) if plan else None


@dataclass(frozen=True)
class Approved:
    """The district's own plan in the model.

    Attributes
    ----------
    scored : Scored
        Its measures.
    left_out : tuple of str
        Names of schools whose change the model has no option for: they stay as they are.
    """

    scored: Scored
    left_out: tuple[str, ...]


def approved(study: Study, city: City, scheme: Scheme, label: str) -> Approved:
    """Return the district's own plan: who closes, who teaches which bands; moves are left out.

    Parameters
    ----------
    scheme : Scheme
        The plan as it is read.
    label : str
        What to call it.
    """
    portfolio = city.portfolio
    option, left_out = portfolio.now.copy(), []
    for at, code in enumerate(portfolio.sites):
        if code in scheme.closing:
            option[at] = CLOSED
        elif code in scheme.spans:
            found = _option_of(portfolio, at, scheme.spans[code])
            option[at] = portfolio.now[at] if found is None else found
            left_out += [city.names[at]] if found is None else []
    plan = assigned(portfolio, option, Limits(), TIE)
    return Approved(scored(study, city, plan, label), tuple(left_out))


def _option_of(portfolio: Portfolio, site: int, span: str) -> int | None:
    """Return the option of a site that teaches the bands of a span of grades; None without one."""
    grades = set(grades_of(span))
    taught = [
        len(grades & set(BAND_GRADES[band])) >= _HALF * len(BAND_GRADES[band])
        for band in portfolio.bands
    ]
    options = portfolio.options
    fits = (options.site == site) & (options.offers == taught).all(axis=1)
    return int(np.flatnonzero(fits)[0]) if fits.any() else None


def no_worse(limits: Limits, plan: Scored) -> Limits:
    """Return the limits that a plan keeps which is no worse for pupils than a given one.

    Parameters
    ----------
    limits : Limits
        What it keeps besides.
    plan : Scored
        The given plan: no more pupils are displaced, the way to school is no longer on average,
        and the areas without access get no worse growth.
    """
    given = plan.score
    return replace(
        limits,
        displacement=given.displaced_share,
        km=given.km,
        access=_no_worse_growth(given),
    )


def _no_worse_growth(given: Score) -> float | None:
    """Return the growth that the areas without access keep; None where it is not measured."""
    return None if np.isnan(given.growth) else given.growth


def millions(dollars: float) -> str:
    """Return dollars as they stand in a table of plans."""
    return f"${dollars / 1e6:.1f}M"


def table(scored: list[Scored]) -> pd.DataFrame:
    """Return plans beside each other, in words, to be shown."""
    rows: list[Mapping[str, str]] = []
    for each in scored:
        found = each.score
        rows.append(
            {
                "Plan": each.label,
                "Dollars a year": millions(found.dollars),
                "Close": f"{found.closed}",
                "Change grades": f"{found.changed}",
                "Displaced": f"{100 * found.displaced_share:.1f}%",
                "Km to school": f"{found.km:.2f}",
                "Seats filled": f"{100 * found.utilization:.0f}%",
                "Growth where access lacks": f"{found.growth:.1f}",
                "Proved within": _proof(each),
            }
        )
    return pd.DataFrame(rows)


def _proof(scored: Scored) -> str:
    """Return how near the best there is a plan is proved to be; a dash for a given one."""
    if not scored.label.startswith(("best", "cheapest")):
        return "–"
    return f"{100 * scored.plan.gap:.1f}%" + ("" if scored.plan.proven else " (out of time)")
