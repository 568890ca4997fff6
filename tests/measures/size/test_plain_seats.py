"""Plain seats: the worked example, the zones by hand, and that the range holds the figure."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.size import plain_seats, utilization
from dme.tables import load


def test_the_worked_example():
    """Burns: 749 seats by contract, 634 by space, a factor of 85%; its page prints 573."""
    assert round(plain_seats.study_capacity(634, 749, 0.85)) == 573


def test_factors_follow_from_grades_and_the_magnet_mark():
    directory = pd.DataFrame(
        [
            ("2015", "1", "PK", "6", "no"),
            ("2015", "2", "PK", "8", "no"),
            ("2015", "3", "9", "12", "yes"),
            ("2015", "4", "4", "6", "no"),  # ends in 6 and does not begin in PK or K
            ("2015", "5", "9", "12", None),
            ("2022", "2", "PK", "5", "no"),
        ],
        columns=["edition", "school_code", "low_grade", "high_grade", "interdistrict_magnet"],
    )
    found = plain_seats.factors(directory, "2015")
    assert found.to_dict() == {"1": 0.95, "2": 0.85, "3": 0.95, "4": 0.85, "5": 0.85}


def test_burns_is_of_the_lower_factor_in_the_directory():
    assert plain_seats.factors(load("school_directory"), "2015")["0640611"] == 0.85


def areas(*rows):
    table = pd.DataFrame(rows, columns=["area", "students", "seats"])
    return table.assign(computed=100 * table["students"] / table["seats"])


def test_a_zone_by_hand():
    zones = areas(("Zone 1", 600, 1000), ("Zone 2", 300, 400), ("District", 900, 1400))
    modelled = pd.DataFrame(
        {
            "school_code": ["1", "2", "3"],
            "zone": ["Zone 1", "Zone 1", "Zone 2"],
            "seats": [475.0, 525.0, 400.0],
        }
    )
    factor = pd.Series({"1": 0.95, "3": 0.95})  # school 2 is not in the directory
    found = plain_seats.by_zone(zones, modelled, factor).set_index("area")
    # Zone 1: 475 / 0.95 = 500 seats and 525 / 0.85 = 617.6.
    assert found.loc["Zone 1", "plain"] == pytest.approx(100 * 600 / (500 + 525 / 0.85))
    assert found.loc["Zone 2", "plain"] == pytest.approx(75 * 0.95)
    district = 100 * 900 / (500 + 525 / 0.85 + 400 / 0.95)
    assert found.loc["District", "plain"] == pytest.approx(district)
    assert found.loc["Zone 1", ["low", "high"]].tolist() == pytest.approx([51, 57])
    estimate = plain_seats.district(found.reset_index())
    assert (estimate.low, estimate.high) == pytest.approx((900 / 14 * 0.85, 900 / 14 * 0.95))


def test_hartfords_published_utilization_is_the_other_reading():
    whole = utilization.by_zone(load("zone_capacity"))
    modelled = pd.DataFrame(
        {
            "school_code": ["a", "b", "c", "d"],
            "zone": [f"Zone {n}" for n in range(1, 5)],
            "seats": whole["seats"].iloc[:-1].astype(float),
        }
    )
    found = plain_seats.by_zone(whole, modelled, pd.Series(dtype=float))
    assert found["study"].iloc[-1] == pytest.approx(73, abs=0.05)
    assert found["plain"].iloc[-1] == pytest.approx(0.85 * 73, abs=0.05)


@given(
    seats=st.lists(st.floats(50, 900), min_size=2, max_size=8),
    magnets=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_the_modelled_figure_lies_between_the_two_factors(seats, magnets):
    codes = [str(n) for n in range(len(seats))]
    modelled = pd.DataFrame({"school_code": codes, "zone": "Zone 1", "seats": seats})
    factor = pd.Series(dict(zip(codes, [0.95 if m else 0.85 for m in magnets], strict=False)))
    zones = areas(("Zone 1", 700, 1000), ("District", 700, 1000))
    found = plain_seats.by_zone(zones, modelled, factor)
    assert (found["low"] - 1e-9 <= found["plain"]).all()
    assert (found["plain"] <= found["high"] + 1e-9).all()
    assert found["plain"].iloc[0] == pytest.approx(found["plain"].iloc[1])
