"""The Hartford study as a whole: every claim has its answer, every notebook says it in words."""

import re
from pathlib import Path

import pytest

from dme import findings, paths
from dme.audit import record
from dme.audit.diff import compare
from dme.audit.diff_words import Names, told
from dme.audit.record import Record
from dme.findings.claims import yardstick
from dme.findings.judging import Verdict
from dme.study import Study, read

ROOT = Path(__file__).parents[2]
NOTEBOOK = "*"
STUDIES = sorted((ROOT / "params").glob("*.yml"))


@pytest.fixture(scope="module")
def ledger(run):
    return list(run("hartford-2017").values())


def test_the_committed_record_is_what_the_study_gives(ledger):
    """Held to what its authors published; a change that is meant is recorded anew."""
    assert ledger
    found = Record.of_results(paths.results("hartford-2017"))
    comparison = compare(record.read(ROOT / record.FOLDER / "hartford-2017.json"), found)
    names = Names("the record", "the study")
    again = "Is that meant? Then record it: dme verify hartford-2017 --record"
    assert comparison.agree, f"{told(comparison, names, most=None)}\n\n{again}"


def test_every_claim_has_a_finding_with_a_verdict_and_its_reason(ledger):
    answers = {}
    for entry in ledger:
        if entry.finding.claim:
            answers.setdefault(entry.finding.claim, []).append(entry.finding)
    assert set(answers) == {claim.id for claim in yardstick().claims}
    for name, found in answers.items():
        assert all(one.reason for one in found), name
        assert [bool(one.verdict) for one in found if not one.beside] == [True], name


def test_what_is_not_public_is_never_called_reproduced(ledger):
    hidden = {claim.id for claim in yardstick().claims if claim.data == "not public"}
    for entry in ledger:
        if entry.finding.claim in hidden:
            assert entry.finding.verdict == Verdict.NOT_TESTABLE, entry.finding.id


def test_what_needs_a_model_says_that_it_has_one(ledger):
    modelled = {claim.id for claim in yardstick().claims if claim.data == "modelled"}
    for entry in ledger:
        found = entry.finding
        if found.claim in modelled and found.value is not None and not found.beside:
            assert found.basis in {"modelled", "proxy"}, found.id
            assert found.caveat, found.id


def test_each_figure_says_who_is_counted_when_how_and_from_which_tables(ledger):
    for entry in ledger:
        found = entry.finding
        if found.value is None:
            continue
        assert found.population, found.id
        assert found.year, found.id
        assert found.method, found.id
        assert found.interval, found.id
        # What intervals do is simulated, and rests on no table.
        assert found.tables or entry.notebook == "intervals", found.id


def test_an_interval_holds_its_figure(ledger):
    for entry in ledger:
        found = entry.finding
        if found.low is not None:
            assert found.low <= found.value <= found.high, found.id


def test_each_notebook_answers_its_question_in_words(ledger):
    notebooks = {entry.notebook for entry in ledger}
    for path in findings.notebooks("hartford-2017"):
        said = findings.answer_of(findings.read_notebook(path))
        assert path.stem in notebooks
        # Here no sweep has been run, and the notebook that reads one says so.
        assert len(said.split()) > 15, path.stem
        assert path.stem == "firmness" or re.search(r"\d", said), path.stem


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_each_study_of_the_project_can_be_run(path):
    study = read(path)
    assert study.study == path.stem
    assert study.district not in study.peers


def test_the_hartford_file_holds_every_parameter_at_its_default():
    keys = set(re.findall(r"^(\w+):", (ROOT / "params" / "hartford-2017.yml").read_text(), re.M))
    assert keys == set(Study.model_fields)
    assert read(ROOT / "params" / "hartford-2017.yml") == Study()


def test_the_readme_quotes_the_ledger(ledger):
    """Each figure of the README stands before the name of its finding, in a comment."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    figures = {entry.finding.id: entry.finding for entry in ledger}
    quoted = re.findall(r"([^|>]*)<!-- ([\w-]+) -->", text)
    assert len(quoted) > 20
    for words, name in quoted:
        found = figures[name]
        figure = found.value_text.partition(" a year")[0].partition(" per pupil")[0]
        for unit in (
            " points",
            " miles",
            " students",
            " schools",
            " FTE",
            " more",
            " smaller",
            " of",
        ):
            figure = figure.partition(unit)[0]
        assert figure in words, name
        if found.low is not None and "(" in words:
            assert found.interval_text in words, name


def test_the_readme_gives_each_verdict_as_the_ledger_does(ledger):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    verdicts = {entry.finding.id: entry.finding.verdict for entry in ledger}
    for row in re.findall(r"^\|.*<!--.*\|$", text, re.M):
        last = verdicts[re.findall(r"<!-- ([\w-]+) -->", row)[-1]]
        first = verdicts[re.findall(r"<!-- ([\w-]+) -->", row)[0]]
        said = row.rstrip("|").rpartition("|")[2]
        assert (last or first) in said, row
