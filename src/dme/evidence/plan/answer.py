"""What the plan does, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass

from dme.evidence.place import Place
from dme.evidence.plan.scheme import Scheme
from dme.evidence.result import Measured, Result
from dme.text import quantity


@dataclass(frozen=True)
class Scored:
    """What the sections found, and what the plan's authors said.

    Attributes
    ----------
    counts, stay, full, together
        The findings.
    said : mapping of str to (float, float) or None
        The ends of the published figure by the claim's id; None where there is none.
    """

    counts: tuple[Result, ...]
    stay: Result
    full: Result
    together: Result
    said: Mapping[str, tuple[float, float] | None]


def answer(place: Place, plan: Scheme | str, scored: Scored) -> str:
    """Return the answer of the notebook's first part as Markdown."""
    if isinstance(plan, str):
        return f"There is nothing to score: {plan}."
    parts = [*_money(scored), *_people(scored), *_counts(place, plan, scored)]
    return "\n".join(f"- {part}" for part in parts)


def _said(scored: Scored, claim: str, unit: str) -> str:
    """Return in words what the plan's authors said; nothing where they said nothing of it."""
    ends = scored.said.get(claim)
    return f"; its authors said {quantity(ends[1], unit)}" if ends else ""


def _money(scored: Scored) -> list[str]:
    found = scored.together
    if not isinstance(found, Measured):
        return []
    low, high = (quantity(end, "dollars") for end in (found.estimate.low, found.estimate.high))
    return [
        f"Buildings and staff would release **{quantity(found.estimate.value, 'dollars')}** a year "
        f"({low} to {high}), net of buses{_said(scored, 'L8', 'dollars')}. The figure is modelled, "
        "on assumptions that it states."
    ]


def _people(scored: Scored) -> list[str]:
    parts = []
    if isinstance(scored.stay, Measured):
        parts.append(
            f"On the students of {scored.stay.year}, **{scored.stay.estimate.value:.0f}%** would "
            f"stay in their program (modelled){_said(scored, 'L4', 'percent')}."
        )
    if isinstance(scored.full, Measured):
        parts.append(
            f"By modelled seats, **{scored.full.estimate.value:.0f}%** of students would then be "
            f"in schools above the plan's line of utilization{_said(scored, 'L9', 'percent')}."
        )
    return parts


def _counts(place: Place, plan: Scheme, scored: Scored) -> list[str]:
    close, change, move = (
        f"**{found.estimate.value:.0f}**{_told(scored, found)}"
        if isinstance(found, Measured)
        else "–"
        for found in scored.counts
    )
    whose = "in the district's file" if plan.own else "that was proposed"
    return [
        f"The list {whose} for {place.own} closes {close} schools, changes the grades of {change} "
        f"and moves {move}."
    ]


def _told(scored: Scored, found: Measured) -> str:
    ends = scored.said.get(found.claim or "")
    same = ends and ends[0] == found.estimate.value
    return f" (said: {ends[0]:.0f})" if ends and not same else ""
