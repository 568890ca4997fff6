"""Small drawings beside words: a mark on a line, with its interval, in the colors of verdicts.

They are shapes alone. The words beside them say the same, so that nobody needs to see them.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dme.cards import class_of

WIDTH, HEIGHT = 240.0, 20.0
_MARGIN = 12.0
_MIDDLE = HEIGHT / 2
_SIZE = 6.0
"""Half of a mark's width; that of an arrow, too."""

# A verdict has the form and the sign of its chip; signs are drawn within eight points.
_FORMS = {
    "verdict-reproduced": '<circle r="6.5"/>',
    "verdict-consistent": '<path d="M-6.5-6.5H0A6.5 6.5 0 0 1 0 6.5H-6.5Z"/>',
    "verdict-same-direction": '<path d="M0-8.5 8.5 0 0 8.5-8.5 0Z"/>',
    "verdict-not-reproduced": '<path d="M-6-6H6V6H-6Z"/>',
    "verdict-not-testable": '<circle class="open" r="6.5"/>',
    "clear": '<circle r="5"/>',
    "unclear": '<circle class="open" r="5"/>',
}
_SIGNS = {
    "verdict-reproduced": "M-3 .2-.8 2.6 3.2-2.6",
    "verdict-consistent": "M2.2-2.6H-.6A2.6 2.6 0 0 0-.6 2.6H2.2",
    "verdict-same-direction": "M-2.6 2.6 2.6-2.6M-.8-2.6H2.6V.8",
    "verdict-not-reproduced": "M-2.8-2.8 2.8 2.8M-2.8 2.8 2.8-2.8",
    "verdict-not-testable": "M-1.8-1.6A1.9 1.9 0 1 1 0 .6V1.4M0 3.1V3.3",
}


class Scale(NamedTuple):
    """What lies at the left and at the right end of a strip."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Return where a value lies on a strip, at its end if beyond it."""
        share = (value - self.low) / (self.high - self.low)
        return round(_MARGIN + min(max(share, 0.0), 1.0) * (WIDTH - 2 * _MARGIN), 1)

    def beyond(self, value: float) -> int:
        """Return -1 for a value beyond the left end, 1 beyond the right one, else 0."""
        return (value > self.high) - (value < self.low)


def drawn(parts: Iterable[str], width: float = WIDTH, height: float = HEIGHT) -> str:
    """Return a drawing of these parts that only eyes meet."""
    return (
        f'<svg class="strip" viewBox="0 0 {width:g} {height:g}" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def rule(x: float, css: str) -> str:
    """Return a line from top to bottom."""
    return f'<line class="{css}" x1="{x:g}" x2="{x:g}" y1="0" y2="{HEIGHT:g}"/>'


def band(left: float, right: float, css: str) -> str:
    """Return an area from top to bottom."""
    return (
        f'<rect class="{css}" x="{left:g}" y="0" width="{right - left:.1f}" height="{HEIGHT:g}"/>'
    )


def words(x: float, text: str, anchor: str = "middle") -> str:
    """Return words of an axis."""
    return f'<text x="{x:g}" y="14" text-anchor="{anchor}">{text}</text>'


def ends(scale: Scale, low: float, high: float) -> str:
    """Return an interval as a bar; an arrow stands where it goes on beyond the strip."""
    arrows = "".join(_arrow(scale.beyond(end)) for end in (low, high) if scale.beyond(end))
    left, right = (f"{scale.at(end):g}" for end in (low, high))
    across = f'y1="{_MIDDLE:g}" y2="{_MIDDLE:g}"'
    return f'<line class="reach" x1="{left}" x2="{right}" {across}/>{arrows}'


def marked(scale: Scale, value: float, css: str) -> str:
    """Return the mark of a value; an arrow where it lies beyond the strip."""
    if side := scale.beyond(value):
        return _arrow(side)
    return mark(css, scale.at(value))


def mark(css: str, x: float, y: float = _MIDDLE) -> str:
    """Return the mark of a verdict, by its class."""
    sign = f'<path class="sign" d="{_SIGNS[css]}"/>' if css in _SIGNS else ""
    return f'<g class="mark" transform="translate({x:g} {y:g})">{_FORMS[css]}{sign}</g>'


def coloured(css: str, parts: Sequence[str]) -> str:
    """Return parts in the color of a class."""
    return f'<g class="{css}">{"".join(parts)}</g>'


def _arrow(side: int) -> str:
    tip = WIDTH - 1 if side > 0 else 1
    back = tip - side * _SIZE
    points = f"{tip:g},{_MIDDLE:g} {back:g},{_MIDDLE - 5:g} {back:g},{_MIDDLE + 5:g}"
    return f'<polygon class="arrow" points="{points}"/>'


def badge(verdict: str | None) -> str:
    """Return the mark of a verdict alone, as it stands in a legend."""
    css = class_of(verdict)
    return drawn([coloured(css, [mark(css, 10, 10)])], 20, 20)
