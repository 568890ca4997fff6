"""A sweep that can be run: its file read and every parameter set checked."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from dme import paths, up_to_date
from dme.errors import DmeError
from dme.execute.sources import sources
from dme.execute.sweep.axes import Axis, Choice, Combine, combination, points, size
from dme.execute.sweep.document import Document, Problem, SweepError, label_of, read_document
from dme.study import ParameterError, Study, read, validate
from dme.text import shown

MOST_RUNS = 100_000
_LARGEST_GRID = 10**18
_DIGITS = 19
Cell = str | int | float | bool


@dataclass(frozen=True)
class Plan:
    """A sweep: many parameter sets, and the notebooks that run with each.

    Attributes
    ----------
    name : str
        Its results stand in ``results/sweeps/<name>/``.
    base : Study
        What every set has where no axis sets it.
    base_file : str
        The file of those parameters.
    notebooks : tuple of str
        Which notebooks run, by name.
    findings : tuple of str
        Which of their findings are evaluated, by name; all of them where none is named.
    axes : tuple of Axis
        What varies.
    combine : {"grid", "zipped", "sampled"}
        How the axes combine.
    points : sequence of int
        The combinations that run, each by its number in the grid of all.
    samples, seed : int
        For a sample: how many, and the seed of the draw.
    read : mapping of str to str
        The sweep's file and its base, each with its sha256 when it was read.
    """

    name: str
    base: Study
    base_file: str
    notebooks: tuple[str, ...]
    findings: tuple[str, ...]
    axes: tuple[Axis, ...]
    combine: Combine
    points: Sequence[int]
    samples: int = 0
    seed: int = 0
    read: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the results stand."""
        return paths.results(paths.SWEEPS) / self.name

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.points)

    def choices(self, number: int) -> tuple[Choice, ...]:
        """Return what run `number` (from 0) takes on each axis."""
        return combination(self.axes, self.points[number])

    def study(self, number: int) -> Study:
        """Return the parameters of run `number`."""
        # Sets are made when they are asked for: a long sweep takes no more memory.
        return Study.model_validate(self.raw(number))

    def raw(self, number: int) -> dict[str, Any]:
        """Return the parameters of run `number` before they are checked and typed."""
        return _merged(self.base, self.choices(number))

    def cells(self, number: int) -> dict[str, Cell]:
        """Return for each axis what the table of findings shows of run `number`."""
        study = self.study(number)
        return {
            axis.name: choice.label if axis.named else cell(getattr(study, axis.name))
            for axis, choice in zip(self.axes, self.choices(number), strict=True)
        }

    def run_name(self, number: int) -> str:
        """Return the name of run `number`: the same parameters have the same name."""
        told = self.study(number).model_dump_json()
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    def label(self, number: int) -> str:
        """Return run `number` in words."""
        return ", ".join(f"{name}={value}" for name, value in self.cells(number).items())


def cell(value: Any) -> Cell:
    """Return a parameter's value as a cell of a table: a list becomes one text."""
    return label_of(value) if isinstance(value, list | tuple) else cast("Cell", value)


def _merged(base: Study, choices: Sequence[Choice]) -> dict[str, Any]:
    raw = base.model_dump(mode="json")
    for choice in choices:
        raw |= choice.sets
    return raw


def read_plan(path: Path) -> Plan:
    """Read a sweep's file and check every parameter set that results.

    Raises
    ------
    SweepError
        With all problems at once, each with its line: of form, or else of the parameters.
    DmeError
        If the file or its base is absent, or can't be read.
    """
    taken = {paths.relative(path): up_to_date.digest(path)}
    found = read_document(path)
    name = path.stem
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        found.wrong(None, "", f'the file\'s name "{name}" names the sweep: lower-case letters, '
                    "digits and hyphens")  # fmt: skip
    notebooks, findings = _notebooks(found), _names(found, "findings", "[school-size]")
    combine, samples, seed = _combination(found)
    if "base" in found.lines and not isinstance(found.values.get("base"), str):
        _note(found, "base", "must be the name of a parameters file")
    if found.problems:
        raise SweepError(found.where, found.problems)
    base_file = found.values["base"]
    # What is no file, as a folder or a name that is too long, is refused in words below.
    if os.path.isfile(paths.home() / base_file):
        taken[base_file] = up_to_date.digest(paths.home() / base_file)
    try:
        base = read(paths.home() / base_file)
    except DmeError as error:
        raise SweepError(found.where, [Problem(found.lines["base"], "base", str(error))]) from error
    axes = tuple(found.axes)
    if problems := _repeated(base, axes, combine, found.lines["axes"]):
        raise SweepError(found.where, problems)
    numbers = points(axes, combine, samples, seed)
    plan = Plan(
        name, base, base_file, notebooks, findings, axes, combine, numbers, samples, seed, taken
    )
    if problems := _set_problems(plan, found):
        raise SweepError(found.where, problems)
    return plan


def _note(found: Document, key: str, text: str) -> None:
    found.problems.append(Problem(found.lines.get(key, 0), key, text))


def _notebooks(found: Document) -> tuple[str, ...]:
    have = [source.stem for source in sources()]
    if "notebooks" not in found.values:
        return tuple(have)
    given = _names(found, "notebooks", "[operations]")
    for name in given:
        if name not in have:
            given_name = f'"{shown(name, bare=True)}"'
            _note(found, "notebooks", f"there is no notebook {given_name}; there are "
                  f"{', '.join(have)}")  # fmt: skip
    return given


