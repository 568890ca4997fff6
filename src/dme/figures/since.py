"""Charts of the years since a plan."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, INK, OWN, PEER, QUIET, canvas, chart, direct_label


@chart
def small_and_large(years: pd.DataFrame, before: str, *, title: str, note: str) -> Figure:
    """Draw how many schools are small and how many are not, by year, with their mean size.

    Parameters
    ----------
    years : DataFrame
        See `dme.measures.plan.outcomes.sizes`.
    before : str
        The last school year before the plan: a line stands after it.
    """
    figure, axes = canvas(3.9, title, note)
    spots = np.arange(len(years))
    small = years["small"].to_numpy(float)
    whole = years["schools"].to_numpy(float)
    top = whole.max()
    axes.bar(spots, small, color=ACCENT, width=0.8, label="small schools")
    axes.bar(spots, whole - small, bottom=small, color="#c9d3dc", width=0.8, label="other schools")
    inside = {"color": "white", "ha": "center", "va": "center", "fontsize": 8.5}
    for spot, count, mean, tall in zip(spots, small, years["mean"], whole, strict=True):
        if count:
            axes.text(spot, count / 2, f"{count:.0f}", fontweight="bold", **inside)
        axes.text(spot, tall + 0.012 * top, f"{mean:.0f}", color=INK, ha="center", fontsize=7.5)
    axes.text(-0.5, 1.12 * top, "above each bar: mean students a school", color=QUIET, fontsize=9)
    listed = list(years["school_year"])
    if before in listed:
        at = listed.index(before) + 0.5
        axes.plot([at, at], [0, 1.08 * top], color=OWN, lw=1.6, ls=(0, (4, 3)))
        axes.text(at + 0.15, 1.07 * top, "the plan", color=OWN, fontsize=10, va="top")
    step = max(1, -(-len(listed) // 6))
    shown = list(range(0, len(listed), step))
    axes.set_xticks(shown, [listed[n] for n in shown])
    axes.set_ylim(0, 1.2 * top)
    axes.set_ylabel("Schools")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2)
    return figure


@chart
def growth_by_need(changes: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw the growth of spending per pupil of each school against its need before.

    Parameters
    ----------
    changes : DataFrame
        See `dme.measures.plan.spending_since.spending_change`; at least two schools.
    """
    figure, axes = canvas(3.7, title, note)
    need, change = changes["need"].to_numpy(float), changes["change"].to_numpy(float)
    middle = float(np.median(need))
    axes.plot(need, change, "o", ms=7, color=OWN, alpha=0.75, mec="white")
    slope, start = np.polyfit(need, change, 1)
    ends = np.array([need.min(), need.max()])
    axes.plot(ends, start + slope * ends, color=ACCENT, lw=2)
    axes.axvline(middle, color=PEER, lw=1.4, ls=(0, (4, 3)))
    axes.axhline(0, color="#c6ccd2", lw=1)
    top = changes.loc[changes["change"].idxmax()]
    direct_label(
        axes, str(top["school"]), (float(top["need"]), float(top["change"])), QUIET,
        xytext=(-8, 0), textcoords="offset points", ha="right", va="center",
    )  # fmt: skip
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.0f}%"))
    axes.set_xlabel("Students with high needs, before the plan")
    axes.set_ylabel("Growth of spending per pupil")
    axes.grid(axis="y")
    return figure
