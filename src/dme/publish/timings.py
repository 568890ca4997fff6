"""The timings as a part of a page: what was measured, when, and on what."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from dme import paths
from dme.publish.markup import raw
from dme.records import parsed
from dme.tabled import Cell, tabled
from dme.text import compared, duration, plural

NOT_MEASURED = (
    "How long things take has not been measured on the machine that built these pages; "
    "`make bench` measures it.\n"
)
_NOT_VERIFIED = (
    "How long it takes to verify a fresh clone has not been measured; `make bench ARGS=--verify` "
    "measures it.\n"
)
_UNREADABLE = (
    "The timings were written by another version of this program; `make bench` measures anew.\n"
)
_HEADS = ("What", "Median", "Least to most", "Against")
_TARGET_HEADS = ("Target", "Measured", "Verdict", "Why this target")


def timings() -> str:
    """Return the latest timings as Markdown, or a sentence where there are none to show."""
    try:
        return _timings(parsed(paths.timings().read_bytes()))
    except FileNotFoundError:
        return NOT_MEASURED
    except (ValueError, LookupError, TypeError, AttributeError):
        return _UNREADABLE


def verified() -> str:
    """Return as Markdown how long it took to verify a fresh clone, and on what."""
    try:
        return _verified(parsed(paths.verified().read_bytes()))
    except FileNotFoundError:
        return _NOT_VERIFIED
    except (ValueError, LookupError, TypeError, AttributeError):
        return _UNREADABLE


def _verified(told: Mapping[str, Any]) -> str:
    when = datetime.fromisoformat(told["measured"])
    taken, machine = told["seconds"], told["machine"]
    text = (
        f"A fresh clone of this project was set up and verified on {when.day} {when:%B %Y}, on "
        f"{plural(int(machine['cores']), 'core')} of {machine['CPU']} with Python "
        f"{machine['Python']}, in {duration(sum(taken.values()))}: {duration(taken['clone'])} to "
        f"clone it, {duration(taken['set up'])} to set up its environment, and "
        f"{duration(taken['verify'])} to run every notebook of {told['study']} again and hold what "
        "came out against its record."
    )
    return raw(f"<p>{escape(text)}</p>")


def _timings(told: Mapping[str, Any]) -> str:
    """Return when and on what was measured, what was measured, and which targets are met."""
    parts = [_occasion(told)]
    if told["measurements"]:
        rows = map(_measurement, told["measurements"])
        parts.append(raw(tabled(_HEADS, rows, "Timings")))
    parts.append(
        raw(tabled(_TARGET_HEADS, map(_target, told["targets"]), "Targets of the timings"))
    )
    absent = told["absent"].items()
    lacking = "".join(f"<li>{escape(name)}: {escape(reason)}</li>" for name, reason in absent)
    if lacking:
        parts.append(raw(f"<p>Not measured:</p><ul>{lacking}</ul>"))
    return "\n".join(parts)


def _occasion(told: Mapping[str, Any]) -> str:
    when = datetime.fromisoformat(told["measured"])
    machine = dict(told["machine"])
    cores, cpu = plural(int(machine.pop("cores")), "core"), machine.pop("CPU")
    rest = ", ".join(f"{name} {value}" for name, value in machine.items())
    rough = (
        " It was a quick run, with fewer repetitions and no large sweep: the figures are rough."
        if told["quick"]
        else ""
    )
    text = (
        f"Measured on {when.day} {when:%B %Y} ({when:%H:%M} {when.tzname() or ''}) on {cores} of "
        f"{cpu}: {rest}. Every figure is of this one run; a ratio is one of medians.{rough}"
    )
    return raw(f"<p>{escape(text)}</p>")


def _measurement(one: Mapping[str, Any]) -> list[Cell]:
    return [
        Cell(f"{escape(one['name'])}<br><code>{escape(one['command'])}</code>"),
        Cell(f"{duration(one['median'])}<br>of {len(one['seconds'])}"),
        Cell(f"{duration(one['minimum'])} to {duration(one['maximum'])}"),
        Cell(_lines(compared(ratio, name) for name, ratio in one["ratios"].items())),
    ]


def _target(one: Mapping[str, str]) -> list[Cell]:
    texts = (one["target"], one["figure"] or "–", one["verdict"], one["reason"])
    return [Cell(escape(text)) for text in texts]


def _lines(words: Iterable[str]) -> str:
    return "<br>".join(map(escape, words)) or "–"
