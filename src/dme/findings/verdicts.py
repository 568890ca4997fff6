"""How a recomputed figure answers the claim that it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dme.errors import DmeError
from dme.findings import session
from dme.findings.claims import CLAIMS, OF_CLAIMS, Claim, Rule, yardstick
from dme.findings.judging import FIVE_SINCE, Basis, Earlier, Judgement, Verdict, judge
from dme.measures.estimates.estimate import Estimate

Reading = Estimate | Sequence[bool | None]
"""What a finding is under an earlier rule: whether each criterion holds, or a figure, which may
tell of ``holds`` and ``basis`` as facts."""


class Answer(NamedTuple):
    """A figure of a finding as it answers a claim: what it is, and what it was under other rules.

    Attributes
    ----------
    estimate : Estimate
        The figure, in the claim's unit.
    holds : sequence of bool or None
        For a claim that is a statement: whether each of its criteria holds.
    basis : {"measured", "proxy", "modelled"}
        What the figure rests on.
    earlier : mapping of str to Reading
        By the date of the rule, where it is something else under it.
    tests : mapping of str to float
        The p-values of the tests that the verdict hangs on, by what is tested.
    """

    estimate: Estimate
    holds: Sequence[bool | None]
    basis: Basis
    earlier: Mapping[str, Reading]
    tests: Mapping[str, float]


_MEASURED_BY = {"criteria", "method"}
"""What an entry sets that makes the finding another one under it."""


def claim_of(claim_id: str | None) -> Claim | None:
    """Return the claim that a finding names; None where the claims are of no such study."""
    claims = yardstick()
    session.note_file(CLAIMS, session.digest_now(CLAIMS))
    session.note_parameters(*OF_CLAIMS)
    ours = claim_id is not None and claims.speak_of(session.current())
    return claims[claim_id] if ours else None


def answer_to(
    finding: str, claim_id: str | None, answer: Answer, read: Iterable[str]
) -> dict[str, Any]:
    """Return the fields of a finding that say how it answers its claim; none without a claim.

    Parameters
    ----------
    finding : str
        Its id: one finding gives the claim's verdict, the others are other readings.
    claim_id : str or None
        See ``data/claims.yml``.
    answer : Answer
        What it found.
    read : iterable of str
        The parameters that it read: no verdict is given where one departs from the claim's terms.

    Raises
    ------
    DmeError
        If it tells of an earlier rule that the claim never had, or of other criteria than it has.
    """
    claim = claim_of(claim_id)
    if claim is None:
        return {}
    if apart := _beside(claim, finding) or _departing(claim, read):
        return apart
    rule = claim.rule
    now = _judged(claim, rule, answer, four=False)
    constructed = " ".join(rule.by_construction.values())
    return _named(claim) | {
        "verdict": now.verdict,
        "reason": now.reason,
        "by_construction": constructed,
        "earlier": tuple(_readings(claim, answer)),
        "tests": tuple(answer.tests.items()),
    }


def untested(
    finding: str, claim_id: str | None, lacking: str, read: Iterable[str]
) -> dict[str, Any]:
    """Return the same for a figure that the record has no data for."""
    claim = claim_of(claim_id)
    if claim is None:
        return {}
    if apart := _beside(claim, finding) or _departing(claim, read):
        return apart
    reason = f"For this study, {lacking}."
    verdict = Verdict.NOT_TESTABLE
    since = max(
        number
        for number, entry in enumerate(claim.rules)
        if not number or entry.sets.keys() & _MEASURED_BY
    )
    earlier = tuple(
        Earlier(entry.date, verdict, verdict, reason) for entry in claim.rules[since:-1]
    )
    return _named(claim) | {"verdict": verdict, "reason": reason, "earlier": earlier}


def _beside(claim: Claim, finding: str) -> dict[str, Any]:
    if finding == claim.finding:
        return {}
    reason = f"Another reading of {claim.id}, whose verdict the finding {claim.finding} gives."
    return _named(claim) | {"reason": reason, "beside": True}


def _departing(claim: Claim, read: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a finding whose study departs from the claim; none where it does not."""
    names = {*read, *claim.rule.terms}
    session.note_parameters(*names)
    study = session.current()
    departures = yardstick().departures(claim, {name: getattr(study, name) for name in names})
    if not departures:
        return {}
    reason = f"No verdict: this study departs from the claim ({'; '.join(departures)})."
    return _named(claim) | {"reason": reason}


def _readings(claim: Claim, answer: Answer) -> Iterator[Earlier]:
    """Yield what each earlier rule gives, as far as the finding can tell.

    Each is judged by the verdicts that there were at its date; the rule that stands by those of
    before, too, if it is as old. What a finding is under a rule it is until one that measures it
    otherwise.
    """
    dates = [rule.date for rule in claim.standing]
    if strangers := set(answer.earlier) - set(dates):
        message = (
            f'The finding {claim.finding} tells of a rule of "{min(strangers)}". Claim {claim.id} '
            f"has rules of {', '.join(dates)} in data/claims.yml."
        )
        raise DmeError(message)
    carried: Reading | None = None
    for entry, rule in zip(claim.rules, claim.standing, strict=True):
        four = rule.date < FIVE_SINCE
        if rule.date == dates[-1] and not four:
            return
        if rule.date in answer.earlier:
            carried = answer.earlier[rule.date]
        elif entry.sets.keys() & _MEASURED_BY:
            carried = None
        later = claim.rules[dates.index(rule.date) + 1 :]
        if carried is None and any(each.sets.keys() & _MEASURED_BY for each in later):
            continue
        then = answer if carried is None else _as_then(answer, carried)
        given = _judged(claim, rule, then, four=four)
        today = _judged(claim, rule, then, four=False)
        yield Earlier(rule.date, given.verdict, today.verdict, given.reason)


def _as_then(answer: Answer, reading: Reading) -> Answer:
    """Return the answer as it was under an earlier rule."""
    if not isinstance(reading, Estimate):
        return answer._replace(holds=reading)
    told = reading.facts
    return answer._replace(
        estimate=reading,
        holds=told.get("holds", answer.holds),
        basis=told.get("basis", answer.basis),
    )


def _judged(claim: Claim, rule: Rule, answer: Answer, *, four: bool) -> Judgement:
    return judge(
        yardstick(),
        claim,
        rule,
        answer.estimate,
        holds=answer.holds,
        basis=answer.basis,
        four=four,
    )


def _named(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "statement": claim.statement,
        "published": claim.published_text,
    }
