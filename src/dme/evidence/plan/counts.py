"""What the plan does in numbers of schools (L1 to L3), its approval (B1), what came before (S1)."""

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.scheme import APPROVAL, Scheme
from dme.evidence.result import Lacking, Measured, Result
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import actions as acts
from dme.text import plural

FULL_COUNT = "none: a full count of a list"
_ASKED = (
    ("schools-that-close", "Schools that close", acts.CLOSE, "L1"),
    ("schools-that-reconfigure", "Schools that change their grades", acts.RECONFIGURE, "L2"),
    ("schools-that-move", "Schools that move", acts.RELOCATE, "L3"),
)
_Asked = tuple[str, str, str, str]


def counted(place: Place, plan: Scheme | str, actions: pd.DataFrame) -> tuple[Result, ...]:
    """Return how many schools close, change their grades and move.

    Parameters
    ----------
    plan : Scheme or str
        The plan, or what there is none of.
    actions : DataFrame
        ``plan_actions``, for its other version.
    """
    if isinstance(plan, str):
        return tuple(
            Lacking(name, title, plan, "schools", claim) for name, title, _, claim in _ASKED
        )
    return tuple(_count(place, plan, actions, asked) for asked in _ASKED)


def _count(place: Place, plan: Scheme, actions: pd.DataFrame, asked: _Asked) -> Measured:
    name, title, action, claim = asked
    primary, *others = acts.ways_of_counting(plan.listed, action, plan.places).items()
    codes = acts.schools(plan.listed, action, plan.places)
    told = acts.schools(acts.of_version(actions, APPROVAL), action)
    if told and not plan.own:
        others.append(("what pages say of the approval alone", float(len(told))))
    named = "; ".join(sorted(plan.names.get(code, code) for code in codes))
    return Measured(
        name,
        title,
        f"The list names {plural(len(codes), 'school')}: {named or 'none'}.",
        Estimate(primary[1], None, None, FULL_COUNT),
        "schools",
        claim=claim,
        population=f"the dated actions on schools of {place.own}, "
        + (
            "as in the district's file"
            if plan.own
            else "as listed in the proposal; the table that the board approved is not public"
        ),
        year=f"{plan.listed['by'].min()} to {plan.listed['by'].max()}",
        method="Distinct schools of the state's register that the list names for it as a whole: "
        "the claim speaks of schools, and a school that is listed twice is one.",
        alternatives=tuple(Alternative(label, count) for label, count in others),
        tables=() if plan.own else ("plan_actions", "plan_places"),
    )


def approved(place: Place, plan: Scheme | str, facts: pd.DataFrame) -> Result:
    """Return whether the board approved the plan with no vote against.

    Parameters
    ----------
    facts : DataFrame
        ``published_facts``: the vote, such as ``8-0``.
    """
    name, title, unit = "board-vote", "The board's vote on the plan", "votes against"
    rows = facts[(facts["topic"] == "plan_approved") & (facts["subject"] == "board vote")]
    if rows.empty or isinstance(plan, str) or plan.own:
        lacking = f"no vote of the board of {place.own} on a plan is in the tables"
        return Lacking(name, title, lacking, unit, "B1")
    vote = rows.iloc[0]
    ayes, _, noes = str(vote["value"]).partition("-")
    return Measured(
        name,
        title,
        f"The vote of {vote['period']} is on record as {ayes} to {noes}.",
        Estimate(float(noes), None, None, FULL_COUNT),
        unit,
        claim="B1",
        holds=(float(noes) == 0,),
        population=f"the board of education of {place.own}",
        year=str(vote["period"])[:4],
        method=f"As a newspaper reported it ({vote['address']}).",
        tables=("published_facts",),
    )


def preceded() -> Lacking:
    """Return the statement on the studies before the plan, which no table can settle (S1)."""
    return Lacking(
        "studies-before-the-plan",
        "A snapshot and a study before the plan",
        "the two reports are not in the tables; the consultants' own page is the only source that "
        "was read. The four areas that they took up stand side by side on this site",
        "reports",
        "S1",
    )
