"""What the notebook on culture declares of choice, need, segregation, absence and suspension."""

from typing import Any

import pytest

from dme.errors import Lacking
from dme.findings.functions import with_parameters
from dme.study import Study
from dme.tables import load

from .declared import declared

HARTFORD = Study(resamples=200)
NEW_HAVEN = Study(district="0930011", peers=("0640011",), resamples=200)


def of(name: str, study: Study = HARTFORD, **options: Any) -> Any:
    return declared("culture")[name](study, **options)


def test_every_zone_has_the_same_city_and_the_bus_opens_it_from_grade_6():
    zones = of("open_by_zone")
    assert len(zones) == 4
    assert zones[["open", "lottery", "closed"]].sum(axis=1).nunique() == 1
    assert zones["open"].nunique() > 1
    assert of("open_by_zone", grade="6")["open"].nunique() == 1
    older = with_parameters(HARTFORD, {"bus_rule": "older"})
    assert of("open_by_zone", older, grade="6")["open"].nunique() > 1
    assert of("open_by_zone", older, grade="9")["open"].nunique() == 1


def test_more_is_open_where_more_is_counted():
    found = of("open-schools")
    assert found.low <= found.value <= found.high
    near, every = (
        of("open-schools", of=("open", also), ends=False).value
        for also in ("near_lottery", "lottery")
    )
    assert found.value < near < every < 100
    on_foot, without_zones = (
        of("open-schools", of=ways, ends=False).value for ways in (("on_foot",), ("open", "closed"))
    )
    assert on_foot < found.value < without_zones


def test_the_seats_add_up_to_the_lists_own_counts():
    """By hand: the rows that Hartford runs and the directory of 2015 marks as magnets."""
    listed = load("sheff_schools").query("school_year == '2014-15' and run_by == 'HPS'")
    marked = load("school_directory").query("edition == '2015' and interdistrict_magnet == 'yes'")
    magnets = listed[listed["school_code"].isin(marked["school_code"])]
    share = 100 * magnets["hartford_residents"].sum() / magnets["students"].sum()
    assert of("magnet-seats").value == pytest.approx(float(share))
    others = listed[~listed["school_code"].isin(magnets["school_code"])]
    kinds = load("school_directory").dropna(subset=["interdistrict_magnet"])["school_code"]
    others = others[others["school_code"].isin(kinds)].dropna(subset=["hartford_residents"])
    rest = 100 * others["hartford_residents"].sum() / others["students"].sum()
    found = of("magnet-seats-gap")
    assert found.value == pytest.approx(float(share - rest))
    assert found.facts["holds"] == (True, True)


def test_the_gap_in_need_by_hand():
    rows = of("needy_schools")
    groups = [rows[rows["kind"] == kind] for kind in ("neighborhood", "magnet")]
    assert [len(group) for group in groups] == [26, 18]
    shares = [
        (group["students"] * group["percent_high_needs"]).sum() / group["students"].sum()
        for group in groups
    ]
    assert of("need-gap").value == pytest.approx(float(shares[0] - shares[1]))


def test_need_grew_by_one_measure_of_the_two():
    assert of("need-trend-learners").low > 0
    assert of("need-trend-learners", tilt=-1).low > 0
    # Without any assumption on suppressed counts the course can't be told from chance.
    assert of("need-trend-learners", tilt=-1, sure=True).low < 0
    assert of("need-trend-special-education").value < 0
    assert of("need-trend-special-education", tilt=1).high > 0
    funding = of("funding-gap")
    assert funding.low < 0 < funding.high
    assert of("need-gap").facts["holds"] == (True, True, False, False)


def test_bounds_without_the_assumption_hold_those_with_it():
    small, any_size = (of("students_in_need", sure=sure) for sure in (False, True))
    assert (any_size["low"] <= small["low"]).all()
    assert (small["high"] <= any_size["high"]).all()
    assert any_size["high"].sum() > small["high"].sum()


