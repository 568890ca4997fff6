"""A school's students over the years, as a small picture."""

from collections.abc import Mapping, Sequence
from html import escape

from dme.text import first_year

_WIDTH, _HEIGHT = 360, 132
_LEFT, _RIGHT, _TOP, _FOOT = 32, 16, 22, 110
_NEAR = 24
"""How far the words at a dot reach, over which the line must not pass."""


def strip(students: Mapping[str, int], years: Sequence[str], small: int, label: str) -> str:
    """Return the line of a school's students, as SVG.

    Parameters
    ----------
    students : mapping of str to int
        By school year, those that were counted.
    years : sequence of str
        All years of the record, in order: those in which it was not counted leave a gap.
    small : int
        Fewer students are a small school: a dashed line.
    label : str
        What it shows, for those who can't see it.
    """
    first, last = first_year(years[0]), first_year(years[-1])
    top = max([*students.values(), small]) * 1.08

    def x(year: str) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (first_year(year) - first) / max(last - first, 1)

    def y(count: float) -> float:
        return _FOOT - (_FOOT - _TOP) * count / top

    runs: list[list[str]] = [[]]
    for year in years:
        if year in students:
            runs[-1].append(year)
        elif runs[-1]:
            runs.append([])
    lines = [
        f'<polyline points="{" ".join(f"{x(one):.1f},{y(students[one]):.1f}" for one in run)}"/>'
        for run in runs
        if len(run) > 1
    ]
    ends = sorted({min(students), max(students)})
    near = {
        one: [n for year, n in students.items() if abs(x(year) - x(one)) < _NEAR] for one in ends
    }
    dots = [
        f'<circle cx="{x(one):.1f}" cy="{y(students[one]):.1f}" r="3"/>'
        f"{_word(x(one), y(max(near[one])) - 7, f'{students[one]:,}', start=one == years[0])}"
        for one in ends
    ]
    middle = years[len(years) // 2]
    line = f"{y(small):.1f}"
    return (
        f'<svg class="strip" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">'
        f'<path class="floor" d="M{_LEFT} {_FOOT}H{_WIDTH - _RIGHT}"/>'
        f'<path class="small" d="M{_LEFT} {line}H{_WIDTH - _RIGHT}"/>'
        f"{''.join(lines)}{''.join(dots)}"
        f'<text class="end" x="{_LEFT - 6}" y="{_FOOT + 4}">0</text>'
        f'<text class="end" x="{_LEFT - 6}" y="{y(small) + 4:.1f}">{small:,}</text>'
        f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{years[0]}</text>'
        f'<text class="middle" x="{x(middle):.1f}" y="{_HEIGHT - 8}">{middle}</text>'
        f'<text class="end" x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}">{years[-1]}</text>'
        "</svg>"
    )


def _word(x: float, y: float, words: str, *, start: bool) -> str:
    side = "count" if start else "count middle"
    return f'<text class="{side}" x="{x:.1f}" y="{y:.1f}">{words}</text>'
