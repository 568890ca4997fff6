"""Shares of small groups, each with its interval and its counts."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import INK, OWN, QUIET, canvas, chart


@chart
def shares(rows: pd.DataFrame, label: str, *, of: tuple[str, str], title: str, note: str) -> Figure:
    """Draw each group's share as a dot with its interval, and the counts beside it.

    Parameters
    ----------
    rows : DataFrame
        `label`, ``percent``, ``low``, ``high``, and the two columns of `of`, from the top.
    label : str
        The column that names the groups.
    of : tuple of str
        The columns of hits and of all.
    """
    figure, axes = canvas(0.5 * len(rows) + 0.6, title, note)
    hits, total = of
    for at, row in enumerate(rows.to_dict("records")):
        axes.plot([row["low"], row["high"]], [at, at], color=OWN, lw=2.5, alpha=0.5)
        axes.plot(row["percent"], at, "o", ms=9, color=OWN)
        axes.text(
            103,
            at,
            f"{row[hits]:,.0f} of {row[total]:,.0f}",
            ha="left",
            va="center",
            fontsize=10,
            color=QUIET,
        )
    names = [textwrap.fill(str(name), 22) for name in rows[label]]
    axes.set_yticks(range(len(rows)), names, color=INK)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-2, 102)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.grid(axis="x")
    return figure
