"""Whether the better plan holds under other models of homes, attendance, seats and costs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dme.evidence.plan.better.city import City, Sources, seats_of, tracts
from dme.evidence.plan.better.frontier import Frontier
from dme.evidence.plan.better.scored import (
    TIE,
    Scored,
    approved,
    millions,
    no_worse,
    now,
    scored,
    wish,
)
from dme.evidence.plan.better.wishes import NAMES
from dme.evidence.plan.scheme import Scheme
from dme.findings import Alternative
from dme.measures.portfolio import Limits, Plan, assigned, keeping
from dme.measures.portfolio.district import BANDS, Assumptions, Schools, portfolio_of
from dme.study import Study

_YES = "yes"


@dataclass(frozen=True)
class Moved:
    """The plan under other models.

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
    """Return what the cheapest plan that is no worse saves where what is modelled is otherwise.

    The plan's schools and grades stay; its students are seated anew, as cheaply as its limits
    allow under the other model, or where they can't be kept, as cheaply as can be.

    Parameters
    ----------
    sources : Sources
        Tables of sites and homes.
    found : Frontier or None
        Holds the plan, and the own one.
    """
    if isinstance(city, str) or isinstance(scheme, str) or found is None or found.no_worse is None:
        return Moved((), pd.DataFrame())
    rows = [_row("primary model", found.today, found.own, found.no_worse, _YES)]
    saved = []
    for label, make in _models(study, sources).items():
        other = make(city)
        today = now(study, other)
        own = approved(study, other, scheme, "own plan").scored
        limits = no_worse(wish(study, today.score), own)
        plan, kept = _seated(other, found.no_worse.plan, limits)
        ours = scored(study, other, plan, label)
        amount = own.score.dollars - ours.score.dollars
        told = label if kept == _YES else f"{label} (not all limits kept)"
        saved.append(Alternative(told, amount, amount, amount))
        rows.append(_row(label, today, own, ours, kept))
    return Moved(tuple(saved), pd.DataFrame(rows))


def _seated(city: City, plan: Plan, limits: Limits) -> tuple[Plan, str]:
    """Return a plan with its students seated anew, and whether its limits are kept, in words."""

    def kept(some: Limits) -> Plan | None:
        return keeping(city.portfolio, plan.option, some, TIE)

    if whole := kept(limits):
        return whole, _YES
    enough = _named(name for name in limits.asked if kept(limits.without(name)))
    if enough:
        words = f"no, unless it gives way on {' or '.join(enough)}"
    else:
        broken = _named(name for name in limits.asked if not kept(limits.only(name)))
        words = f"no: {'; '.join(broken) or 'not all limits together'}"
    return assigned(city.portfolio, plan.option, limits, TIE), words


def _named(names: Iterable[str]) -> list[str]:
    return [NAMES.get(name, name) for name in names]


def _row(label: str, today: Scored, own: Scored, ours: Scored, kept: str) -> dict[str, str]:
    """Return one model's answer in words."""
    return {
        "Model": label,
        "Own plan saves": millions(today.score.dollars - own.score.dollars),
        "Better plan saves": millions(today.score.dollars - ours.score.dollars),
        "Own plan, km to school": f"{own.score.km:.2f}",
        "Better plan, km to school": f"{ours.score.km:.2f}",
        "Better plan keeps its limits": kept,
    }


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
