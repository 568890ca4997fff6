"""How firm a finding is, against a sweep whose answers are worked out by hand."""

import pandas as pd
import pytest

from dme.claims import yardstick
from dme.evidence import firmness
from dme.evidence.result import Lacking
from dme.study import Study
from dme.sweeps import Sweep

DISTRICTS = pd.DataFrame({
    "district_code": ["0640011", "0930011"],
    "district": ["Hartford School District", "New Haven School District"],
})  # fmt: skip
AXES = {
    "small_school": {"300": {"small_school": 300}, "350": {"small_school": 350}},
    "weighting": {"students": {"weighting": "students"}, "schools": {"weighting": "schools"}},
    "peers": {"nine": {"peers": list(Study().peers)}, "one": {"peers": ["0930011"]}},
    "level": {"all": {"level": "all"}},
}


def grid(*figures):
    """Return a row for each choice of size and weighting, alike for both choices of peers."""
    choices = [(small, how) for small in (300, 350) for how in ("students", "schools")]
    return [
        {"small_school": small, "weighting": weighting, "peers": peers, "level": "all",
         "finding": "small-school-cost", "claim": "O3", "value": value, "low": low, "high": high,
         "unit": "dollars a year", "basis": "measured"}
        for (small, weighting), (value, low, high) in zip(choices, figures, strict=True)
        for peers in ("nine", "one")
    ]  # fmt: skip


# Published: 3 to 4 million. Within it; the same sign; an interval over zero; the other sign.
FOUR = grid((3.5e6, 1e6, 5e6), (9e6, 4e6, 12e6), (2e6, -1e6, 4e6), (-1e6, -2e6, -5e5))


def sweep(rows, district="0640011"):
    shared = {"confidence": 95, "enrollment_year": "2016-17", "spending_year": "2017-18"}
    if district:
        shared["district"] = district
    return Sweep("mine", pd.DataFrame(rows), AXES, shared)


def firm(rows, claim="O3", study=None, **more):
    return firmness.firmness(study or Study(), DISTRICTS, yardstick(), claim, sweep(rows, **more))


def test_the_share_that_agrees_counts_each_specification_once():
    """Peers change nothing here, so eight runs are four ways to measure it."""
    found = firm(FOUR)
    assert found.curve.specifications == 4
    assert found.finding.estimate.value == 50
    assert (found.curve.within, found.curve.direction) == (0.25, 0.25)
    assert "2 of 4 ways to measure it agree" in found.finding.sentence
    assert "in size or in direction" in found.finding.sentence
    shares = {one.label: one.value for one in found.finding.alternatives}
    assert shares["in size alone"] == 25


def test_what_moves_a_figure_is_its_range_with_the_others_held():
    found = firm(FOUR)
    # Over the line: 1.5 and 10 million; over the weighting: 5.5 and 3.
    assert found.curve.moves == {"small_school": 5.75e6, "weighting": 4.25e6}
    table = found.drawn.moves
    assert list(table["Choice"]) == [
        "The line below which a school is small", "What an average weights"
    ]  # fmt: skip
    assert list(table["Share that agrees, by value"]) == ["300: 100%, 350: 0%",
                                                         "schools: 50%, students: 50%"]  # fmt: skip
    assert "Without effect on it: which districts are peers." in found.drawn.picture.note


def test_ways_without_an_interval_are_left_out_and_counted_apart():
    thin = [one | {"low": None, "high": None} if one["small_school"] == 300 else one
            for one in FOUR]  # fmt: skip
    found = firm(thin)
    assert found.finding.estimate.value == 0
    assert found.curve.specifications == 2
    assert "4 runs without an interval" in found.finding.population
    (loose, _) = found.finding.alternatives
    assert loose.value == 50


def test_a_proxy_agrees_in_direction_at_best():
    found = firm([one | {"basis": "proxy"} for one in FOUR])
    assert "in size" not in found.finding.sentence
    assert [one.label for one in found.finding.alternatives] == [
        "counting the ways without an interval, by their sign"
    ]
    assert "in size" not in firmness.answer({"O3": found})


def test_the_studys_own_choices_are_those_of_its_parameters():
    assert firm(FOUR).drawn.chosen == {"small_school": 350, "weighting": "students",
                                       "peers": "nine", "level": "all"}  # fmt: skip
    other = Study(small_school=325, peers=("0930011",))
    assert firm(FOUR, study=other).drawn.chosen == {"weighting": "students", "peers": "one",
                                                    "level": "all"}  # fmt: skip


def test_without_a_sweep_it_says_which_command_to_run():
    found = firmness.firmness(Study(), DISTRICTS, yardstick(), "O1", None)
    assert isinstance(found.finding, Lacking)
    assert "dme sweep headline" in found.finding.lacking
    assert (found.curve, found.drawn) == (None, None)
    assert "dme sweep headline" in firmness.answer({"O1": found})


@pytest.mark.parametrize(("of", "named"), [("0930011", "New Haven"), (None, "several districts")])
def test_a_sweep_of_another_district_is_not_taken(of, named):
    found = firm(FOUR, district=of)
    assert named in found.finding.lacking
    assert "params/sweeps/" in found.finding.lacking


def test_a_finding_that_the_sweep_lacks_is_named():
    assert "holds no finding school-size" in firm(FOUR, "O1").finding.lacking
    empty = [one | {"value": None, "low": None, "high": None} for one in FOUR]
    assert "has an interval" in firm(empty).finding.lacking


def test_for_another_district_a_figure_surely_above_zero_agrees():
    found = firm(FOUR, study=Study(district="0930011", peers=("0640011",)), district="0930011")
    # 3.5 and 9 million; the interval of 2 million reaches zero.
    assert found.finding.estimate.value == 50
    assert "a figure above zero" in found.finding.sentence
    assert len(found.finding.alternatives) == 1


def test_the_answer_tells_how_many_ways_and_what_moves_most():
    text = firmness.answer({"O3": firm(FOUR)})
    assert "2 of 4 ways" in text
    assert "runs from -$1 million to $9 million" in text
    assert "the line below which a school is small moves it most" in text
