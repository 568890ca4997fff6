"""What the second half of the notebook answers: choice, need, segregation, attendance, conduct."""

from dme.evidence.culture.choice import Choice
from dme.evidence.culture.need import Need
from dme.evidence.culture.rates import Rates
from dme.evidence.culture.segregation import Segregation
from dme.evidence.culture.suspension import Suspension
from dme.evidence.result import Measured
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
    said = (
        "**High needs are "
        f"{quantity(need.gap.estimate.value, 'points')}{_interval(need.gap, 'points')} "
        "more frequent in neighborhood than in magnet schools.**"
    )
    learners, special = need.trends
    if isinstance(learners, Measured) and isinstance(special, Measured):
        said += (
            f" The gap moved by {learners.estimate.value:+.1f} points a year in English learners "
            f"and by {special.estimate.value:+.1f} in special education."
        )
    if isinstance(need.funding, Measured):
        found = need.funding
        said += (
            f" Neighborhood schools spend {found.estimate.value:+.1f}%"
            f"{_interval(found, 'percent')} per pupil against magnets."
        )
    return said


def _segregation(mixed: Segregation) -> str:
    if not isinstance(mixed.own, Measured):
        return ""
    said = f"**{mixed.own.sentence.rstrip('.')}.**"
    return f"{said} {mixed.region.sentence}" if isinstance(mixed.region, Measured) else said


def _rates(absent: Rates, suspended: Rates) -> str:
    return " ".join(
        f"**{found.level.sentence.rstrip('.')}** ({found.level.year})."
        for found in (absent, suspended)
        if isinstance(found.level, Measured)
    )
