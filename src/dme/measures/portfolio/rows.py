"""The limits of a plan as rows of its program; each may give way if it is told to."""

from collections.abc import Callable

import numpy as np

from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.model import Linear, Model

_TOLERANCE = 1e-7
Parts = list[tuple[np.ndarray, np.ndarray, np.ndarray | float]]


def add_limits(model: Model, limits: Limits, elastic: frozenset[str]) -> None:
    """Add the rows of all limits that are asked for."""
    for name in limits.asked:
        _ROWS[name](model, limits, name in elastic)


def _give(model: Model, name: str, rows: int, sign: float, *, gives: bool) -> Parts:
    """Return the entries of slack variables that loosen each of `rows` rows, if it `gives`."""
    if not gives:
        return []
    slack = model.program.add(rows, upper=np.inf)
    model.slack[name] = slack
    return [(np.arange(rows), slack, sign)]


def _entries(linear: Linear) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at = np.flatnonzero(linear.coefficients)
    return np.zeros(len(at), int), at, linear.coefficients[at]


def _loads(model: Model) -> Parts:
    """Return the entries of one row a site: the pupils it has."""
    arcs = model.portfolio.arcs
    moving = (arcs.site[model.arcs], model.share, model.moving)
    return [moving, (model.portfolio.options.site, model.option, model.load)]


def _seats(model: Model, limits: Limits, gives: bool) -> None:
    portfolio, site = model.portfolio, model.portfolio.options.site
    if np.isinf(limits.seats):
        return
    # Who stays may be more than the seats; who comes must find one.
    room = np.maximum(0.0, limits.seats * portfolio.seats[site] - model.load)
    arcs = portfolio.arcs
    moving = (arcs.site[model.arcs], model.share, model.moving)
    sites = len(portfolio.sites)
    slack = _give(model, "seats", sites, -1.0, gives=gives)
    model.program.require([moving, (site, model.option, -room), *slack], most=0.0, rows=sites)


def _closures(model: Model, limits: Limits, gives: bool) -> None:
    slack = _give(model, "closures", 1, -1.0, gives=gives)
    most = len(model.portfolio.sites) - limits.closures
    model.program.require([(0, model.option, 1.0), *slack], most=most)


def _sites(model: Model, limits: Limits, gives: bool) -> None:
    slack = _give(model, "sites", 1, 1.0, gives=gives)
    model.program.require([(0, model.option, 1.0), *slack], least=limits.sites)


def _displacement(model: Model, limits: Limits, gives: bool) -> None:
    displaced = model.displaced()
    slack = _give(model, "displacement", 1, -1.0, gives=gives)
    most = limits.displacement * model.portfolio.pupils - displaced.constant + _TOLERANCE
    model.program.require([_entries(displaced), *slack], most=most)


def _distance(model: Model, limits: Limits, gives: bool) -> None:
    arcs = model.portfolio.arcs
    most = np.asarray(limits.distance, float)[arcs.band]
    far = (arcs.km > most + _TOLERANCE) & model.portfolio.placed[arcs.area]
    if not far[model.arcs].any():
        return
    sent = model.linear(arcs=far[model.arcs].astype(float))
    slack = _give(model, "distance", 1, -1.0, gives=gives)
    model.program.require([_entries(sent), *slack], most=0.0)


def _utilization(model: Model, limits: Limits, gives: bool) -> None:
    portfolio = model.portfolio
    most = portfolio.pupils / max(limits.utilization, 1e-9)
    slack = _give(model, "utilization", 1, -1.0, gives=gives)
    seats = (0, model.option, portfolio.seats[portfolio.options.site])
    model.program.require([seats, *slack], most=most)


def _floor(model: Model, limits: Limits, gives: bool) -> None:
    portfolio, site = model.portfolio, model.portfolio.options.site
    sites = len(portfolio.sites)
    slack = _give(model, "floor", sites, 1.0, gives=gives)
    wanted = (site, model.option, -limits.floor * portfolio.seats[site])
    model.program.require([*_loads(model), wanted, *slack], least=0.0, rows=sites)


