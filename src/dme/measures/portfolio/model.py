"""A portfolio's program: where its variables are, and what of a plan is linear in them."""

from dataclasses import dataclass, field

import numpy as np

from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.program import Program, sum_of


@dataclass(frozen=True)
class Linear:
    """A quantity of a plan that is linear in its variables: constant + coefficients · values."""

    coefficients: np.ndarray
    constant: float = 0.0

    def of(self, values: np.ndarray) -> float:
        """Return the quantity of a plan's values."""
        return sum_of(self.coefficients, values[: len(self.coefficients)]) + self.constant

    def plus(self, other: "Linear", weight: float = 1.0) -> "Linear":
        """Return the sum of two quantities."""
        width = max(len(self.coefficients), len(other.coefficients))
        total = np.zeros(width)
        total[: len(self.coefficients)] += self.coefficients
        total[: len(other.coefficients)] += weight * other.coefficients
        return Linear(total, self.constant + weight * other.constant)


@dataclass
class Model:
    """A portfolio's program and where its variables are.

    Attributes
    ----------
    arcs : ndarray of int
        The portfolio's arcs that are in the program: those with pupils and an option.
    option, building, share : ndarray of int
        Variables: option taken, building in use, share of an area's pupils of a band who move
        along an arc.
    slack : dict of str to ndarray of int
        Variables by which a limit that may give way is missed; see
        `dme.measures.portfolio.limits.UNITS`.
    """

    portfolio: Portfolio
    program: Program
    arcs: np.ndarray
    option: np.ndarray
    building: np.ndarray
    share: np.ndarray
    slack: dict[str, np.ndarray] = field(default_factory=dict)

    def linear(
        self,
        options: np.ndarray | float = 0.0,
        arcs: np.ndarray | float = 0.0,
        buildings: np.ndarray | float = 0.0,
        constant: float = 0.0,
    ) -> Linear:
        """Return a quantity given for each option, moved pupil of each arc, and building."""
        found = np.zeros(self.program.variables)
        found[self.option] = options
        found[self.share] = arcs * self.moving
        found[self.building] = buildings
        return Linear(found, constant)

    @property
    def moving(self) -> np.ndarray:
        """Pupils of the area and band of each arc in the program."""
        arcs = self.portfolio.arcs
        return self.portfolio.demand[arcs.area[self.arcs], arcs.band[self.arcs]]

    @property
    def load(self) -> np.ndarray:
        """Pupils who stay at a site under each option."""
        return self.portfolio.option_sums(self.portfolio.arcs.current)

    def dollars(self) -> Linear:
        """Return what a plan costs a year: options, buildings, and arcs of who moves."""
        return self.linear(
            self.portfolio.options.dollars,
            self.portfolio.arcs.dollars[self.arcs],
            self.portfolio.building_dollars,
        )

    def displaced(self) -> Linear:
        """Return the pupils whose site closes or ends their band."""
        return self.linear(-self.load, constant=float(self.portfolio.arcs.current.sum()))

    def kilometers(self) -> Linear:
        """Return pupil-kilometers to school, of pupils whose area has a place."""
        arcs = self.portfolio.arcs
        km = arcs.km * self.portfolio.placed[arcs.area]
        return self.linear(self.portfolio.option_sums(arcs.current * km), km[self.arcs])

    def open_sites(self) -> list[tuple[np.ndarray, np.ndarray, float]]:
        """Return the entries of one row a site: 1 where it is open."""
        return [(self.portfolio.options.site, self.option, 1.0)]
