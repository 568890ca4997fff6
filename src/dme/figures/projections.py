"""Charts of what was expected beside what came."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, INK, OWN, QUIET, canvas, chart, direct_label


@chart
def projection(
    known: pd.DataFrame,
    came: pd.DataFrame,
    projected: pd.DataFrame,
    *,
    title: str,
    note: str,
    published: Mapping[str, float] | None = None,
) -> Figure:
    """Draw the enrollment that was known, what was projected from it, and what came.

    Parameters
    ----------
    known, came : DataFrame
        ``school_year``, ``students``, up to the projection's first year and after it.
    projected : DataFrame
        ``school_year``, ``students``, ``low``, ``high`` (missing where there is no interval).
    published : mapping of str to float, optional
        School year to the students that others projected.
    """
    figure, axes = canvas(3.7, title, note)
    years = sorted({*known["school_year"], *came["school_year"], *projected["school_year"]})
    place = {year: number for number, year in enumerate(years)}
    spots = projected["school_year"].map(place)
    axes.fill_between(spots, projected["low"].astype(float), projected["high"].astype(float),
                      color=OWN, alpha=0.15, lw=0)  # fmt: skip
    axes.plot(known["school_year"].map(place), known["students"], color=INK, lw=2, marker="o",
              ms=4, label="counted")  # fmt: skip
    axes.plot(spots, projected["students"], color=OWN, lw=2.2, ls="--",
              label=_at("projected", projected))  # fmt: skip
    if others := {year: students for year, students in (published or {}).items() if year in place}:
        diamonds = pd.DataFrame({"school_year": list(others), "students": list(others.values())})
        axes.plot(diamonds["school_year"].map(place), diamonds["students"], "D", color=ACCENT,
                  ms=8, mec="white", label=_at("published", diamonds), zorder=4)  # fmt: skip
    if len(came):
        axes.plot(came["school_year"].map(place), came["students"], color=INK, lw=2, marker="o",
                  ms=4, mfc="white", label=_at("what came", came))  # fmt: skip
    step = max(1, -(-len(years) // 5))
    shown = list(range(0, len(years), step))
    axes.set_xticks(shown, [years[n] for n in shown])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylim(0)
    axes.set_ylabel("Students")
    axes.grid(axis="y")
    axes.legend(loc="lower left")
    return figure


def _at(words: str, line: pd.DataFrame) -> str:
    """Return a line's name with its last point, such as ``what came: 17,183 in 2021-22``."""
    last = line.iloc[-1]
    return f"{words}: {last['students']:,.0f} in {last['school_year']}"


@chart
def readings(areas: pd.DataFrame, full: float, *, title: str, note: str) -> Figure:
    """Draw utilization by area under two readings of what a seat is.

    Parameters
    ----------
    areas : DataFrame
        ``area``, ``study`` (percent), ``plain`` with ``low`` and ``high``.
    full : float
        Utilization in percent that counts as full enough.
    """
    figure, axes = canvas(0.56 * len(areas) + 1.0, title, note)
    for row, area in enumerate(areas.itertuples()):
        axes.plot([area.low, area.high], [row, row], color=ACCENT, lw=7, alpha=0.3,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot(area.plain, row, "o", ms=9, color=ACCENT)
        axes.plot(area.study, row, "o", ms=9, color=OWN)
        direct_label(axes, f"{area.plain:.0f}%", (area.low - 2, row), ACCENT, ha="right",
                     va="center")  # fmt: skip
        direct_label(axes, f"{area.study:.0f}%", (area.study + 2.5, row), OWN, ha="left",
                     va="center")  # fmt: skip
    last = len(areas) - 1
    axes.plot([full, full], [-0.6, last + 0.5], color=QUIET, lw=1.5, ls=":")
    axes.text(full, -0.68, f"{full:g}%", color=QUIET, ha="center", va="bottom", fontsize=10)
    axes.plot([], [], "o", ms=9, color=OWN, label="study capacity, published")
    axes.plot([], [], "o", ms=9, color=ACCENT, label="plain seats, modelled")
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.2), ncols=2, columnspacing=1,
                handletextpad=0.2)  # fmt: skip
    axes.set_yticks(range(len(areas)), list(areas["area"]))
    axes.set_ylim(last + 0.5, -1.0)
    axes.set_xlim(0, 105)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.set_xlabel("Seats in use")
    axes.grid(axis="x")
    return figure
