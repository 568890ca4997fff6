"""The verdict: what a recomputed figure says of a claim, under one of its rules."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

from dme.errors import DmeError
from dme.findings.claims import Claim, Rule, Yardstick
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.yard import Yard
from dme.text import quantity, span

Basis = Literal["measured", "proxy", "modelled"]

FIVE_SINCE = "2026-11-28"
"""The day of the five verdicts. Before it there were four: none was *consistent*, and a statement
of whose criteria some held went the same direction."""


class Verdict(StrEnum):
    """The five things that a finding may say of a claim."""

    REPRODUCED = "reproduced"
    CONSISTENT = "consistent"
    SAME_DIRECTION = "same direction only"
    NOT_REPRODUCED = "not reproduced"
    NOT_TESTABLE = "not testable"


class Judgement(NamedTuple):
    """A verdict and the sentence that gives its reason."""

    verdict: Verdict
    reason: str


class Earlier(NamedTuple):
    """What a claim's verdict was, or would have been, under a rule that no longer stands.

    Attributes
    ----------
    date : str
        The rule's.
    verdict : Verdict
        By the verdicts that there were at that date.
    today : Verdict
        The same by today's.
    reason : str
        Of the former.
    """

    date: str
    verdict: Verdict
    today: Verdict
    reason: str


_PROXY = "It leaves out a part of the claim's definition, so it can agree in direction at best."


def judge(
    claims: Yardstick,
    claim: Claim,
    rule: Rule,
    found: Estimate,
    *,
    holds: Sequence[bool | None] = (),
    basis: Basis = "measured",
    four: bool = False,
) -> Judgement:
    """Hold a recomputed figure against a claim.

    A figure within the tolerance reproduces it; outside, it is consistent where its interval holds
    the published figure, and goes the same direction only where sign and interval say so and the
    rule says that the sign could have been otherwise. A statement is reproduced where all its
    criteria hold. A proxy goes the same direction at best.

    Parameters
    ----------
    claims : Yardstick
        All claims, whose tolerance holds where a rule has none.
    claim, rule : Claim, Rule
        What is answered, and by which of its rules (`Claim.standing`).
    found : Estimate
        The recomputed figure, in the claim's unit.
    holds : sequence of bool or None
        For a statement: whether each of the rule's criteria holds; None where that can't be told.
    basis : {"measured", "proxy", "modelled"}
        What the figure rests on.
    four : bool
        Whether the verdicts are those of before `FIVE_SINCE`.

    Raises
    ------
    DmeError
        If `holds` says of another number of criteria than the rule has.
    """
    yard = claims.yard(claim, rule)
    if yard is None or claim.published is None:
        return _weigh(claim, rule, holds, basis, four)
    return _compare(yard, claim.published.unit, found, basis, four)


def _weigh(
    claim: Claim, rule: Rule, holds: Sequence[bool | None], basis: Basis, four: bool
) -> Judgement:
    if len(holds) != len(rule.criteria):
        message = (
            f"Claim {claim.id} has {len(rule.criteria)} criteria in data/claims.yml; the finding "
            f"says of {len(holds)} whether they hold."
        )
        raise DmeError(message)
    told = {True: "Holds", False: "Does not hold", None: "Can't be told"}
    counted = [] if four else [n for n in range(1, len(holds) + 1) if n in rule.by_construction]
    words = " ".join(
        f"{told[held]}: {criterion}"
        + (f" (True by construction: {rule.by_construction[n]})" if n in counted else "")
        for n, (held, criterion) in enumerate(zip(holds, rule.criteria, strict=True), 1)
    )
    weighed = [held for n, held in enumerate(holds, 1) if n not in counted]
    if not weighed:
        return Judgement(Verdict.NOT_TESTABLE, words)
    if all(weighed):
        proxy = basis == "proxy"
        return Judgement(
            Verdict.SAME_DIRECTION if proxy else Verdict.REPRODUCED,
            f"{words} {_PROXY}" if proxy else words,
        )
    some = four and any(weighed)
    return Judgement(Verdict.SAME_DIRECTION if some else Verdict.NOT_REPRODUCED, words)


_OUTSIDE = {
    "consistent": (Verdict.CONSISTENT, ""),
    "direction": (Verdict.SAME_DIRECTION, "; the sign agrees, and could have been otherwise"),
    "neither": (Verdict.NOT_REPRODUCED, ""),
}


def _compare(yard: Yard, unit: str, found: Estimate, basis: Basis, four: bool) -> Judgement:
    value, low, high = found.value, found.low, found.high
    agreement = yard.agreement(value, low, high)
    over_zero = low is not None and high is not None and low <= 0 <= high
    reason = _placed(yard, unit, value, agreement == "within")
    covered = ""
    if agreement != "within" and low is not None and high is not None and low < high:
        met = low <= yard.top and yard.bottom <= high
        covered = f" The published figure lies {'inside' if met else 'outside'} its interval."
        if yard.sign and over_zero:
            covered += " The interval holds zero, too: the sign is not clear."
    if agreement == "within":
        if basis == "proxy":
            return Judgement(Verdict.SAME_DIRECTION, f"{reason}. {_PROXY}")
        return Judgement(Verdict.REPRODUCED, f"{reason}.")
    if value * yard.sign < 0:
        reason += ", and the sign differs"
    if four and agreement == "consistent":
        agreement = "direction" if value * yard.sign > 0 and not over_zero else "neither"
    verdict, words = _OUTSIDE[agreement]
    if verdict is Verdict.CONSISTENT and basis == "proxy":
        return Judgement(Verdict.SAME_DIRECTION, f"{reason}.{covered} {_PROXY}")
    return Judgement(verdict, f"{reason}{words}.{covered}")


def _placed(yard: Yard, unit: str, value: float, within: bool) -> str:
    """Return where a figure lies, in words that do not sound alike on both sides of an end."""
    shown, bound = quantity(value, unit), quantity(yard.top, unit)
    if yard.lowest == yard.highest:
        return f"{shown}, as published" if within else f"{shown}; {bound} were published"
    if shown in {quantity(yard.lowest, unit), quantity(yard.highest, unit)} and not within:
        shown = f"{shown} ({value:,.6g})" if abs(value) < 1e6 else f"{shown} ({value:,.0f})"
    reach = span(yard.lowest, yard.highest, unit)
    if not yard.bound:
        return f"{shown} lies {'within' if within else 'outside'} the tolerance ({reach})"
    if within:
        return f"{shown} keeps the bound ({bound}), and its interval reaches it"
    if value > yard.highest:
        return f"{shown} is more than the bound ({bound}) and its tolerance"
    return f"{shown}: its interval ends below the bound ({bound}) and its tolerance"
