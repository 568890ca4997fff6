"""Where a district's children live and where its schools stand, as far as the tables tell."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dme.measures.access import places
from dme.measures.access.eligibility import children_by_grade

TABLES = ("areas", "tracts", "neighborhood_tracts", "school_zones", "school_enrollment")
SPACING_KM = 0.1
"""Distance between the points that stand for a tract's children; halving it moves no figure."""


@dataclass(frozen=True)
class City:
    """The places of a study.

    Attributes
    ----------
    points : DataFrame
        ``area`` (a tract), ``longitude``, ``latitude``, ``zone``: points spread evenly over each
        tract. Tracts without an outline have none.
    children : DataFrame
        Children of those tracts by grade; see `dme.measures.access.eligibility.children_by_grade`.
    neighborhoods : DataFrame
        ``group`` (a neighborhood), ``area``, ``weight``.
    outlines : DataFrame
        The table ``areas``.
    """

    points: pd.DataFrame
    children: pd.DataFrame
    neighborhoods: pd.DataFrame
    outlines: pd.DataFrame

    def shapes(self, kind: str) -> pd.DataFrame:
        """Return ``name`` and ``outline`` of the zones, neighborhoods or tracts."""
        rows = self.outlines[self.outlines["kind"] == kind]
        return rows[["name", "outline"]].reset_index(drop=True)


def city(tables: Mapping[str, pd.DataFrame], district: str) -> City | None:
    """Return the places of a district; None where the tables hold none of it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    district : str
        Its code. The tables hold the outlines of one city: they are the district's where its
        schools stand in that city's zones.
    """
    enrolled = tables["school_enrollment"]
    own = enrolled.loc[enrolled["district_code"] == district, "school_code"]
    areas, tracts = tables["areas"], tables["tracts"]
    if not tables["school_zones"]["school_code"].isin(own).any() or areas.empty or tracts.empty:
        return None
    outlined = areas[areas["kind"] == "tract"]
    points = places.points_within(outlined, SPACING_KM)
    points["zone"] = places.area_of(points, areas[areas["kind"] == "zone"])
    children = children_by_grade(tracts)
    return City(
        points=points,
        children=children[children.index.isin(outlined["name"])],
        neighborhoods=tables["neighborhood_tracts"].rename(
            columns={"neighborhood": "group", "tract": "area"}
        ),
        outlines=areas,
    )
