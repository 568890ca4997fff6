"""What re-runs a notebook and what does not: each change with what is expected of it."""

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from itertools import product
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from dme import lasted, paths, records, up_to_date
from dme.cli import nothing_changed
from dme.errors import DmeError
from dme.execute import record as recording
from dme.execute import run as running
from dme.execute.record import carry_over
from dme.execute.run import explain, run_studies
from dme.findings import INPUTS_MIME, read_notebook
from dme.tables import load
from dme.tables.dictionary import provenances
from dme.tables.load import told

ROOT = Path(__file__).parents[2]

BEGIN = "from dme.notebook import begin, inputs, load\nrun = begin(globals())"
READER = "rows = load('zone_capacity')\nprint(len(rows), run.small_school)"


def notebook(path: Path, *sources: str) -> None:
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    parameters = nbformat.v4.new_code_cell("study = 'mine'\nsmall_school = 350\nseed = 2017")
    parameters.metadata["tags"] = ["parameters"]
    made.cells = [parameters, *(nbformat.v4.new_code_cell(source) for source in sources)]
    nbformat.write(made, path)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a name for the sources of each test in turn.

    Under one name they have one parent of kernels, which takes longer to start than a test.
    """
    return tmp_path_factory.mktemp("source") / "src"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Path):
    """Give a project of its own: data linked but for one table, one notebook, a module copied."""
    for room in ("data", "data/tables", "params", "notebooks", "src"):
        (tmp_path / room).mkdir()
    for path in [*(ROOT / "data").iterdir(), *(ROOT / "data" / "tables").iterdir()]:
        if path.name != "tables":
            (tmp_path / path.relative_to(ROOT)).symlink_to(path)
    for name in ("data/tables/zone_capacity.csv", "data/datapackage.json", "data/claims.yml"):
        (tmp_path / name).unlink()
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "src" / "dme", tmp_path / "src" / "dme")
    notebook(tmp_path / "notebooks" / "tiny.ipynb", BEGIN, READER, "inputs()")
    (tmp_path / "params" / "mine.yml").write_text("study: mine\nsmall_school: 300\n")
    monkeypatch.setenv("DME_HOME", str(tmp_path))
    # The kernels read the copied modules, so that a test may change one.
    source.unlink(missing_ok=True)
    source.symlink_to(tmp_path / "src")
    monkeypatch.setenv("PYTHONPATH", str(source))
    paths.home.cache_clear()
    yield tmp_path
    paths.home.cache_clear()


def go(project: Path, **more: object) -> dict[str, list[str]]:
    (done,) = run_studies([project / "params" / "mine.yml"], lambda *_: None, **more)
    return done.ran


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _touch(project: Path) -> None:
    for path in (
        project / "src/dme/study/parameters.py",
        project / "data/tables/zone_capacity.csv",
    ):
        os.utime(path, (time.time() + 50,) * 2)


def _same_bytes(project: Path) -> None:
    path = project / "data/tables/zone_capacity.csv"
    path.write_bytes(path.read_bytes())


def _build_anew(data: Path, table: str, old: str, new: str) -> None:
    """Change a table, and what the package tells of it, as a build does."""
    path = data / "tables" / f"{table}.csv"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    edit(path, old, new)
    edit(data / "datapackage.json", before, hashlib.sha256(path.read_bytes()).hexdigest())


def _other_package_rows(project: Path) -> None:
    # The package tells of every table; a change about a table that was not read is none.
    edit(project / "data/datapackage.json", "Students in the grade", "Pupils in the grade")


STANDS = {
    "nothing": lambda _: None,
    "touched": _touch,
    "written with the same bytes": _same_bytes,
    "package about another table": _other_package_rows,
    "module that was not imported": lambda project: edit(
        project / "src/dme/publish/site.py", '"""', '"""Changed. '
    ),
    "table that was not read": lambda project: (project / "data/tables/bus_rules.csv").unlink(),
    "parameter that was not read": lambda project: edit(
        project / "params/mine.yml", "small_school: 300", "small_school: 300\nseed: 7"
    ),
    "comment in the parameters file": lambda project: edit(
        project / "params/mine.yml", "study", "# words\nstudy"
    ),
}

RUNS = {
    "parameter that was read": (
        lambda project: edit(project / "params/mine.yml", "300", "320"),
        "the parameter small_school changed (300 → 320)",
    ),
    "table that was read": (
        lambda project: _build_anew(project / "data", "zone_capacity", "3611", "3612"),
        "data/datapackage.json#zone_capacity changed; data/tables/zone_capacity.csv changed",
    ),
    "module that was imported": (
        lambda project: edit(project / "src/dme/text.py", '"""', '"""Changed. '),
        "src/dme/text.py changed",
    ),
    "notebook": (
        lambda project: notebook(project / "notebooks/tiny.ipynb", BEGIN, READER, "inputs() "),
        "the notebook changed",
    ),
    "result changed by hand": (
        lambda project: edit(project / "results/mine/tiny.ipynb", "5 320", "6 320"),
        "its result is missing or was changed by hand",
    ),
    "result gone": (
        lambda project: (project / "results/mine/tiny.ipynb").unlink(),
        "its result is missing or was changed by hand",
    ),
    "record gone": (
        lambda project: (project / "results/mine/run.json").unlink(),
        "it has not been run",
    ),
    "record cut short": (
        lambda project: (project / "results/mine/run.json").write_text("{"),
        "it has not been run",
    ),
    "record of before commits were told": (
        lambda project: without_commit(project / "results/mine/run.json"),
        "it has not been run",
    ),
}


def without_commit(path: Path) -> None:
    told = records.read(path)
    del told["commit"], told["packages"]
    path.write_text(records.text(told), encoding="utf-8")


def test_each_change_with_what_is_expected_of_it(project: Path):
    """One project, changed again and again: runs and explanations follow each change."""
    assert go(project) == {"tiny": ["it has not been run"]}
    params = project / "params" / "mine.yml"
    assert nothing_changed.up_to_date.standing([params]) == [
        ("mine", project / "results" / "mine", 1)
    ]
    for what, change in STANDS.items():
        change(project)
        assert explain([params]) == {"mine": {"tiny": []}}, what
        assert go(project) == {}, what
        assert nothing_changed.up_to_date.standing([params]), what
    for what, (change, reason) in RUNS.items():
        change(project)
        assert nothing_changed.up_to_date.standing([params]) is None, what
        assert "; ".join(explain([params])["mine"]["tiny"]) == reason, what
        assert {name: "; ".join(why) for name, why in go(project).items()} == {"tiny": reason}, what
        assert nothing_changed.up_to_date.standing([params]), what
    result = (project / "results/mine/tiny.ipynb").read_text(encoding="utf-8")
    assert "5 320" in result
    # It was not read, so the result stands; its cell of parameters tells of it all the same.
    assert "seed = 7" in result
    assert go(project, force=True) == {"tiny": [running.NOT_SAID]}


@pytest.mark.tried("Nothing stale", "a table that was edited by hand")
def test_a_run_says_that_a_table_is_not_the_packages_own(project: Path):
    edit(project / "data/tables/zone_capacity.csv", "3611", "3612")
    params = project / "params" / "mine.yml"
    for _ in range(2):
        (done,) = run_studies([params], lambda *_: None)
        ((text, notebooks),) = done.warnings.items()
        assert "Not as the package of data has it: zone_capacity." in text
        assert notebooks == ["tiny"]
        # Nothing runs the second time, and it is said again.
        assert up_to_date.standing([params]) is None
    assert done.ran == {}
    assert '<p class=\\"warning\\">' in (done.folder / "tiny.ipynb").read_text(encoding="utf-8")
    edit(project / "data/tables/zone_capacity.csv", "3612", "3611")
    assert run_studies([params], lambda *_: None)[0].warnings == {}
    assert up_to_date.standing([params])


@pytest.mark.tried("Nothing stale", "a file that a reader outside Python opens")
def test_a_reader_that_is_not_seen_is_told_and_what_is_noted_counts(project: Path):
    path = project / "data" / "own" / "mine.parquet"
    path.parent.mkdir(exist_ok=True)
    frame = pd.DataFrame({"a": [1]})
    frame.to_parquet(path)
    read = "import pandas as pd\nprint(len(pd.read_parquet({})))"
    plain = read.format("'data/own/mine.parquet'")
    notebook(project / "notebooks/tiny.ipynb", BEGIN, plain, "inputs()")
    (done,) = run_studies([project / "params/mine.yml"], lambda *_: None)
    assert "What read_parquet reads is seen by nobody" in str(done.warnings)
    named = "from dme.notebook import noted\n" + read.format("noted('data/own/mine.parquet')")
    notebook(project / "notebooks/tiny.ipynb", BEGIN, named, "inputs()")
    (done,) = run_studies([project / "params/mine.yml"], lambda *_: None)
    assert not done.warnings
    pd.DataFrame({"a": [1, 2]}).to_parquet(path)
    assert go(project) == {"tiny": ["data/own/mine.parquet changed"]}


HELPER = "import pandas as pd\nRATE = 1\n"
USES = """
import pandas as pd
from notebooks import helper
extra = pd.read_csv("notes/extra.csv")
listed = sorted(p.name for p in __import__("pathlib").Path("notes").glob("*.csv"))
print(len(extra), helper.RATE, listed)
"""


@pytest.fixture
def reading(project: Path) -> Path:
    """Give a project whose notebook reads a file and a module of its own."""
    (project / "notes").mkdir()
    (project / "notes" / "extra.csv").write_text("a\n1\n")
    (project / "notebooks" / "helper.py").write_text(HELPER)
    notebook(project / "notebooks/tiny.ipynb", BEGIN, READER, USES, "inputs()")
    return project


@pytest.mark.tried("Nothing stale", "a helper, a file and a folder that a cell reads itself change")
def test_what_a_cell_reads_itself_counts(reading: Path):
    def another(name: str, text: str) -> None:
        (reading / name).write_text(text)

    go(reading)
    assert go(reading) == {}
    for name, text, reason in (
        ("notes/extra.csv", "a\n1\n2\n", "notes/extra.csv changed"),
        ("notebooks/helper.py", HELPER.replace("1", "2 "), "notebooks/helper.py changed"),
        ("notes/more.csv", "a\n", "notes/ changed"),
    ):
        another(name, text)
        assert go(reading) == {"tiny": [reason]}
        assert go(reading) == {}
    assert "2 2 ['extra.csv', 'more.csv']" in (reading / "results/mine/tiny.ipynb").read_text()


REMEMBERED = """
from dme.measures.estimates.estimate import Estimate
from dme.notebook import finding, step
from notebooks import helper
import pandas as pd

