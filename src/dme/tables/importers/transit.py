"""Bus stops, from a transit agency's timetable in the General Transit Feed layout."""

from pathlib import Path

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from dme.tables.importers import rows
from dme.tables.importers.outlines import in_meters
from dme.tables.importers.rows import Row

_COLUMNS = ("stop_id", "stop_name", "stop_lat", "stop_lon")
# Corners of a box around the region that the agency serves, in degrees.
_LONGITUDES, _LATITUDES = (-73.3, -72.2), (41.2, 42.2)


def stops_near(path: Path, outline: BaseGeometry, meters: float) -> pd.DataFrame:
    """Read the stops inside an outline or close to it.

    Parameters
    ----------
    path : Path
        The feed's ``stops.txt``.
    outline : geometry
        In degrees.
    meters : float
        How far from the outline a stop may be.

    Returns
    -------
    pandas.DataFrame
        ``stop_id``, ``stop``, ``longitude``, ``latitude``.

    Raises
    ------
    TableError
        If a column is missing, a stop stands twice, or a place is far from the region.
    """
    found = list(rows.table(path, _COLUMNS))
    rows.once(((row, row.text("stop_id")) for row in found), "stop_id", "stop")
    frame = pd.DataFrame(
        {
            "stop_id": [row.text("stop_id") for row in found],
            "stop": [row.text("stop_name") for row in found],
            "longitude": [_degrees(row, "stop_lon", _LONGITUDES) for row in found],
            "latitude": [_degrees(row, "stop_lat", _LATITUDES) for row in found],
        }
    )
    points = shapely.points(frame["longitude"], frame["latitude"])
    near = shapely.distance(in_meters(outline), [in_meters(point) for point in points]) <= meters
    return frame[near].reset_index(drop=True)


def _degrees(row: Row, column: str, span: tuple[float, float]) -> float:
    degrees = row.number(column)
    low, high = span
    if not low <= degrees <= high:
        raise row.refuse(
            problem="A stop is far from Hartford.", column=column, expected=f"{low} to {high}"
        )
    return degrees
