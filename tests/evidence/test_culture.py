"""What the culture notebook's sections present, on Hartford's tables and on changed ones."""

from dataclasses import replace

import pandas as pd
import pytest

from dme.evidence.culture import access, answers, catchment, city, directory, distance, growth
from dme.evidence.culture.view import GRADES
from dme.evidence.place import place
from dme.evidence.result import Lacking, Measured
from dme.study import Study
from dme.tables import load

HARTFORD = Study(resamples=300)
NEW_HAVEN = Study(district="0930011", peers=("0640011",), north=(), resamples=300)


@pytest.fixture(scope="module")
def tables():
    return {name: load(name) for name in {*access.TABLES, *distance.TABLES}}


def where(study):
    return place(study, load("districts"))


@pytest.fixture(scope="module")
def hartford(tables):
    here = where(HARTFORD)
    places = city.city(tables, HARTFORD.district)
    grown = growth.evidence(tables, HARTFORD, here)
    reach = access.evidence(tables, places, grown, HARTFORD, here)
    return places, grown, reach


def test_the_children_of_the_city(hartford):
    places, _, reach = hartford
    tracts = load("tracts").dropna(subset=["longitude"])
    children = tracts["age_5_to_9"].sum() + 0.8 * tracts["age_10_to_14"].sum()
    both = reach.by_tract[["children", "older"]]
    assert both.to_numpy().sum() == pytest.approx(children)
    assert both["older"].sum() == pytest.approx(0.6 * tracts["age_10_to_14"].sum())
    assert len(reach.by_tract) == 39
    assert len(reach.by_neighborhood) == 15
    # Each tract's weights add up to one, so neighborhoods hold the same children.
    assert reach.by_neighborhood[["children", "older"]].to_numpy().sum() == pytest.approx(
        children, rel=0.002
    )
    assert places.points["area"].nunique() == 39


def test_growth_leaves_out_what_is_withheld(hartford):
    _, grown, _ = hartford
    assert len(grown.schools) == 34
    assert grown.schools["number"].max() == grown.schools["either"].sum() == len(grown.listed)
    assert isinstance(grown.result, Measured)
    assert grown.result.estimate.low <= grown.result.estimate.value <= grown.result.estimate.high


def test_the_only_schools_above_the_state_are_magnets_so_no_zone_opens_one(hartford):
    _, _, reach = hartford
    above = reach.schools[reach.schools["above"]]
    assert above["lottery"].all()
    assert reach.neighborhoods.estimate.value == 100
    # With the margin of growth itself the count of neighborhoods reaches none.
    assert reach.neighborhoods.estimate.low == 0
    assert reach.neighborhoods.holds == (True, False)
    ways = reach.by_neighborhood
    assert (ways[["zone", "walk", "bus"]] == 0).all(axis=None)
    assert (ways["apply"] == 100).all()
    assert ways["magnet"].between(0, 100).all()


def test_the_choices_say_how_far_the_finding_hangs_on_them(hartford):
    _, _, reach = hartford
    others = {a.label: a.value for a in reach.neighborhoods.alternatives}
    assert others["every school one may apply to counted as open"] == 0
    assert others["magnets in the zone or near counted as open"] < 100
    low, high = reach.neighborhoods.estimate.low, reach.neighborhoods.estimate.high
    either, both = (
        others[f"above in {words}"] for words in ("at least one subject", "both subjects")
    )
    assert low <= either <= both <= high


def test_a_school_above_the_state_opens_its_zone(tables, hartford):
    """Were Rawson, a school of zone 1 without a lottery, above the state, zone 1 would have one."""
    places, grown, _ = hartford
    schools = grown.schools.copy()
    schools.loc["0641711", "above"] = True
    reach = access.evidence(
        tables, places, replace(grown, schools=schools), HARTFORD, where(HARTFORD)
    )
    assert reach.by_neighborhood.loc["Blue Hills", "zone"] > 99
    assert reach.by_neighborhood.loc["Southwest", "zone"] == 0
    assert reach.ladder.loc["bus", "Grades 6 to 8"] == pytest.approx(100)  # the bus goes everywhere
    assert 0 < reach.ladder.loc["bus", "Grades K to 5"] < 100
    assert reach.neighborhoods.estimate.value < 100


