"""Charts of a few places over the years, each line with its name at its end."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dme.figures.look import ACCENT, INK, OWN, PEER, canvas, chart, short

_COLORS = (OWN, INK, ACCENT, "#5b7f3a")
_LINE_HEIGHT = 0.075
"""The height of a line of words, as a share of the axes."""


@chart
def named_lines(
    lines: Mapping[str, pd.DataFrame],
    unit: str,
    *,
    title: str,
    note: str,
    faint: Sequence[pd.DataFrame] = (),
    from_zero: bool = True,
) -> Figure:
    """Draw a figure over school years, a line for each place, named at its right end.

    Parameters
    ----------
    lines : mapping of str to DataFrame
        Label to ``school_year`` and ``value``, and ``low`` and ``high`` where what is suppressed
        leaves a range; the first is the district's own. At most four.
    unit : str
        See `dme.text.quantity`.
    faint : sequence of DataFrame
        Lines behind, without a name: ``school_year``, ``value``.
    from_zero : bool
        Whether the axis starts at 0; it does wherever a reader may compare heights.
    """
    figure, axes = canvas(3.4, title, note)
    frames = [*lines.values(), *faint]
    years = sorted({year for frame in frames for year in frame["school_year"]})
    place = {year: number for number, year in enumerate(years)}
    for frame in faint:
        axes.plot(frame["school_year"].map(place), frame["value"], color=PEER, lw=0.9, alpha=0.55)
    ends = []
    for color, (label, frame) in zip(_COLORS, lines.items(), strict=False):
        spots = frame["school_year"].map(place)
        if "low" in frame:
            axes.fill_between(spots, frame["low"], frame["high"], color=color, alpha=0.18, lw=0)
        axes.plot(spots, frame["value"], color=color, marker="o", ms=4, lw=2)
        ends.append((float(frame["value"].iloc[-1]), label, color))
    if from_zero:
        axes.set_ylim(0)
    _name(axes, ends, unit)
    shown = _ticks(len(years))
    axes.set_xticks(shown, [years[n] for n in shown], fontsize=9)
    axes.set_xlim(-0.3, len(years) - 0.7)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value, unit)))
    axes.grid(axis="y")
    return figure


def _ticks(count: int) -> list[int]:
    """Return which years are named: always the last, whose figure stands at the line's end.

    The first too where equal steps lead from one to the other.
    """
    most = max(1, -(-count // 5))
    even = (step for step in range(most, most + 3) if (count - 1) % step == 0 and count > 2 * step)
    return list(range(count - 1, -1, -next(even, most)))[::-1]


def _name(axes: Axes, ends: list[tuple[float, str, str]], unit: str) -> None:
    """Write each line's name and last value at the right, moved apart where they would touch."""
    bottom, top = axes.get_ylim()
    lowest = -1.0
    for value, label, color in sorted(ends):
        lines = label.count("\n") + 2
        height = (value - bottom) / (top - bottom)
        middle = max(height, lowest + lines * _LINE_HEIGHT / 2)
        lowest = middle + lines * _LINE_HEIGHT / 2
        axes.annotate(
            f"{label}\n{short(value, unit)}",
            (1.02, middle),
            xycoords="axes fraction",
            color=color,
            fontsize=9.5,
            va="center",
            annotation_clip=False,
        )
