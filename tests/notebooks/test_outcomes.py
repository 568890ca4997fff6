"""The outcomes notebook, run whole, and its findings under other parameters."""

import pandas as pd
import pytest

from dme import paths
from dme.errors import Lacking
from dme.findings import answer_of, read_notebook
from dme.tables import load
from tests.notebooks.declared import of

NOTEBOOK = "outcomes"


def test_what_was_done(hartford):
    """Of 4 closures, 12 changes of grades and 9 moves, 4, 11 and 7 show; worked out by eye."""
    found = hartford["plan-carried-out"]
    assert found.value == pytest.approx(100 * 22 / 25)
    assert (found.claim, found.verdict) == ("W1", "not reproduced")
    assert [(then.date, then.verdict) for then in found.earlier] == [
        ("2026-11-22", "reproduced"),
        ("2026-11-25", "same direction only"),
        ("2026-11-25 18:37", "same direction only"),
    ]
    assert "Asian Studies" in found.sentence
    assert "7 of 9 named to move" in found.sentence
    assert "1 part of a school (Kinsella grades 9-12)" in found.sentence


def test_the_share_of_small_schools(hartford):
    found = hartford["share-small-since"]
    assert found.claim is None
    assert "21 of 41 in 2024-25" in found.sentence
    assert {a.label for a in found.alternatives} >= {"school year 2017-18", "school year 2024-25"}


def test_money_by_need_is_judged_by_both_criteria(hartford):
    found = hartford["reinvestment-by-need"]
    assert found.claim == "W2"
    assert found.low < found.value < found.high
    in_all = found.alternatives[0]
    assert in_all.label == "all dollars of a school, not per pupil"
    assert abs(in_all.value) < found.value
    assert found.verdict == "not reproduced"
    assert [(then.date, then.verdict) for then in found.earlier] == [
        ("2026-11-22", "reproduced"),
        ("2026-11-25", "same direction only"),
    ]


def test_full_schools_are_modelled_and_say_so(hartford):
    found = hartford["students-in-full-schools-since"]
    assert (found.claim, found.basis) == ("L9", "modelled")
    assert "modelled" in found.caveat
    assert found.beside  # the plan's own figure gives the verdict of L9
    assert 0 < found.value < 63


def test_what_no_table_tells_is_said(hartford):
    for name, claim in (("planning-and-budgeting", "W3"), ("superintendent", "W4")):
        assert hartford[name].claim == claim
        assert hartford[name].verdict == "not testable"


def test_a_district_whose_record_ends_before_says_so(run):
    text = 'study: west-haven\ndistrict: "1560011"\npeers: ["0640011"]\nresamples: 300\n'
    found = {name: entry.finding for name, entry in run("west-haven", text).items()}
    assert found["share-small-since"].value is None
    assert "West Haven" in found["share-small-since"].sentence
    assert found["plan-carried-out"].value is None
    assert "no plan of West Haven" in found["plan-carried-out"].sentence
    answer = answer_of(read_notebook(paths.results("west-haven") / "outcomes.ipynb"))
    assert "can't be told here" in answer
    assert all(one.verdict is None for one in found.values())


def test_small_schools_worked_out_apart():
    share = of(NOTEBOOK, "share-small-since")
    assert share.value == pytest.approx(100 * 17 / 39)
    assert tuple(share.facts["last"][["small", "schools"]]) == (21, 41)
    assert of(NOTEBOOK, "mean-size-since").value == pytest.approx(16_373 / 39)


def test_codes_younger_than_the_plan_are_named(hartford):
    for name in ("share-small-since", "mean-size-since"):
        assert "Weaver High School (2019-20)" in hartford[name].caveat
        assert "Kinsella" in hartford[name].caveat
        assert "2022-23" in hartford[name].caveat


def test_a_school_that_moved_before_it_was_joined_is_told(hartford):
    """High School, Inc. was listed 3.6 km away before Weaver took it in."""
    other, later, parts = hartford["plan-carried-out"].alternatives
    assert other.value == pytest.approx(100 * 23 / 25)
    assert later.value == pytest.approx(100 * 22 / 25)
    # As it was first counted, with one part of a school among ten moves.
    assert parts.value == pytest.approx(100 * 22 / 26)


def test_the_years_of_the_lists_are_those_of_the_copies(hartford):
    assert hartford["plan-carried-out"].year == "2018-19 to 2021-22"
    assert "2014-15, about 2018, 2021-22" in hartford["plan-carried-out"].method


def test_money_by_need_worked_out_apart():
    gap = of(NOTEBOOK, "reinvestment-by-need", resamples=400)
    assert gap.facts["schools"] == 37
    assert gap.value == pytest.approx(30.226, abs=0.001)


def test_all_dollars_by_need_worked_out_apart(hartford):
    in_all = hartford["reinvestment-by-need"].alternatives[0]
    assert in_all.value == pytest.approx(5.593, abs=0.001)


def test_who_stands_behind_need_and_what_fewer_students_make_of_it(hartford):
    """Added up in a spreadsheet from the raw files: 27.23 less 2.95 points by fewer students."""
    found = hartford["reinvestment-by-need"]
    by_label = {other.label: other for other in found.alternatives}
    fewer = by_label["per pupil, what fewer students make of it"]
    assert fewer.value == pytest.approx(27.23 - 2.95, abs=0.01)
    assert "Of the 30 points between them 24" in found.sentence
    assert "19 of higher need, 1 of them interdistrict magnets, and 18 others, 17" in found.population
    # The same spreadsheet: slopes of 0.69921 and 0.00483 a point of need, halves 30.3781 apart.
    line = by_label["need as a number, per pupil"]
    assert line.value == pytest.approx(0.69921 * 30.3781, abs=0.01)
    assert by_label["need as a number, all dollars"].value == pytest.approx(0.1467, abs=0.001)