def _full(model: Model, limits: Limits, gives: bool) -> None:
    """Count the pupils of full sites: as many as the site has, if it is full, else none."""
    portfolio, (share, level) = model.portfolio, limits.full
    sites = len(portfolio.sites)
    at = np.arange(sites)
    most = np.maximum(np.minimum(limits.seats, 9.0) * portfolio.seats, portfolio.current.sum(1))
    full = model.program.add(sites, integer=True)
    counted = model.program.add(sites, upper=np.maximum(most, 0.0))
    less = [(row, variable, -np.asarray(number)) for row, variable, number in _loads(model)]
    model.program.require([(at, counted, 1.0), *less], most=0.0, rows=sites)
    model.program.require([(at, counted, 1.0), (at, full, -most)], most=0.0, rows=sites)
    wanted = (at, full, -level * portfolio.seats)
    model.program.require([*_loads(model), wanted], least=0.0, rows=sites)
    slack = _give(model, "full", 1, 1.0, gives=gives)
    model.program.require([(0, counted, 1.0), *slack], least=share * portfolio.pupils)


def _offering(model: Model, band: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the options that teach a band, and their sites."""
    options = np.flatnonzero(model.portfolio.options.offers[:, band])
    return options, model.portfolio.options.site[options]


def _feeders(model: Model, limits: Limits, gives: bool) -> None:
    portfolio = model.portfolio
    sites, steps = len(portfolio.sites), len(portfolio.bands) - 1
    parts: Parts = []
    near = portfolio.between <= limits.feeders
    for band in range(steps):
        option, site = _offering(model, band)
        parts.append((band * sites + site, model.option[option], 1.0))
        option, site = _offering(model, band + 1)
        source, place = np.nonzero(near[:, site])
        parts.append((band * sites + source, model.option[option[place]], -1.0))
    slack = _give(model, "feeders", sites * steps, -1.0, gives=gives)
    model.program.require([*parts, *slack], most=0.0, rows=sites * steps)


def _pathways(model: Model, limits: Limits, gives: bool) -> None:
    """Keep a site of each band in each community that has one today: no plan can build any."""
    del limits
    portfolio = model.portfolio
    bands, count = len(portfolio.bands), len(portfolio.communities) * len(portfolio.bands)
    parts: Parts = []
    least = np.zeros(count)
    for band in range(bands):
        option, site = _offering(model, band)
        community = portfolio.community[site]
        inside = community >= 0
        row = community[inside] * bands + band
        parts.append((row, model.option[option[inside]], 1.0))
        least[row[np.isin(option[inside], portfolio.now)]] = 1.0
    slack = _give(model, "pathways", count, 1.0, gives=gives)
    model.program.require([*parts, *slack], least=least, rows=count)


def _access(model: Model, limits: Limits, gives: bool) -> None:
    """Keep a mean above a line: what pupils are above it outweighs what others are below."""
    slack = _give(model, "access", 1, 1.0, gives=gives)
    model.program.require([_entries(access(model, limits.access)), *slack], least=0.0)


def access(model: Model, line: float) -> Linear:
    """Return pupil-points of growth above a line, of pupils of the areas without access."""
    portfolio, arcs = model.portfolio, model.portfolio.arcs
    points = portfolio.growth[arcs.site, arcs.band] - line
    points = np.where(portfolio.without_access[arcs.area], np.nan_to_num(points), 0.0)
    staying = portfolio.option_sums(arcs.current * points)
    return model.linear(staying, points[model.arcs])


def _km(model: Model, limits: Limits, gives: bool) -> None:
    portfolio = model.portfolio
    slack = _give(model, "km", 1, -1.0, gives=gives)
    most = limits.km * float(portfolio.demand[portfolio.placed].sum()) + _TOLERANCE
    model.program.require([_entries(model.kilometers()), *slack], most=most)


def _dollars(model: Model, limits: Limits, gives: bool) -> None:
    slack = _give(model, "dollars", 1, -1.0, gives=gives)
    model.program.require([_entries(model.dollars()), *slack], most=limits.dollars)


_ROWS: dict[str, Callable[[Model, Limits, bool], None]] = {
    "seats": _seats,
    "closures": _closures,
    "sites": _sites,
    "displacement": _displacement,
    "distance": _distance,
    "utilization": _utilization,
    "floor": _floor,
    "full": _full,
    "feeders": _feeders,
    "pathways": _pathways,
    "access": _access,
    "km": _km,
    "dollars": _dollars,
}
