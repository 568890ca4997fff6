"""Small districts, and their best plan by trying every one: an answer that owes HiGHS nothing.

Every combination of options is tried. Limits are counted in plain loops; pupils are assigned by
a transport problem of SciPy's.
"""

import itertools
from dataclasses import replace

import numpy as np
from scipy.optimize import linprog

from dme.measures.portfolio import Arcs, Limits, Options, Portfolio, Weights

CLOSED = -1


def located(
    demand: np.ndarray,
    dollars: np.ndarray,
    seats: np.ndarray | None = None,
    fixed: np.ndarray | None = None,
    km: np.ndarray | None = None,
) -> Portfolio:
    """Return a plain location problem as a portfolio: one band, nobody seated yet.

    Parameters
    ----------
    demand : ndarray, shape (A,)
        Pupils by area.
    dollars : ndarray, shape (A, S)
        Cost of each pupil of an area at a site.
    seats : ndarray, shape (S,), optional
        Seats; enough for everyone where not given.
    fixed : ndarray, shape (S,), optional
        Cost of an open site; nothing where not given.
    km : ndarray, shape (A, S), optional
        Distances; the costs where not given.
    """
    areas, sites = dollars.shape
    area, site = np.divmod(np.arange(areas * sites), sites)
    distance = dollars if km is None else km
    whole = float(demand.sum())
    return Portfolio(
        areas=tuple(f"area {i + 1}" for i in range(areas)),
        bands=("all",),
        sites=tuple(f"site {i + 1}" for i in range(sites)),
        demand=np.asarray(demand, float)[:, None],
        placed=np.ones(areas, bool),
        seats=np.full(sites, whole) if seats is None else np.asarray(seats, float),
        mandatory=np.zeros(sites, bool),
        building=np.arange(sites),
        building_dollars=np.zeros(sites) if fixed is None else np.asarray(fixed, float),
        community=np.full(sites, -1),
        communities=(),
        between=np.zeros((sites, sites)),
        growth=np.full((sites, 1), np.nan),
        without_access=np.zeros(areas, bool),
        options=Options(np.arange(sites), np.ones((sites, 1), bool), np.zeros(sites)),
        arcs=Arcs(
            area,
            np.zeros(len(area), int),
            site,
            distance.ravel().astype(float),
            dollars.ravel().astype(float),
            np.zeros(len(area)),
        ),
        now=np.arange(sites),
    )


def district(seed: int, sites: int = 4, areas: int = 3, bands: int = 2) -> Portfolio:
    """Give a random district: each site teaches all bands now, and may drop one or close."""
    random = np.random.default_rng(seed)
    home, school = random.uniform(0, 5, (areas, 2)), random.uniform(0, 5, (sites, 2))
    km = np.linalg.norm(home[:, None] - school, axis=-1)
    between = np.linalg.norm(school[:, None] - school, axis=-1)
    current = random.integers(0, 30, (areas, bands, sites)).astype(float)
    area, band, site = (each.ravel() for each in np.indices(current.shape))
    spans = [tuple(range(bands)), *[(b,) for b in range(bands)]]
    offers = np.array([[b in span for b in range(bands)] for span in spans])
    options = Options(
        np.repeat(np.arange(sites), len(spans)),
        np.tile(offers, (sites, 1)),
        random.integers(50, 150, sites * len(spans)).astype(float),
    )
    growth = random.uniform(40, 70, (sites, bands))
    growth[random.random((sites, bands)) < 0.2] = np.nan
    return Portfolio(
        areas=tuple(f"area {i}" for i in range(areas)),
        bands=tuple(f"band {i}" for i in range(bands)),
        sites=tuple(f"site {i}" for i in range(sites)),
        demand=current.sum(axis=2),
        placed=random.random(areas) < 0.8,
        seats=current.sum(axis=(0, 1)) * random.uniform(0.9, 2.0, sites),
        mandatory=random.random(sites) < 0.2,
        building=np.minimum(np.arange(sites), sites - 2),
        building_dollars=random.integers(100, 400, sites - 1).astype(float),
        community=random.integers(-1, 2, sites),
        communities=("east", "west"),
        between=between,
        growth=growth,
        without_access=random.random(areas) < 0.6,
        options=options,
        arcs=Arcs(area, band, site, km[area, site], 0.1 * km[area, site] ** 2, current.ravel()),
        now=np.arange(sites) * len(spans),
    )


def combinations(portfolio: Portfolio):
    """Give every combination of options, closing included where it may be."""
    sites = range(len(portfolio.sites))
    choices = [
        [
            *([] if portfolio.mandatory[s] else [CLOSED]),
            *np.flatnonzero(portfolio.options.site == s),
        ]
        for s in sites
    ]
    return (np.array(each) for each in itertools.product(*choices))


