"""Segregation, absenteeism and suspension as the notebook presents them, by district."""

import pandas as pd
import pytest

from dme.evidence.culture import absenteeism, segregation, suspension
from dme.evidence.place import place
from dme.evidence.result import Lacking, Measured
from dme.tables import empty, load

from .culture_sample import study

NAMES = {*absenteeism.TABLES, *suspension.TABLES, *segregation.TABLES, "districts"}


@pytest.fixture(scope="module")
def tables():
    return {name: load(name) for name in NAMES}


@pytest.fixture(scope="module")
def mixed(of):
    return of(segregation, study())


def test_hartford_grew_more_segregated_inside_and_less_in_its_region(mixed):
    assert mixed.own.estimate.value == pytest.approx(43.4, abs=0.05)
    assert mixed.region.estimate.value == pytest.approx(57.6, abs=0.05)
    inside, around = (mixed.years[label] for label in ("Hartford's\nschools", "region"))
    assert inside["value"].iloc[-1] > inside["high"].iloc[0]
    assert around["value"].iloc[-1] < around["low"].iloc[0]
    assert inside["school_year"].iloc[0] == "2010-11"  # the races are counted otherwise before


def test_the_isolation_lies_above_its_floor_the_groups_share(mixed):
    floor = mixed.met.alternatives[0].value
    assert floor < mixed.met.estimate.value < 100
    assert mixed.met.estimate.low < mixed.met.estimate.value < mixed.met.estimate.high


def test_the_figures_of_hartfords_schools_hold_no_guess(mixed):
    assert "No count of these schools is suppressed" in mixed.own.caveat
    bounded = {a.label: a for a in mixed.own.alternatives if "bounded" in a.label}
    assert len(bounded) == 2
    for other in bounded.values():
        assert other.low < other.value < other.high


def test_every_school_stands_in_one_strip(mixed):
    counts = {label: len(rows) for label, rows in mixed.rows.items()}
    assert sum(n for label, n in counts.items() if label.startswith("Hartford")) == 45
    assert sum(counts.values()) == 211
    for rows in mixed.rows.values():
        assert (rows["low"] <= rows["high"]).all()
        assert rows["high"].max() <= 100


def test_the_magnets_met_the_courts_standard_and_the_others_did_not(mixed):
    medians = {label: rows["low"].median() for label, rows in mixed.rows.items()}
    (magnet,) = (m for label, m in medians.items() if "magnet" in label)
    (other,) = (m for label, m in medians.items() if "neighborhood" in label)
    assert magnet < segregation.STANDARD < other


def test_the_district_stands_first_beside_its_peers(mixed):
    assert mixed.beside["District"].iloc[0] == "Hartford"
    assert len(mixed.beside) == 10


def test_a_district_outside_the_region_has_no_region(of):
    found = of(segregation, study("0930011"))
    assert isinstance(found.own, Measured)
    assert isinstance(found.region, Lacking)
    assert "no districts around New Haven" in found.region.lacking
    assert list(found.years) == ["New Haven's\nschools"]


@pytest.mark.parametrize("year", ["2009-10", "2010-11"])
def test_a_study_of_the_first_years_runs(of, year):
    found = of(segregation, study(enrollment_year=year))
    assert isinstance(found.own, Measured)
    assert found.years == {}


def test_a_district_of_one_school_is_not_segregated_but_not_measured(of):
    found = of(segregation, study("2870013", smallest_school=0))
    assert isinstance(found.own, Lacking)
    assert not found.measured


@pytest.fixture(scope="module")
def absent(of):
    return of(absenteeism, study())


@pytest.fixture(scope="module")
def suspended(of):
    return of(suspension, study())


def test_absenteeism_of_hartford(absent):
    others = {a.label: a for a in absent.level.alternatives}
    assert (absent.level.estimate.value, others["the state"].value) == (22.1, 9.9)
    assert absent.level.year == "2016-17"
    peers = next(a for label, a in others.items() if label.startswith("the median"))
    assert peers.low < peers.value < peers.high < 22.1
    assert absent.course.year == "2011-12 to 2016-17"
    assert absent.course.estimate.high < 0
    # One school of 45 prints no percentage: 33 or 34 of them lie above the state's.
    assert (absent.spread.estimate.low, absent.spread.estimate.high) == pytest.approx(
        (100 * 33 / 45, 100 * 34 / 45)
    )


def test_the_course_goes_on_after_the_study_and_stops_before_schools_closed(absent):
    later = absent.course.alternatives[-1]
    assert later.label == "to 2018-19, after the study"
    for rows in (*absent.lines.values(), *absent.faint):
        assert "2019-20" not in set(rows["school_year"])


def test_suspension_of_hartford_and_of_its_groups(suspended):
    assert suspended.rates.level.estimate.value == 13.7
    assert suspended.gap.estimate.value == pytest.approx(17.5 - 6.3)
    others = {a.label: a.value for a in suspended.gap.alternatives}
    assert others["Hispanic less white students"] == pytest.approx(13.8 - 6.3)
    assert others["in 2015-16"] == pytest.approx(19.1 - 5.0)


def test_every_school_stands_in_one_level(absent, suspended):
    for found, schools in ((absent, 45), (suspended.rates, 46)):
        assert sum(len(rows) for rows in found.rows.values()) == schools
        assert [label.split(" (")[0] for label in found.rows] == [
            "elementary",
            "PK-8",
            "middle",
            "high",
        ]


@pytest.mark.parametrize("district", ["0930011", "0150011", "1510011", "2410014", "2870013"])
def test_other_districts_are_measured_or_said_to_lack(of, district):
    asked = study(district)
    found = of(absenteeism, asked)
    conduct = of(suspension, asked)
    results = [found.level, found.course, found.spread, conduct.rates.level, conduct.gap]
    own = place(asked, load("districts")).own
    for result in results:
        words = result.sentence if isinstance(result, Measured) else result.lacking
        assert own in words
        assert "Hartford" not in words.replace(own, "")


def test_without_tables_everything_is_said_to_lack():
    nothing = {name: empty(name) for name in NAMES} | {"districts": load("districts")}
    asked = study()
    where = place(asked, nothing["districts"])
    mixed = segregation.evidence(nothing, asked, where)
    absent = absenteeism.evidence(nothing, asked, where)
    suspended = suspension.evidence(nothing, asked, where)
    for result in (
        mixed.own, mixed.met, mixed.region, absent.level, absent.course, absent.spread,
        suspended.rates.level, suspended.rates.course, suspended.rates.spread, suspended.gap,
    ):  # fmt: skip
        assert isinstance(result, Lacking), result
    assert absent.lines == {}
    assert mixed.rows == {}
    assert isinstance(mixed.beside, pd.DataFrame)


def test_a_study_before_the_first_figures_says_so(of):
    found = of(absenteeism, study(enrollment_year="2010-11"))
    assert isinstance(found.level, Lacking)
    assert "up to 2010-11" in found.level.lacking
    assert isinstance(found.spread, Lacking)
