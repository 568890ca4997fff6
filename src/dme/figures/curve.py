"""The specification curve: every estimate in order, and the choices behind each."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dme.figures import finish
from dme.figures.look import ACCENT, BAND, INK, OWN, PEER, QUIET, canvas, chart
from dme.figures.told import ENDS, entitle, tells
from dme.text import quantity, span

_MOST = 250
_CURVE_INCHES = 3.2
_ROW_INCHES = 0.2
_COLORS = {
    "within": OWN,
    "consistent": "#4d8fcc",
    "direction": "#a9c9e8",
    "neither": PEER,
    "apart": "#c3cad1",
}
_WORDS = {
    "within": "within tolerance",
    "consistent": "published figure inside the interval",
    "direction": "same direction only",
    "neither": "does not agree",
    "apart": "departs from the claim's terms: no verdict",
}


@chart
def specification_curve(
    rows: pd.DataFrame,
    axes: Sequence[str],
    published: tuple[float, float] | None,
    unit: str,
    *,
    title: str,
    note: str,
    chosen: Mapping[str, object] | None = None,
) -> Figure:
    """Draw sorted estimates with their intervals, and a grid that shows the choices of each.

    Parameters
    ----------
    rows : DataFrame
        Specifications in the order of their estimates: ``value``, ``low``, ``high``, ``verdict``
        (see `dme.measures.estimates.specification_curve.judged`) and a column for each axis. Of
        more than 250 an even selection is drawn.
    axes : sequence of str
        The choices to show.
    published : tuple of float, optional
        Ends of the published figure.
    unit : str
        See `dme.text.quantity`.
    chosen : mapping, optional
        The primary specification's value on each axis; its names are set in bold.
    """
    shown = rows.iloc[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _MOST)).round())]
    levels = {axis: list(pd.unique(rows[axis].sort_values())) for axis in axes}
    # A heading for each axis, and a line for each of its values.
    lines = sum(len(values) + 1 for values in levels.values())
    if len(shown) < len(rows):
        note = f"{note} {len(shown)} of {len(rows)} estimates are drawn."
    whole = canvas(title, note, _CURVE_INCHES + _ROW_INCHES * lines)
    figure = whole.figure
    whole.remove()
    above, below = figure.subplots(
        2, 1, sharex=True, height_ratios=[_CURVE_INCHES, max(_ROW_INCHES * lines, 0.1)]
    )
    _draw_estimates(above, shown.reset_index(drop=True), published, unit)
    _draw_choices(below, shown, levels, chosen or {})
    margin = max(0.6, 0.02 * len(shown))
    above.set_xlim(-margin, len(shown) - 1 + margin)
    heads = {"value": f"Estimate ({unit})", **ENDS, "verdict": "Verdict"}
    heads |= {axis: axis.replace("_", " ").capitalize() for axis in axes}
    tells(above, shown.replace({"verdict": _WORDS}), heads)
    return figure


def _draw_estimates(
    axes: Axes, rows: pd.DataFrame, published: tuple[float, float] | None, unit: str
) -> None:
    words = rows["verdict"].map(_WORDS)
    colors = {_WORDS[verdict]: color for verdict, color in _COLORS.items()}
    axes.vlines(rows.index, rows["low"], rows["high"], colors=words.map(colors), alpha=0.35,
                lw=min(4.0, 160 / max(len(rows), 1)))  # fmt: skip
    sns.scatterplot(x=rows.index, y=rows["value"], hue=words, palette=colors, linewidth=0,
                    hue_order=[each for each in colors if each in set(words)],
                    s=min(6.0, max(1.8, 180 / max(len(rows), 1))) ** 2, zorder=4,
                    ax=axes)  # fmt: skip
    entitle(axes.collections[-1], [
        f"{quantity(one.value, unit)}{f' ({span(one.low, one.high, unit)})' * pd.notna(one.low)}"
        f"\n{_WORDS[one.verdict]}"
        for one in rows.itertuples()
    ])  # fmt: skip
    axes.axhline(0, color="#c6ccd2", lw=1, zorder=1)
    if published and published[0] == published[1]:
        axes.axhline(published[0], color=ACCENT, lw=1.8, label=finish.published(published, unit))
    elif published:
        axes.axhspan(*published, color=BAND, zorder=0, label=finish.published(published, unit))
    # Above the axes: on them it would hide estimates.
    finish.legend(axes)
    for handle in axes.get_legend().legend_handles:
        if isinstance(handle, Line2D):
            handle.set_markersize(6)
    finish.units(axes, y=unit)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="x", bottom=False, labelbottom=False)


def _draw_choices(
    axes: Axes, rows: pd.DataFrame, levels: Mapping[str, list[object]], chosen: Mapping[str, object]
) -> None:
    ticks: list[tuple[int, str, bool, bool]] = []
    line = 0
    dot = min(5.0, max(1.5, 300 / max(len(rows), 1)))
    for axis, values in levels.items():
        ticks.append((line, axis.replace("_", " "), True, False))
        line += 1
        for value in values:
            mine = np.flatnonzero((rows[axis] == value).to_numpy())
            axes.axhline(line, color="#eef0f2", lw=1, zorder=0)
            axes.plot(mine, np.full(len(mine), line), "|", ms=8, mew=min(2.4, dot / 2), color=INK)
            primary = axis in chosen and chosen[axis] == value
            ticks.append((line, _word(value), False, primary))
            line += 1
    axes.set_yticks([place for place, *_ in ticks], [word for _, word, *_ in ticks])
    for label, (_, _, heading, primary) in zip(axes.get_yticklabels(), ticks, strict=True):
        label.set(color=INK if heading else OWN if primary else QUIET,
                  fontweight="bold" if heading or primary else "normal",
                  fontsize=10)  # fmt: skip
    axes.set_ylim(line - 0.4, -0.7)
    axes.tick_params(length=0, labelbottom=False)
    sns.despine(ax=axes, left=True, bottom=True)


def _word(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return textwrap.shorten(text, 22, placeholder="…")
