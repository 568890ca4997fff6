"""Small pieces of Markdown and HTML from which the generated parts of pages are made."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple


class Cell(NamedTuple):
    """A cell of a stacking table: its HTML, and the CSS class of the ``td``."""

    html: str
    css: str = ""


def fence(text: str, attributes: str) -> str:
    """Return `text` as a fenced block that no run of backticks inside it can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{attributes}\n{text.rstrip(chr(10))}\n{ticks}\n"


def raw(html: str) -> str:
    """Return HTML as a raw block, which both renderers hand through as it is."""
    return fence(html, "{=html}")


def folded(summary: str, inner: str, css: str) -> str:
    """Return Markdown folded under a summary that a reader can open."""
    opening = raw(f'<details class="{css}"><summary>{escape(summary)}</summary>')
    return f"{opening}\n{inner}\n{raw('</details>')}"


def link(address: str, words: str) -> str:
    """Return an HTML link."""
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def stack_table(
    heads: Sequence[str], rows: Iterable[tuple[str, Sequence[Cell]]], label: str, css: str = ""
) -> str:
    """Return an HTML table whose rows become cards on a narrow screen.

    The roles are spelled out because CSS that turns a row into a block takes its meaning away
    from screen readers; the label of each cell is the column's heading, which a card repeats.

    Parameters
    ----------
    heads : sequence of str
        The columns' headings.
    rows : iterable of (str, sequence of Cell)
        HTML of the group that the row belongs to ("" for none), and its cells. Neighboring rows
        of one group stand under one heading.
    label : str
        What the table holds, for those who can't see it.
    css : str
        Further CSS classes.
    """
    head = "".join(f'<th scope="col" role="columnheader">{escape(text)}</th>' for text in heads)
    bodies = "".join(
        _body(group, [cells for _, cells in members], heads)
        for group, members in groupby(rows, key=lambda row: row[0])
    )
    return (
        f'<table class="stack {css}" role="table" aria-label="{escape(label)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>{bodies}</table>'
    )


def _body(group: str, rows: list[Sequence[Cell]], heads: Sequence[str]) -> str:
    title = (
        f'<tr role="row" class="group"><th role="rowheader" scope="rowgroup" '
        f'colspan="{len(heads)}">{group}</th></tr>'
        if group
        else ""
    )
    return (
        f'\n<tbody role="rowgroup">{title}{"".join(_row(cells, heads) for cells in rows)}</tbody>'
    )


def _row(cells: Sequence[Cell], heads: Sequence[str]) -> str:
    inner = "".join(
        f'<td role="cell" class="{cell.css}" data-label="{escape(head)}">'
        f"<div>{cell.html}</div></td>"
        for cell, head in zip(cells, heads, strict=True)
    )
    return f'\n<tr role="row">{inner}</tr>'
