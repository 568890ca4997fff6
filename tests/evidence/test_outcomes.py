"""What the outcomes notebook presents of Hartford; expected figures worked out apart."""

from dataclasses import replace

import pytest

from dme.evidence import outcomes
from dme.evidence.place import place
from dme.evidence.result import Lacking, Measured
from dme.evidence.seats import Seats
from dme.study import Study
from dme.tables import load

STUDY = Study(resamples=400)


@pytest.fixture(scope="module")
def here():
    return place(STUDY, load("districts"))


@pytest.fixture(scope="module")
def schools(here):
    return outcomes.since(STUDY, here, load("school_enrollment"), load("spending_schools"))


@pytest.fixture(scope="module")
def record():
    return outcomes.Record(load("spending_schools"), load("school_zones"), load("school_directory"))


@pytest.fixture(scope="module")
def made(here, schools, record):
    return outcomes.made(STUDY, here, load("plan_actions"), record, schools)


@pytest.fixture(scope="module")
def seats():
    return Seats(
        load("zone_capacity"),
        load("school_zones"),
        load("school_enrollment"),
        load("nces_enrollment"),
        load("school_crosswalk"),
    )


def test_small_schools_worked_out_apart(schools):
    share, mean = schools.findings
    assert share.estimate.value == pytest.approx(100 * 17 / 39)
    assert mean.estimate.value == pytest.approx(16_373 / 39)
    years = schools.years.set_index("school_year")
    assert tuple(years.loc["2024-25", ["small", "schools"]]) == (21, 41)


def test_codes_younger_than_the_plan_are_named(schools):
    for found in schools.findings:
        assert "Weaver High School (2019-20)" in found.caveat
        assert "Kinsella" in found.caveat
        assert "2022-23" in found.caveat


def test_a_school_that_moved_before_it_was_joined_is_told(made):
    """High School, Inc. was listed 3.6 km away before Weaver took it in."""
    row = made.table[made.table["Named in the plan"] == "High School, Inc."]
    assert row["What the record shows"].tolist() == [
        "listed at another place, then no longer listed"
    ]
    other, later = made.finding.alternatives
    assert other.value == pytest.approx(100 * 23 / 26)
    assert later.value == pytest.approx(100 * 22 / 26)
    assert made.finding.estimate.value == pytest.approx(100 * 22 / 26)


def test_the_years_of_the_lists_are_those_of_the_copies(made):
    assert made.finding.year == "2018-19 to 2021-22"
    assert "2014-15, about 2018, 2021-22" in made.finding.method


def test_no_closure_is_made_that_the_record_does_not_reach(here, record):
    """Were the record to end in 2018-19, two of four closures and no more could show."""
    spending = load("spending_schools")
    short = spending[spending["school_year"] <= "2018-19"]
    study = STUDY.model_copy(update={"plan_horizon": "2018-19"})
    schools = outcomes.since(study, here, load("school_enrollment"), short)
    found = outcomes.made(
        study, here, load("plan_actions"), replace(record, spending=short), schools
    )
    assert found.finding.sentence.startswith("2 of 4 schools named to close")


def test_money_by_need_worked_out_apart(here):
    found = outcomes.by_need(STUDY, here, load("spending_schools"), load("spending_by_function"))
    assert len(found.changes) == 37
    assert found.finding.estimate.value == pytest.approx(30.226, abs=0.001)
    assert found.finding.alternatives[0].value == pytest.approx(5.593, abs=0.001)


def test_spending_in_the_dollars_of_the_horizon(here):
    """By hand: the index of 2022 over that of 2018 is 292.626 / 251.1."""
    spending = load("district_spending")
    mine = spending[spending["district_code"] == STUDY.district].set_index("school_year")
    printed = mine["dollars_per_pupil"].astype(float)
    grown = printed["2021-22"] / (printed["2017-18"] * 292.626 / 251.1) - 1
    found = outcomes.over_time(STUDY, here, spending, load("consumer_prices")).finding
    assert found.estimate.value == pytest.approx(100 * grown)


def test_the_year_of_the_seats_is_read_not_typed(here, seats, schools):
    found = outcomes.fullness(STUDY, here, seats, schools)
    assert found.estimate.value == pytest.approx(32.83, abs=0.01)
    assert "seats of 2015-16" in found.caveat
    earlier = replace(seats, capacity=seats.capacity.assign(school_year="2014-15"))
    other = outcomes.fullness(STUDY, here, earlier, schools)
    assert "seats of 2014-15" in other.caveat


def test_a_district_without_seats_or_plan_says_so(seats, record):
    study = Study(district="0930011", peers=("0640011",), resamples=400)
    there = place(study, load("districts"))
    schools = outcomes.since(study, there, load("school_enrollment"), load("spending_schools"))
    assert not schools.measurable
    assert isinstance(outcomes.fullness(study, there, seats, schools), Lacking)
    found = outcomes.made(study, there, load("plan_actions"), record, schools)
    assert isinstance(found.finding, Lacking)
    assert "New Haven" in found.finding.lacking
    given = outcomes.Found(found.finding, found.finding)
    assert "can't be told here" in outcomes.answer(study, there, schools, found, given)


def test_the_answer_names_the_years_it_speaks_of(here, schools, made, seats):
    full = outcomes.fullness(STUDY, here, seats, schools)
    need = outcomes.by_need(STUDY, here, load("spending_schools"), load("spending_by_function"))
    assert isinstance(full, Measured)
    text = outcomes.answer(STUDY, here, schools, made, outcomes.Found(need.finding, full))
    assert "Of the 26 closures" in text
    assert "In 2024-25 **51%** of schools were under 350 students, in 2017-18 33%." in text
    assert "but their dollars in all did not" in text
