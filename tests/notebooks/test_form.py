"""What every notebook keeps to, and that each gives the same in warm and ordinary kernels."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest
import yaml

from dme import findings, paths
from dme.execute import engine
from dme.publish import config
from dme.study import Study
from tests.same_bytes import NEHALEM, USER, processor, surroundings, traces
from tests.turns import on_turn

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ALWAYS = {"study", "tables", "district"}
LONGEST = 40


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def source(request):
    return nbformat.read(request.param, as_version=4)


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def code_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def test_each_notebook_has_its_place_in_the_navigation():
    linked = {entry.page for entry in config.read(ROOT / "_quarto.yml").navigation}
    own = {"index.qmd", "schools.qmd", "rules.qmd", "methods.qmd", "audit.qmd"}
    assert {f"{path.stem}.qmd" for path in NOTEBOOKS} == linked - own


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
    held = {key: value for key, value in values.items() if not key.startswith("__")}
    assert set(held) >= ALWAYS
    assert set(held) <= set(Study.model_fields)
    assert Study(**held) == Study()


def given(notebook):
    (cell,) = tagged(notebook, "parameters")
    return set(re.findall(r"^(\w+) = ", cell.source, re.MULTILINE))


def test_the_parameters_cell_names_what_the_cells_read(source):
    named = set(re.findall(r"\b(?:run|study)\.(\w+)", code_of(source)))
    assert named & set(Study.model_fields) <= given(source)


def test_cells_have_names_not_random_ids(source):
    """JupyterLab gives a new cell a random one: CONTRIBUTING.md tells how to name it."""
    ids = [cell.id for cell in source.cells]
    assert not [name for name in ids if len(name) >= 30 or not name.replace("-", "").isalpha()]


def test_cells_are_short(source):
    """What takes more lines is no longer read, and its logic belongs in measures."""
    for cell in source.cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= LONGEST, cell.id


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request, tmp_path_factory, memory):
    """Give a function that runs a notebook in the kernel of a name, once, and returns its copy.

    It computes all that it tells, unless it is to remember: then it reads what any run kept. By
    another's hand it runs in another folder, under another user's variables, on what is to OpenBLAS
    and NumPy another processor.
    """
    folder = tmp_path_factory.mktemp(request.param.stem)

    @cache
    def page(kernel, remember="no", another=False):
        home = folder / (f"{USER} in" if another else "") / f"{kernel}-{remember}"
        (home / "results").mkdir(parents=True)
        for room in ("data", "params", "notebooks"):
            (home / room).symlink_to(ROOT / room)
        (home / "results" / memory.name).symlink_to(memory)
        variables = surroundings(folder) | processor(NEHALEM) if another else {}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {**variables, "DME_HOME": str(home), "DME_MEMORY": remember}.items():
                patch.setenv(name, value)
            paths.home.cache_clear()
            values = Study().model_dump(mode="json")
            output = home / "out" / request.param.name
            output.parent.mkdir()
            engine.execute(request.param, output, values, lambda *_: None, kernel)
        paths.home.cache_clear()
        return output

    return page


def test_the_parameters_cell_holds_what_the_notebook_read(executed):
    """Whoever read it, a cell or the package: else a study's file would change nothing."""
    page = nbformat.read(executed("dme", "yes"), as_version=4)
    ((_, _, read),) = findings.bundles(page, findings.PARAMETERS_MIME)
    assert set(read) <= given(page)
    assert given(page) - set(read) <= ALWAYS


BY_TURNS = on_turn(NOTEBOOKS, 5)


@pytest.mark.parametrize("executed", BY_TURNS, ids=lambda path: path.stem, indirect=True)
@pytest.mark.tried("Same bytes", "notebooks in other kernels, folders, by another user")
def test_other_kernels_folders_users_and_processors_give_the_same_bytes(executed):
    """Nothing may differ in a result, with and without memory, and nothing tells whose it is.

    All that is told is computed anew in both kernels, for the notebooks whose turn it is.
    """
    first, again = executed("dme"), executed("dme", "yes")
    other = executed("python3", another=True)
    assert again.read_bytes() == first.read_bytes()
    assert other.read_bytes() == first.read_bytes()
    assert not traces(other.parent)


def test_each_notebook_says_about_how_long_it_takes(source):
    assert 0 < source.metadata["dme"]["seconds"] < 60
