import pytest
from pydantic import ValidationError

from dme.errors import DmeError
from dme.findings.claims import Claim, Published, Tolerance, Verdict, Yardstick, judge, yardstick
from dme.study import Study

TEN_PERCENT = Tolerance(0.10, relative=True)


def claim(**fields):
    base = {"id": "X1", "area": "operations", "statement": "-", "data": "public", "source": "story"}
    return Claim(**base | fields)


CONTRAST = claim(published={"value": 28, "unit": "percent"}, contrast=True)
COUNT = claim(published={"value": 20874, "unit": "students"})
RANGE = claim(published={"low": 3e6, "high": 4e6, "unit": "dollars a year"}, contrast=True)
STATEMENT = claim(criteria=("first", "second"))


@pytest.mark.parametrize(
    ("asked", "value", "low", "high", "verdict"),
    [
        (CONTRAST, 25.2, 10, 40, Verdict.REPRODUCED),  # 28 less ten percent of it
        (CONTRAST, 30.8, 10, 40, Verdict.REPRODUCED),
        (CONTRAST, 25.1, 10, 40, Verdict.SAME_DIRECTION),
        (CONTRAST, 30.9, 10, 40, Verdict.SAME_DIRECTION),
        (CONTRAST, 12, -3, 25, Verdict.NOT_REPRODUCED),  # its interval holds zero
        (CONTRAST, -24, -40, -10, Verdict.NOT_REPRODUCED),  # the other way round
        (CONTRAST, 12, None, None, Verdict.SAME_DIRECTION),
        (COUNT, 20874 * 1.11, None, None, Verdict.NOT_REPRODUCED),  # no direction in a count
        (COUNT, 20891, 20891, 20893, Verdict.REPRODUCED),
        (RANGE, 2.7e6, 1e6, 5e6, Verdict.REPRODUCED),
        (RANGE, 3.5e6, -1e6, 5e6, Verdict.REPRODUCED),
        (RANGE, 4.4e6, 1e6, 5e6, Verdict.REPRODUCED),
        (RANGE, 4.41e6, 1e6, 5e6, Verdict.SAME_DIRECTION),
        (RANGE, 2.69e6, 1e6, 5e6, Verdict.SAME_DIRECTION),
    ],
)
def test_the_rule_for_figures(asked, value, low, high, verdict):
    assert judge(asked, TEN_PERCENT, value, low, high).verdict == verdict


def test_a_proxy_agrees_in_direction_at_best_and_says_why():
    verdict, reason = judge(CONTRAST, TEN_PERCENT, 28, 20, 36, basis="proxy")
    assert verdict == Verdict.SAME_DIRECTION
    assert "leaves out a part" in reason


def test_a_modelled_figure_is_judged_like_a_measured_one():
    assert judge(CONTRAST, TEN_PERCENT, 28, 20, 36, basis="modelled").verdict == "reproduced"


def test_a_proxy_for_a_statement_agrees_in_direction_at_best():
    found = judge(STATEMENT, TEN_PERCENT, 1, None, None, holds=(True, True), basis="proxy")
    assert found.verdict == Verdict.SAME_DIRECTION


@pytest.mark.parametrize(("low", "high", "word"), [(20, 30, "inside"), (20, 27, "outside")])
def test_the_reason_says_whether_the_interval_holds_the_published_figure(low, high, word):
    reason = judge(CONTRAST, TEN_PERCENT, 24, low, high).reason
    assert reason.endswith(f"The published figure lies {word} its interval.")


def test_a_study_that_departs_from_a_claims_terms_is_told_where():
    terms = yardstick()["O2"]
    own = {"small_school": 350, "full_utilization": 85.0, "level": "all"}
    assert terms.departures(own) == []
    assert terms.departures(own | {"small_school": 250}) == [
        "small_school is 250 here, 350 in the claim"
    ]
    assert yardstick()["S2"].departures({"design_schools": ("0640611",)}) == [
        "design_schools is 0640611 here, 0641711 and 0641611 in the claim"
    ]


def test_terms_name_parameters_of_a_study():
    named = {key for each in yardstick().claims for key in each.terms}
    assert named >= {"small_school", "full_utilization", "enrollment_year", "trend_start", "level"}
    assert named <= set(Study.model_fields)
    defaults = Study().model_dump()
    assert all(each.departures(defaults) == [] for each in yardstick().claims)


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [
        ((True, True), Verdict.REPRODUCED),
        ((True, False), Verdict.SAME_DIRECTION),
        ((False, False), Verdict.NOT_REPRODUCED),
    ],
)
def test_the_rule_for_statements(holds, verdict):
    found, reason = judge(STATEMENT, TEN_PERCENT, 1, None, None, holds=holds)
    assert found == verdict
    assert reason.count("Holds: ") == holds.count(True)


