"""Outlines for maps: the zones, neighborhoods and census tracts of Hartford."""

import math
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from dme.tables.importers.geography import METERS_EAST, METERS_NORTH, outlines, zones
from dme.tables.refusal import FETCH_ANEW, refusal

KINDS = ("zone", "neighborhood", "tract")
# Five decimals of a degree: about a meter.
_GRID, _DECIMALS = 1e-5, 5
# In degrees: a corner goes where the triangle that it spans is below some nine square meters.
_TOLERANCE = 3e-5
_HARTFORD = "Hartford"

Outlines = Mapping[str, BaseGeometry]


def areas(
    zone_file: Path, neighborhood_file: Path, tract_file: Path, hartford_tracts: Collection[str]
) -> pd.DataFrame:
    """Return the outlines of Hartford's zones, neighborhoods and tracts.

    Parameters
    ----------
    zone_file, neighborhood_file, tract_file : Path
        GeoJSON files; the second and third also hold those of West Hartford, which are left out.
    hartford_tracts : collection of str
        The tracts to keep.

    Returns
    -------
    pandas.DataFrame
        ``kind``, ``name``, ``square_km`` (of the outline as it was), ``outline`` (as text).
    """
    everyone = outlines(neighborhood_file, "town", "name")
    neighborhoods = [(name, outline) for (town, name), outline in everyone if town == _HARTFORD]
    tracts = [
        (name, outline)
        for (name,), outline in outlines(tract_file, "name")
        if name in hartford_tracts
    ]
    found = {
        "zone": zones(zone_file),
        "neighborhood": _by_name(neighborhoods, neighborhood_file),
        "tract": _by_name(tracts, tract_file),
    }
    return pd.DataFrame(
        [
            (kind, name, square_km(found[kind][name]), outline)
            for kind in KINDS
            for name, outline in _texts(found[kind], simplify=kind == "neighborhood").items()
        ],
        columns=["kind", "name", "square_km", "outline"],
    )


def square_km(outline: BaseGeometry) -> float:
    """Return the area of an outline in degrees, to a thousandth of a square kilometer."""
    return round(outline.area * METERS_EAST * METERS_NORTH / 1e6, 3)


def centroid(outline: BaseGeometry) -> tuple[float, float]:
    """Return longitude and latitude of an outline's center of area."""
    middle = outline.centroid
    return round(middle.x, _DECIMALS), round(middle.y, _DECIMALS)


def _by_name(features: list[tuple[str, BaseGeometry]], file: Path) -> Outlines:
    found = dict(features)
    if len(found) != len(features) or not found:
        raise refusal(
            problem="The outlines are not each of one place.",
            file=file,
            column="name",
            found=f"{len(features)} outlines of {len(found)} places",
            expected="one outline for each place",
            advice=FETCH_ANEW,
        )
    return found


def _texts(found: Outlines, *, simplify: bool) -> dict[str, str]:
    """Return the outlines as well-known text on the grid, all of them valid."""
    shapes = [shapely.set_precision(shapely.force_2d(shape), _GRID) for shape in found.values()]
    if simplify:
        # Neighbors keep their common border: it is simplified once, for both.
        shapes = list(shapely.coverage_simplify(shapes, _TOLERANCE))
        shapes = [shapely.set_precision(shape, _GRID) for shape in shapes]
    texts = [shapely.to_wkt(shape, rounding_precision=_DECIMALS) for shape in shapes]
    for name, text, before in zip(found, texts, found.values(), strict=True):
        after = shapely.from_wkt(text)
        if not after.is_valid or not math.isclose(after.area, before.area, rel_tol=0.01):
            raise refusal(
                problem="An outline loses its shape on a grid of a meter.",
                file="the outlines",
                column=name,
                found=shapely.is_valid_reason(after),
                expected="a valid outline of the same area",
                advice=FETCH_ANEW,
            )
    return dict(zip(found, texts, strict=True))
