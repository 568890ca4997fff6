"""Charts of whole districts and their zones."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, INK, OWN, PEER, QUIET, canvas, chart, direct_label
from dme.text import first_year, school_year


@chart
def over_years(
    lines: dict[str, pd.DataFrame],
    *,
    title: str,
    note: str,
    marked: tuple[str, float, str] | None = None,
    column: str = "students",
    axis: str = "Students",
) -> Figure:
    """Draw enrollment, or another figure, over school years, one line a key.

    Parameters
    ----------
    lines : dict of str to DataFrame
        Label to ``school_year`` and `column`; the first is the district's own.
    column, axis : str
        What is drawn, and what the axis calls it.
    marked : tuple of (school year, students, words), optional
        A point to call out.
    """
    figure, axes = canvas(3.4, title, note)
    counted = [first_year(year) for frame in lines.values() for year in frame["school_year"]]
    # A year without a figure keeps its place, so that slopes stay true.
    years = [school_year(start) for start in range(min(counted), max(counted) + 1)]
    place = {year: number for number, year in enumerate(years)}
    for number, (label, frame) in enumerate(lines.items()):
        color = OWN if number == 0 else PEER
        spots = frame["school_year"].map(place)
        axes.plot(spots, frame[column], color=color, marker="o", ms=4, lw=2, label=label)
    if marked:
        year, students, words = marked
        axes.plot(place[year], students, "o", ms=11, mfc="none", mec=ACCENT, mew=2)
        direct_label(
            axes,
            words,
            (place[year], students),
            ACCENT,
            xytext=(0, 26),
            textcoords="offset points",
            ha="center",
        )
    step = max(1, -(-len(years) // 5))
    shown = list(range(0, len(years), step))
    axes.set_xticks(shown, [years[n] for n in shown])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylim(0, 1.08 * max(frame[column].max() for frame in lines.values() if len(frame)))
    axes.set_ylabel(axis)
    axes.grid(axis="y")
    if len(lines) > 1:
        axes.legend(loc="lower left")
    return figure


@chart
def utilization_bars(zones: pd.DataFrame, full: float, *, title: str, note: str) -> Figure:
    """Draw the share of seats in use by area, against the line of full utilization.

    Parameters
    ----------
    zones : DataFrame
        ``area``, ``utilization_percent``, ``students``, ``seats``.
    full : float
        Utilization in percent that counts as full enough.
    """
    figure, axes = canvas(0.52 * len(zones) + 0.9, title, note)
    last = len(zones) - 1
    for row, zone in enumerate(zones.itertuples()):
        share = float(zone.utilization_percent)
        axes.barh(row, share, color=OWN if row < last else INK, height=0.62)
        axes.text(
            share - 1.5,
            row,
            f"{share:.0f}%",
            color="white",
            ha="right",
            va="center",
            fontweight="bold",
        )
        axes.text(
            101,
            row,
            f"{zone.students:,} in {zone.seats:,} seats",
            va="center",
            ha="left",
            fontsize=10,
            color=QUIET,
        )
    axes.plot([full, full], [-0.45, last + 0.5], color=ACCENT, lw=2)
    axes.text(full, -0.55, f"{full:g}%: full enough", color=ACCENT, ha="center", fontsize=10)
    axes.set_yticks(range(len(zones)), list(zones["area"]))
    axes.set_ylim(last + 0.6, -0.85)
    axes.set_xlim(0, 140)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25%", "50%", "75%", "100%"])
    axes.spines["bottom"].set_bounds(0, 100)
    axes.set_xlabel("Seats in use", loc="left")
    return figure
