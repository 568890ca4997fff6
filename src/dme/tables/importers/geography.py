"""Where schools stand, and in which of Hartford's four zones."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from shapely import Point
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from dme.tables.columns import DIRECTORY, FEDERAL, OUTSIDE, ZONES
from dme.tables.importers import rows
from dme.tables.refusal import FETCH_ANEW, refusal

_PLACE = re.compile(r"\((-?\d+\.\d+), (-?\d+\.\d+)\)\s*$")
# A cell of the directory prints fifteen digits; a millionth of a degree is a tenth of a meter.
_DIGITS = 6


@dataclass(frozen=True)
class Place:
    """A point on the map, in degrees (WGS 84)."""

    longitude: float
    latitude: float


def zones(path: Path) -> dict[str, BaseGeometry]:
    """Read the outlines of the four zones.

    Raises
    ------
    TableError
        If the file is no GeoJSON, or its zones are not the four.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found = {feature["properties"]["Name"]: shape(feature["geometry"]) for feature in features}
    except (OSError, ValueError, KeyError, TypeError, ShapelyError) as error:
        raise refusal(
            problem="The zones' outlines could not be read.",
            file=path,
            found=f"{type(error).__name__}: {error}",
            expected="GeoJSON with a Name for each outline",
            advice=FETCH_ANEW,
        ) from None
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


def federal_places(path: Path, agency: str) -> dict[str, Place]:
    """Return the places of one agency's schools by federal id, from the national file."""
    columns = ("NCESSCH", "LATCODE", "LONGCODE", "LEAID")
    places = {}
    for row in rows.table(path, columns):
        if row.cells["LEAID"] == agency:
            identity = row.text("NCESSCH")
            if identity in places:
                raise row.refuse(
                    problem="A school stands twice.", column="NCESSCH", expected="each school once"
                )
            places[identity] = Place(row.number("LONGCODE"), row.number("LATCODE"))
    return places


def directory_places(path: Path, prefix: str) -> dict[str, Place]:
    """Return places by state code, from the state's directory.

    Parameters
    ----------
    path : Path
        The directory; an address ends in ``(latitude, longitude)`` on a line of its own.
    prefix : str
        First digits of the codes to keep; a school without a place is left out.
    """
    code, address = "Organization Code", "Location 1"
    places = {}
    for row in rows.table(path, (code, address)):
        match = _PLACE.search(row.cells[address])
        if row.cells[code].startswith(prefix) and match:
            identity = row.code(code)
            if identity in places:
                raise row.refuse(
                    problem="A school stands twice.", column=code, expected="each school once"
                )
            latitude, longitude = (round(float(part), _DIGITS) for part in match.groups())
            places[identity] = Place(longitude, latitude)
    return places


def zone_of(place: Place, outlines: Mapping[str, BaseGeometry]) -> str:
    """Return the zone that a place lies in, or ``outside``.

    Raises
    ------
    TableError
        If the place lies in two zones (their outlines overlap by a few meters).
    """
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
    federal: Mapping[str, Place],
    directory: Mapping[str, Place],
    outlines: Mapping[str, BaseGeometry],
) -> pd.DataFrame:
    """Place each school that either source knows.

    Parameters
    ----------
    federal, directory : mapping of str to Place
        Places by state code, of the two sources; the directory goes first: it is keyed by the
        state's own code, and where the two differ the later directories keep its address.
    outlines : mapping of str to geometry
        The four zones.

    Returns
    -------
    pandas.DataFrame
        ``school_code``, ``longitude``, ``latitude``, ``zone``, ``coordinates_from``,
        ``zone_by_nces``.
    """
    placed = []
    for code in sorted({*federal, *directory}):
        source = DIRECTORY if code in directory else FEDERAL
        place = directory.get(code) or federal[code]
        second = zone_of(federal[code], outlines) if code in federal else None
        placed.append(
            (code, place.longitude, place.latitude, zone_of(place, outlines), source, second)
        )
    columns = [
        "school_code",
        "longitude",
        "latitude",
        "zone",
        "coordinates_from",
        "zone_by_nces",
    ]
    return pd.DataFrame(placed, columns=columns)
