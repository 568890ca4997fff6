import pandas as pd
import pytest

from dme.measures.size import school_sizes, utilization
from dme.study import Study
from dme.tables import load

HARTFORD = Study().district


def test_the_published_utilization_of_the_zones():
    found = utilization.by_zone(load("zone_capacity"))
    rounded = dict(zip(found["area"], found["computed"].round().astype(int), strict=True))
    assert rounded == {"Zone 1": 60, "Zone 2": 68, "Zone 3": 82, "Zone 4": 81, "District": 73}
    assert list(found["area"])[-1] == "District"
    assert found["seats"].iloc[:-1].sum() == 30245
    assert found["seats"].iloc[-1] == 30244


def test_the_districts_utilization_has_the_range_of_its_zones():
    found = utilization.district_utilization(utilization.by_zone(load("zone_capacity")))
    assert found.value == pytest.approx(100 * 22075 / 30244)
    assert (found.low, found.high) == pytest.approx((100 * 5291 / 8762, 100 * 5765 / 7069))


@pytest.fixture
def small_city():
    schools = pd.DataFrame(
        {
            "school_code": ["1", "2", "3", "4"],
            "school": list("ABCD"),
            "students": [200, 300, 400, 90],
        }
    )
    zones = pd.DataFrame(
        {"school_code": ["1", "2", "3", "4"], "zone": ["North", "North", "South", "outside"]}
    )
    peaks = pd.Series({"1": 300, "2": 600, "3": 500, "4": 100}, name="peak")
    capacity = pd.DataFrame(
        {
            "area": ["North", "South", "District"],
            "students": [510, 400, 910],
            "seats": [900, 450, 1350],
        }
    )
    return schools, zones, peaks, capacity


def test_seats_are_shared_out_by_peak_enrollment(small_city):
    modelled = utilization.modelled_capacity(*small_city)
    assert modelled.set_index("school_code")["seats"].to_dict() == {"1": 300, "2": 600, "3": 450}


def test_the_seats_of_a_zone_sum_to_the_published_ones(small_city):
    *_, capacity = small_city
    check = utilization.check_by_zone(utilization.modelled_capacity(*small_city), capacity)
    assert list(check["seats_modelled"]) == list(check["seats_published"]) == [900, 450]
    assert check["students_gap_percent"].iloc[0] == pytest.approx(100 * (500 / 510 - 1))


def test_the_model_of_hartford_keeps_the_published_totals():
    enrollment = load("school_enrollment")
    peaks = utilization.peak_enrollment(
        load("nces_enrollment"), load("school_crosswalk"), "2016-17"
    )
    rows = school_sizes.of_districts(school_sizes.schools(enrollment, "2015-16", 100), HARTFORD)
    capacity = load("zone_capacity")
    modelled = utilization.modelled_capacity(rows, load("school_zones"), peaks, capacity)
    check = utilization.check_by_zone(modelled, capacity)
    assert list(check["zone"]) == ["Zone 1", "Zone 2", "Zone 3", "Zone 4"]
    assert list(check["seats_modelled"]) == pytest.approx([8762, 5272, 7069, 9142])
    # Added up by hand from the state's file: rows of 100 or more students of each zone.
    assert list(check["students_modelled"]) == [4347, 3211, 5617, 6538]


def test_the_peak_is_of_the_years_that_count():
    panel = pd.DataFrame(
        {
            "nces_id": ["n1", "n1", "n1", "n2"],
            "school_year": ["1990-91", "2015-16", "2019-20", "2001-02"],
            "students": [400, 300, 900, 450],
        }
    )
    crosswalk = pd.DataFrame({"nces_id": ["n1", "n2"], "school_code": ["1", "1"]})
    peaks = utilization.peak_enrollment(panel, crosswalk, "2016-17")
    assert peaks.to_dict() == {"1": 450}


def test_the_peaks_of_hartford_agree_with_the_list_made_apart():
    peaks = utilization.peak_enrollment(
        load("nces_enrollment"), load("school_crosswalk"), "2016-17"
    )
    expected = {"0640411": 589, "0642811": 583, "0640611": 1089, "0641011": 996, "0641611": 1159}
    assert {code: peaks[code] for code in expected} == expected


def test_schools_fall_into_the_groups_of_the_claim():
    rows = pd.DataFrame(
        {
            "school_code": list("abcde"),
            "students": [200, 200, 500, 500, 349],
            "dollars_per_pupil": [1.0, 1.0, 1.0, 1.0, None],
        }
    )
    modelled = pd.DataFrame(
        {"school_code": list("abcde"), "seats": [400.0, 200, 500, 1000, 500], "students": 1}
    )
    found = utilization.grouped(rows, modelled, 350, 85).set_index("school_code")
    assert found["group"].to_dict() == {"a": "small", "b": "neither", "c": "large", "d": "neither"}
    assert found["utilization"].to_dict() == {"a": 50, "b": 100, "c": 100, "d": 50}


def test_seats_scaled_to_the_listed_students_keep_the_published_utilization(small_city):
    *_, capacity = small_city
    scaled = utilization.scaled_to_students(utilization.modelled_capacity(*small_city), capacity)
    zones = scaled.groupby("zone")[["students", "seats"]].sum()
    found = (100 * zones["students"] / zones["seats"]).to_dict()
    assert found == pytest.approx({"North": 100 * 510 / 900, "South": 100 * 400 / 450})


def test_utilization_by_the_students_of_the_seats_own_year():
    rows = pd.DataFrame({"school_code": ["a"], "students": [400], "dollars_per_pupil": [1.0]})
    modelled = pd.DataFrame({"school_code": ["a"], "seats": [500.0], "students": [450]})
    now = utilization.grouped(rows, modelled, 350, 85)
    then = utilization.grouped(rows, modelled, 350, 85, students_of_seats=True)
    assert (now["utilization"].item(), now["group"].item()) == (80, "neither")
    assert (then["utilization"].item(), then["group"].item()) == (90, "large")


def test_exactly_at_the_line_is_full_enough():
    rows = pd.DataFrame({"school_code": ["a"], "students": [425], "dollars_per_pupil": [1.0]})
    modelled = pd.DataFrame({"school_code": ["a"], "seats": [500.0], "students": [1]})
    assert utilization.grouped(rows, modelled, 350, 85)["group"].item() == "large"
