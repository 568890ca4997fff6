"""The same runs on a cluster: a real scheduler and real workers on this machine."""

import json
import os
import subprocess
import sys
from functools import partial

import pytest
from sweep_sample import FEW, at_once, quiet, until, write_notebook, write_sweep

from dme.errors import DmeError
from dme.execute.sweep import read_plan, run_sweep
from dme.execute.sweep.cluster import cluster


@pytest.fixture
def plan(project):
    write_notebook(project)
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


def runner(plan, address):
    return partial(
        cluster, address=address, notebooks=plan.notebooks, tables=plan.base.tables
    )  # fmt: skip


def test_a_cluster_gives_the_table_of_one_machine_though_a_worker_is_lost(plan, start, scheduler):
    lost, _ = worker(start, scheduler), worker(start, scheduler)

    def tell(done, *_):
        if done == 1:
            lost.kill()

    done = run_sweep(plan, runner(plan, scheduler), tell)
    assert lost.poll() is not None
    assert (done.fresh, done.failed) == (6, 0)
    table = done.table.read_bytes()
    for path in (plan.folder / "runs").iterdir():
        path.unlink()
    assert run_sweep(plan, at_once, quiet).table.read_bytes() == table


def test_a_worker_with_another_project_is_refused_before_anything_runs(
    plan, start, scheduler, project, tmp_path
):
    other = tmp_path / "other"
    other.mkdir()
    for room in ("data", "notebooks", "params"):
        (other / room).mkdir()
    (other / "data" / "datapackage.json").write_text("{}")
    (other / "notebooks" / "tiny.ipynb").write_bytes(
        (project / "notebooks" / "tiny.ipynb").read_bytes()
    )
    worker(start, scheduler, DME_HOME=str(other))
    with pytest.raises(DmeError, match="another state of the project"):
        run_sweep(plan, runner(plan, scheduler), quiet)
    assert not list((plan.folder / "runs").iterdir())


def test_an_address_where_no_scheduler_answers_is_told(plan, monkeypatch):
    monkeypatch.setattr("dme.execute.sweep.cluster._CONNECT_SECONDS", 1)
    with pytest.raises(DmeError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:1 "):
        run_sweep(plan, runner(plan, "tcp://127.0.0.1:1"), quiet)


def test_without_the_package_the_flag_says_how_to_install_it(plan, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DmeError, match=r'-e "\.\[cluster\]"'):
        run_sweep(plan, runner(plan, "tcp://127.0.0.1:1"), quiet)
