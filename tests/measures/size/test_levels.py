"""School sizes at like level: spans by hand, a gap worked by hand, and what must not matter."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dme.errors import DmeError
from dme.measures.estimates.bootstrap import Resampling, resampled
from dme.measures.size import levels, school_sizes
from dme.study import Study
from dme.tables import load

QUICK = Resampling(resamples=300)
STUDY = Study()
GRADED = ("school_enrollment_by_grade", "spending_schools")


NO_SPENDING = pd.DataFrame(columns=["school_year", "school_code", "low_grade", "high_grade"])


def frame(district, level, students):
    return pd.DataFrame({"district_code": district, "level": level, "students": students}).astype(
        {"students": "Int64"}
    )


def test_a_level_follows_from_the_grades_that_are_printed():
    schools = pd.DataFrame(
        {
            "school_year": ["2016-17"] * 3,
            "school_code": ["0000001", "0000002", "0000003"],
            "students": [400, 300, 200],
        }
    )
    by_grade = pd.DataFrame(
        [
            ("2016-17", "0000001", "K", 60),
            ("2016-17", "0000001", "5", 55),
            ("2016-17", "0000001", "6", None),  # five or fewer: no grade of this school's
            ("2016-17", "0000002", "6", 100),
            ("2016-17", "0000002", "8", 100),
            ("2015-16", "0000002", "12", 100),  # another year
            ("2016-17", "0000003", "9", 100),
        ],
        columns=["school_year", "school_code", "grade", "students"],
    ).astype({"students": "Int64"})
    found = levels.with_levels(schools, by_grade, NO_SPENDING).set_index("school_code")
    assert found["level"].to_dict() == {
        "0000001": "elementary",
        "0000002": "middle",
        "0000003": "high",
    }
    assert list(found.loc["0000001", ["low_grade", "high_grade"]]) == ["K", "5"]
    assert (
        "0000001"
        not in levels.with_levels(schools.iloc[1:], by_grade, NO_SPENDING)["school_code"].tolist()
    )


def test_every_counted_school_of_2016_17_has_a_level():
    schools = school_sizes.schools(load("school_enrollment"), "2016-17", 100)
    found = levels.with_levels(schools, *(load(name) for name in GRADED))
    assert len(found) == len(schools)
    ours = school_sizes.of_districts(found, STUDY.district)
    assert ours["level"].value_counts().to_dict() == {
        "PK-8": 21,
        "high": 16,
        "elementary": 5,
        "middle": 3,
    }


def test_of_a_later_year_the_report_on_spending_tells_the_levels():
    """Hartford in 2024-25, counted in the raw file: 14 end by grade 5, 11 go on to grade 12."""
    schools = school_sizes.schools(load("school_enrollment"), "2024-25")
    found = levels.with_levels(schools, *(load(name) for name in GRADED))
    assert len(found) == len(schools) == 244
    ours = school_sizes.of_districts(found, STUDY.district)
    assert ours["level"].value_counts().to_dict() == {
        "elementary": 14,
        "high": 11,
        "PK-8": 10,
        "middle": 6,
    }


def test_the_levels_agree_with_the_spending_reports_spans():
    """Another table, another year: most of Hartford's schools are of the same level in both."""
    schools = school_sizes.schools(load("school_enrollment"), "2016-17", 100)
    ours = levels.with_levels(schools, *(load(name) for name in GRADED)).set_index("school_code")
    spending = school_sizes.schools(load("spending_schools"), "2017-18", 100).set_index(
        "school_code"
    )
    both = ours.join(spending[["low_grade", "high_grade"]], how="inner", suffixes=("", "_printed"))
    printed = [
        levels.level(*span)
        for span in zip(both["low_grade_printed"], both["high_grade_printed"], strict=True)
    ]
    assert (both["level"] == printed).mean() > 0.9


def test_the_gap_at_like_levels_by_hand():
    rows = frame(
        ["a", "a", "b", "b", "b"],
        ["high", "elementary", "high", "high", "elementary"],
        [500, 300, 900, 1100, 400],
    )
    # Expected: (1000 + 400) / 2 = 700; own mean 400.
    found = levels.gap_at_like_levels(rows, "a", ["b"], QUICK)
    assert found.value == pytest.approx(100 * (1 - 400 / 700))
    assert found.low is None


def test_a_level_that_no_peer_has_is_left_out():
    rows = frame(["a", "a", "b"], ["high", "middle", "high"], [500, 10, 1000])
    assert levels.gap_at_like_levels(rows, "a", ["b"], QUICK).value == pytest.approx(50)
    with pytest.raises(DmeError, match="no level"):
        levels.gap_at_like_levels(rows[rows["level"] == "middle"], "a", ["b"], QUICK)


def test_with_one_level_it_is_the_plain_gap():
    sizes = [310, 420, 505, 800, 640, 720]
    rows = frame(["a"] * 3 + ["b"] * 3, ["high"] * 6, sizes)
    like = levels.gap_at_like_levels(rows, "a", ["b"], QUICK)
    plain = resampled(
        lambda a, b: 100 * (1 - a.mean(-1) / b.mean(-1)),
        *(pd.Series(group) for group in (sizes[:3], sizes[3:])),
        by=QUICK,
    )
    assert like.value == pytest.approx(plain.value)
    assert (like.low, like.high) == pytest.approx((plain.low, plain.high), abs=3)


SIZES = st.lists(st.integers(50, 2000), min_size=4, max_size=4)


@settings(max_examples=25, deadline=None)
@given(ours=SIZES, theirs=SIZES, copies=st.integers(2, 4))
def test_more_peer_schools_of_a_level_do_not_move_it(ours, theirs, copies):
    """What the mix of the peers' levels is does not matter: that is what it is for."""
    kinds = ["high", "high", "elementary", "elementary"]
    rows = frame(["a"] * 4 + ["b"] * 4, kinds * 2, ours + theirs)
    twice = frame(
        ["a"] * 4 + ["b"] * (4 + 2 * (copies - 1)),
        [*kinds, *kinds, *["high", "high"] * (copies - 1)],
        ours + theirs + theirs[:2] * (copies - 1),
    )
    thin = Resampling(resamples=200)
    one, other = (levels.gap_at_like_levels(r, "a", ["b"], thin).value for r in (rows, twice))
    assert one == pytest.approx(other)
    assert np.isfinite(one)


def test_students_are_spread_evenly_over_the_grades_of_their_school():
    schools = pd.DataFrame(
        [("a", "PK", "K", 30), ("b", "9", "9", 7)],
        columns=["school_code", "low_grade", "high_grade", "students"],
    )
    rows = [tuple(row) for row in levels.by_span(schools).itertuples(index=False)]
    assert rows == [("a", "PK", 15.0), ("a", "K", 15.0), ("b", "9", 7.0)]
    assert levels.by_span(schools[:0]).empty
