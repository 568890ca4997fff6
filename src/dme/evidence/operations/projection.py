"""Enrollment projected by cohort survival, how such projections fared, and what came (O4)."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from dme.errors import DmeError
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import projection, school_sizes
from dme.measures.size.projection import BackTest
from dme.study import Study
from dme.text import first_year, plural, quantity, school_year

PROJECTED = ("enrollment-projection", "Enrollment projected by cohort survival")
ERROR = ("projection-error", "How far earlier projections were off")
CHANGE = ("projection-and-outcome", "Change of enrollment that was projected, and that came")
TABLES = ("district_enrollment_by_grade", "district_enrollment")
TOPIC = "enrollment_projection"
_METHOD = (
    "Cohort survival: each grade is the grade below a year before, times the grade-progression "
    "ratio; PK and kindergarten stay at their mean"
)
_OTHER_YEARS = (1, 5)
"""Years that the ratios average, in the alternatives."""


@dataclass(frozen=True)
class Projection:
    """The projection from the enrollment year, beside what came.

    Attributes
    ----------
    results : tuple of Measured or Lacking
        The projection, the errors of earlier ones, and where one was published, the change that
        it and this method foresaw beside what came.
    known, came : DataFrame
        The district's count up to the enrollment year, and from there on.
    projected : DataFrame
        ``school_year``, ``students``, ``low``, ``high``.
    published : dict of str to float
        Students that others projected, by school year, with PK added.
    picture : Picture or None
        The figure's words; None without a projection.
    """

    results: tuple[Result, ...]
    known: pd.DataFrame
    came: pd.DataFrame
    projected: pd.DataFrame
    published: dict[str, float]
    picture: Picture | None


def enrollment_projection(
    study: Study, place: Place, counts: pd.DataFrame, by_grade: pd.DataFrame, facts: pd.DataFrame
) -> Projection:
    """Project the district's enrollment from what was known in the enrollment year.

    Parameters
    ----------
    counts, by_grade : DataFrame
        ``district_enrollment``, ``district_enrollment_by_grade``.
    facts : DataFrame
        ``published_facts`` of the district; without rows for another.
    """
    table = projection.by_grade(by_grade, study.district)
    known, came = _known_and_came(study, counts)
    try:
        ahead = _project(study, table, study.survival_years)
    except DmeError:
        lacking = (
            f"the tables hold no students by grade of {place.own} in {study.enrollment_year} "
            f"and the {plural(study.survival_years, 'year')} before"
        )
        nothing = Lacking(*PROJECTED, lacking, "students")
        return Projection((nothing,), known, came, known.iloc[:0], {}, None)
    tested = projection.back_test(
        table, study.enrollment_year, study.projection_years, study.survival_years
    )
    projected = _with_interval(study, ahead, tested)
    published = _published(facts)
    results = (
        _projected(study, place, _estimate(study, projected, tested), came, _choices(study, table)),
        _errors(study, place, tested),
        *_change(study, place, table, counts, published),
    )
    with_pk = _with_pk(table, published)
    picture = _picture(study, place, projected, came, with_pk)
    return Projection(results, known, came, projected, with_pk, picture)


def _known_and_came(study: Study, counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    annual = school_sizes.by_year(counts, study.district, "annual")
    today = school_sizes.by_year(counts, study.district, "revised")
    year = study.enrollment_year
    last = school_year(first_year(year) + study.projection_years)
    came = today[today["school_year"].between(year, last)]
    return annual[annual["school_year"] <= year], came


def _project(study: Study, table: pd.DataFrame, averaged: int) -> pd.Series:
    """Return the projected total by school year."""
    years = study.projection_years
    return projection.project(table, study.enrollment_year, years, averaged).sum(axis=1)


def _with_interval(study: Study, ahead: pd.Series, tested: BackTest | None) -> pd.DataFrame:
    steps = range(1, len(ahead) + 1)
    reach = (
        [tested.reach(step, study.confidence) for step in steps]
        if tested
        else [np.nan] * len(ahead)
    )
    factor = np.exp(np.array(reach))
    students = ahead.to_numpy()
    return pd.DataFrame(
        {
            "school_year": ahead.index,
            "students": students,
            "low": students / factor,
            "high": students * factor,
        }
    )


def _estimate(study: Study, projected: pd.DataFrame, tested: BackTest | None) -> Estimate:
    """Return the last projected year."""
    last = projected.iloc[-1]
    if tested is None:
        words = "none: fewer than three earlier years to project from"
        return Estimate(float(last["students"]), None, None, words)
    words = (
        f"{study.confidence:g}% interval from the errors of projections from {tested.origins} "
        "earlier years, growing with the root of the years ahead"
    )
    return Estimate(float(last["students"]), float(last["low"]), float(last["high"]), words)


def _choices(study: Study, table: pd.DataFrame) -> tuple[Alternative, ...]:
    """Return the last year's students by other averages, and were nothing to change."""
    known = table.loc[: study.enrollment_year]
    found = [Alternative("nothing changes", float(known.iloc[-1].sum()))]
    for averaged in _OTHER_YEARS:
        if averaged != study.survival_years and averaged < len(known):
            label = f"ratios averaged over {plural(averaged, 'year')}"
            found.append(Alternative(label, float(_project(study, table, averaged).iloc[-1])))
    return tuple(found)


