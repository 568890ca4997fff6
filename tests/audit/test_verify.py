"""A small project that is recorded, run again, and tampered with."""

import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

from dme import cli, paths
from dme.audit import record, trail
from dme.execute import engine

ROOT = Path(__file__).parents[2]
PARAMETERS = "study = 'small'\nsmall_school = 350\nseed = 2017"
BEGIN = """
from dme.measures.estimates.estimate import Estimate
from dme.measures.grades import FROM_KINDERGARTEN
from dme.notebook import begin, finding, inputs, load, record
import tinypackage

run = begin(globals())
"""
FINDINGS = """
@finding("seats", "Seats", unit="seats")
def seats(study):
    return Estimate(float(load("zone_capacity")["seats"].sum()), None, None, "")

@finding("grades", "Grades", unit="grades")
def grades(study):
    return Estimate(float(len(FROM_KINDERGARTEN)), 10.0, 16.0, "made up")

@finding("rate", "Rate", unit="percent")
def rate(study, *, times=1):
    return Estimate(study.small_school * tinypackage.RATE * times, None, None, "")

rate.varied({"twice": {"times": 2}})

@finding("district-enrollment", "Students", unit="students", claim="D1")
def students(study):
    return Estimate(20880.0, 20870.0, 20890.0, "made up")

@finding("steady", "Steady", unit="schools")
def steady(study):
    return Estimate(float(study.small_school), None, None, "")
"""
RECORDED = (
    "for one in (seats, grades, rate, students, steady):\n    record(one, '{value:=schools}')"
)
WHERE = "data/record/small.json"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a project: data linked but for what is changed, a notebook, a module, a package."""
    patch = pytest.MonkeyPatch()
    home = tmp_path_factory.mktemp("verified") / "project"
    for room in ("data/tables", "params", "notebooks", "lib/site-packages"):
        (home / room).mkdir(parents=True)
    for path in [*(ROOT / "data").iterdir(), *(ROOT / "data" / "tables").iterdir()]:
        if path.name not in {"tables", "record", "claims.yml", "zone_capacity.csv"}:
            (home / path.relative_to(ROOT)).symlink_to(path)
    for name in ("data/claims.yml", "data/tables/zone_capacity.csv"):
        shutil.copy(ROOT / name, home / name)
    shutil.copytree(ROOT / "src" / "dme", home / "src" / "dme")
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in (
        ("parameters", PARAMETERS), ("begin", BEGIN), ("findings", FINDINGS),
        ("recorded", RECORDED), ("inputs", "inputs()"),
    )]  # fmt: skip
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "x", "language": "python"}
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(made, home / "notebooks" / "tiny.ipynb")
    (home / "params" / "small.yml").write_text("small_school: 300\n")
    package(home, "1.0", 2)
    # The kernels read the copied modules, so that one may be changed.
    site = home / "lib" / "site-packages"
    patch.setenv("PYTHONPATH", f"{home / 'src'}:{site}")
    patch.syspath_prepend(site)
    patch.setenv("DME_HOME", str(home))
    forget()
    yield home
    patch.undo()
    forget()


def forget():
    paths.home.cache_clear()
    trail.distributions.cache_clear()


def package(home, version, rate):
    site = home / "lib" / "site-packages"
    for former in site.glob("*"):
        shutil.rmtree(former) if former.is_dir() else former.unlink()
    (site / "tinypackage.py").write_text(f"RATE = {rate}\n")
    told = site / f"tinypackage-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: tinypackage\nVersion: {version}\n"
    )
    (told / "top_level.txt").write_text("tinypackage\n")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def dme(home, monkeypatch, capsys):
    """Give the command: its exit status, and what it printed."""

    def call(*words):
        monkeypatch.chdir(home)
        monkeypatch.setattr(sys, "argv", ["dme", *words])
        try:
            cli.main()
            status = 0
        except SystemExit as ended:
            status = ended.code or 0
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return call


@pytest.mark.tried(
    "Nothing stale",
    "a table's cell, a helper, a package, a rule and a recorded value are changed, and a fresh run "
    "is held against the record",
)
def test_a_study_is_recorded_verified_and_what_moved_it_is_named(home, dme, record_property):
    status, said = dme("verify", "small")
    assert status == 1
    assert f"{WHERE} is not there" in said
    assert "dme verify small --record" in said

    status, said = dme("verify", "small", "--record", "-q")
    assert status == 0, said
    kept = record.read(home / WHERE)
    assert {name: one.value for name, one in kept.findings.items()} == {
        "seats": seats_by_hand(),
        "grades": 13.0,
        "rate": 600.0,
        "district-enrollment": 20880.0,
        "steady": 300.0,
    }
    assert kept.packages["tinypackage"] == "1.0"
    assert kept.findings["rate"].choices == {"twice": (1200.0, None, None)}
    assert not (home / "results").exists()

    # What moves nothing is told, and is no failure.
    edit(home / "src/dme/measures/grades.py", '"""', '"""Changed. ')
    status, said = dme("verify", "small", "-q")
    assert (status, "✓ 5 findings and 1 figure under other choices" in said) == (0, True), said
    assert "moves nothing: src/dme/measures/grades.py changed" in said

    edit(home / "data/tables/zone_capacity.csv", "5291,8762", "5291,8763")
    edit(home / "src/dme/measures/grades.py", "13", "12")
    edit(home / "data/claims.yml", "published: {value: 20874", "published: {value: 30874")
    edit(home / WHERE, '"value": 300.0', '"value": 301.0')
    package(home, "1.1", 3)
    status, said = dme("verify", "small", "-q")
    assert status == 1
    assert "✗ 5 findings are not what" in said
    record_property("times", 5)
    for name, *told in (
        ("seats", "the table zone_capacity changed"),
        ("grades", "recorded 13 grades (10 to 16); now 12 grades", "src/dme/measures/grades.py"),
        ("rate", "recorded 600%; now 900%", "“twice”: recorded 1200%; now 1800%",
         "tinypackage was 1.0, and is 1.1"),
        ("district-enrollment", "verdict: recorded reproduced; now not reproduced",
         "data/claims.yml changed"),
        ("steady", "recorded 301 schools; now 300 schools",
         "nothing that it is known to go through"),
    ):  # fmt: skip
        (mine,) = re.findall(rf"^  {name} \(.*?(?=\n\n|\Z)", said, re.M | re.S)
        for words in told:
            assert words in mine, (words, mine)


def test_a_cell_that_fails_is_named_and_the_record_stays(home, dme):
    notebook = home / "notebooks" / "tiny.ipynb"
    before, kept = notebook.read_text(), (home / WHERE).read_bytes()
    edit(notebook, "from dme.measures.estimates.estimate import Estimate", "1 / 0")
    for recording in ([], ["--record"]):
        status, said = dme("verify", "small", "-q", *recording)
        assert status == 1
        assert 'tiny.ipynb failed in cell 2 ("begin")' in said
        assert "ZeroDivisionError" in said
        assert "build/failed/small/tiny.ipynb" in said
    assert (home / "build/failed/small/tiny.ipynb").is_file()
    assert (home / WHERE).read_bytes() == kept
    notebook.write_text(before)


def test_kernels_are_ordinary_where_that_is_asked_for(home):
    if "dme" not in engine._installed():
        pytest.skip("the kernel that starts warm is not installed")
    notebook = home / "notebooks" / "tiny.ipynb"
    assert engine.kernel_for(notebook) == "dme"
    assert engine.kernel_for(notebook, warm=False) == "python3"


def test_a_study_without_parameters_is_refused_before_anything_runs(dme):
    status, said = dme("verify", "nothing", "--record")
    assert status == 1
    assert 'There are no parameters of a study "nothing" in params/. There are: small.' in said


def seats_by_hand():
    lines = (ROOT / "data/tables/zone_capacity.csv").read_text().splitlines()
    at = lines[0].split(",").index("seats")
    return float(sum(int(line.split(",")[at]) for line in lines[1:]))
