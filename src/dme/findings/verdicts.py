"""How a recomputed figure answers the claim that it is about."""

from collections.abc import Sequence
from typing import Any

from dme.findings import session
from dme.findings.claims import CLAIMS, Basis, Claim, Verdict, judge, yardstick
from dme.measures.estimates.estimate import Estimate


def claim_of(claim_id: str | None) -> Claim | None:
    """Return the claim that a finding names; None where the claims are of another district."""
    claims = yardstick()
    session.note_file(CLAIMS, session.digest_now(CLAIMS))
    session.note_parameters("district")
    ours = claim_id is not None and session.current().district == claims.district
    return claims[claim_id] if ours else None


def answer_to(
    claim_id: str | None, estimate: Estimate, holds: Sequence[bool], basis: Basis
) -> dict[str, Any]:
    """Return the fields of a finding that say how it answers its claim; none without a claim.

    Parameters
    ----------
    claim_id : str or None
        See ``data/claims.yml``.
    estimate : Estimate
        The figure, in the claim's unit.
    holds : sequence of bool
        For a claim that is a statement: whether each of its criteria holds.
    basis : {"measured", "proxy", "modelled"}
        What the figure rests on.
    """
    claim = claim_of(claim_id)
    if claim is None:
        return {}
    session.note_parameters(*claim.terms)
    study = session.current()
    if departures := claim.departures({name: getattr(study, name) for name in claim.terms}):
        reason = f"No verdict: this study departs from the claim ({'; '.join(departures)})."
        return _named(claim) | {"reason": reason}
    tolerance = yardstick().tolerance_of(claim)
    value, low, high = estimate.value, estimate.low, estimate.high
    verdict, reason = judge(claim, tolerance, value, low, high, holds=holds, basis=basis)
    return _named(claim) | {"verdict": verdict, "reason": reason}


def untested(claim_id: str | None, lacking: str) -> dict[str, Any]:
    """Return the same for a figure that the record has no data for."""
    claim = claim_of(claim_id)
    if claim is None:
        return {}
    reason = f"For this study, {lacking}."
    return _named(claim) | {"verdict": Verdict.NOT_TESTABLE, "reason": reason}


def _named(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "statement": claim.statement,
        "published": claim.published_text,
    }
