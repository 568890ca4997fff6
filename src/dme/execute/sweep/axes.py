"""The axes of a sweep: which values each parameter takes, and how they combine."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Combine = Literal["grid", "zipped", "sampled"]


@dataclass(frozen=True)
class Choice:
    """One value on an axis.

    Attributes
    ----------
    label : str
        Its name, or the value as it was written.
    sets : mapping
        The parameters that it sets, with their values as text.
    lines : mapping of str to int
        The line of each of them in the file.
    """

    label: str
    sets: Mapping[str, Any]
    lines: Mapping[str, int]


@dataclass(frozen=True)
class Axis:
    """One thing that a sweep varies: a parameter, or several under named alternatives."""

    name: str
    choices: tuple[Choice, ...]
    named: bool


def steps(start: Decimal, stop: Decimal, step: Decimal) -> list[str]:
    """Return the numbers from `start` to `stop`, both included where the steps meet them.

    Decimal numbers keep 0.1 + 0.2 at 0.3.
    """
    count = int((stop - start) / step)
    return [f"{(start + step * number).normalize():f}" for number in range(count + 1)]


def size(axes: Sequence[Axis]) -> int:
    """Return how many combinations the axes have in all."""
    return math.prod(len(axis.choices) for axis in axes)


def points(axes: Sequence[Axis], combine: Combine, samples: int, seed: int) -> Sequence[int]:
    """Return which combinations a sweep runs, each by its number in the whole grid.

    Parameters
    ----------
    axes : sequence of Axis
        Equally long where they are zipped.
    combine : {"grid", "zipped", "sampled"}
        All combinations; the first values together, the second together, and so on; or
        `samples` of all combinations, drawn without replacement.
    samples, seed : int
        For a sample.
    """
    if combine == "sampled":
        return sorted(random.Random(seed).sample(range(size(axes)), samples))
    if combine == "zipped":
        # The combination of every axis' value number n is n times this stride.
        stride = 0
        for axis in axes:
            stride = stride * len(axis.choices) + 1
        return [stride * number for number in range(len(axes[0].choices))]
    return range(size(axes))


def combination(axes: Sequence[Axis], number: int) -> tuple[Choice, ...]:
    """Return the combination of that number; the last axis varies fastest."""
    chosen = []
    for axis in reversed(axes):
        number, place = divmod(number, len(axis.choices))
        chosen.append(axis.choices[place])
    return tuple(reversed(chosen))