def test_the_isolation_lies_above_its_floor_the_groups_share():
    found = of("isolation-district")
    assert of("isolation-district", how="alike").value < found.value < 100
    assert found.low < found.value < found.high


def test_the_figures_of_hartfords_schools_hold_no_guess():
    rows = of("members_now")
    assert (rows["low"] == rows["high"]).all()
    for how in ("white", "every row"):
        bounded = of("segregation-district", how=how)
        assert bounded.low < bounded.value < bounded.high


def test_the_magnets_met_the_courts_standard_and_the_others_did_not():
    rows = of("members_now")
    marked = load("school_directory").query("edition == '2020-02'").set_index("school_code")
    magnet = rows["school_code"].map(marked["interdistrict_magnet"]).eq("yes")
    share = 100 * rows["low"] / rows["students"]
    assert share[magnet].median() < 75 < share[~magnet].median()


def test_a_district_outside_the_region_has_no_region():
    assert of("segregation-district", NEW_HAVEN).value > 0
    with pytest.raises(Lacking, match="no districts around New Haven"):
        of("segregation-region", NEW_HAVEN)


@pytest.mark.parametrize("year", ["2009-10", "2010-11"])
def test_a_study_of_the_first_years_runs(year):
    found = of("segregation-district", with_parameters(HARTFORD, {"enrollment_year": year}))
    assert found.value > 0
    assert found.facts["since"] == ""


def test_a_district_of_one_school_is_not_segregated_but_not_measured():
    one = Study(district="2870013", peers=("0640011",), smallest_school=0, resamples=200)
    with pytest.raises(Lacking, match="no two schools"):
        of("segregation-district", one)


def test_absenteeism_of_hartford_and_beside_it():
    assert (of("chronic-absenteeism").value, of("chronic-absenteeism", of="state").value) == (
        22.1,
        9.9,
    )
    median = of("chronic-absenteeism", of="median")
    assert median.low < median.value < median.high < 22.1
    # One school of 45 prints no percentage: 33 or 34 of them lie above the state's.
    schools = of("chronic-absenteeism-schools")
    assert (schools.low, schools.high) == pytest.approx((100 * 33 / 45, 100 * 34 / 45))


def test_the_course_goes_on_after_the_study_and_stops_before_schools_closed():
    found = of("chronic-absenteeism-trend")
    assert (found.facts["first"], found.facts["last"]) == ("2011-12", "2016-17")
    # Six years: 26.0 to 22.1 percent can't be told from chance.
    assert found.value < 0 < found.high
    assert of("chronic-absenteeism-trend", of="later").facts["last"] == "2018-19"


def test_suspension_by_race():
    """As the state prints it."""
    assert of("suspension").value == 13.7
    assert of("suspension-gap").value == pytest.approx(17.5 - 6.3)
    assert of("suspension-gap", group="hispanic").value == pytest.approx(13.8 - 6.3)
    assert of("suspension-gap", in_year="2015-16").value == pytest.approx(19.1 - 5.0)


def test_a_study_before_the_first_figures_says_so():
    before = with_parameters(HARTFORD, {"enrollment_year": "2010-11"})
    for name in ("chronic-absenteeism", "chronic-absenteeism-schools"):
        with pytest.raises(Lacking, match="up to 2010-11"):
            of(name, before)


@pytest.mark.parametrize("district", ["0930011", "0150011", "2410014", "2870013", "1550011"])
def test_other_districts_are_measured_or_say_what_they_lack(district):
    study = Study(district=district, peers=("0640011",), north=(), resamples=200)
    for name in ("open-schools", "reduced-isolation", "magnet-seats"):
        with pytest.raises(Lacking):
            of(name, study)
    kinds = district in {"0930011", "0150011"}
    if kinds:
        assert of("need-gap", study).value is not None
    else:
        with pytest.raises(Lacking, match="no share of high needs"):
            of("need-gap", study)
