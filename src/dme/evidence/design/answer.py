"""The notebook's answer in plain words."""

from dme.evidence.design.planning import PlanningCost
from dme.evidence.design.schools import Designs
from dme.evidence.design.uses import Uses
from dme.evidence.design.weeks import Weeks
from dme.evidence.place import Place
from dme.evidence.result import Measured, Result
from dme.measures.plan.reinvestment import USES
from dme.study import Study
from dme.text import quantity, span


def answer(
    study: Study, place: Place, *, designs: Designs, weeks: Weeks, cost: PlanningCost, uses: Uses
) -> str:
    """Return the answer as Markdown, a line for each part of the question.

    Parameters
    ----------
    study, place : Study, Place
        The parameters; the district in words.
    designs, weeks, cost, uses
        What the sections of the notebook found; parts that lack their data are passed over.
    """
    lines = [_week(designs, weeks), _cost(cost), _uses(study, uses)]
    told = [f"- {line}" for line in lines if line]
    return "\n".join(told) or f"The tables hold too little of {place.own} to answer."


def _week(designs: Designs, weeks: Weeks) -> str:
    if not weeks.schools:
        return ""
    first = weeks.findings[0]
    if all(one.kept for one in weeks.schools):
        head = "**Yes, such a week exists** (modelled)."
    else:
        head = "**No such week was found for every school** (modelled)."
    others = "" if designs.chosen else (
        f" The parameters name no school of this district: {designs.names} are its largest."
    )  # fmt: skip
    staff = weeks.findings[1]
    people = f" {staff.sentence}" if isinstance(staff, Measured) else ""
    shared = first.sentence if isinstance(first, Measured) else ""
    return f"{head} At {designs.names}, {shared}{people}{others}"


def _cost(cost: PlanningCost) -> str:
    told = [one.sentence for one in cost.findings if isinstance(one, Measured)]
    return f"**Planning time has a price** (modelled). {' '.join(told)}" if told else ""


def _uses(study: Study, uses: Uses) -> str:
    priced = [(use, one) for use, one in zip(USES, uses.findings, strict=False)
              if isinstance(one, Measured)]  # fmt: skip
    if not priced:
        return ""
    money = quantity(float(study.reinvestment), "dollars")
    sure = [one for _, one in priced if all(one.holds)]
    half = [one for _, one in priced if one.holds[0] and not one.holds[1]]
    out = [one for _, one in priced if not one.holds[0]]
    words = (
        [f"{money} a year is enough, in at least 95 of 100 draws, for {_names(sure)}"]
        if sure
        else []
    )
    if half:
        words.append(f"probably but not surely for {_names(half)}")
    if out:
        words.append(f"not for {_names(out)}")
    whole = uses.findings[-1]
    together = ""
    if isinstance(whole, Measured):
        reach = span(whole.estimate.low, whole.estimate.high, "dollars")
        together = f" All together cost {quantity(whole.estimate.value, 'dollars')} ({reach})."
    return f"**One use at a time** (modelled). {'; '.join(words)}.{together}"


def _names(found: list[Measured]) -> str:
    return _listed([f"{one.title[0].lower()}{one.title[1:]} ({_cost_of(one)})" for one in found])


def _cost_of(one: Result) -> str:
    return quantity(one.estimate.value, "dollars") if isinstance(one, Measured) else ""


def _listed(words: list[str]) -> str:
    return ", ".join(words)
