"""The look of every chart: one theme, one palette, and the kinds of chart the study needs.

A figure draws what it is given and computes nothing. Its title says what is seen, its note who
is counted; both are part of the picture, so that it can be passed around alone.
"""

import textwrap
from collections.abc import Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dme.findings import Alternative
from dme.text import quantity, span

OWN = "#0b5394"
PEER = "#8a9199"
ACCENT = "#c2410c"
BAND = "#fde7c8"
INK = "#1f2933"
QUIET = "#5f6b76"

_PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
# Narrow, so that the print stays legible where a phone shrinks the picture.
_WIDTH = 5.2


def set_look() -> None:
    """Set the theme that all charts share."""
    sns.set_theme(style="white", context="notebook")
    mpl.rcParams.update(
        {
            "font.family": "DejaVu Sans",  # ships with matplotlib: the same on every machine
            "font.size": 11,
            "text.parse_math": False,  # a dollar sign is a dollar sign
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


def _canvas(height: float, title: str, note: str) -> tuple[Figure, Axes]:
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


def _direct_label(
    axes: Axes, text: str, at: tuple[float, float], color: str, **more: object
) -> None:
    axes.annotate(text, at, color=color, fontsize=10, bbox=_PLATE, **more)  # type: ignore[arg-type]


def _head(unit: str) -> str:
    """Return a unit without the words that follow it."""
    return unit.partition(" ")[0]


def _short(value: float, unit: str) -> str:
    """Return a number for an axis, where room is scarce."""
    if unit.startswith("dollars"):
        return f"${value / 1e6:g}M" if abs(value) >= 1e6 else f"${value:,.0f}"
    return quantity(round(value, 6), _head(unit))


def over_years(
    lines: dict[str, pd.DataFrame],
    *,
    title: str,
    note: str,
    marked: tuple[str, float, str] | None = None,
) -> Figure:
    """Draw enrollment over school years, one line a key.

    Parameters
    ----------
    lines : dict of str to DataFrame
        Label to ``school_year`` and ``students``; the first is the district's own.
    marked : tuple of (school year, students, words), optional
        A point to call out.
    """
    figure, axes = _canvas(3.4, title, note)
    years = sorted({year for frame in lines.values() for year in frame["school_year"]})
    place = {year: number for number, year in enumerate(years)}
    for number, (label, frame) in enumerate(lines.items()):
        color = OWN if number == 0 else PEER
        spots = frame["school_year"].map(place)
        axes.plot(spots, frame["students"], color=color, marker="o", ms=4, lw=2, label=label)
    if marked:
        year, students, words = marked
        axes.plot(place[year], students, "o", ms=11, mfc="none", mec=ACCENT, mew=2)
        _direct_label(
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
    axes.set_ylim(0)
    axes.set_ylabel("Students")
    axes.grid(axis="y")
    if len(lines) > 1:
        axes.legend(loc="lower left")
    return figure


def dots_by_district(
    schools: pd.DataFrame, means: pd.DataFrame, own: str, *, title: str, note: str
) -> Figure:
    """Draw each school as a dot in its district's row, with the district's mean as a bar.

    Parameters
    ----------
    schools : DataFrame
        ``district``, ``students``.
    means : DataFrame
        ``district``, ``mean``, ``schools``, in the order of the rows from the top.
    own : str
        The district to color.
    """
    figure, axes = _canvas(0.54 * len(means) + 0.7, title, note)
    order = list(means["district"])
    labels = []
    for row, (district, mean, count) in enumerate(
        means[["district", "mean", "schools"]].itertuples(index=False)
    ):
        color = OWN if district == own else PEER
        sizes = schools.loc[schools["district"] == district, "students"]
        axes.plot(sizes, [row] * len(sizes), "o", ms=6, color=color, alpha=0.35, mec="none")
        axes.plot([mean, mean], [row - 0.22, row + 0.22], color=color, lw=3.5)
        axes.text(
            mean, row - 0.23, f"{mean:,.0f}", ha="center", va="bottom", fontsize=10, color=color
        )
        labels.append(f"{district} ({count})")
    axes.set_yticks(range(len(order)), labels)
    for tick, district in zip(axes.get_yticklabels(), order, strict=True):
        tick.set_color(OWN if district == own else QUIET)
        tick.set_fontweight("bold" if district == own else "normal")
    axes.set_ylim(len(order) - 0.45, -0.8)
    axes.set_xlim(0)
    axes.set_xlabel("Students in a school")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(axis="x")
    return figure


def size_and_spending(
    schools: pd.DataFrame, cut: float, means: tuple[float, float], *, title: str, note: str
) -> Figure:
    """Draw spending per pupil against enrollment, the small schools and the rest apart.

    Parameters
    ----------
    schools : DataFrame
        ``students``, ``dollars_per_pupil``.
    cut : float
        Students below which a school is small.
    means : tuple of float
        Dollars per pupil of the small schools and of the rest.
    """
    figure, axes = _canvas(3.7, title, note)
    small = schools["students"] < cut
    for group, color in ((small, ACCENT), (~small, OWN)):
        axes.plot(
            schools.loc[group, "students"],
            schools.loc[group, "dollars_per_pupil"],
            "o",
            ms=7,
            color=color,
            alpha=0.6,
            mec="white",
        )
    widest = float(schools["students"].max()) * 1.04
    axes.hlines(means[0], 0, cut, color=ACCENT, lw=2.5)
    axes.hlines(means[1], cut, widest, color=OWN, lw=2.5)
    axes.axvline(cut, color=QUIET, lw=1, ls=":")
    offset = {"textcoords": "offset points", "xytext": (0, 5)}
    _direct_label(axes, f"under {cut:g}: ${means[0]:,.0f}", (8, means[0]), ACCENT, **offset)
    _direct_label(
        axes, f"the rest: ${means[1]:,.0f}", (widest, means[1]), OWN, ha="right", **offset
    )
    axes.set_xlim(0, widest)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    axes.set_xlabel("Students in the school")
    axes.set_ylabel("Spending per pupil")
    axes.grid(axis="y")
    return figure


def forest(
    estimates: Sequence[Alternative],
    published: tuple[float, float] | None,
    unit: str,
    *,
    title: str,
    note: str,
) -> Figure:
    """Draw one figure under several specifications, the primary one first and in color.

    Parameters
    ----------
    estimates : sequence of Alternative
        The primary specification first.
    published : tuple of float, optional
        Ends of the published figure (equal ends are a line, others a band).
    unit : str
        See `dme.text.quantity`.
    """
    figure, axes = _canvas(0.52 * len(estimates) + 1.0, title, note)
    if published:
        low, high = published
        if low == high:
            axes.plot([low, low], [-0.5, len(estimates) - 0.5], color=ACCENT, lw=2)
        else:
            axes.fill_betweenx([-0.5, len(estimates) - 0.5], low, high, color=BAND)
        words = quantity(low, _head(unit)) if low == high else span(low, high, _head(unit))
        axes.text(
            (low + high) / 2,
            -0.62,
            f"published: {words}",
            color=ACCENT,
            ha="center",
            va="bottom",
            fontsize=10,
            bbox=_PLATE,
        )
    for row, found in enumerate(estimates):
        color = OWN if row == 0 else PEER
        if found.low is not None and found.high is not None:
            axes.plot([found.low, found.high], [row, row], color=color, lw=2.5)
        axes.plot(found.value, row, "o", ms=9, color=color)
        axes.text(
            found.value,
            row - 0.17,
            quantity(found.value, _head(unit)),
            ha="center",
            va="bottom",
            fontsize=10,
            color=color if row == 0 else QUIET,
            bbox=_PLATE,
        )
    axes.axvline(0, color="#c6ccd2", lw=1)
    axes.set_yticks(range(len(estimates)), [textwrap.fill(e.label, 24) for e in estimates])
    axes.get_yticklabels()[0].set(fontweight="bold", color=OWN)
    axes.set_ylim(len(estimates) - 0.5, -0.95)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value, unit)))
    axes.grid(axis="x")
    return figure


