"""What the second half of the notebook answers: choice, need, segregation, attendance, conduct."""

from dme.evidence.culture.choice import Choice
from dme.evidence.culture.need import Need
from dme.evidence.culture.rates import Rates
from dme.evidence.culture.segregation import Segregation
from dme.evidence.culture.suspension import Suspension
from dme.evidence.result import Measured
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.text import quantity, span


def more(
    chosen: Choice, need: Need, mixed: Segregation, absent: Rates, suspended: Suspension
) -> list[str]:
    """Return a sentence or two, as Markdown, for each section that could measure."""
    parts = [
        _choice(chosen),
        _need(need),
        _segregation(mixed),
        _rates(absent, suspended.rates),
    ]
    return [part for part in parts if part]


def _interval(result: Measured, unit: str) -> str:
    found = result.estimate
    return "" if found.low is None else f" ({span(found.low, found.high, unit)})"


def _choice(chosen: Choice) -> str:
    opened, seats = chosen.open, chosen.seats.result
    if not (isinstance(opened, Measured) and isinstance(seats, Measured)):
        return ""
    return (
        f"**A child who enters kindergarten can count on {opened.estimate.value:.0f}% of the "
        "city's schools**: the zone's, and those within a walk. From grade "
        f"{chosen.free_from} the bus goes to any zone. Of the seats of the district's magnet "
        "schools, residents of the city held "
        f"{quantity(seats.estimate.value, 'percent')}{_interval(seats, 'percent')}."
    )


def _need(need: Need) -> str:
    if not isinstance(need.gap, Measured):
        return ""
    parts = [
        f"**{need.gap.sentence.rstrip('.')}**, a difference of "
        f"{quantity(need.gap.estimate.value, 'points')}{_interval(need.gap, 'points')}."
    ]
    parts += [
        f"{trend.title} {_course(trend)}." for trend in need.trends if isinstance(trend, Measured)
    ]
    if isinstance(need.funding, Measured):
        found = need.funding.estimate
        side = _side(need.funding, "more", "less", "neither clearly more nor clearly less")
        parts.append(
            f"Per pupil, neighborhood schools spend {side} than magnet schools "
            f"({found.value:+.1f}%{_ends(need.funding, 'percent')})."
        )
    return " ".join(parts)


def _course(trend: Measured) -> str:
    moved = _side(trend, "grew", "shrank", "did not clearly change")
    said = f"{moved} ({trend.estimate.value:+.1f} points a year{_ends(trend, 'points')})"
    firm = _crosses(trend.estimate) or not any(map(_crosses, trend.alternatives))
    return said if firm else f"{said}, though not under every reading of suppressed counts"


def _side(result: Measured, above: str, below: str, neither: str) -> str:
    """Return the word for an interval above zero, below zero, or on both sides."""
    if _crosses(result.estimate):
        return neither
    return above if (result.estimate.low or 0) > 0 else below


def _crosses(found: Estimate | Alternative) -> bool:
    """Return whether an interval leaves the side of zero open; so does a missing one."""
    return found.low is None or found.high is None or found.low <= 0 <= found.high


def _ends(result: Measured, unit: str) -> str:
    found = result.estimate
    return "" if found.low is None else f"; {span(found.low, found.high, unit)}"


def _segregation(mixed: Segregation) -> str:
    if not isinstance(mixed.own, Measured):
        return ""
    said = f"**{mixed.own.sentence.rstrip('.')}.**"
    if not isinstance(mixed.region, Measured):
        return said
    share = quantity(mixed.region.estimate.value, "percent")
    before = mixed.years.get("region")
    since = (
        ""
        if before is None
        else f"; in {before['school_year'].iloc[0]} it was "
        f"{quantity(before['value'].iloc[0], 'percent')}"
    )
    return f"{said} Among all schools of the region it is {share}{since}."


def _rates(absent: Rates, suspended: Rates) -> str:
    return " ".join(
        f"**{found.level.sentence.rstrip('.')}** ({found.level.year})."
        for found in (absent, suspended)
        if isinstance(found.level, Measured)
    )
