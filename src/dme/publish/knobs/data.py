"""The file that the script of a panel reads: what the sweep's table says, in words, once each."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dme import cards
from dme.publish.knobs.grid import Grid
from dme.publish.knobs.strip import scale
from dme.publish.knobs.words import answers, asked
from dme.study import Study
from dme.text import plural, quantity, span

PATH = "knobs/{}.js"
"""Where the file of a page lies, as seen from the top of its study's site."""
_APART = " The study's claim is about another choice, so this one is not judged."


def script(grids: Sequence[Grid], ran: Study) -> str:
    """Return the file: it sets one global, so that a page opened from a disk can load it.

    ``cells`` tells for each combination of ``axes`` (the last varies fastest) which of the ``rows``
    it has: the figure and its interval as the sweep's table has them, in words; the numbers of its
    verdict and of its place among all; where figure and ends stand on the strip.

    Parameters
    ----------
    grids : sequence of Grid
        The findings of one page.
    ran : Study
        The study's own choices.
    """
    axes = {axis.name: axis for grid in grids for axis in grid.axes}
    told = {
        "study": ran.study,
        "axes": {
            name: {
                "asks": asked(axis),
                "labels": axis.labels,
                "answers": answers(axis),
                "lines": [_lines(sets) for sets in axis.sets],
                "own": axis.own,
            }
            for name, axis in axes.items()
        },
        "findings": {grid.finding.id: _finding(grid) for grid in grids},
    }
    return f"globalThis.KNOBS = {json.dumps(told, separators=(',', ':'))};\n"


def _lines(sets: Any) -> str:
    # JSON is YAML, too, and quotes every string.
    return "\n".join(f"{name}: {json.dumps(value)}" for name, value in sets.items())


def _finding(grid: Grid) -> dict[str, Any]:
    on = scale(grid)
    known = grid.rows[["value", "low", "high", "verdict"]].astype(object)
    rows, verdicts, places = _Once(), _Once(), _Once()
    cells = []
    told_of = zip(known.where(known.notna(), None).itertuples(index=False), grid.apart, strict=True)
    for (value, low, high, verdict), apart in told_of:
        at = [None if figure is None else on.place(figure) for figure in (value, low, high)]
        chip = (verdict or "no verdict", cards.class_of(verdict), _APART * bool(apart))
        told = (
            *_words(grid.finding.unit, value, low, high),
            verdicts(chip),
            places(place(grid, value)),
        )
        cells.append(rows((*told, *at)))
    return {
        "axes": [axis.name for axis in grid.axes],
        "own": grid.own,
        "verdicts": list(verdicts) if grid.judged else [],
        "places": list(places),
        "rows": list(rows),
        "cells": cells,
    }


class _Once(dict[Any, int]):
    """Things in the order in which they came, each once; calling it tells a thing's number."""

    def __call__(self, thing: Any) -> int:
        return self.setdefault(thing, len(self))


def _words(
    unit: str, value: float | None, low: float | None, high: float | None
) -> tuple[str, str]:
    """Return a figure and its interval in words; "" where there is none."""
    figure = "not measured" if value is None else quantity(value, unit, abs(high or low or 0))
    return figure, "" if low is None or value is None else span(low, high, unit, value)


def place(grid: Grid, value: float | None) -> str:
    """Return where a figure lies among all, in words."""
    if value is None or pd.isna(value):
        return "The public record lacks what this combination needs."
    figures = grid.figures
    below = bisect_left(figures, value)
    if not below:
        return "No combination gives less."
    above = len(figures) - bisect_right(figures, value)
    if not above:
        return "No combination gives more."
    return (
        f"Of all {plural(len(figures), 'combination')}, {_share(below, figures)} give a smaller "
        f"figure and {_share(above, figures)} a larger one."
    )


def _share(count: int, figures: Sequence[float]) -> str:
    return f"{min(max(round(100 * count / len(figures)), 1), 99)}%"
