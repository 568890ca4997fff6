"""Charts in which each dot is a school."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, OWN, PEER, QUIET, canvas, chart, direct_label


@chart
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
    figure, axes = canvas(0.54 * len(means) + 0.7, title, note)
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


@chart
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
    figure, axes = canvas(3.7, title, note)
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
    direct_label(axes, f"under {cut:g}: ${means[0]:,.0f}", (8, means[0]), ACCENT, **offset)
    direct_label(axes, f"the rest: ${means[1]:,.0f}", (widest, means[1]), OWN, ha="right", **offset)
    axes.set_xlim(0, widest)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    axes.set_xlabel("Students in the school")
    axes.set_ylabel("Spending per pupil")
    axes.grid(axis="y")
    return figure


@chart
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
    figure, axes = canvas(3.9, title, note)
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
