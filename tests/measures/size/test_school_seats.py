"""Models of seats by school: by hand, and against sums that each must keep."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.size import school_seats, school_sizes
from dme.study import Study
from dme.tables import load

TWO_ZONES = pd.DataFrame(
    {
        "school_code": list("abcd"),
        "zone": ["North", "North", "North", "South"],
        "seats": [300.0, 200.0, 100.0, 500.0],
    }
)


def hartford(model=school_seats.MODELS[0]):
    rows = school_sizes.schools(load("school_enrollment"), "2015-16", 100)
    return school_seats.by_school(
        school_sizes.of_districts(rows, Study().district),
        {name: load(name) for name in school_seats.TABLES},
        model,
        since="2007-08",
        until="2016-17",
    )


def city(model):
    """One zone of two schools, 300 of its 400 published students listed, in 800 seats."""
    schools = pd.DataFrame(
        {"school_code": ["1", "2"], "school": ["A", "B"], "students": [100, 200]}
    )
    zones = pd.DataFrame(
        {"school_code": ["1", "2"], "zone": "North", "zone_by_nces": ["North", None]}
    )
    panel = pd.DataFrame(
        [("1990-91", "n1", 600), ("2015-16", "n1", 100), ("2015-16", "n2", 200)],
        columns=["school_year", "nces_id", "students"],
    )
    crosswalk = pd.DataFrame({"nces_id": ["n1", "n2"], "school_code": ["1", "2"]})
    capacity = pd.DataFrame({"area": ["North"], "students": [400], "seats": [800]})
    directory = pd.DataFrame(
        [("2015", "1", "PK", "6", "no")],
        columns=["edition", "school_code", "low_grade", "high_grade", "interdistrict_magnet"],
    )
    tables = dict(
        zip(school_seats.TABLES, (zones, panel, crosswalk, capacity, directory), strict=True)
    )
    found = school_seats.by_school(schools, tables, model, since="2007-08", until="2016-17")
    return found.set_index("school_code")["seats"].to_dict()


@pytest.mark.parametrize(
    ("model", "seats"),
    [
        ("published totals", {"1": 600, "2": 200}),
        ("same utilization", {"1": 450, "2": 150}),  # 300 of 400 students, so 600 of 800 seats
        ("plain seats", {"1": 450 / 0.95, "2": 150 / 0.85}),
        ("recent peaks", {"1": 200, "2": 400}),
        ("federal places", {"1": 200}),  # 100 of 400 students, in one school
        ("printed school", {"1": 450, "2": 150}),  # it is none of these
    ],
)
def test_the_models_by_hand(model, seats):
    assert city(model) == pytest.approx(seats)


def test_a_model_that_is_none_is_refused():
    with pytest.raises(ValueError, match='no model of seats "empty rooms"'):
        city("empty rooms")


@pytest.mark.parametrize("model", ["same utilization", "recent peaks", "printed school"])
def test_each_zone_of_hartford_keeps_its_published_utilization(model):
    zones = hartford(model).groupby("zone")[["students", "seats"]].sum()
    assert (100 * zones["students"] / zones["seats"]).round(1).to_dict() == {
        "Zone 1": 60.4, "Zone 2": 68.5, "Zone 3": 81.6, "Zone 4": 81.0,
    }  # fmt: skip


def test_the_printed_school_is_missed_by_half():
    """Peak 1,089 of its zone's 8,912; 7,069 seats of 5,765 students, of whom 5,617 are listed."""
    seats = hartford().set_index("school_code")["seats"]
    expected = 7069 * 1089 / 8912 * 5617 / 5765
    assert seats["0640611"] == pytest.approx(expected, abs=0.5)
    assert school_seats.error(hartford()) == pytest.approx(np.log(expected / 573), abs=1e-3)


def test_printed_seats_leave_the_rest_to_the_others_of_the_zone():
    found = school_seats.with_printed(TWO_ZONES, {"a": 150.0, "elsewhere": 9.0})
    # 450 seats of 600 are left for b and c, which had 200 to 100.
    assert list(found["seats"]) == pytest.approx([150, 300, 150, 500])


def test_the_error_over_several_schools():
    printed = {"a": 300 / np.e, "d": 500 * np.e**2}
    assert school_seats.error(TWO_ZONES, printed) == pytest.approx(np.sqrt((1 + 4) / 2))
    with pytest.raises(Lacking, match="seats are printed"):
        school_seats.error(TWO_ZONES, {"z": 1.0})


def test_draws_keep_the_zones_sums_and_spread_as_they_should():
    many = school_seats.drawn(TWO_ZONES, 0.4, Resampling(resamples=20_000, seed=1))
    assert many[:, :3].sum(axis=1) == pytest.approx(600)
    assert many[:, 3] == pytest.approx(500)  # alone in its zone: nothing to share
    # The zone's sum leaves the ratio of two of its schools as it is.
    ratio = np.log(many[:, 0] / many[:, 1])
    assert ratio.mean() == pytest.approx(np.log(1.5), abs=0.02)
    assert ratio.std() == pytest.approx(0.4 * np.sqrt(2), rel=0.03)
    assert school_seats.drawn(TWO_ZONES, 0, Resampling(resamples=2)) == pytest.approx(
        np.tile(TWO_ZONES["seats"], (2, 1))
    )


def test_the_share_in_full_schools_by_hand():
    students = [90.0, 85, 50]
    # 85 of 100 is not above 85 percent.
    assert school_seats.share_in_full(students, [100.0] * 3, 85) == pytest.approx(100 * 90 / 225)
    draws = [[100.0, 100, 100], [100, 99, 200], [200, 200, 200]]
    found = school_seats.share_in_full(students, draws, 85)
    assert found == pytest.approx([100 * 90 / 225, 100 * 175 / 225, 0])


@given(st.floats(0, 200), st.floats(0, 50))
def test_a_lower_line_never_has_fewer_students_above_it(line, drop):
    students = 10.0 * np.arange(1, 15)
    shares = [
        school_seats.share_in_full(students, np.full(14, 100.0), at) for at in (line, line - drop)
    ]
    assert shares[0] <= shares[1]
