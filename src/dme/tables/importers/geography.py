"""Where schools stand, and in which of Hartford's four zones."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from shapely import Point
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from dme.tables.columns import DIRECTORY, FEDERAL, OUTSIDE, ZONES
from dme.tables.importers import sheet
from dme.tables.refusal import FETCH_ANEW, refusal

_PLACE = r"\((?P<latitude>-?\d+\.\d+), (?P<longitude>-?\d+\.\d+)\)$"
# A cell of the directory prints fifteen digits; a millionth of a degree is a tenth of a meter.
_DIGITS = 6
# Meters in a degree at 41.765 north, the middle of Hartford, on the WGS 84 ellipsoid. Within the
# region a distance computed with them is right within half a percent.
METERS_NORTH, METERS_EAST = 111_068.7, 83_154.9


@dataclass(frozen=True)
class Place:
    """A point on the map, in degrees (WGS 84)."""

    longitude: float
    latitude: float


def meters_apart(one: Place, other: Place) -> float:
    """Return the distance of two places of the Hartford region in meters."""
    return math.hypot(
        (one.longitude - other.longitude) * METERS_EAST,
        (one.latitude - other.latitude) * METERS_NORTH,
    )


def outlines(path: Path, *names: str) -> list[tuple[tuple[str, ...], BaseGeometry]]:
    """Read the outlines of a GeoJSON file.

    Parameters
    ----------
    *names : str
        Properties that every outline must have.

    Returns
    -------
    list of (tuple of str, geometry)
        The properties and the outline of each feature.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [
            (
                tuple(feature["properties"][name] for name in names),
                shape(feature["geometry"]),
            )
            for feature in features
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise refusal(
            problem="The outlines could not be read.",
            file=path,
            found=f"{type(error).__name__}: {error}",
            expected=f"GeoJSON with a {' and a '.join(names)} for each outline",
            advice=FETCH_ANEW,
        ) from None


def zones(path: Path) -> dict[str, BaseGeometry]:
    """Read the outlines of the four zones."""
    features = outlines(path, "Name")
    found = {zone: outline for (zone,), outline in features}
    if sorted(found) != list(ZONES) or len(features) != len(ZONES):
        raise refusal(
            problem="The outlines are not those of the four zones.",
            file=path,
            column="Name",
            found=", ".join(sorted(found)) or "none",
            expected=", ".join(ZONES),
            advice=FETCH_ANEW,
        )
    return found


def federal_places(path: Path, agency: str) -> pd.DataFrame:
    """Return ``longitude`` and ``latitude`` of one agency's schools by federal id."""
    read = sheet.table(path, ("NCESSCH", "LATCODE", "LONGCODE", "LEAID"))
    read = read.only(read["LEAID"] == agency)
    codes = read.text("NCESSCH")
    read.once(codes, "NCESSCH", "school")
    found = {"longitude": read.number("LONGCODE"), "latitude": read.number("LATCODE")}
    return pd.DataFrame(found).set_axis(codes)


def directory_places(path: Path, prefix: str) -> pd.DataFrame:
    """Return ``longitude`` and ``latitude`` by state code, from the state's directory.

    Parameters
    ----------
    path : Path
        The directory; an address ends in ``(latitude, longitude)`` on a line of its own.
    prefix : str
        First digits of the codes to keep; a school without a place is left out.
    """
    code, address = "Organization Code", "Location 1"
    read = sheet.table(path, (code, address))
    read = read.only(read[code].str.startswith(prefix))
    found = pd.DataFrame(printed_places(read[address])).dropna()
    codes = read.code(code)[found.index]
    read.once(codes, code, "school")
    return found.set_axis(codes)


def printed_places(addresses: pd.Series) -> dict[str, pd.Series]:
    """Return ``longitude`` and ``latitude`` at the end of addresses, missing where none is."""
    found = addresses.str.extract(_PLACE).astype("float64").round(_DIGITS)
    return {"longitude": found["longitude"], "latitude": found["latitude"]}


def zone_of(place: Place, outlines: Mapping[str, BaseGeometry]) -> str:
    """Return the zone that a place lies in, or ``outside``."""
    point = Point(place.longitude, place.latitude)
    within = [zone for zone, outline in outlines.items() if outline.covers(point)]
    if len(within) > 1:
        raise refusal(
            problem="A school lies in two zones.",
            file="the zones' outlines",
            found=" and ".join(sorted(within)),
            expected="one zone",
            advice="Choose by the street address, and say so where the places are read.",
        )
    return within[0] if within else OUTSIDE


def school_zones(
    federal: pd.DataFrame, directory: pd.DataFrame, outlines: Mapping[str, BaseGeometry]
) -> pd.DataFrame:
    """Place each school that either source knows.

    Parameters
    ----------
    federal, directory : DataFrame
        ``longitude`` and ``latitude`` by state code, of the two sources; the directory goes
        first: it is keyed by the state's own code, and where the two differ the later
        directories keep its address.
    outlines : mapping of str to geometry
        The four zones.

    Returns
    -------
    DataFrame
        ``school_code``, ``longitude``, ``latitude``, ``zone``, ``coordinates_from``,
        ``zone_by_nces``.
    """
    zones = [
        pd.Series([zone_of(Place(*at), outlines) for at in source.to_numpy()], source.index, "str")
        for source in (directory, federal)
    ]
    placed = directory.combine_first(federal)[["longitude", "latitude"]]
    placed["zone"] = zones[0].combine_first(zones[1])
    placed["coordinates_from"] = FEDERAL
    placed.loc[directory.index, "coordinates_from"] = DIRECTORY
    placed["zone_by_nces"] = zones[1]
    return placed.rename_axis("school_code").reset_index()
