"""What finishes a chart that seaborn drew: units, lines to compare with, names and legends."""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from dme.figures.look import ACCENT, BAND, INK, OWN, PEER, PLATE, QUIET, WIDTH
from dme.text import quantity, school_year, span, unit_head

YEAR = "school year"
"""The unit of an axis of school years, by the calendar years in which they begin."""

_LETTER, _HANDLE = 5.9, 26
"""Points that a letter of a legend takes on average, and what stands before and behind a word."""

_SIDES: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    "right": ((1, 0), {"ha": "left", "va": "center"}),
    "left": ((-1, 0), {"ha": "right", "va": "center"}),
    "above": ((0, 1), {"ha": "center", "va": "bottom"}),
    "below": ((0, -1), {"ha": "center", "va": "top"}),
}
Side = Literal["right", "left", "above", "below"]


def short(value: float, unit: str) -> str:
    """Return a number for an axis, where room is scarce."""
    if unit.startswith("dollars") and abs(value) >= 1e6:
        return f"{'-' if value < 0 else ''}${abs(value) / 1e6:g}M"
    return quantity(round(value, 6), unit_head(unit)).partition(" ")[0]


def units(axes: Axes, *, x: str | None = None, y: str | None = None, ticks: int = 6) -> None:
    """Write the numbers of an axis in its unit, with lines of a grid behind those of the heights.

    Parameters
    ----------
    x, y : str, optional
        See `dme.text.quantity`; or ``school year``, for whole numbers that are the calendar years
        in which school years begin: the last one is always named.
    ticks : int
        How many numbers at most.
    """
    for axis, unit in ((axes.xaxis, x), (axes.yaxis, y)):
        if unit == YEAR:
            _name_years(axis)
        elif unit:
            axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _, unit=unit: short(value, unit)))
    axes.grid(axis="y" if y else "x")


def _name_years(axis: Axis) -> None:
    low, high = (round(end) for end in axis.get_data_interval())
    shown = [low + step for step in _steps(high - low + 1)]
    axis.set_ticks(shown, [school_year(year) for year in shown])


