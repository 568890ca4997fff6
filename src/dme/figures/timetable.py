"""A school's week as a principal prints it."""

import textwrap

import pandas as pd
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dme.figures.look import INK, OWN, QUIET, canvas, chart
from dme.figures.told import tells

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
# Fill, ink, hatching and weight of print: told apart without color too.
_CELLS = {
    "block": (OWN, "white", "", "bold"),
    "together": ("#bcd3ea", INK, "", "normal"),
    "some": ("#e8f0f8", INK, "", "normal"),
    "lunch": ("#eceef0", QUIET, "////", "normal"),
    "class": ("white", INK, "", "normal"),
}
_WORDS = (("block", "team plans together"), ("together", "all classes in specials"),
          ("some", "some of them"), ("lunch", "lunch, recess"))  # fmt: skip
_ROW = 0.25


@chart
def timetable(grid: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw a week, day under day: a row for each team, a column for each period.

    Parameters
    ----------
    grid : DataFrame
        ``day`` (from 0), ``team``, ``period`` (from 0), ``kind`` (a key of the legend: block,
        together, some, lunch, class) and ``text``.
    """
    teams = list(grid["team"].drop_duplicates())
    periods = int(grid["period"].max()) + 1
    step = len(teams) + 1.5
    axes = canvas(title, note, _ROW * step * len(_DAYS) + 0.5)
    for day, name in enumerate(_DAYS):
        top = day * step
        axes.text(-0.08, top - 0.12, name, ha="right", va="bottom", fontweight="bold", fontsize=9.5)
        for period in range(periods):
            axes.text(period + 0.5, top - 0.12, f"{period + 1}", ha="center", va="bottom",
                      fontsize=8.5, color=QUIET)  # fmt: skip
        for row, team in enumerate(teams):
            axes.text(-0.08, top + row + 0.5, team, ha="right", va="center", fontsize=8.5)
    tops = grid["day"] * step + grid["team"].map(teams.index)
    for kind, cells in grid.assign(top=tops).groupby("kind"):
        _cells(axes, cells, _CELLS[str(kind)])
    _blocks(axes, grid, teams, step)
    axes.set_xlim(0, periods)
    axes.set_ylim(step * len(_DAYS) + 0.6, -1.2)
    _legend(axes, step * len(_DAYS) - 0.2, periods)
    axes.axis("off")
    told = grid.assign(
        day=grid["day"].map(lambda day: _DAYS[day]),
        period=grid["period"] + 1,
        kind=grid["kind"].map(dict(_WORDS)).fillna("class"),
    )
    heads = {"team": "Team", "day": "Day", "period": "Period", "kind": "What", "text": "Specials"}
    tells(axes, told, heads)
    return axes.figure


def _cells(axes, cells: pd.DataFrame, look: tuple[str, str, str, str]) -> None:
    """Draw the cells of a kind, all at once: that takes far less time than one at a time."""
    fill, ink, hatch, weight = look
    boxes = [Rectangle((cell.period, cell.top), 1, 1) for cell in cells.itertuples()]
    axes.add_collection(PatchCollection(boxes, facecolor=fill, edgecolor="#aab2ba", lw=0.6,
                                        hatch=hatch))  # fmt: skip
    for cell in cells[cells["text"] != ""].itertuples():
        size = 8 if len(cell.text) <= 5 else 6.5
        axes.text(cell.period + 0.5, cell.top + 0.53, cell.text, ha="center", va="center",
                  fontsize=size, color=ink, fontweight=weight)  # fmt: skip


def _blocks(axes, grid: pd.DataFrame, teams: list[str], step: float) -> None:
    """Frame each shared block, so that it shows in print without color."""
    for (day, team), cells in grid[grid["kind"] == "block"].groupby(["day", "team"]):
        first, length = cells["period"].min(), len(cells)
        axes.add_patch(Rectangle((first, day * step + teams.index(team)), length, 1,
                                 fill=False, edgecolor="black", lw=2, zorder=3))  # fmt: skip


def _legend(axes, top: float, periods: int) -> None:
    width = (periods + 2.6) / len(_WORDS)
    for number, (kind, label) in enumerate(_WORDS):
        fill, _, hatch, _ = _CELLS[kind]
        left = -2.6 + number * width
        axes.add_patch(Rectangle((left, top), 0.35, 0.8, facecolor=fill, edgecolor="#aab2ba",
                                 lw=0.6, hatch=hatch, clip_on=False))  # fmt: skip
        axes.text(left + 0.45, top + 0.42, textwrap.fill(label, 14), fontsize=8, va="center")