def test_the_gap_by_need_by_hand():
    """Worked with pandas alone: no school but those of both years, each once."""
    rows = load("spending_schools")
    plant = load("spending_by_function").query("function == 'plant_operation'")
    keys = ["school_year", "school_code"]
    plant = plant.set_index(keys)["dollars_per_pupil"].astype(float)
    ours = rows[rows["district_code"] == "0640011"].set_index(keys)
    bare = ours["dollars_per_pupil"].astype(float) - plant.reindex(ours.index).fillna(0)
    grown = bare.xs("2021-22") / bare.xs("2017-18") - 1
    before = ours.xs("2017-18")
    kept = pd.DataFrame({"grown": 100 * grown, "need": before["percent_high_needs"]}).dropna()
    kept = kept[before["students"].reindex(kept.index) >= 100]
    high = kept["need"] >= kept["need"].median()
    gap = kept.loc[high, "grown"].mean() - kept.loc[~high, "grown"].mean()
    assert of(NOTEBOOK, "reinvestment-by-need", resamples=400).value == pytest.approx(gap)


def test_spending_in_the_dollars_of_the_horizon():
    """By hand: the index of 2022 over that of 2018 is 292.626 / 251.1."""
    spending = load("district_spending")
    mine = spending[spending["district_code"] == "0640011"].set_index("school_year")
    printed = mine["dollars_per_pupil"].astype(float)
    grown = printed["2021-22"] / (printed["2017-18"] * 292.626 / 251.1) - 1
    assert of(NOTEBOOK, "real-spending-since").value == pytest.approx(100 * grown)


def test_dollars_by_function_in_those_of_the_year_before_the_plan(hartford):
    """Added up from the raw files with other code, in millions."""
    found = of(NOTEBOOK, "dollars-by-function-since")
    assert found.value == pytest.approx(1e6 * (132.20 - 151.64), abs=1e4)
    office = [found.facts[when]["school_administration"] for when in ("before", "after")]
    assert office == pytest.approx([24.27e6, 20.03e6], abs=1e4)
    assert found.facts["start"] == "2017-18"
    plant = hartford["dollars-by-function-since"].alternatives[2]
    assert plant.value == pytest.approx(1e6 * (25.53 - 13.71), abs=1e4)
    assert plant.label == "operation of plant"


def test_instruction_per_pupil_against_nine_peers(hartford):
    """With other code from the raw files: 191.7 against 951.0, placebos to 1,408.0 away."""
    found = hartford["instruction-per-pupil-against-peers"]
    assert found.value == pytest.approx(191.7 - 951.0, abs=0.1)
    assert (found.low, found.high) == pytest.approx((-2167.4, 648.6), abs=0.1)
    assert "90% interval" in found.interval
    assert "(90%: $2,167 less to $649 more); chance alone gives as much in 70% of cases" in found.sentence


def test_spending_against_a_mixture_by_another_solver(hartford):
    """With SLSQP from the raw files; the interval by trying every dollar."""
    found = hartford["spending-against-a-mixture"]
    assert found.value == pytest.approx(-852.26, abs=0.05)
    assert (found.low, found.high) == pytest.approx((-3095, 1390), abs=1)
    assert "70% Bridgeport and 29% New Haven and 1% Danbury" in found.sentence
    assert "number 7 of 10 districts (chance alone gives as much in 70% of cases)" in found.sentence
    assert "(90%: $3,095 less to $1,39" in found.sentence
    assert "no p-value below 0.1" in found.caveat


def test_a_district_with_too_few_peers_in_the_accounts_has_no_mixture():
    few = ["0150011", "0340011"]
    for name in ("spending-against-a-mixture", "instruction-per-pupil-against-peers"):
        with pytest.raises(Lacking, match="too few"):
            of(NOTEBOOK, name, peers=few)


def test_accounts_that_do_not_reach_the_horizon_are_told():
    with pytest.raises(Lacking, match="2029-30"):
        of(NOTEBOOK, "dollars-by-function-since", plan_horizon="2029-30")


def test_the_share_in_full_schools_worked_out_apart(hartford):
    assert of(NOTEBOOK, "students-in-full-schools-since").value == pytest.approx(47.18, abs=0.01)
    assert "seats of 2015-16" in hartford["students-in-full-schools-since"].caveat


def test_a_line_that_few_schools_pass_leaves_nothing_to_compare():
    with pytest.raises(Lacking, match="for 0 schools"):
        of(NOTEBOOK, "reinvestment-by-need", smallest_school=5000)


def test_the_answer_names_the_years_it_speaks_of(hartford):
    assert hartford
    text = answer_of(read_notebook(paths.results("hartford-2017") / "outcomes.ipynb"))
    assert "Of the 25 closures" in text
    assert "a year after the plan (90%: $3,095 less to" in text
    assert "In 2024-25 **51%** of schools were under 350 students, in 2017-18 33%." in text
    assert "but their dollars in all did not: 24 of the points" in text
    assert "The $15 million a year to reinvest **can't be seen** in the schools' accounts" in text
    assert "**no more than chance can bring**" in text
