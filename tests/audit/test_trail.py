"""The trail of a number in a study of one notebook, which the test writes as a run would."""

import hashlib
import json
import sys

import pytest
import yaml
from tests import tiny_study

from dme import cli
from dme.audit.trail import Trails
from dme.errors import DmeError


@pytest.fixture
def results(writing):
    """Give the folder of a study's results."""
    return tiny_study.write(writing)


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
    content = (results.parents[1] / tiny_study.TABLE).read_bytes()
    assert table["sha256"] == hashlib.sha256(content).hexdigest()
    assert table["filter"].startswith("2 of the ") or "2016-17" in table["filter"]
    assert told["parameters"] == {"size_year": "2016-17"}
    assert told["commit"] == "c0ffee"
    assert told["packages"] == {"pandas": "9.9"}
    assert told["claim"]["id"] == "O1"
    assert [one["source"] for one in told["statements"]] == [tiny_study.CELLS[1]]
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
