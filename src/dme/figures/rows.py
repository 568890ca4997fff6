"""Charts of rows with names at the left: estimates, bars, parts of a whole, strips of schools.

Each takes a tidy table, its rows from the top, and of these what applies to it:

unit : str
    See `dme.text.quantity`.
label, value : str
    The columns of the rows' names and of what is drawn.
line : tuple of (float, str)
    A line to compare with, and its words.
beside : sequence of str
    Words at the right of each row.
colors : sequence of str
    The color of each row; see `dme.figures.highlight`.
axis : str
    What the axis measures, in words.
"""

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from dme.figures import finish
from dme.figures.look import ACCENT, FAINT, INK, OWN, PEER, PLATE, QUIET, canvas, chart
from dme.figures.told import ENDS, entitle, tells
from dme.text import quantity, span, unit_head

_NARROW = 0.06
"""Below this share of the longest bar a part has no room for its number."""
_WIDE = 24
"""Letters after which a row's name is broken."""
_LETTER = 0.042
"""Share of the width of the axes, beside names of that length, that a letter takes."""


@chart
def forest(
    rows: pd.DataFrame | Sequence[object],
    published: tuple[float, float] | None,
    unit: str,
    *,
    title: str,
    note: str,
    label: str = "label",
    value: str = "value",
    line: tuple[float, str] | None = None,
    beside: Sequence[str] = (),
    colors: Sequence[str] | None = None,
) -> Figure:
    """Draw estimates with their intervals, a row each, against a published figure or a line.

    Parameters
    ----------
    rows : DataFrame or sequence of objects with these fields
        `label`, `value`, and ``low`` and ``high`` (missing where there is no interval), from the
        top.
    published : tuple of float, optional
        Ends of the published figure (equal ends are a line, others a band).
    beside, colors : sequence of str, optional
        By default each value is written above its dot, and the first row is the primary one.
    """
    rows = pd.DataFrame(rows).reset_index(drop=True)
    colors = colors or [OWN] + [PEER] * (len(rows) - 1)
    lines = max((len(textwrap.wrap(str(name), _WIDE)) for name in rows[label]), default=1)
    axes = canvas(title, note, max(0.52, 0.21 * lines) * len(rows) + 0.8)
    if published:
        words = finish.published(published, unit)
        finish.reference(axes, words, x=published, color=ACCENT)
    if line:
        finish.reference(axes, line[1], x=line[0], color=ACCENT)
    low, high = rows["low"].astype(float), rows["high"].astype(float)
    sns.stripplot(x=rows[value], y=rows.index, hue=rows.index, palette=colors, jitter=False,
                  size=9, orient="h", legend=False, ax=axes)  # fmt: skip
    for dot, each in zip(_dots(axes), rows.itertuples(), strict=True):
        ends = span(each.low, each.high, unit) if pd.notna(each.low) else ""
        words = f"{quantity(getattr(each, value), unit)}{f' ({ends})' if ends else ''}"
        entitle(dot, [f"{getattr(each, label)}\n{words}"])
    axes.hlines(rows.index, low, high, colors=colors, lw=2.5, alpha=0.8)
    axes.axvline(0, color="#c6ccd2", lw=1, zorder=0)
    axes.margins(x=0.08)
    least, most = axes.get_xlim()
    letter = _LETTER * (most - least)
    for row, each in enumerate(() if beside else rows[value]):
        words = quantity(each, unit_head(unit), rows[value].max())
        # On lines to compare with, and within the axes.
        axes.text(each, row - 0.17, words, ha="center", va="bottom", fontsize=10,
                  bbox=PLATE | {"alpha": 1},
                  color=OWN if colors[row] == OWN else QUIET)  # fmt: skip
        half = letter * len(words) / 2
        least, most = min(least, each - half), max(most, each + half)
    axes.set_xlim(least, most)
    finish.name_rows(axes, rows[label], colors, wide=_WIDE)
    finish.beside(axes, beside)
    finish.units(axes, x=unit, ticks=4 if beside else 5)
    axes.set(xlabel="")
    told = rows.assign(beside=list(beside) or None)
    tells(axes, told, {label: "Row", value: f"Value ({unit})", **ENDS, "beside": "Beside"})
    return axes.figure


def _dots(axes: Axes) -> list[PathCollection]:
    """Return what seaborn drew, a dot for each row, from the top."""
    return [drawn for drawn in axes.collections if len(drawn.get_offsets())]


