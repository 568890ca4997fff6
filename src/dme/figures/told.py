"""What a chart shows, in words and numbers: the table behind it, and what each of its dots is.

Most of it is read off what was drawn: where a dot lies, and what the axes call that. Which school
it is, only the rows know that it was drawn from.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryLocator
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, ScalarFormatter

from dme.text import school_year

_NO_DOTS = {None, "None", "", " ", "|", "none"}
_SERIES = "Series"
ENDS = {"low": "From", "high": "To"}
"""What the ends of an interval are called in a table."""

_HEADS = {True: "Row", False: "Value"}
_YEAR = re.compile(r"\d{4}-\d{2}")


class _Named(NamedTuple):
    """The names of rows, and where their dots lie."""

    x: np.ndarray
    y: np.ndarray
    names: Sequence[str]


@dataclass
class _Told:
    """What is known of a figure beside what was drawn."""

    table: pd.DataFrame | None = None
    named: list[_Named] = field(default_factory=list)
    titles: dict[Artist, Sequence[str]] = field(default_factory=dict)


_KNOWN: WeakKeyDictionary[Figure, _Told] = WeakKeyDictionary()


def tells(
    axes: Axes,
    rows: pd.DataFrame,
    heads: Mapping[str, str],
    *,
    x: str = "",
    y: str | Sequence[float] = (),
) -> None:
    """Give a chart the table of what it shows, and its dots their names.

    The page shows the table below the chart, and hands it out. Without it, the places of dots and
    bars by their axes are what a chart tells.

    Parameters
    ----------
    rows : DataFrame
        A row for each thing that is drawn.
    heads : mapping of str to str
        Its columns with their heads in a reader's words, the things' name first; those that rows
        don't have, or that are empty, are left out.
    x, y : str
        The columns that hold where the rows' dots lie, or the heights themselves; where only `x`
        is given, a row is found by it.
    """
    told = _of(axes)
    known = {name: head for name, head in heads.items() if name in rows}
    told.table = rows[list(known)].rename(columns=known)
    if len(told.table):
        told.table = told.table.dropna(axis=1, how="all")
    if x:
        heights = rows[y] if isinstance(y, str) else y
        flat = np.full(len(rows), np.nan)
        names = [str(name) for name in rows[next(iter(heads))]]
        up = np.asarray(heights, dtype=float) if len(heights) else flat
        told.named.append(_Named(rows[x].to_numpy(float), up, names))


def entitle(artist: Artist, titles: Sequence[str]) -> None:
    """Say what each part of something drawn is, in the order in which it draws them."""
    _of(artist.axes).titles[artist] = titles  # type: ignore[arg-type]


def _of(axes: Axes) -> _Told:
    return _KNOWN.setdefault(axes.figure, _Told())


class _Mark(NamedTuple):
    """A dot or a bar: what it is, and its places by the axes, in words and as they are."""

    name: str
    values: tuple[tuple[str, str, object], ...]

    @property
    def title(self) -> str:
        told = (
            f"{label}: {words}" if label else words
            for label, words, _ in self.values
            if words != self.name
        )
        return "\n".join([*filter(None, [self.name]), *told])


def titles(figure: Figure) -> dict[str, list[str]]:
    """Return what dots and bars are, by an id that their artist is given."""
    found: dict[str, list[str]] = {}
    for number, (artist, marks) in enumerate(_marks(figure)):
        artist.set_gid(f"marks-{number}")
        found[f"marks-{number}"] = [mark.title for mark in marks]
    told = _KNOWN.get(figure, _Told())
    for number, (artist, words) in enumerate(told.titles.items()):
        artist.set_gid(f"told-{number}")
        found[f"told-{number}"] = list(words)
    return found


def table(figure: Figure) -> pd.DataFrame:
    """Return the table of what a figure shows."""
    told = _KNOWN.get(figure, _Told())
    if told.table is not None:
        return told.table
    rows = [
        {_SERIES: mark.name}
        | {label or _HEADS[isinstance(value, str)]: value for label, _, value in mark.values}
        for _, marks in _marks(figure)
        for mark in marks
    ]
    read = pd.DataFrame(rows)
    return read.drop(columns=_SERIES) if len(read) and not read[_SERIES].any() else read


def _marks(figure: Figure) -> Iterator[tuple[Artist, list[_Mark]]]:
    """Yield the artists that draw dots or bars, each with what they are."""
    told = _KNOWN.get(figure, _Told())
    for axes in figure.axes:
        names = _Names(told.named)
        colors = _legend(axes)
        for drawn in axes.collections:
            if isinstance(drawn, PathCollection) and drawn not in told.titles:
                at = np.ma.filled(drawn.get_offsets().astype(float), np.nan)
                shades = np.resize(drawn.get_facecolors(), (len(at), 4))
                series = [colors.get(tuple(np.round(shade[:3], 3)), "") for shade in shades]
                yield drawn, list(_dots(axes, at, series, names))
        for line in axes.lines:
            if line.get_marker() not in _NO_DOTS and line not in told.titles:
                at = np.column_stack([line.get_xdata(), line.get_ydata()]).astype(float)
                label = str(line.get_label())
                series = ["" if label.startswith("_") else label] * len(at)
                yield line, list(_dots(axes, at, series, names))
        for bars in axes.containers:
            if isinstance(bars, BarContainer):
                yield from _bars(axes, bars, colors)


def _legend(axes: Axes) -> dict[tuple[float, ...], str]:
    """Return the words of a legend by the color that they stand for."""
    legend = axes.get_legend()
    found = {}
    for handle, text in zip(
        legend.legend_handles if legend else (), legend.texts if legend else (), strict=False
    ):
        get = getattr(handle, "get_markerfacecolor", None) or getattr(handle, "get_facecolor", None)
        if get and not isinstance(shade := get(), str):
            found[tuple(np.round(np.ravel(shade)[:3], 3))] = text.get_text()
    return found


class _Names:
    """Finds the name of a dot by its place; each row names one dot."""

    def __init__(self, named: Sequence[_Named]) -> None:
        self._named = named
        self._free = [np.ones(len(each.names), dtype=bool) for each in named]

    def at(self, x: float, y: float) -> str:
        for each, free in zip(self._named, self._free, strict=True):
            # Seaborn moves dots of a row up and down, never along it.
            near = np.flatnonzero(free & np.isclose(each.x, x, rtol=1e-9, atol=1e-9))
            if near.size:
                away = np.nan_to_num(np.abs(each.y[near] - y))
                best = near[int(away.argmin())]
                free[best] = False
                return each.names[best]
        return ""


def _dots(axes: Axes, at: np.ndarray, series: Sequence[str], names: _Names) -> Iterator[_Mark]:
    for (x, y), of in zip(at, series, strict=True):
        if not np.isfinite([x, y]).all():
            continue
        places = [_place(axes.xaxis, x), _place(axes.yaxis, y)]
        # What a row or a year is called names the dot, if nothing else does.
        name = names.at(x, y) or of
        yield _mark(name, places)


def _bars(
    axes: Axes, bars: BarContainer, colors: dict[tuple[float, ...], str]
) -> Iterator[tuple[Artist, list[_Mark]]]:
    lying = getattr(bars, "orientation", None) == "horizontal"
    for bar in bars.patches:
        along = (bar.get_width(), bar.get_y() + bar.get_height() / 2)
        up = (bar.get_x() + bar.get_width() / 2, bar.get_height())
        x, y = along if lying else up
        if np.isfinite([x, y]).all():
            series = colors.get(tuple(np.round(bar.get_facecolor()[:3], 3)), "")
            yield bar, [_mark(series, [_place(axes.xaxis, x), _place(axes.yaxis, y)])]


def _mark(name: str, places: Sequence[tuple[str, str, object]]) -> _Mark:
    """Return a mark; what an axis calls a place comes before what it measures."""
    return _Mark(name, tuple(sorted(places, key=lambda place: not isinstance(place[2], str))))


def _place(axis: Axis, value: float) -> tuple[str, str, object]:
    """Return what an axis measures, with a value of it in words and as it is."""
    label, formatter = axis.get_label_text().replace("\n", " "), axis.get_major_formatter()
    if isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator):
        spots = np.asarray(axis.get_majorticklocs(), dtype=float)
        names = [name.replace("\n", " ") for name in formatter.format_ticks(list(spots))]
        if names and all(map(_YEAR.fullmatch, names)):
            year = school_year(round(value))
            return label or "School year", year, year
        away = np.abs(spots - value)
        if any(re.search("[a-z]", name) for name in names) and away.min() <= 0.5:
            name = names[int(away.argmin())]
            return label, name, name
    # Of millions one decimal; no zero with a sign.
    rounded = round(float(value), 1 if abs(value) < 100 else 0 if abs(value) < 1e6 else -5) + 0.0
    if isinstance(formatter, ScalarFormatter):
        return label, f"{rounded:,g}" if abs(rounded) < 1e6 else f"{rounded:,.0f}", float(value)
    return label, str(formatter(rounded, None)), float(value)