def test_a_statement_takes_an_answer_to_each_criterion():
    with pytest.raises(DmeError, match="2 criteria"):
        judge(STATEMENT, TEN_PERCENT, 1, None, None, holds=(True,))


def test_an_absolute_tolerance_counts_in_the_unit_of_the_claim():
    exact = Tolerance(0, relative=False)
    four = claim(published={"value": 4, "unit": "schools"})
    assert judge(four, exact, 4, None, None).verdict == Verdict.REPRODUCED
    assert judge(four, exact, 5, None, None).verdict == Verdict.NOT_REPRODUCED


@pytest.mark.parametrize("figure", [{}, {"value": 1, "low": 1, "high": 2}, {"low": 1}, {"high": 2}])
def test_a_published_figure_is_a_value_or_a_range(figure):
    with pytest.raises(ValidationError, match="either a value or both"):
        Published(unit="percent", **figure)


def test_the_published_figures_are_those_of_the_study():
    """Read off the study's own pages, not off our file."""
    expected = {
        "D1": "20,874 students",
        "D2": "1,568 FTE",
        "O1": "28%",
        "O2": "about 16%",
        "O3": "about $3 to $4 million",
        "L1": "4 schools",
        "L2": "12 schools",
        "L3": "8 schools",
        "L4": "78%",
        "L5": "96%",
        "L6": "up to $4 million a year",
        "L7": "$11 million a year",
        "L8": "$15 million a year",
        "L9": "70%",
        "V1": "4 areas",
    }
    claims = yardstick()
    assert {name: claims[name].published_text for name in expected} == expected


def test_every_claim_of_the_list_is_there():
    ids = {claim.id for claim in yardstick().claims}
    wanted = {
        "D": 2,
        "O": 4,
        "T": 4,
        "C": 4,
        "F": 2,
        "V": 1,
        "L": 10,
        "R": 6,
        "B": 1,
        "W": 4,
        "S": 2,
    }
    assert ids == {f"{letter}{n}" for letter, top in wanted.items() for n in range(1, top + 1)}


def test_a_claim_that_is_not_public_says_what_it_would_take():
    assert all(claim.needs for claim in yardstick().claims if claim.data == "not public")


def test_the_tolerance_is_the_claims_own_or_the_common_one():
    claims = yardstick()
    assert claims.tolerance_of(claims["D1"]) == (0.01, True)
    assert claims.tolerance_of(claims["O1"]) == (0.10, True)


@pytest.mark.parametrize("asked", [CONTRAST, COUNT, RANGE])
def test_what_agrees_with_a_claim_is_what_is_judged_to_agree(asked):
    """The ends of the tolerance and the sign, against the verdict of figures about them."""
    lowest, highest, sign = yardstick().agreeing(asked)
    tolerance = yardstick().tolerance_of(asked)
    for value in (1.001 * lowest, 0.999 * lowest, 0.999 * highest, 1.001 * highest, -highest):
        verdict = judge(asked, tolerance, value, value, value).verdict
        within, same_way = lowest <= value <= highest, value * sign > 0
        assert (verdict == Verdict.REPRODUCED) == within
        assert (verdict == Verdict.SAME_DIRECTION) == (same_way and not within)


def test_nothing_is_published_that_could_agree_with_a_statement():
    assert yardstick().agreeing(STATEMENT) is None


def test_an_unknown_claim_is_refused_with_the_known_ones():
    with pytest.raises(DmeError, match="D1, D2, O1"):
        yardstick()["Z9"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c | {"source": "gossip"}, "gossip"),
        (lambda c: c | {"id": "D1"}, "twice: D1"),
        (lambda c: c | {"criteria": ["-"]}, "either a published figure or criteria"),
        (lambda c: c | {"extra": 1}, "extra"),
    ],
)
def test_a_broken_list_of_claims_is_refused(change, words):
    raw = yardstick().model_dump()
    raw["tolerance"] = "10%"
    for each in raw["claims"]:
        each["tolerance"] = "10%"
    raw["claims"] = [*raw["claims"][:1], change(raw["claims"][1])]
    with pytest.raises(ValidationError, match=words):
        Yardstick.model_validate(raw)


def test_a_file_that_is_no_list_of_claims_is_refused_by_name(project):
    (project / "data" / "claims.yml").write_text("claims: [", encoding="utf-8")
    with pytest.raises(DmeError, match=r"data/claims\.yml can't be read"):
        yardstick()
