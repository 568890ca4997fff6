"""One run of a sweep: its notebooks executed with one parameter set, its findings returned."""

import platform
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dme import findings, paths
from dme.errors import DmeError
from dme.execute.sweep.state import project_state

STORED = ("id", "claim", "value", "low", "high", "unit", "basis", "verdict", "reason")
"""What a run keeps of each finding."""


@dataclass(frozen=True)
class Task:
    """What a worker needs to know of a run.

    Attributes
    ----------
    sweep, run : str
        The sweep's name and the run's.
    notebooks : tuple of str
        The notebooks to execute.
    parameters : dict
        The whole parameter set.
    state : str
        The project's state that the run's name stands for (`project_state`).
    """

    sweep: str
    run: str
    notebooks: tuple[str, ...]
    parameters: dict[str, Any]
    state: str


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    run : str
        The run's name.
    findings : list of dict
        `STORED` of each finding, in the order of notebooks and cells.
    error : str or None
        Why it failed.
    elsewhere : str or None
        The machine, where its project is not the one that the sweep began with.
    """

    run: str
    findings: list[dict[str, Any]]
    error: str | None = None
    elsewhere: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as plain objects."""
        return asdict(self)


def execute_run(task: Task) -> Outcome:
    """Execute a run's notebooks, each in a kernel; whatever goes wrong is told in the outcome."""
    error, found = None, []
    with tempfile.TemporaryDirectory(prefix="dme-sweep-") as folder:
        try:
            for name in task.notebooks:
                source = paths.home() / "notebooks" / f"{name}.ipynb"
                found += _findings(source, Path(folder) / source.name, task)
            refuse_twice(found)
        except DmeError as failure:
            error = str(failure)
        # One run must not end a sweep of thousands, whatever it met.
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
    if project_state(task.notebooks, task.parameters["tables"]) != task.state:
        return Outcome(task.run, [], error, platform.node())
    return Outcome(task.run, [] if error else found, error)


def _findings(source: Path, output: Path, task: Task) -> list[dict[str, Any]]:
    from dme.execute.engine import execute  # noqa: PLC0415 - papermill, which few runs need

    failed = paths.home() / "build" / "failed" / paths.SWEEPS / task.sweep / task.run
    execute(source, output, task.parameters, lambda *_: None, failed=failed)
    found = [entry.finding.to_json() for entry in findings.entries(output)]
    return [{key: one[key] for key in STORED} for one in found]


def refuse_twice(found: list[dict[str, Any]]) -> None:
    """Refuse findings of which two have one name.

    Raises
    ------
    DmeError
        With the names.
    """
    ids = [one["id"] for one in found]
    if repeated := sorted({name for name in ids if ids.count(name) > 1}):
        message = f"Two cells store the same finding: {', '.join(repeated)}. Rename one."
        raise DmeError(message)
