"""Lines over the school years, each with its name at its end."""

import textwrap
from collections.abc import Sequence

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from dme.figures import finish
from dme.figures.look import PALETTE, PEER, canvas, chart
from dme.figures.told import ENDS, tells
from dme.text import first_year

_WIDE = 18
"""Letters after which a name at a line's end is broken."""


@chart
def lines(
    rows: pd.DataFrame,
    unit: str,
    *,
    title: str,
    note: str,
    hue: str,
    value: str = "value",
    faint: pd.DataFrame | None = None,
    colors: Sequence[str] = PALETTE,
) -> Figure:
    """Draw a figure over school years, a line for each place, named at its right end.

    Heights start at 0. The x axis is in calendar years in which school years begin, so that a
    year without a figure keeps its place.

    Parameters
    ----------
    rows : DataFrame
        ``school_year``, `hue` (the line's name, the district's own first), `value`, and ``low``
        and ``high`` where what is suppressed leaves a range.
    unit : str
        See `dme.text.quantity`.
    faint : DataFrame, optional
        Lines behind, without a name: the same columns.
    colors : sequence of str
        The color of each line.
    """
    axes = canvas(title, note, 3.4)
    if faint is not None and len(faint):
        sns.lineplot(x=faint["school_year"].map(first_year), y=faint[value], units=faint[hue],
                     estimator=None, color=PEER, lw=0.9, alpha=0.55, ax=axes)  # fmt: skip
    rows = rows.assign(year=rows["school_year"].map(first_year))
    sns.lineplot(rows, x="year", y=value, hue=hue, palette=colors[: rows[hue].nunique()],
                 marker="o", markersize=5, lw=2, legend=False, ax=axes)  # fmt: skip
    named = zip(axes.lines[-rows[hue].nunique() :], rows[hue].unique(), strict=True)
    for line, name in named:
        line.set_label(name)
    ends = []
    for color, (name, each) in zip(colors, rows.groupby(hue, sort=False), strict=False):
        if "low" in each:
            axes.fill_between(each["year"], each["low"], each["high"], color=color, alpha=0.18,
                              lw=0)  # fmt: skip
        last = each.iloc[-1]
        words = f"{textwrap.fill(str(name), _WIDE)}\n{finish.short(last[value], unit)}"
        if last["year"] < rows["year"].max():
            words += f" in {last['school_year']}"
        ends.append((float(last[value]), words, color))
    axes.set_ylim(min(0, 1.08 * axes.dataLim.y0), 1.08 * axes.dataLim.y1 or 1)
    finish.name_ends(axes, ends)
    finish.units(axes, x=finish.YEAR, y=unit, ticks=5)
    axes.set(xlabel="", ylabel="")
    heads = {hue: "Line", "school_year": "School year", value: f"Value ({unit})", **ENDS}
    tells(axes, rows if faint is None else pd.concat([rows, faint]), heads)
    return axes.figure
