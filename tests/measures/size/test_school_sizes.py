"""School sizes against the check figures that were worked out apart from this program."""

import pandas as pd
import pytest

from dme.measures.estimates.bootstrap import Resampling
from dme.measures.size import school_sizes
from dme.study import Study
from dme.tables import load
from dme.text import school_years

QUICK = Resampling(resamples=400)
HARTFORD = Study().district
PEERS = Study().peers


def mean_of(rows, codes):
    return float(school_sizes.of_districts(rows, codes)["students"].mean())


def test_hartford_and_its_peers_in_2016_17():
    rows = school_sizes.schools(load("school_enrollment"), "2016-17", 100)
    assert len(school_sizes.of_districts(rows, HARTFORD)) == 45
    assert len(school_sizes.of_districts(rows, PEERS)) == 212
    assert mean_of(rows, HARTFORD) == pytest.approx(442.2, abs=0.05)
    assert mean_of(rows, PEERS) == pytest.approx(582.5, abs=0.05)


def test_the_spending_report_of_2017_18():
    spending = load("spending_schools")
    every = school_sizes.schools(spending, "2017-18")
    assert len(school_sizes.of_districts(every, HARTFORD)) == 46
    assert len(school_sizes.of_districts(every, PEERS)) == 204
    assert mean_of(every, HARTFORD) == pytest.approx(418.2, abs=0.05)
    assert mean_of(every, PEERS) == pytest.approx(589.6, abs=0.05)
    larger = school_sizes.schools(spending, "2017-18", 100)
    assert mean_of(larger, HARTFORD) == pytest.approx(434.8, abs=0.05)


def test_the_states_counts_of_hartford():
    counts = load("district_enrollment")
    found = school_sizes.district_count(counts, HARTFORD, "2016-17")
    assert (found.value, found.low, found.high) == (20891, 20891, 20893)
    rows = school_sizes.of_districts(
        school_sizes.schools(load("school_enrollment"), "2015-16"), HARTFORD
    )
    assert rows["students"].sum() == 20859


def frame(**columns):
    return pd.DataFrame(columns).astype({"students": "Int64"})


def test_a_count_that_is_missing_is_no_school_and_no_zero():
    rows = frame(school_year=["2016-17"] * 3, students=[None, 0, 120])
    assert list(school_sizes.schools(rows, "2016-17", 0)["students"]) == [0, 120]


def test_leaving_out_a_peer_by_hand():
    rows = frame(district_code=["a", "b", "c", "d"], students=[300, 400, 500, 600])
    left_out = school_sizes.without_each_peer(rows, "a", ["b", "c", "d"])
    assert left_out.to_dict() == pytest.approx(
        {"d": 100 * (1 - 300 / 450), "c": 40, "b": 100 * (1 - 300 / 550)}
    )
    assert list(left_out.index) == ["d", "c", "b"]
    assert school_sizes.without_each_peer(rows, "a", ["b"]).empty


def test_a_trend_of_two_percent_a_year_is_found():
    years = [f"20{n:02d}-{n + 1:02d}" for n in range(7, 17)]
    rows = frame(school_year=years, students=[round(100_000 * 0.98**n) for n in range(10)])
    found = school_sizes.trend(rows, 95)
    assert found.value == pytest.approx(-2, abs=0.001)
    assert found.low <= found.value <= found.high < 0


def test_a_trend_of_three_years_has_no_interval():
    rows = frame(school_year=["2014-15", "2015-16", "2016-17"], students=[100, 110, 121])
    found = school_sizes.trend(rows, 95)
    assert found.value == pytest.approx(10)
    assert found.low is None


def test_students_in_schools_by_year():
    table = load("school_enrollment")
    counted = school_sizes.of_one_count(table, "2016-17")
    rows = school_sizes.in_schools(counted, HARTFORD)
    years = rows.set_index("school_year")["students"]
    assert (years["2015-16"], years["2016-17"]) == (20859, 20304)
    larger = school_sizes.in_schools(counted, HARTFORD, 100)
    assert school_sizes.trend(larger, 95).value == pytest.approx(-0.768, abs=0.001)
    # The other count leaves programs out: it makes a series of its own.
    later = school_sizes.in_schools(school_sizes.of_one_count(table, "2024-25"), HARTFORD)
    assert later["school_year"].tolist() == [*school_years(2017, 2024)]
    assert later["students"].iloc[[0, -1]].tolist() == [19237, 15754]
    assert school_sizes.trend(rows, 95).high < 0


def test_the_table_by_district_by_hand():
    rows = frame(district_code=["a", "a", "b"], students=[300, 500, 100])
    table = school_sizes.sizes_by_district(rows)
    assert table.to_dict("list") == {
        "district_code": ["b", "a"],
        "schools": [1, 2],
        "mean": [100, 400],
        "median": [100, 400],
    }
