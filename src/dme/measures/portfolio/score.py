"""What a plan costs, whom it moves, how far they go, and what it gives to whom."""

from dataclasses import dataclass

import numpy as np

from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.plan import Plan, taught
from dme.measures.portfolio.program import sum_of


@dataclass(frozen=True)
class Score:
    """The measures of a plan.

    Attributes
    ----------
    dollars : float
        A year, of what depends on the plan.
    options, buildings, transport : float
        Its parts: schools and sections, buildings in use, arcs of pupils who move.
    closed, changed : int
        Sites that close, or take another option than today's.
    displaced, displaced_share : float
        Pupils whose site closes or ends their band, and their share of all.
    km, km_moved : float
        Mean kilometers to school of pupils whose area has a place: all, and who moves.
    utilization : float
        Share of the open seats that are filled.
    full_share : float
        Share of pupils in sites at or above the line of a full building.
    over : float
        Pupils beyond the seats of their site, who stay or move there.
    growth : float
        Mean growth of the sites to which pupils of the areas without access go; NaN where no
        such pupil is.
    """

    dollars: float
    options: float
    buildings: float
    transport: float
    closed: int
    changed: int
    displaced: float
    displaced_share: float
    km: float
    km_moved: float
    utilization: float
    full_share: float
    over: float
    growth: float


def loads(portfolio: Portfolio, plan: Plan) -> np.ndarray:
    """Return the pupils of each site by band: shape (S, B)."""
    return portfolio.sum_of_arcs(plan.moved + plan.stayed)


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    total = weights.sum()
    return sum_of(values, weights) / total if total > 0 else float("nan")


def score(portfolio: Portfolio, plan: Plan, full: float = 0.85) -> Score:
    """Return the measures of a plan.

    Parameters
    ----------
    portfolio : Portfolio
        The portfolio that the plan is of.
    plan : Plan
        See `dme.measures.portfolio.plan`.
    full : float
        Share of seats from which a building is full enough.
    """
    arcs, at = portfolio.arcs, plan.open
    pupils = plan.moved + plan.stayed
    by_site = loads(portfolio, plan).sum(axis=1)
    seated = portfolio.placed[arcs.area]
    measured = portfolio.without_access[arcs.area] & ~np.isnan(
        portfolio.growth[arcs.site, arcs.band]
    )
    growth = np.nan_to_num(portfolio.growth[arcs.site, arcs.band])
    options = float(portfolio.options.dollars[plan.option[at]].sum())
    in_use = np.unique(portfolio.building[at])
    buildings = float(portfolio.building_dollars[in_use].sum())
    transport = sum_of(arcs.dollars, plan.moved)
    kept = taught(portfolio, plan.option)
    displaced = float(portfolio.current[~kept].sum())
    return Score(
        dollars=options + buildings + transport,
        options=options,
        buildings=buildings,
        transport=transport,
        closed=int((~at).sum()),
        changed=int((at & (plan.option != portfolio.now)).sum()),
        displaced=displaced,
        displaced_share=displaced / portfolio.pupils,
        km=_mean(arcs.km, pupils * seated),
        km_moved=_mean(arcs.km, plan.moved * seated),
        utilization=float(by_site.sum() / portfolio.seats[at].sum()),
        full_share=float(
            by_site[by_site >= full * portfolio.seats - 1e-6].sum() / portfolio.pupils
        ),
        over=float(np.maximum(by_site - portfolio.seats, 0).sum()),
        growth=_mean(growth, pupils * measured),
    )
