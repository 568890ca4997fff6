"""A project to run notebooks whole in; each module of tests names its notebook, or * for all."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dme import findings, paths
from dme.execute.run import run_studies
from dme.findings import Entry, Finding
from dme.study import read
from tests.notebooks.in_process import Notebook, recorded

ROOT = Path(__file__).parents[2]
Ledger = dict[str, Entry]


@pytest.fixture(scope="session")
def memory(tmp_path_factory) -> Path:
    """Give the file in which all kernels of these tests, of every worker, remember results.

    What one module's run of a study computed another's reads, as two runs of a user do.
    """
    place = tmp_path_factory.getbasetemp()
    whole = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    return whole / "memory.sqlite"


@pytest.fixture(scope="module")
def home(request, tmp_path_factory, memory) -> Iterator[Path]:
    """Give a project with the notebooks that the module's ``NOTEBOOK`` names."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("project")
    for room in ("data", "params"):
        (folder / room).symlink_to(ROOT / room)
    (folder / "notebooks").mkdir()
    (folder / "results").mkdir()
    (folder / "results" / memory.name).symlink_to(memory)
    for source in (ROOT / "notebooks").glob(f"{request.module.NOTEBOOK}.ipynb"):
        (folder / "notebooks" / source.name).symlink_to(source)
    patch.setenv("DME_HOME", str(folder))
    paths.home.cache_clear()
    yield folder
    patch.undo()
    paths.home.cache_clear()


@pytest.fixture(scope="module")
def run(home) -> Callable[..., Ledger]:
    """Give a function that runs a study by name, with its file's text or another, to its ledger."""

    def ledger(name: str, text: str | None = None) -> Ledger:
        path = home / f"{name}.yml"
        path.write_text(text or (ROOT / "params" / f"{name}.yml").read_text())
        run_studies([path], lambda *_: None)
        return {entry.finding.id: entry for entry in findings.ledger(name)}

    return ledger


@pytest.fixture(scope="module")
def hartford(run) -> dict[str, Finding]:
    """Give the findings of the Hartford study."""
    return {name: entry.finding for name, entry in run("hartford-2017").items()}


@pytest.fixture(scope="module")
def studied(request, tmp_path_factory) -> Callable[[str], dict[str, Finding]]:
    """Give a function that evaluates the notebook for a study of further parameters, quickly.

    It runs in this process, without charts: a fifth of what a kernel and a page take.
    """
    notebook = Notebook(ROOT / "notebooks" / f"{request.module.NOTEBOOK}.ipynb")
    path = tmp_path_factory.mktemp("studies") / "other.yml"

    def findings_of(text: str) -> dict[str, Finding]:
        path.write_text(f"study: other\nresamples: 300\n{text}")
        return recorded(notebook.shown(read(path)))

    return findings_of
