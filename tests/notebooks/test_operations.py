"""The operations notebook, run whole: the check figures, other districts, thin groups."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dme import findings
from dme.study import Study
from tests.turns import on_turn

ROOT = Path(__file__).parents[2]
NOTEBOOK = "operations"


@pytest.fixture(scope="module")
def hartford(home, run):  # noqa: ARG001
    return run("hartford-2017")


def test_the_headline_figures(hartford):
    """The check figures, worked out apart from this program."""
    figures = {name: entry.finding for name, entry in hartford.items()}
    assert figures["district-enrollment"].value == 20891
    assert figures["school-size"].value == pytest.approx(24.1, abs=0.05)
    assert figures["small-school-premium"].value == pytest.approx(17.3, abs=0.05)
    assert figures["small-school-cost"].value == pytest.approx(6.6e6, abs=0.05e6)
    assert figures["utilization"].value == pytest.approx(73, abs=0.05)
    others = {a.label: a.value for a in figures["school-size"].alternatives}
    assert others["every row of the file"] == pytest.approx(32.6, abs=0.05)
    assert others["rows of 60 or more"] == pytest.approx(21.0, abs=0.05)
    assert others["the wider peers too"] == pytest.approx(21.1, abs=0.05)


def test_each_headline_has_its_interval_verdict_and_reason(hartford):
    for name, claim in (("district-enrollment", "D1"), ("school-size", "O1"),
                        ("small-school-premium", "O2"), ("small-school-cost", "O3")):  # fmt: skip
        found = hartford[name].finding
        assert found.claim == claim
        assert found.low <= found.value <= found.high
        assert found.interval
        assert found.population
        assert found.reason


def test_the_verdicts_follow_the_rule(hartford):
    verdicts = {name: entry.finding.verdict for name, entry in hartford.items()}
    assert verdicts["district-enrollment"] == "reproduced"  # 20,891 against 20,874
    assert verdicts["school-size"] == "consistent"  # 24.1 lies below 25.2, and 28 in its interval
    assert verdicts["enrollment-trend"] is None
    # The claims' own groups give the verdict; by size alone is another reading.
    for name in ("small-school-premium", "small-school-premium-adjusted", "small-school-cost"):
        assert verdicts[name] is None
        assert hartford[name].finding.reason.startswith("Another reading")
    assert verdicts["small-underused-premium"]
    assert verdicts["small-underused-cost"]


def test_the_verdict_on_enrollment_under_its_first_rule_too(hartford):
    found = hartford["utilization"].finding
    assert found.verdict == "reproduced"
    assert {then.verdict for then in found.earlier} == {"same direction only"}
    whole = "all students of the district, wherever they are taught"
    trend = hartford["enrollment-trend"].finding
    (district,) = [one for one in trend.alternatives if one.label == whole]
    assert trend.high < 0 < district.high
    # Its p of 0.046 is a q of 0.07 among all tests, as the page Rules has it.
    assert "close to zero: it might be chance among so many tests" in found.sentence


def test_what_rests_on_modelled_seats_says_so(hartford):
    for name in ("small-underused-premium", "small-underused-cost"):
        found = hartford[name].finding
        assert found.basis == "modelled"
        assert "modelled" in found.caveat
    premium = hartford["small-underused-premium"].finding
    told = premium.caveat.partition("holds the published figure: ")[2].removesuffix(".").split("; ")
    others = [one for one in premium.alternatives if one.low is not None and one.low <= 16 <= one.high]
    assert told == [one.label for one in others]
    assert len(told) == 2


def test_what_stands_beside_the_claims_is_measured_too(hartford):
    """Each follows from check figures, or is checked on its own in the measures' tests."""
    figures = {name: entry.finding for name, entry in hartford.items()}
    gap = figures["school-size"].value / 100
    assert figures["schools-per-pupil"].value == pytest.approx(100 * gap / (1 - gap))
    assert figures["school-size-like-levels"].value > figures["school-size"].value
    assert figures["premium-by-function"].low > 0
    assert figures["premium-in-peers"].low < 0 < figures["premium-in-peers"].high
    assert figures["cost-curve"].low > 0
    assert figures["cost-curve-flattest"].value is None
    assert figures["utilization-plain-seats"].value < figures["utilization"].value
    assert figures["enrollment-projection"].high > 17_183  # what came lies inside
    assert figures["enrollment-projection"].low < 17_183
    for name in ("utilization-plain-seats", "enrollment-projection"):
        assert figures[name].basis == "modelled"


def test_the_page_answers_with_the_ledgers_figures(hartford, home):
    path = home / "results" / "hartford-2017" / "operations.ipynb"
    text = findings.answer_of(findings.read_notebook(path))
    for name in ("school-size", "small-school-premium", "small-school-cost", "utilization"):
        value = hartford[name].finding
        assert value.value_text.split(" per pupil")[0].split(" of seats")[0] in text.replace(
            "*", ""
        )
        if name != "utilization":
            assert f"({value.interval_text})" in text


