"""What plans cost against whom they displace."""

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from dme.figures import finish
from dme.figures.look import ACCENT, BAND, OWN, PEER, QUIET, canvas, chart
from dme.figures.told import ENDS, tells

_DISPLACED = "Students displaced (percent)"
_DOLLARS = "Millions of dollars a year"


@chart
def cost_and_displacement(
    curve: pd.DataFrame, others: pd.DataFrame, *, title: str, note: str
) -> Figure:
    """Draw the cheapest plans by students displaced, and other plans beside them.

    Parameters
    ----------
    curve : DataFrame
        ``displaced`` (percent of students), ``dollars`` and ``bound`` (millions a year): the
        cheapest plans, and what no plan is below.
    others : DataFrame
        ``label``, ``displaced``, ``dollars``: plans that are given, the first in the accent.
        Both tables hold ``low`` and ``high`` too: what else a plan may cost.
    """
    axes = canvas(title, note)
    axes.fill_between(curve["displaced"], curve["bound"], curve["dollars"], color=BAND)
    axes.vlines(curve["displaced"], curve["low"], curve["high"], colors=OWN, lw=2, alpha=0.5)
    sns.lineplot(curve, x="displaced", y="dollars", color=OWN, lw=2, marker="o", ax=axes)
    if len(curve):
        finish.label(axes, "cheapest plans", tuple(curve[["displaced", "dollars"]].iloc[0]), OWN)
    for place, row in enumerate(others.itertuples()):
        color, words = (ACCENT, ACCENT) if place == 0 else (PEER, QUIET)
        axes.vlines(row.displaced, row.low, row.high, colors=color, lw=2, alpha=0.5)
        axes.plot(row.displaced, row.dollars, "s", ms=9, color=color, mec="white")
        finish.label(axes, row.label, (row.displaced, row.dollars), words)
    axes.set_xlim(-1, max([*curve["displaced"], *others["displaced"], 1]) * 1.12 + 1)
    finish.units(axes, x="percent", y="dollars")
    axes.yaxis.set_major_formatter(lambda value, _: f"${value:g}M")
    axes.set_xlabel("Students whose school closes or ends their grades")
    axes.set_ylabel("Dollars a year that depend on the plan")
    plans = pd.concat([curve.assign(label="cheapest plan"), others])
    heads = {"label": "Plan", "displaced": _DISPLACED, "dollars": _DOLLARS, **ENDS}
    tells(axes, plans, heads, x="displaced", y="dollars")
    return axes.figure
