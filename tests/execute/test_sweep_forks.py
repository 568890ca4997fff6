"""Runs in forks of one process: what a kernel would find, and nothing that stays."""

import os
import sys
import threading

import psutil
import pytest
from sweep_sample import ANSWER, gone, until, write_notebook

from dme import paths
from dme.execute.sweep.cells import findings_of
from dme.execute.sweep.state import project_state
from dme.execute.sweep.task import Task, execute_run
from dme.execute.sweep.worker import Stopped, Worker
from dme.study import Study

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is for Linux")
NAMES = ("tiny",)


@pytest.fixture
def worker():
    one = Worker()
    yield one
    one.stop()


@pytest.fixture
def tiny(project):
    write_notebook(project)
    return project


def task(run="a", notebooks=NAMES, **parameters):
    values = Study(**parameters).model_dump(mode="json")
    return Task("mine", run, notebooks, values, project_state(notebooks, "data/tables"))


def values(outcome):
    assert outcome.error is None
    return [one["value"] for one in outcome.findings]


@pytest.mark.usefixtures("tiny")
def test_the_parameters_take_the_place_of_the_notebooks_own(worker):
    assert values(worker.run(task(smallest_school=120, weighting="schools"))) == [26.0, 350.0]
    assert values(worker.run(task(smallest_school=140))) == [28.0, 350.0]


def test_the_real_notebook_finds_what_it_finds_in_a_kernel(worker, monkeypatch):
    """The second run finds modules and tables ready, the first does not."""
    monkeypatch.setenv("DME_DRAW", "no")
    for small_school in (350, 300):
        one = task(str(small_school), ("operations",), resamples=200, small_school=small_school)
        found = worker.run(one)
        assert found == execute_run(one)
        assert len(found.findings) > 5


STATE = (
    ANSWER
    + """
import random, sys, os
import numpy as np
import pandas as pd
from dme.measures.size import school_sizes
show("seen", None, float(getattr(school_sizes, "leak", 0) + ("LEAK" in os.environ)
     + ("here" in globals()) + (pd.get_option("display.width") == 33) + ("/leak" in sys.path)
     + (os.getcwd() == "/")))
show("drawn", None, random.random() + np.random.rand())
school_sizes.leak = 1
here = 1
os.environ["LEAK"] = "1"
pd.set_option("display.width", 33)
sys.path.append("/leak")
os.chdir("/")
"""
)


def test_nothing_leaks_from_one_run_to_the_next(tiny, worker):
    write_notebook(tiny, STATE)
    seen = [values(worker.run(task(str(number))))[2:] for number in range(3)]
    assert [first for first, _ in seen] == [0, 0, 0]
    assert len({drawn for _, drawn in seen}) == 3


def test_a_cell_that_fails_is_named_and_its_notebook_kept(tiny, worker):
    write_notebook(tiny, ANSWER + "\nif smallest_school == 120:\n    1 / 0\n")
    assert values(worker.run(task("good"))) == [20.0, 350.0]
    bad = worker.run(task("bad", smallest_school=120))
    assert 'tiny.ipynb failed in cell 2 ("answer")' in bad.error
    assert "ZeroDivisionError" in bad.error
    assert (tiny / "build" / "failed" / "sweeps" / "mine" / "bad" / "tiny.ipynb").is_file()
    assert bad.findings == []
    assert values(worker.run(task("good again"))) == [20.0, 350.0]


@pytest.mark.parametrize("end", ["import os; os._exit(3)", "import os; os.kill(os.getpid(), 9)"])
def test_a_run_that_dies_costs_only_itself(tiny, worker, end):
    write_notebook(tiny, ANSWER + f"\nif smallest_school == 120:\n    {end}\n")
    assert values(worker.run(task("before"))) == [20.0, 350.0]
    assert "the kernel ended while the cell ran" in worker.run(task("x", smallest_school=120)).error
    assert values(worker.run(task("after"))) == [20.0, 350.0]


def test_what_a_cell_started_ends_with_its_run(tiny, worker):
    write_notebook(tiny, ANSWER + """
import subprocess
show("pid", None, float(subprocess.Popen(["sleep", "600"]).pid))
""")  # fmt: skip
    pid = int(values(worker.run(task()))[-1])
    until(lambda: not psutil.pid_exists(pid) or gone([psutil.Process(pid)]))


SLOW = (
    ANSWER
    + """
import os, time
open("build-" + str(os.getpid()), "w").close()
time.sleep(600)
"""
)


def begun(project):
    """Return the process in which a run is under way, once there is one."""
    until(lambda: list(project.glob("build-*")))
    (mark,) = project.glob("build-*")
    return psutil.Process(int(mark.name.removeprefix("build-")))


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_a_run_ends_with_the_process_that_forked_it(tiny, worker, how):
    write_notebook(tiny, SLOW)
    ended = []

    def labor():
        try:
            worker.run(task())
        except Stopped:
            ended.append("stopped")

    thread = threading.Thread(target=labor)
    thread.start()
    running = begun(tiny)
    forked_from = running.parent()
    if how == "terminate":
        worker.stop()
    else:
        worker._stopped = True  # so that it is not started again
        forked_from.kill()
    thread.join(30)
    assert ended == ["stopped"]
    until(lambda: gone([running, forked_from]))


def test_a_notebook_of_another_kernel_is_left_to_that_kernel(tiny, worker):
    path = tiny / "notebooks" / "tiny.ipynb"
    path.write_text(path.read_text().replace('"python3"', '"no-such-kernel"'))
    assert "no-such-kernel" in worker.run(task()).error


def test_a_project_that_changed_is_told_before_anything_runs(tiny, worker):
    old = task()
    with (tiny / "data" / "claims.yml").open("a") as file:
        file.write("\n")
    told = worker.run(old)
    assert (told.findings, told.error) == ([], None)
    assert told.elsewhere


def test_cells_are_executed_as_a_kernel_does(tiny, monkeypatch):
    """In a child, as the shell is of the whole process: magics, awaits and allowed errors."""
    code = (
        ANSWER
        + """
%env TOLD=yes
import asyncio, os
await asyncio.sleep(0)
show("told", None, float(os.environ["TOLD"] == "yes"))
"""
    )
    write_notebook(tiny, code)
    monkeypatch.chdir(paths.home())
    reader, writer = os.pipe()
    if not (child := os.fork()):
        found = findings_of(tiny / "notebooks" / "tiny.ipynb", Study().model_dump(mode="json"))
        os.write(writer, " ".join(one["id"] for one in found).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1000) == b"size other told"
    os.close(reader)
    os.close(writer)
