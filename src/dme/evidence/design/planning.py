"""What each extra minute of shared planning costs."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.design.schools import TABLES, Designs, bounded
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan.prices import Price
from dme.measures.schedule.curve import planning_curve
from dme.text import quantity

_STEP = ("planning-block-cost", "Teachers for a shared planning block")
_MINUTE = ("planning-minute-cost", "Dollars for a minute of shared planning")
_FTE, _DOLLARS = "full-time equivalents", "dollars a year"


@dataclass(frozen=True)
class PlanningCost:
    """What shared planning costs.

    Attributes
    ----------
    findings : tuple of Measured or Lacking
        Teachers for the first block a week; dollars a year for a minute a week.
    curve : DataFrame
        See `dme.measures.schedule.curve.planning_curve`; empty where there is none.
    picture : Picture
        The words of its chart.
    """

    findings: tuple[Result, ...]
    curve: pd.DataFrame
    picture: Picture


def planning_cost(found: Designs, place: Place, price: Price | None) -> PlanningCost:
    """Return what shared planning costs in the study's schools.

    Parameters
    ----------
    found : Designs
        The schools.
    place : Place
        The district in words.
    price : Price or None
        What a teacher costs.
    """
    curves = [planning_curve(one.name, one.teams, found.rules) for one in found.schools]
    curve = pd.concat(curves, ignore_index=True) if curves else pd.DataFrame()
    words = Picture(
        title="What more shared planning takes in specialists",
        note=f"Full-time equivalents of specialists by the minutes a week that every team plans "
        f"together; {found.names}. Band: what the solver could not rule out. Modelled.",
        alt=_told(curve),
    )
    # A total only where every school has a week.
    both = curve.groupby("minutes")[["specialists", "least"]].sum(min_count=len(curves)).dropna() \
        if len(curve) else pd.DataFrame()  # fmt: skip
    if len(both) < 2 or both.index[0] != 0:
        why = found.lacking or "no week with and without shared planning was found to compare"
        lacking = tuple(Lacking(*name, why, unit)
                        for name, unit in ((_STEP, _FTE), (_MINUTE, _DOLLARS)))  # fmt: skip
        return PlanningCost(lacking, curve, words)
    return PlanningCost(
        (_step(found, place, both), _minute(found, place, both, price)), curve, words
    )


def _told(curve: pd.DataFrame) -> str:
    return "; ".join(
        f"{row.school}, {row.minutes} minutes: {row.specialists:.1f}"
        for row in curve.dropna().itertuples()
    )


def _words(found: Designs, place: Place) -> dict:
    return {
        "basis": "modelled",
        "caveat": f"{found.modelled} The day, the rooms and the specialists' load are assumptions.",
        "population": f"specialists of {found.names}, {place.own}",
        "year": found.years,
        "tables": TABLES,
    }


def _step(found: Designs, place: Place, both: pd.DataFrame) -> Measured:
    none, first = both.iloc[0], both.iloc[1]
    minutes = int(both.index[1])
    more = float(first["specialists"] - none["specialists"])
    return Measured(
        name=_STEP[0],
        title=_STEP[1],
        sentence=f"The first {minutes} shared minutes a week take {more:.1f} more full-time "
        f"specialists ({none['specialists']:.1f} without, {first['specialists']:.1f} with).",
        estimate=bounded(
            more,
            float(first["least"] - none["specialists"]),
            float(first["specialists"] - none["least"]),
            "what the solver's bounds leave open",
        ),
        unit=_FTE,
        method="Fewest specialists found with one shared block a week less those without; every "
        "teacher has a free period a day either way.",
        **_words(found, place),
    )


def _minute(found: Designs, place: Place, both: pd.DataFrame, price: Price | None) -> Result:
    if price is None:
        lacking = f"the tables hold no spending on instructional staff of {place.own}"
        return Lacking(*_MINUTE, lacking, _DOLLARS)
    last = int(both.index[-1])
    slope = float(both["specialists"].iloc[-1] - both["specialists"].iloc[0]) / last
    low, high = slope * price.low, slope * price.high
    words = _words(found, place) | {
        "tables": (*TABLES, "district_spending_by_function", "district_staff", "consumer_prices")
    }
    return Measured(
        name=_MINUTE[0],
        title=_MINUTE[1],
        sentence=f"On average up to {last} minutes, each minute a week that every team plans "
        f"together costs {quantity(slope * price.middle, _DOLLARS)} in {found.names} together.",
        estimate=Estimate(slope * price.middle, low, high, "the range of a teacher's cost"),
        unit=_DOLLARS,
        method=f"Specialists at {last} minutes less those at none, over {last}, by the cost of a "
        f"teacher: {price.words}.",
        **words,
    )
