"""Charts of one figure under several specifications."""

import textwrap
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dme.figures.look import ACCENT, BAND, OWN, PEER, PLATE, QUIET, canvas, chart, short, unit_head
from dme.findings import Alternative
from dme.text import quantity, span


@chart
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
    figure, axes = canvas(0.52 * len(estimates) + 1.0, title, note)
    if published:
        low, high = published
        if low == high:
            axes.plot([low, low], [-0.5, len(estimates) - 0.5], color=ACCENT, lw=2)
        else:
            axes.fill_betweenx([-0.5, len(estimates) - 0.5], low, high, color=BAND)
        words = quantity(low, unit_head(unit)) if low == high else span(low, high, unit_head(unit))
        axes.text(
            (low + high) / 2,
            -0.62,
            f"published: {words}",
            color=ACCENT,
            ha="center",
            va="bottom",
            fontsize=10,
            bbox=PLATE,
        )
    for row, found in enumerate(estimates):
        color = OWN if row == 0 else PEER
        if found.low is not None and found.high is not None:
            axes.plot([found.low, found.high], [row, row], color=color, lw=2.5)
        axes.plot(found.value, row, "o", ms=9, color=color)
        axes.text(
            found.value,
            row - 0.17,
            quantity(found.value, unit_head(unit)),
            ha="center",
            va="bottom",
            fontsize=10,
            color=color if row == 0 else QUIET,
            bbox=PLATE,
        )
    axes.axvline(0, color="#c6ccd2", lw=1)
    axes.set_yticks(range(len(estimates)), [textwrap.fill(e.label, 24) for e in estimates])
    axes.get_yticklabels()[0].set(fontweight="bold", color=OWN)
    axes.set_ylim(len(estimates) - 0.5, -0.95)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value, unit)))
    axes.grid(axis="x")
    return figure
