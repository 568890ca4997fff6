"""Schools open by zone: by hand, and whatever the city."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.access import eligibility_by_zone
from dme.measures.access.eligibility import BusRule

RULE = BusRule({"K": 0.5, "6": 1.5}, frozenset({"6"}))
# A degree of latitude is 69 miles, so 0.005 is about a third of a mile and 0.02 over one.
HOMES = pd.DataFrame(
    {
        "longitude": [-72.7, -72.7, -72.7],
        "latitude": [41.70, 41.72, 41.80],
        "zone": ["Zone 1", "Zone 1", "Zone 2"],
        "children": [10, 30, 5],
    }
)
CITY = pd.DataFrame(
    {
        "longitude": [-72.7] * 4,
        "latitude": [41.70, 41.80, 41.725, 41.81],
        "zone": ["Zone 1", "Zone 2", "Zone 2", "Zone 2"],
        "lottery": [False, False, False, True],
        "grades": [{"K", "6"}, {"K"}, {"K", "6"}, {"K", "6"}],
    }
)


def test_open_schools_by_hand():
    found = eligibility_by_zone.open_by_zone(HOMES, CITY, "K", RULE)
    # Zone 1: all its children have the zone's one school; the 30 at 41.72 can also walk to the
    # third. Zone 2: the two schools without a lottery; the magnet lies in the zone.
    assert found.loc["Zone 1"].to_dict() == pytest.approx(
        {
            "open": 1.75,
            "closed": 1.25,
            "lottery": 1,
            "near_lottery": 0,
            "on_foot": 1,
            "children": 40,
        }
    )
    # The nearest at hand is within half a mile of each home, and no second one.
    assert found.loc["Zone 2"].to_dict() == pytest.approx(
        {"open": 2, "closed": 1, "lottery": 1, "near_lottery": 1, "on_foot": 1, "children": 5}
    )
    everyone = eligibility_by_zone.of_every_zone(found)
    assert everyone["open"] == pytest.approx((40 * 1.75 + 5 * 2) / 45)


def test_where_the_bus_leaves_the_zone_nothing_is_closed():
    found = eligibility_by_zone.open_by_zone(HOMES, CITY, "6", RULE)
    assert (found["closed"] == 0).all()
    assert (found["open"] == 2).all()


def test_who_is_in_no_zone_counts_for_none():
    lost = HOMES.assign(zone=["Zone 1", None, "Zone 2"])
    found = eligibility_by_zone.open_by_zone(lost, CITY, "K", RULE)
    assert found["children"].to_dict() == {"Zone 1": 10, "Zone 2": 5}
    assert found.loc["Zone 1", "open"] == 1


@given(
    st.lists(
        st.tuples(st.floats(41.70, 41.80), st.sampled_from(["Zone 1", "Zone 2"]), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_the_parts_add_up_to_every_school_of_the_grade(rows):
    latitude, zone, lottery = map(list, zip(*rows, strict=True))
    city = pd.DataFrame(
        {
            "longitude": -72.7,
            "latitude": latitude,
            "zone": zone,
            "lottery": lottery,
            "grades": [{"K"}] * len(rows),
        }
    )
    found = eligibility_by_zone.open_by_zone(HOMES, city, "K", RULE)
    parts = found[["open", "closed", "lottery"]]
    assert np.allclose(parts.sum(axis=1), len(rows))
    assert (parts >= -1e-9).all(axis=None)
    assert (found["near_lottery"] <= found["lottery"] + 1e-9).all()
    # A wider walk never closes a school.
    wider = BusRule({"K": 3}, frozenset())
    assert (
        eligibility_by_zone.open_by_zone(HOMES, city, "K", wider)["open"] >= found["open"] - 1e-9
    ).all()
