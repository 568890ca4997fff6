"""Money since a plan: worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.plan import spending_since
from dme.tables import load


def spent(*given_rows):
    columns = [
        "school_year",
        "district_code",
        "school_code",
        "school",
        "students",
        "dollars_per_pupil",
        "percent_high_needs",
    ]
    return pd.DataFrame([(y, "d", c, c, n, x, p) for y, c, n, x, p in given_rows], columns=columns)


BEFORE_AND_AFTER = spent(
    ("1", "a", 100, 10_000, 90.0),
    ("1", "b", 200, 10_000, 40.0),
    ("1", "gone", 50, 10_000, 50.0),
    ("1", "blank", 50, 10_000, None),
    ("2", "a", 50, 20_000, 80.0),
    ("2", "b", 200, 11_000, 60.0),
    ("2", "new", 50, 10_000, 50.0),
    ("2", "blank", 50, 10_000, 50.0),
)


def test_growth_by_hand():
    """Twice the dollars for half the pupils is no more money; need is that before."""
    found = spending_since.spending_change(BEFORE_AND_AFTER, "d", "1", "2").set_index("school_code")
    assert list(found.index) == ["a", "b"]
    assert found["change"].to_numpy() == pytest.approx([100, 10])
    assert found["change_total"].to_numpy() == pytest.approx([0, 10])
    assert list(found["need"]) == [90, 40]


@given(st.floats(0.5, 3))
def test_other_prices_change_no_difference_between_schools(factor):
    """Dollars of the year scaled by any price level scale each difference alike."""
    made = spent(
        *[("1", f"s{n}", 100, 10_000 + n, 10.0 * n) for n in range(8)],
        *[("2", f"s{n}", 100, (12_000 + 500 * n) * factor, 10.0 * n) for n in range(8)],
    )
    plain = spent(
        *[("1", f"s{n}", 100, 10_000 + n, 10.0 * n) for n in range(8)],
        *[("2", f"s{n}", 100, 12_000 + 500 * n, 10.0 * n) for n in range(8)],
    )
    scaled, unscaled = (
        spending_since.spending_change(one, "d", "1", "2")["change"] for one in (made, plain)
    )
    assert list(scaled.diff()[1:]) == pytest.approx(list(factor * unscaled.diff()[1:]))


def test_real_spending_by_hand():
    """With prices doubled, a dollar of then is two of now; years without an index fall out."""
    spending = pd.DataFrame(
        {
            "school_year": ["1", "2", "3"],
            "district_code": "d",
            "dollars_per_pupil": [10_000, 15_000, 1],
        }
    )
    prices = pd.DataFrame({"school_year": ["1", "2"], "cpi_u": [100.0, 200.0]})
    found = spending_since.real_spending(spending, prices, "2")
    assert list(found["dollars_per_pupil"]) == [20_000, 15_000]
    assert list(found["school_year"]) == ["1", "2"]


def test_in_the_dollars_of_a_year_without_an_index_there_are_none():
    spending, prices = load("district_spending"), load("consumer_prices")
    assert spending_since.real_spending(spending, prices, "2029-30").empty


def test_points_of_growth_that_fewer_pupils_make_by_hand():
    """Half the pupils for the same dollars make all 100 points; b kept its pupils, so none."""
    found = spending_since.spending_change(BEFORE_AND_AFTER, "d", "1", "2")
    assert list(found["from_pupils"]) == pytest.approx([100, 0])
    # Half the pupils and half as many dollars again: by pupils first 100 points, last 150.
    more = spent(("1", "a", 100, 10_000, 90.0), ("2", "a", 50, 30_000, 80.0))
    (points,) = spending_since.spending_change(more, "d", "1", "2")["from_pupils"]
    assert points == pytest.approx((100 + 150) / 2)


def test_slope_is_that_of_numpy():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 3, 9))
    fitted = [np.polyfit(*pair, 1)[0] for pair in zip(x, y, strict=True)]
    assert spending_since.slope(x, y) == pytest.approx(fitted)


def test_dollars_charged_to_schools_by_hand():
    """By school: its students times its printed dollars per pupil, raised by 292.626 / 251.1."""
    charged, prices = load("spending_charged_to_schools"), load("consumer_prices")
    real = spending_since.charged_to_schools(charged, prices, "2021-22")
    ours = real[real["district_code"] == "0640011"].set_index(["school_year", "function"])
    then = ours.loc[("2021-22", "instruction")]
    schools = load("spending_schools").merge(
        load("spending_by_function"), on=["school_year", "school_code"], suffixes=("_total", "")
    )
    rows = schools[
        (schools["district_code"] == "0640011")
        & (schools["school_year"] == "2017-18")
        & (schools["function"] == "instruction")
    ]
    dollars = sum(
        int(n) * int(each)
        for n, each in zip(rows["students"], rows["dollars_per_pupil"], strict=True)
    )
    assert then["per_pupil"] == pytest.approx(then["dollars"] / 16_373)
    before = ours.loc[("2017-18", "instruction"), "dollars"]
    assert before == pytest.approx(dollars * 292.626 / 251.1)
    assert ("2021-22", "minor_construction") not in ours.index
