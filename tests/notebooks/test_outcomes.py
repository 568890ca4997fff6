"""The outcomes notebook, run whole."""

import pytest

NOTEBOOK = "outcomes"


def test_what_was_done(hartford):
    """Of 4 closures, 12 changes of grades and 10 moves, 4, 11 and 7 show; worked out by eye."""
    found = hartford["plan-carried-out"]
    assert found.value == pytest.approx(100 * 22 / 26)
    assert (found.claim, found.verdict) == ("W1", "same direction")
    assert "Asian Studies" in found.sentence
    assert "7 of 10 named to move" in found.sentence


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
    assert found.verdict == "same direction"


def test_full_schools_are_modelled_and_say_so(hartford):
    found = hartford["students-in-full-schools-since"]
    assert (found.claim, found.basis) == ("L9", "modelled")
    assert "modelled" in found.caveat
    assert found.verdict == "not reproduced"
    assert 0 < found.value < 63


def test_what_no_table_tells_is_said(hartford):
    for name, claim in (("planning-and-budgeting", "W3"), ("superintendent", "W4")):
        assert hartford[name].claim == claim
        assert hartford[name].verdict == "not testable with public data"


def test_a_district_whose_record_ends_before_says_so(run):
    text = 'study: new-haven\ndistrict: "0930011"\npeers: ["0640011"]\nresamples: 300\n'
    found = {name: entry.finding for name, entry in run("new-haven", text).items()}
    assert found["share-small-since"].value is None
    assert "New Haven" in found["share-small-since"].sentence
    assert found["real-spending-since"].value is not None
    assert found["plan-carried-out"].value is None
    assert all(one.verdict is None for one in found.values())


def test_a_horizon_without_a_record_is_no_crash(run):
    text = 'study: later\nplan_horizon: "2029-30"\nresamples: 300\n'
    found = {name: entry.finding for name, entry in run("later", text).items()}
    assert found["mean-size-since"].value is None
    assert "2029-30" in found["mean-size-since"].sentence
