"""How firm the headline findings are: each under every combination of defensible choices.

A specification curve (Simonsohn, Simmons and Nelson 2020, *Nature Human Behaviour* 4) shows one
figure under all of them. What each run of a sweep found is read from the sweep's table.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dme.claims import Claim, Yardstick
from dme.evidence.firmness.drawn import Drawn, drawn, plain
from dme.evidence.firmness.headlines import HEADLINES
from dme.evidence.result import Lacking, Measured, Result
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.specification_curve import Curve, Yard, curve, distinct, judged
from dme.study import Study
from dme.sweeps import Sweep
from dme.text import plural, quantity

UNIT = "percent of the ways to measure it"


@dataclass(frozen=True)
class Firm:
    """How firm one finding is.

    Attributes
    ----------
    finding : Measured or Lacking
        The share of specifications that agree.
    curve : Curve or None
        What the specifications say together.
    drawn : Drawn or None
        What its figure draws.
    """

    finding: Result
    curve: Curve | None = None
    drawn: Drawn | None = None


def yard(claim: Claim, yardstick: Yardstick) -> Yard:
    """Return what agrees with a claim's published figure."""
    if claim.published is None:
        return DIRECTION
    bottom, top = claim.published.ends
    tolerance = yardstick.tolerance_of(claim)
    sign = (bottom > 0) - (bottom < 0) if claim.contrast else 0
    return Yard(bottom - tolerance.around(bottom), top + tolerance.around(top), sign)


DIRECTION = Yard(float("nan"), float("nan"), 1)
"""What agrees where nothing was published of the district: a figure surely above zero."""


def firmness(
    study: Study,
    districts: pd.DataFrame,
    yardstick: Yardstick,
    claim_id: str,
    sweep: Sweep | None,
) -> Firm:
    """Return how firm a headline finding is.

    A specification agrees where its figure lies within the claim's tolerance, or else has the
    claim's sign and an interval that excludes zero. One without an interval (a group of fewer
    than three schools) says nothing either way: it is left out and counted apart.

    Parameters
    ----------
    districts : DataFrame
        The table ``districts``.
    yardstick : Yardstick
        The claims, and how closely a figure has to agree.
    claim_id : str
        One of `HEADLINES`.
    sweep : Sweep or None
        Its results; None where it has not been run.
    """
    finding, title, seen, _ = HEADLINES[claim_id]
    name = f"{finding}-firmness"
    if lacking := _lacking(study, districts, finding, sweep):
        return Firm(Lacking(name, title, lacking, UNIT))
    assert sweep is not None
    claim = yardstick[claim_id]
    ours = study.district == yardstick.district
    rows = sweep.findings[sweep.findings["finding"] == finding]
    sure = rows.dropna(subset=["value", "low", "high"])
    against = yard(claim, yardstick) if ours else DIRECTION
    # A choice that a finding does not hang on makes no other specification of it.
    once, matter = distinct(sure, list(sweep.axes))
    told = curve(once, matter, against)
    if told is None:
        return Firm(Lacking(name, title, f"no run of the sweep {sweep.name} has an interval", UNIT))
    published = claim.published if ours else None
    unit, basis = str(rows["unit"].iloc[0]), _basis(sure)
    found = Measured(
        name,
        title,
        _sentence(told, unit, f"{published}" if published else "", proxy=basis == "proxy"),
        Estimate(100 * told.agrees, None, None, "none: a share of all ways that were computed"),
        UNIT,
        population=_population(sweep, matter, told, len(rows) - len(sure)),
        year=_years(sweep),
        method=_method(sized=published is not None and basis != "proxy"),
        basis=basis,
        caveat="The choices are those that can be defended and computed; others may be missing. "
        "Ways to measure one figure on the same schools are not independent of each other.",
        alternatives=_shares(told, rows, sweep, against),
        tables=("school_enrollment",) if claim_id == "O1" else ("spending_schools",),
    )
    draw = drawn(study, sweep, once.assign(verdict=judged(once, against)), told, seen)
    return Firm(found, told, draw)


