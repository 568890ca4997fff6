"""What the plan notebook presents of Hartford's plan, and of a plan that a district brings.

Expected figures were worked out from the tables apart from this program.
"""

from dataclasses import replace

import pandas as pd
import pytest

from dme.evidence import plan
from dme.evidence.place import place
from dme.evidence.plan.scheme import OWN_PLAN
from dme.evidence.result import Lacking, Measured
from dme.evidence.seats import Seats
from dme.study import Study
from dme.tables import load

STUDY = Study(resamples=400)
NEW_HAVEN = Study(district="0930011", peers=("0640011",), resamples=400)
ASIAN_STUDIES = "0640711"
OWN = pd.DataFrame(
    {
        "place": ["Hill Central", "Fair Haven", "The old depot"],
        "school_code": ["0930711", "0931611", None],
        "action": ["close", "reconfigure", "open"],
        "by": ["2026-06"] * 3,
        "grades": [None, "PK-5", None],
    }
)


@pytest.fixture(scope="module")
def here():
    return place(STUDY, load("districts"))


@pytest.fixture(scope="module")
def there():
    return place(NEW_HAVEN, load("districts"))


@pytest.fixture(scope="module")
def tables():
    return plan.Tables(
        load("plan_actions"),
        load("plan_places"),
        load("school_enrollment"),
        load("school_enrollment_by_grade"),
        load("spending_schools"),
        load("school_directory"),
        load("school_zones"),
    )


@pytest.fixture(scope="module")
def accounts():
    return plan.Accounts(
        load("spending_schools"),
        load("spending_by_function"),
        load("district_spending_by_function"),
        load("district_staff"),
        load("published_facts"),
        load("class_size_maxima"),
        load("bus_rules"),
        load("consumer_prices"),
    )


@pytest.fixture(scope="module")
def scheme(here, tables):
    return plan.scheme(STUDY, here, tables)


@pytest.fixture(scope="module")
def own(there, tables):
    return plan.scheme(NEW_HAVEN, there, replace(tables, own=OWN))


@pytest.fixture(scope="module")
def released(here, scheme, accounts):
    return plan.money(STUDY, here, scheme, accounts)


def test_whom_each_closed_school_displaces(scheme):
    leaving = scheme.students[~scheme.students["stays"]].groupby("school_code")["students"].sum()
    assert leaving.sum() == 2892
    # Batchelder, Simpson-Waverly, Capital Community College, Culinary Arts: all of them.
    closed = ["0640411", "0642611", "0643911", "0646011"]
    assert leaving[closed].tolist() == [433, 314, 57, 168]
    # Global Communications, K to 12 until then, gives up its high school.
    assert leaving["0643611"] == 150


def test_only_the_school_that_has_not_changed_is_assumed(scheme):
    assert scheme.assumed == (ASIAN_STUDIES,)
    assert scheme.spans[ASIAN_STUDIES] == "PK-5"
    assert scheme.spans["0642311"] == "6-8"  # Burr, "to middle school" as printed
    assert scheme.told
    assert not scheme.own


def test_everyone_displaced_in_hartford_finds_a_school(scheme):
    assert scheme.unplaced.empty
    assert scheme.after["students"].sum() == pytest.approx(20304)


def test_whom_no_school_takes_is_named(scheme):
    lost = scheme.moved[scheme.moved["school_code"] != "0640411"]
    found = replace(scheme, moved=lost).unplaced
    assert set(found["school_code"]) == {"0640411"}
    assert found["students"].sum() == 433


def test_students_without_a_seat_release_no_teacher(here, scheme, accounts, released):
    """Were Batchelder's 433 simply gone, some 17 sections would seem released."""
    lost = scheme.moved[scheme.moved["school_code"] != "0640411"]
    after = scheme.after.merge(
        scheme.moved[scheme.moved["school_code"] == "0640411"][["goes_to", "grade", "students"]],
        left_on=["school_code", "grade"],
        right_on=["goes_to", "grade"],
        how="left",
        suffixes=("", "_less"),
    )
    after["students"] -= after["students_less"].fillna(0)
    shown = replace(scheme, moved=lost, after=after[["school_code", "grade", "students"]])
    without = plan.money(STUDY, here, shown, accounts).findings[1]
    assert without.estimate.value <= released.findings[1].estimate.value * 1.02


def test_buildings_by_hand(released):
    """Twelve times the mean of 42 schools' plant cost of 2018-19: $331,181."""
    found = released.findings[0]
    assert found.year == "2018-19"
    assert found.estimate.value == pytest.approx(12 * 331_181, rel=0.03)
    assert found.estimate.low < found.estimate.value < found.estimate.high