@chart
def pairs(
    rows: pd.DataFrame,
    unit: str,
    *,
    title: str,
    note: str,
    hue: str,
    label: str = "label",
    value: str = "value",
    line: tuple[float, str] | None = None,
    axis: str = "",
) -> Figure:
    """Draw two values in each row, joined, such as one group beside another.

    Parameters
    ----------
    rows : DataFrame
        `label`, `hue` (two names, the first in the accent), `value`, from the top; ``low`` and
        ``high`` where a value is a range.
    """
    names, first = list(rows[label].unique()), rows[hue].iloc[0]
    axes = canvas(title, note, 0.55 * len(names) + 1.0)
    if line:
        finish.reference(axes, line[1], x=line[0])
    sns.lineplot(rows, x=value, y=label, units=label, estimator=None, orient="y", color=FAINT,
                 lw=2.5, zorder=1, ax=axes)  # fmt: skip
    sns.stripplot(rows, x=value, y=label, hue=hue, palette=[ACCENT, OWN], jitter=False, size=9,
                  ax=axes)  # fmt: skip
    if "low" in rows:
        axes.hlines(rows[label], rows["low"], rows["high"], color=ACCENT, lw=7, alpha=0.3)
    axes.margins(x=0.2)
    least, most = (rows.groupby(label)[value].transform(end) for end in ("min", "max"))
    for each, low, high in zip(rows.to_dict("records"), least, most, strict=True):
        # Of two that are alike one number is enough.
        if low == high and each[hue] == first:
            continue
        side = "left" if each[value] == low and low < high else "right"
        end = each.get("low" if side == "left" else "high", each[value])
        at = each[value] if pd.isna(end) else end
        finish.label(axes, quantity(round(each[value]), unit), (at, names.index(each[label])),
                     ACCENT if each[hue] == first else OWN, side=side)  # fmt: skip
    finish.name_rows(axes, names)
    finish.units(axes, x=unit)
    axes.set(xlabel=axis)
    finish.legend(axes, below=True)
    tells(axes, rows, {label: "Row", hue: "Dot", value: axis or f"Value ({unit})", **ENDS})
    return axes.figure


@chart
def bars(
    rows: pd.DataFrame,
    unit: str,
    *,
    title: str,
    note: str,
    label: str = "label",
    value: str = "value",
    line: tuple[float, str] | None = None,
    beside: Sequence[str] = (),
    colors: Sequence[str] | None = None,
    axis: str = "",
) -> Figure:
    """Draw a bar for each row, with its interval where it has one.

    Parameters
    ----------
    rows : DataFrame
        `label`, `value`, from the top; ``low`` and ``high`` where there are intervals.
    beside : sequence of str, optional
        By default the rows' values, rounded.
    """
    rows = rows.reset_index(drop=True)
    colors = colors or [OWN] * len(rows)
    axes = canvas(title, note, 0.42 * len(rows) + 0.8)
    sns.barplot(x=rows[value], y=rows.index, hue=rows.index, palette=list(colors), saturation=1,
                width=0.66, orient="h", legend=False, ax=axes)  # fmt: skip
    if "low" in rows:
        axes.hlines(rows.index, rows["low"].astype(float), rows["high"].astype(float), color=INK,
                    lw=1.4)  # fmt: skip
    if line:
        finish.reference(axes, line[1], x=line[0], color=ACCENT)
        axes.lines[-1].set_zorder(3)
    finish.name_rows(axes, rows[label], colors)
    finish.beside(axes, beside or [quantity(round(each), unit) for each in rows[value]])
    finish.units(axes, x=unit, ticks=3)
    axes.set(xlabel=axis)
    told = rows.assign(beside=list(beside) or None)
    tells(axes, told, {label: "Row", value: axis or f"Value ({unit})", **ENDS, "beside": "Beside"})
    return axes.figure


