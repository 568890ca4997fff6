"""What became of it since: the headline measures from year to year, as small lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from dme.findings import Alternative, Entry, Finding
from dme.linked import traced
from dme.publish.landing import strips
from dme.publish.markup import link, raw
from dme.tabled import Cell, tabled
from dme.text import first_year, quantity, span

_MEASURES = {
    "mean-size-since": "Students in the average school",
    "size-gap-now": "The average school against those of the peer districts",
    "share-small-since": "Schools that are small",
    "small-school-cost-now": "What all small schools cost more, in today's dollars",
}
_CHANGES = {"size-gap-now": "size-gap-change", "small-school-cost-now": "small-school-cost-change"}
"""Findings that say whether a measure changed by more than chance."""
_COUNTS = (
    "Pages count a little differently: the first and the third row keep a school in a year when it "
    "had very few students, the page Then and now leaves it out, and programs outside of schools "
    "stand in the district's own total alone."
)
_OF_YEAR = re.compile(r"(?:year|plan_horizon) = (\d{4}-\d\d)")
_YEAR = re.compile(r"\d{4}-\d\d")
_PAGE = "now"
_EDGE = 3.0


def since(entries: Sequence[Entry], *, claimed: bool) -> str:
    """Return the measures then and now as Markdown; "" where none is known of two years.

    Parameters
    ----------
    entries : sequence of Entry
        The ledger of a study.
    claimed : bool
        Whether the claims, and the plan among them, speak of it.
    """
    known = {entry.finding.id: entry for entry in entries if entry.finding.value is not None}
    rows = [
        list(_cells(known[name], words, known.get(_CHANGES.get(name, ""))))
        for name, words in _told(known)
    ]
    if not rows:
        return ""
    table = tabled(("Measure", "Then", "From year to year", "Now"), rows, "Then and now", "since")
    more = ""
    if any(entry.notebook == _PAGE for entry in entries):
        way = link(f"{_PAGE}.html", "Then and now")
        more = f'<p class="how">{way} tells more, and how sure it is. {_COUNTS}</p>'
    heading = "What became of it since" if claimed else "Then and now"
    return raw(f'<h2 id="since">{heading}</h2>\n{table}{more}')


def _told(known: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    for name, words in _MEASURES.items():
        if name in known and len(by_year(known[name].finding)) > 1:
            yield name, words


def by_year(found: Finding) -> dict[str, Finding | Alternative]:
    """Return a finding's figure of each year that it was computed for, in their order."""
    years: dict[str, Finding | Alternative] = {
        year[1]: other for other in found.alternatives if (year := _OF_YEAR.fullmatch(other.by))
    }
    if found.value is not None and _YEAR.fullmatch(found.year):
        years[found.year] = found
    return dict(sorted(years.items()))


def _cells(entry: Entry, words: str, change: Entry | None) -> Iterator[Cell]:
    years = by_year(entry.finding)
    drawn = strips.drawn(_line({year: each.value for year, each in years.items()}))
    if change and change.finding.low is not None and not _clear(change.finding):
        drawn += f'<span class="place">{link(change.link, "may be chance")}</span>'
    yield Cell(link(entry.link, words), "claimed")
    yield Cell(_figure(entry, years, min(years)), "published")
    yield Cell(drawn, "drawn")
    yield Cell(_figure(entry, years, max(years)), "recomputed")


def _clear(change: Finding) -> bool:
    return not change.low <= 0 <= change.high


def _figure(entry: Entry, years: Mapping[str, Finding | Alternative], year: str) -> str:
    one, unit = years[year], entry.finding.unit
    told = traced(f"<b>{escape(quantity(one.value, unit))}</b>", entry.link)
    if one.low is not None:
        ends = span(one.low, one.high, unit, one.value)
        told += f' <span class="place">{escape(ends)}</span>'
    return f'{told} <span class="place">{escape(year)}</span>'


def _line(years: Mapping[str, float]) -> Iterator[str]:
    """Yield a line through the years, with a dot at its last."""
    at = strips.Scale(*(first_year(year) for year in (min(years), max(years))))
    least, most = min(years.values()), max(years.values())
    tall = strips.HEIGHT - 2 * _EDGE
    points = [
        (at.at(first_year(year)), round(_EDGE + tall * (most - value) / ((most - least) or 1), 1))
        for year, value in years.items()
    ]
    yield f'<polyline class="years" points="{" ".join(f"{x:g},{y:g}" for x, y in points)}"/>'
    yield f'<circle class="last" cx="{points[-1][0]:g}" cy="{points[-1][1]:g}" r="3"/>'
