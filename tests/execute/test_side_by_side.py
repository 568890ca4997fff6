"""Several notebooks of one study at a time: the same results, and a stop that ends them all."""

import json
import signal
from pathlib import Path

import nbformat
import psutil
import pytest
from sweep_sample import command, gone, of_parent, until

from dme import lasted
from dme.execute import run
from dme.execute.engine import CellFailure
from dme.execute.run import run_studies

PARAMETERS = 'study = "mine"\nseed = 2017'
# Each waits for the other: one after the other they would wait in vain.
MEET = """
import time
from pathlib import Path
Path("build").mkdir(exist_ok=True)
Path("build/{own}").touch()
until = time.monotonic() + 60
while not Path("build/{other}").exists():
    assert time.monotonic() < until, "the other never came"
    time.sleep(0.01)
print("met", seed)
"""
WAIT = """
import time
from pathlib import Path
Path("build").mkdir(exist_ok=True)
Path("build/waiting").touch()
time.sleep(600)
"""
FAIL = """
import time
from pathlib import Path
until = time.monotonic() + 60
while not Path("build/waiting").exists():
    assert time.monotonic() < until
    time.sleep(0.01)
1 / 0
"""


def write(project, **sources):
    for path in (project / "notebooks").glob("*.ipynb"):
        path.unlink()
    for name, source in sources.items():
        made = nbformat.v4.new_notebook()
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
        first = nbformat.v4.new_code_cell(PARAMETERS, id="parameters")
        first.metadata["tags"] = ["parameters"]
        made.cells += [first, nbformat.v4.new_code_cell(source, id="answer")]
        nbformat.write(made, project / "notebooks" / f"{name}.ipynb")


@pytest.fixture
def mine(project):
    path = project / "params" / "mine.yml"
    path.write_text("study: mine\nseed: 7\n")
    return path


def quiet(*_):
    pass


def pages(project):
    found = sorted((project / "results" / "mine").glob("*.ipynb"))
    return {path.stem: path.read_text(encoding="utf-8") for path in found}


def test_notebooks_run_at_the_same_time_and_tell_of_themselves(project, mine):
    write(project, one=MEET.format(own="one", other="two"),
          two=MEET.format(own="two", other="one"))  # fmt: skip
    told = []
    (done,) = run_studies([mine], lambda *a: told.append(a), jobs=2)
    assert done.notebooks == ("one", "two")
    assert all("met 7" in page for page in pages(project).values())
    assert {row for row in told if row[2] == row[3]} == {
        ("mine", "one", 3, 3),
        ("mine", "two", 3, 3),
    }


def test_side_by_side_gives_what_one_after_the_other_does(project, mine):
    write(project, **{name: f"import random\nrandom.seed(seed)\nprint({name!r}, random.random())"
                      for name in "abcde"})  # fmt: skip
    run_studies([mine], quiet, jobs=1)
    alone, record = pages(project), (project / "results/mine/run.json").read_bytes()
    run_studies([mine], quiet, jobs=4, force=True)
    assert list(alone) == list("abcde")
    assert pages(project) == alone
    assert (project / "results/mine/run.json").read_bytes() == record
    assert list(lasted.read(project / "results/mine")) == list("abcde")


@pytest.mark.tried("Nothing lost", "a notebook fails while others run")
def test_a_failure_stops_the_others_and_earlier_results_stay(project, mine):
    # The third is known to be short, so it comes last: it would begin when another has ended.
    slow = "import time\ntime.sleep(1)"
    write(project, one=slow, two=slow, zzz="print(3)")
    run_studies([mine], quiet)
    before = {path.name: path.read_bytes() for path in (project / "results" / "mine").iterdir()}
    write(project, one=WAIT, two=FAIL, zzz="open('build/begun', 'w').close()")
    here = psutil.Process()
    before_it = set(here.children(recursive=True))
    with pytest.raises(CellFailure) as caught:
        run_studies([mine], quiet, jobs=2)
    assert (caught.value.notebook, caught.value.cell) == ("two", "answer")
    assert "ZeroDivisionError" in str(caught.value)
    assert not (project / "build" / "begun").exists()
    after = {path.name: path.read_bytes() for path in (project / "results" / "mine").iterdir()}
    assert after == before
    assert [path.name for path in (project / "results").iterdir()] == ["mine"]
    assert [path.name for path in (project / "build" / "failed" / "mine").iterdir()] == [
        "two.ipynb"
    ]
    assert not set(here.children(recursive=True)) - before_it


@pytest.mark.tried("Nothing lost", "a run told to end while its notebooks run")
@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_run_told_to_end_ends_every_kernel_and_leaves_nothing(project, runtime, told):
    write(project, one=MEET.format(own="one", other="two") + WAIT,
          two=MEET.format(own="two", other="one") + WAIT)  # fmt: skip
    running = command(project, "run", "--jobs", "2", "params/mine.yml")
    until((project / "build" / "waiting").exists)
    processes = psutil.Process(running.pid).children(recursive=True)
    warm = of_parent(runtime)
    running.send_signal(told)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert "Stopped. Earlier results are as they were." in errors
    assert "Traceback" not in errors
    assert warm
    until(lambda: gone([*processes, *warm]))
    assert not list((project / "results").glob(".*"))


def timed(**seconds: float) -> dict[str, lasted.Lasted]:
    return {name: lasted.Lasted(took, "", "") for name, took in seconds.items()}


def test_the_longest_begins_first_and_one_that_is_not_known_before_it_is_too_late():
    must = [Path(f"{name}.ipynb") for name in "abcdef"]
    order = "".join(path.stem for path in run._longest_first(must, timed(a=1, b=5, c=3)))
    assert order == "bdefca"
    assert [path.stem for path in run._longest_first(must[:3], {})] == list("abc")


def test_what_a_notebook_says_of_itself_counts_until_it_has_run(project):
    must = [project / "notebooks" / f"{name}.ipynb" for name in "abcde"]
    said = {"a": 1, "b": 4.5, "c": "long", "d": None, "e": 2}
    for path in must:
        seconds = said[path.stem]
        told = {} if seconds is None else {"dme": {"seconds": seconds}}
        path.write_text(json.dumps({"metadata": told, "cells": []}))
    # Of c and d nothing is known, so that they may be as long as the longest.
    order = "".join(path.stem for path in run._longest_first(must, {}))
    assert order == "bcdea"
    assert run._longest_first(must, timed(a=9.0))[0] == must[0]
