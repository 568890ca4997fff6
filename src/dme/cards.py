"""A finding as a reader meets it: a card of HTML, and the same in plain text."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from dme.findings import Finding
from dme.findings.judging import FIVE_SINCE, Earlier
from dme.linked import traced
from dme.tabled import Cell, tabled
from dme.tables.holdings import Holding
from dme.text import quantity, span

if TYPE_CHECKING:
    import pandas as pd

BASIS_WORDS = {"measured": "", "proxy": "proxy", "modelled": "modelled"}
MEANS = {
    "proxy": "leaves out a part of what is asked",
    "modelled": "rests on an input that is not public and was modelled",
    "true by construction": "a part of the answer follows from a definition, a rounding or a rule",
    "typed source": "rests on a table that was typed by hand from a document",
    "another reading": "computed otherwise; another finding gives the claim's verdict",
    "no verdict": "this study departs from what the claim speaks of",
    "no claim": "no published claim speaks of this",
}
"""What the labels mean that are no verdicts."""
_LONG = 20
"""Rows that a table may have before it is folded."""
_WIDE = 4
"""From this many columns on a table is too wide for a phone: there each row becomes a card."""


def verdict_class(finding: Finding) -> str:
    """Return the CSS class of the finding's verdict."""
    return class_of(finding.verdict)


def class_of(verdict: str | None) -> str:
    """Return the CSS class of a verdict, or of none."""
    return f"verdict-{(verdict or 'none').removesuffix(' only').replace(' ', '-')}"


def chip(css: str, words: str) -> str:
    """Return a small label, with what it means where that is not a verdict's."""
    means = f' title="{escape(MEANS[words])}"' if words in MEANS else ""
    return f'<span class="chip {css}"{means}>{escape(words)}</span>'


NO_CLAIM = chip("verdict-none", "no claim")
"""What a card shows of a finding that no claim speaks of."""


def chips(finding: Finding) -> str:
    """Return the small labels of a finding: its verdict, and its basis where not measured."""
    html = chip(verdict_class(finding), finding.verdict_text)
    if finding.by_construction:
        html += f" {chip('constructed', 'true by construction')}"
    html += basis_chip(finding)
    if finding.typed:
        html += f" {chip('kind-transcribed', 'typed source')}"
    return html


def basis_chip(finding: Finding) -> str:
    """Return the label of a finding that is not measured; "" where it is."""
    words = BASIS_WORDS[finding.basis]
    return f" {chip(f'basis-{finding.basis}', words)}" if words else ""


def _rests_on(finding: Finding, tables: Mapping[str, str]) -> str:
    return ", ".join(
        _named(name, tables) + (" (typed by hand)" if name in finding.typed else "")
        for name in finding.tables
    )


def _named(name: str, tables: Mapping[str, str]) -> str:
    """Return the name of a table, or of an edition of it, as a link where it has a page."""
    address = tables.get(name.partition("/")[0])
    return f'<a href="{escape(address)}">{escape(name)}</a>' if address else escape(name)


def facts(finding: Finding, tables: Mapping[str, str]) -> str:
    """Return what is to be known of a finding, as the entries of a list of definitions.

    Parameters
    ----------
    finding : Finding
        What was found.
    tables : mapping of str to str
        Where the pages of tables are, by their names.
    """
    rows = [
        ("Claim", f"{finding.claim}: {finding.statement}" if finding.claim else ""),
        ("Published", finding.published if finding.published != "–" else ""),
        ("Why this verdict", finding.reason),
        ("True by construction", finding.by_construction),
        *_earlier(finding),
        ("Caution", finding.caveat),
        ("Who is counted", finding.population),
        ("Year", finding.year),
        ("Method", finding.method),
        ("Interval", finding.interval),
    ]
    told = [(name, escape(text)) for name, text in rows if text]
    told.append(("Tables it rests on", _rests_on(finding, tables)))
    return "".join(f"<dt>{name}</dt><dd>{html}</dd>" for name, html in told if html)


def words_of(earlier: Earlier) -> str:
    """Return a verdict under an earlier rule, by the verdicts of then and of today."""
    if earlier.date >= FIVE_SINCE or earlier.verdict == earlier.today:
        return str(earlier.verdict)
    return f"{earlier.verdict} by the four verdicts of then, {earlier.today} by today's"


