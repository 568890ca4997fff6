"""What plans cost against whom they displace."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, BAND, OWN, PEER, QUIET, canvas, chart, direct_label


@chart
def cost_and_displacement(
    curve: pd.DataFrame,
    others: pd.DataFrame,
    *,
    title: str,
    note: str,
) -> Figure:
    """Draw the cheapest plans by students displaced, and other plans beside them.

    Parameters
    ----------
    curve : DataFrame
        ``displaced`` (percent of students), ``dollars`` and ``bound`` (millions a year): the
        cheapest plans, and what no plan is below.
    others : DataFrame
        ``label``, ``displaced``, ``dollars``: plans that are given, the first in the accent.
    """
    figure, axes = canvas(3.7, title, note)
    axes.fill_between(curve["displaced"], curve["bound"], curve["dollars"], color=BAND)
    axes.plot(curve["displaced"], curve["dollars"], "o-", color=OWN, lw=2, ms=6)
    if len(curve):
        first = curve.iloc[0]
        direct_label(
            axes,
            "cheapest plans",
            (first["displaced"], first["dollars"]),
            OWN,
            textcoords="offset points",
            xytext=(9, 5),
        )
    for place, row in enumerate(others.itertuples()):
        color = ACCENT if place == 0 else PEER
        axes.plot(row.displaced, row.dollars, "s", ms=9, color=color, mec="white")
        direct_label(
            axes,
            row.label,
            (row.displaced, row.dollars),
            color if place == 0 else QUIET,
            textcoords="offset points",
            xytext=(9, 4),
        )
    axes.set_xlim(-1, max([*curve["displaced"], *others["displaced"], 1]) * 1.12 + 1)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:g}M"))
    axes.set_xlabel("Students whose school closes or ends their grades")
    axes.set_ylabel("Dollars a year that depend on the plan")
    axes.grid(axis="y")
    return figure