def utilization_bars(zones: pd.DataFrame, full: float, *, title: str, note: str) -> Figure:
    """Draw the share of seats in use by area, against the line of full utilization.

    Parameters
    ----------
    zones : DataFrame
        ``area``, ``utilization_percent``, ``students``, ``seats``.
    full : float
        Utilization in percent that counts as full enough.
    """
    figure, axes = _canvas(0.52 * len(zones) + 0.9, title, note)
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


def size_and_utilization(
    schools: pd.DataFrame, cut: float, full: float, *, title: str, note: str
) -> Figure:
    """Draw each school by its enrollment and modelled utilization, with the study's two lines.

    Parameters
    ----------
    schools : DataFrame
        ``students``, ``utilization``, ``group`` (``small``, ``large`` or ``neither``).
    cut, full : float
        The lines: students, and utilization in percent.
    """
    figure, axes = _canvas(3.9, title, note)
    shades = {"small": ACCENT, "large": OWN, "neither": PEER}
    words = {"small": "small and under-utilized", "large": "large and fuller", "neither": "neither"}
    for group, color in shades.items():
        rows = schools[schools["group"] == group]
        axes.plot(
            rows["students"],
            rows["utilization"],
            "o",
            ms=7.5,
            color=color,
            alpha=0.7,
            mec="white",
            label=f"{words[group]} ({len(rows)})",
        )
    axes.axvline(cut, color=QUIET, lw=1, ls=":")
    axes.axhline(full, color=QUIET, lw=1, ls=":")
    axes.text(cut + 6, 2, f"{cut:g} students", color=QUIET, fontsize=10)
    axes.text(
        schools["students"].max(), full + 1.5, f"{full:g}%", color=QUIET, fontsize=10, ha="right"
    )
    axes.set_xlim(0)
    axes.set_ylim(0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.set_xlabel("Students in the school")
    axes.set_ylabel("Modelled utilization")
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.16),
        ncols=3,
        columnspacing=0.6,
        handletextpad=0,
        fontsize=9,
    )
    return figure
