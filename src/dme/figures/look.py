"""The look that all charts share: one theme, one palette, one frame of title and note."""

import functools
import os
import textwrap
from collections.abc import Callable
from typing import ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dme.text import quantity

P = ParamSpec("P")

OWN = "#0b5394"
PEER = "#8a9199"
ACCENT = "#c2410c"
BAND = "#fde7c8"
INK = "#1f2933"
QUIET = "#5f6b76"

PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
# Narrow, so that the print stays legible where a phone shrinks the picture.
_WIDTH = 5.2


DRAWING = "DME_DRAW"
"""The environment variable that says ``no`` where nobody will look at figures, as in a sweep."""


def drawing() -> bool:
    """Whether figures are drawn."""
    return os.environ.get(DRAWING) != "no"


def chart(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make a function that draws one give an empty figure where nobody will look at it."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        return draw(*args, **kwargs) if drawing() else Figure()

    return drawn


def set_look() -> None:
    """Set the theme that all charts share."""
    sns.set_theme(style="white", context="notebook")
    mpl.rcParams.update(
        {
            "font.family": "DejaVu Sans",  # ships with matplotlib: the same on every machine
            "font.size": 11,
            "text.parse_math": False,  # a dollar sign is a dollar sign
            "text.hinting": "none",  # which fits letters to coarse pixels; those here are fine
            "axes.labelsize": 10.5,
            "axes.edgecolor": "#c6ccd2",
            "axes.labelcolor": QUIET,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "grid.color": "#e6e9ec",
            "text.color": INK,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "legend.frameon": False,
            "legend.fontsize": 10,
            "figure.facecolor": "white",
        }
    )


def canvas(height: float, title: str, note: str) -> tuple[Figure, Axes]:
    """Return a figure with its title above and its note below, and the axes between."""
    lines = textwrap.wrap(title, 46)
    notes = textwrap.wrap(note, 70)
    top, bottom = 0.26 * len(lines) + 0.14, 0.18 * len(notes) + 0.12
    full = height + top + bottom
    figure = plt.figure(figsize=(_WIDTH, full), layout="constrained")
    figure.get_layout_engine().set(  # type: ignore[union-attr]
        rect=(0, bottom / full, 1, 1 - (top + bottom) / full)
    )
    figure.text(0.012, 1 - 0.1 / full, "\n".join(lines), fontsize=12.5, fontweight="bold", va="top")
    figure.text(0.012, 0.06 / full, "\n".join(notes), fontsize=9, color=QUIET, va="bottom")
    return figure, figure.add_subplot()


def direct_label(
    axes: Axes, text: str, at: tuple[float, float], color: str, **more: object
) -> None:
    """Write beside what is drawn, on a plate that keeps it legible over lines and dots."""
    axes.annotate(text, at, color=color, fontsize=10, bbox=PLATE, **more)  # type: ignore[arg-type]


def unit_head(unit: str) -> str:
    """Return a unit without the words that follow it."""
    return unit.partition(" ")[0]


def short(value: float, unit: str) -> str:
    """Return a number for an axis, where room is scarce."""
    if unit.startswith("dollars"):
        return f"${value / 1e6:g}M" if abs(value) >= 1e6 else f"${value:,.0f}"
    return quantity(round(value, 6), unit_head(unit)).partition(" ")[0]
