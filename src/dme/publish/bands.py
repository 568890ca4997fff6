"""A picture of what flows into what: columns of boxes with bands between them, as SVG.

A box is as high as it holds findings, and so is a band wide. Where the bands at one side of a box
hold more of them than the box, as of a finding that rests on several tables, they narrow toward it.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from dme.text import plural

_WIDTH, _MARGIN, _BAR = 800, 10, 8
_COLUMNS = {3: (184, 272, 650), 4: (184, 272, 520, 642)}
"""Where the boxes of each column begin; the words of the first stand at its left."""
_SCALE, _GAP, _LINE = 1.3, 5, 14
_LETTERS, _MOST_LINES, _IN_A_ROW, _STEP = 23, 3, 5, 28


@dataclass(frozen=True)
class Box:
    """A box of a column.

    Attributes
    ----------
    name : str
        What it is called, and known by.
    findings : frozenset of str
        Ids of the findings that it holds.
    address : str
        Where it leads; "" for nowhere.
    css : str
        Class of the box and of the bands that end in it.
    note : str
        What else is told of it where a pointer rests on it.
    parts : mapping of str to str
        Addresses of what stands below its name, by short names.
    """

    name: str
    findings: frozenset[str]
    address: str = ""
    css: str = ""
    note: str = ""
    parts: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Band:
    """What goes from a box to one of the next column, by their names."""

    start: str
    end: str
    findings: frozenset[str]


@dataclass
class _Placed:
    """A box in its place, with how much of each side is taken by bands."""

    box: Box
    x: float
    y: float
    held: tuple[int, int]
    taken: list[float]

    @property
    def height(self) -> float:
        return _SCALE * len(self.box.findings)

    def take(self, side: int, count: int) -> tuple[float, float]:
        """Return where a band of so many findings begins and ends at a side (0 left, 1 right)."""
        fit = min(1, len(self.box.findings) / self.held[side])
        start = self.y + self.taken[side]
        self.taken[side] += _SCALE * count * fit
        return start, self.y + self.taken[side]


def picture(
    columns: Sequence[Sequence[Box]],
    between: Sequence[Sequence[Band]],
    titles: Mapping[str, str],
    label: str,
) -> str:
    """Return columns of boxes, and the bands between each and the next, as an SVG element.

    Parameters
    ----------
    columns : sequence of sequence of Box
        Three or four, each from above.
    between : sequence of sequence of Band
        The bands that leave each column but the last.
    titles : mapping of str to str
        What findings are called, by id.
    label : str
        What the picture shows, for those who can't see it.
    """
    height = max(sum(map(_slot, column)) + _GAP * (len(column) - 1) for column in columns)
    placed = []
    for number, column in enumerate(columns):
        sides = [between[number - 1] if number else (), [*between, ()][number]]
        placed.append(_placed(column, _COLUMNS[len(columns)][number], height, sides))
    parts = []
    for (left, right), bands in zip(pairwise(placed), between, strict=True):
        parts += _drawn(left, right, bands, titles)
    for number, boxes in enumerate(placed):
        parts += [_box(one, left=not number) for one in boxes.values()]
    # Wide letters of the first names reach a little past the left edge.
    wide, high = _WIDTH + _MARGIN, f"{height + 2:.0f}"
    size = f'viewBox="-{_MARGIN} 0 {wide} {high}" width="{wide}" height="{high}"'
    return (
        f'<svg class="flow" {size} role="group" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _slot(box: Box) -> float:
    return max(_SCALE * len(box.findings), _LINE * len(_lines(box)) + _LINE * len(_rows(box)))


def _lines(box: Box) -> list[str]:
    wrapped = textwrap.TextWrapper(_LETTERS, break_long_words=False)
    wrapped.max_lines, wrapped.placeholder = _MOST_LINES, " …"
    return wrapped.wrap(box.name)


def _rows(box: Box) -> list[list[tuple[str, str]]]:
    parts = list((box.parts or {}).items())
    return [parts[start : start + _IN_A_ROW] for start in range(0, len(parts), _IN_A_ROW)]


def _placed(
    column: Sequence[Box], x: float, height: float, sides: Sequence[Sequence[Band]]
) -> dict[str, _Placed]:
    """Return the boxes of a column in their places, spread over the picture's height."""
    left = height - sum(map(_slot, column))
    gap = left / (len(column) + 1)
    found, y = {}, 1 + (gap if gap > _GAP else 0)
    gap = gap if gap > _GAP else left / max(1, len(column) - 1)
    for box in column:
        held = (
            sum(len(band.findings) for band in sides[0] if band.end == box.name),
            sum(len(band.findings) for band in sides[1] if band.start == box.name),
        )
        top = y + (_slot(box) - _SCALE * len(box.findings)) / 2
        found[box.name] = _Placed(box, x, top, held, [0, 0])
        y += _slot(box) + gap
    return found


