import hashlib
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from dme.errors import DmeError
from dme.findings.claims import Claim, Published, Rule, Yardstick, yardstick
from dme.findings.judging import Verdict, judge
from dme.measures.estimates.estimate import Estimate
from dme.study import Study

ON_RECORD = Path(__file__).parent / "rules_on_record.json"


def claim(published=None, /, **rule):
    return Claim(
        id="X1", area="operations", statement="-", data="public", source="story", finding="x",
        published=published, rules=[{"date": "2026-11-28", "figure": "unseen"} | rule],
    )  # fmt: skip


def judged(asked, value, low=None, high=None, *, rule=None, **how):
    found = Estimate(value, low, high, "-")
    return judge(yardstick(), asked, rule or asked.rule, found, **how)


CONTRAST = claim({"value": 28, "unit": "percent"}, contrast=True)
AMOUNT = claim({"value": 28, "unit": "percent"}, contrast=False)
COUNT = claim({"value": 20874, "unit": "students"})
RANGE = claim({"low": 3e6, "high": 4e6, "unit": "dollars a year"}, contrast=True)
BOUND = claim({"value": 4e6, "unit": "dollars a year", "up_to": True}, bound=True)
STATEMENT = claim(criteria=("first", "second"))


@pytest.mark.parametrize(
    ("asked", "value", "low", "high", "verdict"),
    [
        (CONTRAST, 25.2, 10, 40, Verdict.REPRODUCED),  # 28 less ten percent of it
        (CONTRAST, 30.8, 10, 40, Verdict.REPRODUCED),
        (CONTRAST, 25.1, 10, 40, Verdict.CONSISTENT),  # 28 lies inside
        (CONTRAST, 12, -3, 28, Verdict.CONSISTENT),
        (CONTRAST, 12, 2, 27.9, Verdict.SAME_DIRECTION),
        (CONTRAST, 40, 28.1, 50, Verdict.SAME_DIRECTION),
        (CONTRAST, 12, -3, 25, Verdict.NOT_REPRODUCED),  # its interval holds zero
        (CONTRAST, -24, -40, -10, Verdict.NOT_REPRODUCED),  # the other way round
        (CONTRAST, 12, None, None, Verdict.SAME_DIRECTION),
        (AMOUNT, 12, 2, 27.9, Verdict.NOT_REPRODUCED),  # its sign could not be otherwise
        (AMOUNT, 12, 2, 28.1, Verdict.CONSISTENT),
        (COUNT, 20874 * 1.11, None, None, Verdict.NOT_REPRODUCED),  # no direction in a count
        (COUNT, 20891, 20891, 20893, Verdict.REPRODUCED),
        (RANGE, 2.7e6, 1e6, 5e6, Verdict.REPRODUCED),
        (RANGE, 3.5e6, -1e6, 5e6, Verdict.REPRODUCED),
        (RANGE, 4.4e6, 4.3e6, 5e6, Verdict.REPRODUCED),
        (RANGE, 4.41e6, 4e6, 5e6, Verdict.CONSISTENT),
        (RANGE, 4.41e6, 4.01e6, 5e6, Verdict.SAME_DIRECTION),
        (RANGE, 2.69e6, 1e6, 2.9e6, Verdict.SAME_DIRECTION),
        (BOUND, 3e6, 2e6, 3.7e6, Verdict.REPRODUCED),  # no more than 4, and near it at best
        (BOUND, 3e6, 2e6, 3.5e6, Verdict.NOT_REPRODUCED),  # out of reach
        (BOUND, 4.5e6, 3.9e6, 5e6, Verdict.CONSISTENT),
        (BOUND, 4.5e6, 4.1e6, 5e6, Verdict.NOT_REPRODUCED),  # more than that
        (BOUND, 3e6, None, None, Verdict.NOT_REPRODUCED),
    ],
)
def test_the_rule_for_figures(asked, value, low, high, verdict):
    assert judged(asked, value, low, high).verdict == verdict


@pytest.mark.parametrize(
    ("asked", "value", "low", "high", "verdict"),
    [
        (CONTRAST, 25.1, 10, 40, Verdict.SAME_DIRECTION),
        (CONTRAST, 12, -3, 28, Verdict.NOT_REPRODUCED),
        (AMOUNT, 12, 2, 28.1, Verdict.NOT_REPRODUCED),
        (RANGE, 2.7e6, 1e6, 5e6, Verdict.REPRODUCED),
    ],
)
def test_before_there_were_five_verdicts_none_was_consistent(asked, value, low, high, verdict):
    assert judged(asked, value, low, high, four=True).verdict == verdict


