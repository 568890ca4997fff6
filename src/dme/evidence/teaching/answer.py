"""The notebook's answer in plain words."""

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Result
from dme.evidence.teaching.pooled import Conversion
from dme.evidence.teaching.sections import Sections, share
from dme.evidence.teaching.specialists import Specialists
from dme.evidence.teaching.staff import PerGrade
from dme.evidence.teaching.support import Support
from dme.text import span

_UNTOLD = (
    "What principals asked for, and which curricula were adopted, is not on the public record."
)


def answer(
    place: Place,
    *,
    sections: Sections,
    per_grade: PerGrade,
    conversion: Conversion,
    specialists: Specialists,
    support: Support,
    coaches: Result,
) -> str:
    """Return the answer as Markdown, a line for each part of the question.

    Parameters
    ----------
    sections, per_grade, conversion, specialists, support, coaches
        What the sections of the notebook found; parts that lack their data are passed over.
    """
    parts = (
        _teams(sections, per_grade),
        _conversion(conversion),
        _programs(specialists),
        _support(support, coaches),
    )
    told = [f"- {part}" for part in parts if part]
    if not told:
        return f"The tables hold too little of {place.own} to answer."
    return "\n".join([*told, f"- **What can't be answered:** {_UNTOLD}"])


def _teams(found: Sections, per_grade: PerGrade) -> str:
    if isinstance(found.finding, Lacking):
        return ""
    firm = (found.finding.estimate.high or 0) < 0
    head = "Small schools have teams less often" if firm else "Teams do not clearly follow size"
    eight = share(found.rows[found.rows["small"] & (found.rows["level"] == "PK-8")], 2)
    high = share(found.rows[found.rows["small"] & (found.rows["level"] == "high")], 2)
    span = (
        " It is the size of a grade that counts, and so the number of grades: of the small PK-8 "
        f"schools {eight.hits} of {eight.of} could, of the small high schools {high.hits} of "
        f"{high.of}."
        if eight.of and high.of
        else ""
    )
    teachers = per_grade.finding
    counted = f" {_spelled(per_grade, teachers)}" if isinstance(teachers, Measured) else ""
    return f"**{head}.** {found.finding.sentence}{span}{counted}"


def _spelled(per_grade: PerGrade, found: Measured) -> str:
    """Return the finding's sentence with its interval, and whether it is firm."""
    low, high = found.estimate.low, found.estimate.high
    if low is None or high is None:
        return found.sentence
    # A difference that another choice of schools would leave open is no firm one.
    undecided, choices = per_grade.left_open
    frail = (
        f" It is not firm: with {undecided} of {choices} other choices of schools the interval "
        "holds zero."
        if low * high > 0 and undecided
        else ""
    )
    said = f"{found.sentence.removesuffix('.')} (difference {span(low, high, found.unit)})."
    return f"{said}{frail}"


def _conversion(found: Conversion) -> str:
    if isinstance(found.teams, Lacking) or isinstance(found.saved, Lacking):
        return ""
    return (
        "**Schools of fewer grades would have larger teams** (modelled, buildings and travel left "
        f"out). {found.teams.sentence} They would need {found.saved.estimate.value:.0f} sections "
        "fewer."
    )


def _programs(found: Specialists) -> str:
    if isinstance(found.full, Lacking):
        return ""
    cost = ""
    if isinstance(found.cost, Measured):
        more = found.cost.estimate
        cost = (
            f" In whole posts they would cost small schools {abs(more.value):.0f}% "
            f"{'more' if more.value > 0 else 'less'} per pupil than the others."
        )
    return f"**Art, music and physical education** (modelled).{cost} {found.full.sentence}"


def _support(found: Support, coaches: Result) -> str:
    told = [
        f"{each.sentence}{_firm(each)}"
        for each in (coaches, found.finding)
        if isinstance(each, Measured)
    ]
    if not told:
        return ""
    return f"**Support for teachers' learning**, as far as it is public: {' '.join(told)}"


def _firm(found: Measured) -> str:
    low, high = found.estimate.low, found.estimate.high
    if low is None or high is None or low * high > 0:
        return ""
    return " The peers differ so much from one another that this is no firm difference."
