"""The same runs on a cluster: a real scheduler and real workers on this machine."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from sweep_sample import FEW, quiet, until, write_notebook, write_sweep
from typer.testing import CliRunner

from dme.cli.commands import app
from dme.errors import DmeError
from dme.execute.sweep.plan import read_plan
from dme.execute.sweep.run import run_sweep
from dme.findings import functions
from dme.findings.memory import Memory


@pytest.fixture
def plan(project, monkeypatch):
    write_notebook(project)
    monkeypatch.setattr(functions, "_remembered", Memory())
    return read_plan(write_sweep(project, FEW))


@pytest.fixture
def start(tmp_path):
    """Return a function that starts one of Dask's processes and waits for nothing."""
    begun = []

    def begin(*words, **variables):
        with (tmp_path / f"{len(begun)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                env=os.environ | variables,
                stdout=log,
                stderr=log,
            )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()


@pytest.fixture
def scheduler(start, tmp_path):
    told = tmp_path / "scheduler.json"
    start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
          "--scheduler-file", str(told))  # fmt: skip
    until(lambda: told.is_file() and told.stat().st_size)
    return json.loads(told.read_text())["address"]


def worker(start, address, **variables):
    return start("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
                 "--no-dashboard", **variables)  # fmt: skip


def cleared(plan):
    """Forget all that the sweep knows."""
    (plan.folder / "memory.sqlite").unlink()
    functions._remembered = Memory()


def test_a_cluster_gives_the_table_of_one_machine_though_a_worker_is_lost(plan, start, scheduler):
    lost, _ = worker(start, scheduler), worker(start, scheduler)

    def tell(done, *_):
        if done == 1:
            lost.kill()

    done = run_sweep(plan, tell, jobs=1, cluster=scheduler)
    assert lost.poll() is not None
    assert (done.fresh, done.failed) == (6, 0)
    table = done.table.read_bytes()
    cleared(plan)
    assert run_sweep(plan, quiet, jobs=1).table.read_bytes() == table


def test_a_worker_with_another_project_is_refused(plan, start, scheduler, project, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(project, other)
    path = other / "data" / "tables" / "zone_capacity.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    worker(start, scheduler, DME_HOME=str(other))
    with pytest.raises(DmeError, match="is not the one that this sweep began with"):
        run_sweep(plan, quiet, jobs=1, cluster=scheduler)
    assert not (plan.folder / "findings.parquet").exists()


def test_an_address_where_no_scheduler_answers_is_told(plan, monkeypatch):
    monkeypatch.setattr("dme.execute.sweep.spread._CONNECT_SECONDS", 1)
    with pytest.raises(DmeError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:1 "):
        run_sweep(plan, quiet, jobs=1, cluster="tcp://127.0.0.1:1")


def test_without_the_package_the_flag_says_how_to_install_it(plan, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DmeError, match=r'-e "\.\[cluster\]"'):
        run_sweep(plan, quiet, jobs=1, cluster="tcp://127.0.0.1:1")


@pytest.mark.tried("Hostile text", "schedulers on other machines that anyone could be")
@pytest.mark.parametrize(
    "address",
    ["tcp://192.0.2.1:8786", "node7:8786", "ws://node7:8786", "tcp://127.0.0.1.example.org:1",
     "tcp://localhost.example.org:8786", "tcp://0.0.0.0:8786", "tcp://127.0.0.1@192.0.2.1:8786"],
)  # fmt: skip
def test_an_open_scheduler_elsewhere_is_refused(address):
    done = CliRunner().invoke(app, ["sweep", "headline", "--cluster", address])
    assert isinstance(done.exception, DmeError)
    assert "without encryption" in str(done.exception)
    assert "--unencrypted" in str(done.exception)


@pytest.mark.parametrize(
    "options",
    [["tcp://127.0.0.1:1"], ["localhost:1"], ["tcp://[::1]:1"], ["tls://node7:8786"],
     ["tcp://node7:8786", "--unencrypted"]],
)  # fmt: skip
def test_a_scheduler_here_or_with_certificates_is_asked(options):
    done = CliRunner().invoke(app, ["sweep", "no-such-sweep", "--cluster", *options])
    assert "no-such-sweep" in str(done.exception)