def _outcome(came: pd.DataFrame, year: str) -> str:
    """Return in words what came in a year, if it has come."""
    real = came.loc[came["school_year"] == year, "students"].dropna()
    return f"; {quantity(float(real.iloc[0]), 'students')} came" if len(real) else ""


def _projected(
    study: Study,
    place: Place,
    estimate: Estimate,
    came: pd.DataFrame,
    choices: tuple[Alternative, ...],
) -> Measured:
    year = school_year(first_year(study.enrollment_year) + study.projection_years)
    return Measured(
        *PROJECTED,
        f"From the count of {study.enrollment_year}, {estimate.value:,.0f} students were to be "
        f"expected in {year}{_outcome(came, year)}.",
        estimate,
        "students",
        basis="modelled",
        caveat="A projection: births and moves are not in it, and it takes recent ratios to hold.",
        population=f"all students of {place.own}, PK to 12",
        year=f"{study.enrollment_year} to {year}",
        method=f"{_METHOD} of {plural(study.survival_years, 'year')}.",
        alternatives=choices,
        tables=TABLES,
    )


def _errors(study: Study, place: Place, tested: BackTest | None) -> Result:
    if tested is None:
        lacking = "there are fewer than three earlier years to project from"
        return Lacking(*ERROR, lacking, "percent off on average")
    better = "closer" if tested.mape < tested.naive_mape else "further off"
    side = "too low" if tested.bias < 0 else "too high"
    return Measured(
        *ERROR,
        f"Made from each of {tested.origins} earlier years, such projections were off by "
        f"{quantity(tested.mape, 'percent')} on average, mostly {side}; to expect no change was "
        f"off by {quantity(tested.naive_mape, 'percent')}: cohort survival came {better}.",
        Estimate(tested.mape, None, None, "none: the years overlap"),
        "percent off on average",
        population=f"{plural(len(tested.errors), 'projected year')} of all students of {place.own}",
        year=f"{tested.errors['origin'].iloc[0]} to {study.enrollment_year}",
        method="Mean absolute percentage error of the projected total against the count that "
        f"came. {_METHOD} of {plural(study.survival_years, 'year')}.",
        alternatives=(
            Alternative("nothing changes", tested.naive_mape),
            *(
                Alternative(f"{plural(ahead, 'year')} ahead", float(rows["error"].abs().mean()))
                for ahead, rows in tested.errors.groupby("ahead")
            ),
        ),
        tables=TABLES,
    )