@chart
def stacked_bars(
    rows: pd.DataFrame,
    unit: str,
    *,
    title: str,
    note: str,
    colors: Sequence[str] = (OWN, ACCENT, PEER, FAINT),
) -> Figure:
    """Draw a bar for each row, made of its parts in their order.

    Parameters
    ----------
    rows : DataFrame
        Indexed by the rows' names, from the top; a column for each part, by the name that the
        reader sees.
    unit : str
        ``percent``, or a noun for counts.
    colors : sequence of str
        The color of each part.
    """
    parts = [str(part) for part in rows.columns]
    shades = dict(zip(parts, colors, strict=False))
    longest = float(rows.sum(axis=1).max())
    axes = canvas(title, note, 0.56 * len(rows) + 0.3 * -(-len(parts) // 2) + 0.3)
    long = rows.set_axis(parts, axis=1).reset_index(names="row").melt("row", var_name="part")
    # seaborn stacks the last of an order first.
    sns.histplot(long, y="row", weights="value", hue="part", hue_order=parts[::-1], palette=shades,
                 multiple="stack", shrink=0.62, alpha=1, edgecolor="white", legend=False,
                 ax=axes)  # fmt: skip
    digits = 0 if unit == "percent" else 1
    for part, drawn in zip(parts, axes.containers, strict=True):
        ink = INK if sns.utils.relative_luminance(shades[part]) > 0.25 else "white"
        axes.bar_label(
            drawn,
            fmt=lambda n: finish.short(round(n, digits), unit) if n >= _NARROW * longest else "",
            label_type="center",
            color=ink,
            fontsize=10,
            fontweight="bold",
        )
    brief = len("".join(parts)) < 40
    finish.legend(axes, shades, columns=len(parts) if brief else 2)
    finish.name_rows(axes, rows.index)
    axes.set(xlabel="", xticks=[], xlim=(0, longest))
    axes.spines["bottom"].set_visible(False)
    tells(
        axes,
        rows.set_axis(parts, axis=1).assign(row=rows.index),
        {"row": "Row"} | dict(zip(parts, parts, strict=True)),
    )
    return axes.figure


@chart
def strips(
    rows: pd.DataFrame,
    unit: str,
    *,
    title: str,
    note: str,
    label: str = "label",
    value: str = "value",
    mean: str | None = None,
    line: tuple[float, str] | None = None,
    colors: Sequence[str] | None = None,
    axis: str = "",
) -> Figure:
    """Draw each school as a dot in its group's row, or as a bar where its figure is suppressed.

    Parameters
    ----------
    rows : DataFrame
        A row for each school: `label` (the group, in the order of the rows from the top) and
        `value`; or, in its place, ``low`` and ``high``, the range that suppression leaves, equal
        where the figure is printed; and ``school`` and ``school_code``, for readers who ask which
        school a dot is.
    mean : str, optional
        The column of the groups' means, drawn as an upright bar with its number.
    line : tuple of (float, str), optional
        What the schools are held against; those above it are drawn in the accent.
    """
    if "low" in rows:
        rows = rows.assign(**{value: rows["low"].where(rows["low"] == rows["high"])})
    names = list(rows[label].unique())
    colors = colors or [OWN] * len(names)
    axes = canvas(title, note, (0.54 if mean else 0.72) * len(names) + 0.8)
    above = rows[value] > (line[0] if line else np.inf)
    shades = {"above": ACCENT, **dict(zip(names, colors, strict=True))}
    sns.stripplot(rows, x=value, y=label, order=names, hue=rows[label].mask(above, "above"),
                  palette=shades, jitter=0.12 if mean else 0.3, size=6, alpha=0.5,
                  edgecolor="white", linewidth=0.5, legend=False, ax=axes)  # fmt: skip
    for row, name in enumerate(names):
        hidden = rows[(rows[label] == name) & rows[value].isna()]
        spread = row + np.linspace(-0.3, 0.3, len(hidden) + 2)[1:-1]
        if len(hidden):
            drawn = axes.hlines(spread, hidden["low"], hidden["high"], color=PEER, lw=2, alpha=0.7)
            ends = (span(each.low, each.high, unit) for each in hidden.itertuples())
            whose = hidden["school"] if "school" in hidden else hidden[label]
            entitle(drawn, [f"{name}\n{words}" for name, words in zip(whose, ends, strict=True)])
        if mean:
            at = rows.loc[rows[label] == name, mean].iloc[0]
            axes.vlines(at, row - 0.22, row + 0.22, color=colors[row], lw=3.5)
            axes.text(at, row - 0.23, finish.short(round(at), unit), color=colors[row],
                      ha="center", va="bottom", fontsize=10)  # fmt: skip
    if line:
        finish.reference(axes, line[1], x=line[0], color=ACCENT)
    finish.name_rows(axes, names, colors, wide=20)
    axes.set_xlim(left=min(0, axes.get_xlim()[0]) if line else 0)
    finish.units(axes, x=unit)
    axes.set(xlabel=axis)
    heads = {"school": "School", "school_code": "School code", label: "Row"}
    heads |= {value: axis or f"Value ({unit})"} | (ENDS if rows[value].isna().any() else {})
    if "school" in rows:
        tells(axes, rows, heads, x=value, y=rows[label].map(names.index))
    else:
        tells(axes, rows, heads)
    return axes.figure