def _teaches(portfolio: Portfolio, option: np.ndarray) -> np.ndarray:
    sites, bands = len(portfolio.sites), len(portfolio.bands)
    return np.array(
        [
            [option[s] != CLOSED and portfolio.options.offers[option[s], b] for b in range(bands)]
            for s in range(sites)
        ]
    )


def _keeps(portfolio: Portfolio, limits: Limits, option: np.ndarray) -> bool:
    """Tell whether the options alone keep the limits on them."""
    teaches, open_ = _teaches(portfolio, option), option != CLOSED
    sites, bands = teaches.shape
    ok = limits.closures is None or (~open_).sum() >= limits.closures
    ok &= limits.sites is None or open_.sum() >= limits.sites
    if limits.displacement is not None:
        lost = portfolio.current[~teaches].sum()
        ok &= lost <= limits.displacement * portfolio.demand.sum() + 1e-6
    if limits.utilization is not None:
        seats = portfolio.seats[open_].sum()
        ok &= portfolio.demand.sum() >= limits.utilization * seats - 1e-6
    if limits.feeders is not None:
        for s, b in itertools.product(range(sites), range(bands - 1)):
            near = portfolio.between[s] <= limits.feeders
            ok &= not teaches[s, b] or teaches[near, b + 1].any()
    if limits.pathways:
        today = _teaches(portfolio, portfolio.now)
        for c, b in itertools.product(range(len(portfolio.communities)), range(bands)):
            here = portfolio.community == c
            ok &= teaches[here, b].any() or not today[here, b].any()
    return bool(ok)


def assignment(portfolio: Portfolio, limits: Limits, weights: Weights, option: np.ndarray):
    """Give the least cost of a combination, or None where its pupils find no seat."""
    arcs, teaches = portfolio.arcs, _teaches(portfolio, option)
    open_ = option != CLOSED
    usable = teaches[arcs.site, arcs.band]
    stay = np.where(usable, arcs.current, 0.0)
    ways = weights.kilometer * arcs.km * portfolio.placed[arcs.area]
    price = arcs.dollars + ways
    fixed = portfolio.options.dollars[option[open_]].sum()
    fixed += portfolio.building_dollars[np.unique(portfolio.building[open_])].sum()
    fixed += ways @ stay + weights.displaced * portfolio.current[~teaches].sum()
    if limits.distance is not None:
        far = arcs.km > np.array(limits.distance)[arcs.band]
        usable &= ~(far & portfolio.placed[arcs.area])
    equal, wanted, most, room = [], [], [], []
    for a, b in itertools.product(*(range(n) for n in portfolio.demand.shape)):
        here = (arcs.area == a) & (arcs.band == b)
        equal.append(here.astype(float))
        wanted.append(portfolio.demand[a, b] - stay[here].sum())
    for s in range(len(portfolio.sites)):
        staying = stay[arcs.site == s].sum()
        most.append((arcs.site == s).astype(float))
        seats = min(limits.seats, 1e6) * portfolio.seats[s]
        room.append(max(0.0, seats - staying) if open_[s] else 0.0)
        if limits.floor is not None and open_[s]:
            most.append(-(arcs.site == s).astype(float))
            room.append(staying - limits.floor * portfolio.seats[s])
    if limits.access is not None:
        points = np.nan_to_num(portfolio.growth[arcs.site, arcs.band] - limits.access)
        points = points * portfolio.without_access[arcs.area]
        most.append(-points)
        room.append(points @ stay)
    if limits.km is not None:
        km = arcs.km * portfolio.placed[arcs.area]
        most.append(km)
        room.append(limits.km * portfolio.demand[portfolio.placed].sum() - km @ stay)
    if limits.dollars is not None:
        most.append(arcs.dollars)
        spent = portfolio.options.dollars[option[open_]].sum()
        spent += portfolio.building_dollars[np.unique(portfolio.building[open_])].sum()
        room.append(limits.dollars - spent)
    bounds = [(0, None if u else 0) for u in usable]
    found = linprog(price, most, room, equal, wanted, bounds, method="highs")
    return fixed + found.fun if found.status == 0 else None


def best(portfolio: Portfolio, limits: Limits, weights: Weights | None = None):
    """Give all combinations that can be, with their least costs, cheapest first."""
    found = []
    for option in combinations(portfolio):
        if _keeps(portfolio, limits, option):
            cost = assignment(portfolio, limits, weights or Weights(), option)
            if cost is not None:
                found.append((cost, option))
    return sorted(found, key=lambda each: each[0])


def with_seats(portfolio: Portfolio, factor: float) -> Portfolio:
    """Give the district with more seats or fewer."""
    return replace(portfolio, seats=portfolio.seats * factor)
