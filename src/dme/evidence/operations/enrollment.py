"""How many students there are, and how their number changed (claim D1, a part of O4)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Measured, Picture, alternatives
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.study import Study
from dme.text import plural, quantity


@dataclass(frozen=True)
class Enrollment:
    """The district's count of the enrollment year and its series.

    Attributes
    ----------
    finding : Measured
        The count.
    lines : dict of str to DataFrame
        Each edition's series: ``school_year``, ``students``.
    marked : tuple of (school year, students, words)
        The count, to call out in the figure.
    picture : Picture
        The figure's words.
    """

    finding: Measured
    lines: dict[str, pd.DataFrame]
    marked: tuple[str, float, str]
    picture: Picture


def enrollment(
    study: Study, place: Place, counts: pd.DataFrame, by_school: pd.DataFrame
) -> Enrollment:
    """Return the district's students in the enrollment year, beside the sum over its schools.

    Parameters
    ----------
    counts, by_school : DataFrame
        ``district_enrollment``, ``school_enrollment``.

    Raises
    ------
    DmeError
        If the annual edition has no count of the district and year.
    """
    students = school_sizes.district_count(counts, study.district, study.enrollment_year)
    rows = school_sizes.of_districts(
        school_sizes.schools(by_school, study.enrollment_year), study.district
    )
    printed = f"{plural(len(rows), 'row')} with a printed count"
    found = Measured(
        "district-enrollment",
        "Students in the district",
        f"{quantity(students.value, 'students')} of {place.own} were counted in October of the "
        f"school year {study.enrollment_year}.",
        students,
        "students",
        claim="D1",
        population=f"all students of {place.own} wherever they are taught, PK to 12",
        year=study.enrollment_year,
        method=f"The count by district of October 1 ({place.record}), annual edition.",
        alternatives=(Alternative(f"sum over the {printed} of the file by school", _sum(rows)),),
        tables=("district_enrollment/annual",),
    )
    return Enrollment(
        found,
        _lines(study, place, counts),
        (study.enrollment_year, students.value, f"{students.value:,.0f}"),
        Picture(
            f"Students of {place.own}, by school year",
            f"All students of the district, October count. Source: {place.record}, enrollment "
            "by district.",
            f"Line chart of the students of {place.own} by school year; "
            f"{students.value:,.0f} in {study.enrollment_year}.",
        ),
    )


def _sum(rows: pd.DataFrame) -> float:
    return float(rows["students"].sum())


def _lines(study: Study, place: Place, counts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the series as it stood at the time, and as it went on."""
    annual = school_sizes.by_year(counts, study.district, "annual")
    since = school_sizes.by_year(counts, study.district, "revised")
    year = study.enrollment_year
    lines = {f"{place.own}, as first published": annual[annual["school_year"] <= year]}
    if len(since):
        lines["as the state gives it today"] = since[since["school_year"] >= year]
    return lines


@dataclass(frozen=True)
class Trend:
    """The yearly change of enrollment; `change` is the finding's own estimate."""

    finding: Measured
    change: Estimate

    @property
    def declines(self) -> bool:
        """Whether the trend falls with its whole interval below zero."""
        return self.change.high is not None and self.change.high < 0

    @property
    def reach(self) -> str:
        """Where the interval lies, in words."""
        if self.change.low is None:
            return "without an interval"
        if self.declines:
            return "its interval below zero"
        return "its interval above zero" if self.change.low > 0 else "its interval reaching zero"


def trend(study: Study, place: Place, counts: pd.DataFrame, by_school: pd.DataFrame) -> Trend:
    """Return the trend of the district's count, beside that of the students in its schools.

    Parameters as for `enrollment`.
    """
    span = study.trend_start, study.enrollment_year

    def within(series: pd.DataFrame) -> pd.DataFrame:
        return series[series["school_year"].between(*span)]

    counted = within(school_sizes.by_year(counts, study.district, "annual"))
    change = school_sizes.trend(counted, study.confidence)
    first, last = counted["students"].iloc[0], counted["students"].iloc[-1]
    seated = {
        "students in the rows of the file by school": 0,
        f"students in schools of {study.smallest_school} or more": study.smallest_school,
    }
    others = {
        label: school_sizes.trend(
            within(school_sizes.in_schools(by_school, study.district, smallest)), study.confidence
        )
        for label, smallest in seated.items()
    }
    found = Measured(
        "enrollment-trend",
        "Enrollment trend",
        f"From {span[0]} to {span[1]} the students of {place.own} went from "
        f"{first:,} to {last:,}, by {quantity(100 * (last / first - 1), 'percent')} in all.",
        change,
        "percent a year",
        population=f"all students of {place.own}",
        year=f"{span[0]} to {span[1]}",
        method="Log-linear trend of the yearly count, by ordinary least squares; errors by Newey "
        "and West with one lag.",
        alternatives=alternatives(others),
        tables=("district_enrollment/annual",),
    )
    return Trend(found, change)
