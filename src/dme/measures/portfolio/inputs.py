"""What a portfolio model knows: areas, sites, bands of grades, options of each site, arcs."""

from dataclasses import dataclass

import numpy as np

from dme.errors import DmeError

Numbers = np.ndarray
Indices = np.ndarray


@dataclass(frozen=True)
class Options:
    """What each site may become; a site that takes none of its options closes.

    Attributes
    ----------
    site : ndarray of int, shape (O,)
        The site that each option belongs to.
    offers : ndarray of bool, shape (O, B)
        The bands that the site then teaches.
    dollars : ndarray, shape (O,)
        What it then costs a year, whoever comes: the school's fixed staff, its sections.
    """

    site: Indices
    offers: np.ndarray
    dollars: Numbers


@dataclass(frozen=True)
class Arcs:
    """Which site an area's pupils of a band may attend, one row each.

    Attributes
    ----------
    area, band, site : ndarray of int, shape (R,)
        Indices.
    km : ndarray, shape (R,)
        From the area to the site; 0 for an area without a place.
    dollars : ndarray, shape (R,)
        A year for each pupil who moves there, such as the bus. Who stays costs the same under
        every plan, and what a pupil cost on the way to a site that closes is not credited.
    current : ndarray, shape (R,)
        Pupils of the area and band who attend the site now.
    """

    area: Indices
    band: Indices
    site: Indices
    km: Numbers
    dollars: Numbers
    current: Numbers


@dataclass(frozen=True)
class Portfolio:
    """The sites of a district, what they may become, and the pupils who need a seat.

    Pupils whose site keeps teaching their band stay there; the model seats all others. So who
    is displaced follows from the options that are taken, and from nothing else.

    Attributes
    ----------
    areas, bands, sites : tuple of str
        Names, in the order of the indices.
    demand : ndarray, shape (A, B)
        Pupils by area and band.
    placed : ndarray of bool, shape (A,)
        Whether an area has a place; distances count pupils of such areas only.
    seats : ndarray, shape (S,)
        Seats of each site.
    mandatory : ndarray of bool, shape (S,)
        Sites that may not close.
    building : ndarray of int, shape (S,)
        The building of each site; several sites may share one.
    building_dollars : ndarray, shape (G,)
        What a building costs a year while one of its sites is open.
    community : ndarray of int, shape (S,)
        The community that each site lies in; -1 where it lies in none.
    communities : tuple of str
        Their names.
    between : ndarray, shape (S, S)
        Kilometers between sites.
    growth : ndarray, shape (S, B)
        Growth of each site's pupils in a band; NaN where it is not measured.
    without_access : ndarray of bool, shape (A,)
        Areas whose access counts: those without a school of good growth in reach.
    options : Options
        What each site may become.
    arcs : Arcs
        Who may attend what.
    now : ndarray of int, shape (S,)
        The option that each site takes today; -1 where none of them is today's.
    """

    areas: tuple[str, ...]
    bands: tuple[str, ...]
    sites: tuple[str, ...]
    demand: Numbers
    placed: np.ndarray
    seats: Numbers
    mandatory: np.ndarray
    building: Indices
    building_dollars: Numbers
    community: Indices
    communities: tuple[str, ...]
    between: Numbers
    growth: Numbers
    without_access: np.ndarray
    options: Options
    arcs: Arcs
    now: Indices

    @property
    def pupils(self) -> float:
        """All pupils who need a seat."""
        return float(self.demand.sum())

    @property
    def current(self) -> Numbers:
        """Pupils who attend each site now, by band: shape (S, B)."""
        return self.sum_of_arcs(self.arcs.current)

    def sum_of_arcs(self, pupils: Numbers) -> Numbers:
        """Return pupils on arcs summed by site and band: shape (S, B)."""
        found = np.zeros((len(self.sites), len(self.bands)))
        np.add.at(found, (self.arcs.site, self.arcs.band), pupils)
        return found

    def option_sums(self, of_arcs: Numbers) -> Numbers:
        """Return, for each option, a quantity of the arcs to its site summed over its bands."""
        by_site = self.sum_of_arcs(of_arcs)[self.options.site]
        return (by_site * self.options.offers).sum(axis=1)


def check(portfolio: Portfolio) -> None:
    """Raise a `DmeError` that says what of a portfolio does not fit together."""
    arcs = portfolio.arcs
    seated = np.zeros_like(portfolio.demand)
    np.add.at(seated, (arcs.area, arcs.band), arcs.current)
    over = seated > portfolio.demand + 1e-6
    if over.any():
        area, band = np.argwhere(over)[0]
        message = (
            f"More pupils attend a school than there are: {seated[area, band]:.1f} of "
            f"{portfolio.demand[area, band]:.1f} in {portfolio.areas[area]}, "
            f"{portfolio.bands[band]}. Give demand that holds the current pupils."
        )
        raise DmeError(message)
    needed = portfolio.demand > 0
    reached = np.zeros_like(needed)
    reached[arcs.area, arcs.band] = True
    if (needed & ~reached).any():
        area, band = np.argwhere(needed & ~reached)[0]
        message = (
            f"No site is in the model for {portfolio.bands[band]} of {portfolio.areas[area]}: "
            f"its {portfolio.demand[area, band]:.1f} pupils need at least one arc."
        )
        raise DmeError(message)
    if (portfolio.seats < 0).any() or (portfolio.demand < 0).any():
        message = "Seats and pupils can't be below zero."
        raise DmeError(message)
