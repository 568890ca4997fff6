"""Whether small schools can form teams: sections in each grade (claim T1)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives, listed
from dme.evidence.teaching.schools import (
    NO_MAXIMA,
    Rolls,
    Schools,
    groups_in_words,
    no_group,
    schools,
    unsettled,
)
from dme.evidence.teaching.staff import PerGrade
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.shares import Share, difference, exact, within
from dme.measures.staff import teams
from dme.study import Study
from dme.text import plural

_LEVELS = ("elementary", "PK-8", "middle", "high")
_TITLE = "Two sections in each grade, small schools against the others"


@dataclass(frozen=True)
class Sections:
    """The share of schools with teams in every grade, and what to draw.

    Attributes
    ----------
    finding : Measured or Lacking
        Small schools less the others, in percentage points.
    rows : DataFrame
        The district's schools; see `Schools`.
    tiles : DataFrame
        Sections by school (index, smallest first, with its students) and grade (columns).
    spans : DataFrame
        By grade span and size: schools, students a grade, shares with two and three sections.
    one_class : tuple of float
        The smallest and the largest of the class-size maxima from kindergarten up: a grade with
        more students needs a second section.
    picture, scatter, forest : Picture
        The words of the tile chart, the chart of grade sizes, and that of other choices.
    """

    finding: Result
    rows: pd.DataFrame
    tiles: pd.DataFrame
    spans: pd.DataFrame
    one_class: tuple[float, float]
    picture: Picture
    scatter: Picture
    forest: Picture


def sections(
    study: Study,
    place: Place,
    counted: Schools,
    per_grade: PerGrade,
    rolls: Rolls,
) -> Sections:
    """Return how much rarer two sections in every grade are in small schools.

    Parameters
    ----------
    counted : Schools
        The schools of the study's year.
    per_grade : PerGrade
        Teachers for each grade, which the claim's second criterion asks for.
    rolls : Rolls
        The tables, to count with the other edition of the maxima and with prekindergarten.
    """
    rows = counted.of(study.district)
    finding = _finding(study, place, counted, per_grade, rolls)
    smallest = rows.sort_values("students")
    return Sections(
        finding,
        rows,
        _tiles(counted, smallest),
        _spans(study, rows) if isinstance(finding, Measured) else pd.DataFrame(),
        _one_class(counted.largest),
        _picture(study, place, rows),
        _scatter(study, place, rows),
        _forest(study, place, finding),
    )


def share(rows: pd.DataFrame, least: int) -> Share:
    """Return how many schools have at least `least` sections in each grade, of those decided."""
    held = teams.in_each_grade(rows, least).dropna()
    return Share(int(held.sum()), len(held))


def _apart(rows: pd.DataFrame, confidence: float, least: int = 2) -> Estimate | None:
    small, rest = (share(rows[rows["small"] == group], least) for group in (True, False))
    return difference(small, rest, confidence) if small.of and rest.of else None


def _finding(
    study: Study,
    place: Place,
    counted: Schools,
    per_grade: PerGrade,
    rolls: Rolls,
) -> Result:
    rows = counted.of(study.district)
    name, unit = "two-sections", "points"
    if counted.largest.empty:
        return Lacking(name, _TITLE, NO_MAXIMA, unit)
    gap = _apart(rows, study.confidence)
    if gap is None:
        lacking = no_group(study, rows, place.own) or "every grade's count is suppressed in a group"
        return Lacking(name, _TITLE, lacking, unit)
    small, rest = (share(rows[rows["small"] == group], 2) for group in (True, False))
    undecided = len(rows) - small.of - rest.of
    choices = _choices(study, counted, rolls)
    return Measured(
        name,
        _TITLE,
        f"{small.hits} of the {plural(small.of, 'school')} under {study.small_school} students "
        f"could have two or more sections in each grade ({small.percent:.0f}%), and {rest.hits} of "
        f"the {rest.of} others ({rest.percent:.0f}%).",
        gap,
        unit,
        claim="T1",
        holds=((gap.high or 0) < 0, per_grade.fewer),
        basis="modelled",
        caveat="Sections are modelled from enrollment: how many a school opened is not public. "
        "Classes below the maximum would make more of them."
        f"{unsettled(choices)}{_narrowly(per_grade)}",
        population=f"{groups_in_words(study, rows, place.own)}; {place.counted}, with a grade "
        "from kindergarten up"
        + (f"; {undecided} left out for suppressed grades" if undecided else ""),
        year=study.enrollment_year,
        method=f"{counted.rule} Grades from kindergarten up. Share of schools in which every grade "
        f"has two or more. Fisher's exact test of the two shares: p = {exact(small, rest):.3f}. "
        "The claim's second criterion is the finding on teachers for "
        "each grade.",
        alternatives=alternatives(choices),
        tables=("school_enrollment_by_grade", "school_enrollment", "class_size_maxima"),
    )


def _narrowly(per_grade: PerGrade) -> str:
    """Return in a sentence that the second criterion hangs on which schools count, if it does."""
    undecided, choices = per_grade.left_open
    if not undecided:
        return ""
    return (
        f" The second criterion hangs on which schools count: with {undecided} of {choices} other "
        "choices its interval holds zero."
    )


def _choices(study: Study, counted: Schools, rolls: Rolls) -> dict[str, Estimate]:
    rows, level = counted.of(study.district), study.confidence
    edition = "union page" if study.class_sizes != "union page" else "contract 2017-2019"
    found = {
        "three or more sections in each grade": _apart(rows, level, 3),
        "prekindergarten counts as a grade": _apart(
            schools(study, rolls, grades=teams.GRADES).of(study.district), level
        ),
        f"class-size maxima of the other edition ({edition})": _apart(
            schools(study, rolls, edition=edition).of(study.district), level
        ),
        "schools that end by grade 8": _apart(rows[rows["level"] != "high"], level),
        "within grade spans": within(
            [_strata(rows[rows["level"] == each]) for each in _LEVELS], level
        ),
    }
    for line in (study.small_school - 50, study.small_school + 50):
        cut = rows.assign(small=rows["students"] < line)
        found[f"small means under {line}"] = _apart(cut, level)
    found["the peers' schools"] = _apart(counted.of(study.peers), level)
    return {label: gap for label, gap in found.items() if gap is not None}


def _strata(rows: pd.DataFrame) -> tuple[Share, Share]:
    small, rest = (share(rows[rows["small"] == group], 2) for group in (True, False))
    return small, rest


def _spans(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what size says within each grade span, and in all."""
    lines = []
    kinds = [*((each, rows[rows["level"] == each]) for each in _LEVELS), ("all", rows)]
    for kind, some in kinds:
        for small, size in ((True, f"under {study.small_school}"), (False, "the others")):
            group = some[some["small"] == small]
            two, three = share(group, 2), share(group, 3)
            if two.of:
                lines.append(
                    {
                        "Grades": kind,
                        "Students": size,
                        "Schools": two.of,
                        "Per grade": round(group["per_grade"].median()),
                        "Two sections": f"{two.hits} ({two.percent:.0f}%)",
                        "Three": f"{three.hits} ({three.percent:.0f}%)",
                    }
                )
    return pd.DataFrame(lines)


