"""Charts of costs, each with its range, against a sum of money."""

import textwrap
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from dme.figures.look import ACCENT, INK, OWN, PLATE, canvas, chart, short
from dme.findings import Alternative
from dme.text import quantity


@chart
def cost_ranges(
    costs: Sequence[Alternative], budget: float, unit: str, *, title: str, note: str
) -> Figure:
    """Draw costs with their ranges against a budget; those whose range ends below it in blue.

    Parameters
    ----------
    costs : sequence of Alternative
        Median and range of each, from the top.
    budget : float
        The sum that they are held against.
    unit : str
        See `dme.text.quantity`.
    """
    figure, axes = canvas(0.5 * len(costs) + 0.9, title, note)
    last = len(costs) - 0.5
    axes.plot([budget, budget], [-0.5, last], color=ACCENT, lw=2, zorder=1)
    axes.text(budget, -0.6, quantity(budget, "dollars"), color=ACCENT, ha="center", va="bottom",
              fontsize=10)  # fmt: skip
    ends = [one.value if one.high is None else one.high for one in costs]
    reach = max([budget, *ends])
    for row, (one, end) in enumerate(zip(costs, ends, strict=True)):
        color = OWN if end <= budget else INK
        if one.low is not None and one.high is not None:
            axes.plot([one.low, one.high], [row, row], color=color, lw=5, alpha=0.35)
        axes.plot(one.value, row, "o", ms=8, color=color)
        axes.text(end + 0.02 * reach, row, short(round(one.value, -5), unit), color=color,
                  va="center", fontsize=10, bbox=PLATE)  # fmt: skip
    axes.set_yticks(range(len(costs)), [textwrap.fill(one.label, 24) for one in costs])
    axes.set_ylim(last, -1.1)
    axes.set_xlim(0, 1.2 * reach)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value, unit)))
    axes.grid(axis="x")
    return figure
