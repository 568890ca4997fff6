"""What the plan does, in plain words."""

from dataclasses import dataclass

from dme.evidence.place import Place
from dme.evidence.plan.scheme import Scheme
from dme.evidence.result import Measured, Result
from dme.text import quantity


@dataclass(frozen=True)
class Scored:
    """What the sections found."""

    counts: tuple[Result, ...]
    stay: Result
    full: Result
    together: Result


def answer(place: Place, plan: Scheme | str, scored: Scored) -> str:
    """Return the answer of the notebook's first part as Markdown."""
    if isinstance(plan, str):
        return f"There is nothing to score: {plan}."
    close, change, move = (
        f"{found.estimate.value:.0f}" if isinstance(found, Measured) else "–"
        for found in scored.counts
    )
    parts = [
        f"The list that was proposed for {place.own} closes **{close}** schools, changes the "
        f"grades of **{change}** and moves **{move}**."
    ]
    if isinstance(scored.stay, Measured):
        parts.append(
            f"On the students of {scored.stay.year}, **{scored.stay.estimate.value:.0f}%** would "
            "stay in their program (modelled: the proposal prints no grades)."
        )
    if isinstance(scored.full, Measured):
        parts.append(
            f"By modelled seats, **{scored.full.estimate.value:.0f}%** of students would then be "
            "in schools above the plan's line of utilization."
        )
    if isinstance(scored.together, Measured):
        estimate = scored.together.estimate
        low, high = (quantity(end, "dollars") for end in (estimate.low, estimate.high))
        parts.append(
            f"Buildings and staff would release **{quantity(estimate.value, 'dollars')}** a year "
            f"({low} to {high}), net of buses: a modelled figure, on assumptions that it states."
        )
    return "\n".join(f"- {part}" for part in parts)
