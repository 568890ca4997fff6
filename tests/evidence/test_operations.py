"""What the operations notebook presents: words that fit the figures, and what must not matter."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dme.evidence import operations
from dme.evidence.result import Lacking, Measured
from dme.measures.estimates.estimate import Estimate
from dme.study import Study
from dme.tables import load

QUICK = {"resamples": 200}


def study(**choices):
    return Study(**QUICK | choices)


def place_of(chosen):
    return operations.place(chosen, load("districts"))


def compared(chosen, spending=None, by_function=None):
    spending = load("spending_schools") if spending is None else spending
    by_function = load("spending_by_function") if by_function is None else by_function
    return operations.by_size(chosen, place_of(chosen), spending, by_function)


def costs(chosen, spending=None):
    return operations.small_school_cost(chosen, place_of(chosen), compared(chosen, spending))


def seats():
    return operations.ZoneSeats(
        load("zone_capacity"), load("school_zones"), load("school_enrollment")
    )


def modelled(chosen):
    return operations.seats_by_school(
        chosen, seats(), load("nces_enrollment"), load("school_crosswalk")
    )


def projected(chosen, facts=None):
    return operations.enrollment_projection(
        chosen,
        place_of(chosen),
        load("district_enrollment"),
        load("district_enrollment_by_grade"),
        load("published_facts") if facts is None else facts,
    )


# Which schools are compared


def test_a_study_of_one_level_compares_its_schools_only():
    found = compared(study(level="high"))
    assert "(high schools only)" in found.words
    assert len(found.rows) == 15
    assert set(found.urban["district_code"]) > {Study().district}
    every = compared(study())
    assert len(every.rows) == 44
    assert not set(found.rows["school_code"]) - set(every.rows["school_code"])


def test_without_plant_the_other_way_is_with_it():
    plain, other = compared(study()), compared(study(plant_cost=False))
    pd.testing.assert_frame_equal(plain.rows, other.other_plant, check_dtype=False)
    assert (other.rows["dollars_per_pupil"] <= plain.rows["dollars_per_pupil"]).all()


@pytest.mark.parametrize(
    ("choices", "words", "claim"),
    [
        ({"small_school": 2000}, "falls into one of the two groups at 2000 students", None),
        ({"level": "middle"}, "falls into one of the two groups at 350 students", None),
        ({"district": "1550011"}, "no spending by school of West Hartford", "O2"),
        ({"district": "1550011", "level": "high"}, "no high school of West Hartford", None),
    ],
)
def test_why_nothing_can_be_compared(choices, words, claim):
    """A claim is untestable for lack of data, not for a choice that leaves a group empty."""
    found = costs(study(**choices))
    for result in (found.premium, found.adjusted, found.yearly):
        assert isinstance(result, Lacking)
        assert words in result.lacking
    assert found.premium.claim == claim
    assert found.drawn is None


def test_a_district_without_schools_that_count_is_told_so():
    chosen = study(district="3470015")
    sizes = operations.school_size(
        chosen, place_of(chosen), load("school_enrollment"), load("spending_schools")
    )
    assert isinstance(sizes.finding, Lacking)
    assert "100 students or more" in sizes.finding.lacking
    many = operations.schools_per_thousand(
        chosen, place_of(chosen), sizes, load("district_enrollment")
    )
    assert isinstance(many, Lacking)


# Size


@pytest.fixture(scope="module")
def sizes():
    chosen = study()
    return operations.school_size(
        chosen, place_of(chosen), load("school_enrollment"), load("spending_schools")
    )


def test_schools_per_pupil_are_the_gap_turned_round(sizes):
    chosen = study()
    many = operations.schools_per_thousand(
        chosen, place_of(chosen), sizes, load("district_enrollment")
    )
    mean, others = (
        sizes.schools.loc[sizes.schools["district_code"] == chosen.district, "students"].mean(),
        sizes.schools.loc[sizes.schools["district_code"] != chosen.district, "students"].mean(),
    )
    assert many.estimate.value == pytest.approx(100 * (others / mean - 1))
    assert many.estimate.low < many.estimate.value < many.estimate.high
    assert "2.3 schools for every 1,000" in many.sentence
    labels = [choice.label for choice in many.alternatives]
    assert labels[-1] == "for all students of the districts"


def test_each_level_has_its_schools_in_the_label():
    chosen = study()
    found = operations.size_by_level(
        chosen, place_of(chosen), load("school_enrollment"), load("school_enrollment_by_grade")
    )
    assert [choice.label for choice in found.choices] == [
        "all, at like level",
        "elementary (5 and 91)",
        "PK-8 (21 and 59)",
        "middle (3 and 25)",
        "high (16 and 37)",
    ]
    assert found.finding.claim is None


# Cost


def test_the_premiums_choices_begin_with_the_primary_one_and_the_adjusted():
    found = costs(study())
    labels = [choice.label for choice in found.drawn.premium]
    assert labels[:2] == ["primary specification", "adjusted for level and need"]
    assert found.drawn.premium[0].value == found.premium.estimate.value
    assert found.drawn.yearly[0].value == found.yearly.estimate.value


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(factor=st.integers(2, 9))
def test_scaling_all_dollars_scales_premiums_by_nothing_and_costs_by_as_much(factor):
    spending, by_function = load("spending_schools"), load("spending_by_function")
    more, parts = (
        table.assign(dollars_per_pupil=table["dollars_per_pupil"] * factor)
        for table in (spending, by_function)
    )
    chosen = study()
    place = place_of(chosen)
    results = []
    for some, functions in ((spending, by_function), (more, parts)):
        groups = compared(chosen, some, functions)
        results.append(
            (
                operations.small_school_cost(chosen, place, groups),
                operations.cost_curve(chosen, place, groups),
                operations.premium_in_peers(chosen, place, groups, some),
                operations.premium_by_function(chosen, place, groups),
            )
        )
    (cost, curve, peers, functions), (cost2, curve2, peers2, functions2) = results
    pairs = (
        (cost.premium, cost2.premium),
        (cost.adjusted, cost2.adjusted),
        (curve.finding, curve2.finding),
        (peers.finding, peers2.finding),
    )
    for one, other in pairs:
        assert ends(one.estimate) == pytest.approx(ends(other.estimate), abs=1e-6)
        assert values(one.alternatives) == pytest.approx(values(other.alternatives), abs=1e-6)
    assert factor * np.array(ends(cost.yearly.estimate)) == pytest.approx(
        ends(cost2.yearly.estimate)
    )
    assert factor * np.array(ends(functions.finding.estimate)) == pytest.approx(
        ends(functions2.finding.estimate)
    )


def ends(estimate: Estimate):
    return estimate.value, estimate.low, estimate.high


def values(alternatives):
    return [choice.value for choice in alternatives]


@pytest.mark.parametrize(
    "changes",
    [
        {"students": 0},  # a school without pupils
        {"students": pd.NA},  # one whose count is not printed
        {"dollars_per_pupil": pd.NA, "percent_high_needs": np.nan},  # one without a figure
    ],
)
def test_adding_an_empty_school_changes_no_cost(changes):
    chosen, spending = study(), load("spending_schools")
    place = place_of(chosen)
    row = spending[
        (spending["district_code"] == chosen.district)
        & (spending["school_year"] == chosen.spending_year)
    ].head(1)
    more = pd.concat([spending, row.assign(school_code="0649999", **changes)], ignore_index=True)
    before, after = (compared(chosen, some) for some in (spending, more))
    one, other = (operations.small_school_cost(chosen, place, g) for g in (before, after))
    assert one.premium == other.premium
    assert one.adjusted == other.adjusted
    assert one.yearly.estimate == other.yearly.estimate
    lines = [operations.cost_curve(chosen, place, g).finding for g in (before, after)]
    assert lines[0] == lines[1]
    parts = [operations.premium_by_function(chosen, place, g).finding for g in (before, after)]
    assert parts[0] == parts[1]
    peers = [
        operations.premium_in_peers(chosen, place, g, some).finding
        for g, some in ((before, spending), (after, more))
    ]
    assert peers[0] == peers[1]


def test_the_table_of_functions_adds_up():
    chosen = study()
    found = operations.premium_by_function(chosen, place_of(chosen), compared(chosen))
    table = found.table
    assert table["Function"].iloc[-1] == "All"
    assert table["Function"].iloc[0] == "School administration"
    whole = table["Difference"].iloc[-1]
    assert f"Of {whole} more per pupil" in found.finding.sentence
    shares = table["Share of the premium"].str.rstrip("%").astype(float)
    assert shares.iloc[:-1].sum() == pytest.approx(100, abs=2)
    labels = {choice.label for choice in found.finding.alternatives}
    assert "operation of plant" in labels
    without = operations.premium_by_function(
        study(plant_cost=False), place_of(chosen), compared(study(plant_cost=False))
    )
    assert "operation of plant" not in {c.label for c in without.finding.alternatives}
    assert "Without operation of plant" not in without.finding.sentence
    rest = found.finding.sentence.split("the whole is ")[1].rstrip(".")
    assert without.table["Difference"].iloc[-1] == rest


def test_a_curve_without_a_lowest_point_says_so():
    chosen = study()
    found = operations.cost_curve(chosen, place_of(chosen), compared(chosen))
    assert isinstance(found.finding, Measured)
    assert isinstance(found.flattest, Lacking)
    assert "no lowest point between 134 and 1,069 students" in found.flattest.lacking
    assert list(found.lines) == ["schools of Hartford", "with the peers' schools"]


def test_too_few_schools_for_a_curve_is_said():
    chosen = study(district="0890011")
    found = operations.cost_curve(chosen, place_of(chosen), compared(chosen))
    assert "too few schools of New Britain" in found.finding.lacking
    assert found.picture is None


def test_the_peers_and_the_study_stand_apart():
    chosen = study()
    found = operations.premium_in_peers(
        chosen, place_of(chosen), compared(chosen), load("spending_schools")
    )
    assert found.choices[0].label == "Hartford (14 and 30)"
    assert found.choices[-1].label == "the peers, pooled"
    assert found.choices[-1].value == found.finding.estimate.value
    labels = [choice.label for choice in found.finding.alternatives]
    assert "with the district of the study" in labels
    assert "spending of 2018-19" in labels
    assert {"Waterbury", "New Haven", "Danbury"} <= set(found.flat["District"])


def test_without_plant_no_plant_is_called_flat():
    chosen = study(plant_cost=False)
    found = operations.premium_in_peers(
        chosen, place_of(chosen), compared(chosen), load("spending_schools")
    )
    assert "Operation of plant" not in set(found.flat["Function"])


# Fullness


def test_the_model_keeps_the_zones_seats_and_shows_the_printed_school():
    model = modelled(study())
    table = model.by_zone
    assert list(table["Seats, modelled"]) == list(table["Seats, published"])
    assert model.printed["Seats, printed"].tolist() == ["573"]
    gaps = table["Gap"].str.rstrip("%").astype(float).abs()
    assert model.worst_gap == pytest.approx(gaps.max(), abs=0.05)


def test_another_district_has_no_seats():
    chosen = study(district="0930011")
    assert modelled(chosen) is None
    found = operations.underused_cost(chosen, place_of(chosen), compared(chosen), None)
    assert found.results == ()


def trend_of(chosen):
    return operations.trend(
        chosen, place_of(chosen), load("district_enrollment"), load("school_enrollment")
    )


def test_plain_seats_lie_below_study_capacity_in_every_zone():
    chosen = study()
    full = operations.zone_utilization(chosen, place_of(chosen), seats(), trend_of(chosen))
    found = operations.by_plain_seats(
        chosen, place_of(chosen), full, modelled(chosen), load("school_directory")
    )
    (result,) = found.results
    assert result.basis == "modelled"
    assert (found.areas["high"] < found.areas["study"]).all()
    assert result.estimate.low < result.estimate.value < result.estimate.high
    contract = next(c for c in result.alternatives if "Burns" in c.label)
    assert contract.value == pytest.approx(22075 / 30244 * 100 * 573 / 749, abs=0.05)
    none = operations.by_plain_seats(chosen, place_of(chosen), full, None, load("school_directory"))
    assert none.results == ()


@pytest.mark.parametrize(
    ("low", "high", "declines", "words"),
    [
        (-2.0, -0.5, True, "below zero"),
        (-1.0, 0.5, False, "reaching zero"),
        (0.5, 1.0, False, "above zero"),
        (None, None, False, "without an interval"),
    ],
)
def test_where_a_trends_interval_lies(low, high, declines, words):
    found = trend_of(study())
    changed = type(found)(found.finding, Estimate(-1.0, low, high, ""))
    assert changed.declines is declines
    assert words in changed.reach


# Projection


def test_the_projection_stands_beside_what_was_published_and_what_came():
    found = projected(study())
    names = [result.name for result in found.results]
    assert names == ["enrollment-projection", "projection-error", "projection-and-outcome"]
    first, errors, change = found.results
    assert "17,183 students came" in first.sentence
    assert first.basis == "modelled"
    assert first.estimate.low < first.estimate.value < first.estimate.high
    assert change.estimate.value == pytest.approx(100 * (17733 / 21463 - 1))
    published = change.alternatives[0]
    assert published.value == pytest.approx(100 * (18217 / 20162 - 1))
    # The published figure without PK, and the PK students of its first year.
    assert found.published["2020-21"] == 18217 + 1315
    assert errors.alternatives[0].label == "nothing changes"


def test_nothing_that_came_moves_the_projection():
    """What was known in 2016-17 is all that it may rest on."""
    chosen = study()
    by_grade = load("district_enrollment_by_grade")
    counts = load("district_enrollment")
    late = counts["school_year"] > chosen.enrollment_year
    other = counts.assign(students=counts["students"].mask(late, 1))
    results = [
        operations.enrollment_projection(
            chosen, place_of(chosen), some, by_grade, load("published_facts").head(0)
        ).results[0]
        for some in (counts, other)
    ]
    assert results[0].estimate == results[1].estimate


def test_without_grades_or_facts_less_is_said():
    few = projected(study(enrollment_year="2008-09"))
    assert isinstance(few.results[0], Lacking)
    assert few.picture is None
    elsewhere = projected(study(district="0930011"), load("published_facts").head(0))
    assert [result.name for result in elsewhere.results] == [
        "enrollment-projection",
        "projection-error",
    ]
    assert elsewhere.published == {}


# The answer


def result(name, value, low=None, high=None):
    estimate = Estimate(value, low, high, "-")
    return Measured(name, "-", "-", estimate, "percent", "-", "2016-17", "-")


def test_the_answer_says_which_way_and_how_surely():
    chosen = study()
    place = place_of(chosen)
    text = operations.answer(
        chosen,
        place,
        result("school-size", 24.1, 11.1, 34.2),
        result("premium-in-peers", 3.8, -8.5, 17.8),
        result("enrollment-trend", -0.4, -0.9, 0.1),
        Lacking("utilization", "-", "no seats", "percent"),
    )
    assert "**24.1% smaller** than its peers' (11.1% to 34.2%)." in text
    assert "It is no general law" in text
    assert "Enrollment fell by 0.4% a year (-0.9% to 0.1%), which is not clear of zero." in text
    assert "seats" not in text
    assert text.endswith("In brackets: 95% intervals.")
    other = operations.answer(
        chosen,
        place,
        result("school-size", -10.0, -20.0, 5.0),
        result("premium-in-peers", 8.0, 2.0, 14.0),
        result("utilization", 90.0, 70.0, 99.0),
    )
    assert "**10% larger** than its peers' (-20% to 5%), which is not clear of zero" in other
    assert "So it is elsewhere" in other
    assert "some zone reached 85%" in other


def test_an_answer_of_nothing_has_no_points():
    chosen = study()
    assert "- " not in operations.answer(chosen, place_of(chosen))