@pytest.mark.parametrize("figure", [(28, 20, 36), (24, 20, 36)])
def test_a_proxy_agrees_in_direction_at_best_and_says_why(figure):
    verdict, reason = judged(CONTRAST, *figure, basis="proxy")
    assert verdict == Verdict.SAME_DIRECTION
    assert "leaves out a part" in reason


def test_a_modelled_figure_is_judged_like_a_measured_one():
    assert judged(CONTRAST, 28, 20, 36, basis="modelled").verdict == "reproduced"


def test_a_proxy_for_a_statement_agrees_in_direction_at_best():
    found = judged(STATEMENT, 1, holds=(True, True), basis="proxy")
    assert found.verdict == Verdict.SAME_DIRECTION


@pytest.mark.parametrize(("low", "high", "word"), [(20, 30, "inside"), (20, 27, "outside")])
def test_the_reason_says_whether_the_interval_holds_the_published_figure(low, high, word):
    reason = judged(CONTRAST, 24, low, high).reason
    assert reason.endswith(f"The published figure lies {word} its interval.")


def test_a_figure_just_outside_is_told_exactly():
    assert judged(RANGE, 4_406_746, 4e6, 5e6).reason.startswith(
        "$4.4 million a year (4,406,746) lies outside the tolerance ($2.7 to $4.4 million)"
    )
    assert judged(BOUND, 4_406_746, 4.1e6, 5e6).reason.startswith(
        "$4.4 million a year (4,406,746) is more than the bound ($4 million a year)"
    )


@pytest.mark.parametrize(
    ("holds", "verdict", "before"),
    [
        ((True, True), Verdict.REPRODUCED, Verdict.REPRODUCED),
        ((True, False), Verdict.NOT_REPRODUCED, Verdict.SAME_DIRECTION),
        ((True, None), Verdict.NOT_REPRODUCED, Verdict.SAME_DIRECTION),
        ((False, False), Verdict.NOT_REPRODUCED, Verdict.NOT_REPRODUCED),
    ],
)
def test_the_rule_for_statements(holds, verdict, before):
    found, reason = judged(STATEMENT, 1, holds=holds)
    assert found == verdict
    assert reason.count("Holds: ") == holds.count(True)
    assert judged(STATEMENT, 1, holds=holds, four=True).verdict == before


@pytest.mark.parametrize(
    ("constructed", "holds", "verdict"),
    [
        ({1: "by the rule"}, (True, True), Verdict.REPRODUCED),
        ({1: "by the rule"}, (True, False), Verdict.NOT_REPRODUCED),
        ({1: "by the rule"}, (False, True), Verdict.REPRODUCED),
        ({1: "by the rule", 2: "by rounding"}, (True, True), Verdict.NOT_TESTABLE),
    ],
)
def test_what_is_true_by_construction_counts_for_nothing(constructed, holds, verdict):
    asked = claim(criteria=("first", "second"), by_construction=constructed)
    found, reason = judged(asked, 1, holds=holds)
    assert found == verdict
    assert all(why in reason for why in constructed.values())


def test_a_statement_takes_an_answer_to_each_criterion():
    with pytest.raises(DmeError, match="2 criteria"):
        judged(STATEMENT, 1, holds=(True,))


def test_an_absolute_tolerance_counts_in_the_unit_of_the_claim():
    four = claim({"value": 4, "unit": "schools"}, tolerance=0)
    assert judged(four, 4).verdict == Verdict.REPRODUCED
    assert judged(four, 5).verdict == Verdict.NOT_REPRODUCED


def test_a_rule_keeps_what_a_later_entry_does_not_set():
    first = Rule(date="2026-01-01", figure="unseen", tolerance="10%", contrast=True)
    second = Rule(date="2026-01-02", figure="seen", why="-", tolerance=2)
    whole = first.then(second)
    assert (whole.date, whole.figure, whole.contrast) == ("2026-01-02", "seen", True)
    assert (whole.tolerance.size, whole.tolerance.relative) == (2, False)


def test_new_criteria_leave_no_old_reason_of_construction():
    asked = claim(criteria=("first",), by_construction={1: "by rounding"})
    later = Rule(date="2026-12-01", figure="seen", criteria=("second",))
    assert asked.rule.then(later).by_construction == {}


def digests():
    """The digest of each entry of each claim's rules, and of all claims' terms, by its date."""
    claims = yardstick()
    entries = {"terms": claims.terms} | {each.id: each.rules for each in claims.claims}
    return {
        name: {
            entry.date: hashlib.sha256(
                entry.model_dump_json(exclude_unset=True).encode()
            ).hexdigest()[:12]
            for entry in its
        }
        for name, its in entries.items()
    }


