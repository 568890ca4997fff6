"""The command, as its users meet it."""

import json
import re
import sys

import pytest
from rich.console import Console

from dme import cli, findings, paths, publish
from dme.findings import Entry, Finding
from dme.findings.judging import Verdict
from dme.publish import Built, watch
from dme.tables import names

FOUND = Finding(
    id="school-size",
    title="Mean school size",
    sentence="-",
    value=24.1,
    low=11.1,
    high=34.2,
    unit="percent smaller",
    population="-",
    year="2016-17",
    method="-",
    basis="proxy",
    claim="O1",
    published="28%",
    verdict=Verdict.SAME_DIRECTION,
)


@pytest.fixture
def dme(project, monkeypatch, capsys):
    """Give the command: its exit status, and what it printed on each stream."""

    def call(*words):
        monkeypatch.chdir(project)
        monkeypatch.setattr(sys, "argv", ["dme", *words])
        try:
            cli.main()
            status = 0
        except SystemExit as ended:
            status = ended.code or 0
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    call.home = project
    return call


BAD = {
    "misspelt key": ("enrolment_year: 2016-17", "enrolment_year", '"enrollment_year"'),
    "unknown district": ('district: "0640012"', "district", '"0640011" (Hartford'),
    "year without data": ('spending_year: "2009-10"', "spending_year", '"2017-18"'),
    "negative threshold": ("small_school: -350", "small_school", "greater than or equal to 1"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_parameters_fail_clearly_and_nothing_is_lost(dme, case):
    line, key, help_ = BAD[case]
    (dme.home / "params" / "bad.yml").write_text(f"study: hartford-2017\n{line}\n")
    good = dme.home / "results" / "hartford-2017" / "operations.ipynb"
    good.parent.mkdir(parents=True)
    good.write_text("earlier results")
    status, out, err = dme("run", "params/bad.yml")
    assert status == 1
    assert out == ""
    assert f"params/bad.yml: 1 problem\n  line 2, {key}: " in err
    assert help_ in err
    assert "Traceback" not in err
    assert good.read_text() == "earlier results"
    assert [path.name for path in good.parent.parent.iterdir()] == ["hartford-2017"]


def test_a_file_that_is_not_there(dme):
    status, _, err = dme("run", "params/nowhere.yml")
    assert status == 1
    assert "There is no parameters file params/nowhere.yml" in err
    assert "params/hartford-2017.yml" in err


def test_a_folder_that_can_not_be_written_is_told(dme):
    (dme.home / "results").write_text("a file, not a folder")
    status, _, err = dme("run", "-q")
    assert status == 1
    assert "results" in err
    assert "Traceback" not in err


def test_a_stop_by_hand_says_that_nothing_is_lost(dme, monkeypatch):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(findings, "ledger", stop)
    status, _, err = dme("findings")
    assert status == 130
    assert "Stopped. Earlier results are as they were." in err


def test_findings_before_any_run(dme):
    status, _, err = dme("findings")
    assert status == 1
    assert "dme run params/hartford-2017.yml" in err


@pytest.fixture
def ledger(monkeypatch):
    monkeypatch.setattr(findings, "ledger", lambda _: [Entry(FOUND, "operations", "size", 11)])


@pytest.mark.usefixtures("ledger")
def test_findings_as_a_table(dme, monkeypatch):
    monkeypatch.setattr(cli.commands, "out", Console(width=160))
    status, out, _ = dme("findings")
    assert status == 0
    words = " ".join(out.split())
    for part in ("O1", "24.1% smaller", "11.1% to 34.2%", "28%", "same direction", "proxy"):
        assert part in words


@pytest.mark.usefixtures("ledger")
def test_findings_as_json(dme):
    status, out, _ = dme("findings", "--json")
    assert status == 0
    (row,) = json.loads(out)
    assert list(row) == [
        "finding", "claim", "value", "low", "high", "unit", "published", "verdict",
        "by_construction", "earlier", "basis",
        "tables", "typed", "notebook", "cell", "number",
    ]  # fmt: skip
    assert (row["value"], row["verdict"], row["cell"]) == (24.1, "same direction only", "size")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["run"],
        ["findings"],
        ["site"],
        ["districts"],
        ["new"],
        ["sweep"],
        ["template"],
        ["export"],
        ["data"],
    ]
    + [["data", verb] for verb in ("build", "federal", "check", "describe", "sources")],
)
def test_every_command_has_help(dme, words):
    status, out, _ = dme(*words, "--help")
    assert status == 0
    assert "Usage: dme" in out


