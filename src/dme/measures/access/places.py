"""Places: distances between them, points inside an outline, the area that a point lies in."""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

EARTH_KM = 6371.0088
"""Mean radius of the Earth (Moritz 2000), in kilometers."""

MILE_KM = 1.609344

Metric = Literal["straight", "street"]
Floats = npt.NDArray[np.float64]


def distances_km(
    origins: pd.DataFrame, places: pd.DataFrame, metric: Metric = "straight"
) -> Floats:
    """Return the distance from each origin to each place.

    Parameters
    ----------
    origins, places : DataFrame
        ``longitude``, ``latitude``: degrees, WGS 84.
    metric : {"straight", "street"}
        The great circle on a sphere (the haversine formula; within 0.3 percent of the ellipsoid),
        or the way along north-south and east-west streets, which is never shorter and at most
        41 percent longer. No network of streets is in the tables: a true walk lies between the
        two or beyond, where a river, a highway or a railway stands in between.

    Returns
    -------
    ndarray
        Kilometers, origins by places.
    """
    lon, lat = (np.radians(origins[c].to_numpy(float))[:, None] for c in ("longitude", "latitude"))
    to_lon, to_lat = (
        np.radians(places[c].to_numpy(float))[None, :] for c in ("longitude", "latitude")
    )
    if metric == "street":
        north = np.abs(to_lat - lat)
        east = np.abs(to_lon - lon) * np.cos((to_lat + lat) / 2)
        return EARTH_KM * (north + east)
    half = (
        np.sin((to_lat - lat) / 2) ** 2
        + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_KM * np.arcsin(np.sqrt(half))


def points_within(areas: pd.DataFrame, spacing_km: float) -> pd.DataFrame:
    """Return points spread evenly over each area, to stand for the people who live in it.

    Parameters
    ----------
    areas : DataFrame
        ``name``, ``outline`` (well-known text, degrees WGS 84).
    spacing_km : float
        Distance between neighboring points of the grid, which is the same for all areas.

    Returns
    -------
    DataFrame
        ``area``, ``longitude``, ``latitude``: every point of the grid inside an area, and one
        point inside any area that the grid misses.
    """
    shapes = shapely.from_wkt(areas["outline"].to_numpy())
    if not len(shapes):
        return pd.DataFrame({"area": [], "longitude": [], "latitude": []})
    west, south, east, north = shapely.total_bounds(shapes)
    step = np.degrees(spacing_km / EARTH_KM)
    wide = step / np.cos(np.radians((south + north) / 2))
    lons = np.arange(west + wide / 2, east, wide)
    lats = np.arange(south + step / 2, north, step)
    lon, lat = (axis.ravel() for axis in np.meshgrid(lons, lats))
    found = []
    for name, shape in zip(areas["name"], shapes, strict=True):
        inside = shapely.contains_xy(shape, lon, lat)
        spots = np.column_stack([lon[inside], lat[inside]])
        if not len(spots):
            spots = shapely.get_coordinates(shapely.point_on_surface(shape))
        found.append(
            pd.DataFrame({"area": name, "longitude": spots[:, 0], "latitude": spots[:, 1]})
        )
    return pd.concat(found, ignore_index=True)


def area_of(points: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Return the name of the area that each point lies in; missing where it lies in none.

    Parameters
    ----------
    points : DataFrame
        ``longitude``, ``latitude``.
    areas : DataFrame
        ``name``, ``outline``. Where outlines overlap the first of them counts.
    """
    names = pd.Series(None, index=points.index, dtype=object)
    shapes = shapely.from_wkt(areas["outline"].to_numpy())
    for name, shape in zip(areas["name"], shapes, strict=True):
        inside = shapely.contains_xy(shape, points["longitude"], points["latitude"])
        names = names.mask(names.isna() & inside, name)
    return names
