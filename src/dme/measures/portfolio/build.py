"""A portfolio and its limits as a mixed-integer program.

A facility location model with fixed charges (Daskin, 2013, chapters 6 to 8), with several
options at a site and several bands of pupils. Shares of an area's pupils of a band are the
assignment variables, each tied to its site's options on its own (the strong form, whose
relaxation is tight).
"""

import numpy as np

from dme.measures.portfolio.inputs import Portfolio, check
from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.model import Model
from dme.measures.portfolio.program import Program
from dme.measures.portfolio.rows import add_limits


def build(
    portfolio: Portfolio,
    limits: Limits,
    *,
    elastic: frozenset[str] = frozenset(),
    whole: bool = False,
) -> Model:
    """Return the program of a portfolio under limits.

    Parameters
    ----------
    portfolio : Portfolio
        Sites, options, pupils.
    limits : Limits
        What a plan must keep.
    elastic : frozenset of str
        Names of limits that may be missed; `Model.slack` then counts by how much.
    whole : bool
        Whether an area's pupils of a band go to one site together.

    Raises
    ------
    DmeError
        If the portfolio doesn't fit together.
    """
    check(portfolio)
    model = _variables(portfolio, whole=whole)
    _one_option(model)
    _everyone_somewhere(model)
    _only_where_offered(model)
    add_limits(model, limits, elastic)
    return model


def _variables(portfolio: Portfolio, *, whole: bool) -> Model:
    """Return the variables of a portfolio, without any row."""
    arcs, options = portfolio.arcs, portfolio.options
    offered = np.zeros((len(portfolio.sites), len(portfolio.bands)), bool)
    np.logical_or.at(offered, options.site, options.offers)
    used = (portfolio.demand[arcs.area, arcs.band] > 0) & offered[arcs.site, arcs.band]
    program = Program()
    return Model(
        portfolio,
        program,
        np.flatnonzero(used),
        program.add(len(options.site), integer=True),
        program.add(len(portfolio.building_dollars)),
        program.add(int(used.sum()), integer=whole),
    )


def _one_option(model: Model) -> None:
    """Each site takes one option at most, and keeps its building in use."""
    portfolio = model.portfolio
    sites = len(portfolio.sites)
    model.program.require(
        model.open_sites(), least=portfolio.mandatory.astype(float), most=1.0, rows=sites
    )
    held = (np.arange(sites), model.building[portfolio.building], -1.0)
    model.program.require([*model.open_sites(), held], most=0.0, rows=sites)


def _everyone_somewhere(model: Model) -> None:
    """All pupils of an area and band stay or move: the shares of both add up to one."""
    portfolio, arcs = model.portfolio, model.portfolio.arcs
    needed = portfolio.demand > 0
    row = np.full(needed.shape, -1)
    row[needed] = np.arange(needed.sum())
    moving = (row[arcs.area[model.arcs], arcs.band[model.arcs]], model.share, 1.0)
    option, arc = _offers_of_arcs(model, np.flatnonzero(arcs.current > 0))
    part = arcs.current[arc] / portfolio.demand[arcs.area[arc], arcs.band[arc]]
    staying = (row[arcs.area[arc], arcs.band[arc]], model.option[option], part)
    model.program.require([moving, staying], least=1.0, most=1.0, rows=int(needed.sum()))


def _only_where_offered(model: Model) -> None:
    """A share moves only where the site takes an option that teaches the band."""
    arcs = model.portfolio.arcs
    option, place = _offers_of_arcs(model, model.arcs, places=True)
    staying = arcs.current[model.arcs] / model.moving
    rows = len(model.arcs)
    limit = (place, model.option[option], staying[place] - 1.0)
    model.program.require([(np.arange(rows), model.share, 1.0), limit], most=0.0, rows=rows)


def _offers_of_arcs(
    model: Model, chosen: np.ndarray, *, places: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of an option and an arc of its site whose band it offers.

    Parameters
    ----------
    chosen : ndarray of int
        The portfolio's arcs that are asked about.
    places : bool
        Whether to give the arc's place in `chosen` rather than the arc.
    """
    arcs, options = model.portfolio.arcs, model.portfolio.options
    order = np.argsort(options.site, kind="stable")
    starts = np.searchsorted(options.site[order], np.arange(len(model.portfolio.sites) + 1))
    site = arcs.site[chosen]
    counts = np.diff(starts)[site]
    place = np.repeat(np.arange(len(chosen)), counts)
    within = np.arange(len(place)) - np.repeat(np.cumsum(counts) - counts, counts)
    option = order[starts[site[place]] + within]
    taught = options.offers[option, arcs.band[chosen[place]]]
    option, place = option[taught], place[taught]
    return option, place if places else chosen[place]