def _lacking(study: Study, districts: pd.DataFrame, finding: str, sweep: Sweep | None) -> str:
    """Return why nothing can be said; empty where something can."""
    if sweep is None:
        return f"the sweep {study.sweep} has not been run (dme sweep {study.sweep})"
    of = sweep.shared.get("district")
    if of != study.district:
        names = districts.set_index("district_code")["district"]
        name = names.get(of, of) if of else "several districts"
        return (
            f"the sweep {sweep.name} is of {name}; write a file in params/sweeps/ with this "
            "study's as its base, run it, and name it under the parameter sweep"
        )
    if finding not in set(sweep.findings["finding"]):
        return f"the sweep {sweep.name} holds no finding {finding}"
    return ""


def _sentence(told: Curve, unit: str, published: str, *, proxy: bool) -> str:
    head = unit.partition(" ")[0]
    agreeing = round(told.agrees * told.specifications)
    what = f"the published {published}" if published else "a figure above zero"
    how = "in size or in direction" if published and not proxy else "in direction"
    moved = (
        f" The choice that moves it most is {plain(told.mover)}: by "
        f"{quantity(told.moves[told.mover], head)} on average."
        if told.mover
        else ""
    )
    return (
        f"{agreeing:,} of {plural(told.specifications, 'way')} to measure it agree with {what} "
        f"{how}. The figure runs from {quantity(told.lowest, head)} to "
        f"{quantity(told.highest, head)}, with a median of {quantity(told.median, head)}.{moved}"
    )


def _population(sweep: Sweep, matter: Sequence[str], told: Curve, thin: int) -> str:
    choices = ", ".join(f"{plain(axis)} ({len(sweep.axes[axis])})" for axis in matter)
    left = (
        f"; {plural(thin, 'run')} without an interval, most for a group of fewer than three "
        "schools, left out"
        if thin
        else ""
    )
    return (
        f"{plural(told.specifications, 'specification')} of the sweep {sweep.name}, which differ "
        f"in {choices or 'nothing'}{left}"
    )


def _years(sweep: Sweep) -> str:
    """Return the years that the specifications are of."""
    years = [
        str(value)
        for name in ("enrollment_year", "spending_year")
        for value in (sweep.axes.get(name) or {sweep.shared.get(name): None})
        if value
    ]
    return ", ".join(dict.fromkeys(years))


def _method(*, sized: bool) -> str:
    size = "in size, within the claim's tolerance of the published figure, or " * sized
    return (
        f"Share of the specifications that agree: {size}in direction, with the sign of the claim "
        "and an interval that excludes zero."
    )


def _basis(rows: pd.DataFrame) -> Any:
    return str(rows["basis"].mode().iloc[0])


def _shares(
    told: Curve, rows: pd.DataFrame, sweep: Sweep, against: Yard
) -> tuple[Alternative, ...]:
    every, _ = distinct(rows, list(sweep.axes))
    # Without an interval nothing speaks against the sign: here they count as agreeing.
    shares = {
        "counting the ways without an interval, by their sign": float(
            (judged(every, against) != "neither").mean()
        )
    }
    if _basis(rows) != "proxy" and not math.isnan(against.lowest):
        shares["in size alone"] = told.within
    return tuple(Alternative(label, 100 * share) for label, share in shares.items())


def answer(firms: Mapping[str, Firm]) -> str:
    """Return in plain words how firm the headline findings are, for the verb `answer`."""
    told = [_told(claim, firm) for claim, firm in firms.items()]
    if not any(firm.curve for firm in firms.values()):
        lacking = {firm.finding.lacking for firm in firms.values()
                   if isinstance(firm.finding, Lacking)}  # fmt: skip
        return f"How firm the findings are can't be said: {'; '.join(sorted(lacking))}."
    return "\n".join(filter(None, told))


def _told(claim: str, firm: Firm) -> str:
    if firm.curve is None or firm.drawn is None:
        return ""
    seen, head = firm.curve, firm.drawn.unit.partition(" ")[0]
    mover = f"; {plain(seen.mover)} moves it most" if seen.mover else ""
    proxy = isinstance(firm.finding, Measured) and firm.finding.basis == "proxy"
    size = "" if proxy else f", in {seen.within:.0%} of them in size too"
    return (
        f"- **{HEADLINES[claim].statement}** holds in {round(seen.agrees * seen.specifications)} "
        f"of {plural(seen.specifications, 'way')} to measure it{size}. The figure runs from "
        f"{quantity(seen.lowest, head)} to {quantity(seen.highest, head)}{mover}."
    )
