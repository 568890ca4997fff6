"""What is measured: a study, the site, the tables; each against what one would use else.

Within a section the repetitions go round: each command once, then each again, so that a machine
that slows down for a while slows them all.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from dme.bench import targets
from dme.bench.place import (
    Failed,
    Place,
    Tell,
    fresh_runtime,
    reset,
    shared_runtime,
    timed,
)
from dme.bench.report import Measurement

STUDY = "hartford-2017"
PARAMS = f"params/{STUDY}.yml"
RUN = ("dme", "run", PARAMS)
ORDINARY, WARM_KERNEL = "python3", "dme"

_OUT = "out"
PAPERMILL_COMMAND = f"papermill NOTEBOOK OUT -f {PARAMS} -k {ORDINARY}"
_NBCONVERT = ("jupyter", "nbconvert", "--to", "notebook", "--execute", "--output-dir", _OUT)
_STUDY_COMMANDS = {
    targets.COLD: f"dme run {PARAMS}, no results, no warm parent process",
    targets.WARM: f"dme run {PARAMS}, no results, warm parent process there",
    targets.UNCHANGED: f"dme run {PARAMS} after a run, warm parent process there",
    targets.CHANGED: f"dme run {PARAMS}, another small_school, warm parent process there",
    targets.PAPERMILL: PAPERMILL_COMMAND,
    targets.NBCONVERT: "jupyter nbconvert --to notebook --execute NOTEBOOKS",
}

_OURS = """
import time
import pandas
from dme.tables import load, names
started = time.monotonic()
tables = [load(name) for name in names()]
print(time.monotonic() - started)
"""
_PLAIN = """
import time
import pandas
from dme import paths
from dme.tables import names
started = time.monotonic()
tables = [pandas.read_csv(paths.tables() / f"{name}.csv", low_memory=False) for name in names()]
print(time.monotonic() - started)
"""


def rounds(
    tell: Tell, repetitions: int, actions: Mapping[str, Callable[[int], float]]
) -> dict[str, tuple[float, ...]]:
    """Do each action once a round, and return what each took by its name.

    Parameters
    ----------
    tell : callable
        Told of each repetition.
    repetitions : int
        Number of rounds.
    actions : mapping of str to callable
        Called with the number of the round, from 0; they return seconds.
    """
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(repetitions):
        for name, action in actions.items():
            taken[name].append(action(number))
            tell(f"{number + 1} of {repetitions}: {name}: {taken[name][-1]:.2f} s")
    return {name: tuple(seconds) for name, seconds in taken.items()}


def study(place: Place, repetitions: int) -> list[Measurement]:
    """Measure one study: cold, warm, unchanged, changed, and by papermill and nbconvert.

    Raises
    ------
    Failed
        If a command fails.
    """
    warm = shared_runtime(place)

    def again(_: int) -> float:
        return timed(place, warm, *RUN).seconds

    def anew(number: int) -> float:
        reset(place)
        return again(number)

    def cold(_: int) -> float:
        reset(place)
        with fresh_runtime(place) as runtime:
            return timed(place, runtime, *RUN).seconds

    def changed(number: int) -> float:
        # Another value each time: no earlier result can serve.
        write_params(place, PARAMS, small_school=351 + number)
        return again(number)

    def papermill(_: int) -> float:
        reset(place)
        return one_by_one(place, warm, PARAMS, ORDINARY)

    def nbconvert(_: int) -> float:
        reset(place)
        return timed(place, warm, *_NBCONVERT, *notebooks(place)).seconds

    anew(0)  # untimed: it starts the parent that is to be there
    taken = rounds(
        place.tell,
        repetitions,
        {
            targets.COLD: cold,
            targets.WARM: anew,
            targets.UNCHANGED: again,
            targets.CHANGED: changed,
            targets.PAPERMILL: papermill,
            targets.NBCONVERT: nbconvert,
        },
    )
    others = (targets.PAPERMILL, targets.NBCONVERT)
    return [
        Measurement(name, _STUDY_COMMANDS[name], seconds, () if name in others else others)
        for name, seconds in taken.items()
    ]


def site(place: Place, repetitions: int, quarto: Path | None) -> list[Measurement]:
    """Measure the build of the site by the built-in renderer, and by Quarto where there is one.

    Raises
    ------
    Failed
        If a command fails.
    """
    reset(place)
    runtime = shared_runtime(place)
    timed(place, runtime, *RUN)
    renderers = {targets.BUILTIN: "builtin"} | ({targets.QUARTO: "quarto"} if quarto else {})

    def built(renderer: str) -> float:
        return timed(place, runtime, "dme", "site", STUDY, "--renderer", renderer).seconds

    actions = {name: lambda _, by=by: built(by) for name, by in renderers.items()}
    return [
        Measurement(
            name,
            f"dme site {STUDY} --renderer {renderers[name]}",
            seconds,
            (targets.QUARTO,) if name == targets.BUILTIN else (),
        )
        for name, seconds in rounds(place.tell, repetitions, actions).items()
    ]


def tables(place: Place, repetitions: int) -> list[Measurement]:
    """Measure the loading of all tables in a new process, without its start and imports.

    Raises
    ------
    Failed
        If the process fails.
    """
    reset(place)
    runtime = shared_runtime(place)

    def told(code: str) -> float:
        return float(timed(place, runtime, "python", "-c", code).printed)

    taken = rounds(
        place.tell,
        repetitions,
        {targets.TABLES: lambda _: told(_OURS), targets.PLAIN: lambda _: told(_PLAIN)},
    )
    return [
        Measurement(
            targets.TABLES,
            "dme.tables.load of every table: the loads alone, in a new process",
            taken[targets.TABLES],
            (targets.PLAIN,),
        ),
        Measurement(
            targets.PLAIN,
            "pandas.read_csv of every table, types guessed, nothing checked",
            taken[targets.PLAIN],
        ),
    ]


def notebooks(place: Place) -> list[str]:
    """Return the notebooks of the copy, by name, as a user would give them."""
    return [f"notebooks/{path.name}" for path in sorted(place.home.glob("notebooks/*.ipynb"))]


def one_by_one(
    place: Place,
    runtime: Path,
    params: str,
    kernel: str,
    *,
    only: str | None = None,
    env: Mapping[str, str] | None = None,
) -> float:
    """Run papermill on one notebook after the other and return what they took together.

    Parameters
    ----------
    params, kernel : str
        The parameters file and the kernel's name.
    only : str, optional
        The one notebook to run; all of them unless given.
    env : mapping of str to str, optional
        Environment variables to set.

    Raises
    ------
    Failed
        If one of them fails.
    """
    (place.home / _OUT).mkdir(exist_ok=True)
    return sum(
        timed(
            place, runtime, "papermill", notebook, f"{_OUT}/{Path(notebook).name}",
            "-f", params, "-k", kernel, env=env,
        ).seconds
        for notebook in ([f"notebooks/{only}.ipynb"] if only else notebooks(place))
    )  # fmt: skip


def computed(place: Place) -> float:
    """Return the durations of all code cells of what papermill has run, together.

    Raises
    ------
    Failed
        If papermill stored none.
    """
    total = 0.0
    for path in sorted((place.home / _OUT).glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = (cell["metadata"] for cell in cells if cell["cell_type"] == "code")
        total += sum(one.get("papermill", {}).get("duration") or 0.0 for one in code)
    if not total:
        message = "papermill stored no duration of any cell"
        raise Failed(message)
    return total


def write_params(place: Place, name: str, **changed: int) -> None:
    """Write the study's parameters, with other values, to a file of the copy."""
    text = (place.source / PARAMS).read_text(encoding="utf-8")
    values = yaml.safe_load(text) | changed
    written = yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
    (place.home / name).write_text(written, encoding="utf-8")
