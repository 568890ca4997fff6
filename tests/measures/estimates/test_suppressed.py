"""What withheld counts can be: by hand, and never other than the counts that were hidden."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.estimates import suppressed
from dme.tables import load

GROUPS = ("a", "b", "c")


def frame(**columns):
    return pd.DataFrame(columns).astype("Int64")


def test_by_hand():
    rows = frame(
        students=[10, 10, 10, None], a=[4, None, None, 1], b=[3, None, 3, 1], c=[3, 3, None, 1]
    )
    found = suppressed.of_members(rows, ["a"], GROUPS)
    assert found.to_dict("list") == {
        "students": [10, 10, 10],
        "low": [4, 0, 0],
        "high": [4, 7, 7],
    }
    # Both withheld counts are members': their sum is known.
    both = suppressed.of_members(rows, ["a", "c"], GROUPS)
    assert list(both["low"]) == [7, 3, 7]
    assert list(both["high"]) == [7, 10, 7]


def test_groups_that_add_up_to_more_than_the_total_leave_nothing():
    rows = frame(students=[10], a=[8], b=[5], c=[None])
    found = suppressed.of_members(rows, ["c"], GROUPS)
    assert (found["low"].item(), found["high"].item()) == (0, 0)


@given(
    st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=1, max_size=6),
    st.data(),
)
def test_the_truth_is_never_outside(rows, data):
    whole = np.array(rows)
    hidden = np.array([[data.draw(st.booleans()) for _ in GROUPS] for _ in rows])
    table = pd.DataFrame(whole, columns=list(GROUPS)).astype("Int64").mask(hidden)
    table["students"] = whole.sum(1)
    for members in (["a"], ["a", "b"], ["b", "c"]):
        found = suppressed.of_members(table, members, GROUPS)
        truth = whole[:, [GROUPS.index(name) for name in members]].sum(1)
        assert (found["low"] <= truth).all()
        assert (truth <= found["high"]).all()


def test_the_pooled_percent_by_hand():
    counts = pd.DataFrame({"students": [50.0, 50.0], "low": [10.0, 20.0], "high": [20.0, 20.0]})
    found = suppressed.pooled_percent(counts)
    assert (found.value, found.low, found.high) == (35, 30, 40)
    assert "suppressed counts allow" in found.interval
    sure = suppressed.pooled_percent(counts.assign(low=counts["high"]))
    assert sure.low == sure.high == 40
    assert "nothing suppressed" in sure.interval


@pytest.mark.parametrize("year", ["2009-10", "2010-11", "2016-17"])
def test_the_races_of_a_year_add_up_in_the_states_file(year):
    rows = load("school_enrollment").merge(load("school_enrollment_by_group"))
    rows = rows[rows["school_year"] == year]
    races = list(suppressed.races(year))
    whole = rows.dropna(subset=["students", *races])
    assert len(whole) > 10
    assert (whole[races].sum(axis=1) == whole["students"]).all()
    counts = suppressed.of_members(rows, ["white"], races)
    assert (counts["high"] <= counts["students"]).all()


def test_a_small_group_by_hand():
    rows = frame(students=[200, 3, 50, 40], a=[None, None, None, 9], b=[None, None, 43, 31])
    found = suppressed.of_small_group(rows, "a", "b")
    assert list(found["low"]) == [0, 0, 7, 9]
    assert list(found["high"]) == [5, 3, 7, 9]


def test_the_state_prints_no_small_count_of_english_learners():
    """What `of_small_group` rests on, in the file itself: 0, or 6 and more, and both or none."""
    rows = load("school_enrollment").merge(load("school_enrollment_by_group"))
    schools = rows[rows["students"].ge(100).fillna(False)]
    printed = schools["english_learners"].dropna()
    assert set(printed[printed < 6]) == {0}
    hidden = schools[["english_learners", "not_english_learners"]].isna()
    assert hidden["english_learners"].sum() > 1000
    assert (hidden["english_learners"] == hidden["not_english_learners"]).all()
    # No school of Hartford of 100 or more consists of the group, in any year.
    ours = schools[schools["district_code"] == "0640011"]
    for group in ("english_learners", "students_with_disabilities"):
        assert (ours[group] / ours["students"]).dropna().max() < 0.5
