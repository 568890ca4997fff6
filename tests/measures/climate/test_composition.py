"""Indices over schools whose counts are partly withheld: by hand, and against what fills them."""

import pandas as pd
import pytest

from dme.measures.climate import composition, segregation


def counts(*rows):
    return pd.DataFrame(rows, columns=["school_year", "students", "low", "high"])


def test_a_full_count_has_one_value():
    rows = counts(("2016-17", 100, 80, 80), ("2016-17", 100, 20, 20))
    for index, by_hand in (
        (composition.dissimilarity(rows), 60),  # half of |0.8 - 0.2| twice
        (composition.isolation(rows), 68),  # 0.8 of 0.8 and 0.2 of 0.2
    ):
        assert (index.value, index.low, index.high) == pytest.approx((by_hand,) * 3)


@pytest.mark.parametrize("index", ["dissimilarity", "information", "isolation"])
def test_what_withheld_counts_may_be_lies_within_the_range(index):
    rows = counts(("2016-17", 60, 50, 50), ("2016-17", 40, 0, 5), ("2016-17", 80, 30, 30))
    found = getattr(composition, index)(rows)
    for hidden in range(6):
        filled = [50, hidden, 30]
        value = 100 * float(getattr(segregation, index)(filled, rows["students"]))
        assert found.low - 1e-9 <= value <= found.high + 1e-9
    assert found.low < found.high


def test_years_that_can_not_be_measured_are_left_out():
    rows = counts(
        ("2014-15", 100, 80, 80),
        ("2015-16", 100, 0, 0), ("2015-16", 50, 0, 0),
        ("2016-17", 100, 80, 80), ("2016-17", 100, 20, 20),
    )  # fmt: skip
    found = composition.dissimilarity_by_year(rows)
    assert found["school_year"].tolist() == ["2016-17"]
    assert found["value"].tolist() == pytest.approx([60])


def test_groups_stand_beside_their_school_and_year():
    schools = pd.DataFrame(
        {"school_year": ["a", "b"], "school_code": ["x", "x"], "students": [10, 12]}
    )
    groups = pd.DataFrame(
        {"school_year": ["b", "b"], "school_code": ["x", "y"], "black": [4, 9]}
    ).convert_dtypes()
    found = composition.with_groups(schools, groups)
    assert found.to_dict("records") == [
        {"school_year": "b", "school_code": "x", "students": 12, "black": 4.0}
    ]