def _steps(count: int) -> list[int]:
    """Return which years are named: always the last, whose figure stands at the line's end.

    The first too where equal steps lead from one to the other.
    """
    most = max(1, -(-count // 3))
    even = (step for step in range(most, most + 3) if (count - 1) % step == 0 and count > 2 * step)
    return list(range(count - 1, -1, -next(even, most)))[::-1]


def reference(
    axes: Axes,
    words: str,
    *,
    x: float | tuple[float, float] | None = None,
    y: float | tuple[float, float] | None = None,
    color: str = QUIET,
    end: Literal["left", "right"] = "right",
) -> None:
    """Draw a line, or a band between two values, to compare with; say above it what it is.

    Parameters
    ----------
    x, y : float or tuple of float
        Where it stands upright, or lies. A band from a value to the same value is a line.
    end : {"right", "left"}
        At which end of a lying line its words stand.
    """
    at = x if x is not None else y
    low, high = at if isinstance(at, tuple) else (at, at)
    if x is not None:
        line, band = axes.axvline, axes.axvspan
        place = {"xy": ((low + high) / 2, 1), "xycoords": ("data", "axes fraction"), "ha": "center"}
    else:
        line, band = axes.axhline, axes.axhspan
        place = {"xy": (end == "right", high), "xycoords": ("axes fraction", "data"), "ha": end}
    if low == high:
        line(low, color=color, lw=1.6, ls="-" if color == ACCENT else ":", zorder=1)
    else:
        band(low, high, color=BAND if color == ACCENT else "#eef1f4", zorder=0)
    axes.annotate(words, xytext=(0, 3), textcoords="offset points", color=color, va="bottom",
                         fontsize=10, annotation_clip=False, **place)  # fmt: skip


def published(ends: tuple[float, float], unit: str) -> str:
    """Return a published figure in words, such as ``published: 28%``, by its two ends."""
    head = unit_head(unit)
    words = quantity(ends[0], head) if ends[0] == ends[1] else span(*ends, head)
    return f"published: {words}"


def label(
    axes: Axes,
    words: str,
    at: tuple[float, float],
    color: str = INK,
    *,
    side: Side = "right",
    away: float = 8,
) -> None:
    """Write beside a point, so many points away, on a plate that keeps it legible over lines."""
    (across, up), aligned = _SIDES[side]
    axes.annotate(words, at, (across * away, up * away), textcoords="offset points", color=color,
                  fontsize=10, bbox=PLATE, annotation_clip=False, **aligned)  # fmt: skip


def legend(
    axes: Axes,
    colors: Mapping[str, str] | None = None,
    *,
    below: bool = False,
    columns: int = 2,
) -> None:
    """Set the legend above the axes, or below them, where it hides nothing.

    Parameters
    ----------
    colors : mapping of str to str, optional
        Words to their colors, for what has no legend of its own, such as a heatmap.
    """
    patches = [Patch(facecolor=color, label=words) for words, color in (colors or {}).items()]
    handles = patches or axes.get_legend_handles_labels()[0]
    while columns > 1 and not _fits([str(one.get_label()) for one in handles], columns):
        columns -= 1
    # From the left edge of the picture, where there is room for words; below the axes, their
    # numbers and the label of the x axis come first.
    figure = axes.figure
    inches = -(0.55 if axes.get_xlabel() else 0.3) if below else 0
    shifted = axes.transAxes + ScaledTranslation(0, inches, figure.dpi_scale_trans)
    axes.legend(
        handles=handles,
        loc="upper left" if below else "lower left",
        bbox_to_anchor=(0.012, 0 if below else 1),
        bbox_transform=blended_transform_factory(figure.transFigure, shifted),
        ncols=columns,
        fontsize=10,
        handlelength=1.2,
        columnspacing=1.2,
        handletextpad=0.4,
        borderaxespad=0.2 if below else 0.6,
        borderpad=0,
    )


def _fits(words: Sequence[str], columns: int) -> bool:
    """Whether words fit beside each other into a picture's width, column by column."""
    widest = (max(map(len, each), default=0) for each in np.array_split(words, columns))
    return sum(_LETTER * letters + _HANDLE for letters in widest) < 72 * WIDTH


def name_rows(
    axes: Axes,
    names: Iterable[object],
    colors: Sequence[str] = (),
    *,
    wide: int = 24,
) -> None:
    """Name the rows of a chart from the top; names in the district's own color, if others differ.

    Parameters
    ----------
    colors : sequence of str
        The color of each row.
    wide : int
        Letters after which a name is broken.
    """
    names = [textwrap.fill(str(name), wide) for name in names]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.6)
    axes.set(ylabel="")
    if len(set(colors)) > 1:
        for tick, color in zip(axes.get_yticklabels(), colors, strict=True):
            if color == OWN:
                tick.set(color=OWN, fontweight="bold")


def beside(axes: Axes, words: Iterable[str], color: str = QUIET) -> None:
    """Write at the right of each row of a chart, from the top."""
    for row, each in enumerate(words):
        axes.annotate(each, (1.02, row), xycoords=("axes fraction", "data"), color=color,
                      fontsize=10, va="center", annotation_clip=False)  # fmt: skip


def name_ends(axes: Axes, ends: Iterable[tuple[float, str, str]]) -> None:
    """Write the names of lines at their right ends, moved apart where they would touch.

    Parameters
    ----------
    ends : iterable of (height, words, color)
        Where each line ends, what is written, in which color.
    """
    bottom, top = axes.get_ylim()
    *_, share = axes.figure.get_layout_engine().get()["rect"]
    line = 0.2 / (share * axes.figure.get_figheight() - 0.4)
    named = sorted(ends)
    halves = [(words.count("\n") + 1.15) * line / 2 for _, words, _ in named]
    middles, lowest = [], -1.0
    for (value, *_), half in zip(named, halves, strict=True):
        middles.append(max((value - bottom) / (top - bottom), lowest + half))
        lowest = middles[-1] + half
    highest = 1.05
    for number in reversed(range(len(named))):
        middles[number] = min(middles[number], highest - halves[number])
        highest = middles[number] - halves[number]
    for (_, words, color), middle in zip(named, middles, strict=True):
        axes.annotate(words, (1.02, middle), xycoords="axes fraction", color=color, fontsize=10,
                      va="center", annotation_clip=False)  # fmt: skip


def counted(names: pd.Series) -> pd.Series:
    """Return names with how many rows bear them, such as ``magnet (18)``, for a legend."""
    return names.astype(str) + " (" + names.map(names.value_counts()).astype(str) + ")"


def highlight(names: Iterable[object], own: object) -> list[str]:
    """Return the color of each name: the district's own (counts in brackets aside), and gray."""
    return [OWN if re.sub(r" \([\d,]+\)$", "", str(n)) == str(own) else PEER for n in names]
