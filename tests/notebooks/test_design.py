"""The design notebook, run whole: Hartford's weeks and prices, other districts, hard wishes."""

from types import SimpleNamespace

import numpy as np
import pytest

from dme import findings, paths
from dme.findings.claims import yardstick
from dme.errors import Lacking
from dme.findings.definitions import namespace_of
from dme.findings.functions import with_parameters
from dme.study import Study

from .declared import declared, of

NOTEBOOK = "design"
USES = ("planning", "enrichment", "time", "groups", "college", "advisory")


def test_every_claim_of_the_area_has_its_verdict(hartford):
    answered = {found.claim for found in hartford.values() if found.claim}
    assert answered == {claim.id for claim in yardstick().claims if claim.area == "design"}
    assert all(found.verdict and found.reason for found in hartford.values() if found.claim)


def test_all_of_it_is_modelled_and_says_so(hartford):
    proxies = {name for name, found in hartford.items() if found.basis != "modelled"}
    assert proxies == {"shared-planning"}
    assert hartford["shared-planning"].caveat.startswith("Modelled, and a proxy")
    assert all(found.caveat for found in hartford.values())


def test_both_schools_have_a_week(hartford):
    found = hartford["shared-planning"]
    # Six teams from prekindergarten to grade 5 (PK and K together), three in grades 6 to 8.
    assert found.value == 9
    # That a week can be had is no proof that the schools had it.
    assert found.verdict == "same direction only"
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
    six = [hartford[f"{key}-use"] for key in USES]
    for found in six:
        assert 0 < found.low < found.value < found.high
    # Money of 8.1 to 12.5 million: those below it are covered, those above it not.
    for key in ("planning", "college", "advisory"):
        assert hartford[f"{key}-use"].verdict == "reproduced"
    for key in ("enrichment", "time", "groups"):
        assert hartford[f"{key}-use"].verdict == "not reproduced"
    # Against the published sum, as first judged, enrichment would do.
    dates = {then.date: then.verdict for then in hartford["enrichment-use"].earlier}
    assert dates == {"2026-11-22": "reproduced", "2026-11-25": "reproduced"}
    whole = hartford["six-uses"]
    assert whole.value == pytest.approx(sum(found.value for found in six), rel=0.05)
    assert whole.claim is None
    (first,) = whole.alternatives
    assert first.value == pytest.approx(62.6e6, rel=0.01)


def test_no_typed_length_decides_on_the_longer_day(hartford):
    found = hartford["time-use"]
    costs = {int(other.label.split()[0]): other.value for other in found.alternatives}
    # A minute costs the same whichever it is; 10 would be covered, 30 not.
    assert costs[60] == pytest.approx(6 * costs[10])
    assert costs[10] < 8.1e6 < 12.5e6 < costs[30]
    assert "the answer hangs on how long is meant" in found.sentence


@pytest.fixture(scope="module")
def cells():
    """What the notebook's cells define."""
    return namespace_of(paths.home() / "notebooks" / "design.ipynb")


GIVEN = {
    "load": 1000, "planning": 90, "enrichment": 45, "wellness": 0.5, "materials": 40,
    "longer_day": 30, "longer_year": 5, "school_day": 360, "extra_pay": 0.8, "other_staff": 0.25,
    "group": 4, "group_minutes": 100, "course": 300, "caseload": 240, "advisory": 30,
    "advisory_group": 15, "teacher": 100_000, "struggling": 120,
}  # fmt: skip


def test_each_cost_by_hand(cells):
    """A teacher of $100,000 who teaches 1,000 minutes a week: $100 for each of them."""
    size = SimpleNamespace(students=1000, schools=2, sections=50, teachers=80, upper=120)
    given = {key: np.array([float(value)]) for key, value in GIVEN.items()}
    found = cells["costs_of"](size, SimpleNamespace(**given)).iloc[0]
    assert found["planning"] == pytest.approx(50 * 90 * 100)
    assert found["enrichment"] == pytest.approx(50 * 45 * 100 + 2 * 0.5 * 100_000 + 1000 * 40)
    # 180 half hours and five days of six hours more, on 180 days of six hours: 10%, 1/9 in all.
    assert found["time"] == pytest.approx(80 * 100_000 * (5400 + 1800) / 64_800 * 0.8 * 1.25)
    assert found["groups"] == pytest.approx(30 * 100 * 100)
    assert found["college"] == pytest.approx(120 * 300 + 0.5 * 100_000)
    assert found["advisory"] == pytest.approx(1000 / 15 * 30 * 100)


