"""How many teachers there are: in the district (claim D2), and for each grade of a school."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Result, alternatives
from dme.evidence.teaching.schools import (
    Schools,
    groups_in_words,
    no_group,
    of_groups,
    unsettled,
)
from dme.measures.estimates.bootstrap import Resampling, gap_of_means
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.measures.staff import teams
from dme.study import Study
from dme.text import first_year, quantity, school_year

_COUNT = "none: a full count"
_TEACHERS = ["teachers", "special_education_teachers"]
_YOUNGEST = "schools of prekindergarten alone too"


def teachers(
    study: Study,
    place: Place,
    district_staff: pd.DataFrame,
    school_staff: pd.DataFrame,
    enrollment: pd.DataFrame,
) -> Result:
    """Return the district's classroom teachers, general and special education together.

    Parameters
    ----------
    district_staff, school_staff, enrollment : DataFrame
        ``district_staff``, ``school_staff``, and ``school_enrollment``, which tells the schools
        of the district.
    """
    rows = school_sizes.of_districts(district_staff, study.district).set_index("school_year")
    name, title, unit = "classroom-teachers", "Classroom teachers", "FTE"
    if study.staff_year not in rows.index or rows.loc[study.staff_year, _TEACHERS].isna().any():
        lacking = f"the tables hold no teachers of {place.own} in {study.staff_year}"
        return Lacking(name, title, lacking, unit, claim="D2")
    counts = rows.loc[study.staff_year]
    both = float(counts[_TEACHERS].sum())
    codes = school_sizes.of_districts(enrollment, study.district)["school_code"]
    in_schools = school_staff[
        (school_staff["school_year"] == study.staff_year) & school_staff["school_code"].isin(codes)
    ]
    others = {
        "general-education teachers alone": counts["teachers"],
        "with the specialists who support teachers": both + counts["instructional_specialists"],
        "sum over its schools": in_schools[_TEACHERS].sum().sum(),
    }
    before = school_year(first_year(study.staff_year) - 1)
    if before in rows.index:
        others[f"the year before, {before}"] = rows.loc[before, _TEACHERS].sum(skipna=False)
    return Measured(
        name,
        title,
        f"{place.own} had {both:,.0f} full-time equivalents of classroom teachers in "
        f"{study.staff_year}, {counts['teachers']:,.0f} in general and "
        f"{counts['special_education_teachers']:,.0f} in special education.",
        Estimate(both, None, None, _COUNT),
        unit,
        claim="D2",
        population=f"teachers and instructors of {place.own}, general and special education",
        year=study.staff_year,
        method=f"Full-time equivalents by district ({place.record}), the two categories added.",
        caveat="The public record of staff by category ends in 2015-16, a year before the count "
        "of students that the study gives; which categories it calls classroom teachers it does "
        "not say.",
        alternatives=alternatives(
            {
                label: Estimate(float(value), None, None, _COUNT)
                for label, value in others.items()
                if pd.notna(value)
            }
        ),
        tables=("district_staff", "school_staff"),
    )


@dataclass(frozen=True)
class PerGrade:
    """Teachers for each grade served: the difference, and the schools behind it.

    Attributes
    ----------
    finding : Measured or Lacking
        Small schools less the others.
    rows : DataFrame
        One row a school: ``teachers_per_grade``, ``small``, ``level``.
    every : Estimate or None
        The same difference with schools of prekindergarten alone, as the claim's own words have it.
    """

    finding: Result
    rows: pd.DataFrame
    every: Estimate | None = None

    @property
    def fewer(self) -> bool:
        """Whether small schools of every kind have fewer, with the interval below zero."""
        return self.every is not None and (self.every.high or 0) < 0

    @property
    def left_open(self) -> tuple[int, int]:
        """How many other choices of schools hold zero in their interval, and of how many."""
        if not isinstance(self.finding, Measured):
            return 0, 0
        ends = [
            (each.low, each.high)
            for each in self.finding.alternatives
            if each.low is not None and each.high is not None
        ]
        return sum(low <= 0 <= high for low, high in ends), len(ends)


def teachers_per_grade(
    study: Study, place: Place, counted: Schools, staff: pd.DataFrame
) -> PerGrade:
    """Return the general-education teachers for each grade, small schools less the others.

    Parameters
    ----------
    counted : Schools
        The schools of the staff's year.
    staff : DataFrame
        ``school_staff``.
    """
    of_year = staff[staff["school_year"] == study.staff_year]
    held = teams.teachers_per_grade(of_year, counted.cells)
    rows = counted.of(study.district).drop(columns="grades").merge(held, on="school_code")
    name, title = "teachers-per-grade", "Teachers for each grade in small schools"
    unit = "teachers a grade"
    if lacking := no_group(study, rows, place.own):
        words = f"the tables hold no staff by school of {place.own} in {study.staff_year}"
        return PerGrade(Lacking(name, title, words if rows.empty else lacking, unit), rows)
    gap = _gap(rows, place.resampling)
    youngest = school_sizes.of_districts(counted.youngest, study.district).merge(
        held, on="school_code"
    )
    others = {
        label: _gap(some, place.resampling)
        for label, some in _choices(study, rows, youngest).items()
        if some["small"].nunique() == 2
    }
    means = rows.groupby("small")["teachers_per_grade"].mean()
    found = Measured(
        name,
        title,
        f"Schools under {study.small_school} students have {means[True]:.1f} general-education "
        f"teachers for each grade they serve, the others {means[False]:.1f}: "
        f"{quantity(abs(gap.value), unit)} {'fewer' if gap.value < 0 else 'more'}.",
        gap,
        unit,
        population=f"{groups_in_words(study, rows, place.own)}; {place.counted}, "
        "with staff and a grade from kindergarten up",
        year=study.staff_year,
        method="Full-time equivalents of general-education teachers over the grades that a school "
        "has students in, prekindergarten too; mean of the schools of each group.",
        caveat="Teachers of art, music and physical education are among them: the state's "
        "category does not tell them apart, so that a grade's own team is smaller. High schools "
        f"hire by subject and have few grades.{unsettled(others)}",
        alternatives=alternatives(others),
        tables=("school_staff", "school_enrollment_by_grade", "school_enrollment"),
    )
    return PerGrade(found, rows, others.get(_YOUNGEST, gap))


def _choices(study: Study, rows: pd.DataFrame, youngest: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the schools of other defensible choices, by their names."""
    found = {
        "schools that end by grade 8": rows[rows["level"] != "high"],
        "PK-8 schools alone": rows[rows["level"] == "PK-8"],
        f"small means under {study.small_school - 50}": _cut(rows, study.small_school - 50),
        f"small means under {study.small_school + 50}": _cut(rows, study.small_school + 50),
    }
    if len(youngest):
        found[_YOUNGEST] = pd.concat([rows, youngest])
    return found


def _cut(rows: pd.DataFrame, line: float) -> pd.DataFrame:
    return rows.assign(small=rows["students"] < line)


def _gap(rows: pd.DataFrame, resampling: Resampling) -> Estimate:
    return gap_of_means(*of_groups(rows, "teachers_per_grade"), resampling)
