"""How the answer moves with what is modelled: homes, attendance, seats, costs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dme.evidence.plan.better.city import City, Sources, seats_of, tracts
from dme.evidence.plan.better.frontier import Frontier
from dme.evidence.plan.better.scored import approved, no_worse, now, wish
from dme.evidence.plan.scheme import Scheme
from dme.findings import Alternative
from dme.measures.portfolio.district import BANDS, Assumptions, Schools, portfolio_of
from dme.study import Study


@dataclass(frozen=True)
class Moved:
    """The answer under other models.

    Attributes
    ----------
    saved : tuple of Alternative
        What the cheapest plan that is no worse for students saves over the own plan.
    table : DataFrame
        A row for each model, in words.
    """

    saved: tuple[Alternative, ...]
    table: pd.DataFrame


def moved(
    study: Study, sources: Sources, city: City | str, scheme: Scheme | str, found: Frontier | None
) -> Moved:
    """Return the answer under each other model of what is not public.

    Parameters
    ----------
    sources : Sources
        Tables of sites and homes.
    found : Frontier or None
        The answer under the primary model.
    """
    if isinstance(city, str) or isinstance(scheme, str) or found is None:
        return Moved((), pd.DataFrame())
    mine = found.no_worse
    rows, saved = [], []
    if mine:
        rows.append(_row("primary model", found, mine.plan.open))
    for label, make in _models(study, sources).items():
        other = make(city)
        today = now(study, other)
        own = approved(study, other, scheme, "own plan").scored
        best = no_worse(study, other, wish(study, today.score), own)
        variant = Frontier(today, own, (), None, None, best)
        if best:
            least, most = (own.score.dollars - d for d in (best.score.dollars, best.plan.bound))
            saved.append(Alternative(label, least, least, most))
        rows.append(_row(label, variant, mine.plan.open if mine else None))
    return Moved(tuple(saved), pd.DataFrame(rows))


def _row(label: str, found: Frontier, first: np.ndarray | None) -> dict[str, str]:
    """Return one model's answer in words."""
    today, own, best = found.today.score, found.own.score, found.no_worse
    if best is None:
        return {"Model": label, "Own plan saves": _millions(today.dollars - own.dollars)}
    both = "–" if first is None else f"{int((~first & ~best.plan.open).sum())}"
    return {
        "Model": label,
        "Own plan saves": _millions(today.dollars - own.dollars),
        "Best no worse saves": _millions(today.dollars - best.score.dollars),
        "It closes": f"{best.score.closed}",
        "Of these in the primary plan": both,
        "Proved within": f"{100 * best.plan.gap:.1f}%",
    }


def _millions(dollars: float) -> str:
    return f"${dollars / 1e6:.1f}M"


def _models(study: Study, sources: Sources) -> dict[str, Callable[[City], City]]:
    """Return the other models, each as what it makes of the primary one."""
    return {
        "children of low-income families only": lambda c: _homes(c, _low_income(sources)),
        "schools that pull from everywhere": lambda c: _given(c, pull_km=np.inf),
        "all published seats at the listed schools": lambda c: _seats(study, sources, c),
        "teachers at half the cost": lambda c: _given(
            c, teacher_dollars=c.costs.given.teacher_dollars / 2
        ),
    }


def _again(city: City, schools: Schools, areas: pd.DataFrame, given: Assumptions) -> City:
    made = portfolio_of(schools, areas, given, city.without_access)
    return replace(
        city, schools=schools, areas=areas, costs=replace(city.costs, given=given), portfolio=made
    )


def _given(city: City, **changed: float) -> City:
    return _again(city, city.schools, city.areas, replace(city.costs.given, **changed))


def _homes(city: City, areas: pd.DataFrame) -> City:
    return _again(city, city.schools, areas, city.costs.given)


def _seats(study: Study, sources: Sources, city: City) -> City:
    table = city.schools.table
    seats = seats_of(study, sources.seats, table, scaled=False)
    # What a seat costs falls as seats grow, so that all buildings together cost what they did.
    given = city.costs.given
    each = given.seat_dollars * float(table["seats"].sum() / seats.sum())
    schools = replace(city.schools, table=table.assign(seats=seats))
    return _again(city, schools, city.areas, replace(given, seat_dollars=each))


def _low_income(sources: Sources) -> pd.DataFrame:
    """Return tracts with the low-income share of their neighborhoods' children as weights.

    Children of each age, times the share of children below twice the poverty level in the
    neighborhoods that the tract lies in (2015 to 2019), by the tract's households in each.
    """
    people = sources.neighborhoods[sources.neighborhoods["level"] == "neighborhood"]
    share = people.set_index("place")["children_low_income"].astype(float) / people.set_index(
        "place"
    )["children_poverty_known"].astype(float)
    parts = sources.weights.assign(share=sources.weights["neighborhood"].map(share))
    parts = parts.dropna(subset=["share"])
    weight = parts["weight"].astype(float)
    by_tract = (parts["share"] * weight).groupby(parts["tract"]).sum()
    by_tract = by_tract / weight.groupby(parts["tract"]).sum()
    found = tracts(sources.tracts)
    factor = by_tract.reindex(found.index).fillna(float(share.mean()))
    return found.assign(**{band: found[band] * factor for band in BANDS})
