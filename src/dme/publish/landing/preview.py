"""The landing page's picture as a file, for those who forward the page's address."""

import re
from collections import Counter

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dme import figures, paths
from dme.cards import class_of
from dme.figures.picture import png
from dme.findings.judging import Verdict
from dme.publish.config import PAGES
from dme.publish.landing.against import Picture, Row
from dme.publish.opengraph import SIZE
from dme.text import quantity, short_unit

_DPI = 100
_COLORS = {
    "verdict-reproduced": "good",
    "verdict-consistent": "fits",
    "verdict-same-direction": "near",
    "verdict-not-reproduced": "bad",
    "verdict-not-testable": "unknown",
}
_MARKS = {
    "verdict-consistent": "h",
    "verdict-same-direction": "D",
    "verdict-not-reproduced": "s",
}
_OPEN = {"unclear", "verdict-not-testable"}
_LEFT, _RIGHT = 0.41, 0.66
"""Where the strips begin and end, of the picture's width: words stand at both sides."""


def preview(shown: Picture, counts: Counter[Verdict | None], title: str) -> bytes:
    """Return the picture with the site's title and the counts of verdicts as a PNG file.

    Parameters
    ----------
    shown : Picture
        What the landing page's picture shows.
    counts : Counter
        How often each verdict was given; empty without claims.
    title : str
        The site's.
    """
    figures.set_look()
    figure = Figure(figsize=(SIZE[0] / _DPI, SIZE[1] / _DPI), facecolor="white")
    figure.text(0.04, 0.93, title, fontsize=13, color=figures.QUIET, va="center")
    headline = shown.headline if shown.rows else title
    figure.text(0.04, 0.865, headline, fontsize=19, color=figures.INK, weight="bold", va="center")
    colors = _palette()
    told = [(f"Of {counts.total()} claims", figures.QUIET)] if counts else []
    told += [
        (f"{counts[verdict]} {verdict}", colors[_COLORS[class_of(verdict)]])
        for verdict in Verdict
        if counts[verdict]
    ]
    at = 0.04
    for words, color in told:
        figure.text(at, 0.79, words, fontsize=12, color=color, weight="bold", va="center")
        at += 0.0088 * len(words) + 0.025
    axes = figure.add_axes((_LEFT, 0.04, _RIGHT - _LEFT, 0.7))
    axes.set_axis_off()
    axes.set_xlim(shown.scale.low, shown.scale.high)
    axes.set_ylim(max(len(shown.rows), 8) - 0.5, -1.2)
    if shown.rows:
        axes.axvline(shown.line, ymax=0.97, color=figures.INK, linewidth=1.5)
        words = dict(shown.axis)[shown.line]
        axes.text(shown.line, -1.2, words, fontsize=10, color=figures.QUIET, ha="center")
    for number, row in enumerate(shown.rows):
        _draw(axes, number, row, shown, colors.get(_COLORS.get(row.css, ""), figures.OWN))
    return png(figure, _DPI)


def _draw(axes: Axes, number: int, row: Row, shown: Picture, color: str) -> None:
    found, scale = row.entry.finding, shown.scale
    measured = found.value is not None
    value = quantity(found.value, short_unit(found.unit)) if measured else "not measured"
    held = f" (published {row.held})" if row.held else ""
    beside = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
        "va": "center",
        "fontsize": 11,
    }
    axes.annotate(found.title, (0, number), (-8, 0), ha="right", color=figures.INK, **beside)
    axes.annotate(f"{value}{held}", (1, number), (12, 0), ha="left", color=color, **beside)
    if row.at is None:
        return
    if row.reach:
        ends = [max(scale.low, row.reach[0]), min(scale.high, row.reach[1])]
        axes.plot(ends, [number] * 2, color=color, linewidth=3, alpha=0.5, solid_capstyle="butt")
    at = min(max(row.at, scale.low), scale.high)
    mark = {1: ">", -1: "<"}.get(scale.beyond(row.at), _MARKS.get(row.css, "o"))
    fill = "white" if row.css in _OPEN else color
    axes.plot([at], [number], marker=mark, markersize=9, color=color, mfc=fill, clip_on=False)


def _palette() -> dict[str, str]:
    """Return the light colors of the site's palette, by name."""
    told = (paths.home() / PAGES / "style" / "palette.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", told))
