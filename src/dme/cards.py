"""A finding as a reader meets it: a card of HTML, and the same in plain text."""

import re
from collections.abc import Sequence
from html import escape
from itertools import cycle
from typing import TYPE_CHECKING

from dme.findings import Finding
from dme.tables.holdings import Holding
from dme.text import quantity, span

if TYPE_CHECKING:
    import pandas as pd

BASIS_WORDS = {"measured": "", "proxy": "proxy", "modelled": "modelled"}
_LONG = 20
"""Rows that a table may have before it is folded."""
_WIDE = 4
"""From this many columns on a table is too wide for a phone: there each row becomes a card."""


def verdict_class(finding: Finding) -> str:
    """Return the CSS class of the finding's verdict."""
    return f"verdict-{(finding.verdict or 'none').split(' with ')[0].replace(' ', '-')}"


def chips(finding: Finding) -> str:
    """Return the small labels of a finding: its verdict, and its basis where not measured."""
    words = finding.verdict or ("no verdict" if finding.claim else "no claim")
    html = f'<span class="chip {verdict_class(finding)}">{escape(words)}</span>'
    if basis := BASIS_WORDS[finding.basis]:
        html += f' <span class="chip basis-{finding.basis}">{escape(basis)}</span>'
    if finding.typed:
        html += ' <span class="chip kind-transcribed">typed source</span>'
    return html


def _rests_on(finding: Finding) -> str:
    return ", ".join(
        f"{name} (typed by hand)" if name in finding.typed else name for name in finding.tables
    )


def _facts(finding: Finding) -> str:
    rows = [
        ("Claim", f"{finding.claim}: {finding.statement}" if finding.claim else ""),
        ("Published", finding.published if finding.published != "–" else ""),
        ("Why this verdict", finding.reason),
        ("Caution", finding.caveat),
        ("Who is counted", finding.population),
        ("Year", finding.year),
        ("Method", finding.method),
        ("Interval", finding.interval),
        ("Tables it rests on", _rests_on(finding)),
    ]
    return "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)


def _alternatives(finding: Finding) -> str:
    if not finding.alternatives:
        return ""
    rows = "".join(
        f"<tr><td>{escape(other.label)}</td>"
        f"<td>{escape(quantity(other.value, finding.unit))}</td>"
        f"<td>{escape(span(other.low, other.high, finding.unit))}</td></tr>"
        for other in finding.alternatives
    )
    return (
        '<table class="alternatives"><thead><tr><th>With another choice</th><th>Figure</th>'
        f"<th>Interval</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def html(finding: Finding) -> str:
    """Return the card: heading, figure, interval, sentence, and the facts behind them."""
    interval = (
        f' <span class="finding-interval">({escape(finding.interval_text)})</span>'
        if finding.low is not None
        else ""
    )
    return (
        f'<section class="finding {verdict_class(finding)}" id="{finding.id}">'
        f'<p class="finding-head"><strong>{escape(finding.title)}</strong> {chips(finding)}</p>'
        f'<p class="finding-value"><b>{escape(finding.value_text)}</b>{interval}</p>'
        f'<p class="finding-sentence">{escape(finding.sentence)}</p>'
        f"<details><summary>How it was measured</summary><dl>{_facts(finding)}</dl>"
        f"{_alternatives(finding)}</details></section>"
    )


def text(finding: Finding) -> str:
    """Return the finding in one paragraph of plain text."""
    interval = f" ({finding.interval_text})" if finding.low is not None else ""
    typed = "typed source" if finding.typed else ""
    labels = ", ".join(filter(None, (finding.verdict, BASIS_WORDS[finding.basis], typed)))
    labels = f" [{labels}]" if labels else ""
    return f"{finding.title}: {finding.value_text}{interval}{labels}. {finding.sentence}"


_KINDS = {
    "verbatim": "the publisher's figures, reshaped",
    "transcribed": "figures typed by hand, all or in part",
    "derived": "worked out by a rule",
}


def _rows(held: Holding) -> str:
    if held.kind is None:
        return "no such table in this study's folder: what needs it is reported as not measured"
    if held.rows is None:
        return "not told apart by district"
    return f"{held.rows:,}" if held.rows else "none: what needs them is reported as not measured"


def _holds(held: Holding) -> str:
    if held.kind is None or held.rows == 0:
        return _rows(held)
    rows = _rows(held) if held.rows is None else f"{_rows(held)} rows"
    return "; ".join(filter(None, (f"{rows}, {held.years}".rstrip(", "), _KINDS[held.kind])))


def needs_html(held: Sequence[Holding]) -> str:
    """Return a folded table of the tables that a notebook needs."""
    rows = "".join(
        f"<tr><td><code>{one.table}</code> {escape(one.title)}</td><td>{escape(_holds(one))}</td>"
        "</tr>"
        for one in held
    )
    return (
        '<details class="needs"><summary>The tables that this page rests on</summary>'
        '<table class="inputs"><thead><tr><th>Table</th><th>What it holds of the district</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def needs_text(held: Sequence[Holding]) -> str:
    """Return the tables that a notebook needs as lines of plain text."""
    return "\n".join(f"{one.table}: {_holds(one)}" for one in held)


def table_html(table: "pd.DataFrame", label: str) -> str:
    """Return a table with its column names as they are; a wide one is cards on a narrow screen.

    One of many rows is folded under a summary that a reader can open.

    As in `dme.publish.markup.stack_table`: each cell bears its column's name, which a card shows
    beside it, and the roles are spelled out for screen readers.

    Parameters
    ----------
    table : DataFrame
        What is shown; the index is not.
    label : str
        What the table holds, for those who can't see it.
    """
    html = _table(table, label)
    if len(table) <= _LONG:
        return html
    summary = f"{escape(label.rstrip('.'))} ({len(table)} rows)"
    return f'<details class="rows"><summary>{summary}</summary>{html}</details>'


def _table(table: "pd.DataFrame", label: str) -> str:
    wide = len(table.columns) >= _WIDE
    css = "data wide" if wide else "data"
    html = table.to_html(index=False, border=0, classes=css, justify="left", na_rep="–")
    html = html.replace("<table ", f'<table role="table" aria-label="{escape(label)}" ', 1)
    if not wide:
        return html
    names = cycle(escape(str(name)) for name in table.columns)
    html = re.sub("<td>", lambda _: f'<td role="cell" data-label="{next(names)}">', html)
    html = re.sub(r"<(tr|thead|tbody)(?=[ >])", _with_role, html)
    return html.replace("<th>", '<th role="columnheader" scope="col">')


def _with_role(tag: re.Match[str]) -> str:
    role = "row" if tag[1] == "tr" else "rowgroup"
    return f'{tag[0]} role="{role}"'
