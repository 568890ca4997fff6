"""The notebook on firmness, without a sweep and with one."""

import io

import pandas as pd
import pytest
import yaml

from dme import findings, paths
from dme.execute.run import explain
from dme.findings import answer_of, read_notebook

NOTEBOOK = "firmness"
FIGURES = ("school-size", "small-school-premium", "small-school-cost")


def page(study="hartford-2017"):
    return read_notebook(paths.results(study) / "firmness.ipynb")


def test_it_is_polite_without_a_sweep_and_runs_again_when_there_is_one(home, run):
    ledger = run("hartford-2017")
    assert set(ledger) == {f"{name}-firmness" for name in FIGURES}
    for entry in ledger.values():
        assert entry.finding.value is None
        assert "dme sweep headline" in entry.finding.sentence
    assert "dme sweep headline" in answer_of(page())
    write(home, "headline")
    reasons = explain([home / "mine.yml"])["hartford-2017"]["firmness"]
    assert reasons == ["results/sweeps/headline/findings.parquet is new"]


def write(home, name, district="0640011"):
    """Write a sweep of two choices, as its table and its description stand after a sweep."""
    folder = home / "results" / "sweeps" / name
    folder.mkdir(parents=True)
    rows = [
        {"run": f"{line}-{year}", "small_school": line, "spending_year": year, "finding": finding,
         "claim": "O1", "value": value, "low": value - 5, "high": value + 5,
         "unit": "percent", "basis": "measured", "verdict": None, "reason": ""}
        for finding in FIGURES
        for line, year, value in ((300, "2017-18", 28.0), (350, "2017-18", 20.0),
                                  (300, "2018-19", 4.0), (350, "2018-19", 9.0))
    ]  # fmt: skip
    buffer = io.BytesIO()
    pd.DataFrame(rows).to_parquet(buffer)
    (folder / "findings.parquet").write_bytes(buffer.getvalue())
    told = {
        "sweep": name,
        "axes": {
            "small_school": {str(n): {"small_school": n} for n in (300, 350)},
            "spending_year": {y: {"spending_year": y} for y in ("2017-18", "2018-19")},
        },
        "shared": {"district": district, "confidence": 95.0, "enrollment_year": "2016-17"},
    }
    (folder / "sweep.yml").write_text(yaml.safe_dump(told))


@pytest.fixture(scope="module")
def swept(home, run):
    if not (home / "results" / "sweeps" / "headline").exists():
        write(home, "headline")
    return run("hartford-2017")


def test_the_shares_are_those_of_the_sweep(swept):
    found = swept["school-size-firmness"].finding
    # 4 with an interval from -1 to 9 says nothing of the direction.
    assert found.value == 75
    assert found.claim is None
    assert found.verdict is None
    assert "3 of 4 ways" in found.sentence


def test_each_finding_has_its_curve_and_its_table(swept):
    assert len(swept) == 3
    cells = {cell["id"]: cell for cell in page()["cells"]}
    for name in ("size", "premium", "cost"):
        figure, table = cells[f"{name}-figure"]["outputs"]
        assert "image/png" in figure["data"]
        assert "4 estimates" in figure["metadata"]["alt"]
        assert "The line below which a school is small" in "".join(table["data"]["text/html"])


def test_the_sweep_is_among_its_inputs(swept):
    assert swept
    (_, _, read), *_ = findings.bundles(page(), findings.INPUTS_MIME)
    assert {"results/sweeps/headline/findings.parquet",
            "results/sweeps/headline/sweep.yml"} <= set(read)  # fmt: skip


def test_another_districts_study_does_not_take_hartfords_sweep(swept, run):
    assert swept
    text = 'study: new-haven\ndistrict: "0930011"\npeers: ["0640011", "0150011"]\n'
    for entry in run("new-haven", text).values():
        assert "the sweep headline is of Hartford" in entry.finding.sentence
