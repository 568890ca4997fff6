"""The notebooks: kept clean, and run whole the three ways that people run them."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from dme import findings, observe, paths
from dme.execute import engine
from dme.execute.run import run_studies
from dme.publish.pagecopy import clean
from dme.study import Study

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def source(request):
    return nbformat.read(request.param, as_version=4)


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["operations"]


def test_a_notebook_is_kept_without_outputs(source):
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    assert not any(cell.outputs for cell in code)
    assert not any(cell.execution_count for cell in code)


def test_a_notebook_begins_with_its_title(source):
    first = source.cells[0]
    assert first.cell_type == "raw"
    (front, *_) = yaml.safe_load_all(first.source)
    assert set(front) == {"title", "description"}


def test_the_parameters_cell_holds_the_hartford_study(source):
    (cell,) = tagged(source, "parameters")
    values: dict = {}
    exec(compile(cell.source, "parameters", "exec"), values)
    given = {key: value for key, value in values.items() if not key.startswith("__")}
    assert set(given) == set(Study.model_fields)
    assert Study(**given) == Study()


def test_cells_have_names_not_random_ids(source):
    assert all(len(cell.id) < 30 and cell.id.replace("-", "").isalpha() for cell in source.cells)


def test_no_notebook_defines_functions(source):
    code = "\n".join(cell.source for cell in source.cells if cell.cell_type == "code")
    assert "def " not in code


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a project whose results this module shares."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("project")
    for room in ("data", "params", "notebooks"):
        (folder / room).symlink_to(ROOT / room)
    patch.setenv("DME_HOME", str(folder))
    paths.home.cache_clear()
    yield folder
    patch.undo()
    paths.home.cache_clear()


def run(home, name, text=None):
    path = home / "mine.yml"
    path.write_text(text or (ROOT / "params" / f"{name}.yml").read_text())
    run_studies([path], lambda *_: None)
    return {entry.finding.id: entry for entry in findings.ledger(name)}


@pytest.fixture(scope="module")
def hartford(home):
    return run(home, "hartford-2017")


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
    assert others["the smaller cities among the peers too"] == pytest.approx(21.1, abs=0.05)


def test_each_headline_has_its_interval_verdict_and_reason(hartford):
    for name, claim in (("district-enrollment", "D1"), ("school-size", "O1"),
                        ("small-school-premium", "O2"), ("small-school-cost", "O3")):  # fmt: skip
        found = hartford[name].finding
        assert found.claim == claim
        assert found.low <= found.value <= found.high
        assert found.interval
        assert found.population
        assert found.verdict
        assert found.reason


def test_the_verdicts_follow_the_rule(hartford):
    verdicts = {name: entry.finding.verdict for name, entry in hartford.items()}
    assert verdicts["district-enrollment"] == "reproduced"  # 20,891 against 20,874
    assert verdicts["school-size"] == "same direction"  # 24.1 lies below 25.2
    assert verdicts["small-school-premium"] == "same direction"  # by size alone
    assert verdicts["enrollment-trend"] is None


def test_what_rests_on_modelled_seats_says_so(hartford):
    for name in ("small-underused-premium", "small-underused-cost"):
        found = hartford[name].finding
        assert found.basis == "modelled"
        assert "modelled" in found.caveat


def test_the_executed_notebook_holds_what_it_read(hartford, home):  # noqa: ARG001
    path = home / "results" / "hartford-2017" / "operations.ipynb"
    notebook = findings.read_notebook(path)
    ((_, _, read),) = findings.bundles(notebook, findings.INPUTS_MIME)
    assert "data/tables/school_enrollment.csv" in read
    assert "data/claims.yml" in read
    import hashlib

    claims = (ROOT / "data" / "claims.yml").read_bytes()
    assert read["data/claims.yml"] == hashlib.sha256(claims).hexdigest()
    assert not any(name.startswith("/") for name in read)
    assert any(name.endswith("measures/cost.py") for name in read)


def test_another_district_runs_and_says_what_is_missing(home):
    text = (
        'study: new-haven\ndistrict: "0930011"\n'
        'peers: ["0640011", "0150011", "1510011"]\nresamples: 300\n'
    )
    figures = {name: entry.finding for name, entry in run(home, "new-haven", text).items()}
    assert figures["school-size"].value is not None
    assert figures["small-school-premium"].value is not None
    assert figures["utilization"].value is None
    assert "no seats of New Haven" in figures["utilization"].sentence
    assert all(found.verdict is None for found in figures.values())
    assert "small-underused-premium" not in figures
    assert not any("urban" in found.sentence for found in figures.values())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("new-britain", 'district: "0890011"\npeers: ["0930011", "0640011"]\n'),
        ("danbury", 'district: "0340011"\npeers: ["0930011"]\nspending_year: "2018-19"\n'),
        ("few-small", "small_school: 140\n"),
        ("every-row", "smallest_school: 0\nsmall_school: 120\n"),
    ],
)
def test_thin_groups_do_not_stop_a_study(home, name, text):
    figures = {
        n: e.finding for n, e in run(home, name, f"{text}resamples: 300\nstudy: {name}\n").items()
    }
    assert figures["school-size"].value is not None
    assert figures["small-school-premium"].value is not None
    labels = [a.label for found in figures.values() for a in found.alternatives]
    assert labels


def test_an_empty_group_is_no_lack_of_data(home):
    text = "study: all-small\nsmall_school: 2000\nresamples: 300\n"
    found = run(home, "all-small", text)["small-school-premium"].finding
    assert (found.value, found.verdict) == (None, None)
    assert "one of the two groups at 2000 students" in found.sentence


def test_a_district_without_spending_by_school_runs_too(home):
    text = 'study: west-hartford\ndistrict: "1550011"\nresamples: 300\n'
    figures = {name: entry.finding for name, entry in run(home, "west-hartford", text).items()}
    assert figures["school-size"].value is not None
    assert figures["small-school-premium"].value is None
    assert "no spending" in figures["small-school-premium"].sentence
    assert figures["small-school-cost"].value is None


def test_other_choices_move_the_figures(home, hartford):
    text = (
        "study: other\nweighting: schools\nsmall_school: 300\nplant_cost: false\nresamples: 300\n"
    )
    figures = {name: entry.finding for name, entry in run(home, "other", text).items()}
    before = hartford["small-school-premium"].finding
    assert figures["small-school-premium"].value != pytest.approx(before.value, abs=0.1)
    found = figures["small-school-premium"]
    assert "fewer than 300" in found.population
    assert found.verdict is None
    assert "small_school is 300 here, 350 in the claim" in found.reason
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
        "300",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "unknown parameter" not in done.stderr
    notebook = findings.read_notebook(tmp_path / "out.ipynb")
    found = {raw["id"]: raw["value"] for _, _, raw in findings.bundles(notebook, findings.MIME)}
    assert found["district-enrollment"] == 20891


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_warm_and_ordinary_kernels_give_the_same_bytes(home, hartford, source):
    """The same findings, figures and words; only timings and counters of the machine may differ."""
    assert hartford
    parameters = Study().model_dump(mode="json")
    pages = {}
    for kernel in ("dme", "python3"):
        output = home / f"{kernel}.ipynb"
        engine.execute(source, output, parameters, lambda *_: None, kernel)
        pages[kernel] = nbformat.writes(clean(nbformat.read(output, as_version=4)))
    assert pages["dme"] == pages["python3"]
    with_study = home / "results" / "hartford-2017" / source.name
    assert pages["dme"] == nbformat.writes(clean(nbformat.read(with_study, as_version=4)))


def test_only_files_that_were_read_count_as_inputs(project):
    observe.start()
    (project / "data" / "claims.yml").read_text()
    with (project / "data" / "notes.txt").open("w") as file:
        file.write("written, not read")
    (project / "_quarto.yml").read_text()
    read = {name for name in observe.inputs() if not name.endswith(".py")}
    assert read == {"data/claims.yml"}
    observe.start()
    assert not {name for name in observe.inputs() if not name.endswith(".py")}


def test_the_readme_quotes_the_ledger(hartford):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("school-size", "small-school-premium", "small-school-cost",
                 "small-underused-premium", "small-underused-cost"):  # fmt: skip
        found = hartford[name].finding
        figure = found.value_text.replace(" per pupil", "").replace(" a year", "")
        assert f"{figure} ({found.interval_text})" in text, name
        assert found.verdict in text
    for name in ("school-size", "small-school-premium"):
        numbers = re.findall(r"\$?\d[\d,]{2,}", hartford[name].finding.sentence)
        assert all(number in text for number in numbers), (name, numbers)
    for name in ("enrollment-trend", "utilization"):
        assert hartford[name].finding.value_text in text
    assert f"{hartford['district-enrollment'].finding.value:,.0f}" in text
