"""A small project to sweep: one tiny notebook whose findings are known beforehand."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil

from dme.execute.sweep.task import Outcome, Task

PARAMETERS = """
smallest_school = 100
small_school = 350
weighting = "students"
seed = 2017
"""
ANSWER = """
from IPython.display import display

def show(name, claim, value):
    found = dict(
        id=name, title="t", sentence="s", value=value, low=value - 5, high=value + 5,
        unit="percent", population="p", year="y", method="m", interval="", basis="measured",
        caveat="", claim=claim, statement=None, published=None, verdict=None, reason="r",
        alternatives=[], tables=[], typed=[],
    )
    display({"application/vnd.dme.finding+json": found, "text/plain": name}, raw=True)

show("size", "O1", smallest_school / 5 + (2 if weighting == "schools" else 0))
show("other", None, float(small_school))
"""
SWEEP = """\
base: params/hartford-2017.yml
axes:
  smallest_school: [100, 120, 140]
  weighting: [students, schools]
  small_school: {from: 300, to: 350, step: 50}
"""
# Six runs: for the tests that execute the notebook.
FEW = "".join(SWEEP.splitlines(keepends=True)[:-1])
# A shell lets what it starts in the background ignore Ctrl-C, and a test may be such.
MAIN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from dme.cli import main
main()
"""


def write_notebook(project: Path, answer: str = ANSWER) -> None:
    """Put one tiny notebook in the place of the real ones."""
    for path in (project / "notebooks").glob("*.ipynb"):
        path.unlink()
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    for name, source in (("parameters", PARAMETERS), ("answer", answer)):
        cell = nbformat.v4.new_code_cell(source, id=name)
        cell.metadata["tags"] = ["parameters"] if name == "parameters" else []
        made.cells.append(cell)
    nbformat.write(made, project / "notebooks" / "tiny.ipynb")


def write_sweep(project: Path, text: str = SWEEP, name: str = "mine") -> Path:
    """Write a sweep's file."""
    path = project / "params" / "sweeps" / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def command(project: Path, *words: str) -> subprocess.Popen[str]:
    """Start the program in a project."""
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *words],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(task: Task) -> Outcome:
    """Return what the tiny notebook would find, without running it."""
    parameters = task.parameters
    size = parameters["smallest_school"] / 5 + 2 * (parameters["weighting"] == "schools")
    found = [
        {"id": name, "claim": claim, "value": value, "low": value - 5, "high": value + 5,
         "unit": "percent", "basis": "measured", "verdict": None, "reason": "r"}
        for name, claim, value in (
            ("size", "O1", size), ("other", None, float(parameters["small_school"]))
        )
    ]  # fmt: skip
    return Outcome(task.run, found)


def at_once(tasks: Iterator[Task]) -> Iterator[Outcome]:
    """Run tasks one after the other, without any process."""
    for task in tasks:
        yield answer(task)


def quiet(*_: int) -> None:
    """Tell nothing."""


def until(true: object, seconds: float = 90) -> None:
    """Wait until a function returns something true."""
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all these processes have ended."""
    return all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in processes)


def of_parent(runtime: Path) -> list[psutil.Process]:
    """Return the processes of the warm parent whose socket lies there: itself and its forks."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(runtime) in word for word in process.info["cmdline"] or [])
    ]
