"""What the landing page's picture shows: figures against what they are held against.

Of a study that the claims speak of, each recomputed figure against the published one; of any
other, the district against its peers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from dme.cards import class_of
from dme.findings import Entry
from dme.findings.claims import Claim, Yardstick
from dme.findings.judging import Verdict
from dme.publish.landing.strips import Scale
from dme.publish.scoreboard import AREAS
from dme.text import plural, short_unit

TIMES = Scale(0, 2.5)
"""Multiples of the published figure."""
_PEERS = (
    "school-size",
    "schools-per-pupil",
    "small-share-now",
    "high-needs-now",
    "absence-now",
    "growth-now",
    "instructional-specialists",
    "improvement-of-instruction",
)
"""Findings that say how a district differs from its peers."""


@dataclass(frozen=True)
class Row:
    """A figure on a scale on which what it is held against is one line.

    Attributes
    ----------
    entry : Entry
        The finding.
    group : str
        What it is grouped under; "" for nothing.
    css : str
        The class of its color and form.
    held : str
        What it is held against, in words; "" where the whole picture says so.
    at : float or None
        Where the figure lies; None where there is none, or it has no place.
    reach : (float, float) or None
        Between where its interval lies.
    agrees : (float, float) or None
        Between which places it counts as the same.
    spread : (float, float) or None
        Where what it is held against lies, if that is a range.
    """

    entry: Entry
    group: str
    css: str
    held: str = ""
    at: float | None = None
    reach: tuple[float, float] | None = None
    agrees: tuple[float, float] | None = None
    spread: tuple[float, float] | None = None


@dataclass(frozen=True)
class Picture:
    """A picture: what is seen, how it is read, its scale with the words below it, and its rows."""

    headline: str
    how: str
    scale: Scale
    line: float
    axis: tuple[tuple[float, str], ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def of_claims(entries: Sequence[Entry], claims: Yardstick) -> Picture:
    """Return each published figure beside the recomputed one, in the order of the claims."""
    judging = {entry.finding.id: entry for entry in entries}
    rows = tuple(
        _against_published(judging[claim.finding], claim, claims)
        for claim in claims.claims
        if claim.published and claim.finding in judging
    )
    given = [row.entry.finding.verdict for row in rows]
    return Picture(
        headline=_headline(given),
        how=f"{_rest(given)}The upright line is the published figure, a mark is what public data "
        "give, and its bar says between what the true figure may lie. A mark in the green band "
        "counts as the same.",
        scale=TIMES,
        line=1,
        axis=((0, "0"), (1, "published"), (2, "twice")),
        heads=("Claim", "Against published", "Published", "Recomputed"),
        rows=rows,
    )


def _headline(given: Sequence[Verdict | None]) -> str:
    """Return how many published figures hold, and how many do not."""
    holds = given.count(Verdict.REPRODUCED) + given.count(Verdict.CONSISTENT)
    fails = given.count(Verdict.NOT_REPRODUCED)
    failing = "none fails" if not fails else f"{fails} {'does' if fails == 1 else 'do'} not"
    return f"Of {plural(len(given), 'published figure')}, {holds} hold or may well hold; {failing}"


def _rest(given: Sequence[Verdict | None]) -> str:
    """Return how it stands with the others, as a sentence; "" where there are none."""
    near, unknown = given.count(Verdict.SAME_DIRECTION), given.count(Verdict.NOT_TESTABLE)
    parts = [f"{near} agree{'s' * (near == 1)} in direction only"] if near else []
    parts += [f"{unknown} can't be measured"] if unknown else []
    return f"Of the others {' and '.join(parts)}. " if parts else ""


def _against_published(entry: Entry, claim: Claim, claims: Yardstick) -> Row:
    found, published, yard = entry.finding, claim.published, claims.yard(claim)
    css = class_of(found.verdict) if found.verdict else "unclear"
    # The unit's own words stand in the finding's title.
    held = str(published.model_copy(update={"unit": short_unit(published.unit)}))
    row = partial(Row, entry, AREAS.get(claim.area, claim.area.capitalize()), css, held)
    middle = sum(published.ends) / 2
    if not middle or _kind(found.unit) != _kind(published.unit):
        return row()
    bottom, top = _times(middle, *published.ends)
    return row(
        at=None if found.value is None else found.value / middle,
        reach=None if found.low is None else _times(middle, found.low, found.high),
        agrees=_times(middle, yard.lowest, yard.highest),
        spread=(bottom, top) if bottom < top else None,
    )


def _times(middle: float, low: float, high: float) -> tuple[float, float]:
    """Return ends as multiples of a figure, whose own sign lies to the right."""
    first, last = sorted((low / middle, high / middle))
    return first, last


def _kind(unit: str) -> str:
    return unit.partition(" ")[0]


def of_peers(entries: Sequence[Entry], place: str) -> Picture:
    """Return how a district differs from its peers, each difference on a scale of its own."""
    found = {entry.finding.id: entry for entry in entries if entry.finding.value is not None}
    rows = tuple(_against_peers(found[name]) for name in _PEERS if name in found)
    clear = sum(row.css == "clear" for row in rows)
    return Picture(
        headline=f"In {clear} of {plural(len(rows), 'measure')} {place} clearly differs from its "
        "peer districts",
        how="The upright line is what the peers have, a mark is the district, and its bar says "
        "between what the true difference may lie: where it crosses the line, the record can't "
        "tell. Each row has a scale of its own.",
        scale=Scale(-1, 1),
        line=0,
        axis=((-1, "less"), (0, "like its peers"), (1, "more")),
        heads=("Measure", "Against its peers", "The district, with interval"),
        rows=rows,
    )


def _against_peers(entry: Entry) -> Row:
    found = entry.finding
    ends = (found.low, found.high) if found.low is not None else (found.value, found.value)
    # What is said to be smaller lies on the side of less.
    side = -1 if re.search(r"\b(smaller|below|nearer)\b", found.unit) else 1
    largest = max(abs(end) for end in (found.value, *ends)) * side * 1.1 or 1.0
    return Row(
        entry,
        group="",
        css="unclear" if min(ends) <= 0 <= max(ends) else "clear",
        at=found.value / largest,
        reach=None if found.low is None else _times(largest, *ends),
    )
