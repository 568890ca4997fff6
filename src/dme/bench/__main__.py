"""Measure, and say which targets are met: ``python -m dme.bench``."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from dme import paths
from dme.bench import fresh, machine, sections
from dme.bench.place import Copy, Failed, temporary
from dme.bench.report import Report, report, shown
from dme.errors import DmeError

_REPETITIONS, _QUICK_REPETITIONS = 5, 3


def measure(copy: Copy, tell: Callable[[str], None], *, quick: bool, with_sweeps: bool) -> Report:
    """Measure everything; a section that fails is told of, and the rest goes on."""
    started, described = datetime.now(UTC).isoformat(timespec="seconds"), machine.describe()
    parts: dict[str, Callable[[Copy], list[sections.Task]]] = {
        "a study": sections.study,
        "sweeps": lambda copy: sections.sweeps(copy, large=not quick),
        "the site": sections.site,
        "the site by Quarto": sections.quarto,
        "all tables": sections.tables,
    }
    absent: dict[str, str] = {}
    if not with_sweeps:
        del parts["sweeps"]
        absent["sweeps"] = "left out by --skip-sweeps"
    measured = []
    for name, tasks in parts.items():
        tell(f"{name}:")
        try:
            times = _QUICK_REPETITIONS if quick else _REPETITIONS
            measured += sections.rounds(tasks(copy), times, tell)
        except Failed as failure:
            tell(str(failure))
            absent[name] = str(failure)
    return report(started, described, measured, absent, quick=quick)


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer repetitions, no large sweep: rough figures.")
    ] = False,
    skip_sweeps: Annotated[bool, typer.Option("--skip-sweeps", help="Time no sweeps.")] = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Time nothing but a fresh clone of what is committed, its set-up and dme verify; "
            "kept in data/record/time.json.",
        ),
    ] = False,
) -> None:
    """Time studies, sweeps, the site and the tables against what one would use else.

    Everything runs through the command line, in a temporary copy of the project. The report is
    kept in build/bench.json. A target that is missed is said so, and is no error.
    """
    err = Console(stderr=True)

    def tell(line: str) -> None:
        err.print(line, markup=False, highlight=False)

    if verify:
        try:
            taken = fresh.verified(paths.home(), tell)
        except Failed as failure:
            err.print(f"[bold red]Error:[/] {escape(str(failure))}", highlight=False)
            raise typer.Exit(1) from failure
        _keep(paths.verified(), taken)
        return
    try:
        with temporary(paths.home()) as copy:
            told = measure(copy, tell, quick=quick, with_sweeps=not skip_sweeps)
    except DmeError as error:
        err.print(f"[bold red]Error:[/] {escape(str(error))}", highlight=False)
        raise typer.Exit(1) from error
    text = _keep(paths.timings(), told)
    sys.stdout.write(text if as_json else f"{shown(told)}\n→ {paths.relative(paths.timings())}\n")


def _keep(place: Path, told: Report) -> str:
    """Write what was measured to its file, and return the file's text."""
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return text


if __name__ == "__main__":
    typer.run(bench)
