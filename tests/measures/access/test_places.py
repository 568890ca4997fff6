"""Distances and places against other formulas, other libraries and counts."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.access import places
from dme.tables import load

LON, LAT = st.floats(-72.8, -72.5), st.floats(41.6, 41.9)


def spots(*pairs):
    return pd.DataFrame(pairs, columns=["longitude", "latitude"])


def vincenty_like(one, other):
    """Distance by the local lengths of a degree on the WGS 84 ellipsoid, a formula of its own."""
    a, e2 = 6378.137, 0.00669437999014
    mid = np.radians((one[1] + other[1]) / 2)
    w = np.sqrt(1 - e2 * np.sin(mid) ** 2)
    north = np.radians(other[1] - one[1]) * a * (1 - e2) / w**3
    east = np.radians(other[0] - one[0]) * a * np.cos(mid) / w
    return float(np.hypot(north, east))


@given(st.tuples(LON, LAT), st.tuples(LON, LAT))
def test_the_sphere_is_within_a_third_of_a_percent_of_the_ellipsoid(one, other):
    found = places.distances_km(spots(one), spots(other))[0, 0]
    assert found == pytest.approx(vincenty_like(one, other), rel=0.0034, abs=1e-6)


@given(st.tuples(LON, LAT), st.tuples(LON, LAT))
def test_streets_are_never_shorter_and_at_most_the_root_of_two_longer(one, other):
    straight = places.distances_km(spots(one), spots(other))[0, 0]
    street = places.distances_km(spots(one), spots(other), "street")[0, 0]
    assert straight * (1 - 1e-6) - 1e-9 <= street <= straight * 2**0.5 * (1 + 1e-6) + 1e-9


@given(st.tuples(LON, LAT), st.tuples(LON, LAT), st.floats(-0.2, 0.2))
def test_moving_everything_east_changes_no_distance(one, other, shift):
    before = places.distances_km(spots(one, other), spots(other, one))
    moved = [(lon + shift, lat) for lon, lat in (one, other)]
    after = places.distances_km(spots(*moved), spots(*moved[::-1]))
    assert after == pytest.approx(before, abs=1e-6)
    assert before[0, 0] == pytest.approx(before[1, 1])  # there and back
    assert before[0, 1] == pytest.approx(0, abs=1e-6)


def test_a_degree_north_is_111_kilometers():
    found = places.distances_km(spots((0, 0)), spots((0, 1), (1, 0)))
    assert found == pytest.approx(np.full((1, 2), np.pi * places.EARTH_KM / 180))


@pytest.fixture(scope="module")
def tracts():
    areas = load("areas")
    return areas[areas["kind"] == "tract"]


def test_points_fill_each_tract_by_its_area(tracts):
    points = places.points_within(tracts, 0.1)
    assert set(points["area"]) == set(tracts["name"])
    found = points["area"].value_counts().reindex(tracts["name"]).to_numpy() * 0.01
    assert found.sum() == pytest.approx(tracts["square_km"].sum(), rel=0.01)
    assert found == pytest.approx(tracts["square_km"].to_numpy(), rel=0.15, abs=0.05)


def test_each_point_lies_in_its_own_tract_and_nowhere_else(tracts):
    points = places.points_within(tracts, 0.3)
    assert (places.area_of(points, tracts) == points["area"]).all()


def test_an_area_smaller_than_the_grid_still_has_a_point():
    areas = pd.DataFrame(
        {"name": ["tiny"], "outline": ["POLYGON ((0 0, 0.0001 0, 0.0001 0.0001, 0 0.0001, 0 0))"]}
    )
    points = places.points_within(areas, 1)
    assert len(points) == 1
    shape = shapely.from_wkt(areas.loc[0, "outline"])
    assert shapely.contains_xy(shape, points["longitude"], points["latitude"]).all()


def test_a_point_outside_every_area_has_none():
    areas = pd.DataFrame({"name": ["a"], "outline": ["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"]})
    found = places.area_of(spots((0.5, 0.5), (2, 2)), areas)
    assert (found.iloc[0], found.isna().tolist()) == ("a", [False, True])
    assert places.points_within(areas.iloc[:0], 1).empty


def test_schools_lie_in_the_zone_that_the_source_tells():
    areas, zones = load("areas"), load("school_zones")
    inside = zones[zones["zone"] != "outside"]
    found = places.area_of(inside, areas[areas["kind"] == "zone"])
    assert (found == inside["zone"]).mean() > 0.97  # outlines are simplified, and overlap a little
