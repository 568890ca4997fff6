"""A small study that has been run, in a project of its own, for the tests to publish."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from publish_sample import HOSTILE, QUARTO, STAMFORD, STUDY, hostile, later_sample, sample

from dme.publish import config

FEW = "smallest_school: 3000\n"
"""No row of the sample's district is a school: pages of schools have tests of their own."""
PAGES = {"index.qmd", "operations.qmd", "methods.qmd"}


@pytest.fixture
def home(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with results of a small study, whose one notebook its site links to."""
    monkeypatch.delenv("QUARTO", raising=False)
    results = project / "results" / STUDY
    results.mkdir(parents=True)
    (results / "study.yml").write_text(f"study: sample\nsmall_school: 400\n{FEW}")
    nbformat.write(sample(), results / "operations.ipynb")
    settings = project / "_quarto.yml"
    site = yaml.safe_load(settings.read_text(encoding="utf-8"))
    bar = site["website"]["navbar"]
    entries = {entry.page for entry in config.read(settings).navigation}
    bar["left"] = config.without(bar["left"], entries - PAGES)
    settings.write_text(yaml.safe_dump(site, sort_keys=False), encoding="utf-8")
    return project


@pytest.fixture
def later(home: Path) -> str:
    """The name of a second study in the same project: of another time, it has no claims."""
    results = home / "results" / "later"
    results.mkdir()
    (results / "study.yml").write_text(f'study: later\nenrollment_year: "2024-25"\n{FEW}')
    nbformat.write(later_sample(), results / "operations.ipynb")
    return results.name


@pytest.fixture
def hostile_home(home: Path) -> Path:
    """The same project, whose tables, parameters and outputs are full of attacks."""
    table = home / "data" / "tables" / "districts.csv"
    rows = pd.read_csv(table, dtype=str)
    rows.loc[rows["level"] == "district", "district"] = [
        HOSTILE[number % len(HOSTILE)] for number in range((rows["level"] == "district").sum())
    ]
    rows.loc[rows["district_code"].isin(["0640011", STAMFORD]), "district"] = "\n\n".join(HOSTILE)
    rows.to_csv(table, index=False)
    # Two schools have pages.
    study = home / "results" / STUDY / "study.yml"
    study.write_text(study.read_text().replace(FEW, "smallest_school: 900\n"))
    table = home / "data" / "tables" / "schools.csv"
    rows = pd.read_csv(table, dtype=str)
    rows["school"] = [HOSTILE[number % len(HOSTILE)] for number in range(len(rows))]
    rows.to_csv(table, index=False)
    nbformat.write(hostile(), home / "results" / STUDY / "operations.ipynb")
    return home


@pytest.fixture
def notebook(home: Path) -> Path:
    """The sample's executed notebook."""
    return home / "results" / STUDY / "operations.ipynb"


@pytest.fixture
def quarto_program() -> str:
    """Quarto's program; the test is skipped where there is none."""
    return QUARTO or pytest.skip("Quarto is not installed")


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve folders on the loopback; return each one's address."""
    servers = []

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    def start(folder: Path) -> str:
        handler = functools.partial(Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
