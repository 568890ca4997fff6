"""Paths of schools over the years, a few of them called out."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, PEER, QUIET, canvas, chart

_GAP = 0.045
"""Least distance between two names, as a share of the height."""


@chart
def school_paths(
    schools: pd.DataFrame, called: str, kinds: tuple[str, str], *, title: str, note: str
) -> Figure:
    """Draw a line for each school, those called out in color and by name, and both means.

    Parameters
    ----------
    schools : DataFrame
        ``name``, the flag `called`, and a column of percentages for each school year.
    called : str
        The column that says which schools are called out.
    kinds : tuple of str
        Words for the schools called out, and for the others.
    """
    years = [column for column in schools.columns if column not in ("name", called)]
    figure, axes = canvas(4.6, title, note)
    at = np.arange(len(years))
    out = schools[called].astype(bool)
    for group, color, width, alpha in ((~out, PEER, 0.8, 0.45), (out, ACCENT, 1.4, 0.75)):
        for values in schools.loc[group, years].to_numpy(float):
            axes.plot(at, values, color=color, lw=width, alpha=alpha)
    for group, color, words in ((~out, QUIET, kinds[1]), (out, ACCENT, kinds[0])):
        if group.any():
            mean = schools.loc[group, years].mean()
            axes.plot(at, mean, color=color, lw=4, solid_capstyle="round", label=f"mean of {words}")
    ends = schools.loc[out].sort_values(years[-1])
    top = float(schools[years].to_numpy(float).max()) * 1.05
    for (_, row), y in zip(ends.iterrows(), _spread(ends[years[-1]], top * _GAP), strict=True):
        axes.annotate(
            f"{_short(row['name'])} {row[years[-1]]:.0f}%",
            (at[-1], row[years[-1]]),
            xytext=(at[-1] + 0.12, y),
            fontsize=9,
            color=ACCENT,
            va="center",
            annotation_clip=False,
        )
    axes.set_xticks(at, years)
    axes.set_xlim(-0.1, at[-1] + 0.05)
    axes.set_ylim(0, top)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.grid(axis="y")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2, handlelength=1.4)
    return figure


def _spread(values: pd.Series, gap: float) -> list[float]:
    """Return positions near ascending values, each at least `gap` above the one before."""
    found: list[float] = []
    for value in values:
        found.append(max(float(value), found[-1] + gap) if found else float(value))
    return found


def _short(name: str) -> str:
    """Return a school's name in two words."""
    return " ".join(str(name).removesuffix(" School").split()[:2])
