"""The second half of the culture notebook, run whole: choice, need, segregation, climate."""

from pathlib import Path

import pytest

from dme import findings

ROOT = Path(__file__).parents[2]
NOTEBOOK = "culture"
FINDINGS = (
    "open-schools",
    "magnet-seats",
    "magnet-seats-gap",
    "reduced-isolation",
    "need-gap",
    "need-trend-learners",
    "need-trend-special-education",
    "funding-gap",
    "segregation-district",
    "isolation-district",
    "segregation-region",
    "chronic-absenteeism",
    "chronic-absenteeism-trend",
    "chronic-absenteeism-schools",
    "suspension",
    "suspension-trend",
    "suspension-schools",
    "suspension-gap",
)


@pytest.fixture(scope="module")
def hartford(home, run):  # noqa: ARG001
    return run("hartford-2017")


def test_every_section_records_its_findings(hartford):
    assert set(FINDINGS) <= set(hartford)
    for name in FINDINGS:
        found = hartford[name].finding
        assert found.value is not None, name
        assert found.interval, name
        assert found.population, name
        assert found.method, name
        assert found.tables, name
        if found.low is not None:
            assert found.low <= found.value <= found.high, name


def test_the_headline_figures(hartford):
    """Check figures that the tables print, and those worked out apart from this program."""
    values = {name: entry.finding.value for name, entry in hartford.items()}
    assert values["chronic-absenteeism"] == 22.1
    assert values["suspension"] == 13.7
    assert values["reduced-isolation"] == 46.02
    assert values["segregation-district"] == pytest.approx(43.4, abs=0.05)
    assert values["segregation-region"] == pytest.approx(57.6, abs=0.05)
    assert values["suspension-gap"] == pytest.approx(11.2)


def test_the_verdicts_follow_the_rule(hartford):
    claims = {
        name: (entry.finding.claim, entry.finding.verdict)
        for name, entry in hartford.items()
        if name in FINDINGS and entry.finding.claim and not entry.finding.beside
    }
    assert claims == {
        "magnet-seats-gap": ("C3", "reproduced"),
        "need-gap": ("C4", "not reproduced"),
    }
    reason = hartford["need-gap"].finding.reason
    assert reason.count("Holds:") == 2
    assert reason.count("Does not hold:") == 2
    assert "facilities" in hartford["need-gap"].finding.caveat


def test_figures_that_were_typed_say_so(hartford):
    assert "spending_schools" in hartford["need-gap"].finding.typed
    assert "bus_rules" in hartford["open-schools"].finding.typed
    assert not hartford["suspension"].finding.typed


def test_no_cell_warns(hartford, home):  # noqa: ARG001
    notebook = findings.read_notebook(home / "results" / "hartford-2017" / "culture.ipynb")
    streams = [
        output
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    ]
    assert streams == []


@pytest.mark.parametrize(("name", "district"), [("new-haven", "0930011"), ("waterbury", "1510011")])
def test_another_city_is_measured_but_for_zones(studied, name, district):
    peers = '["0640011", "0150011"]'
    found = studied(f'district: "{district}"\npeers: {peers}\nnorth: []\n')
    for key in ("segregation-district", "chronic-absenteeism", "suspension", "suspension-gap",
                "chronic-absenteeism-schools", "suspension-schools"):  # fmt: skip
        assert found[key].value is not None, key
    assert found["growth-by-size"].value is not None
    for key in ("open-schools", "magnet-seats-gap", "reduced-isolation", "segregation-region"):
        assert found[key].value is None, key
        assert "Not measured: " in found[key].sentence
    assert all(finding.verdict is None for finding in found.values())


def test_a_charter_of_one_school_says_what_it_lacks(studied):
    text = (
        'district: "2610013"\npeers: ["2880013", "2630013"]\nnorth: []\n'
        "smallest_school: 0\n"
    )
    found = studied(text)
    assert found["chronic-absenteeism"].value is not None
    assert found["need-gap"].value is None
    assert found["segregation-district"].value is None
