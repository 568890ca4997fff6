"""What the years since show, in plain words."""

from dataclasses import dataclass

from dme.evidence.outcomes.actions import Made
from dme.evidence.outcomes.schools import Since
from dme.evidence.place import Place
from dme.evidence.result import Measured, Result
from dme.study import Study


@dataclass(frozen=True)
class Found:
    """The findings on money by need and on full schools."""

    need: Result
    full: Result


def answer(study: Study, place: Place, schools: Since, made: Made, found: Found) -> str:
    """Return the answer of the notebook as Markdown.

    Parameters
    ----------
    schools, made, found
        What the sections found.
    """
    if not schools.measurable:
        return (
            f"The public record by school does not reach from {study.before_plan} to "
            f"{study.plan_horizon} for {place.own}: what came since can't be told here."
        )
    parts = [_sizes(study, schools)]
    if made.named:
        parts.insert(
            0,
            f"Of the {made.named} closures, changes of grades and moves that the plan names, the "
            f"record shows **{made.done}**.",
        )
    if isinstance(found.full, Measured):
        parts.append(
            f"By a modelled count of seats, **{found.full.estimate.value:.0f}%** of students were "
            f"in schools above {study.full_utilization:g}% utilization in {study.plan_horizon}."
        )
    if isinstance(found.need, Measured):
        parts.append(_need(found.need))
    parts.append("None of this says what the plan caused: no public record carries that.")
    return "\n".join(f"- {part}" for part in parts)


def _sizes(study: Study, schools: Since) -> str:
    years = schools.years.set_index("school_year")
    before, then, last = (
        years.loc[year] for year in (study.before_plan, study.plan_horizon, years.index[-1])
    )
    means = (
        f"**{before['mean']:.0f}** students in {study.before_plan}, **{then['mean']:.0f}** in "
        f"{study.plan_horizon} and **{last['mean']:.0f}** in {last.name}"
    )
    smaller = "; students left faster than schools closed" if last["mean"] < before["mean"] else ""
    return (
        f"The mean school had {means}{smaller}. In {last.name} **{last['percent_small']:.0f}%** of "
        f"schools were under {study.small_school} students, in {before.name} "
        f"{before['percent_small']:.0f}%."
    )


def _need(found: Measured) -> str:
    gap, (clear, clear_in_all) = found.estimate, found.holds
    more = "grew clearly more" if clear else "did not grow clearly more"
    interval = "" if gap.low is None else f" ({gap.low:.0f} to {gap.high:.0f})"
    words = (
        f"Spending per pupil **{more}** in schools of higher need, by {gap.value:.0f} percentage "
        f"points{interval}"
    )
    if clear and not clear_in_all:
        return f"{words}; but their dollars in all did not: much of it is that students left."
    return f"{words}."
