"""The pictures of the atlas: a dot for each district along an axis, and where it lies."""

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from matplotlib.ticker import MaxNLocator

from dme.text import quantity, short_unit, unit_head

CLASSES = 5
"""Shades on a map, each with as many districts."""
_BINS = 96
_DOT, _ABOVE, _BELOW = 7.0, 26, 26
_TALLEST = 150
_MARGIN = 2.0
_REACH = 4
"""The axis ends so many times the middle half's width beside it; what lies beyond is at its end."""
_MAP_WIDTH, _MAP_EDGE = 360, 12


def strip(values: Mapping[str, float], words: Mapping[str, str], own: str, unit: str) -> str:
    """Return a strip: dots stacked along an axis, the median marked, one district in a color.

    Its width is that of the page and its dots keep their size, so that a phone shows it too.

    Parameters
    ----------
    values : mapping of str to float
        By district code.
    words : mapping of str to str
        What each dot says.
    own : str
        The district that is marked.
    unit : str
        Of the figures; see `dme.text.quantity`.
    """
    ticks = _ticks(list(values.values()))
    low, high = ticks[0], ticks[-1]

    def across(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return _MARGIN + (100 - 2 * _MARGIN) * round(share * _BINS) / _BINS

    height: dict[float, int] = {}
    spots = []
    for code, value in sorted(values.items(), key=lambda one: (one[1], one[0])):
        place = across(value)
        height[place] = height.get(place, 0) + 1
        spots.append((code, place, height[place]))
    pitch = min(_DOT, _TALLEST / max(height.values()))
    tall = round(_ABOVE + pitch * max(height.values()) + _DOT)
    middle = across(float(np.median(list(values.values()))))
    drawn = [
        f'<line class="axis" x1="0" x2="100%" y1="{tall}" y2="{tall}"/>',
        f'<line class="median" x1="{middle:.4g}%" x2="{middle:.4g}%" y1="18" y2="{tall}"/>',
        f'<text class="median" x="{middle:.4g}%" y="12" text-anchor="{_anchor(middle)}">median '
        f"{escape(in_short(float(np.median(list(values.values()))), unit))}</text>",
    ]
    if low < 0 < high:
        drawn.append(f'<line class="zero" x1="{across(0):.4g}%" x2="{across(0):.4g}%" y1="18" '
                     f'y2="{tall + 5}"/>')  # fmt: skip
    for number, tick in enumerate(ticks):
        place = across(tick)
        # A phone has room for every second one.
        kind = ' class="second"' if number % 2 else ""
        drawn.append(f'<text{kind} x="{place:.4g}%" y="{tall + 18}" text-anchor="{_anchor(place)}">'
                     f"{escape(in_short(tick, unit))}</text>")  # fmt: skip
    for code, place, level in spots:
        mark = ' class="own"' if code == own else ""
        drawn.append(
            f'<circle{mark} cx="{place:.4g}%" cy="{tall + 2 - pitch * level:.4g}" r="3" '
            f'data-d="{code}"><title>{escape(words[code])}</title></circle>'
        )
    return _svg(f'width="100%" height="{tall + _BELOW}"', "A dot for each district.", drawn)


def in_short(value: float, unit: str) -> str:
    """Return a figure without the words that follow its unit, but that for its side of zero."""
    return quantity(value, short_unit(unit) if value else unit_head(unit))


def beyond(values: Mapping[str, float]) -> list[str]:
    """Return the districts whose figures lie beyond the ends of the strip, the lowest first."""
    ticks = _ticks(list(values.values()))
    outside = [code for code, value in values.items() if not ticks[0] <= value <= ticks[-1]]
    return sorted(outside, key=lambda code: (values[code], code))


def edges(values: Mapping[str, float]) -> list[float]:
    """Return the figures between the shades of a map; fewer where many districts are alike."""
    every = list(values.values())
    inner = np.quantile(every, [n / CLASSES for n in range(1, CLASSES)])
    # No shade is of districts below the lowest.
    return sorted(edge for edge in {float(f"{edge:.2g}") for edge in inner} if edge > min(every))


def dots(
    values: Mapping[str, float], places: Mapping[str, tuple[float, float]], own: str,
    named: Mapping[str, str],
) -> str:  # fmt: skip
    """Return a map: a dot where each district lies, the darker the higher its figure.

    Parameters
    ----------
    values : mapping of str to float
        By district code; districts without one are drawn as rings.
    places : mapping of str to (float, float)
        Longitude and latitude.
    own : str
        The district that is marked.
    named : mapping of str to str
        The districts whose names are written, as a reader finds his way by them.
    """
    lon, lat = np.array(list(places.values())).T
    shrink = math.cos(math.radians(float(lat.mean())))
    scale = (_MAP_WIDTH - 2 * _MAP_EDGE) / (np.ptp(lon) * shrink)
    tall = float(np.ptp(lat)) * scale + 2 * _MAP_EDGE + 8
    between = edges(values)
    drawn, written = [], []
    for code, (east, north) in places.items():
        x = _MAP_EDGE + (east - lon.min()) * shrink * scale
        y = _MAP_EDGE + (lat.max() - north) * scale + 8
        shade = f"q{np.searchsorted(between, values[code], 'right') + 1}" if code in values else ""
        mark = f"{shade or 'none'}{' own' if code == own else ''}"
        drawn.append(f'<circle class="{mark}" cx="{x:.0f}" cy="{y:.0f}" r="4" data-d="{code}"/>')
        if code in named:
            written.append(f'<text x="{x:.0f}" y="{y - 7:.0f}" text-anchor="middle">'
                           f"{escape(named[code])}</text>")  # fmt: skip
    size = f'viewBox="0 0 {_MAP_WIDTH} {tall:.0f}"'
    return _svg(size, "A map: a dot for each district.", [*drawn, *written])


def _svg(size: str, label: str, drawn: Sequence[str]) -> str:
    return f'<svg class="strip" {size} role="img" aria-label="{label}">{"".join(drawn)}</svg>'


def _anchor(place: float) -> str:
    return "start" if place < 8 else "end" if place > 92 else "middle"


def _ticks(values: Sequence[float]) -> list[float]:
    """Return round numbers along the figures; a few of the outermost may lie beyond the last."""
    quarter, three = np.quantile(values, [0.25, 0.75])
    reach = _REACH * (three - quarter) or 1.0
    low, high = max(min(values), quarter - reach), min(max(values), three + reach)
    if low == high:
        low, high = low - 1, high + 1
    ticks = MaxNLocator(5).tick_values(float(low), float(high))
    return [float(f"{tick:.6g}") for tick in ticks]
