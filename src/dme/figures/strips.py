"""Charts of schools in rows: a dot where a figure is printed, a bar where it is suppressed."""

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dme.figures.look import ACCENT, OWN, PEER, PLATE, canvas, chart, short

_ROOM = 0.36
"""How far dots may stand from the middle of their row."""


@chart
def strips(
    rows: Mapping[str, pd.DataFrame],
    line: tuple[float, str],
    unit: str,
    *,
    title: str,
    note: str,
    axis: str,
) -> Figure:
    """Draw each school's figure as a dot in its row, against a line.

    Parameters
    ----------
    rows : mapping of str to DataFrame
        Label of a row, from the top, to its schools' ``low`` and ``high``: equal where printed,
        else the range that suppression leaves, drawn as a bar.
    line : tuple of (value, words)
        What the schools are held against.
    unit : str
        See `dme.text.quantity`.
    axis : str
        What the axis measures, in words.
    """
    figure, axes = canvas(0.72 * len(rows) + 0.9, title, note)
    at, words = line
    for number, frame in enumerate(rows.values()):
        printed = frame[frame["low"] == frame["high"]].sort_values("low")
        hidden = frame[frame["low"] < frame["high"]]
        values = printed["low"].to_numpy(float)
        above = values > at
        heights = number + _apart(values)
        for some, color in ((above, ACCENT), (~above, OWN)):
            axes.plot(values[some], heights[some], "o", ms=6.5, color=color, alpha=0.6, mec="white")
        spread = np.linspace(-_ROOM, _ROOM, len(hidden) + 2)[1:-1] if len(hidden) else []
        for shift, (low, high) in zip(spread, hidden[["low", "high"]].to_numpy(float), strict=True):
            axes.plot([low, high], [number + shift] * 2, color=PEER, lw=2, alpha=0.7)
    axes.axvline(at, color=ACCENT, lw=1.3)
    axes.text(at, -0.62, words, color=ACCENT, ha="center", va="bottom", fontsize=9.5, bbox=PLATE)
    axes.set_yticks(range(len(rows)), [textwrap.fill(label, 20) for label in rows])
    axes.set_ylim(len(rows) - 0.5, -0.95)
    axes.set_xlim(left=min(0, axes.get_xlim()[0]))
    axes.set_xlabel(axis)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value, unit)))
    axes.grid(axis="x")
    return figure


def _apart(values: np.ndarray) -> np.ndarray:
    """Return how far each of the sorted values stands from its row's middle, by turns.

    The pattern is fixed, so that a study gives the same picture each time.
    """
    pattern = np.array([0, 0.5, -0.5, 0.25, -0.25, 0.75, -0.75, 1, -1]) * _ROOM
    return pattern[np.arange(len(values)) % len(pattern)]