def test_no_rule_changes_without_an_entry():
    """What `rules_on_record.json` holds was written once and stands; a change is one more entry."""
    now, record = digests(), json.loads(ON_RECORD.read_text(encoding="utf-8"))
    for name, entries in record.items():
        changed = [date for date, digest in entries.items() if now[name].get(date) != digest]
        assert not changed, (
            f"The rule of {name} of {', '.join(changed)} is on record and was changed. Leave it, "
            "and add an entry: the new rule, its date, whether the figure was seen, and why."
        )
    new = [name for name, entries in now.items() if entries.keys() - record.get(name, {})]
    assert not new, f"Not yet on record: {', '.join(new)}. Run: python -m tests.test_claims"


def test_an_entry_after_the_first_says_why():
    assert all(rule.why for each in yardstick().claims for rule in each.rules[1:])


def test_a_study_that_departs_from_a_claims_terms_is_told_where():
    claims = yardstick()
    terms = claims["O2"]
    own = {"small_school": 350, "full_utilization": 85.0, "level": "all", "seed": 1}
    assert claims.departures(terms, own) == []
    assert claims.departures(terms, own | {"small_school": 250, "plan_actions": "x.csv"}) == [
        "plan_actions is x.csv here, none in the claim",
        "small_school is 250 here, 350 in the claim",
    ]
    assert claims.departures(claims["S2"], {"design_schools": ("0640611",)}) == [
        "design_schools is 0640611 here, 0641711 and 0641611 in the claim"
    ]
    # In another order they are the same schools.
    assert claims.departures(claims["S2"], {"design_schools": ("0641611", "0641711")}) == []


def test_a_parameter_that_no_term_names_lets_no_verdict_through():
    claims = yardstick()
    told = claims.departures(claims["O2"], {"new_parameter": 1})
    assert told == ["nothing says which new_parameter the claim is of"]


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
    assert claims.yard(claims["D1"])[:2] == pytest.approx((20874 * 0.99, 20874 * 1.01))
    assert claims.yard(claims["O1"])[:2] == pytest.approx((25.2, 30.8))


def test_nothing_is_published_that_could_agree_with_a_statement():
    assert yardstick().yard(STATEMENT) is None


def test_an_unknown_claim_is_refused_with_the_known_ones():
    with pytest.raises(DmeError, match="D1, D2, O1"):
        yardstick()["Z9"]


def raw_claims():
    """The first two claims, as the file's objects."""
    first, second = (each.model_dump(exclude_unset=True) for each in yardstick().claims[:2])
    for each in (first, second):
        for rule in each["rules"]:
            rule.pop("tolerance", None)
    return first, second


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": "gossip"}, "gossip"),
        ({"id": "D1"}, "twice: D1"),
        ({"extra": 1}, "extra"),
        ({"rules": []}, "at least 1"),
        ({"rules": [{"date": "2026-11-22", "figure": "unseen", "criteria": ["-"]}]}, "or criteria"),
        ({"rules": [{"date": "22 November", "figure": "unseen"}]}, "date"),
        ({"rules": [{"date": "2026-11-22", "figure": "guessed"}]}, "figure"),
        ({"rules": 2 * [{"date": "2026-11-22", "figure": "unseen"}]}, "order of their dates"),
        (
            {"rules": [{"date": "2026-11-22", "figure": "seen", "by_construction": {1: "-"}}]},
            "no criterion 1",
        ),
    ],
)
@pytest.mark.tried("Bad input", "a list of claims with a fault")
def test_a_broken_list_of_claims_is_refused(change, words):
    first, second = raw_claims()
    raw = yardstick().model_dump(exclude={"claims", "tolerance"}) | {
        "tolerance": "10%", "claims": [first, second | change],
    }  # fmt: skip
    with pytest.raises(ValidationError, match=words):
        Yardstick.model_validate(raw)


def test_a_file_that_is_no_list_of_claims_is_refused_by_name(project):
    (project / "data" / "claims.yml").write_text("claims: [", encoding="utf-8")
    with pytest.raises(DmeError, match=r"data/claims\.yml is no YAML file"):
        yardstick()


if __name__ == "__main__":
    held = json.loads(ON_RECORD.read_text(encoding="utf-8"))
    whole = {name: entries | held.get(name, {}) for name, entries in digests().items()}
    ON_RECORD.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


@pytest.mark.tried("No false verdict", "a study of the claims' district at another time")
def test_claims_speak_of_their_district_at_their_time():
    claims = yardstick()
    assert claims.speak_of(Study())
    # What departs otherwise is of the claims still, and gets no verdict on those that fix it.
    assert claims.speak_of(Study(enrollment_year="2015-16", spending_year="2024-25"))
    assert not claims.speak_of(Study(enrollment_year="2024-25"))
    assert not claims.speak_of(Study(district="0930011"))
