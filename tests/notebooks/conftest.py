"""A project to run notebooks whole in; each module of tests names its notebook, or * for all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dme import findings, paths
from dme.execute.run import run_studies
from dme.findings import Entry

ROOT = Path(__file__).parents[2]
Ledger = dict[str, Entry]


@pytest.fixture(scope="module")
def home(request, tmp_path_factory) -> Iterator[Path]:
    """Give a project with the notebooks that the module's ``NOTEBOOK`` names."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("project")
    for room in ("data", "params"):
        (folder / room).symlink_to(ROOT / room)
    (folder / "notebooks").mkdir()
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
        path = home / "mine.yml"
        path.write_text(text or (ROOT / "params" / f"{name}.yml").read_text())
        run_studies([path], lambda *_: None)
        return {entry.finding.id: entry for entry in findings.ledger(name)}

    return ledger