@step
def told(study):
    return f"{helper.rate()} {len(pd.read_csv('notes/extra.csv'))} {helper.HELD}"

print(told(run))
"""
HOLDING = """
from pathlib import Path
HELD = Path("notes/held.txt").read_text()
def rate():
    return 1
"""


@pytest.mark.tried("Nothing stale", "what a remembered function reads through a helper changes")
def test_nothing_stale_is_remembered(reading: Path):
    (reading / "notebooks" / "helper.py").write_text(HOLDING)
    (reading / "notes" / "held.txt").write_text("held")
    notebook(reading / "notebooks/tiny.ipynb", BEGIN, REMEMBERED, "inputs()")

    def said() -> str:
        go(reading)
        cells = nbformat.read(reading / "results/mine/tiny.ipynb", as_version=4).cells
        return next(cell.outputs[0].text for cell in cells if "told" in cell.source).strip()

    assert said() == "1 1 held"
    (reading / "notebooks" / "helper.py").write_text(HOLDING.replace("1", "22"))
    assert said() == "22 1 held"
    (reading / "notes" / "extra.csv").write_text("a\n1\n2\n3\n")
    assert said() == "22 3 held"
    (reading / "notes" / "held.txt").write_text("another")
    assert said() == "22 3 another"


# A cell that changes, once, what the run has read.
CHANGES = """
import os
from pathlib import Path
if not os.path.exists("build/done"):
    os.makedirs("build", exist_ok=True)
    Path("build/done").write_text("")
    for name, old, new in {changes!r}:
        path = Path(name)
        path.write_text(path.read_text().replace(old, new, 1))
