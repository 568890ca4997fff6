"""Whether schools are smaller at each level, and how many more of them there are (beside O1)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.operations.size import SMALLER, Size
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives, listed
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import levels, school_sizes
from dme.study import Study
from dme.text import plural, quantity

LIKE = ("school-size-like-levels", "Mean school size against peer districts, at like level")
SCHOOLS = ("schools-per-pupil", "Schools per pupil against peer districts")
MORE = "percent more schools per pupil"


@dataclass(frozen=True)
class Levels:
    """The gap in size, level by level.

    Attributes
    ----------
    finding : Measured or Lacking
        The gap were the peers' schools of the district's mix of levels; each level's own beside.
    choices : tuple of Alternative
        What the figure draws; empty where nothing could be compared.
    picture : Picture
        The figure's words.
    """

    finding: Result
    choices: tuple[Alternative, ...]
    picture: Picture


def size_by_level(
    study: Study, place: Place, enrollment: pd.DataFrame, by_grade: pd.DataFrame
) -> Levels:
    """Return by how many percent the district's schools are smaller than peers' of their level.

    Parameters
    ----------
    enrollment, by_grade : DataFrame
        ``school_enrollment``, ``school_enrollment_by_grade``.
    """
    schools = school_sizes.schools(enrollment, study.enrollment_year, study.smallest_school)
    urban = school_sizes.of_districts(schools, [study.district, *study.peers])
    rows = levels.with_levels(urban, by_grade)
    compared = {name: _level(study, rows, name) for name in levels.LEVELS}
    compared = {name: groups for name, groups in compared.items() if all(map(len, groups))}
    if not compared:
        lacking = f"no level has schools of {place.own} and of its peers"
        return Levels(Lacking(*LIKE, lacking, SMALLER), (), Picture("", "", ""))
    like = levels.gap_at_like_levels(rows, study.district, study.peers, place.resampling)
    each = {
        f"{name} ({len(ours)} and {len(theirs)})": school_sizes.size_gap(
            rows[rows["level"] == name], study.district, study.peers, place.resampling
        )
        for name, (ours, theirs) in compared.items()
    }
    found = _finding(study, place, like, each, compared)
    choices = (Alternative.of("all, at like level", like), *found.alternatives)
    return Levels(found, choices, _picture(study, place, choices))


def _level(study: Study, rows: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    of_level = rows[rows["level"] == name]
    ours, theirs = study.district, study.peers
    return school_sizes.of_districts(of_level, ours), school_sizes.of_districts(of_level, theirs)


def _finding(
    study: Study,
    place: Place,
    like: Estimate,
    each: dict[str, Estimate],
    compared: dict[str, tuple[pd.DataFrame, pd.DataFrame]],
) -> Measured:
    means = "; ".join(
        f"{name} {ours['students'].mean():,.0f} against {theirs['students'].mean():,.0f}"
        for name, (ours, theirs) in compared.items()
    )
    count = sum(len(ours) for ours, _ in compared.values())
    return Measured(
        *LIKE,
        f"Had the peers the levels of {place.own}'s schools, its mean school would be "
        f"{quantity(like.value, 'percent')} smaller than theirs. Mean students by level: {means}.",
        like,
        SMALLER,
        population=f"{plural(count, 'school')} of {place.own} and those of its peers of the same "
        f"levels; {place.counted}",
        year=study.enrollment_year,
        method="Each school is compared with the peers' mean of its level (direct "
        "standardization). A level follows from the grades with more than five students.",
        alternatives=alternatives(each),
        tables=("school_enrollment", "school_enrollment_by_grade"),
    )


def _picture(study: Study, place: Place, choices: tuple[Alternative, ...]) -> Picture:
    return Picture(
        f"How much smaller the schools of {place.own} are than its peers', by level",
        f"{study.enrollment_year}; in brackets the schools of {place.own} and of its peers, "
        f"{place.counted}. Dot: estimate; bar: {study.confidence:g}% "
        f"bootstrap interval over schools; none where a group has fewer than three. Source: "
        f"{place.record}, enrollment by school and grade.",
        f"Estimates of the gap in mean school size: {listed(choices, 'percent')}.",
    )


def schools_per_thousand(study: Study, place: Place, sizes: Size, counts: pd.DataFrame) -> Result:
    """Return by how many percent more schools a pupil of the district has than one of its peers.

    The schools per pupil are the inverse of the mean size, so the figure and its interval follow
    from the gap in size.

    Parameters
    ----------
    sizes : Size
        The gap in mean school size.
    counts : DataFrame
        ``district_enrollment``: an alternative counts all students of the districts.
    """
    gap = sizes.finding
    if isinstance(gap, Lacking):
        return Lacking(*SCHOOLS, gap.lacking, MORE)
    schools = sizes.schools
    ours = school_sizes.of_districts(schools, study.district)
    theirs = school_sizes.of_districts(schools, study.peers)
    mine, others = (1000 * len(rows) / float(rows["students"].sum()) for rows in (ours, theirs))
    more = _inverse(gap.estimate)
    choices = {
        choice.label: _inverse(Estimate(choice.value, choice.low, choice.high, ""))
        for choice in gap.alternatives
        if choice.value < 100
    }
    if ratio := _of_all_students(study, counts, len(ours), len(theirs)):
        choices["for all students of the districts"] = Estimate(ratio, None, None, "")
    return Measured(
        *SCHOOLS,
        f"{place.own} runs {quantity(round(mine, 2), 'schools')} for every 1,000 pupils in them, "
        f"its peers {quantity(round(others, 2), 'schools')}.",
        more,
        MORE,
        population=gap.population,
        year=study.enrollment_year,
        method="The inverse of the ratio of the two mean enrollments, minus one.",
        caveat="Schools as the state's file counts them: buildings are not on the public record, "
        "and some buildings hold two schools.",
        alternatives=alternatives(choices),
        tables=("school_enrollment",),
    )


def _inverse(gap: Estimate) -> Estimate:
    """Return a gap in size (percent smaller) as a gap in schools per pupil (percent more)."""

    def more(smaller: float | None) -> float | None:
        return None if smaller is None else 100 * (1 / (1 - smaller / 100) - 1)

    return Estimate(float(more(gap.value) or 0.0), more(gap.low), more(gap.high), gap.interval)


def _of_all_students(study: Study, counts: pd.DataFrame, ours: int, theirs: int) -> float | None:
    """Return the gap per student of the districts, wherever taught; None without the counts."""
    year = counts[
        (counts["school_year"] == study.enrollment_year) & (counts["edition"] == "annual")
    ]
    mine = float(school_sizes.of_districts(year, study.district)["students"].sum())
    others = float(school_sizes.of_districts(year, study.peers)["students"].sum())
    if not mine or not others:
        return None
    return 100 * ((ours / mine) / (theirs / others) - 1)