def test_the_cost_of_an_empty_building_is_the_published_one(here, scheme, accounts):
    assert "$800,000 a year" in plan.money(STUDY, here, scheme, accounts).findings[0].caveat
    facts = accounts.facts.copy()
    facts.loc[facts["topic"] == "building_cost", "number"] = 500_000.0
    other = plan.money(STUDY, here, scheme, replace(accounts, facts=facts))
    assert "$500,000 a year" in other.findings[0].caveat


def test_teachers_of_the_last_account_are_paid_in_later_prices(released):
    """The last year of Hartford with dollars by function is 2013-14; of buildings, 2018-19."""
    assert "of 2013-14 in prices of 2017-18" in released.findings[1].caveat
    assert "Buildings are in dollars of 2018-19" in released.findings[2].caveat


def test_buses_by_hand(released):
    """294 of the displaced past the walking distance; $25,295,126 over 12,000 students carried.

    In prices of 2017-18: times 251.1 over 236.715.
    """
    net = next(part for part in released.parts if part.label == "buses")
    expected = -294 * 25_295_126 / 12_000 * 251.1 / 236.715
    assert net.value == pytest.approx(expected, rel=1e-4)


def test_full_schools_worked_out_apart(here, scheme):
    seats = Seats(
        load("zone_capacity"),
        load("school_zones"),
        load("school_enrollment"),
        load("nces_enrollment"),
        load("school_crosswalk"),
    )
    found = plan.fullness(STUDY, here, scheme, seats, load("school_directory"))
    assert found.estimate.value == pytest.approx(50.57, abs=0.01)
    assert "seats of 2015-16" in found.year
    plain = next(a for a in found.alternatives if "plain seats" in a.label)
    assert plain.value < found.estimate.value  # more seats, so fewer full schools


def test_the_zone_that_a_school_was_moved_to_is_said(here, scheme, tables):
    """Bulkeley stands in zone 4; the directory of 2022 has it in a building in zone 1."""
    found = plan.pathways(STUDY, here, scheme, tables, load("areas")).finding
    assert "Bulkeley High School (from Zone 4 to Zone 1)" in found.caveat


def test_an_own_plan_is_not_told_in_the_words_of_another(there, own):
    assert own.own
    assert not own.told
    assert (own.listed["version"] == OWN_PLAN).all()
    close = plan.counted(there, own, load("plan_actions"))[0]
    assert "district's file" in close.population
    assert "proposal" not in close.population
    assert not any("approval" in choice.label for choice in close.alternatives)
    assert "proposal" not in plan.stayers(NEW_HAVEN, there, own).caveat
    assert isinstance(plan.approved(there, own, load("published_facts")), Lacking)


def test_an_own_plan_closes_its_own_buildings_and_has_no_buses(there, own, accounts):
    facilities, staffing, together = plan.money(NEW_HAVEN, there, own, accounts).findings
    assert isinstance(facilities, Measured)
    assert "1 building, drawn" in facilities.sentence
    assert "the one whose cost is published" not in facilities.caveat
    assert facilities.alternatives == ()
    assert isinstance(staffing, Measured)
    assert isinstance(together, Lacking)
    assert "New Haven who go by bus" in together.lacking


def test_the_answer_sets_what_was_said_beside_what_was_found(here, scheme, released):
    counts = plan.counted(here, scheme, load("plan_actions"))
    stay = plan.stayers(STUDY, here, scheme)
    said = {"L1": (4.0, 4.0), "L2": (12.0, 12.0), "L3": (8.0, 8.0), "L8": (15e6, 15e6)}
    text = plan.answer(
        here,
        scheme,
        plan.Scored(counts, stay, Lacking("x", "x", "x", "x"), released.findings[2], said),
    )
    first, *_, last = text.splitlines()
    assert "its authors said $15 million" in first
    assert "closes **4** schools" in last
    assert "moves **9** (said: 8)" in last


def test_a_district_without_a_plan_is_answered_in_words(there, tables):
    none = plan.scheme(NEW_HAVEN, there, tables)
    assert isinstance(none, str)
    assert plan.flows(none).empty
    assert all(isinstance(found, Lacking) for found in plan.counted(there, none, tables.actions))
    scored = plan.Scored((), none, none, none, {})
    assert plan.answer(there, none, scored).startswith("There is nothing to score")