def _drawn(
    left: Mapping[str, _Placed],
    right: Mapping[str, _Placed],
    bands: Sequence[Band],
    titles: Mapping[str, str],
) -> Iterator[str]:
    """Yield the bands from one column to the next, in an order in which few of them cross."""
    order = [{name: number for number, name in enumerate(side)} for side in (left, right)]
    ends = {
        (band.start, band.end): right[band.end].take(0, len(band.findings))
        for band in sorted(bands, key=lambda band: (order[1][band.end], order[0][band.start]))
    }
    for band in sorted(bands, key=lambda band: (order[0][band.start], order[1][band.end])):
        one, other = left[band.start], right[band.end]
        top, bottom = one.take(1, len(band.findings))
        end, low = ends[band.start, band.end]
        x, to = one.x + _BAR, other.x
        middle = (x + to) / 2
        path = (
            f"M{x} {top:.1f}C{middle} {top:.1f} {middle} {end:.1f} {to} {end:.1f}V{low:.1f}"
            f"C{middle} {low:.1f} {middle} {bottom:.1f} {x} {bottom:.1f}Z"
        )
        names = "; ".join(sorted(titles[name] for name in band.findings))
        words = f"{band.start} → {band.end}: {plural(len(band.findings), 'finding')}: {names}"
        css = f"band {other.box.css}".rstrip()
        yield f'<path class="{css}" d="{path}"><title>{escape(words)}</title></path>'


def _box(one: _Placed, *, left: bool) -> str:
    """Return a box with its name and number, and with what stands below."""
    box, lines, rows = one.box, _lines(one.box), _rows(one.box)
    x = one.x - 5 if left else one.x + _BAR + 5
    middle = one.y + one.height / 2
    y = middle - _LINE * (len(lines) + len(rows)) / 2 + 0.75 * _LINE
    count = f'<tspan class="count" dx="5">{len(box.findings)}</tspan>'
    words = "".join(
        f'<tspan x="{x}" y="{y + _LINE * number:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    note = f"{box.name}: {plural(len(box.findings), 'finding')}{box.note}"
    bar = (
        f'<rect class="{f"box {box.css}".rstrip()}" x="{one.x}" y="{one.y:.1f}" width="{_BAR}" '
        f'height="{one.height:.1f}"/>'
    )
    anchor = ' text-anchor="end"' if left else ""
    text = f"<title>{escape(note)}</title>{bar}<text{anchor}>{words}{count}</text>"
    below = "".join(
        f'<a href="{escape(address)}"><text class="part" x="{x + _STEP * across}" '
        f'y="{y + _LINE * (len(lines) + down):.1f}">{escape(name)}</text></a>'
        for down, row in enumerate(rows)
        for across, (name, address) in enumerate(row)
    )
    named = f'<a href="{escape(box.address)}">{text}</a>' if box.address else f"<g>{text}</g>"
    return named + below
