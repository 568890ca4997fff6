"""Wishes that can't be had, and what stands in their way, in words."""

from dataclasses import replace

import numpy as np
import pandas as pd

from dme.evidence.plan.better.city import City
from dme.evidence.plan.better.scored import effort_of
from dme.measures.portfolio import Limits
from dme.measures.portfolio.explain import Explanation, Relief, explain
from dme.study import Study
from dme.text import plural

NAMES = {
    "seats": "a seat for every student who moves",
    "closures": "the number of closures",
    "displacement": "the limit on displaced students",
    "distance": "the limit on distance",
    "utilization": "the fullness of open seats",
    "feeders": "a next school near each",
    "pathways": "a school of each band in each community",
    "access": "growth no worse where access lacks",
    "km": "the way to school on average",
    "dollars": "the limit on dollars",
}
"""What each limit is called."""


def wishes(city: City, limits: Limits) -> dict[str, Limits]:
    """Return the wishes that are put to the model: half the schools close.

    Parameters
    ----------
    limits : Limits
        The study's own wish.
    """
    half = len(city.portfolio.sites) // 2
    return {
        f"close {half} schools and displace nobody": Limits(closures=half, displacement=0.0),
        f"close {half} schools, whoever is displaced": Limits(closures=half),
        f"close {half} schools within the study's limits": replace(limits, closures=half),
    }


def explained(study: Study, city: City | str, limits: Limits | None) -> pd.DataFrame:
    """Return each wish, whether it can be had, what blocks it, and what would have to give.

    Without a portfolio the table has no rows.
    """
    columns = ["Wish", "Can it be had?", "What would have to give"]
    if isinstance(city, str) or limits is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for name, wish in wishes(city, limits).items():
        found = explain(city.portfolio, wish, effort_of(study))
        rows.append((name, _verdict(found), _gives(city, wish, found)))
    return pd.DataFrame(rows, columns=columns)


def _verdict(found: Explanation) -> str:
    if found.possible:
        return "yes"
    names = [NAMES.get(name, name) for name in found.blockers]
    if len(names) == 1:
        return f"no: {names[0]} alone asks too much"
    return f"no: {', '.join(names[:-1])} and {names[-1]} can't hold together"


def _gives(city: City, wish: Limits, found: Explanation) -> str:
    parts = [_relief(city, wish, each) for each in found.reliefs]
    return "; ".join(part for part in parts if part) or "–"


def _relief(city: City, wish: Limits, relief: Relief) -> str:
    """Return how far one limit must give way, the others kept."""
    name = NAMES.get(relief.limit, relief.limit)
    if np.isnan(relief.amount):
        return f"no loosening of {name} alone is enough"
    if relief.limit == "closures":
        most = round((wish.closures or 0) - relief.amount)
        words = f"at most {plural(most, 'school')} can close" if most else "no school can close"
        return f"with all else kept, {words}"
    if relief.limit == "displacement":
        least = relief.amount + (wish.displacement or 0) * city.portfolio.pupils
        share = least / city.portfolio.pupils
        return f"at least {least:,.0f} students ({share:.0%}) are displaced"
    if relief.limit == "seats":
        return f"{relief.amount:,.0f} students would have no seat"
    return f"{name}: {relief.amount:,.1f} {relief.unit}"
