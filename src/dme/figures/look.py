"""The look that all charts share: one theme, one palette, one frame of title and note."""

import functools
import os
import textwrap
from collections.abc import Callable
from typing import Any, ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

P = ParamSpec("P")

OWN = "#0b5394"
PALE = "#9dc3e6"
ACCENT = "#c2410c"
INK = "#1f2933"
QUIET = "#5f6b76"
PEER = "#8a9199"
FAINT = "#d5dae0"
BAND = "#fde7c8"
PALETTE = (OWN, INK, ACCENT, "#5b7f3a")
"""Colors of groups that have no meaning of their own, the district's first."""

PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
# Narrow: a phone shows all of it, its print not smaller than the text around it.
WIDTH = 4.6
_TITLE, _NOTE = "title", "note"

_BACKENDS = ("module://matplotlib_inline.backend_inline", "inline", "agg")

DRAWING = "DME_DRAW"
"""The environment variable that says ``no`` where nobody will look at figures, as in a sweep."""


def drawing() -> bool:
    """Whether figures are drawn."""
    return os.environ.get(DRAWING) != "no"


def chart(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make a function that draws one give empty axes where nobody will look at them."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        if drawing():
            return draw(*args, **kwargs)
        empty = Figure()
        empty.add_subplot()
        return empty

    return drawn


def set_look() -> None:
    """Set the theme that all charts share, whatever the user's own settings are."""
    _forget_the_users()
    look = {
        "font.family": "DejaVu Sans",  # ships with matplotlib: the same on every machine
        "font.size": 11,
        "text.parse_math": False,  # a dollar sign is a dollar sign
        "text.hinting": "none",  # which fits letters to coarse pixels; those here are fine
        "axes.labelsize": 10.5,
        "axes.edgecolor": "#c6ccd2",
        "axes.labelcolor": QUIET,
        # From the axis' end, since there is room below the names of rows.
        "xaxis.labellocation": "right",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": False,
        "axes.axisbelow": True,
        "grid.color": "#e6e9ec",
        "text.color": INK,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "xtick.labelsize": 10,
        "ytick.labelsize": 10,
        "lines.markersize": 7,
        "legend.frameon": False,
        "legend.fontsize": 10,
        "figure.facecolor": "white",
    }
    sns.set_theme(style="white", context="notebook", palette=PALETTE, rc=look)


def _forget_the_users() -> None:
    """Undo what a ``matplotlibrc``, an environment variable or a cell has set."""
    given = mpl.get_backend(auto_select=False)
    mpl.rcParams.update({k: v for k, v in mpl.rcParamsDefault.items() if k != "backend"})
    if given not in _BACKENDS:
        # One with windows of its own wants a screen. A notebook shows what is drawn itself.
        plt.switch_backend("agg")


def settings() -> str:
    """Return in words what charts are drawn with, which a cell may have changed."""
    return repr({key: value for key, value in mpl.rcParams.items() if key != "backend"})


def canvas(title: str, note: str, height: float = 3.7) -> Axes:
    """Begin a chart: its title above, its note below, and empty axes between.

    Parameters
    ----------
    title, note : str
        What is seen; who is counted, and the source. Both are wrapped.
    height : float
        Of the axes with their labels, in inches.
    """
    # seaborn jitters, and draws bootstraps, by NumPy's global state: the same chart is to be the
    # same picture each time.
    np.random.seed(0)
    lines = textwrap.wrap(title, 41)
    notes = textwrap.wrap(note, 62)
    top, bottom = 0.26 * len(lines) + 0.14, 0.18 * len(notes) + 0.12
    full = height + top + bottom
    figure = plt.figure(figsize=(WIDTH, full), layout="constrained")
    figure.get_layout_engine().set(  # type: ignore[union-attr]
        rect=(0, bottom / full, 1, 1 - (top + bottom) / full)
    )
    figure.text(0.012, 1 - 0.1 / full, "\n".join(lines), fontsize=12.5, fontweight="bold", va="top",
                gid=_TITLE)  # fmt: skip
    figure.text(0.012, 0.06 / full, "\n".join(notes), fontsize=9, color=QUIET, va="bottom",
                gid=_NOTE)  # fmt: skip
    return figure.add_subplot()


def framed(figure: Figure) -> dict[str, Any]:
    """Return the title and note of a figure, and where in it, in points, the axes stand between.

    Empty for a figure that no `canvas` began.
    """
    words = {text.get_gid(): " ".join(text.get_text().split("\n")) for text in figure.texts}
    engine = figure.get_layout_engine()
    if _TITLE not in words or engine is None:
        return {}
    _, bottom, _, share = engine.get()["rect"]
    width, height = (72 * inches for inches in figure.get_size_inches())
    box = [0, height * (1 - bottom - share), width, height * share]
    return {
        "title": words[_TITLE],
        "note": words.get(_NOTE, ""),
        "box": [round(float(n), 2) for n in box],
    }