def test_every_input_has_a_range_a_unit_and_a_reason(cells):
    inputs = cells["INPUTS"]
    assert {key for key, *_ in inputs} | {"teacher", "struggling"} == set(GIVEN)
    assert set(cells["FIRST"]) <= set(GIVEN)
    assert all(0 <= low <= high and unit and why for _, low, high, unit, why in inputs)


def test_costs_stay_within_what_the_inputs_allow():
    study = with_parameters(Study(), {"resamples": 500})
    size, price = (declared("design")[one](study) for one in ("size_of_district", "teacher_cost"))
    costs = declared("design")["costs"](study)
    # The cheapest and dearest plan: fewest minutes, cheapest teacher, fullest week; and reverse.
    assert costs["planning"].min() >= size.sections * 45 * price.low / 1215
    assert costs["planning"].max() <= size.sections * 90 * price.high / 990
    # One teacher serves all uses.
    assert costs["planning"].corr(costs["advisory"]) > 0.1


def test_where_no_results_are_known_the_sum_leaves_out_the_groups():
    before = {"enrollment_year": "2010-11"}
    with pytest.raises(Lacking, match="no test results of Hartford in 2010-11"):
        of("design", "groups-use", **before)
    parts = [of("design", f"{key}-use", **before).value for key in USES if key != "groups"]
    assert of("design", "six-uses", **before).value == pytest.approx(sum(parts), rel=0.05)


def test_codes_of_no_school_of_the_district_give_its_largest():
    named = of("design", "schools_to_design", design_schools=("0640611", "9999999"))
    assert list(named) == ["0640611"]
    found = of("design", "shared-planning", design_schools=("9999999",)).facts
    assert "name no school of this district" in found["default"]


def test_grades_that_were_counted_are_not_spread_evenly():
    """In 2016-17 both schools' grades are in the tables, so that nothing is divided."""
    with pytest.raises(Lacking):
        declared("design")["shared-planning"](
            with_parameters(Study(), {"design_year": "2016-17"}), evenly=True
        )


def test_the_answer_stands_on_the_page(hartford, home):  # noqa: ARG001
    notebook = findings.read_notebook(home / "results" / "hartford-2017" / "design.ipynb")
    ((_, _, told),) = findings.bundles(notebook, findings.ANSWER_MIME)
    assert "Yes, such a week exists" in told["text"]
    assert "9 of 9 teams" in told["text"]


def test_an_impossible_wish_is_told_by_what_blocks_it(studied):
    text = "planning_minutes: 180\nplanning_times: 5\n"
    figures = studied(text)
    found = figures["shared-planning"]
    assert found.value < 9
    assert found.verdict is None
    assert "planning_minutes is 180 here, 90 in the claim" in found.reason
    assert "These can't all hold" in found.sentence
    assert "180 consecutive minutes (4 periods), 5 times a week" in found.sentence
    assert figures["specialists"].value is None


def test_less_planning_than_the_claim_speaks_of_gets_no_verdict(studied):
    found = studied("planning_minutes: 45\n")["shared-planning"]
    assert found.value == 9
    assert found.verdict is None


def test_another_school_gets_a_week_and_no_verdict(studied):
    found = studied('design_schools: ["0640611"]\n')["shared-planning"]
    assert found.value > 0
    assert found.verdict is None
    assert "departs from the claim" in found.reason


def test_another_district_gets_its_largest_schools(studied):
    figures = studied('district: "0930011"\npeers: ["0640011"]\n')
    assert figures["shared-planning"].value > 0
    assert "New Haven" in figures["shared-planning"].population
    assert figures["planning-use"].value > 0
    assert all(found.verdict is None for found in figures.values())


def test_a_district_of_one_school(studied):
    figures = studied('district: "2630013"\nsmallest_school: 0\n')
    assert figures["shared-planning"].value > 0
    assert figures["college-use"].value is None
    assert "no school of Odyssey" in figures["college-use"].sentence
    assert all(found.verdict is None for found in figures.values())


@pytest.mark.tried("No false verdict", "years that the record has, and the study did not choose")
def test_a_year_without_results_is_told_with_those_there_are():
    with pytest.raises(Lacking, match="in 2012-13; they have 2014-15 to 2018-19") as caught:
        of("design", "groups-use", enrollment_year="2012-13")
    # The choice is the cause: the claim is not called untestable.
    assert caught.value.by_choice