def _earlier(finding: Finding) -> list[tuple[str, str]]:
    """Return the other verdicts under earlier rules, each once, with the dates of the rules."""
    told = [f"{words_of(each).capitalize()}. {each.reason}" for each in finding.changed]
    return [
        (
            f"By the rule of {' and '.join(each.date for each, _ in group)}",
            words,
        )
        for words, group in (
            (words, list(group))
            for words, group in groupby(zip(finding.changed, told, strict=True), itemgetter(1))
        )
    ]


def _alternatives(finding: Finding, trail: str) -> str:
    if not finding.alternatives:
        return ""
    way = f"{trail}#alternatives" if trail else ""
    rows = [
        [
            Cell(escape(other.label)),
            Cell(traced(escape(quantity(other.value, finding.unit)), way)),
            Cell(escape(span(other.low, other.high, finding.unit, other.value))),
        ]
        for other in finding.alternatives
    ]
    heads = ("With another choice", "Figure", "Interval")
    return tabled(heads, rows, f"{finding.title}: with other choices", "alternatives")


def html(finding: Finding, trail: str = "", tables: Mapping[str, str] | None = None) -> str:
    """Return the card: heading, figure, interval, sentence, and the facts behind them.

    Parameters
    ----------
    finding : Finding
        What was found.
    trail : str, optional
        Where its figures lead; they are no links without.
    tables : mapping of str to str, optional
        See `facts`.
    """
    interval = (
        f' <span class="finding-interval">({escape(finding.interval_text)})</span>'
        if finding.low is not None
        else ""
    )
    figure = f"<b>{escape(finding.value_text)}</b>{interval}"
    whence = f' <a href="{escape(trail)}">Where this number comes from</a>' if trail else ""
    return (
        f'<section class="finding {verdict_class(finding)}" id="{escape(finding.id)}">'
        f'<p class="finding-head"><strong>{escape(finding.title)}</strong> {chips(finding)}</p>'
        f'<p class="finding-value">{traced(figure, trail)}</p>'
        f'<p class="finding-sentence">{escape(finding.sentence)}{whence}</p>'
        f"<details><summary>How it was measured</summary><dl>{facts(finding, tables or {})}</dl>"
        f"{_alternatives(finding, trail)}</details></section>"
    )


def text(finding: Finding) -> str:
    """Return the finding in one paragraph of plain text."""
    interval = f" ({finding.interval_text})" if finding.low is not None else ""
    typed = "typed source" if finding.typed else ""
    labels = ", ".join(filter(None, (finding.verdict, BASIS_WORDS[finding.basis], typed)))
    labels = f" [{labels}]" if labels else ""
    return f"{finding.title}: {finding.value_text}{interval}{labels}. {finding.sentence}"


KINDS = {
    "verbatim": "the publisher's figures, reshaped",
    "transcribed": "typed by hand, all or in part",
    "derived": "worked out by a rule",
}
"""What the kinds of tables are, in words."""


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
    return "; ".join(filter(None, (f"{rows}, {held.years}".rstrip(", "), KINDS[held.kind])))


def needs_html(held: Sequence[Holding]) -> str:
    """Return a folded table of the tables that a notebook needs."""
    rows = [
        [Cell(f"<code>{escape(one.table)}</code> {escape(one.title)}"), Cell(escape(_holds(one)))]
        for one in held
    ]
    summary = "The tables that this page rests on"
    table = tabled(("Table", "What it holds of the district"), rows, summary, "inputs")
    return f'<details class="needs"><summary>{summary}</summary>{table}</details>'


def needs_text(held: Sequence[Holding]) -> str:
    """Return the tables that a notebook needs as lines of plain text."""
    return "\n".join(f"{one.table}: {_holds(one)}" for one in held)


def table_html(table: "pd.DataFrame", label: str) -> str:
    """Return a table with its column names as they are; a wide one is cards on a narrow screen.

    One of many rows is folded under a summary that a reader can open.

    Parameters
    ----------
    table : DataFrame
        What is shown; the index is not.
    label : str
        What the table holds, for those who can't see it.
    """
    css = "stack data" if len(table.columns) >= _WIDE else "data"
    known = table.astype(object).where(table.notna(), "–")
    rows = ([Cell(_shown(value)) for value in row] for row in known.itertuples(index=False))
    html = tabled([str(name) for name in table.columns], rows, label, css)
    if len(table) <= _LONG:
        return html
    summary = f"{escape(label.rstrip('.'))} ({len(table)} rows)"
    return f'<details class="rows"><summary>{summary}</summary>{html}</details>'


def _shown(value: object) -> str:
    return escape(str(round(value, 6) if isinstance(value, float) else value))
