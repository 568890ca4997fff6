"""How firm the headline findings are: each under every combination of defensible choices.

A specification curve (Simonsohn, Simmons and Nelson 2020, *Nature Human Behaviour* 4) shows one
figure under all of them. What each run of a sweep found is read from the sweep's table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dme.claims import Claim, Yardstick
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.curve import Curve, Yard, curve, distinct, judged
from dme.measures.estimate import Estimate
from dme.session import Sweep
from dme.study import Study
from dme.text import plural, quantity, span

UNIT = "percent of the ways to measure it"
HEADLINES = {
    "O1": ("school-size", "How firm: schools smaller than those of peer districts"),
    "O2": ("small-school-premium", "How firm: small schools spend more per pupil, by size alone"),
    "O3": ("small-school-cost", "How firm: what small schools cost a year, by size alone"),
}
"""By claim: the finding that a sweep varies, and the heading of what comes of it."""


@dataclass(frozen=True)
class Drawn:
    """What the specification curve of a finding draws.

    Attributes
    ----------
    rows : DataFrame
        The specifications that differ, by their figures: ``value``, ``low``, ``high``,
        ``verdict``, and a column for each axis.
    axes : list of str
        The axes that matter, from the one that moves the figure most.
    unit : str
        The figure's.
    chosen : dict
        The study's own choice on each axis.
    moves : DataFrame
        ``Choice``, ``Moves the figure by``: the mean range over a choice, the others held.
    picture : Picture
        The figure's words.
    """

    rows: pd.DataFrame
    axes: list[str]
    unit: str
    chosen: dict[str, object]
    moves: pd.DataFrame
    picture: Picture


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
    finding, title = HEADLINES[claim_id]
    name = f"{finding}-firmness"
    if lacking := _lacking(study, districts, finding, sweep):
        return Firm(Lacking(name, title, lacking, UNIT))
    assert sweep is not None
    claim = yardstick[claim_id]
    ours = study.district == yardstick.district
    rows = sweep.findings[sweep.findings["finding"] == finding]
    sure = rows.dropna(subset=["value", "low", "high"])
    against = yard(claim, yardstick) if ours else DIRECTION
    told = curve(sure, list(sweep.axes), against)
    if told is None:
        return Firm(Lacking(name, title, f"no run of the sweep {sweep.name} has an interval", UNIT))
    published = claim.published if ours else None
    found = Measured(
        name,
        title,
        _sentence(told, str(rows["unit"].iloc[0]), f"{published}" if published else None),
        Estimate(100 * told.agrees, None, None, "none: a share of all ways that were computed"),
        UNIT,
        population=_population(sweep, rows, sure),
        year=_years(sweep),
        method=_method(published is not None),
        basis=_basis(sure),
        caveat="The choices are those that can be defended and computed; others may be missing. "
        "Ways to measure one figure on the same schools are not independent of each other.",
        alternatives=_shares(told, rows, against),
        tables=("school_enrollment",) if claim_id == "O1" else ("spending_schools",),
    )
    return Firm(found, told, _drawn(study, sweep, sure, against, told))


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


def _sentence(told: Curve, unit: str, published: str | None) -> str:
    head = unit.partition(" ")[0]
    agreeing = round(told.agrees * told.specifications)
    what = f"the published {published}" if published else "a figure above zero"
    moved = (
        f" The choice that moves it most is {told.mover.replace('_', ' ')}: by "
        f"{quantity(told.moves[told.mover], head)} on average."
        if told.mover
        else ""
    )
    return (
        f"{agreeing:,} of {told.specifications:,} ways to measure it agree with {what}, in size "
        f"or in direction. The figure runs from {quantity(told.lowest, head)} to "
        f"{quantity(told.highest, head)}, with a median of {quantity(told.median, head)}.{moved}"
    )


def _population(sweep: Sweep, rows: pd.DataFrame, sure: pd.DataFrame) -> str:
    choices = ", ".join(
        f"{axis.replace('_', ' ')} ({len(labels)})"
        for axis, labels in sweep.axes.items()
        if len(labels) > 1
    )
    thin = len(rows) - len(sure)
    left = (
        f"; {thin:,} more give no interval, most for a group of fewer than three schools, and are "
        "left out"
        if thin
        else ""
    )
    return f"{plural(len(sure), 'specification')} of the sweep {sweep.name}: {choices}{left}"


def _years(sweep: Sweep) -> str:
    """Return the years that the specifications are of."""
    years = [
        str(value)
        for name in ("enrollment_year", "spending_year")
        for value in (sweep.axes.get(name) or {sweep.shared.get(name): None})
        if value
    ]
    return ", ".join(dict.fromkeys(years))


def _method(published: bool) -> str:
    size = "Agreement in size: within the claim's tolerance of the published figure. " * published
    return (
        f"Share of the specifications that agree. {size}In direction: the sign of the claim, with "
        "an interval that excludes zero."
    )


def _basis(rows: pd.DataFrame) -> Any:
    return str(rows["basis"].mode().iloc[0])


def _shares(told: Curve, rows: pd.DataFrame, against: Yard) -> tuple[Alternative, ...]:
    measured = rows.dropna(subset=["value"])
    # Without an interval nothing speaks against the sign: here they count as agreeing.
    loose = float((judged(measured, against) != "neither").mean())
    shares = {"in size alone": told.within} if against.lowest == against.lowest else {}
    shares |= {"counting the ways without an interval too": loose}
    return tuple(Alternative(label, 100 * share) for label, share in shares.items())


def _drawn(study: Study, sweep: Sweep, rows: pd.DataFrame, against: Yard, told: Curve) -> Drawn:
    """Return what the curve draws, each specification that differs for this finding once."""
    once, matter = distinct(rows, list(sweep.axes))
    once["verdict"] = judged(once, against)
    unit = str(rows["unit"].iloc[0])
    head = unit.partition(" ")[0]
    by_reach = [axis for axis in told.moves if axis in matter]
    reach = [told.moves[axis] for axis in by_reach]
    idle = [axis for axis in sweep.axes if axis not in matter and rows[axis].nunique() > 1]
    return Drawn(
        once,
        by_reach,
        unit,
        chosen(study, sweep),
        pd.DataFrame(
            {
                "Choice": [axis.replace("_", " ") for axis in by_reach],
                "Moves the figure by": [
                    "–" if far is None else quantity(far, head) for far in reach
                ],
            }
        ),
        _picture(sweep, once, unit, idle),
    )


def _picture(sweep: Sweep, once: pd.DataFrame, unit: str, idle: Sequence[str]) -> Picture:
    head = unit.partition(" ")[0]
    without = ", ".join(axis.replace("_", " ") for axis in idle)
    counts = once["verdict"].value_counts()
    said = ", ".join(
        f"{counts.get(verdict, 0)} {words}"
        for verdict, words in (
            ("within", "within the tolerance"),
            ("direction", "in the same direction"),
            ("neither", "that do not agree"),
        )
    )
    reach = span(once["value"].min(), once["value"].max(), head)
    return Picture(
        f"{len(once)} ways to measure it, {unit}",
        f"Dot: an estimate; bar: its {sweep.shared.get('confidence', 95):g}% interval; below: the "
        "choices behind it, the study's own in bold."
        + (f" Without effect on it: {without}." if without else ""),
        f"Specification curve of {len(once)} estimates from {reach}: {said}.",
    )


def chosen(study: Study, sweep: Sweep) -> dict[str, object]:
    """Return what the study itself has on each axis, as the sweep's table shows it."""
    own = study.model_dump(mode="json")
    found: dict[str, object] = {}
    for axis, labels in sweep.axes.items():
        shown = set(sweep.findings[axis])
        for label, sets in labels.items():
            if all(own.get(key) == value for key, value in sets.items()):
                # A named alternative stands in the table under its name, a value as it is.
                found[axis] = label if label in shown else sets[axis]
    return found


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
    mover = f"; {seen.mover.replace('_', ' ')} moves it most" if seen.mover else ""
    return (
        f"- **{_WORDS[claim]}** holds in {seen.agrees:.0%} of the ways to measure it "
        f"({seen.within:.0%} also in size). The figure runs from "
        f"{quantity(seen.lowest, head)} to {quantity(seen.highest, head)}{mover}."
    )


_WORDS = {
    "O1": "That schools are smaller than those of peer districts",
    "O2": "That small schools spend more per pupil",
    "O3": "That small schools cost the district money each year",
}
