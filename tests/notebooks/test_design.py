"""The design notebook, run whole: Hartford's weeks and prices, other districts, hard wishes."""

import pytest

from dme import findings
from dme.claims import yardstick

NOTEBOOK = "design"


def test_every_claim_of_the_area_has_its_verdict(hartford):
    answered = {found.claim for found in hartford.values() if found.claim}
    assert answered == {claim.id for claim in yardstick().claims if claim.area == "design"}
    assert all(found.verdict and found.reason for found in hartford.values() if found.claim)


def test_all_of_it_is_modelled_and_says_so(hartford):
    assert {found.basis for found in hartford.values()} == {"modelled"}
    assert all(found.caveat for found in hartford.values())


def test_both_schools_have_a_week(hartford):
    found = hartford["shared-planning"]
    # Six teams from prekindergarten to grade 5 (PK and K together), three in grades 6 to 8.
    assert found.value == 9
    assert found.verdict == "reproduced"
    assert "Grades PK-K" in found.population
    (even,) = found.alternatives
    assert "spread evenly" in even.label
    assert f"({even.value:.0f} teams)" in even.label


def test_no_week_takes_fewer_specialists(hartford):
    found = hartford["specialists"]
    # 18 classes with six specials and 8 with ten are 188 lessons, 25 for each specialist; the
    # first can't be shared out by fives (23 days: see the tests of the schedule), and five
    # specials take a specialist on four days each.
    assert 188 / 25 < found.value == (23 + 5 * 4) / 5
    more = hartford["planning-block-cost"]
    assert more.value == pytest.approx((23 - 20) / 5)
    for one in (found, more):
        assert one.low is None
        assert "proved" in one.interval


def test_the_price_of_a_minute_follows_the_price_of_a_teacher(hartford):
    found = hartford["planning-minute-cost"]
    assert found.low / found.value == pytest.approx(96_870 / ((96_870 + 132_145) / 2), rel=1e-3)
    assert found.high / found.low == pytest.approx(132_145 / 96_870, rel=1e-3)


def test_the_six_uses(hartford):
    keys = ("planning", "enrichment", "time", "groups", "college", "advisory")
    six = [hartford[f"{key}-use"] for key in keys]
    for found in six:
        assert 0 < found.low < found.value < found.high
        if found.high < 15e6:  # it leaves out 2.5 draws of 100
            assert found.verdict == "reproduced"
        # The median decides the other criterion.
        assert (found.verdict == "not reproduced") == (found.value > 15e6)
    whole = hartford["six-uses"]
    assert whole.value == pytest.approx(sum(found.value for found in six), rel=0.05)
    assert whole.claim is None


def test_the_answer_stands_on_the_page(hartford, home):  # noqa: ARG001
    notebook = findings.read_notebook(home / "results" / "hartford-2017" / "design.ipynb")
    ((_, _, told),) = findings.bundles(notebook, findings.ANSWER_MIME)
    assert "Yes, such a week exists" in told["text"]
    assert "9 of 9 teams" in told["text"]


def test_an_impossible_wish_is_told_by_what_blocks_it(studied):
    text = "planning_minutes: 180\nplanning_times: 5\n"
    figures = studied("too-much", text)
    found = figures["shared-planning"]
    assert found.value < 9
    assert found.verdict == "not reproduced"
    assert "These can't all hold" in found.sentence
    assert "180 consecutive minutes (4 periods), 5 times a week" in found.sentence
    assert figures["specialists"].value is None


def test_less_planning_than_the_claim_speaks_of_does_not_reproduce_it(studied):
    found = studied("less", "planning_minutes: 45\n")["shared-planning"]
    assert found.value == 9
    assert found.verdict == "not reproduced"


def test_another_school_gets_a_week_and_no_verdict(studied):
    found = studied("burns", 'design_schools: ["0640611"]\n')["shared-planning"]
    assert found.value > 0
    assert found.verdict is None


def test_another_district_gets_its_largest_schools(studied):
    figures = studied("new-haven", 'district: "0930011"\npeers: ["0640011"]\n')
    assert figures["shared-planning"].value > 0
    assert "New Haven" in figures["shared-planning"].population
    assert figures["planning-use"].value > 0
    assert all(found.verdict is None for found in figures.values())


def test_a_district_of_one_school(studied):
    figures = studied("odyssey", 'district: "2630013"\nsmallest_school: 0\n')
    assert figures["shared-planning"].value > 0
    assert figures["college-use"].value is None
    assert "no school of Odyssey" in figures["college-use"].sentence
    assert all(found.verdict is None for found in figures.values())
