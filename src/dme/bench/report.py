"""What was measured, as plain values: medians, ratios, and the report that is kept of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from dme import paths
from dme.errors import DmeError

VERSION = 1
"""Form of the report; a report of another form is not read."""

_AS_LONG = 0.95


@dataclass(frozen=True)
class Measurement:
    """One thing that was timed again and again.

    Attributes
    ----------
    name : str
        What was timed.
    command : str
        The command, in words where a word says more.
    seconds : tuple of float
        What each repetition took.
    baselines : tuple of str
        Names of the measurements of the same report that it is held against.
    worked_out : str
        How the seconds follow from what was timed, where they were not timed as they stand.
    """

    name: str
    command: str
    seconds: tuple[float, ...]
    baselines: tuple[str, ...] = ()
    worked_out: str = ""

    @property
    def median(self) -> float:
        """Median of the repetitions, in seconds."""
        return median(self.seconds)


@dataclass(frozen=True)
class Verdict:
    """Whether a target was met: `met` is None where what it needs was not measured."""

    target: str
    reason: str
    figure: str
    met: bool | None

    @property
    def word(self) -> str:
        """The verdict in words."""
        return {True: "met", False: "missed", None: "not measured"}[self.met]


@dataclass(frozen=True)
class Absent:
    """What was not measured, and why not."""

    name: str
    reason: str


@dataclass(frozen=True)
class Report:
    """All that one run measured.

    Attributes
    ----------
    measured : str
        When it began, in ISO 8601 with the offset from UTC.
    quick : bool
        Whether there were fewer repetitions and smaller sweeps.
    machine : mapping of str to str
        What it ran on: a heading and its value.
    measurements, verdicts, absent : tuple
        What was timed, which targets were met, and what could not be timed.
    """

    measured: str
    quick: bool
    machine: Mapping[str, str]
    measurements: tuple[Measurement, ...]
    verdicts: tuple[Verdict, ...]
    absent: tuple[Absent, ...] = ()


def extrapolated(seconds: Iterable[float], runs: int) -> tuple[float, ...]:
    """Return what `runs` runs one after the other would take, by each of the runs timed."""
    return tuple(one * runs for one in seconds)


def shared(seconds: Iterable[float], runs: int, cores: int) -> tuple[float, ...]:
    """Return what `runs` runs would take if their computing alone filled every core."""
    return tuple(one * runs / cores for one in seconds)


def by_name(measurements: Iterable[Measurement]) -> dict[str, Measurement]:
    """Return measurements by their names."""
    return {one.name: one for one in measurements}


def ratio(measurements: Mapping[str, Measurement], name: str, baseline: str) -> float | None:
    """Return the median of a measurement over its baseline's; None where one of them lacks."""
    if name not in measurements or baseline not in measurements:
        return None
    return measurements[name].median / measurements[baseline].median


def ratios(measurements: Mapping[str, Measurement], name: str) -> dict[str, float]:
    """Return the ratio of a measurement to each of its baselines that was measured."""
    found = {one: ratio(measurements, name, one) for one in measurements[name].baselines}
    return {one: value for one, value in found.items() if value is not None}


def compared(value: float, baseline: str) -> str:
    """Return a ratio in words: ``4.2 times faster than …``, ``1.31 times as long as …``."""
    if value < _AS_LONG:
        return f"{1 / value:.1f} times faster than {baseline}"
    return f"{value:.2f} times as long as {baseline}"


def duration(seconds: float) -> str:
    """Return seconds as they are read: ``0.38 s``, ``12.4 s``, ``7 min 05 s``, ``2 h 10 min``."""
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def place() -> Path:
    """Return the file that keeps the latest report."""
    return paths.home() / "build" / "bench.json"


def to_json(report: Report) -> str:
    """Return a report as JSON: seconds, and beside them what follows from them."""
    known = by_name(report.measurements)
    rows = [
        {
            "name": one.name,
            "command": one.command,
            "repetitions": len(one.seconds),
            "median": one.median,
            "minimum": min(one.seconds),
            "maximum": max(one.seconds),
            "ratios": ratios(known, one.name),
            "baselines": one.baselines,
            "worked_out": one.worked_out,
            "seconds": one.seconds,
        }
        for one in report.measurements
    ]
    told = {
        "version": VERSION,
        "measured": report.measured,
        "quick": report.quick,
        "machine": dict(report.machine),
        "measurements": rows,
        "targets": [asdict(one) for one in report.verdicts],
        "absent": [asdict(one) for one in report.absent],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Report:
    """Return the report that `to_json` wrote.

    Raises
    ------
    DmeError
        If the text is no such report.
    """
    try:
        told = json.loads(text)
        if told["version"] != VERSION:
            message = "The timings were written by another version of this program."
            raise DmeError(message)
        return Report(
            told["measured"],
            told["quick"],
            told["machine"],
            tuple(_measurement(row) for row in told["measurements"]),
            tuple(Verdict(**row) for row in told["targets"]),
            tuple(Absent(**row) for row in told["absent"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        message = f"The timings can't be read: {error}"
        raise DmeError(message) from error


def _measurement(row: Mapping[str, Any]) -> Measurement:
    return Measurement(
        row["name"],
        row["command"],
        tuple(row["seconds"]),
        tuple(row["baselines"]),
        row["worked_out"],
    )
