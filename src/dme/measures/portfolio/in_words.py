"""What limits ask, whether a wish can be had, and what would have to give, in words."""

import numpy as np

from dme.measures.portfolio.compare import Seated
from dme.measures.portfolio.explain import Explanation, Relief
from dme.measures.portfolio.limits import Limits
from dme.text import plural

LIMITS = {
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
"""What each limit asks for."""


def _named(name: str) -> str:
    return LIMITS.get(name, name)


def keeps_its_limits(seated: Seated) -> str:
    """Say whether a plan seated anew keeps its limits, and if not, which would have to go."""
    if seated.kept:
        return "yes"
    if seated.enough:
        return f"no, unless it gives way on {' or '.join(map(_named, seated.enough))}"
    return f"no: {'; '.join(map(_named, seated.broken)) or 'not all limits together'}"


def can_be_had(found: Explanation) -> str:
    """Say whether a wish can be had, and if not, what can't hold together."""
    names = [_named(name) for name in found.blockers]
    if found.possible:
        return "yes"
    if len(names) == 1:
        return f"no: {names[0]} alone asks too much"
    return f"no: {', '.join(names[:-1])} and {names[-1]} can't hold together"


def gives_way(pupils: float, limits: Limits, relief: Relief) -> str:
    """Say how far one limit must give way, the others kept, among so many pupils."""
    name = _named(relief.limit)
    if np.isnan(relief.amount):
        return f"no loosening of {name} alone is enough"
    if relief.limit == "closures":
        most = round((limits.closures or 0) - relief.amount)
        words = f"at most {plural(most, 'school')} can close" if most else "no school can close"
        return f"with all else kept, {words}"
    if relief.limit == "displacement":
        least = relief.amount + (limits.displacement or 0) * pupils
        return f"at least {least:,.0f} students ({least / pupils:.0%}) are displaced"
    if relief.limit == "seats":
        return f"{relief.amount:,.0f} students would have no seat"
    return f"{name}: {relief.amount:,.1f} {relief.unit}"
