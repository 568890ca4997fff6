"""The page of a finding: its whole chain, from the number back to the publishers' files."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from dme import cards
from dme.audit.statements import Statement
from dme.audit.trail import Trail, Used
from dme.findings.claims import Yardstick
from dme.publish.fragments import in_html
from dme.publish.markup import link
from dme.publish.own_page import Page, Ways, entries, facts
from dme.publish.trail import places
from dme.publish.trail.code import boxed, coloured
from dme.publish.trail.rows import Rows, Tables
from dme.study import Study
from dme.tabled import Cell, tabled
from dme.tables.sources import Source
from dme.text import plural, quantity, span

_RULES = "rules"
_SHOWN = 12
"""How many rows a page shows of those that were used."""
_MOST = 6
"""How many raw files it names of a table."""
# What stands in no address as it is.
_ODD = re.compile(r"[^\w-]")


@dataclass(frozen=True)
class Shared:
    """What the pages of a study's findings share.

    Attributes
    ----------
    ran : Study
        The parameters that ran.
    names : mapping of str to str
        Names of districts by code.
    tables : Tables
        The tables that it ran on.
    yardstick : Yardstick
        The published claims.
    pages : collection of str
        The pages of the study, without suffix.
    ways : sequence of (str, str)
        See `Page`.
    python : str
        The interpreter that ran, with its version; "" where it isn't known.
    """

    ran: Study
    names: Mapping[str, str]
    tables: Tables
    yardstick: Yardstick
    pages: Collection[str]
    ways: Ways
    python: str


def page(trail: Trail, shared: Shared) -> Page:
    """Return the page of a finding."""
    found, entry = trail.finding, trail.entry
    taken = {used.name: shared.tables.taken(used) for used in trail.tables}
    sections = {
        ("chain", "The chain at a glance"): _chain(trail, taken),
        ("measured", "How it was measured"): _measured(trail, shared),
        ("code", "The code that computes it"): "".join(_code(trail)),
        ("alternatives", "With other choices"): _alternatives(trail),
        ("parameters", "The parameters that it read"): _parameters(trail, shared),
        ("tables", "The tables, and the rows that it used"): "".join(
            _table(used, taken[used.name], changed=shared.tables.changed(used))
            for used in trail.tables
        ),
        ("files", "The district's own files"): facts(
            {escape(name): f"<code>{sha}</code>" for name, sha in trail.files.items()}
        ),
        ("environment", "What it ran with"): _environment(trail, shared),
    }
    body = _number(trail, shared) + "".join(
        f'<h2 id="{name}">{head}</h2>{inner}' for (name, head), inner in sections.items() if inner
    )
    card = (f"{entry.notebook}.html#{found.id}", "The card of this finding")
    return Page(
        places.of_site(places.finding(found.id)),
        found.title,
        "",
        body,
        [card, *shared.ways],
        places.FOLDER,
    )


def _figure(trail: Trail) -> str:
    found = trail.finding
    return "not measured" if found.value is None else escape(found.value_text)


def _number(trail: Trail, shared: Shared) -> str:
    found = trail.finding
    # Where no claims are in force, that it answers none goes without saying.
    claimed = shared.yardstick.speak_of(shared.ran)
    chips = cards.chips(found) if claimed else cards.chips(found).replace(cards.NO_CLAIM, "")
    interval = (
        f' <span class="finding-interval">({escape(found.interval_text)})</span>'
        if found.low is not None
        else ""
    )
    return (
        f'<section class="finding {cards.verdict_class(found)}">'
        f'<p class="finding-head">{chips}</p>'
        f'<p class="finding-value"><b>{_figure(trail)}</b>{interval}</p>'
        f'<p class="finding-sentence">{escape(found.sentence)}</p>'
        "</section>"
    )


def _chain(trail: Trail, taken: Mapping[str, Rows | None]) -> str:
    entry = trail.entry
    figure = _figure(trail)
    cell = f'<a href="#code">cell {entry.number} of {escape(entry.notebook)}.ipynb</a>'
    if not trail.tables:
        return f"<p><strong>{figure}</strong> ← {cell}. It read no table.</p>"
    rows = [
        [
            Cell(f'<a href="#{_anchor(used)}">{_counted(used, taken[used.name])}</a>'),
            Cell(_named(used)),
            Cell(_raw(used, taken[used.name])),
        ]
        for used in trail.tables
    ]
    heads = ("← rows", "← of table", "← made from raw files")
    return (
        f"<p><strong>{figure}</strong> ← {cell}</p>"
        f"{tabled(heads, rows, 'Rows, tables and raw files', 'stack chain')}"
    )


def _anchor(used: Used) -> str:
    return f"table-{_ODD.sub('-', used.name)}"


def _counted(used: Used, rows: Rows | None) -> str:
    if rows is None:
        return "no row" if used.told and not used.rows else "rows that can't be told"
    return plural(len(rows.records), "row")


def _named(used: Used) -> str:
    named = f"<code>{escape(used.name)}</code>"
    return f'<a href="{places.table(used.table)}">{named}</a>' if used.provenance else named


def _raw(used: Used, rows: Rows | None) -> str:
    if used.provenance is None:
        return "no package tells of it"
    counts = Counter(source.publisher for source in _sources(used, rows)[0])
    words = ", ".join(f"{plural(count, 'file')} of {name}" for name, count in counts.items())
    return link(f"{places.table(used.table)}#raw-files", words)


def _measured(trail: Trail, shared: Shared) -> str:
    paged = {used.table: places.table(used.table) for used in trail.tables if used.provenance}
    inner = cards.facts(trail.finding, paged) + _rule(trail, shared)
    return f'<dl class="facts">{inner}</dl>' if inner else ""


def _rule(trail: Trail, shared: Shared) -> str:
    claim = trail.claim
    if claim is None:
        return ""
    source = shared.yardstick.sources[claim.source]
    where = f"{link(source.address, source.title)}, {escape(source.publisher)}"
    told = "<br>".join(escape(text) for text in claim.rule.told())
    rules = f"{places.TOP}{_RULES}.html#rule-{claim.id}"
    if _RULES in shared.pages:
        told += f"<br>{link(rules, 'All its rules, with their history')}"
    return entries(
        {
            "Where it was published": where,
            f"Rule since {escape(claim.rules[-1].date)}": told,
        }
    )


def _code(trail: Trail) -> Iterator[str]:
    entry = trail.entry
    notebook = f"{entry.notebook}.ipynb"
    own = [one for one in trail.statements if one.finding == trail.finding.id]
    names = {name for one in own for name in one.binds}
    varying = [one for one in trail.statements if one.varies & names]
    rest = [one for one in trail.statements if one not in own and one not in varying]
    yield (
        f"<p>Recorded by cell {entry.number} of the notebook "
        f"{link(f'{places.TOP}{notebook}', notebook)}. In the code below, what comes from "
        "elsewhere is a link to where it is written.</p>"
    )
    links = {helper.called: places.source(helper.module, helper.first) for helper in trail.helpers}
    links = {one.name: f"#code-{one.name}" for one in trail.statements if one.name} | links
    anchors: set[str] = set()
    for head, some in (
        ("The finding's function", own),
        ("What it rests on in this notebook", rest),
        ("Its other choices", varying),
    ):
        if some:
            yield f"<h3>{head}</h3>"
            yield from (_statement(one, links, anchors) for one in some)
    if trail.helpers:
        yield '<h3 id="helpers">What these call of the project\'s own modules</h3>'
        yield _helpers(trail)
    if trail.modules:
        items = "".join(
            f"<li>{link(places.source(one.name), one.name)}{_CHANGED if one.changed else ''}</li>"
            for one in trail.modules
        )
        count = plural(len(trail.modules), "module")
        yield (
            f'<details class="code"><summary>All {count} that these reach</summary>'
            f"<ul>{items}</ul></details>"
        )


_NOT_AS_READ = (
    '<p class="warning"><strong>This is not the table that was read.</strong> Its file was changed '
    "since, so that its rows can't be told. Run the study again, and build these pages anew.</p>"
)
_CHANGED = ' <span class="changed">changed since it was run</span>'


def _statement(one: Statement, links: Mapping[str, str], anchors: set[str]) -> str:
    name = f"code-{one.name}"
    anchor = "" if not one.name or name in anchors else f' id="{name}"'
    anchors.add(name)
    others = {called: address for called, address in links.items() if called != one.name}
    return (
        f'<p class="place"{anchor}>cell {one.number}, line {one.line}</p>'
        f"{boxed(coloured(one.source, others))}"
    )


def _helpers(trail: Trail) -> str:
    changed = {one.name for one in trail.modules if one.changed}
    items = (
        f"<li><code>{escape(one.called)}</code> → "
        f"{link(places.source(one.module, one.first), f'{one.module}, line {one.first}')}"
        f"{_CHANGED if one.module in changed else ''}</li>"
        for one in trail.helpers
    )
    return f'<ul class="helpers">{"".join(items)}</ul>'


def _alternatives(trail: Trail) -> str:
    unit = trail.finding.unit
    rows = [
        [
            Cell(escape(one.label)),
            Cell(escape(quantity(one.value, unit))),
            Cell(escape(span(one.low, one.high, unit, one.value))),
            Cell(f"<code>{escape(one.by)}</code>" if one.by else ""),
        ]
        for one in trail.finding.alternatives
    ]
    heads = ("Choice", "Figure", "Interval", "What it sets")
    return tabled(heads, rows, "The figure with other choices") if rows else ""


def _parameters(trail: Trail, shared: Shared) -> str:
    rows = [
        [
            Cell(f"<code>{name}</code>"),
            Cell(in_html(getattr(shared.ran, name), shared.names)),
            Cell(escape(Study.model_fields[name].description or "")),
        ]
        for name in trail.parameters
    ]
    heads = ("Parameter", "This study", "Meaning")
    return tabled(heads, rows, "Parameters that it read", "stack parameters") if rows else ""


def _table(used: Used, rows: Rows | None, *, changed: bool) -> str:
    origin = used.provenance
    title = f" {escape(origin.title)}" if origin else ""
    sha = f"<code>{used.sha256}</code>" if used.sha256 else ""
    told = facts(
        {
            "Rows that it used": _rows_in_words(used, rows),
            "Raw files": _files(used, rows),
            "sha256 of the table as it was read": sha,
        }
    )
    return (
        f'<h3 id="{escape(_anchor(used))}">{_named(used)}{title}</h3>'
        f"{_NOT_AS_READ if changed else ''}{told}"
        f"{_first(rows) if rows else ''}"
    )


def _rows_in_words(used: Used, rows: Rows | None) -> str:
    if rows is None:
        return used.in_words if used.told and not used.rows else "can't be told"
    count = plural(len(rows.records), "row")
    return f'{escape(rows.words)} (<a href="{rows.file}" download>{count} as CSV</a>)'


def _sources(used: Used, rows: Rows | None) -> tuple[list[Source], list[Source]]:
    """Return the raw files that the rows can be from, and the others of the table."""
    if rows:
        return used.sources
    return [*(used.provenance.sources if used.provenance else ())], []


def _files(used: Used, rows: Rows | None) -> str:
    """Return the raw files that the rows can be from; the table's page tells all of each."""
    mine, others = _sources(used, rows)
    page = places.table(used.table)
    listed = [link(f"{page}#raw-{one.id}", one.title) for one in mine[:_MOST]]
    if more := len(mine) - len(listed):
        listed.append(link(f"{page}#raw-files", f"and {more} more"))
    told = "; ".join(listed)
    if not others:
        return told
    rest = f"The table has {plural(len(others), 'file')} of other years."
    return f'{told}. <span class="place">{rest}</span>'


