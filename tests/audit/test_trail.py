"""The trail of a number in a study of one notebook, which the test writes as a run would."""

import json
import sys

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output

from dme import cli, up_to_date
from dme.audit.trail import Trails
from dme.errors import DmeError
from dme.findings import MIME, Alternative, Finding

TABLE = "data/tables/school_enrollment.csv"
CELLS = [
    "from dme.measures.size import school_sizes\nfrom dme.notebook import finding, load, record",
    '@finding("mean-size", "Mean school size", unit="students", claim="O1")\n'
    "def mean_size(study):\n"
    '    rows = school_sizes.schools(load("school_enrollment"), study.size_year)\n'
    '    return rows["students"].mean()',
    "record(mean_size)",
]


@pytest.fixture
def results(writing):
    """Give the folder of a study's results: two rows of 2016-17 were used."""
    lines = (writing / TABLE).read_text().splitlines()
    numbers = [n for n, line in enumerate(lines) if line.startswith("2016-17,0640011,")][:2]
    assert len(numbers) == 2
    found = Finding(
        id="mean-size",
        title="Mean school size",
        sentence="Schools have 442 students.",
        value=442.0,
        unit="students",
        population="-",
        year="2016-17",
        method="-",
        claim="O1",
        alternatives=(Alternative("of the year before", 440.0, by="size_year = 2015-16"),),
        tables=("school_enrollment",),
        parameters=("size_year",),
        rows=(("school_enrollment", f"{numbers[0]}-{numbers[1]}"),),
    )
    shown = new_output("display_data", {MIME: found.to_json(), "text/plain": "-"})
    cells = [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(CELLS)]
    cells[-1]["outputs"] = [shown]
    folder = writing / "results" / "tiny"
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), folder / "size.ipynb")
    (folder / "study.yml").write_text("study: tiny\n")
    read = {TABLE: "a" * 64, "src/dme/measures/size/school_sizes.py": "b" * 64}
    record = up_to_date.Record("n", "r", {}, read, "e", [])
    run = up_to_date.RunRecord("p", "s", {"size": record}, "c0ffee", [], {"pandas": "9.9"}, "X 3")
    up_to_date.write(folder, run)
    return folder


def _printed(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["dme", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    return capsys.readouterr().out


def test_a_number_leads_to_the_raw_files_of_its_rows(results, monkeypatch, capsys):
    published = yaml.safe_load((results.parents[1] / "data" / "sources.yml").read_text())
    series = {one["id"]: one["files"] for one in published if "files" in one}
    told = json.loads(_printed(monkeypatch, capsys, "audit", "mean-size", "tiny", "--json"))
    [table] = told["tables"]
    assert {one["sha256"] for one in table["raw_files"]} == {
        series["edsight-school-grades"]["2016-17"],
        series["edsight-school-totals"]["2016-17"],
    }
    assert table["sha256"] == "a" * 64
    assert table["filter"].startswith("2 of the ") or "2016-17" in table["filter"]
    assert told["parameters"] == {"size_year": "2016-17"}
    assert told["commit"] == "c0ffee"
    assert told["packages"] == {"pandas": "9.9"}
    assert told["claim"]["id"] == "O1"
    assert [one["source"] for one in told["statements"]] == [CELLS[1]]
    assert [one["called"] for one in told["helpers"]] == ["school_sizes.schools", "load"]


@pytest.mark.usefixtures("results")
def test_as_text_it_reads_from_the_number_to_the_publisher(monkeypatch, capsys):
    text = _printed(monkeypatch, capsys, "audit", "O1", "tiny")
    parts = [
        "Mean school size: 442 students",
        "O1: Schools are 28 percent smaller",
        "notebooks/size.ipynb, cell 3 (cell-2), of the study tiny, run at commit c0ffee",
        "def mean_size(study):",
        "school_sizes.schools  src/dme/measures/size/school_sizes.py:",
        "size_year: 2016-17",
        "of the year before: 440 students  [size_year = 2015-16]",
        "school_year is 2016-17",
        "enrollment__2016-17_all-schools_grade.csv",
        "Connecticut State Department of Education",
        "pandas 9.9",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    # The record tells of other bytes than stand there now.
    assert text.count("(CHANGED since it was run)") == 1


@pytest.mark.usefixtures("results")
def test_a_name_that_is_no_finding_leads_to_the_nearest():
    with pytest.raises(DmeError, match='Did you mean "mean-size"'):
        Trails("tiny")["mean-sise"]
