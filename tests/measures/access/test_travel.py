"""Distances to school by hand, the permutation test against every deal, and invariances."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.access import travel
from dme.measures.estimates.bootstrap import Resampling

QUICK = Resampling(resamples=400)


def test_miles_by_area_by_hand():
    points = pd.DataFrame(
        {"area": ["t", "t", "u"], "longitude": [0.0, 0, 0], "latitude": [0, 0.02, 0.1]}
    )
    schools = pd.DataFrame({"longitude": [0.0, 0.0], "latitude": [0.0, 0.1]})
    degree = np.pi * 6371.0088 / 180 / 1.609344
    found = travel.miles_by_area(points, schools)
    assert found.to_dict() == pytest.approx({"t": 0.01 * degree, "u": 0})
    both = travel.miles_by_area(points, schools, nearest=2)
    assert both.to_dict() == pytest.approx({"t": 0.05 * degree, "u": 0.05 * degree})
    assert travel.miles_by_area(points, schools, nearest=9).to_dict() == both.to_dict()
    street = travel.miles_by_area(points, schools, "street")
    assert street.to_dict() == pytest.approx(found.to_dict())  # all on one meridian


def tracts(miles, children, part):
    frame = pd.DataFrame({"miles": miles, "children": children, "part": part})
    lon = np.arange(len(frame)) * 0.01
    return frame.assign(longitude=lon, latitude=41.8)


BY_HAND = tracts([1, 2, 3, 1, 1, 4, 2], [10, 30, 10, 50, 25, 25, 50], [True] * 3 + [False] * 4)


def test_the_gap_is_that_of_the_weighted_means():
    north, rest = travel.means(BY_HAND)
    assert (north, rest) == pytest.approx((2, 275 / 150))
    found = travel.gap(BY_HAND, QUICK)
    assert found.value == pytest.approx(2 - 275 / 150)
    assert found.low < found.value < found.high
    assert "census tracts" in found.interval


def test_a_part_of_two_tracts_gets_no_interval():
    found = travel.gap(BY_HAND.iloc[1:], QUICK)
    assert (found.low, found.high) == (None, None)


def every_deal(frame):
    """Return the two-sided probability over all ways to deal out the label."""
    miles, children = frame["miles"].to_numpy(float), frame["children"].to_numpy(float)

    def gap(inside):
        held = np.isin(np.arange(len(frame)), inside)
        return np.average(miles[held], weights=children[held]) - np.average(
            miles[~held], weights=children[~held]
        )

    observed = abs(gap(np.flatnonzero(frame["part"])))
    deals = [abs(gap(d)) for d in combinations(range(len(frame)), int(frame["part"].sum()))]
    return np.mean(np.array(deals) >= observed - 1e-12)


@pytest.mark.parametrize(
    "frame",
    [BY_HAND, tracts([9, 8, 9, 1, 2, 1, 2], [10, 20, 10, 30, 10, 10, 10], BY_HAND["part"])],
)
def test_the_permutation_test_nears_the_exact_one(frame):
    found = travel.permutation_p(frame, 20_000, 1)
    assert found == pytest.approx(every_deal(frame), abs=0.012)
    assert found > 0
    assert travel.permutation_p(frame, 200, 1) >= 1 / 201


def test_the_same_seed_gives_the_same_probability():
    assert travel.permutation_p(BY_HAND, 300, 5) == travel.permutation_p(BY_HAND, 300, 5)


def test_compact_groups_by_hand():
    """Seven tracts in a row; groups of three neighbors: 1-3, 1-3, 2-4, 3-5, 4-6, 5-7, 5-7."""
    frame = tracts([5, 5, 5, 1, 1, 1, 1], [1] * 7, BY_HAND["part"])
    # The part (gap 4) and its two twins have it; the groups 4-6 and 5-7 have -3: three of eight.
    assert travel.compact_p(frame) == pytest.approx(3 / 8)


@given(scale=st.floats(0.1, 50), shift=st.floats(-0.5, 50))
def test_a_longer_mile_scales_the_gap_and_a_longer_way_for_all_does_not_change_it(scale, shift):
    value = travel.gap(BY_HAND, QUICK).value
    for change, expected in ((BY_HAND["miles"] * scale, value * scale),
                             (BY_HAND["miles"] + shift, value)):  # fmt: skip
        changed = BY_HAND.assign(miles=change)
        north, rest = travel.means(changed)
        assert north - rest == pytest.approx(expected, abs=1e-9)


def test_a_tract_belongs_where_most_of_its_households_do():
    homes = pd.DataFrame(
        {
            "neighborhood": ["North", "South", "South"],
            "tract": ["t", "t", "u"],
            "weight": [0.4, 0.6, 1.0],
        }
    )
    tracts = pd.DataFrame({"children": [1, 2, 3]}, index=["t", "u", "v"])
    found = travel.in_parts(tracts, homes, ["South"])
    assert found["neighborhood"].to_dict() == {"t": "South", "u": "South"}
    assert found["part"].all()
    assert not travel.in_parts(tracts, homes, ["North"])["part"].any()
