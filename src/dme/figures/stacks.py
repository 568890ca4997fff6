"""Charts of shares that add up: one bar a row, its parts named above."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from dme.figures.look import ACCENT, INK, OWN, PEER, QUIET, canvas, chart

_SHADES = (OWN, ACCENT, PEER, "#d5dae0")
_NARROW = 0.06
"""Below this share of the whole a part has no room for its number."""


@chart
def stacks(
    rows: pd.DataFrame,
    parts: Sequence[str],
    *,
    title: str,
    note: str,
    percent: bool = True,
    ends: Sequence[str] = (),
) -> Figure:
    """Draw a bar for each row, made of its parts in their order.

    Parameters
    ----------
    rows : DataFrame
        Indexed by the row's label, from the top; a column for each of `parts`.
    parts : sequence of str
        Columns, at most four, each the name that the reader sees.
    percent : bool
        Whether the numbers are percent; else they are counts.
    ends : sequence of str
        What stands at the right of each bar.
    """
    figure, axes = canvas(0.56 * len(rows) + 0.9, title, note)
    longest = float(rows[list(parts)].sum(axis=1).max())
    for number, values in enumerate(rows[list(parts)].to_numpy(float)):
        start = 0.0
        for value, color in zip(values, _SHADES, strict=False):
            axes.barh(number, value, left=start, color=color, height=0.62, edgecolor="white")
            if value >= _NARROW * longest:
                dark = color not in _SHADES[2:]
                axes.text(
                    start + value / 2,
                    number,
                    f"{value:.0f}%" if percent else f"{value:.1f}".removesuffix(".0"),
                    color="white" if dark else INK,
                    ha="center",
                    va="center",
                    fontsize=10,
                    fontweight="bold",
                )
            start += value
        if ends:
            axes.text(
                start + 0.015 * longest,
                number,
                ends[number],
                color=QUIET,
                va="center",
                fontsize=9.5,
            )
    handles = [
        axes.barh(0, 0, color=color, label=part)
        for part, color in zip(parts, _SHADES, strict=False)
    ]
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=min(len(parts), 2),
        fontsize=9,
        handlelength=1,
        columnspacing=1,
    )
    axes.set_yticks(range(len(rows)), list(rows.index))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, longest * (1.3 if ends else 1))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    return figure