"""


@pytest.mark.tried("Nothing stale", "files that change while a run is going on")
def test_what_changes_while_a_run_goes_on_is_not_taken_for_what_was_read(
    reading: Path, record_property
):
    changes = {
        "notes/extra.csv": ("1", "1\n2"),
        "notebooks/helper.py": ("1", "2 "),
        "notebooks/tiny.ipynb": ("len(rows)", "len(rows) + 0"),
        "data/tables/zone_capacity.csv": ("3611", "3612"),
        "src/dme/text.py": ('"""', '"""Changed. '),
        "params/other.yml": ("300", "310"),
    }
    told = [(name, *texts) for name, texts in changes.items()]
    changing = CHANGES.format(changes=told)
    notebook(reading / "notebooks/tiny.ipynb", BEGIN, READER, USES, changing, "inputs()")
    (reading / "params/other.yml").write_text("small_school: 300\n")
    files = [reading / "params" / name for name in ("mine.yml", "other.yml")]
    run_studies(files, lambda *_: None)
    assert up_to_date.standing(files[1:]) is None
    changed = set(explain(files)["mine"]["tiny"])
    assert {f"{name} changed" for name in changes if name not in (
        "params/other.yml", "notebooks/tiny.ipynb"
    )} | {"the notebook changed"} <= changed  # fmt: skip
    assert "the parameter small_school changed (300 → 310)" in explain(files)["other"]["tiny"]
    record_property("times", len(changes))
    assert {name for done in run_studies(files, lambda *_: None) for name in done.ran} == {"tiny"}
    assert not any(why for study in explain(files).values() for why in study.values())


@pytest.mark.tried("Nothing stale", "a user's own start files, shell and locale")
def test_a_users_own_settings_reach_no_notebook(project: Path, monkeypatch):
    for name, text in (
        (".ipython/profile_default/startup/00.py", "STARTED = 1"),
        ("start.py", "STARTED = 1"),
        (".config/matplotlib/matplotlibrc", "text.usetex: True\n"),
    ):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    theirs = {
        "HOME": str(project),
        "PYTHONSTARTUP": str(project / "start.py"),
        "MPLBACKEND": "TkAgg",
        "LC_ALL": "tr_TR.ISO-8859-9",
    }
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    seen = "import matplotlib, sys\nprint('STARTED' in globals(), sys.flags.utf8_mode, "
    seen += "matplotlib.rcParams['text.usetex'], matplotlib.get_backend())"
    notebook(project / "notebooks/tiny.ipynb", BEGIN, seen, "inputs()")
    go(project)
    result = (project / "results/mine/tiny.ipynb").read_text(encoding="utf-8")
    assert "False 1 False module://matplotlib_inline.backend_inline" in result


def test_installed_packages_count(project: Path, monkeypatch: pytest.MonkeyPatch):
    go(project)
    monkeypatch.setattr(up_to_date, "environment", lambda: "another")
    assert explain([project / "params/mine.yml"])["mine"]["tiny"] == [
        "the installed packages changed"
    ]


def test_environment_is_told_by_names_and_versions(tmp_path: Path, monkeypatch):
    site = tmp_path / "site-packages"
    (site / "pandas-3.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(site)])
    before = up_to_date.environment()
    (site / "pandas-3.0.dist-info" / "RECORD").touch()
    assert up_to_date.environment() == before
    assert up_to_date.packages() == {"pandas": "3.0"}
    (site / "pandas-3.0.dist-info").rename(site / "pandas-3.1.dist-info")
    assert up_to_date.environment() != before


def test_installed_packages_are_told_as_their_own_metadata_has_them():
    told = up_to_date.packages()
    site = [path for path in sys.path if path.endswith("site-packages")]
    for one in importlib.metadata.distributions(path=site):
        assert told[re.sub(r"[-_.]+", "-", one.name).lower()] == one.version


def test_a_table_that_was_absent_and_comes_is_a_change(project: Path):
    tables = project / "data" / "other" / "tables"
    tables.mkdir(parents=True)
    for name in ("districts", "schools", "school_enrollment", "district_enrollment"):
        shutil.copy(ROOT / "data" / "tables" / f"{name}.csv", tables)
    (project / "params/mine.yml").write_text(
        "study: mine\ntables: data/other/tables\nbefore_plan: 2014-15\nplan_horizon: 2015-16\n"
    )
    assert go(project)
    assert go(project) == {}
    shutil.copy(ROOT / "data/tables/zone_capacity.csv", tables)
    assert go(project) == {"tiny": ["data/other/tables/zone_capacity.csv is new"]}


def test_a_notebook_that_does_not_say_what_it_reads_always_runs(project: Path):
    notebook(project / "notebooks/tiny.ipynb", "print(1)")
    for _ in range(2):
        assert go(project)
    assert "inputs()" in explain([project / "params/mine.yml"])["mine"]["tiny"][0]


READS = "x = open('params/mine.yml').read()"


@pytest.mark.tried("Nothing stale", "a cell that reads before the first word or after the last")
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((BEGIN, READS, "inputs()"), {"read": "1"}),
        ((READS, BEGIN, "inputs()"), None),
        ((f"{READS}\n{BEGIN}", "inputs()"), None),
        ((BEGIN, "inputs()", READS), None),
        ((BEGIN, READS), None),
    ],
)
def test_what_is_read_where_nobody_looks_makes_a_notebook_run(cells, said):
    told = {"data": {INPUTS_MIME: {"read": "1"}}}
    ran = [
        {"cell_type": "code", "source": [one], "outputs": [told] if one == "inputs()" else []}
        for one in cells
    ]
    assert recording._read({"cells": ran}) == said


def test_the_projects_notebooks_say_what_they_read():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = [c for c in read_notebook(path)["cells"] if recording._computes(c)]
        assert recording._watched("".join(cells[0]["source"])), path.name
        assert "".join(cells[-1]["source"]).endswith("inputs()"), path.name


def test_parameters_named_by_the_code_itself_count(project: Path):
    notebook(project / "notebooks/tiny.ipynb", BEGIN, "print(seed)", "inputs()")
    go(project)
    edit(project / "params/mine.yml", "study: mine", "study: mine\nseed: 9")
    assert go(project) == {"tiny": ["the parameter seed changed (2017 → 9)"]}


def test_only_what_changed_runs(project: Path):
    notebook(project / "notebooks/other.ipynb", BEGIN, "print(run.seed)", "inputs()")
    assert set(go(project)) == {"tiny", "other"}
    edit(project / "params/mine.yml", "300", "310")
    assert set(go(project)) == {"tiny"}
    assert sorted(path.name for path in (project / "results/mine").iterdir()) == [
        "other.ipynb", "run.json", "study.yml", "timings.json", "tiny.ipynb",
    ]  # fmt: skip
    (project / "notebooks/other.ipynb").unlink()
    assert go(project) == {}
    assert not (project / "results/mine/other.ipynb").exists()


def test_a_carried_over_result_says_its_parameters_as_papermill_would(project: Path):
    params = {"study": "mine", "plant_cost": True, "peers": ["0930011"], "seed": 5, "full": 85.0}
    import papermill

    source = project / "notebooks" / "tiny.ipynb"
    papermill.execute_notebook(
        source, project / "out.ipynb", params, prepare_only=True, progress_bar=False
    )
    carry_over(read_notebook(project / "out.ipynb"), project / "again.ipynb", params)
    cells = [
        next(
            cell["source"]
            for cell in nbformat.read(project / name, as_version=4).cells
            if "injected-parameters" in cell.metadata.get("tags", [])
        )
        for name in ("out.ipynb", "again.ipynb")
    ]
    assert cells[0].strip() == cells[1].strip()


def test_two_runs_at_once_do_not_harm_each_other(project: Path):
    notebook(
        project / "notebooks/tiny.ipynb",
        BEGIN,
        "import time; time.sleep(1.5); print(run.small_school)",
        "inputs()",
    )
    code = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from dme.execute.run import run_studies
        done = run_studies([Path(sys.argv[1])], lambda *_: None, waiting=lambda: print("waits"))
        print(sorted(done[0].ran))
        """
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(project / "params/mine.yml")],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0].splitlines() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    # One ran; the other waited for it, and then found that nothing had changed.
    assert sorted(said) == [["['tiny']"], ["waits", "[]"]]
    assert json.loads((project / "results/mine/run.json").read_text())["notebooks"]["tiny"]