def test_help_does_not_wait_for_the_libraries():
    """The slow imports belong to the commands that need them."""
    import subprocess

    code = "import sys, dme.cli; print([m for m in ('papermill', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_study_without_results_is_not_exported(dme, tmp_path):
    status, _, err = dme("export", "--crate", str(tmp_path / "crate.zip"))
    assert status == 1
    assert 'There are no results of a study "hartford-2017"' in err
    assert not (tmp_path / "crate.zip").exists()


def test_raw_files_that_are_not_there(dme):
    before = sorted((dme.home / "data" / "tables").iterdir())
    status, _, err = dme("data", "build", "--raw", "nowhere")
    assert status == 1
    assert "nowhere" in err
    assert sorted((dme.home / "data" / "tables").iterdir()) == before


@pytest.mark.parametrize("name", names())
def test_every_table_is_described_with_its_first_rows(dme, name):
    status, out, err = dme("data", "describe", name)
    assert (status, err) == (0, "")
    assert "Its first" in out
    assert "<NA>" not in out
    assert not re.search(r"\bnan\b", out)


def test_a_template_tells_its_layout_and_never_overwrites(dme, tmp_path):
    target = tmp_path / "mine.csv"
    status, out, _ = dme("template", "comments", "--out", str(target))
    assert status == 0
    assert target.read_text().startswith("id,date,zone,speaker,comment,themes_1,themes_2")
    for word in ("speaker", "themes_2", "BLDG", "comments:"):
        assert word in out
    status, _, err = dme("template", "comments", "--out", str(target))
    assert status == 1
    assert "is there already" in err


@pytest.fixture
def built(monkeypatch):
    """Stand in for the build of a site: what it was asked for, and what came of it."""
    asked = []

    def build(study, **told):
        asked.append((study, told))
        folder = told["out"] or paths.home() / "_site"
        return Built("builtin", ("index.html",) * 3, folder, ("website.repo-url",))

    monkeypatch.setattr(publish, "build", build)
    return asked


def test_who_built_the_site_and_how_to_get_the_other_is_one_line(dme, built):
    status, out, err = dme("site", "one", "two")
    assert (status, built) == (0, [("one", {"renderer": "auto", "out": None, "beside": ["two"]})])
    (line,) = out.splitlines()
    assert "3 pages by the built-in renderer (make quarto installs Quarto) → _site/" in line
    assert err.count("leaves out: website.repo-url. Quarto follows it.") == 1


def test_a_project_is_staged_or_a_site_built(dme, built):
    status, _, err = dme("site", "one", "--stage", "there", "--serve")
    assert (status, built) == (1, [])
    assert "--stage builds no site: leave out --serve and --output." in err
    assert not (dme.home / "there").exists()


def test_a_site_that_is_shown_is_built_again_by_the_same_command(dme, built, monkeypatch):
    ran, looks = [], iter(["before", "after", "after", "after"])

    def sleep(_):
        if len(ran) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch, "stamps", lambda _: next(looks))
    monkeypatch.setattr("time.sleep", sleep)
    monkeypatch.setattr("subprocess.run", lambda words, **_: ran.append(words))
    status, out, _ = dme("site", "one", "--serve", "--port", "0", "-o", "here")
    assert status == 0
    assert len(built) == 1
    assert ran[0][-6:] == ["site", "one", "--renderer", "auto", "--output", "here"]
    assert re.search(r"http://localhost:\d+/ \(Ctrl-C ends it\)", out)
