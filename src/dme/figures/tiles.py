"""A matrix of tiles with words in them."""

import textwrap

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from dme.figures.look import INK, OWN, QUIET, canvas, chart
from dme.figures.told import tells

_SHADES = 9
_UNKNOWN = "#e3e6e9"
_ROW, _LABEL, _HEAD = 0.3, 22, 13


@chart
def tiles(words: pd.DataFrame, shades: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw a matrix: each tile with its words, darker where its shade is higher.

    Parameters
    ----------
    words : DataFrame
        The text of each tile; its index and columns are the labels.
    shades : DataFrame
        The same shape, 0 to 1; missing is unknown and hatched.
    """
    labels = [textwrap.fill(str(name), _LABEL) for name in words.index]
    lines = [label.count("\n") + 1 for label in labels]
    axes = canvas(title, note, sum(_ROW if n == 1 else 0.2 * n + 0.06 for n in lines) + 0.75)
    shades, words = shades.astype(float), words.fillna("")
    look = {"fmt": "", "cbar": False, "linewidths": 1.5, "vmin": 0, "vmax": 1, "ax": axes}
    if shades.notna().any(axis=None):
        sns.heatmap(shades, annot=words, cmap=sns.blend_palette(["#f3f5f7", OWN], _SHADES),
                    annot_kws={"size": 9}, **look)  # fmt: skip
    if shades.isna().any(axis=None):
        sns.heatmap(shades.fillna(0), mask=shades.notna(), annot=words, cmap=[_UNKNOWN],
                    annot_kws={"size": 9, "color": QUIET}, **look)  # fmt: skip
        axes.collections[-1].set_hatch("////")
    axes.xaxis.tick_top()
    heads = [textwrap.fill(str(name), _HEAD) for name in words.columns]
    axes.set_xticks(axes.get_xticks(), heads, fontsize=7.5, color=INK, rotation=0)
    axes.set_yticks(axes.get_yticks(), labels, fontsize=9, color=INK, rotation=0)
    axes.tick_params(length=0)
    axes.set(xlabel="", ylabel="")
    told = words.set_axis(words.columns.astype(str), axis=1)
    tells(axes, told.assign(row=words.index), {"row": "Row", **{name: name for name in told}})
    return axes.figure
