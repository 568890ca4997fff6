"""A sweep's file as it is written: its keys, values and lines, and all that is wrong in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from dme import paths
from dme.errors import DmeError
from dme.execute.sweep.axes import Axis, Choice, steps
from dme.strict_yaml import line_of, texts
from dme.study import Study
from dme.study.read import read_yaml
from dme.text import shown

KEYS = ("base", "notebooks", "findings", "axes", "combine", "samples", "seed")
RANGE = ("from", "to", "step")
# Columns of the table of findings, and a name that moves no figure.
TAKEN = (
    "run", "finding", "claim", "value", "low", "high", "unit", "basis", "verdict", "reason",
    "study",
)  # fmt: skip
_SHOWN = 20
_MOST_STEPS = 10_000
_MOST_DIGITS = 15


class Problem(NamedTuple):
    """Something wrong in a sweep's file: in which line, at which key, and what."""

    line: int
    key: str
    text: str


class SweepError(DmeError):
    """A sweep that can't be run: all its problems together, each with its line."""

    def __init__(self, where: str, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        rows = [
            f"  {f'line {line}, ' if line else ''}{f'{key}: ' if key else ''}{text}"
            for line, key, text in problems[:_SHOWN]
        ]
        more = [f"  and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        super().__init__("\n".join([f"{where}: {count}", *rows, *more]))


@dataclass
class Document:
    """What a sweep's file says, before it is known whether its parameters can be run."""

    where: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    axes: list[Axis] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, node: yaml.Node | None, key: str, text: str) -> None:
        """Note a problem."""
        line = line_of(node) if node else 0
        self.problems.append(Problem(line, shown(key, bare=True), text))


def read_document(path: Path) -> Document:
    """Read a sweep's file; scalars stay text, as `dme.study.read` leaves them.

    Raises
    ------
    DmeError
        If the file is absent or no YAML; the message names the sweeps there are.
    """
    found = Document(paths.relative(path))
    root = read_yaml(path, "sweep file", paths.SWEEPS).root
    for key, name, value in _pairs(root, found, ""):
        if key not in KEYS:
            found.wrong(name, key, f"unknown key.{_nearest(found, key, KEYS)}")
            continue
        found.lines[key] = line_of(name)
        if key == "axes":
            _read_axes(value, found)
        else:
            found.values[key] = texts(value)
    for key in ("base", "axes"):
        # An unknown key may be meant for it.
        if key not in found.lines and not found.problems:
            found.wrong(None, key, "is missing")
    return found


def _nearest(found: Document, word: str, known: Sequence[str]) -> str:
    if len(found.problems) >= _SHOWN:  # to look for the nearest of thousands takes minutes
        return ""
    near = get_close_matches(word[:100], known, n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else f" Keys are: {', '.join(known)}."


def _pairs(
    node: yaml.Node | None, found: Document, key: str
) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Yield each key of a mapping with its nodes; note what is no mapping."""
    if not isinstance(node, yaml.MappingNode):
        kind = "nothing" if node is None else f"a {node.id}"
        found.wrong(node, key, f"expected lines of the form key: value (found {kind})")
        return
    for name, value in node.value:
        yield name.value, name, value


def _read_axes(node: yaml.Node, found: Document) -> None:
    setter: dict[str, str] = {}
    for name, head, value in _pairs(node, found, "axes"):
        key = f"axes.{name}"
        if name in TAKEN or not re.fullmatch(r"[A-Za-z_]\w*", name):
            found.wrong(head, key, "can't be the name of an axis: letters, digits and underscores, "
                        f"and none of {', '.join(TAKEN)}")  # fmt: skip
            continue
        axis = _axis(name, head, value, found)
        if not axis.choices:
            continue
        found.axes.append(axis)
        for parameter in dict.fromkeys(p for choice in axis.choices for p in choice.sets):
            if other := setter.get(parameter):
                found.wrong(head, key, f"sets {parameter}, which the axis {other} sets too")
            setter[parameter] = name
    if not found.axes and not found.problems:
        found.wrong(node, "axes", "there must be at least one axis")


def _axis(name: str, head: yaml.Node, node: yaml.Node, found: Document) -> Axis:
    key, named = f"axes.{name}", False
    if isinstance(node, yaml.SequenceNode):
        pairs = [(texts(item), line_of(item)) for item in node.value]
    elif not isinstance(node, yaml.MappingNode):
        found.wrong(node, key, "expected a list of values, a range {from, to, step}, or named "
                    f"alternatives (found {shown(node.value)})")  # fmt: skip
        return Axis(name, (), named)
    elif any(isinstance(value, yaml.MappingNode) for _, value in node.value):
        return Axis(name, _alternatives(key, node, found), named=True)
    else:
        pairs = [(text, line_of(node)) for text in _range(key, node, found)]
    if name not in Study.model_fields:
        found.wrong(
            head, key, f"unknown parameter.{_nearest(found, name, list(Study.model_fields))}"
        )
        return Axis(name, (), named)
    if not pairs and isinstance(node, yaml.SequenceNode):
        found.wrong(node, key, "has no values")
    choices = [Choice(label_of(text), {name: text}, {name: line}) for text, line in pairs]
    return Axis(name, tuple(choices), named)


def label_of(value: Any) -> str:
    """Return a value as one word of text: a list of codes with spaces between."""
    if value is None:
        return "none"
    return " ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def _alternatives(key: str, node: yaml.Node, found: Document) -> tuple[Choice, ...]:
    choices = []
    for label, head, value in _pairs(node, found, key):
        inner = f"{key}.{label}"
        sets: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for parameter, name, given in _pairs(value, found, inner):
            if parameter not in Study.model_fields or parameter == "study":
                words = _nearest(found, parameter, list(Study.model_fields))
                found.wrong(name, f"{inner}.{parameter}", f"unknown parameter.{words}")
                continue
            sets[parameter], lines[parameter] = texts(given), line_of(name)
        if not sets and isinstance(value, yaml.MappingNode) and not value.value:
            found.wrong(head, inner, "sets no parameter")
        choices.append(Choice(label, sets, lines))
    return tuple(choices)


def _range(key: str, node: yaml.Node, found: Document) -> list[str]:
    ends: dict[str, Decimal] = {}
    before = len(found.problems)
    for word, head, value in _pairs(node, found, key):
        if word not in RANGE:
            found.wrong(
                head, f"{key}.{word}", f"unknown key of a range.{_nearest(found, word, RANGE)}"
            )
            continue
        try:
            ends[word] = Decimal(value.value if isinstance(value, yaml.ScalarNode) else "none")
            if not ends[word].is_finite():
                raise InvalidOperation
        except InvalidOperation:
            said = shown(texts(value))
            found.wrong(head, f"{key}.{word}", f"must be a number (found {said})")
            continue
        if ends[word] and not -_MOST_DIGITS <= ends[word].adjusted() <= _MOST_DIGITS:
            found.wrong(head, f"{key}.{word}", f"must lie between 1e-{_MOST_DIGITS} and "
                        f"1e{_MOST_DIGITS} (found {shown(value.value)})")  # fmt: skip
    if len(found.problems) > before:
        return []
    if lacking := [word for word in RANGE if word not in ends]:
        found.wrong(node, key, f"a range needs from, to and step; {', '.join(lacking)} is missing")
        return []
    start, stop, step = (ends[word] for word in RANGE)
    if step <= 0 or stop < start:
        found.wrong(node, key, "a range goes upward: to is at least from, and step is above zero")
        return []
    if (count := (stop - start) / step) > _MOST_STEPS:
        found.wrong(node, key, f"has {count:,.0f} steps, and {_MOST_STEPS:,} is the most")
        return []
    return steps(start, stop, step)
