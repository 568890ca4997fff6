"""Which closures all nearly best plans share."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.better.city import City
from dme.evidence.plan.better.frontier import MODEL, TABLES
from dme.evidence.plan.better.scored import TIE, effort_of
from dme.evidence.plan.better.search import Search
from dme.evidence.plan.scheme import Scheme
from dme.evidence.result import Lacking, Measured, Result
from dme.measures.estimates.estimate import Estimate
from dme.measures.portfolio.near import NearOptimal, near_optimal
from dme.study import Study

CLOSURES = ("closures-in-every-plan", "Schools that close in every nearly best plan")
UNIT = "schools"
_WORDS = {
    "every": "closes in every one",
    "some": "closes in some",
    "none": "stays open in every one",
    "unsettled": "not settled in time",
}


@dataclass(frozen=True)
class Common:
    """What nearly best plans share.

    Attributes
    ----------
    finding : Measured or Lacking
        How many schools close in every one of them.
    table : DataFrame
        A row for each school that may change: its fate, and what the district's own plan does.
    """

    finding: Result
    table: pd.DataFrame


def common(
    study: Study, place: Place, city: City | str, search: Search, scheme: Scheme | str
) -> Common:
    """Return which closures are in every plan within the study's margin of the best.

    The best is the cheapest plan that displaces no more students than the district's own.

    Parameters
    ----------
    search : Search
        Holds the best plan, and the wish that it keeps.
    scheme : Scheme or str
        The district's own plan.
    """
    if isinstance(city, str) or isinstance(scheme, str):
        return Common(Lacking(*CLOSURES, str(city), UNIT), pd.DataFrame())
    limits, found = search.limits, search.found
    if limits is None or found is None or found.gentle is None:
        lacking = "no plan keeps the study's limits"
        return Common(Lacking(*CLOSURES, lacking, UNIT), pd.DataFrame())
    near = near_optimal(
        city.portfolio,
        replace(limits, displacement=found.own.score.displaced_share),
        found.gentle.plan,
        within=study.plan_near_optimal / 100,
        weights=TIE,
        effort=effort_of(study),
    )
    return Common(_finding(study, place, city, near), _table(city, near, scheme))


def _finding(study: Study, place: Place, city: City, near: NearOptimal) -> Measured:
    every, some, open_in_all = (near.of(fate) for fate in ("every", "some", "none"))
    may = ~city.portfolio.mandatory
    kept = int(np.sum(may[open_in_all]))
    unsettled = len(near.of("unsettled"))
    names = ", ".join(city.names[at] for at in every)
    return Measured(
        *CLOSURES,
        f"Of {int(may.sum())} schools that may change, {len(every)} close in every plan within "
        f"{study.plan_near_optimal:g}% of the cheapest that displaces no more than the district's "
        "own plan"
        + (f" ({names})" if names else "")
        + f"; {len(some)} close in some of them, {kept} in none."
        + ("" if len(every) else " Cost singles out no building: each can be spared by another."),
        Estimate(
            float(len(every)),
            float(len(every)),
            float(len(every) + unsettled),
            "every school's answer is proved" if not unsettled else "some were not settled in time",
        ),
        UNIT,
        basis="modelled",
        caveat="A school that closes in some plans is not thereby one to close: the model says "
        "that its closing can be part of a plan that costs hardly more than the best. What stays "
        "open in all may be held by a limit, such as the only neighborhood high school of a zone.",
        population=f"schools of {place.own} that are no interdistrict magnets, or that its own "
        "plan closes or regrades",
        year="enrollment of the study's year",
        method=f"{MODEL} Each school is forced the other way until a plan within the margin turns "
        "up or the bound excludes one.",
        tables=TABLES,
    )


def _table(city: City, near: NearOptimal, scheme: Scheme) -> pd.DataFrame:
    rows = []
    for at in np.flatnonzero(~city.portfolio.mandatory):
        code = city.portfolio.sites[at]
        own = "closes" if code in scheme.closing else scheme.spans.get(code, "stays")
        rows.append((near.closes[at], city.names[at], own))
    order = list(_WORDS)
    rows.sort(key=lambda row: (order.index(row[0]), row[1]))
    return pd.DataFrame(
        [(name, _WORDS[fate], own) for fate, name, own in rows],
        columns=["School", "In nearly best plans", "In the district's own plan"],
    )
