"""Tables of HTML, whose rows can become cards on a narrow screen."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

Groups = Iterable[tuple[str, Iterable[Sequence["Cell"]]]]
"""Rows under the HTML of a heading each; "" stands for none."""


class Cell(NamedTuple):
    """A cell: its HTML, the CSS class of the ``td``, and its rank where rows can be sorted."""

    html: str
    css: str = ""
    rank: int | None = None


def tabled(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], label: str, css: str = "stack"
) -> str:
    """Return an HTML table.

    The class ``stack`` makes a card of each row on a narrow screen. The roles are spelled out
    because CSS that turns a row into a block takes its meaning away from screen readers; the label
    of each cell is the column's heading, which a card repeats.

    Parameters
    ----------
    heads : sequence of str
        The columns' headings.
    rows : iterable of sequence of Cell
        The rows.
    label : str
        What the table holds, for those who can't see it.
    css : str
        CSS classes.
    """
    return grouped(heads, [("", rows)], label, css)


def grouped(heads: Sequence[str], groups: Groups, label: str, css: str = "stack") -> str:
    """Return an HTML table with a heading over each group of rows; see `tabled`."""
    head = "".join(f'<th scope="col" role="columnheader">{escape(text)}</th>' for text in heads)
    bodies = "".join(_body(title, rows, heads) for title, rows in groups)
    return (
        f'<table class="{css}" role="table" aria-label="{escape(label)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>{bodies}</table>'
    )


def _body(title: str, rows: Iterable[Sequence[Cell]], heads: Sequence[str]) -> str:
    over = (
        f'<tr role="row" class="group"><th role="rowheader" scope="rowgroup" '
        f'colspan="{len(heads)}">{title}</th></tr>'
        if title
        else ""
    )
    return f'\n<tbody role="rowgroup">{over}{"".join(_row(cells, heads) for cells in rows)}</tbody>'


def _row(cells: Sequence[Cell], heads: Sequence[str]) -> str:
    inner = "".join(
        f'<td role="cell" class="{cell.css}" data-label="{escape(head)}"{_rank(cell)}>'
        f"<div>{cell.html}</div></td>"
        for cell, head in zip(cells, heads, strict=True)
    )
    return f'\n<tr role="row">{inner}</tr>'


def _rank(cell: Cell) -> str:
    return "" if cell.rank is None else f' data-rank="{cell.rank}"'
