"""Running studies, with tiny notebooks in place of the real ones."""

import subprocess
import sys

import nbformat
import pytest
import yaml

from dme import findings, paths
from dme.errors import DmeError
from dme.execute.engine import CellFailure
from dme.execute.run import run_studies
from dme.study import ParameterError

PARAMETERS = ("parameters", 'study = "mine"\nsmall_school = 350\nseed = 2017', ["parameters"])


def notebook(path, *cells):
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    for name, source, tags in cells:
        cell = nbformat.v4.new_code_cell(source, id=name)
        cell.metadata["tags"] = list(tags)
        made.cells.append(cell)
    nbformat.write(made, path)


@pytest.fixture
def tiny(project):
    for path in (project / "notebooks").glob("*.ipynb"):
        path.unlink()
    notebook(
        project / "notebooks" / "tiny.ipynb",
        PARAMETERS,
        ("answer", "print(study, small_school)", []),
    )
    (project / "params" / "mine.yml").write_text("study: mine\nsmall_school: 300\n")
    return project


def quiet(*_):
    pass


def outputs(path, cell_id):
    cells = nbformat.read(path, as_version=4).cells
    return next(cell for cell in cells if cell.id == cell_id).outputs


def test_a_study_is_run_with_its_parameters_and_they_are_kept(tiny):
    told = []
    (done,) = run_studies([tiny / "params" / "mine.yml"], lambda *a: told.append(a))
    assert done.notebooks == ("tiny",)
    assert done.folder == tiny / "results" / "mine"
    assert outputs(done.folder / "tiny.ipynb", "answer")[0].text == "mine 300\n"
    kept = yaml.safe_load((done.folder / "study.yml").read_text())
    assert (kept["study"], kept["small_school"], kept["district"]) == ("mine", 300, "0640011")
    assert told[-1] == ("mine", "tiny", 3, 3)


def test_nothing_temporary_is_left(tiny):
    run_studies([tiny / "params" / "mine.yml"], quiet)
    run_studies([tiny / "params" / "mine.yml"], quiet)
    assert [path.name for path in (tiny / "results").iterdir()] == ["mine"]


def test_a_failing_cell_is_named_and_earlier_results_stay(tiny):
    params = tiny / "params" / "mine.yml"
    run_studies([params], quiet)
    before = (tiny / "results" / "mine" / "tiny.ipynb").read_bytes()
    notebook(
        tiny / "notebooks" / "tiny.ipynb",
        PARAMETERS,
        ("fine", "print('so far')", []),
        ("broken", "1 / 0", []),
    )
    with pytest.raises(CellFailure) as caught:
        run_studies([params], quiet)
    failure = caught.value
    assert (failure.notebook, failure.number, failure.cell) == ("tiny", 3, "broken")
    assert 'tiny.ipynb failed in cell 3 ("broken")' in str(failure)
    assert "ZeroDivisionError: division by zero" in str(failure)
    assert (tiny / "results" / "mine" / "tiny.ipynb").read_bytes() == before
    assert [path.name for path in (tiny / "results").iterdir()] == ["mine"]
    kept = tiny / "build" / "failed" / "mine" / "tiny.ipynb"
    assert outputs(kept, "fine")[0].text == "so far\n"
    assert paths.relative(kept) in str(failure)


def test_a_kernel_that_dies_is_a_failing_cell(tiny):
    notebook(
        tiny / "notebooks" / "tiny.ipynb",
        PARAMETERS,
        ("deadly", "import os\nos._exit(1)", []),
    )
    with pytest.raises(CellFailure, match=r'cell 2 \("deadly"\):\nthe kernel ended'):
        run_studies([tiny / "params" / "mine.yml"], quiet)
    assert not (tiny / "results" / "mine").exists()


def test_a_source_that_is_no_notebook_is_refused_by_name(tiny):
    (tiny / "notebooks" / "tiny.ipynb").write_text("<html>")
    with pytest.raises(DmeError, match=r"notebooks/tiny\.ipynb can't be read as a notebook"):
        run_studies([tiny / "params" / "mine.yml"], quiet)


def test_an_unknown_kernel_is_told(tiny):
    path = tiny / "notebooks" / "tiny.ipynb"
    text = path.read_text().replace('"python3"', '"no-such-kernel"')
    path.write_text(text.replace('"language": "python"', '"language": "R"'))
    with pytest.raises(DmeError, match=r"tiny\.ipynb could not be run.*no-such-kernel"):
        run_studies([tiny / "params" / "mine.yml"], quiet)


def test_two_runs_at_once_do_not_meet(tiny):
    """Each in a process of its own, started together."""
    for name in ("one", "two"):
        (tiny / "params" / f"{name}.yml").write_text("seed: 7\n")
    code = "import sys; from dme.cli import main; sys.argv[0] = 'dme'; main()"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, "run", "-q", f"params/{name}.yml"],
            cwd=tiny,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [status for _, status in ended] == [0, 0], ended
    assert sorted(path.name for path in (tiny / "results").iterdir()) == ["one", "two"]
    assert not list(tiny.glob("kernel*"))


def test_all_files_are_checked_before_any_is_run(tiny):
    (tiny / "params" / "bad.yml").write_text("study: bad\nsmall_school: -3\n")
    with pytest.raises(ParameterError):
        run_studies([tiny / "params" / "mine.yml", tiny / "params" / "bad.yml"], quiet)
    assert not (tiny / "results").exists()


def test_two_files_of_one_study_are_refused(tiny):
    (tiny / "other").mkdir()
    (tiny / "other" / "mine.yml").write_text("study: mine\n")
    with pytest.raises(DmeError, match=r"params/mine\.yml and other/mine\.yml"):
        run_studies([tiny / "params" / "mine.yml", tiny / "other" / "mine.yml"], quiet)


def test_a_project_without_notebooks_says_so(tiny):
    (tiny / "notebooks" / "tiny.ipynb").unlink()
    with pytest.raises(DmeError, match="no notebook in notebooks/"):
        run_studies([tiny / "params" / "mine.yml"], quiet)


def test_findings_of_a_study_that_was_not_run_name_those_that_were(tiny):
    with pytest.raises(DmeError, match="No study has been run yet"):
        findings.ledger("mine")
    run_studies([tiny / "params" / "mine.yml"], quiet)
    with pytest.raises(DmeError, match="There are results of: mine"):
        findings.ledger("other")
    assert findings.ledger("mine") == []


def test_a_file_that_is_no_notebook_is_refused_by_name(tiny):
    folder = tiny / "results" / "mine"
    folder.mkdir(parents=True)
    (folder / "odd.ipynb").write_text("<html>")
    with pytest.raises(DmeError, match=r"results/mine/odd\.ipynb can't be read"):
        findings.ledger("mine")
