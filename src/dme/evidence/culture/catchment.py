"""How many seats of schools above the state's growth lie near each tract's children."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.evidence.culture.access import Reach
from dme.evidence.culture.city import City
from dme.evidence.culture.view import GRADES
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.access import eligibility
from dme.measures.access.places import MILE_KM, distances_km
from dme.measures.estimates.estimate import Estimate

LIMIT_MILES = 1.0
"""The catchment: from this distance the standing rule gives a bus in grades 2 to 5."""
BANDS = ((0.5, 1.0), (1.0, 0.68), (1.5, 0.22))
"""Miles and weights of the map: the rule's three distances below high school, with the weights that
Luo and Qi (2009) give three bands."""

_NAME, _TITLE = (
    "growth-seats-near",
    "Children more than a mile from any school above the state's growth",
)
_UNIT = "percent of children"


@dataclass(frozen=True)
class Catchment:
    """Seats near children.

    Attributes
    ----------
    by_tract : DataFrame
        By tract: ``children`` (5 to 13), ``growing`` and ``every``: seats per 100 children in
        schools above the state's growth and in every school, by the enhanced method.
    dots : dict of str to DataFrame
        The schools above the state's growth, for the map.
    result : Measured or Lacking
        The finding.
    picture : Picture
        The words of the map.
    """

    by_tract: pd.DataFrame
    dots: dict[str, pd.DataFrame]
    result: Result
    picture: Picture

    @property
    def measured(self) -> bool:
        """Whether the tables hold enough of the district."""
        return isinstance(self.result, Measured)


def evidence(
    tables: Mapping[str, pd.DataFrame], places: City | None, reach: Reach, place: Place
) -> Catchment:
    """Return how many seats lie near each tract's children, by two-step floating catchments.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``school_enrollment_by_grade``.
    places : City, optional
        See `dme.evidence.culture.city.city`.
    reach : Reach
        The schools, with place and growth.
    place : Place
        The district in words.
    """
    if places is None or isinstance(reach.neighborhoods, Lacking):
        lacking = getattr(reach.neighborhoods, "lacking", "")
        nothing = Lacking(_NAME, _TITLE, lacking, _UNIT)
        return Catchment(pd.DataFrame(), {}, nothing, Picture("", "", ""))
    schools, year = reach.schools, reach.neighborhoods.year
    seats = _seats(tables["school_enrollment_by_grade"], schools, year)
    growing = np.where(schools["above"], seats, 0.0)
    demand = _demand(places)
    straight = distances_km(places.points, schools) / MILE_KM
    tracts = pd.DataFrame(
        {"area": places.points["area"], "children": demand}
        | {
            name: 100 * eligibility.floating_catchment(demand, supply, straight, BANDS)
            for name, supply in (("growing", growing), ("every", seats))
        }
    ).groupby("area")
    by_tract = tracts[["growing", "every"]].mean().assign(children=tracts["children"].sum())
    street = distances_km(places.points, schools, "street") / MILE_KM

    def far(supply: np.ndarray, miles: np.ndarray, limit: float) -> float:
        found = eligibility.floating_catchment(demand, supply, miles, ((limit, 1.0),))
        return float(100 * demand[found == 0].sum() / demand.sum())

    value = far(growing, straight, LIMIT_MILES)
    others = {
        "within half a mile": far(growing, straight, 0.5),
        "within a mile and a half": far(growing, straight, 1.5),
        "within a mile along streets, north-south and east-west": far(growing, street, 1.0),
        "every school of the district, within a mile": far(seats, straight, 1.0),
    }
    counts = (int(schools["above"].sum()), float(growing.sum()), float(demand.sum()))
    result = _result(value, others, counts, year)
    dots = {"at or above the state": schools[schools["above"]]}
    return Catchment(by_tract, dots, result, _picture(by_tract, schools, year, place.own))


def _demand(places: City) -> np.ndarray:
    points = places.points["area"].value_counts()
    children = places.children[list(GRADES)].sum(axis=1)
    return places.points["area"].map(children / points).to_numpy(float)


def _seats(by_grade: pd.DataFrame, schools: pd.DataFrame, year: str) -> np.ndarray:
    """Return the pupils of grades K to 8 of each school, in place of its seats."""
    rows = by_grade[(by_grade["school_year"] == year) & by_grade["grade"].isin(GRADES)]
    pupils = rows.groupby("school_code")["students"].sum()
    return pupils.reindex(schools.index).fillna(0).to_numpy(float)


def _result(
    value: float, others: Mapping[str, float], counts: tuple[int, float, float], year: str
) -> Measured:
    count, seats, children = counts
    return Measured(
        name=_NAME,
        title=_TITLE,
        sentence=f"{value:.0f}% of {children:,.0f} children of 5 to 13 live more than a mile "
        f"from every school at or above the state's growth. Those {count} schools taught "
        f"{seats:,.0f} pupils of grades K to 8: {100 * seats / children:.0f} for 100 children "
        "of the city.",
        estimate=Estimate(value, None, None, "none: a count of places, no sample"),
        unit=_UNIT,
        population="children of 5 to 13 by tract, spread evenly over it; schools of the district "
        "with a printed growth, magnets too",
        year=year,
        method="Two-step floating catchment (Luo and Wang 2003) with a straight-line mile: the "
        "share of children whose place has no seat. Pupils enrolled stand for seats, which are not "
        "public by school.",
        basis="proxy",
        caveat="A magnet keeps part of its seats for suburban children, so it offers the city "
        "fewer than it has pupils. Children are survey estimates without printed margins.",
        alternatives=tuple(Alternative(label, held) for label, held in others.items()),
        tables=("school_growth", "school_enrollment_by_grade", "tracts", "areas", "school_zones"),
    )


def _picture(by_tract: pd.DataFrame, schools: pd.DataFrame, year: str, own: str) -> Picture:
    none = int(by_tract["growing"].lt(0.5).sum())
    names = ", ".join(schools.loc[schools["above"], "school"]) or "none"
    return Picture(
        title=f"{own}: seats near each tract in schools at or above the state's growth",
        note="Shade: pupils of grades K to 8 of such schools for 100 children of 5 to 13 near; who "
        "is near counts in full within half a mile, by 0.68 within a mile, by 0.22 within a mile "
        f"and a half. Mean of the tract. Schools of {year}; lines: the school zones of 2010. "
        "Sources: Census Bureau, EdSight, the district.",
        alt=f"Map of census tracts by seats near in schools above the state's growth ({names}); "
        f"{none} of {len(by_tract)} tracts have none.",
    )