def _first(rows: Rows) -> str:
    """Return a table of the first rows; what all rows have in common is told above it."""
    count, heads = len(rows.records), rows.heads
    values = [{row[n] for row in rows.records} for n in range(len(heads))]
    varied = [n for n, held in enumerate(values) if len(held) > 1 or (count == 1 and any(held))]
    head = "".join(f'<th scope="col">{escape(heads[n])}</th>' for n in varied)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(row[n])}' for n in varied)}" for row in rows.records[:_SHOWN]
    )
    label = f"The first {_SHOWN} of these rows" if count > _SHOWN else "These rows"
    shared = [
        f"{escape(name)} {escape(*held)}"
        for name, held in zip(heads, values, strict=True)
        if count > 1 and len(held) == 1 and any(held)
    ]
    label += f"; in each: {', '.join(shared)}" if shared else ""
    return (
        f'<div class="scroll" tabindex="0"><table class="rows"><caption>{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _environment(trail: Trail, shared: Shared) -> str:
    return facts(
        {
            "Commit": f"<code>{escape(trail.commit)}</code>" if trail.commit else "",
            "Interpreter": escape(shared.python),
            "Packages": ", ".join(
                f"{escape(name)} {escape(version)}" for name, version in trail.packages.items()
            ),
        }
    )
