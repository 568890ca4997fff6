"""What became of it since: the headline measures from year to year, as small lines."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from dme.findings import Entry, Finding
from dme.linked import traced
from dme.publish.landing import strips
from dme.publish.markup import link, raw
from dme.tabled import Cell, tabled
from dme.text import first_year, quantity

_MEASURES = {
    "mean-size-since": "Students in the average school",
    "size-gap-now": "The average school against those of the peer districts",
    "share-small-since": "Schools that are small",
    "small-school-cost-now": "What small schools cost more than others",
}
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
    rows = [list(_cells(known[name], words)) for name, words in _told(known)]
    if not rows:
        return ""
    table = tabled(("Measure", "Then", "From year to year", "Now"), rows, "Then and now", "since")
    more = ""
    if any(entry.notebook == _PAGE for entry in entries):
        more = f"<p>{link(f'{_PAGE}.html', 'Then and now')} tells more, and how sure it is.</p>"
    heading = "What became of it since" if claimed else "Then and now"
    return raw(f'<h2 id="since">{heading}</h2>\n{table}{more}')


def _told(known: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    for name, words in _MEASURES.items():
        if name in known and len(by_year(known[name].finding)) > 1:
            yield name, words


def by_year(found: Finding) -> dict[str, float]:
    """Return a finding's figure of each year that it was computed for, in their order."""
    years = {
        year[1]: other.value
        for other in found.alternatives
        if (year := _OF_YEAR.fullmatch(other.by))
    }
    if found.value is not None and _YEAR.fullmatch(found.year):
        years[found.year] = found.value
    return dict(sorted(years.items()))


def _cells(entry: Entry, words: str) -> Iterator[Cell]:
    years = by_year(entry.finding)
    yield Cell(link(entry.link, words), "claimed")
    yield Cell(_figure(entry, years, min(years)), "published")
    yield Cell(strips.drawn(_line(years)), "drawn")
    yield Cell(_figure(entry, years, max(years)), "recomputed")


def _figure(entry: Entry, years: dict[str, float], year: str) -> str:
    words = f"<b>{escape(quantity(years[year], entry.finding.unit))}</b>"
    return f'{traced(words, entry.link)} <span class="place">{escape(year)}</span>'


def _line(years: dict[str, float]) -> Iterator[str]:
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
