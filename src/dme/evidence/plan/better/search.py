"""The search for a better plan: the wish, today, the district's own plan, and the frontier."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.plan.better.city import City
from dme.evidence.plan.better.frontier import Frontier, frontier
from dme.evidence.plan.better.scored import approved, now, table, wish
from dme.evidence.plan.scheme import Scheme
from dme.measures.portfolio import Limits
from dme.study import Study


@dataclass(frozen=True)
class Search:
    """What was asked, and what was found; all None where there is no portfolio.

    Attributes
    ----------
    limits : Limits or None
        The study's wish.
    found : Frontier or None
        Today, the own plan, and the best plans.
    table : DataFrame
        Plans beside each other, in words.
    left_out : tuple of str
        Schools whose change in the own plan the model has no option for.
    """

    limits: Limits | None
    found: Frontier | None
    table: pd.DataFrame
    left_out: tuple[str, ...] = ()


def search(study: Study, city: City | str, scheme: Scheme | str) -> Search:
    """Return today, the district's own plan and the best plans, on one model.

    Parameters
    ----------
    scheme : Scheme or str
        The district's own plan.
    """
    if isinstance(city, str) or isinstance(scheme, str):
        return Search(None, None, pd.DataFrame())
    today = now(study, city)
    own = approved(study, city, scheme, "the district's own plan")
    limits = wish(study, today.score)
    found = frontier(study, city, limits, today, own.scored)
    return Search(limits, found, table(found.all), own.left_out)
