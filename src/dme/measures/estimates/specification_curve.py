"""How a figure depends on the choices behind it: its specification curve."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dme.measures.estimates.yard import Yard


@dataclass(frozen=True)
class Curve:
    """One finding under many specifications.

    Attributes
    ----------
    specifications, unmeasured : int
        Those that give a figure, and those that give none.
    judged : int
        The figures that can agree: those whose study keeps to the terms of what was published.
    within, consistent, direction : float
        The share of these of each agreement (see `Yard.agreement`); NaN where there are none.
    lowest, median, highest : float
        Of the figures.
    moves : dict of str to float or None
        By axis, from the one that moves the figure most: how far the figure ranges over the
        axis with the others held, on average; None where no two specifications differ in that
        axis alone.
    """

    specifications: int
    unmeasured: int
    judged: int
    within: float
    consistent: float
    direction: float
    lowest: float
    median: float
    highest: float
    moves: dict[str, float | None]

    @property
    def agrees(self) -> float:
        """The share of figures that agree with the published one in size."""
        return self.within + self.consistent

    @property
    def mover(self) -> str | None:
        """The axis that moves the figure most; None where none does."""
        name = next(iter(self.moves), None)
        return name if name is not None and self.moves[name] else None


def curve(rows: pd.DataFrame, axes: Sequence[str], yard: Yard) -> Curve | None:
    """Return what the specifications say together; None where none gives a figure.

    Parameters
    ----------
    rows : DataFrame
        One finding: a row for each specification, with ``value``, ``low``, ``high`` (missing
        where there is no figure or no interval), a column for each axis, and perhaps ``fits``; see
        `judged`.
    axes : sequence of str
        What varies.
    yard : Yard
        What agrees.
    """
    measured = rows.dropna(subset=["value"])
    if measured.empty:
        return None
    told = judged(measured, yard)
    verdicts = told[told != "apart"]
    values = measured["value"]
    return Curve(
        specifications=len(measured),
        unmeasured=len(rows) - len(measured),
        judged=len(verdicts),
        within=float((verdicts == "within").mean()),
        consistent=float((verdicts == "consistent").mean()),
        direction=float((verdicts == "direction").mean()),
        lowest=float(values.min()),
        median=float(values.median()),
        highest=float(values.max()),
        moves=moves(measured, axes),
    )


def judged(rows: pd.DataFrame, yard: Yard) -> pd.Series:
    """Return how each figure agrees; see `Yard.agreement`, which this is for many at once.

    A figure whose ``fits`` is false is ``apart``: it is of a study that departs from the terms of
    what was published. Without that column all fit.
    """
    value, low, high = rows["value"], rows["low"], rows["high"]
    # Where there is no interval the comparisons are false: nothing speaks against the sign.
    told = pd.Series("neither", index=rows.index)
    told = told.mask((value * yard.sign > 0) & ~((low <= 0) & (high >= 0)), "direction")
    told = told.mask((low <= yard.top) & (high >= yard.bottom), "consistent")
    reaches = high.fillna(value) if yard.bound else value
    told = told.mask((value <= yard.highest) & (reaches >= yard.lowest), "within")
    return told.where(rows["fits"], "apart") if "fits" in rows else told


def moves(rows: pd.DataFrame, axes: Sequence[str]) -> dict[str, float | None]:
    """Return how far each axis moves the figure with the others held, the farthest first."""
    found = {axis: _mean_range(rows, axis, [a for a in axes if a != axis]) for axis in axes}
    return dict(sorted(found.items(), key=lambda pair: -1 if pair[1] is None else pair[1],
                       reverse=True))  # fmt: skip


def _mean_range(rows: pd.DataFrame, axis: str, others: list[str]) -> float | None:
    groups = rows.groupby(others, observed=True) if others else rows.groupby(lambda _: 0)
    seen = groups.agg(low=("value", "min"), high=("value", "max"), kinds=(axis, "nunique"))
    seen = seen[seen["kinds"] > 1]
    return float((seen["high"] - seen["low"]).mean()) if len(seen) else None


def distinct(rows: pd.DataFrame, axes: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return the specifications that differ for this finding, sorted, and the axes that matter.

    An axis that never moves the figure or its interval is left out, and specifications that
    differ in nothing else become one.
    """
    rows = rows.dropna(subset=["value"])
    figures = ["value", "low", "high"]
    matter = [axis for axis in axes if _matters(rows, axis, axes)]
    apart = ["fits"] if "fits" in rows else []
    once = rows.drop_duplicates([*matter, *figures, *apart])
    return once.sort_values(["value", *matter], ignore_index=True), matter


def _matters(rows: pd.DataFrame, axis: str, axes: Sequence[str]) -> bool:
    if rows[axis].nunique() < 2:
        return False
    others = [a for a in axes if a != axis]
    groups = rows.groupby(others, observed=True) if others else rows.groupby(lambda _: 0)
    seen = groups.agg(
        kinds=(axis, "nunique"), value=("value", "nunique"), low=("low", "nunique"),
        high=("high", "nunique"),
    )  # fmt: skip
    seen = seen[seen["kinds"] > 1]
    # Where nothing is compared with the others held, nothing says that it does not matter.
    return seen.empty or bool((seen[["value", "low", "high"]] > 1).any(axis=None))