@pytest.mark.parametrize(
    "words", [["run", "--explain"], ["run", "--force"], ["site"], [], ["run", "params/none.yml"]]
)
def test_the_quick_answer_is_for_plain_runs_only(project: Path, words: list[str], capsys):
    go(project)
    assert not nothing_changed.run(words)
    assert nothing_changed.run(["run", str(project / "params" / "mine.yml"), "-q"])
    assert capsys.readouterr().out == ("✓ mine: nothing has changed; results in results/mine/\n")


def test_the_quick_answer_loads_nothing_slow():
    code = (
        "import sys, dme.cli.nothing_changed; "
        "print([m for m in ('typer', 'rich', 'pydantic', 'pandas', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _delete(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_text("")


def _other(path: Path) -> None:
    path.write_text("[1]" if path.suffix != ".yml" else "small_school: []\n")


def _edited(path: Path) -> None:
    edit(path, "300", "301")


def _deep(path: Path) -> None:
    path.write_text(100_000 * "[")


DAMAGES = (_delete, _empty, _other, _edited, _deep)
RECORDS = "a record of a run deleted, damaged or edited"


@pytest.mark.tried("Nothing lost", RECORDS)
def test_a_record_that_is_not_what_was_written_is_as_if_it_were_absent(
    project: Path, record_property
):
    """Whatever becomes of a record, a run ends with the results of an undisturbed one."""
    go(project)
    results, params = project / "results" / "mine", [project / "params" / "mine.yml"]
    # How long it took is no part of what stands.
    whole = {p.name: p.read_bytes() for p in results.iterdir() if p.name != lasted.TIMINGS}
    shown = read_notebook(results / "tiny.ipynb")["cells"][2]["outputs"]
    for name, damage in product(whole, DAMAGES):
        damage(results / name)
        assert up_to_date.standing(params) is None, (name, damage)
        if name == "study.yml":
            # What is said of the parameters is written anew, and nothing runs.
            assert go(project) == {}
            assert up_to_date.standing(params) is not None
            assert (results / name).read_bytes() == whole[name]
        else:
            assert explain(params)["mine"]["tiny"]
            if damage is _edited:
                assert go(project)
                assert read_notebook(results / "tiny.ipynb")["cells"][2]["outputs"] == shown
            for file, content in whole.items():
                (results / file).write_bytes(content)
    record_property("times", len(whole) * len(DAMAGES))


@pytest.mark.tried("Nothing lost", RECORDS)
@pytest.mark.parametrize(
    "text",
    ["[]", "{}", '{"resources": 1}', '{"resources": [1]}', 10_000 * "[", "", "1", "null",
     '{"resources": [{"path": 1}]}', '{"resources": [{"path": "zone_capacity"}]}'],
)  # fmt: skip
def test_a_package_of_wrong_types_tells_nothing(tmp_path: Path, text: str):
    package = tmp_path / "datapackage.json"
    package.write_text(text)
    assert told(tmp_path / "tables") == {}
    up_to_date.part_digest(package, "zone_capacity")
    with pytest.raises(DmeError, match=r"datapackage\.json"):
        provenances(tmp_path / "tables")


@pytest.mark.tried("Nothing lost", RECORDS)
def test_a_package_that_tells_of_other_columns_changes_no_table(project: Path):
    package = project / "data" / "datapackage.json"
    package.write_text(package.read_text().replace('"type": "string"', '"type": "integer"'))
    rows = load("zone_capacity", project / "data" / "tables")
    assert rows.equals(load("zone_capacity", ROOT / "data" / "tables"))
