"""All figures of a finding in one small picture: a dot each, the published one, and a marker."""

from collections import Counter
from dataclasses import dataclass
from html import escape

import numpy as np

from dme.findings.claims import yardstick
from dme.publish.knobs.grid import Grid
from dme.text import plural, quantity, short_unit, span

_TOP, _HEIGHT, _BASE = 17, 76, 97
"""Where the dots begin, how high they may stand, and the line below them, in pixels."""
_DOT = 6.0
_ROOM = 0.04
"""Share of the width that stays empty on both sides."""
_MANY = 100
_COLUMNS = {False: 60, True: 120}
_NEAR = 26
"""Percent of the width within which the words at two places would lie on each other."""


@dataclass(frozen=True)
class Scale:
    """Where figures stand on a strip, in percent of its width.

    Attributes
    ----------
    least, most : float
        The figures at its ends.
    """

    least: float
    most: float

    def place(self, figure: float) -> float:
        """Return where a figure stands; what is beyond an end stands there."""
        share = (figure - self.least) / ((self.most - self.least) or 1)
        return round(min(max(100 * share, 0), 100), 1)


def published(grid: Grid) -> tuple[float, float] | None:
    """Return the ends of the figure that a finding's claim has; None where it has none."""
    claim = grid.finding.claim
    told = yardstick()[claim].published if claim else None
    return told.ends if told else None


def scale(grid: Grid) -> Scale:
    """Return the scale that holds all figures, the published one, and the study's own interval.

    Zero joins them where it is near.
    """
    found, own = grid.figures, grid.finding
    shown = [found[0], found[-1], *(published(grid) or ())]
    shown += [end for end in (own.low, own.high) if end is not None]
    least, most = min(shown), max(shown)
    if 0 < least < (most - least) / 3:
        least = 0
    room = _ROOM * (most - least)
    return Scale(least - room, most + room)


def svg(grid: Grid) -> str:
    """Return the strip of a finding, with the marker at the study's own choices."""
    found, unit = grid.finding, grid.finding.unit
    on, values = scale(grid), grid.rows["value"].to_numpy()
    low, high = float(grid.figures[0]), float(grid.figures[-1])
    said = (
        f"{plural(len(grid.figures), 'combination')} of choices, from {quantity(low, unit)} to "
        f"{quantity(high, unit)}."
    )
    parts = [_dots(on, values, grid.apart)]
    if told := published(grid):
        at, to = (on.place(end) for end in told)
        parts.append(
            f'<rect class="told" x="{at}%" width="{max(to - at, 0):.1f}%" y="{_TOP}" '
            f'height="{_HEIGHT}"/>'
        )
        parts += [_upright("told", end) for end in dict.fromkeys((at, to))]
        parts.append(_words((at + to) / 2, _TOP - 5, f"published: {found.published}"))
        said += f" Published: {found.published}."
    parts.append(f'<line class="base" x1="0" x2="100%" y1="{_BASE}" y2="{_BASE}"/>')
    first, last = on.place(low), on.place(high)
    if on.least < 0 < on.most:
        zero = on.place(0)
        parts.append(
            f'<line class="base" x1="{zero}%" x2="{zero}%" y1="{_BASE - 4}" y2="{_BASE + 4}"/>'
        )
        if min(abs(zero - first), abs(zero - last)) > _NEAR:
            parts.append(_words(zero, _BASE + 19, "0"))
    short = short_unit(unit)
    ends = {place: quantity(end, short, high) for place, end in ((first, low), (last, high))}
    if last - first < _NEAR:
        ends = {(first + last) / 2: span(low, high, short)}
    parts += [_words(place, _BASE + 19, text) for place, text in ends.items()]
    parts.append(_marker(on, found.value, found.low, found.high))
    label = escape(said)
    return (
        f'<svg class="strip" role="img" aria-label="{label}" width="100%" height="{_BASE + 24}">'
        f"{''.join(parts)}</svg>"
    )


def _dots(on: Scale, values: np.ndarray, apart: np.ndarray) -> str:
    """Return the dots: those of one place stand upon each other, and all keep their roundness."""
    columns = _COLUMNS[len(values) > _MANY]
    known = ~np.isnan(values)
    at = [min(int(on.place(value) / 100 * columns), columns - 1) for value in values[known]]
    step = min(_HEIGHT / max(Counter(at).values()), _DOT)
    stacked: Counter[int] = Counter()
    paths: dict[bool, list[str]] = {False: [], True: []}
    # Those that keep to the claim's terms stand at the foot.
    for beyond, place in sorted(zip(apart[known].tolist(), at, strict=True)):
        stacked[place] += 1
        paths[beyond].append(f"M{place + 0.5:g} {_HEIGHT - step * (stacked[place] - 0.5):.4g}h0")
    css = "dots many" if len(values) > _MANY else "dots"
    drawn = "".join(
        f'<path class="{css}{" apart" if beyond else ""}" d="{"".join(path)}"/>'
        for beyond, path in paths.items()
        if path
    )
    return (
        f'<svg class="strip" y="{_TOP}" width="100%" height="{_HEIGHT}" preserveAspectRatio="none" '
        f'viewBox="0 0 {columns} {_HEIGHT}">{drawn}</svg>'
    )


def _words(at: float, y: int, text: str) -> str:
    # On a phone a letter is two percent of the width: words keep to it on both sides.
    anchor = "start" if at < len(text) else "end" if at > 100 - len(text) else "middle"
    return f'<text x="{at:.1f}%" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _upright(css: str, at: float) -> str:
    return f'<line class="{css}" x1="{at}%" x2="{at}%" y1="{_TOP}" y2="{_BASE}"/>'


def _marker(on: Scale, value: float, low: float | None, high: float | None) -> str:
    at = on.place(value)
    start, stop = (at if end is None else on.place(end) for end in (low, high))
    return (
        f'<line class="interval" x1="{start}%" x2="{stop}%" y1="{_BASE}" y2="{_BASE}"/>'
        f'{_upright("now", at)}<circle class="now" cx="{at}%" cy="{_BASE}" r="6"/>'
    )