def _published(facts: pd.DataFrame) -> dict[str, float]:
    """Return the students of grades K to 12 that were projected in 2016, by school year.

    A fact gives a year and a number, or two of each with an arrow between.
    """
    rows = facts[facts["topic"] == TOPIC].dropna(subset=["value"])
    found: dict[str, float] = {}
    for row in rows.itertuples():
        years, values = (str(cell).split(" -> ") for cell in (row.period, row.value))
        if len(years) == len(values) and all(_is_year(year) for year in years):
            found |= dict(zip(years, map(float, values), strict=True))
    return dict(sorted(found.items()))


def _is_year(text: str) -> bool:
    try:
        first_year(text)
    except DmeError:
        return False
    return True


def _with_pk(table: pd.DataFrame, published: dict[str, float]) -> dict[str, float]:
    """Return the published figures of grades K to 12 with the PK students of their first year."""
    start = next(iter(published), None)
    if start not in table.index:
        return {}
    pk = float(table.loc[start, "PK"])
    return {year: students + pk for year, students in published.items() if year != start}


def _change(
    study: Study,
    place: Place,
    table: pd.DataFrame,
    counts: pd.DataFrame,
    published: dict[str, float],
) -> tuple[Measured, ...]:
    """Return the change that came where a projection was published, beside what was foreseen."""
    came = school_sizes.by_year(counts, study.district, "revised").set_index("school_year")[
        "students"
    ]
    (start, end) = next(pairwise(published), (None, None))
    if start not in came.index or end not in came.index or start not in table.index:
        return ()
    years = first_year(end) - first_year(start)
    label = f"published in 2016 (K to 12, {published[end]:,.0f} of {published[start]:,.0f})"
    foreseen = {label: Estimate(_percent(published[end], published[start]), None, None, "")}
    try:
        ahead = projection.project(table, start, years, study.survival_years).iloc[-1]
        total = float(table.loc[start].sum())
        label = f"cohort survival from {start}"
        foreseen[label] = Estimate(_percent(float(ahead.sum()), total), None, None, "")
    except DmeError:  # too few years by grade before the published projection's
        pass
    change = _percent(float(came[end]), float(came[start]))
    words = "; ".join(f"{name}: {quantity(e.value, 'percent')}" for name, e in foreseen.items())
    found = Measured(
        *CHANGE,
        f"From {start} to {end} enrollment changed by {quantity(change, 'percent')}. "
        f"Foreseen: {words}.",
        Estimate(change, None, None, "none: a full count"),
        f"percent from {start} to {end}",
        population=f"all students of {place.own}; the published projection is of grades K to 12",
        year=f"{start} to {end}",
        method="Change of the state's count as it gives it today.",
        caveat="Counts by grade end in 2016-17 in the tables, so that PK can't be taken from "
        "what came; the last year is one of the pandemic.",
        alternatives=alternatives(foreseen),
        tables=("district_enrollment/revised", "published_facts"),
    )
    return (found,)


def _percent(new: float, old: float) -> float:
    return 100 * (new / old - 1)


def _picture(
    study: Study,
    place: Place,
    projected: pd.DataFrame,
    came: pd.DataFrame,
    published: dict[str, float],
) -> Picture:
    last = projected.iloc[-1]
    others = (
        " Diamond: what was published in 2016 for grades K to 12, with the PK pupils of then."
        if set(published) & set(projected["school_year"])
        else ""
    )
    return Picture(
        f"Students of {place.own}: expected in {study.enrollment_year}, and what came",
        f"Dashes: cohort survival; band: {study.confidence:g}% interval from the errors of "
        f"earlier projections.{others} Open dots: the count as it came. Source: {place.record}.",
        f"Line chart of enrollment: {last['students']:,.0f} projected for "
        f"{last['school_year']}{_outcome(came, last['school_year'])}.",
    )
