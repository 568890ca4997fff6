"""A matrix of tiles with words in them."""

import textwrap

import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dme.figures.look import INK, OWN, QUIET, canvas, chart

_SHADE = LinearSegmentedColormap.from_list("own", ["#f3f5f7", OWN])
_UNKNOWN = "#e3e6e9"
_DARK = 0.55
_ROW, _LABEL, _HEAD = 0.3, 30, 13


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
    rows, columns = words.shape
    labels = [textwrap.fill(str(name), _LABEL) for name in words.index]
    lines = [label.count("\n") + 1 for label in labels]
    height = sum(_ROW if n == 1 else 0.2 * n + 0.06 for n in lines) + 0.75
    figure, axes = canvas(height, title, note)
    for row in range(rows):
        for column in range(columns):
            _tile(axes, words.iat[row, column], shades.iat[row, column], (column, row))
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(rows - 0.5, -0.5)
    heads = [textwrap.fill(str(name), _HEAD) for name in words.columns]
    axes.xaxis.tick_top()
    axes.set_xticks(range(columns), heads, fontsize=8.5, color=INK)
    axes.set_yticks(range(rows), labels, fontsize=9, color=INK)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure


def _tile(axes: object, words: object, shade: object, at: tuple[int, int]) -> None:
    column, row = at
    unknown = pd.isna(shade)  # type: ignore[call-overload]
    axes.add_patch(  # type: ignore[attr-defined]
        Rectangle(
            (column - 0.47, row - 0.44),
            0.94,
            0.88,
            facecolor=_UNKNOWN if unknown else _SHADE(float(shade)),  # type: ignore[arg-type]
            hatch="////" if unknown else None,
            edgecolor="white",
            linewidth=0,
        )
    )
    if isinstance(words, str) and words:
        light = not unknown and float(shade) > _DARK  # type: ignore[arg-type]
        color = "white" if light else QUIET if unknown else INK
        axes.text(column, row, words, ha="center", va="center", fontsize=9, color=color)  # type: ignore[attr-defined]
