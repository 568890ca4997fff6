"""The notebook on culture and climate, run whole, for Hartford and for districts with less."""

import pytest

NOTEBOOK = "culture"


def test_the_schools_above_the_state(hartford):
    found = hartford["growth-above-state"]
    assert found.value == 2
    assert (found.low, found.high) == (1, 17)
    assert {a.label: a.value for a in found.alternatives}["above in both subjects"] == 1


def test_the_verdicts_follow_the_rule(hartford):
    reach, away = hartford["growth-reach-neighborhoods"], hartford["high-school-distance"]
    assert (reach.claim, reach.verdict, reach.value) == ("C1", "reproduced", 100)
    assert {then.date: then.verdict for then in reach.earlier}["2026-11-25 19:49"] == (
        "same direction only"
    )
    assert (away.claim, away.verdict) == ("C2", "not reproduced")
    assert away.low < 0 < away.high
    assert "bus_rules" in reach.typed


def test_the_other_findings_are_there(hartford):
    assert hartford["growth-reach-children"].value == 0
    assert hartford["growth-seats-near"].value == pytest.approx(66.5, abs=0.1)
    assert hartford["growth-seats-near"].basis == "proxy"


def test_another_bus_rule_gets_no_verdict(studied):
    reach = studied("bus_rule: older\n")["growth-reach-neighborhoods"]
    assert reach.verdict is None
    assert "bus_rule is older here" in reach.reason


@pytest.mark.parametrize("code", ["0930011", "1510011", "2800013"])
def test_another_district_runs_and_says_what_is_missing(studied, code):
    found = studied(f'district: "{code}"\npeers: ["0640011"]\nnorth: []\n')
    for name in ("growth-reach-neighborhoods", "growth-seats-near", "high-school-distance"):
        assert found[name].value is None
        assert found[name].verdict is None
        assert "the tables hold no" in found[name].sentence
