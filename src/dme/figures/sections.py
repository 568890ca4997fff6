"""Charts of sections: how many each grade of each school has."""

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dme.figures.look import ACCENT, OWN, QUIET, canvas, chart

_ONE, _TWO, _THREE = ACCENT, "#9dc3e6", OWN
_WORDS = {1: "one section", 2: "two", 3: "three or more"}
_SHADES = {1: _ONE, 2: _TWO, 3: _THREE}
_LEGEND = {
    "borderaxespad": 0.2,
    "ncols": 3,
    "fontsize": 9,
    "columnspacing": 1.2,
    "handletextpad": 0.5,
}
_LONGEST = 34


def _patches() -> list[Patch]:
    return [Patch(facecolor=_SHADES[n], label=words) for n, words in _WORDS.items()]


def _short(name: str) -> str:
    head, bracket, students = name.rpartition(" (")
    if len(head) > _LONGEST:
        head = f"{head[: _LONGEST - 1].rstrip()}…"
    return f"{head}{bracket}{students}"


@chart
def section_tiles(tiles: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw a tile for each grade of each school: one section, two, or three and more.

    Parameters
    ----------
    tiles : DataFrame
        Sections by school (index, from the top) and grade (columns); missing where a school does
        not serve the grade.
    """
    figure, axes = canvas(0.2 * len(tiles) + 0.9, title, note)
    values = np.clip(tiles.to_numpy(float), 1, 3)
    axes.pcolormesh(
        np.arange(tiles.shape[1] + 1) - 0.5,
        np.arange(tiles.shape[0] + 1) - 0.5,
        np.ma.masked_invalid(values),
        cmap=ListedColormap([_ONE, _TWO, _THREE]),
        vmin=0.5,
        vmax=3.5,
        edgecolors="white",
        linewidth=1.5,
    )
    axes.set_xticks(range(tiles.shape[1]), list(tiles.columns), fontsize=8.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_yticks(
        range(tiles.shape[0]), [_short(str(name)) for name in tiles.index], fontsize=7.5
    )
    axes.set_ylim(tiles.shape[0] - 0.5, -0.5)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.legend(handles=_patches(), loc="upper right", bbox_to_anchor=(1, 0), **_LEGEND)
    return figure


@chart
def grade_sizes(
    schools: pd.DataFrame, cut: float, lines: tuple[float, ...], *, title: str, note: str
) -> Figure:
    """Draw students a grade against students, each school colored by its fewest sections.

    Parameters
    ----------
    schools : DataFrame
        ``students``, ``per_grade``, ``fewest``.
    cut : float
        Students below which a school is small.
    lines : tuple of float
        Students a grade above which a second section is needed, at the smallest and the largest
        of the class-size maxima.
    """
    figure, axes = canvas(3.9, title, note)
    held = schools["fewest"].clip(1, 3)
    for number, words in _WORDS.items():
        rows = schools[held == number]
        axes.plot(
            rows["students"],
            rows["per_grade"],
            "o",
            ms=7.5,
            color=_SHADES[number],
            mec="white",
            label=f"{words} ({len(rows)})",
        )
    axes.axhspan(*lines, color="#eef1f4", zorder=0)
    axes.axvline(cut, color=QUIET, lw=1, ls=":")
    axes.set_xlim(0)
    axes.set_ylim(0)
    widest = axes.get_xlim()[1]
    axes.text(
        widest, lines[1] + 1, "one full class", color=QUIET, fontsize=9, ha="right", va="bottom"
    )
    axes.text(cut + 8, 1, f"{cut:g} students", color=QUIET, fontsize=9, va="bottom")
    axes.set_xlabel("Students in the school")
    axes.set_ylabel("Students in a mean grade")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), **_LEGEND)
    return figure


@chart
def section_shares(shares: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw stacked bars of the grades with one, two, and three or more sections.

    Parameters
    ----------
    shares : DataFrame
        ``stage``, ``one``, ``two``, ``three``: percent that add up to 100.
    """
    figure, axes = canvas(0.62 * len(shares) + 0.9, title, note)
    for row, line in enumerate(shares.itertuples()):
        left = 0.0
        for number, part in ((1, line.one), (2, line.two), (3, line.three)):
            axes.barh(row, part, left=left, color=_SHADES[number], height=0.62)
            if part >= 8:
                axes.text(
                    left + part / 2,
                    row,
                    f"{part:.0f}%",
                    ha="center",
                    va="center",
                    fontsize=10,
                    fontweight="bold",
                    color="white" if number != 2 else "#1f2933",
                )
            left += part
    axes.set_yticks(range(len(shares)), list(shares["stage"]))
    axes.set_ylim(len(shares) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 50, 100], ["0", "50%", "100% of grades"])
    axes.tick_params(length=0)
    axes.legend(handles=_patches(), loc="lower right", bbox_to_anchor=(1, 1), **_LEGEND)
    return figure