def test_seats_near_add_up_to_the_pupils_of_growing_schools(tables, hartford):
    places, _, reach = hartford
    near = catchment.evidence(tables, places, reach, where(HARTFORD))
    table = near.by_tract
    seats = (table["growing"] * table["children"]).sum() / 100
    codes = reach.schools.index[reach.schools["above"]]
    rows = tables["school_enrollment_by_grade"]
    rows = rows[
        (rows["school_year"] == "2015-16")
        & rows["school_code"].isin(codes)
        & rows["grade"].isin(GRADES)
    ]
    assert seats == pytest.approx(rows["students"].sum())
    others = {a.label: a.value for a in near.result.alternatives}
    assert others["within half a mile"] > near.result.estimate.value
    assert near.result.estimate.value > others["within a mile and a half"]
    assert near.result.basis == "proxy"


def test_high_schools_are_those_of_the_year_in_the_city(tables, hartford):
    places, _, _ = hartford
    found = distance.high_schools(tables, places, HARTFORD)
    assert "0647111" in found.index  # Bulkeley
    assert not {"0646611", "0647911"} & set(found.index)  # in East Hartford, in Manchester
    assert "0643911" not in found.index  # 57 students
    assert found["students"].min() >= 100
    # The school of the Weaver building stands elsewhere in the directory after its closing.
    moved = found.loc["0646011"]
    assert abs(moved["longitude"] - moved["former_longitude"]) > 0.03


def test_distance_and_what_it_hangs_on(tables, hartford):
    places, _, _ = hartford
    away = distance.evidence(tables, places, HARTFORD, where(HARTFORD))
    assert len(away.tracts) == 39
    assert away.tracts["part"].sum() == 13
    assert away.result.holds == (away.result.estimate.low > 0,)
    others = {a.label: a.value for a in away.result.alternatives}
    assert others[distance.LARGE_SITES] > away.result.estimate.value
    assert others["from the center of each tract"] == pytest.approx(
        away.result.estimate.value, abs=0.05
    )
    assert f"{len(away.schools)} high schools" in away.result.population


def test_north_parameters_that_can_not_be_measured_are_said(tables, hartford):
    places, _, _ = hartford
    for north, words in (
        (("Atlantis",), "names a neighborhood"),
        ((), "leaves one of the two parts"),
        (tuple(sorted(set(places.neighborhoods["group"]))), "leaves one of the two parts"),
    ):
        study = HARTFORD.model_copy(update={"north": north})
        away = distance.evidence(tables, places, study, where(HARTFORD))
        assert isinstance(away.result, Lacking)
        assert words in away.result.lacking


def test_the_directory_nearest_in_time():
    years = ("2007-08", "2014-15", "2015-16", "2016-17", "2018-19", "2020-21")
    assert [directory.edition_for(year) for year in years] == [
        "2015", "2015", "2015", "2020-02", "2020-02", "2022",
    ]  # fmt: skip
    marks = pd.DataFrame(
        {
            "edition": ["2015"] * 3,
            "school_code": ["a", "b", "c"],
            "interdistrict_magnet": ["yes", "no", None],
        }
    )
    assert directory.magnets(marks, "2015-16").to_dict() == {"a": True, "b": False, "c": False}


def test_a_district_without_places_says_what_it_lacks(tables):
    here = where(NEW_HAVEN)
    places = city.city(tables, NEW_HAVEN.district)
    assert places is None
    grown = growth.evidence(tables, NEW_HAVEN, here)
    reach = access.evidence(tables, places, grown, NEW_HAVEN, here)
    near = catchment.evidence(tables, places, reach, here)
    away = distance.evidence(tables, places, NEW_HAVEN, here)
    for result in (reach.neighborhoods, reach.children, near.result, away.result):
        assert isinstance(result, Lacking)
        assert "New Haven" in result.lacking
    assert not any(section.measured for section in (reach, near, away))
    text = answers.words(grown, reach, away)
    assert f"of {len(grown.schools)} schools" in text
    assert "neighborhood" not in text


def test_without_any_growth_nothing_is_claimed(tables):
    bare = {**tables, "school_growth": tables["school_growth"].iloc[:0]}
    here = where(HARTFORD)
    grown = growth.evidence(bare, HARTFORD, here)
    assert isinstance(grown.result, Lacking)
    reach = access.evidence(bare, city.city(bare, HARTFORD.district), grown, HARTFORD, here)
    assert "no growth by school of Hartford" in reach.neighborhoods.lacking
    nothing = distance.evidence(bare, None, HARTFORD, here)
    assert "too little" in answers.words(grown, reach, nothing)
    assert answers.words(grown, reach, nothing, ["More."]) == "More."