def test_a_study_of_one_level_runs(studied):
    found = studied("level: high\n")
    premium = found["small-school-premium"]
    assert "(high schools only)" in premium.population
    claimed = found["small-underused-premium"]
    assert claimed.verdict is None
    assert "level is high here, all in the claim" in claimed.reason


def test_the_executed_notebook_holds_what_it_read(hartford, home):
    path = home / "results" / "hartford-2017" / "operations.ipynb"
    notebook = findings.read_notebook(path)
    ((_, _, read),) = findings.bundles(notebook, findings.INPUTS_MIME)
    assert "data/tables/school_enrollment.csv" in read
    assert "data/claims.yml" in read
    claims = (ROOT / "data" / "claims.yml").read_bytes()
    assert read["data/claims.yml"] == hashlib.sha256(claims).hexdigest()
    assert not any(name.startswith("/") for name in read)
    assert any(name.endswith("measures/spending/cost.py") for name in read)


def test_another_district_runs_and_says_what_is_missing(studied):
    figures = studied('district: "0930011"\npeers: ["0640011", "0150011", "1510011"]\n')
    assert figures["school-size"].value is not None
    assert figures["small-school-premium"].value is not None
    assert figures["utilization"].value is None
    assert "no seats of New Haven" in figures["utilization"].sentence
    assert all(found.verdict is None for found in figures.values())
    assert "small-underused-premium" not in figures
    assert not any("urban" in found.sentence for found in figures.values())


@pytest.mark.parametrize(
    ("name", "text"),
    on_turn(
        [
            ("new-britain", 'district: "0890011"\npeers: ["0930011", "0640011"]\n'),
            ("danbury", 'district: "0340011"\npeers: ["0930011"]\nspending_year: "2018-19"\n'),
            ("few-small", "small_school: 140\n"),
            ("every-row", "smallest_school: 0\nsmall_school: 120\n"),
        ],
        4,
    ),
)
def test_thin_groups_do_not_stop_a_study(studied, name, text):
    figures = studied(text)
    assert figures["school-size"].value is not None
    assert figures["small-school-premium"].value is not None
    labels = [a.label for found in figures.values() for a in found.alternatives]
    assert labels


def test_an_empty_group_is_no_lack_of_data(studied):
    found = studied("small_school: 2000\n")["small-school-premium"]
    assert (found.value, found.verdict) == (None, None)
    assert "one of the two groups at 2000 students" in found.sentence


def test_a_district_without_spending_by_school_runs_too(studied):
    figures = studied('district: "1550011"\n')
    assert figures["school-size"].value is not None
    assert figures["small-school-premium"].value is None
    assert "no spending" in figures["small-school-premium"].sentence
    assert figures["small-school-cost"].value is None


def test_other_choices_move_the_figures(studied, hartford):
    figures = studied("weighting: schools\nsmall_school: 300\nplant_cost: false\n")
    before = hartford["small-school-premium"].finding
    assert figures["small-school-premium"].value != pytest.approx(before.value, abs=0.1)
    found = figures["small-school-premium"]
    assert "fewer than 300" in found.population
    claimed = figures["small-underused-premium"]
    assert claimed.verdict is None
    assert "small_school is 300 here, 350 in the claim" in claimed.reason
    labels = {other.label for other in found.alternatives}
    assert {"each pupil counts once", "with operation of plant"} <= labels


def test_plain_papermill_runs_the_notebook_from_anywhere(tmp_path):
    command = [
        str(Path(sys.executable).parent / "papermill"),
        str(ROOT / "notebooks" / "operations.ipynb"),
        "out.ipynb",
        "-f",
        str(ROOT / "params" / "hartford-2017.yml"),
        "-p",
        "resamples",
        "4000",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    # A study's file holds the keys of every notebook; papermill names those of the others.
    unknown = set(re.findall(r"unknown parameter: (\w+)", done.stderr))
    assert unknown <= set(Study.model_fields) - {"level", "resamples", "survival_years"}
    notebook = findings.read_notebook(tmp_path / "out.ipynb")
    found = {raw["id"]: raw["value"] for _, _, raw in findings.bundles(notebook, findings.MIME)}
    assert found["district-enrollment"] == 20891


def test_the_readme_quotes_the_ledger(hartford):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("school-size", "small-school-premium", "small-school-cost",
                 "small-underused-premium", "small-underused-cost"):  # fmt: skip
        found = hartford[name].finding
        figure = found.value_text.replace(" per pupil", "").replace(" a year", "")
        assert f"{figure} ({found.interval_text})" in text, name
        assert (found.verdict or "another reading") in text
    for name in ("school-size", "small-school-premium"):
        numbers = re.findall(r"\$?\d[\d,]{2,}", hartford[name].finding.sentence)
        assert all(number in text for number in numbers), (name, numbers)
    for name in ("enrollment-trend", "utilization"):
        assert hartford[name].finding.value_text.removeprefix("-") in text  # "down by"
    assert f"{hartford['district-enrollment'].finding.value:,.0f}" in text
