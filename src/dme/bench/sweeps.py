"""Sweeps of one notebook, against papermill one run after the other, and their computing alone.

A sweep draws no figures and gives each run one thread; so do the runs that it is held against.
"""

import itertools
from collections.abc import Sequence

import yaml

from dme.bench import targets
from dme.bench.place import Failed, Place, fresh_runtime, reset, shared_runtime, timed
from dme.bench.report import Measurement, extrapolated, shared
from dme.bench.sections import (
    ORDINARY,
    PAPERMILL_COMMAND,
    PARAMS,
    WARM_KERNEL,
    computed,
    one_by_one,
    rounds,
    write_params,
)
from dme.text import plural

_AXES = {
    "small_school": [300, 325, 350, 375, 400],
    "full_utilization": [80, 85, 90, 95],
}
_PER_SEED = 20
NOTEBOOK = "operations"
"""The notebook that the sweeps run."""
_ALIKE = {
    "DME_DRAW": "no", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
}  # fmt: skip


def sweeps(
    place: Place, sizes: Sequence[int], repetitions: int, singles: int, cores: int
) -> list[Measurement]:
    """Measure sweeps, and what they would take by papermill and by their computing alone.

    Parameters
    ----------
    place : Place
        Where commands run.
    sizes : sequence of int
        Numbers of runs, each a multiple of 20.
    repetitions : int
        How often each sweep is run, and the run that tells of the cells' own time.
    singles : int
        How many runs by papermill the sequential time is extrapolated from.
    cores : int
        Number of cores, and of jobs.

    Raises
    ------
    Failed
        If a command fails or leaves no findings.
    """
    of_cells = _cells(place, repetitions)
    of_singles = _singles(place, singles)
    actions = {
        targets.sweep(runs): lambda _, runs=runs: _sweep(place, runs, cores) for runs in sizes
    }
    taken = rounds(place.tell, repetitions, actions)
    return [
        one
        for runs in sizes
        for one in (
            _measured(runs, taken[targets.sweep(runs)], cores),
            _by_papermill(runs, of_singles),
            _by_cells(runs, of_cells, cores),
        )
    ]


def one_run(place: Place) -> tuple[float, float]:
    """Return what one run of a sweep takes by papermill, and what its cells alone do.

    Raises
    ------
    Failed
        If a command fails.
    """
    runtime = shared_runtime(place)
    whole = one_by_one(place, runtime, PARAMS, ORDINARY, only=NOTEBOOK, env=_ALIKE)
    one_by_one(place, runtime, PARAMS, WARM_KERNEL, only=NOTEBOOK, env=_ALIKE)
    return whole, computed(place)


def _cells(place: Place, repetitions: int) -> tuple[float, ...]:
    """Return the durations of one run's cells, by papermill with the warm kernel."""
    reset(place)
    runtime = shared_runtime(place)

    def computing(_: int) -> float:
        one_by_one(place, runtime, PARAMS, WARM_KERNEL, only=NOTEBOOK, env=_ALIKE)
        return computed(place)

    computing(0)  # untimed: it starts the parent

    name = "the cells of one run"
    return rounds(place.tell, repetitions, {name: computing})[name]


def _singles(place: Place, singles: int) -> tuple[float, ...]:
    """Return what each of a sweep's first runs takes by papermill with the ordinary kernel."""
    points = list(itertools.islice(itertools.product(*_AXES.values()), singles))
    file = "params/single.yml"

    def single(number: int) -> float:
        write_params(place, file, **dict(zip(_AXES, points[number], strict=True)))
        return one_by_one(place, shared_runtime(place), file, ORDINARY, only=NOTEBOOK, env=_ALIKE)

    name = "one run by papermill"
    return rounds(place.tell, len(points), {name: single})[name]


def _measured(runs: int, seconds: tuple[float, ...], cores: int) -> Measurement:
    return Measurement(
        targets.sweep(runs),
        f"dme sweep FILE --jobs {cores} --quiet, no results, no warm parent process",
        seconds,
        (targets.one_by_one(runs), targets.cells(runs)),
    )


def _by_papermill(runs: int, singles: tuple[float, ...]) -> Measurement:
    return Measurement(
        targets.one_by_one(runs),
        PAPERMILL_COMMAND,
        extrapolated(singles, runs),
        worked_out=(
            f"extrapolated: {len(singles)} runs of {NOTEBOOK} were timed, each times {runs:,}; "
            "figures not drawn, as in a sweep"
        ),
    )


def _by_cells(runs: int, cells: tuple[float, ...], cores: int) -> Measurement:
    return Measurement(
        targets.cells(runs),
        f"papermill NOTEBOOK OUT -f {PARAMS} -k {WARM_KERNEL}, warm parent process there",
        shared(cells, runs, cores),
        worked_out=(
            f"worked out: the durations of the code cells of {NOTEBOOK}, as papermill stores them, "
            "figures not drawn, as in a sweep, "
            f"together, times {runs:,} runs, over {plural(cores, 'core')}"
        ),
    )


def sweep_file(runs: int) -> str:
    """Return a sweep of `runs` studies: five lines of size, four of seats, and as many seeds."""
    if runs <= 0 or runs % _PER_SEED:
        message = f"a sweep has a multiple of {_PER_SEED} runs, not {runs}"
        raise ValueError(message)
    seeds = list(range(1, runs // _PER_SEED + 1))
    told = {"base": PARAMS, "notebooks": [NOTEBOOK], "axes": _AXES | {"seed": seeds}}
    return yaml.safe_dump(told, sort_keys=False)


def _sweep(place: Place, runs: int, jobs: int) -> float:
    reset(place)
    name = f"bench-{runs}"
    path = place.home / "params" / "sweeps" / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(sweep_file(runs), encoding="utf-8")
    command = ("dme", "sweep", f"params/sweeps/{path.name}", "--jobs", str(jobs), "--quiet")
    with fresh_runtime(place) as runtime:
        seconds = timed(place, runtime, *command).seconds
    if not (place.home / "results" / "sweeps" / name / "findings.parquet").is_file():
        message = f"dme sweep ended well but left no findings of {runs} runs"
        raise Failed(message)
    return seconds
