"""A small project to sweep: one tiny notebook whose findings are known beforehand."""

import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil

PARAMETERS = """
smallest_school = 100
small_school = 350
weighting = "students"
seed = 2017
"""
FINDINGS = """
from dme.measures.estimates.estimate import Estimate
from dme.notebook import finding, load, step

@step
def rows(study):
    return len(load("zone_capacity"))

@finding("school-size", "Size", unit="percent", claim="O1")
def size(study):
    value = study.smallest_school / 5 + (2 if study.weighting == "schools" else 0)
    return Estimate(value, value - 5, value + 5, "made up")

@finding("other", "Other", unit="rows")
def other(study):
    value = float(study.small_school + rows(study))
    return Estimate(value, value - 5, value + 5, "made up")
"""
# What a run does besides, in the middle of the first finding.
MEANWHILE = FINDINGS.replace("    value = study.smallest", "    {}\n    value = study.smallest")
SWEEP = """\
base: params/hartford-2017.yml
axes:
  smallest_school: [100, 120, 140]
  weighting: [students, schools]
  small_school: {from: 300, to: 350, step: 50}
"""
# Six runs: for the tests that start processes.
FEW = "".join(SWEEP.splitlines(keepends=True)[:-1])
# A shell lets what it starts in the background ignore Ctrl-C, and a test may be such.
MAIN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from dme.cli import main
main()
"""


def write_notebook(project: Path, findings: str = FINDINGS) -> None:
    """Put one tiny notebook in the place of the real ones."""
    for path in (project / "notebooks").glob("*.ipynb"):
        path.unlink()
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    for name, source in (("parameters", PARAMETERS), ("findings", findings)):
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
