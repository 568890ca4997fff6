"""Charts of what schools cost by size and by function."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, INK, OWN, PEER, QUIET, canvas, chart
from dme.text import quantity


@chart
def cost_curve(
    schools: pd.DataFrame, curves: Mapping[str, pd.DataFrame], *, title: str, note: str
) -> Figure:
    """Draw spending per pupil against size with fitted curves and their bands.

    Parameters
    ----------
    schools : DataFrame
        ``students``, ``dollars_per_pupil``.
    curves : mapping of str to DataFrame
        Label to ``students``, ``dollars_per_pupil``, ``low``, ``high``; the first is the
        district's own.
    """
    figure, axes = canvas(3.7, title, note)
    axes.plot(schools["students"], schools["dollars_per_pupil"], "o", ms=6, color=OWN,
              alpha=0.45, mec="white")  # fmt: skip
    top = float(schools["dollars_per_pupil"].max())
    for (label, curve), color in zip(curves.items(), (OWN, PEER), strict=False):
        axes.fill_between(curve["students"], curve["low"], curve["high"], color=color, alpha=0.15,
                          lw=0)  # fmt: skip
        axes.plot(curve["students"], curve["dollars_per_pupil"], color=color, lw=2.5, label=label)
    bottom = float(schools["dollars_per_pupil"].min())
    axes.set_ylim(0.85 * bottom, 1.08 * top)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    axes.set_xlabel("Students in the school")
    axes.set_ylabel("Spending per pupil")
    axes.grid(axis="y")
    axes.legend(loc="upper right")
    return figure


@chart
def parts_of_premium(parts: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw how much more the small schools spend per pupil, function by function.

    Parameters
    ----------
    parts : DataFrame
        ``label``, ``difference``, ``low``, ``high`` (dollars per pupil), ``percent``, in the
        order of the rows from the top.
    """
    figure, axes = canvas(0.46 * len(parts) + 0.7, title, note)
    right = float(parts[["difference", "high"]].max().max())
    for row, part in enumerate(parts.itertuples()):
        color = ACCENT if row == 0 else OWN
        axes.barh(row, part.difference, color=color, height=0.56)
        if pd.notna(part.low) and pd.notna(part.high):
            axes.plot([part.low, part.high], [row, row], color=INK, lw=1.4)
        words = quantity(round(part.difference), "dollars")
        if pd.notna(part.percent):
            words += f" ({part.percent:+.0f}%)"
        axes.text(1.04 * right, row, words, va="center", fontsize=10, color=QUIET)
    axes.axvline(0, color=QUIET, lw=1)
    axes.set_yticks(range(len(parts)), list(parts["label"]))
    axes.set_ylim(len(parts) - 0.4, -0.6)
    axes.set_xlim(right=1.85 * right)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: quantity(value, "dollars")))
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= right])
    axes.set_xlabel("Dollars per pupil more in small schools", loc="left")
    axes.grid(axis="x")
    return figure
