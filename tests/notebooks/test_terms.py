"""What a claim is of, and what the finding that judges it reads: the two lists, for every claim."""

import pytest

from dme import paths
from dme.errors import Lacking
from dme.execute.sweep.work import evaluated
from dme.findings import session
from dme.findings.claims import yardstick
from dme.findings.definitions import findings_of
from dme.study import Study


@pytest.fixture(scope="module")
def judging():
    """The findings that judge a claim, by the claim."""
    every = [
        one
        for path in sorted((paths.home() / "notebooks").glob("*.ipynb"))
        for one in findings_of(path)
    ]
    return {one.claim: one for one in every if one.claim and yardstick()[one.claim].finding == one.id}


@pytest.fixture(scope="module")
def read(judging):
    """What each of them reads of the Hartford study."""
    found = {}
    for claim, one in judging.items():
        with session.evaluating(Study()) as reading:
            try:
                one(Study())
            except Lacking:
                pass
        found[claim] = reading.parameters
    return found


@pytest.mark.tried("No false verdict", "a parameter that a claim's terms do not name")
def test_terms_name_every_parameter_that_a_judging_finding_reads(read, record_property):
    claims = yardstick()
    assert read.keys() == {each.id for each in claims.claims}
    for name, parameters in read.items():
        named = claims.fitting(claims[name]).keys() | claims.free.keys() | {"district"}
        assert parameters <= named, name
    record_property("times", sum(map(len, read.values())))


def test_terms_name_nothing_that_no_finding_reads(read):
    claims = yardstick()
    for name, parameters in read.items():
        assert claims[name].rule.terms.keys() <= parameters, name
    every = set().union(*read.values())
    shared = {key for entry in claims.terms for key in (*entry.fit, *entry.free)}
    assert shared <= every
    assert every <= set(Study.model_fields)


def test_the_study_of_the_claims_departs_from_none(read):
    claims, study = yardstick(), Study()
    for name, parameters in read.items():
        values = {key: getattr(study, key) for key in parameters}
        assert claims.departures(claims[name], values) == [], name


SUBURBS = ("0040011", "0520011", "0540011", "1280011", "1550011")
ELSEWHERE = {
    "peers": SUBURBS,
    "full_utilization": 70,
    "reinvestment": 40_000_000,
    "confidence": 60,
    "smallest_school": 300,
    "small_school": 500,
    "level": "high",
    "enrollment_year": "2010-11",
    "size_year": "2010-11",
    "staff_year": "2010-11",
    "spending_year": "2020-21",
    "trend_start": "2010-11",
    "before_plan": "2016-17",
    "plan_horizon": "2023-24",
    "bus_rule": "older",
    "north": ("Downtown", "Blue Hills"),
    "class_sizes": "union page",
    "arts_periods": 2,
    "pe_periods": 1,
    "specialist_load": 30,
    "planning_minutes": 45,
    "planning_times": 2,
    "design_year": "2017-18",
    "period_minutes": 30,
    "periods_per_day": 9,
}


@pytest.mark.tried("No false verdict", "a study that departs from a claim in one parameter")
@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_study_that_departs_in_one_parameter_gets_no_verdict(
    judging, read, name, record_property
):
    """Each claim is told apart without computing what its finding would be, but for one."""
    reading = sorted(claim for claim, parameters in read.items() if name in parameters)
    assert reading
    claims, study = yardstick(), Study(**{name: ELSEWHERE[name]})
    for claim in reading:
        values = {key: getattr(study, key) for key in read[claim]}
        assert claims.departures(claims[claim], values), claim
    record_property("times", len(reading))


@pytest.mark.tried("No false verdict", "rich suburbs as peers, other lines, another sum")
def test_an_odd_study_reproduces_nothing_that_is_of_another(judging):
    odd = Study(peers=SUBURBS, full_utilization=70, reinvestment=40_000_000)
    ids = ("O1", "O2", "O4", "L9", "R3", "R4", "D1")
    rows = {row[1]: row for row in evaluated([judging[claim] for claim in ids], odd)}
    verdicts = {claim: row[7] for claim, row in rows.items()}
    # The count of students hangs on none of them.
    assert verdicts.pop("D1") == "reproduced"
    assert set(verdicts.values()) == {None}
    assert "peers is 0040011 and 0520011" in rows["O1"][8]
    assert "reinvestment is 40,000,000 here, 15,000,000 in the claim" in rows["R3"][8]
