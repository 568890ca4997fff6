"""The teaching notebook, run whole: Hartford's figures, other districts, thin groups."""

import pytest

from dme import findings
from dme.findings.claims import yardstick
from tests.turns import on_turn

NOTEBOOK = "teaching"


def test_every_claim_of_the_area_has_its_verdict(hartford):
    answered = {found.claim for found in hartford.values() if found.claim}
    area = {claim.id for claim in yardstick().claims if claim.area == "teaching"}
    assert answered == area | {"D2"}
    assert all(found.verdict and found.reason for found in hartford.values() if found.claim)


def test_the_verdicts_follow_the_rule(hartford):
    assert hartford["classroom-teachers"].verdict == "reproduced"
    assert hartford["two-sections"].verdict == "not reproduced"
    # Whole posts weigh more on fewer pupils by construction, so the claim gets no credit for it.
    assert hartford["specialist-cost"].verdict == "not testable"
    assert "rounds up to one whole post" in hartford["specialist-cost"].by_construction
    assert hartford["principals-wishes"].verdict == "not testable"
    assert hartford["curricula"].verdict == "not testable"
    without = {name for name, found in hartford.items() if not found.claim}
    assert {"improvement-of-instruction", "instructional-specialists"} <= without


def test_the_teachers_are_those_of_the_table(hartford):
    # EdSight's file of 2015-16: 1,310.2 in general and 203.5 in special education.
    found = hartford["classroom-teachers"]
    assert found.value == pytest.approx(1513.7)
    assert found.value == pytest.approx(1568, rel=0.05)
    others = {other.label: other.value for other in found.alternatives}
    assert others["general-education teachers alone"] == pytest.approx(1310.2)


def test_teams_by_size(hartford):
    found = hartford["two-sections"]
    # 7 of 15 small schools and 27 of 29 others, counted by hand on the tile chart.
    assert found.value == pytest.approx(100 * (7 / 15 - 27 / 29))
    assert found.low < found.value < found.high < 0
    labels = [other.label for other in found.alternatives]
    assert "within grade spans" in labels
    assert "prekindergarten counts as a grade" in labels
    assert hartford["teachers-per-grade"].low < 0 < hartford["teachers-per-grade"].high
    # Both earlier rules, and the four verdicts of their time.
    then = {each.date: each.verdict for each in found.earlier}
    assert then["2026-11-25"] == "same direction only"
    # Each criterion's own interval, and its test by its own name.
    beside = {each.label: each for each in hartford["teachers-per-grade"].alternatives}
    youngest = beside["schools of prekindergarten alone too"]
    assert f"(difference {youngest.low:.1f} to {youngest.high:.1f})" in found.sentence
    assert any("prekindergarten alone too" in name for name, _ in found.tests)


def test_a_difference_that_hangs_on_who_counts_is_not_called_firm(home, hartford):
    # 3.70 and 4.69 teachers a grade, worked out apart, with Hartford PreKindergarten Magnet.
    found = hartford["teachers-per-grade"]
    others = {other.label: other for other in found.alternatives}
    youngest = others["schools of prekindergarten alone too"]
    assert youngest.value == pytest.approx(3.695149 - 4.689931, abs=1e-5)
    assert youngest.low < 0 < youngest.high
    assert "schools of prekindergarten alone too" in found.caveat
    caveat = hartford["two-sections"].caveat
    assert "The second criterion hangs on which schools count: with 3 of 5" in caveat
    path = home / "results" / "hartford-2017" / "teaching.ipynb"
    ((_, _, told),) = findings.bundles(findings.read_notebook(path), findings.ANSWER_MIME)
    assert "Its interval holds zero" in told["text"]


def test_what_is_modelled_says_so(hartford):
    modelled = {name for name, found in hartford.items() if found.basis == "modelled"}
    assert modelled == {
        "two-sections",
        "pooled-teams",
        "pooled-sections",
        "small-schools-elsewhere",
        "specialist-cost",
        "specialist-cost-elsewhere",
        "specialist-enrollment",
    }
    assert all(hartford[name].caveat for name in modelled)


def test_the_typed_maxima_are_marked(hartford):
    assert hartford["two-sections"].typed == ("class_size_maxima",)


def test_the_answer_is_made_of_the_findings(home, hartford):
    path = home / "results" / "hartford-2017" / "teaching.ipynb"
    ((_, _, told),) = findings.bundles(findings.read_notebook(path), findings.ANSWER_MIME)
    assert hartford["two-sections"].sentence in told["text"]
    assert "0 of 6" in told["text"]
    assert "modelled" in told["text"]
    assert "not on the public record" in told["text"]


@pytest.mark.parametrize(
    ("name", "district"),
    on_turn([("new-haven", "0930011"), ("bridgeport", "0150011"), ("waterbury", "1510011")], 3),
)
def test_other_districts_run_without_a_verdict(studied, name, district):
    text = f'district: "{district}"\npeers: ["0640011", "0890011", "1030011", "0340011"]\n'
    found = studied(text)
    assert found["two-sections"].value is not None
    assert "yardstick" in found["two-sections"].method
    assert found["improvement-of-instruction"].value is not None
    assert found["arts-access"].value is None
    assert "no arts access" in found["arts-access"].sentence
    assert all(one.verdict is None for one in found.values())


@pytest.mark.parametrize(
    ("name", "text"),
    on_turn(
        [
            ("few-small", "small_school: 140\n"),
            ("every-row", "smallest_school: 0\n"),
            ("early-staff", 'staff_year: "2003-04"\nfunction_year: "2014-15"\n'),
            # A charter of one school.
            ("charter", 'district: "2690013"\npeers: ["0640011", "0930011"]\n'),
        ],
        4,
    ),
)
def test_thin_groups_and_gaps_do_not_stop_a_study(studied, name, text):
    found = studied(text)
    assert {"two-sections", "specialist-cost", "pooled-teams"} <= set(found)


def test_an_empty_group_is_no_lack_of_data(studied):
    found = studied("small_school: 3000\n")["two-sections"]
    assert (found.value, found.verdict) == (None, None)
    assert "one of the two groups at 3000 students" in found.sentence


def test_other_choices_get_no_verdict_and_move_the_figure(studied, hartford):
    found = studied("small_school: 400\nspecialist_load: 30\n")
    assert found["two-sections"].verdict is None
    assert "small_school is 400 here" in found["two-sections"].reason
    assert found["specialist-cost"].value != hartford["specialist-cost"].value
    mean = hartford["specialist-enrollment"].value
    assert found["specialist-enrollment"].value == pytest.approx(mean * 30 / 25)
