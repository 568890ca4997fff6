"""The page on rules, from ledgers made here."""

import re

import pytest
from publish_sample import finding

from dme.findings import Entry
from dme.findings.claims import yardstick
from dme.findings.judging import Earlier, Verdict
from dme.publish.many_tests import many_tests
from dme.publish.rules import rules, written

pytestmark = pytest.mark.usefixtures("home")


def entry(name, **changes):
    return Entry(finding(name, **changes), "operations", f"cell-{name}", 7)


def section(page, claim):
    return re.search(rf'<details [^>]*id="rule-{claim}".*?</details>', page, re.DOTALL)[0]


def test_each_claim_shows_every_rule_that_it_had_and_when():
    page = rules([entry("school-size")], yardstick())
    for claim in yardstick().claims:
        shown = section(page, claim.id)
        assert all(f"<div>{rule.date}</div>" in shown for rule in claim.rules)
    assert "10% of the figure" in section(page, "O1")
    assert "Tolerance: 2.2." in section(page, "L4")
    assert 'href="operations.html#school-size"' in section(page, "O1")
    assert "no finding yet" in section(page, "L4")


def test_a_verdict_under_an_earlier_rule_stands_in_its_row():
    earlier = (Earlier("2026-11-22", Verdict.NOT_REPRODUCED, Verdict.NOT_REPRODUCED, "-"),)
    page = rules([entry("school-size", earlier=earlier)], yardstick())
    first, *_, last = re.findall(r'<tr role="row"><td.*?</tr>', section(page, "O1"), re.DOTALL)
    assert ">not reproduced</span>" in first
    assert ">same direction only</span>" in last
    unknown = section(rules([entry("school-size")], yardstick()), "O1")
    assert "<div>not computed</div>" in unknown
    both = (Earlier("2026-11-22", Verdict.SAME_DIRECTION, Verdict.CONSISTENT, "-"),)
    shown = section(rules([entry("school-size", earlier=both)], yardstick()), "O1")
    assert shown.index(">consistent</span>") < shown.index(">same direction only</span> <span")
    same = (Earlier("2026-11-22", Verdict.SAME_DIRECTION, Verdict.SAME_DIRECTION, "-"),)
    assert "<div>the same</div>" in section(
        rules([entry("school-size", earlier=same)], yardstick()), "O1"
    )


def test_how_many_rules_were_first_is_counted_from_the_file():
    first = sum(claim.rules[0].figure == "unseen" for claim in yardstick().claims)
    assert f"{first} had a rule before" in written(yardstick())
    assert first < len(yardstick().claims)


def test_tests_are_counted_together():
    """By hand: of 0.01, 0.03, 0.04 and 0.5, Benjamini and Hochberg keep the first."""
    given = [entry(f"f{p}", tests=((f"test {p}", p),)) for p in (0.5, 0.04, 0.03, 0.01)]
    shown = re.findall(r">test ([\d.]+)</a>.*?([\d.]+)</div>.*?([\d.]+)</div>.*?<div>([^<]+)<",
                       many_tests(given), re.DOTALL)  # fmt: skip
    # 4 x 0.01; 4/3 x 0.04 for both of the middle ones; 0.5.
    assert shown == [
        ("0.01", "0.010", "0.040", "yes"),
        ("0.03", "0.030", "0.053", "only if it were alone"),
        ("0.04", "0.040", "0.053", "only if it were alone"),
        ("0.5", "0.500", "0.500", "no"),
    ]
    assert "tests of O1." in many_tests(given)


def test_without_tests_that_is_said():
    assert many_tests([entry("size")]) == "No verdict of this study hangs on a test."
