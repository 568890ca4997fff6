"""Who reaches which of the schools: the places and the rules, for any choice of schools."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd

from dme.evidence.culture.city import City
from dme.measures.access import eligibility
from dme.measures.access.eligibility import BusRule

GRADES = eligibility.GRADES[:9]
ELEMENTARY, MIDDLE = GRADES[:6], GRADES[6:]
"""Grades K to 5, which the zone and bus rules bind, and 6 to 8."""

WAYS = {
    "zone": "Own zone",
    "walk": "Near enough to walk",
    "bus": "By zone, walk or bus",
    "magnet": "The same, magnets too",
    "apply": "May apply",
}


@dataclass(frozen=True)
class View:
    """The places, the schools, and by grade what is open: all of reach but the wanted schools."""

    places: City
    schools: pd.DataFrame
    opened: Mapping[str, Mapping[str, eligibility.Bools]]

    @classmethod
    def of(cls, places: City, schools: pd.DataFrame, rule: BusRule) -> Self:
        """Work out what is open by a rule.

        Schools are as for `dme.measures.access.eligibility.open_schools`.
        """
        return cls(places, schools, eligibility.open_by_grade(places.points, schools, GRADES, rule))

    def shares(
        self, wanted: Iterable[str], grades: Sequence[str], groups: pd.DataFrame
    ) -> pd.DataFrame:
        """Return ``children`` and the percent of them each way leads to a wanted school."""
        chosen = self.schools.index.isin(list(wanted))
        opened = {grade: self.opened[grade] for grade in grades}
        reach = eligibility.reach(self.places.points, opened, chosen)
        counts = eligibility.reached(reach, self.places.children, groups)
        found = counts[list(WAYS)].div(counts["children"], axis=0) * 100
        return found.assign(children=counts["children"])

    def without(self, wanted: Iterable[str], grades: Sequence[str], way: str = "bus") -> float:
        """Return the percent of neighborhoods most of whose children no wanted school is open."""
        shares = self.shares(wanted, grades, self.places.neighborhoods)
        return float(100 * (shares[way] < 50).mean())
