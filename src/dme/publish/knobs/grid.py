"""The combinations that a sweep tried of a finding, along the choices that move it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from dme import paths, sweeps
from dme.findings import Finding
from dme.study import Study

ROUGHNESS = {"resamples", "seed"}
"""Parameters that are no choice: they move the ends of intervals by their own rounding only."""
_FIGURE = ["value", "low", "high", "verdict"]


@dataclass(frozen=True)
class Axis:
    """One choice: what it is called in the sweep's file, and the values that it can take.

    Attributes
    ----------
    name : str
        The parameter, or the name of the alternatives.
    labels : tuple of str
        The values as the sweep's file has them.
    sets : tuple of mapping
        What parameters each of them sets.
    values : tuple
        How each stands in the sweep's table.
    own : int or None
        Which of them is the study's own; None where none is.
    """

    name: str
    labels: tuple[str, ...]
    sets: tuple[Mapping[str, Any], ...]
    values: tuple[object, ...]
    own: int | None


@dataclass(frozen=True)
class Grid:
    """A finding under every combination of the choices that move it.

    Attributes
    ----------
    finding : Finding
        As the study recorded it, under its own choices.
    axes : tuple of Axis
        The choices that move its figure, its interval or its verdict.
    rows : DataFrame
        Its rows of the sweep's table, one for each combination; the last axis varies fastest.
    """

    finding: Finding
    axes: tuple[Axis, ...]
    rows: pd.DataFrame

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each axis has."""
        return tuple(len(axis.labels) for axis in self.axes)

    @property
    def own(self) -> int:
        """Which row is that of the study's own choices."""
        at = tuple(axis.own for axis in self.axes)
        return int(np.ravel_multi_index(at, self.shape))

    @cached_property
    def figures(self) -> np.ndarray:
        """All figures, sorted; combinations that give none are left out."""
        return np.sort(self.rows["value"].dropna().to_numpy())

    @property
    def judged(self) -> bool:
        """Whether it answers a claim, and gives a verdict under any choices."""
        return self.finding.claim is not None and bool(self.rows["verdict"].notna().any())

    @property
    def apart(self) -> np.ndarray:
        """Which figures depart from the terms of its claim, where it gives verdicts."""
        without = self.rows["verdict"].isna() & self.rows["value"].notna()
        return without.to_numpy() & self.judged

    @property
    def movers(self) -> list[Axis]:
        """The axes, that which moves the figure farthest first."""
        values = self.rows["value"].to_numpy().reshape(self.shape)
        filled = np.nan_to_num(values, nan=float(np.median(self.figures)))
        moves = {axis.name: np.ptp(filled, axis=n).mean() for n, axis in enumerate(self.axes)}
        return sorted(self.axes, key=lambda axis: -moves[axis.name])


def sweeps_of(ran: Study) -> list[sweeps.Sweep]:
    """Return the sweeps that tried the district of a study on its tables, the study's own first."""
    folders = sorted(path for path in paths.results(paths.SWEEPS).glob("*") if path.is_dir())
    folders.sort(key=lambda path: path.name != ran.sweep)
    read = (sweeps.read(folder) for folder in folders)
    own = ran.model_dump(mode="json")
    return [sweep for sweep in read if sweep and _fits(sweep.shared, own, ("district", "tables"))]


def grids(sweep: sweeps.Sweep, findings: Sequence[Finding], ran: Study) -> list[Grid]:
    """Return the findings that a sweep tried around this very study.

    One is left out where no choice moves it, or where the study's own choices are none of those
    that were tried, or gave another figure than the study has: the sweep is of another study, or
    of other tables or other code.
    """
    own = ran.model_dump(mode="json")
    axes = _axes(sweep, own)
    varied = {name for axis in axes for sets in axis.sets for name in sets} | ROUGHNESS
    rows = dict(list(sweep.findings.groupby("finding")))
    found = (
        _grid(rows[one.id], one, axes)
        for one in findings
        if one.id in rows and _fits(sweep.shared, own, {*one.parameters} - varied)
    )
    return [grid for grid in found if grid]


def _grid(rows: pd.DataFrame, finding: Finding, axes: Sequence[Axis]) -> Grid | None:
    shape = tuple(len(axis.labels) for axis in axes)
    places = _places(rows, axes, shape)
    # A sample, or values that go together, leave combinations out that a reader could choose.
    if finding.value is None or len(set(places)) < math.prod(shape):
        return None
    rows = rows.iloc[np.argsort(places)]
    kinds = rows.groupby(_FIGURE, dropna=False).ngroup().to_numpy().reshape(shape)
    kept = [
        axis
        for n, axis in enumerate(axes)
        if (kinds != kinds.take([0], axis=n)).any()
        and not all(sets.keys() <= ROUGHNESS for sets in axis.sets)
    ]
    if not kept or any(axis.own is None for axis in kept):
        return None
    at = tuple(slice(None) if axis in kept else axis.own or 0 for axis in axes)
    chosen = np.arange(len(rows)).reshape(shape)[at]
    grid = Grid(finding, tuple(kept), rows.iloc[chosen.ravel()].reset_index(drop=True))
    return grid if grid.rows["value"][grid.own] == finding.value else None


def _places(rows: pd.DataFrame, axes: Sequence[Axis], shape: tuple[int, ...]) -> np.ndarray:
    """Return each row's number in the grid of all combinations."""
    codes = [
        rows[axis.name].map({value: n for n, value in enumerate(axis.values)}) for axis in axes
    ]
    return np.ravel_multi_index([code.to_numpy(int) for code in codes], shape)


def _axes(sweep: sweeps.Sweep, ran: Mapping[str, Any]) -> list[Axis]:
    found = []
    for name, choices in sweep.axes.items():
        labels, sets = tuple(choices), tuple(choices.values())
        # A named alternative stands in the table under its name, a value as it is.
        shown = set(sweep.findings[name])
        values = tuple(label if label in shown else sets[n][name] for n, label in enumerate(labels))
        own = next((n for n, each in enumerate(sets) if _fits(each, ran, each)), None)
        found.append(Axis(name, labels, sets, values, own))
    return found


def _fits(told: Mapping[str, Any], ran: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether parameters are told with the values that a study ran with."""
    return all(name in told and told[name] == ran[name] for name in names)
