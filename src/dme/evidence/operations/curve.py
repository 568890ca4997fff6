"""The cost curve: spending per pupil over school size, at like level and need (beside O2)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.errors import DmeError
from dme.evidence.operations.groups import Groups
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.measures.estimates.estimate import Estimate
from dme.measures.spending import economies_of_size
from dme.measures.spending.economies_of_size import SizeCurve
from dme.study import Study
from dme.text import plural, quantity

CURVE = ("cost-curve", "Spending per pupil along the curve of size, at like level and need")
FLATTEST = ("cost-curve-flattest", "The size at which the curve of spending stops falling")
MORE = "percent more per pupil"
_METHOD = (
    "Ordinary least squares of log dollars per pupil on log students and its square, level and "
    "share of high needs (the form of Andrews, Duncombe and Yinger 2002), each school counted "
    "once; HC3 errors"
)


@dataclass(frozen=True)
class CostCurve:
    """The curve of the district, and that of the district and its peers together.

    Attributes
    ----------
    finding, flattest : Measured or Lacking
        What a small school spends more than a large one on the curve; where it stops falling.
    lines : dict of str to DataFrame
        The curves to draw; see `dme.measures.spending.economies_of_size.SizeCurve.predicted`.
    picture : Picture or None
        The figure's words; None where there is no curve.
    """

    finding: Result
    flattest: Result
    lines: dict[str, pd.DataFrame]
    picture: Picture | None


def cost_curve(study: Study, place: Place, groups: Groups) -> CostCurve:
    """Fit the curve of spending per pupil over size.

    Parameters
    ----------
    groups : Groups
        The schools whose spending is compared.
    """
    curves = _curves(study, place, groups)
    first = f"schools of {place.own}"
    if first not in curves or groups.lacking:
        lacking = groups.lacking or (
            f"too few schools of {place.own} have a printed figure for a curve over their size"
        )
        return CostCurve(
            Lacking(*CURVE, lacking, MORE), Lacking(*FLATTEST, lacking, "students"), {}, None
        )
    own = curves[first]
    sizes = _typical(study, groups)
    found = _finding(study, place, curves, sizes, own)
    lines = {
        label: curve.predicted(np.geomspace(own.smallest, own.largest, 60))
        for label, curve in curves.items()
        if label != "without operation of plant"
    }
    picture = _picture(study, place, found, sizes)
    return CostCurve(found, _flattest(study, place, curves, own), lines, picture)


def _curves(study: Study, place: Place, groups: Groups) -> dict[str, SizeCurve]:
    """Return each curve that there are schools enough for: the district's own, then with peers."""
    wanted: dict[str, tuple[pd.DataFrame, str | None]] = {
        f"schools of {place.own}": (groups.priced, None),
        "with the peers' schools": (groups.urban, study.district),
    }
    if study.plant_cost and groups.other_plant is not None:
        wanted["without operation of plant"] = (groups.other_plant, None)
    curves = {}
    for label, (rows, own) in wanted.items():
        try:
            curves[label] = economies_of_size.size_curve(rows, study.confidence, own)
        except DmeError:  # too few schools: the finding says so
            continue
    return curves


def _typical(study: Study, groups: Groups) -> tuple[float, float]:
    """Return the mean sizes of the small schools and of the others."""
    students = groups.priced["students"].astype(float)
    small = students < study.small_school
    return float(students[small].mean()), float(students[~small].mean())


def _finding(
    study: Study,
    place: Place,
    curves: dict[str, SizeCurve],
    sizes: tuple[float, float],
    own: SizeCurve,
) -> Measured:
    premiums = {label: curve.premium(*sizes) for label, curve in curves.items()}
    premium = premiums.pop(f"schools of {place.own}")
    small, large = (f"{students:,.0f}" for students in sizes)
    related = (
        "Spending and size hang together"
        if own.p_value < 1 - study.confidence / 100
        else "Spending and size do not clearly hang together"
    )
    return Measured(
        *CURVE,
        f"On the curve a school of {small} students (the small schools' mean) spends "
        f"{quantity(premium.value, 'percent')} more per pupil than a like one of {large} (the "
        f"others' mean). {related} (p = {own.p_value:.3f}).",
        premium,
        MORE,
        population=f"{plural(own.schools, 'school')} of {place.own} with {own.smallest:,.0f} to "
        f"{own.largest:,.0f} students; {place.counted}",
        year=study.spending_year,
        method=f"{_METHOD}.",
        caveat="A curve of spending, not of cost: results and prices are not held. A level of a "
        "single school is left out.",
        alternatives=alternatives(premiums),
        tables=("spending_schools",),
    )


def _flattest(study: Study, place: Place, curves: dict[str, SizeCurve], own: SizeCurve) -> Result:
    lowest = own.flattest()
    others = {
        label: found
        for label, curve in curves.items()
        if curve is not own and (found := curve.flattest()) is not None
    }
    if lowest is None or not _determined(lowest, own):
        return Lacking(*FLATTEST, _undetermined(lowest, own, others), "students")
    return Measured(
        *FLATTEST,
        f"The curve stops falling at {quantity(round(lowest.value), 'students')}.",
        lowest,
        "students",
        population=f"{plural(own.schools, 'school')} of {place.own}; {place.counted}",
        year=study.spending_year,
        method=f"{_METHOD}; the lowest point of the curve.",
        alternatives=alternatives(others),
        tables=("spending_schools",),
    )


def _determined(lowest: Estimate, curve: SizeCurve) -> bool:
    """Whether the interval lies among the sizes that there are."""
    ends = lowest.low, lowest.high
    return all(end is not None and curve.smallest <= end <= curve.largest for end in ends)


def _undetermined(lowest: Estimate | None, own: SizeCurve, others: dict[str, Estimate]) -> str:
    reach = f"between {own.smallest:,.0f} and {own.largest:,.0f} students"
    words = (
        f"the curve has no lowest point {reach}: it still falls at the largest schools"
        if lowest is None
        else f"the lowest point's interval reaches beyond the schools there are, {reach}"
    )
    for label, found in others.items():
        words += (
            f"; {label} the lowest point is at {found.value:,.0f}, its interval "
            f"{found.low:,.0f} to {found.high:,.0f}"
        )
    return words


def _picture(study: Study, place: Place, found: Measured, sizes: tuple[float, float]) -> Picture:
    small, large = (f"{students:,.0f}" for students in sizes)
    return Picture(
        f"Spending per pupil over school size at like level and need, {place.own} "
        f"{study.spending_year}",
        f"Dot: a school as it is; {place.counted}. Lines: fitted curves at the schools' mean "
        f"level and need, with {study.confidence:g}% bands. Source: {place.record}, per pupil "
        "expenditures by school.",
        "Scatter of spending per pupil against enrollment with fitted curves. On the district's "
        f"own, a school of {small} students spends {found.estimate.value:.1f}% more than one of "
        f"{large}.",
    )
