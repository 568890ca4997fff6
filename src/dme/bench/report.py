"""The report of what was measured: medians, ratios and targets, as JSON and for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from dme.bench.targets import Measurement, verdicts
from dme.text import compared, duration

Report = dict[str, Any]
"""What `report` returns; JSON can hold all of it."""

_MARKS = {"met": "✓", "missed": "✗", "not measured": "–"}


def report(
    measured: str,
    machine: Mapping[str, str],
    measurements: Sequence[Measurement],
    absent: Mapping[str, str],
    *,
    quick: bool,
) -> Report:
    """Return all that one run measured: seconds, and beside them what follows from them.

    Parameters
    ----------
    measured : str
        When it began, in ISO 8601 with the offset from UTC.
    machine : mapping of str to str
        What it ran on: a heading and its value.
    measurements : sequence of Measurement
        What was timed.
    absent : mapping of str to str
        What could not be timed, and why not.
    quick : bool
        Whether there were fewer repetitions and no large sweep.
    """
    medians = {one.name: one.median for one in measurements}
    rows = [
        {
            "name": one.name,
            "command": one.command,
            "median": one.median,
            "minimum": min(one.seconds),
            "maximum": max(one.seconds),
            "seconds": list(one.seconds),
            "ratios": {
                name: one.median / medians[name] for name in one.baselines if name in medians
            },
        }
        for one in measurements
    ]
    return {
        "measured": measured,
        "quick": quick,
        "machine": dict(machine),
        "measurements": rows,
        "targets": verdicts(measurements),
        "absent": dict(absent),
    }


def shown(told: Report) -> str:
    """Return a report as text for a terminal."""
    lines = [f"{head}: {value}" for head, value in told["machine"].items()]
    if told["quick"]:
        lines.append("A quick run: fewer repetitions and no large sweep, so the figures are rough.")
    for one in told["measurements"]:
        ends = f"{duration(one['minimum'])} to {duration(one['maximum'])}"
        times = f"median of {len(one['seconds'])}, {ends}"
        lines += [
            "",
            f"{one['name']}: {duration(one['median'])} ({times})",
            f"    {one['command']}",
        ]
        lines += [f"    {compared(ratio, name)}" for name, ratio in one["ratios"].items()]
    lines += ["", "Targets"]
    for each in told["targets"]:
        figure = f": {each['figure']}" if each["figure"] else ""
        head = f"{_MARKS[each['verdict']]} {each['verdict']}: {each['target']}{figure}"
        lines += [head, f"    {each['reason']}"]
    lines += [f"Not measured: {name} ({reason})" for name, reason in told["absent"].items()]
    return "\n".join(lines)
