"""The committed tables against figures that were published or read independently."""

import pandas as pd
import pytest

from dme.tables import load
from dme.tables.schemas import spec

HARTFORD = "0640011"


def _hartford(name: str, year: str) -> pd.DataFrame:
    table = load(name)
    return table[(table["district_code"] == HARTFORD) & (table["school_year"] == year)]


@pytest.mark.parametrize(("year", "students"), [("2015-16", 20859), ("2016-17", 20304)])
def test_sum_of_hartford_schools(year: str, students: int):
    assert _hartford("school_enrollment", year)["students"].sum() == students


@pytest.mark.parametrize(("edition", "students"), [("annual", 20891), ("revised", 20893)])
def test_district_count_differs_by_edition(edition: str, students: int):
    rows = _hartford("district_enrollment", "2016-17").set_index("edition")
    assert rows.loc[edition, "students"] == students


def test_hartford_lists_programs_as_rows():
    rows = _hartford("school_enrollment", "2016-17")
    assert len(rows) == 65
    assert rows["students"].ge(100).sum() == 45
    assert rows.loc[rows["students"].ge(100), "students"].mean() == pytest.approx(442.2, abs=0.05)


def test_peers_of_autumn_2017():
    peers = load("spending_schools")["district_code"].unique().tolist()
    table = load("school_enrollment")
    rows = table[
        table["district_code"].isin(set(peers) - {HARTFORD})
        & table["school_year"].eq("2016-17")
        & table["students"].ge(100)
    ]
    assert len(rows) == 212
    assert rows["students"].mean() == pytest.approx(582.5, abs=0.05)


@pytest.mark.parametrize(
    ("year", "schools", "all_schools", "students"),
    [("2017-18", 46, 250, 19237), ("2018-19", 44, 246, 18751)],
)
def test_spending_covers_the_schools(year: str, schools: int, all_schools: int, students: int):
    everyone = load("spending_schools")
    assert everyone["school_year"].eq(year).sum() == all_schools
    rows = _hartford("spending_schools", year)
    assert len(rows) == schools
    assert rows["students"].sum() == students


def test_schools_of_each_year_stand_in_one_table_from_one_count():
    table = load("school_enrollment")
    assert not table.duplicated(["school_year", "school_code"]).any()
    counts = table.groupby("school_year")["count_from"].unique().map(list)
    later = table["school_year"] > "2016-17"
    assert set(map(tuple, counts[counts.index <= "2016-17"])) == {("october",)}
    assert set(map(tuple, counts[counts.index > "2016-17"])) == {("spending",)}
    assert table["grades_suppressed"].isna().eq(later).all()
    # The directory of 2022 lacks three: Hartford PreK South, a Kinsella campus, South Norwalk.
    directory = load("school_directory").query("edition == '2022'")["school_code"]
    newest = table.loc[table["school_year"] == "2024-25", "school_code"]
    assert set(newest) - set(directory) == {"0641610", "0641710", "1031511"}
    assert set(newest) <= set(load("schools")["school_code"])


def test_the_two_counts_agree_as_the_schema_says():
    """The report's students by school against the federal count, and against the district's."""
    said = " ".join(spec("school_enrollment").description.split())
    table = load("school_enrollment").query("count_from == 'spending'").dropna(subset=["students"])
    ids = load("school_crosswalk")[["nces_id", "school_code"]]
    federal = load("nces_enrollment").merge(ids).drop(columns="nces_id")
    both = table.merge(federal, on=["school_year", "school_code"], suffixes=("", "_federal"))
    both = both[both["school_year"].between("2017-18", "2024-25")]
    apart = (both["students"] - both["students_federal"]).abs()
    assert f"it has {len(both)} of the report's schools and years" in said
    assert f"{apart.eq(0).sum()} of them to the student" in said
    assert f"the mean difference is {apart.mean():.2f} students, the largest {apart.max()}" in said
    assert (apart / both["students_federal"]).max() <= 0.01
    counted = load("district_enrollment").query("edition == 'revised'")
    keys = ["school_year", "district_code"]
    sums = table.groupby(keys)["students"].sum()
    shares = 100 * sums / counted.set_index(keys)["students"].reindex(sums.index)
    shares = shares[shares.index.get_level_values("school_year") <= "2024-25"]
    assert len(shares) == 80
    assert f"{shares.mean():.1f} percent on average" in said
    assert f"{shares.min():.1f} to {shares.max():.1f} in a district and year" in said


def test_mean_school_of_2017_18():
    table = load("spending_schools")
    table = table[table["school_year"] == "2017-18"]
    own = table["district_code"] == HARTFORD
    assert table.loc[own, "students"].mean() == pytest.approx(418.2, abs=0.05)
    assert table.loc[~own, "students"].mean() == pytest.approx(589.6, abs=0.05)


