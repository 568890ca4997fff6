"""Measure, and say which targets are met: ``python -m dme.bench``."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from dme import paths
from dme.bench import machine, report, sections, targets
from dme.bench.place import Failed, Place, reset, shared_runtime, temporary, timed
from dme.bench.report import Absent, Measurement, Report
from dme.bench.sweeps import one_run, sweeps
from dme.errors import DmeError
from dme.publish import quarto

_SITE_SECONDS = 5.0
_MARKS = {True: "✓", False: "✗", None: "–"}


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes
    ----------
    repetitions : int
        How often each command is timed.
    sizes : tuple of int
        Numbers of runs of the sweeps.
    singles : int
        Runs by papermill that the sequential time of a sweep is extrapolated from.
    cores : int
        Number of cores.
    quick, with_sweeps : bool
        Whether it is the short plan, and whether sweeps are timed at all.
    """

    repetitions: int
    sizes: tuple[int, ...]
    singles: int
    cores: int
    quick: bool
    with_sweeps: bool


def plan(*, quick: bool, with_sweeps: bool) -> Plan:
    """Return what is measured: in full, or less of it where it is to be quick."""
    if quick:
        return Plan(3, (20, 60), 5, machine.cores(), quick, with_sweeps)
    return Plan(5, (100, 1_000), 20, machine.cores(), quick, with_sweeps)


def estimate(planned: Plan, study: float, papermill: float, single: float, cells: float) -> float:
    """Return how many seconds all measurements will take at most, if targets are met.

    Parameters
    ----------
    planned : Plan
        What is measured.
    study, papermill : float
        Seconds of one study by ``dme run``, and by papermill.
    single, cells : float
        Seconds of a sweep's run by papermill, and of its cells alone.
    """
    # Three whole runs, papermill and nbconvert, and the site twice.
    each_round = 3 * study + 2 * papermill + 2 * _SITE_SECONDS
    singles = 0
    if planned.with_sweeps:
        # As long as their target lets them take.
        computing = sum(planned.sizes) * cells / planned.cores
        each_round += targets.SWEEP_OVER_CELLS * computing + study
        singles = planned.singles
    return planned.repetitions * each_round + singles * single


def measure(place: Place, planned: Plan) -> Report:
    """Measure everything that is planned; what fails is told of, and the rest goes on.

    Raises
    ------
    Failed
        If not even one study can be run.
    """
    started, described = datetime.now(UTC), machine.describe()
    _tell_estimate(place, planned)
    program, absent = _quarto()
    times = planned.repetitions
    parts: dict[str, Callable[[], list[Measurement]]] = {
        "a study": lambda: sections.study(place, times),
        "the site": lambda: sections.site(place, times, program),
        "all tables": lambda: sections.tables(place, times),
    }
    if planned.with_sweeps:
        sized = (planned.sizes, times, planned.singles, planned.cores)
        parts["sweeps"] = lambda: sweeps(place, *sized)
    else:
        absent.append(Absent("sweeps", "left out by --skip-sweeps"))
    measured: list[Measurement] = []
    for name, part in parts.items():
        place.tell(f"{name}:")
        try:
            measured += part()
        except Failed as failure:
            place.tell(str(failure))
            absent.append(Absent(name, str(failure)))
    return Report(
        started.isoformat(timespec="seconds"),
        planned.quick,
        described,
        tuple(measured),
        targets.verdicts(report.by_name(measured), planned.sizes),
        tuple(absent),
    )


def _tell_estimate(place: Place, planned: Plan) -> None:
    """Run the study two ways, untimed, and say how long all will take."""
    place.tell("Trying the commands once, which also brings their files into memory")
    runtime = shared_runtime(place)
    papermill = sections.one_by_one(place, runtime, sections.PARAMS, sections.ORDINARY)
    study = timed(place, runtime, *sections.RUN).seconds
    reset(place)
    single, cells = one_run(place) if planned.with_sweeps else (0.0, 0.0)
    seconds = estimate(planned, study, papermill, single, cells)
    place.tell(f"All measurements will take {report.duration(seconds)} at most.")


def _quarto() -> tuple[Path | None, list[Absent]]:
    try:
        program = quarto.find()
    except DmeError as error:
        return None, [Absent(targets.QUARTO, str(error))]
    return program, [] if program else [Absent(targets.QUARTO, "no Quarto was found")]


def shown(told: Report) -> str:
    """Return a report as text for a terminal."""
    known = report.by_name(told.measurements)
    lines = [f"{head}: {value}" for head, value in told.machine.items()]
    if told.quick:
        lines.append("A quick run: fewer repetitions and smaller sweeps, so the figures are rough.")
    for one in told.measurements:
        least, most = report.duration(min(one.seconds)), report.duration(max(one.seconds))
        times = f"median of {len(one.seconds)}, {least} to {most}"
        lines += ["", f"{one.name}: {report.duration(one.median)} ({times})", f"    {one.command}"]
        if one.worked_out:
            lines.append(f"    {one.worked_out}")
        against = report.ratios(known, one.name).items()
        lines += [f"    {report.compared(value, name)}" for name, value in against]
    lines += ["", "Targets"]
    for each in told.verdicts:
        figure = f": {each.figure}" if each.figure else ""
        lines += [f"{_MARKS[each.met]} {each.word}: {each.target}{figure}", f"    {each.reason}"]
    lines += [f"Not measured: {one.name} ({one.reason})" for one in told.absent]
    return "\n".join(lines)


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer repetitions, smaller sweeps: rough figures.")
    ] = False,
    skip_sweeps: Annotated[bool, typer.Option("--skip-sweeps", help="Time no sweeps.")] = False,
) -> None:
    """Time studies, sweeps, the site and the tables against what one would use else.

    Everything runs through the command line, in a temporary copy of the project. The report is
    kept in build/bench.json. A target that is missed is said so, and is no error.
    """
    err = Console(stderr=True)

    def tell(line: str) -> None:
        err.print(line, markup=False, highlight=False)

    try:
        with temporary(paths.home(), tell) as place:
            told = measure(place, plan(quick=quick, with_sweeps=not skip_sweeps))
    except (DmeError, Failed) as error:
        err.print(f"[bold red]Error:[/] {escape(str(error))}", highlight=False)
        raise typer.Exit(1) from error
    kept = report.place()
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(report.to_json(told), encoding="utf-8")
    if as_json:
        sys.stdout.write(report.to_json(told))
        return
    sys.stdout.write(f"{shown(told)}\n→ {paths.relative(kept)}\n")


if __name__ == "__main__":
    typer.run(bench)
