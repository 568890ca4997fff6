"""Charts of schools' growth against the state's."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, INK, PEER, QUIET, canvas, chart


@chart
def growth_plane(schools: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw each school by its growth less the state's in mathematics and in English.

    Parameters
    ----------
    schools : DataFrame
        ``Math_gap``, ``ELA_gap`` (percentage points), ``above`` (of the mean), ``either``; schools
        of which that is true bear their ``number``.
    """
    figure, axes = canvas(4.4, title, note)
    for held, color, label in (
        (schools["above"], ACCENT, "mean of both at or above the state"),
        (~schools["above"], PEER, "below"),
    ):
        axes.plot(
            schools.loc[held, "Math_gap"],
            schools.loc[held, "ELA_gap"],
            "o",
            ms=8,
            color=color,
            alpha=0.8,
            mec="white",
            label=f"{label} ({int(held.sum())})",
        )
    gaps = schools[["Math_gap", "ELA_gap"]]
    low, high = float(gaps.min().min()) - 3, max(float(gaps.max().max()), 0) + 4
    axes.axhline(0, color=INK, lw=1)
    axes.axvline(0, color=INK, lw=1)
    axes.plot([low, -low], [-low, low], color=QUIET, lw=1, ls="--")
    for school in schools[schools["either"]].itertuples():
        axes.annotate(
            f"{school.number}",
            (school.Math_gap, school.ELA_gap),
            xytext=(5, 3),
            textcoords="offset points",
            fontsize=10,
            fontweight="bold",
        )
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.0f}" if value else "0"))
    axes.set_xlabel("Mathematics: points above or below the state")
    axes.set_ylabel("English: points above or below")
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.14), ncols=2, handletextpad=0.1)
    return figure