def _tiles(counted: Schools, smallest: pd.DataFrame) -> pd.DataFrame:
    held = teams.sections(counted.cells, counted.largest, teams.GRADES)
    names = {
        row.school_code: f"{row.school} ({row.students:,.0f})" for row in smallest.itertuples()
    }
    table = held.pivot(index="school_code", columns="grade", values="sections")
    table = table.reindex(index=list(names), columns=list(teams.GRADES))
    return table.rename(index=names).dropna(axis="columns", how="all")


def _picture(study: Study, place: Place, rows: pd.DataFrame) -> Picture:
    two = share(rows, 2)
    return Picture(
        f"Sections that each grade of {place.own}'s schools could have, {study.enrollment_year}",
        "Schools from the smallest; students in brackets. Sections: the fewest that Hartford's "
        f"class-size maxima allow (modelled). {place.counted.capitalize()}. Source: "
        f"{place.record}, enrollment by school and grade.",
        f"Tile chart of sections by school and grade, smallest school first. {two.hits} of "
        f"{two.of} schools have two or more in each grade from kindergarten up.",
    )


def _scatter(study: Study, place: Place, rows: pd.DataFrame) -> Picture:
    return Picture(
        f"What makes a team is the size of a grade: {place.own}'s schools, {study.enrollment_year}",
        "Dot: a school. Color: its grade with the fewest sections, from kindergarten up "
        f"(modelled). {place.counted.capitalize()}. Source: {place.record}, enrollment by grade.",
        f"Scatter of {len(rows)} schools: students in the school against students in a mean "
        "grade, colored by the fewest sections in any grade.",
    )


def _one_class(largest: pd.Series) -> tuple[float, float]:
    held = largest.reindex(list(teams.FROM_KINDERGARTEN))
    return float(held.min()), float(held.max())


def _forest(study: Study, place: Place, found: Result) -> Picture:
    told = listed(found.choices, found.unit) if isinstance(found, Measured) else ""
    return Picture(
        f"How much rarer two sections in each grade are in {place.own}'s small schools, under "
        "each choice",
        f"Difference of two shares of schools in percentage points (modelled sections); bar: "
        f"{study.confidence:g}% interval (Newcombe; within grade spans Mantel-Haenszel).",
        f"Estimates of the difference under each specification: {told}.",
    )
