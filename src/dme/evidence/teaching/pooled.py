"""What the pupils of the PK-8 schools would give in PK-5 and 6-8 schools (modelled)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.evidence.teaching.schools import NO_MAXIMA, Schools
from dme.measures.access import magnet_schools
from dme.measures.estimates.estimate import Estimate
from dme.measures.staff import grade_pooling, teams
from dme.study import Study
from dme.text import plural

_DRAWS = 1000
_TITLE, _UNIT = "PK-8 schools as PK-5 and 6-8 schools", "points"
_SAVED_TITLE = "Fewer sections in PK-5 and 6-8 schools"
_NAME, _SAVED = "pooled-teams", "pooled-sections"
_POINT = "none: a single figure under this rule"


@dataclass(frozen=True)
class Conversion:
    """What pooling would change.

    Attributes
    ----------
    teams, saved : Measured or Lacking
        Grades with two sections or more, in percentage points; sections fewer.
    shares : DataFrame
        ``stage``, ``one``, ``two``, ``three``: percent of grades with one, two, and three or
        more sections, as it is and pooled; empty where nothing can be pooled.
    picture : Picture or None
        The words of the chart of `shares`.
    """

    teams: Result
    saved: Result
    shares: pd.DataFrame
    picture: Picture | None


def conversion(
    study: Study, place: Place, counted: Schools, zones: pd.DataFrame, directory: pd.DataFrame
) -> Conversion:
    """Return what pairs of PK-8 schools would give as one PK-5 and one 6-8 school.

    Parameters
    ----------
    counted : Schools
        The schools of the study's year.
    zones, directory : DataFrame
        ``school_zones``, which area a school pairs in, and ``school_directory``, which tells
        the magnets; without zones the district is one area.
    """
    every = _convertible(counted.of(study.district), zones, directory, study.enrollment_year)
    ours = every[~every["magnet"]]
    lacking = NO_MAXIMA if counted.largest.empty else _too_few(place, ours)
    if lacking:
        return Conversion(
            Lacking(_NAME, _TITLE, lacking, _UNIT),
            Lacking(_SAVED, _SAVED_TITLE, lacking, "sections"),
            pd.DataFrame(),
            None,
        )
    found = _pool(study, counted, ours)
    others = {"magnet schools too": _pool(study, counted, every)}
    if ours["zone"].nunique() > 1:
        others["pairs across the whole district"] = _pool(study, counted, ours.assign(zone="all"))
    return Conversion(
        _teams(study, place, counted, found, others),
        _saved(study, place, counted, found, others),
        _shares(found),
        _picture(study, place, found),
    )


def _convertible(
    rows: pd.DataFrame, zones: pd.DataFrame, directory: pd.DataFrame, year: str
) -> pd.DataFrame:
    """Return schools that start below grade 4 and end in 8, none of their grades suppressed."""
    kept = rows[(rows["level"] == "PK-8") & (rows["high_grade"] == "8") & rows["unknown"].eq(0)]
    kinds = magnet_schools.kinds(directory, year)
    area = dict(zip(zones["school_code"], zones["zone"], strict=True))
    return kept.assign(
        magnet=kept["school_code"].map(kinds).eq(magnet_schools.MAGNET),
        zone=[area.get(code, "no zone") for code in kept["school_code"]],
    )


def _too_few(place: Place, ours: pd.DataFrame) -> str | None:
    if ours["zone"].value_counts().ge(2).any():
        return None
    return f"{place.own} has no two PK-8 schools in one area, magnets left out, that could pair"


def _pool(study: Study, counted: Schools, rows: pd.DataFrame) -> grade_pooling.Pooled:
    cells = grade_pooling.counts_by_grade(counted.cells, list(rows["school_code"]))
    largest = counted.largest.reindex(list(teams.TO_GRADE_8)).to_numpy(float)
    return grade_pooling.pool(cells, list(rows["zone"]), largest, _DRAWS, study.seed)


def _rule(found: grade_pooling.Pooled) -> str:
    left = f"; {found.left} without a partner stay as they are" if found.left else ""
    return (
        "Pairs of PK-8 schools in one zone become a PK-5 and a 6-8 school; who pairs is drawn at "
        f"random{left}. Prekindergarten is left out. No seat, distance or family's choice sets a "
        "limit."
    )


def _population(place: Place, found: grade_pooling.Pooled) -> str:
    return (
        f"{plural(found.schools, 'school')} of {place.own} that start below grade 4 and end in "
        f"grade 8, interdistrict magnets left out (families choose those for their theme); "
        f"{place.counted}"
    )


def _teams(
    study: Study,
    place: Place,
    counted: Schools,
    found: grade_pooling.Pooled,
    others: dict[str, grade_pooling.Pooled],
) -> Measured:
    before, after = found.before, found.after
    points = {
        "three or more sections": after["three"] - before["three"],
        "each pupil counts once": after["pupils_two"] - before["pupils_two"],
        "each pupil counts once, three or more": after["pupils_three"] - before["pupils_three"],
        "schools with two in each grade": after["schools_two"] - before["schools_two"],
    }
    return Measured(
        _NAME,
        _TITLE,
        f"{before['two']:.0f}% of the grades of these schools could have two sections or more, "
        f"{before['three']:.0f}% three; with the same pupils pooled in PK-5 and 6-8 schools "
        f"{after['two']:.0f}% and {after['three']:.0f}%. A grade would have {after['grade']:.0f} "
        f"students instead of {before['grade']:.0f}.",
        found.gain,
        _UNIT,
        basis="modelled",
        caveat="Arithmetic on the pupils of one October, not a plan: buildings, travel and "
        "families' choices are left out.",
        population=_population(place, found),
        year=study.enrollment_year,
        method=f"{_rule(found)} {counted.rule} Share of grades (each grade of each school once), "
        "pooled less as they are.",
        alternatives=alternatives(
            {label: each.gain for label, each in others.items()}
            | {label: Estimate(value, None, None, _POINT) for label, value in points.items()}
        ),
        tables=(
            "school_enrollment_by_grade",
            "class_size_maxima",
            "school_zones",
            "school_directory",
        ),
    )


def _saved(
    study: Study,
    place: Place,
    counted: Schools,
    found: grade_pooling.Pooled,
    others: dict[str, grade_pooling.Pooled],
) -> Measured:
    before, after = found.before["sections"], found.after["sections"]
    return Measured(
        _SAVED,
        _SAVED_TITLE,
        f"Kindergarten to grade 8 need {before:,.0f} sections in these schools and {after:,.0f} "
        f"pooled: {found.saved.value:.0f} classroom teachers fewer "
        f"({100 * found.saved.value / before:.0f}%), at one a section.",
        found.saved,
        "sections",
        basis="modelled",
        caveat="Fewer sections are fuller sections: the same pupils in larger classes, none above "
        "the maximum. A lone section of few pupils is what pooling does away with.",
        population=_population(place, found),
        year=study.enrollment_year,
        method=f"{_rule(found)} {counted.rule} Sections as they are, less those of the pooled "
        "schools.",
        alternatives=alternatives({label: each.saved for label, each in others.items()}),
        tables=(
            "school_enrollment_by_grade",
            "class_size_maxima",
            "school_zones",
            "school_directory",
        ),
    )


def _shares(found: grade_pooling.Pooled) -> pd.DataFrame:
    lines = []
    for stage, each in (("as PK-8 schools", found.before), ("as PK-5 and 6-8", found.after)):
        parts = np.array([100 - each["two"], each["two"] - each["three"], each["three"]])
        lines.append({"stage": stage, "one": parts[0], "two": parts[1], "three": parts[2]})
    return pd.DataFrame(lines)


def _picture(study: Study, place: Place, found: grade_pooling.Pooled) -> Picture:
    return Picture(
        f"The same pupils of {place.own}'s PK-8 schools in schools of fewer grades",
        f"Share of grades with one, two, and three or more sections, {study.enrollment_year}, "
        f"{found.schools} PK-8 schools without the magnets, paired in their zones at random "
        f"(modelled). Source: {place.record}, enrollment by school and grade.",
        f"Stacked bars: grades with two sections or more {found.before['two']:.0f}% as they are, "
        f"{found.after['two']:.0f}% pooled; with three {found.before['three']:.0f}% and "
        f"{found.after['three']:.0f}%.",
    )