def test_small_schools_spend_more():
    rows = _hartford("spending_schools", "2017-18")
    rows = rows[rows["students"] >= 100]
    small = rows["students"] < 350
    dollars = rows["students"] * rows["dollars_per_pupil"]
    weighted = dollars.groupby(small).sum() / rows["students"].groupby(small).sum()
    assert (small.sum(), (~small).sum()) == (14, 30)
    assert (round(weighted[True]), round(weighted[False])) == (12346, 10525)


def test_functions_add_up_to_the_total():
    parts = load("spending_by_function")
    keys = ["school_year", "school_code"]
    added = parts.groupby(keys)["dollars_per_pupil"].sum()
    total = load("spending_schools").set_index(keys)["dollars_per_pupil"]
    assert added.index.equals(total.index)
    assert (added - total).abs().max() <= 3


def test_flat_plant_cost_of_waterbury():
    schools = load("spending_schools")
    waterbury = schools[
        (schools["district_code"] == "1510011") & (schools["school_year"] == "2017-18")
    ]
    parts = load("spending_by_function")
    plant = parts[(parts["function"] == "plant_operation") & (parts["school_year"] == "2017-18")]
    flat = plant[plant["school_code"].isin(waterbury["school_code"])]
    assert flat["dollars_per_pupil"].unique().tolist() == [871]


def test_zone_capacity_is_kept_as_printed():
    rows = load("zone_capacity").set_index("area")
    zones = rows.drop(index="District")
    assert zones["seats"].tolist() == [8762, 5272, 7069, 9142]
    assert zones["utilization_percent"].tolist() == [60, 68, 82, 81]
    assert zones["seats"].sum() == 30245
    assert rows.loc["District", ["students", "seats", "utilization_percent"]].tolist() == [
        22075,
        30244,
        73,
    ]


def test_federal_and_state_counts_of_2017_18_agree():
    table = load("nces_enrollment")
    assert table.loc[table["school_year"] == "2017-18", "students"].sum() == 19237


def test_federal_panel_spans_39_years_of_73_schools():
    table = load("nces_enrollment")
    assert table["nces_id"].nunique() == 73
    assert table["school_year"].nunique() == 39


def test_grades_add_up_to_the_school_where_nothing_is_suppressed():
    keys = ["school_year", "school_code"]
    whole = load("school_enrollment").query("grades_suppressed == 0").set_index(keys)["students"]
    added = load("school_enrollment_by_grade").groupby(keys)["students"].sum()
    assert added.reindex(whole.index).eq(whole).all()


def test_suppressed_grades_are_missing_rows_not_zeros():
    grades = load("school_enrollment_by_grade")
    assert grades["students"].min() > 0
    assert grades["students"].isna().sum() == load("school_enrollment")["grades_suppressed"].sum()


def test_every_hartford_school_of_100_has_a_zone():
    table = load("school_enrollment")
    rows = table[
        table["district_code"].eq(HARTFORD)
        & table["school_year"].isin(["2015-16", "2016-17"])
        & table["students"].ge(100)
    ]
    assert set(rows["school_code"]) <= set(load("school_zones")["school_code"])


def test_two_magnet_schools_stand_outside_hartford():
    zones = load("school_zones")
    # Pathways in East Hartford (formerly Windsor), Great Path in Manchester.
    outside = zones.loc[zones["zone"] == "outside", "school_code"].tolist()
    assert outside == ["0646611", "0647911"]


def test_crosswalk_matches_schools_whose_names_changed():
    pairs = load("school_crosswalk").set_index("nces_id")
    # "Burr School" became "Burr Middle School"; code 0642311 throughout.
    assert pairs.loc["090192000358", "school_code"] == "0642311"
    assert pairs.loc["090192000358", "years_agreeing"] == 10
    assert not pairs.loc["090192000358", "doubtful"]
    assert pairs["school_code"].is_unique


def test_the_state_is_a_row_of_its_own_level():
    table = load("districts").set_index("district_code")
    assert table.index[table["level"] == "state"].tolist() == ["0000000"]
    assert table.loc["0000000", "district"] == "State of Connecticut"


def test_the_state_in_both_editions():
    rows = load("district_enrollment")
    state = rows[rows["district_code"] == "0000000"].set_index(["school_year", "edition"])
    # The last line of enrollment__2016-17_all-students.csv, and the typed file's.
    assert state.loc[("2016-17", "annual"), "students"] == 538893
    assert state.loc[("2016-17", "revised"), "students"] == 538899
    # The last line of ctdata-district/enrollment__2021-22_race.csv.
    assert state.loc[("2021-22", "annual"), "students"] == 513615


def test_districts_add_up_to_the_state_where_none_is_suppressed():
    rows = load("district_enrollment").query("edition == 'annual'")
    is_state = rows["district_code"] == "0000000"
    by_year = rows[~is_state].groupby("school_year")["students"]
    state = rows[is_state].set_index("school_year")["students"]
    assert len(state) == 15
    printed = by_year.apply(lambda counts: counts.notna().all())
    assert printed.sum() == 6
    assert (state - by_year.sum())[printed].eq(0).all()
    # Two districts of 1 to 99 students each are suppressed in the other years.
    assert (state - by_year.sum())[~printed].between(2, 198).all()