def _names(found: Document, key: str, example: str) -> tuple[str, ...]:
    given = found.values.get(key)
    if given is None:
        return ()
    if not isinstance(given, list) or not given or not all(isinstance(n, str) for n in given):
        _note(found, key, f"must be a list of names, such as {example}")
        return ()
    if len(set(given)) < len(given):
        _note(found, key, "names one twice")
    return tuple(given)


def _whole(found: Document, key: str, least: int) -> int:
    raw = found.values.get(key, str(least))
    # Of thousands of digits Python makes no number.
    digits = raw if isinstance(raw, str) and len(raw) < _DIGITS and raw.isascii() else ""
    if digits.isdigit() and int(digits) >= least:
        return int(digits)
    _note(
        found,
        key,
        f"must be a whole number from {least}, of fewer than {_DIGITS} digits (found {shown(raw)})",
    )
    return least


def _combination(found: Document) -> tuple[Combine, int, int]:
    """Return how the axes combine, the size of a sample and its seed."""
    combine = found.values.get("combine", "grid")
    samples, seed = _whole(found, "samples", 1), _whole(found, "seed", 0)
    checks: dict[str, Callable[[Document, int], None]] = {
        "grid": _check_grid, "zipped": _check_zipped, "sampled": _check_sampled,
    }  # fmt: skip
    if not isinstance(combine, str) or combine not in checks:
        _note(found, "combine", f"must be one of {', '.join(checks)} (found {shown(combine)})")
        return "grid", 0, 0
    if combine != "sampled":
        for key in ("samples", "seed"):
            if key in found.values:
                _note(found, key, f"belongs to combine: sampled, and this sweep is {combine}")
        samples = seed = 0
    checks[combine](found, samples)
    return cast("Combine", combine), samples, seed


def _check_grid(found: Document, _: int) -> None:
    if (grid := size(found.axes)) > MOST_RUNS:
        _note(found, "axes", f"the grid has {_counted(grid)} sets, and {MOST_RUNS:,} is the "
              "most that a sweep runs. Take some: combine: sampled")  # fmt: skip


def _counted(grid: int) -> str:
    return f"{grid:,}" if grid < _LARGEST_GRID**10 else shown(grid)


def _check_zipped(found: Document, _: int) -> None:
    longest = max((len(axis.choices) for axis in found.axes), default=0)
    if longest > MOST_RUNS:
        _note(found, "axes", f"an axis has {longest:,} values, and {MOST_RUNS:,} sets are the most "
              "that a sweep runs")  # fmt: skip
    lengths = {axis.name: len(axis.choices) for axis in found.axes}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        _note(found, "axes", f"zipped axes have as many values each; here: {told}")


def _check_sampled(found: Document, samples: int) -> None:
    if "samples" not in found.lines:
        _note(found, "combine", "sampled needs samples: how many sets to draw")
    elif samples > MOST_RUNS:
        _note(found, "samples", f"{samples:,} sets; {MOST_RUNS:,} is the most that a sweep runs")
    elif (grid := size(found.axes)) > _LARGEST_GRID:
        _note(found, "axes", f"the axes have {_counted(grid)} sets in all, and a sample is drawn "
              f"from {_LARGEST_GRID:,} at most")  # fmt: skip
    elif found.axes and samples > grid:
        _note(found, "samples", f"the axes have {grid:,} sets in all: take combine: grid, or fewer")


def _repeated(base: Study, axes: Sequence[Axis], combine: Combine, where: int) -> list[Problem]:
    """Return values given twice, as typed: 300 and 300.0 are the same.

    On an axis of its own a value stands once; of zipped axes the values that go together do.
    """
    if combine == "zipped":
        named = " and ".join(axis.name for axis in axes)
        groups = [(named, list(zip(*(axis.choices for axis in axes), strict=True)))]
    else:
        groups = [(axis.name, [(choice,) for choice in axis.choices]) for axis in axes]
    problems = []
    for name, sets in groups:
        seen: dict[Study, str] = {}
        for choices in sets:
            try:
                study = Study.model_validate(_merged(base, choices))
            except ValueError:
                continue  # told with the sets
            label = shown(", ".join(choice.label for choice in choices), bare=True)
            if study in seen:
                line = next(iter(choices[0].lines.values()), where)
                words = f'"{label}" is the same as "{seen[study]}"'
                problems.append(Problem(line, f"axes.{name}", words))
            seen[study] = label
    return problems


def _set_problems(plan: Plan, found: Document) -> list[Problem]:
    """Return what is wrong with any of the parameter sets, each problem once."""
    problems: dict[Problem, None] = {}
    for number in range(len(plan)):
        lines: dict[str, int] = {}
        for choice in plan.choices(number):
            lines |= choice.lines
        try:
            validate(plan.raw(number), found.where)
        except ParameterError as error:
            for key, text in error.problems:
                problems[Problem(_blamed(key, lines, found), key, text)] = None
    return sorted(problems)


def _blamed(key: str, lines: Mapping[str, int], found: Document) -> int:
    """Return the line of a parameter: on an axis, or else that of the base."""
    return lines.get(key, found.lines["base"])
