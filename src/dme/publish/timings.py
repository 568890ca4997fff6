"""The timings as a part of a page: what was measured, when, and on what."""

from datetime import datetime
from html import escape

from dme.bench import report
from dme.bench.report import Report, Verdict, compared, duration
from dme.errors import DmeError
from dme.publish.markup import Cell, raw, stack_table
from dme.text import plural

NOT_MEASURED = (
    "How long things take has not been measured on the machine that built these pages; "
    "`make bench` measures it.\n"
)
_HEADS = ("What", "Median", "Least to most", "Against")
_TARGET_HEADS = ("Target", "Measured", "Verdict", "Why this target")


def timings() -> str:
    """Return the latest timings as Markdown, or a sentence where there are none to show."""
    try:
        told = report.from_json(report.place().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return NOT_MEASURED
    except DmeError as error:
        return f"{error} `make bench` measures anew.\n"
    return timings_of(told)


def timings_of(told: Report) -> str:
    """Return timings as Markdown: when and on what, what was measured, which targets are met.

    Parameters
    ----------
    told : Report
        What was measured in one run.
    """
    parts = [_occasion(told)]
    if told.measurements:
        parts.append(raw(stack_table(_HEADS, _rows(told), "Timings", "timings")))
    targets = [("", _target(one)) for one in told.verdicts]
    parts.append(raw(stack_table(_TARGET_HEADS, targets, "Targets of the timings", "timings")))
    lacking = "".join(f"<li>{escape(one.name)}: {escape(one.reason)}</li>" for one in told.absent)
    if lacking:
        parts.append(raw(f"<p>Not measured:</p><ul>{lacking}</ul>"))
    return "\n".join(parts)


def _occasion(told: Report) -> str:
    when = datetime.fromisoformat(told.measured)
    day = f"{when.day} {when:%B %Y}"
    machine = dict(told.machine)
    cores, cpu = machine.pop("cores", "?"), machine.pop("CPU", "an unknown processor")
    rest = ", ".join(f"{name} {value}" for name, value in machine.items())
    rough = (
        " It was a quick run, with fewer repetitions and smaller sweeps: the figures are rough."
        if told.quick
        else ""
    )
    text = (
        f"Measured on {day} ({when:%H:%M} {when.tzname() or ''}) on {_cores(cores)} of {cpu}: "
        f"{rest}. Every figure is of this one run; a ratio is one of medians.{rough}"
    )
    return raw(f"<p>{escape(text)}</p>")


def _cores(number: str) -> str:
    return plural(int(number), "core") if number.isdigit() else f"{number} cores"


def _rows(told: Report) -> list[tuple[str, list[Cell]]]:
    known = report.by_name(told.measurements)
    rows = []
    for one in told.measurements:
        against = [compared(value, name) for name, value in report.ratios(known, one.name).items()]
        what = f"{escape(one.name)}<br><code>{escape(one.command)}</code>"
        if one.worked_out:
            what += f"<br>{escape(one.worked_out)}"
        cells = [
            Cell(what),
            Cell(f"{duration(one.median)}<br>of {len(one.seconds)}"),
            Cell(f"{duration(min(one.seconds))} to {duration(max(one.seconds))}"),
            Cell("<br>".join(map(escape, against)) or "–"),
        ]
        rows.append(("", cells))
    return rows


def _target(one: Verdict) -> list[Cell]:
    texts = (one.target, one.figure or "–", one.word, one.reason)
    return [Cell(escape(text)) for text in texts]
