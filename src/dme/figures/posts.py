"""Charts of posts: what fills one, who has one, and a figure of districts side by side."""

import textwrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dme.figures.look import ACCENT, OWN, PEER, QUIET, canvas, chart

_LEGEND = {
    "loc": "lower right",
    "bbox_to_anchor": (1, 1),
    "borderaxespad": 0.2,
    "ncols": 2,
    "fontsize": 9,
    "columnspacing": 1.2,
    "handletextpad": 0.2,
}


@chart
def post_loads(schools: pd.DataFrame, *, title: str, note: str) -> Figure:
    """Draw how much of one full-time load each school's sections fill, by enrollment.

    Parameters
    ----------
    schools : DataFrame
        ``students``, ``arts`` and ``pe``: percent of one full-time load.
    """
    figure, axes = canvas(3.7, title, note)
    for name, color, words in (
        ("pe", ACCENT, "physical education"),
        ("arts", OWN, "art, and likewise music"),
    ):
        axes.plot(
            schools["students"],
            schools[name],
            "o",
            ms=7,
            color=color,
            alpha=0.7,
            mec="white",
            label=words,
        )
    axes.axhline(100, color=QUIET, lw=1.2)
    axes.set_xlim(0)
    axes.set_ylim(0)
    axes.text(4, 102, "one full-time teacher", color=QUIET, fontsize=9, va="bottom")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}%"))
    axes.set_xlabel("Students, kindergarten to grade 8")
    axes.set_ylabel("Share of a full-time load")
    axes.grid(axis="y")
    axes.legend(**_LEGEND)
    return figure


@chart
def posts_by_size(shares: pd.DataFrame, cut: float, *, title: str, note: str) -> Figure:
    """Draw the share of small schools and of the others that have a full-time post, by kind.

    Parameters
    ----------
    shares : DataFrame
        ``kind``, ``small``, ``rest`` (percent).
    cut : float
        Students below which a school is small.
    """
    figure, axes = canvas(0.55 * len(shares) + 0.9, title, note)
    for row, line in enumerate(shares.itertuples()):
        axes.plot([line.small, line.rest], [row, row], color="#d5dae0", lw=2.5, zorder=1)
        for value, other, color in ((line.small, line.rest, ACCENT), (line.rest, line.small, OWN)):
            axes.plot(value, row, "o", ms=9, color=color, zorder=2)
            if value == other and color == ACCENT:
                continue
            left = value < other
            axes.annotate(
                f"{value:.0f}%",
                (value, row),
                xytext=(-8 if left else 8, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                va="center",
                fontsize=10,
                color=color,
            )
    for color, words in ((ACCENT, f"under {cut:g} students"), (OWN, "the others")):
        axes.plot([], [], "o", ms=8, color=color, label=words)
    axes.set_yticks(range(len(shares)), [textwrap.fill(kind, 22) for kind in shares["kind"]])
    axes.set_ylim(len(shares) - 0.5, -0.5)
    axes.set_xlim(-14, 118)
    axes.set_xticks([0, 50, 100], ["0", "50%", "100%"])
    axes.spines["bottom"].set_bounds(0, 100)
    axes.set_xlabel("Share of schools")
    axes.grid(axis="x")
    axes.legend(**_LEGEND)
    return figure


@chart
def district_bars(districts: pd.DataFrame, own: str, *, title: str, note: str) -> Figure:
    """Draw a bar of dollars per pupil for each district, one of them colored.

    Parameters
    ----------
    districts : DataFrame
        ``district``, ``figure``, from the top.
    own : str
        The district to color.
    """
    figure, axes = canvas(0.34 * len(districts) + 0.5, title, note)
    widest = float(districts["figure"].max())
    for row, line in enumerate(districts.itertuples()):
        ours = line.district == own
        axes.barh(row, line.figure, color=OWN if ours else PEER, height=0.7)
        axes.text(
            line.figure + 0.012 * widest,
            row,
            f"${line.figure:,.0f}",
            va="center",
            fontsize=10,
            color=OWN if ours else QUIET,
        )
    axes.set_yticks(range(len(districts)), list(districts["district"]))
    for tick, district in zip(axes.get_yticklabels(), districts["district"], strict=True):
        tick.set_color(OWN if district == own else QUIET)
        tick.set_fontweight("bold" if district == own else "normal")
    axes.set_ylim(len(districts) - 0.4, -0.6)
    axes.set_xlim(0, widest * 1.14)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    return figure
