"""The landing page's picture, as a table: each row a strip beside the figures that it draws."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from dme import cards
from dme.linked import traced
from dme.publish.landing import strips
from dme.publish.landing.against import Picture, Row
from dme.publish.markup import link, raw
from dme.publish.scoreboard import interval_of
from dme.tabled import Cell, grouped
from dme.text import quantity, short_unit


def picture(shown: Picture) -> str:
    """Return the picture as Markdown; "" where it has no rows."""
    if not shown.rows:
        return ""
    groups = [("", [_axis(shown)])]
    for group, rows in groupby(shown.rows, lambda row: row.group):
        groups.append((escape(group), [list(_cells(row, shown)) for row in rows]))
    table = grouped(shown.heads, groups, shown.headline, "picture")
    return raw(
        f'<h2 id="picture">{escape(shown.headline)}</h2>\n<p class="how">{escape(shown.how)}</p>\n'
        f"{table}"
    )


def _axis(shown: Picture) -> list[Cell]:
    anchors = {shown.scale.low: "start", shown.scale.high: "end"}
    told = [
        strips.words(shown.scale.at(at), text, anchors.get(at, "middle")) for at, text in shown.axis
    ]
    return [Cell(""), Cell(strips.drawn(told), "axis"), *[Cell("")] * (len(shown.heads) - 2)]


def _cells(row: Row, shown: Picture) -> Iterator[Cell]:
    found = row.entry.finding
    yield Cell(link(row.entry.link, found.title), "claimed")
    yield Cell(strips.drawn(_parts(row, shown)), "drawn")
    if row.held:
        yield Cell(escape(row.held), "published")
    yield Cell(_figure(row), "recomputed")


def _figure(row: Row) -> str:
    """Return the figure with its interval, what it rests on, and its verdict for the ear."""
    found = row.entry.finding
    told = f'<span class="told">{escape(found.verdict_text)}</span>' if found.verdict else ""
    if found.value is None:
        return f"not measured {told}"
    # The unit's other words stand in the finding's title.
    value = escape(quantity(found.value, short_unit(found.unit)))
    figure = traced(f"<b>{value}</b>{interval_of(found)}", row.entry.link)
    basis = cards.BASIS_WORDS[found.basis]
    return f'{figure} <span class="place">{basis}</span> {told}' if basis else f"{figure} {told}"


def _parts(row: Row, shown: Picture) -> Iterator[str]:
    """Yield what a row's strip is made of, from the back to the front."""
    scale = shown.scale
    if row.agrees:
        yield strips.band(*map(scale.at, row.agrees), "agrees")
    for at, _ in shown.axis:
        if at != shown.line:
            yield strips.rule(scale.at(at), "guide")
    if row.spread:
        yield strips.band(*map(scale.at, row.spread), "spread")
    else:
        yield strips.rule(scale.at(shown.line), "line")
    if row.at is not None:
        reach = [strips.ends(scale, *row.reach)] if row.reach else []
        yield strips.coloured(row.css, [*reach, strips.marked(scale, row.at, row.css)])
