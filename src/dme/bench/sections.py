"""What is measured: a study, sweeps, the site, the tables; each against what one would use else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

from dme.bench.place import Copy
from dme.bench.targets import (
    BUILTIN,
    CHANGED,
    COLD,
    LARGE_SWEEP,
    NBCONVERT,
    PAPERMILL,
    PLAIN,
    QUARTO,
    SENTENCE,
    SWEEP,
    TABLES,
    UNCHANGED,
    WARM,
    Measurement,
)

STUDY = "hartford-2017"
PARAMS = f"params/{STUDY}.yml"
RUN = ("dme", "run", PARAMS)
NOTEBOOK = "notebooks/plan.ipynb"
"""The notebook of which a sentence is changed: none computes longer."""
HEADLINE = "params/sweeps/headline.yml"
LARGE = "params/sweeps/large.yml"

_OUT = "out"
_PAPERMILL = ("-f", PARAMS, "-k", "python3")
_NBCONVERT = ("jupyter", "nbconvert", "--to", "notebook", "--execute", "--output-dir", _OUT)
_LOADS = """
import time
import pandas
from dme import paths
from dme.tables import load, names
started = time.monotonic()
tables = [{} for name in names()]
print(time.monotonic() - started)
"""
_OURS = _LOADS.format("load(name)")
_PLAIN = _LOADS.format("pandas.read_csv(paths.tables() / f'{name}.csv', low_memory=False)")


@dataclass(frozen=True)
class Task:
    """Something to time: its name, its command in words, and what returns its seconds.

    The action is called with the number of the repetition, from 0. The baselines are the names of
    what it is held against.
    """

    name: str
    command: str
    action: Callable[[int], float]
    baselines: tuple[str, ...] = ()


def rounds(
    tasks: Sequence[Task], repetitions: int, tell: Callable[[str], None]
) -> list[Measurement]:
    """Time each task once a round, so that a machine that is slow for a while slows them all."""
    taken: dict[str, list[float]] = {task.name: [] for task in tasks}
    for number in range(repetitions):
        for task in tasks:
            seconds = task.action(number)
            taken[task.name].append(seconds)
            tell(f"{number + 1} of {repetitions}: {task.name}: {seconds:.2f} s")
    return [
        Measurement(task.name, task.command, taken[task.name], task.baselines) for task in tasks
    ]


def study(copy: Copy) -> list[Task]:
    """Return a study: cold, warm, unchanged, changed, and by papermill and nbconvert."""

    def again(_: int) -> float:
        return copy.seconds(*RUN)

    def anew(number: int) -> float:
        copy.restore()
        return again(number)

    def cold(_: int) -> float:
        copy.restore()
        with copy.no_parent() as runtime:
            return copy.seconds(*RUN, runtime=runtime)

    def changed(number: int) -> float:
        # Another value each time: no earlier result can serve.
        change(copy.home / PARAMS, small_school=351 + number)
        return again(number)

    def reworded(number: int) -> float:
        add_word(copy.home / NOTEBOOK)
        return again(number)

    def papermill(_: int) -> float:
        copy.restore()
        (copy.home / _OUT).mkdir()
        return sum(
            copy.seconds("papermill", name, f"{_OUT}/{Path(name).name}", *_PAPERMILL)
            for name in notebooks(copy)
        )

    def nbconvert(_: int) -> float:
        copy.restore()
        return copy.seconds(*_NBCONVERT, *notebooks(copy))

    anew(0)  # untimed: it starts the parent that is to be there
    ours, others = f"dme run {PARAMS}", (PAPERMILL, NBCONVERT)
    there = "warm parent process there"
    return [
        Task(COLD, f"{ours}, no results, no warm parent process", cold, others),
        Task(WARM, f"{ours}, no results, {there}", anew, others),
        Task(UNCHANGED, f"{ours} after a run, {there}", again, others),
        Task(CHANGED, f"{ours}, another small_school, {there}", changed, others),
        Task(SENTENCE, f"{ours}, a word more in {NOTEBOOK}, {there}", reworded, others),
        Task(PAPERMILL, f"papermill NOTEBOOK OUT {' '.join(_PAPERMILL)}", papermill),
        Task(NBCONVERT, "jupyter nbconvert --to notebook --execute NOTEBOOKS", nbconvert),
    ]


def sweeps(copy: Copy, *, large: bool) -> list[Task]:
    """Return the headline sweep, and one three times as large, each whole and from nothing."""

    def swept(name: str) -> float:
        copy.restore()
        enlarge(copy.home / HEADLINE, copy.home / LARGE)
        with copy.no_parent() as runtime:
            return copy.seconds("dme", "sweep", name, "--quiet", runtime=runtime)

    said = "no results, no warm parent process"
    tasks = [Task(SWEEP, f"dme sweep headline, {said}", lambda _: swept(HEADLINE), (PAPERMILL,))]
    if large:
        command = f"dme sweep of these axes with three times as many lines of small_school, {said}"
        tasks.append(Task(LARGE_SWEEP, command, lambda _: swept(LARGE), (SWEEP, PAPERMILL)))
    return tasks


def site(copy: Copy) -> list[Task]:
    """Return the build of the site by the built-in renderer."""
    copy.restore()
    copy.seconds(*RUN)
    return [_built(copy, BUILTIN, "builtin", (QUARTO,))]


def quarto(copy: Copy) -> list[Task]:
    """Return the build of the same site by Quarto, which may not be there."""
    return [_built(copy, QUARTO, "quarto")]


def _built(copy: Copy, name: str, renderer: str, baselines: tuple[str, ...] = ()) -> Task:
    command = ("dme", "site", STUDY, "--renderer", renderer)
    return Task(name, " ".join(command), lambda _: copy.seconds(*command), baselines)


def tables(copy: Copy) -> list[Task]:
    """Return the loading of all tables in a new process, without its start and imports."""

    def told(code: str) -> float:
        return float(copy.run("python", "-c", code)[1])

    ours = "dme.tables.load of every table: the loads alone, in a new process"
    plain = "pandas.read_csv of every table, types guessed, nothing checked"
    return [
        Task(TABLES, ours, lambda _: told(_OURS), (PLAIN,)),
        Task(PLAIN, plain, lambda _: told(_PLAIN)),
    ]


def notebooks(copy: Copy) -> list[str]:
    """Return the notebooks of the copy, by name, as a user would give them."""
    return [f"notebooks/{path.name}" for path in sorted(copy.home.glob("notebooks/*.ipynb"))]


def change(path: Path, **values: int) -> None:
    """Give parameters of a file other values."""
    _write(path, _read(path) | values)


def add_word(path: Path) -> None:
    """Add a word to the first text of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.cell_type == "markdown").source += " Indeed."
    nbformat.write(notebook, path)


def enlarge(headline: Path, large: Path) -> None:
    """Write the headline sweep with steps of fifteen students where it has six of fifty."""
    told = _read(headline)
    told["axes"]["small_school"] = {"from": 245, "to": 500, "step": 15}
    _write(large, told)


def _read(path: Path) -> dict[str, Any]:
    # Scalars stay text: YAML alone would take the code 0640011 for an octal number.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def _write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
