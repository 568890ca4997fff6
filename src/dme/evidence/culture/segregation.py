"""How unevenly black and Hispanic students are spread over the district's and region's schools."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.evidence.culture.composition import (
    by_year,
    counted,
    dissimilarity,
    joined,
    measurable,
)
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.access import magnet_schools
from dme.measures.climate import segregation
from dme.measures.estimates import suppressed
from dme.measures.estimates.bootstrap import bootstrap
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.study import Study
from dme.text import plural, quantity

TABLES = ("school_enrollment", "school_enrollment_by_group", "school_directory")

STANDARD = 75.0
"""Percent of black and Hispanic students below which a school met the court's standard.

Stipulation in Sheff v. O'Neill, 2013 (see the table ``sheff_schools``). The court counts some
students more as black or Hispanic than EdSight does.
"""
_DRAWS = 1000
_UNIT = "percent would have to change school"
_OWN = ("segregation-district", "Segregation among the district's schools")
_MET = ("isolation-district", "Who an average black or Hispanic student goes to school with")
_REGION = ("segregation-region", "Segregation among the region's schools")
_MEMBERS_IN_WORDS = "black or Hispanic"


@dataclass(frozen=True)
class Segregation:
    """The indices, their course over the years, and every school's composition.

    Attributes
    ----------
    own, met, region : Measured or Lacking
        Dissimilarity among the district's schools, isolation in them, dissimilarity among the
        region's.
    years : dict of str to DataFrame
        Lines of dissimilarity in percent: ``school_year``, ``value``, ``low``, ``high``.
    lines : Picture
        Their words.
    rows : dict of str to DataFrame
        Schools by kind: ``low``, ``high``: percent black or Hispanic.
    strips : Picture
        Their words.
    beside : DataFrame
        The district and its peers, for a table.
    """

    own: Result
    met: Result
    region: Result
    years: dict[str, pd.DataFrame]
    lines: Picture
    rows: dict[str, pd.DataFrame]
    strips: Picture
    beside: pd.DataFrame

    @property
    def measured(self) -> bool:
        """Whether the district's own schools could be measured."""
        return isinstance(self.own, Measured)


def evidence(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Segregation:
    """Return how segregated the schools of the district and its region are.

    Black and Hispanic students against all others is the line that the court's standard draws,
    and the state prints both counts of nearly every school, so that hardly anything is hidden.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    study : Study
        ``district``, ``peers``, ``region``, ``enrollment_year``, ``trend_start``,
        ``smallest_school``.
    place : Place
        The district in words, and how intervals are resampled.
    """
    year, smallest = study.enrollment_year, study.smallest_school
    in_region = study.district in study.region
    codes = list(study.region) if in_region else []
    schools = school_sizes.of_districts(joined(tables), [study.district, *codes, *study.peers])
    course = by_year(schools, [study.district], study)
    course_around = by_year(schools, codes, study)
    ours = counted(schools, [study.district], year, smallest)
    region = counted(schools, codes, year, smallest)
    if not measurable(ours):
        lacking = (
            f"the tables hold no two schools of {place.own} in {year} with counts by race, "
            "or all their students are alike"
        )
        own: Result = Lacking(*_OWN, lacking, _UNIT)
        met: Result = Lacking(*_MET, lacking, "percent")
    else:
        own = _own(schools, ours, course, study, place)
        met = _met(schools, ours, study, place)
    if not (in_region and measurable(region)):
        around: Result = Lacking(
            *_REGION,
            f"the parameter region names no districts around {place.own}"
            if not in_region
            else f"the tables hold no counts by race of the region's schools in {year}",
            _UNIT,
        )
    else:
        around = _region(schools, region, course_around, study, place)
    lines = {f"{place.own}'s\nschools": course, "region": course_around}
    years = {label: rows for label, rows in lines.items() if len(rows) > 1}
    rows = _by_kind(tables, ours, region, study, place)
    return Segregation(
        own,
        met,
        around,
        years,
        _lines(years, place),
        rows,
        _strips(rows, study, place),
        _beside(schools, study, place),
    )


def _interval(counts: pd.DataFrame, index: Callable[..., npt.NDArray], place: Place) -> Estimate:
    group, total = suppressed.middle(counts).to_numpy(), counts["students"].to_numpy()
    return bootstrap([len(counts)], lambda at: 100 * index(group[at], total[at]), place.resampling)


def _allowed(label: str, counts: pd.DataFrame) -> Alternative:
    return Alternative.of(label, suppressed.without_empty_range(dissimilarity(counts)))


def _net(counts: pd.DataFrame, study: Study) -> Alternative:
    group, total = suppressed.middle(counts), counts["students"]
    chance = segregation.by_chance(total, float(group.sum()), _DRAWS, study.seed)
    found = segregation.net_of_chance(float(segregation.dissimilarity(group, total)), chance)
    return Alternative("beyond what chance makes of schools of these sizes", 100 * found)


def _information(counts: pd.DataFrame) -> Alternative:
    total = counts["students"]
    ends = segregation.information_bounds(counts["low"], counts["high"], total)
    value = float(segregation.information(suppressed.middle(counts), total))
    found = Estimate(100 * value, 100 * ends.low, 100 * ends.high, "")
    return Alternative.of(
        "Theil's information index (another scale)", suppressed.without_empty_range(found)
    )


def _own(
    schools: pd.DataFrame, ours: pd.DataFrame, course: pd.DataFrame, study: Study, place: Place
) -> Measured:
    found = _interval(ours, segregation.dissimilarity, place)
    every = counted(schools, [study.district], study.enrollment_year, 0)
    white = counted(
        schools, [study.district], study.enrollment_year, study.smallest_school, ("white",)
    )
    others = [_net(ours, study), _information(ours)]
    if len(every) > len(ours):
        others.append(_allowed("every row of the file, suppressed counts bounded", every))
    if measurable(white):
        others.append(_allowed("white against all others, suppressed counts bounded", white))
    return Measured(
        *_OWN,
        f"{quantity(found.value, 'percent')} of the {_MEMBERS_IN_WORDS} students of {place.own} "
        "would have to change school for all its schools to have the same mix"
        f"{_since(course, study)}.",
        found,
        _UNIT,
        population=f"{plural(len(ours), 'school')} of {place.own}; {place.counted}",
        year=study.enrollment_year,
        method=f"Index of dissimilarity between {_MEMBERS_IN_WORDS} students and all others.",
        caveat=_hidden(ours),
        alternatives=tuple(others),
        tables=("school_enrollment_by_group", "school_enrollment"),
    )


def _since(course: pd.DataFrame, study: Study) -> str:
    if len(course) < 2 or course["school_year"].iloc[-1] != study.enrollment_year:
        return ""
    first = course.iloc[0]
    return f"; in {first['school_year']} it was {quantity(first['value'], 'percent')}"


def _hidden(counts: pd.DataFrame) -> str:
    hidden = int((counts["low"] < counts["high"]).sum())
    if not hidden:
        return "No count of these schools is suppressed."
    return (
        f"{plural(hidden, 'school')} with a suppressed count stand at the middle of what their "
        "totals allow; the alternatives give the range."
    )


def _met(schools: pd.DataFrame, ours: pd.DataFrame, study: Study, place: Place) -> Measured:
    found = _interval(ours, segregation.isolation, place)
    share = suppressed.pooled_percent(ours)
    every = counted(schools, [study.district], study.enrollment_year, 0)
    ends = segregation.isolation_bounds(every["low"], every["high"], every["students"])
    value = float(segregation.isolation(suppressed.middle(every), every["students"]))
    return Measured(
        *_MET,
        f"In the school of an average {_MEMBERS_IN_WORDS} student, "
        f"{quantity(found.value, 'percent')} of the students are {_MEMBERS_IN_WORDS}; of all "
        f"students they are {quantity(share.value, 'percent')}.",
        found,
        f"percent {_MEMBERS_IN_WORDS}",
        population=f"{plural(len(ours), 'school')} of {place.own}; {place.counted}",
        year=study.enrollment_year,
        method="Index of isolation; one hundred less it is the index of interaction with all "
        "others. It can't lie below the group's share of all students.",
        caveat=_hidden(ours),
        alternatives=(
            Alternative("if all schools were alike (the group's share)", share.value),
            Alternative(
                "every row of the file, suppressed counts bounded",
                100 * value,
                100 * ends.low,
                100 * ends.high,
            ),
        ),
        tables=("school_enrollment_by_group", "school_enrollment"),
    )


def _region(
    schools: pd.DataFrame, rows: pd.DataFrame, course: pd.DataFrame, study: Study, place: Place
) -> Measured:
    found = _interval(rows, segregation.dissimilarity, place)
    every = counted(schools, study.region, study.enrollment_year, 0)
    others = [
        _allowed("the same schools, suppressed counts bounded", rows),
        _net(rows, study),
        _information(rows),
    ]
    if len(every) > len(rows):
        others.append(_allowed("every row of the file, suppressed counts bounded", every))
    return Measured(
        *_REGION,
        f"{quantity(found.value, 'percent')} of the {_MEMBERS_IN_WORDS} students of the region "
        "would have to change school for all its schools to have the same mix"
        f"{_since(course, study)}.",
        found,
        _UNIT,
        population=f"{plural(len(rows), 'school')} of {len(study.region)} districts around and "
        f"with {place.own}; {place.counted}",
        year=study.enrollment_year,
        method=f"Index of dissimilarity between {_MEMBERS_IN_WORDS} students and all others.",
        caveat=f"{_hidden(rows)} The state's technical high schools, which draw on the whole "
        "state, are left out.",
        alternatives=tuple(others),
        tables=("school_enrollment_by_group", "school_enrollment"),
    )


def _lines(years: dict[str, pd.DataFrame], place: Place) -> Picture:
    ends = "; ".join(
        f"{' '.join(label.split())} {rows['value'].iloc[0]:.1f}% in {rows['school_year'].iloc[0]}, "
        f"{rows['value'].iloc[-1]:.1f}% in {rows['school_year'].iloc[-1]}"
        for label, rows in years.items()
    )
    where = f"{place.own} and its region" if "region" in years else place.own
    return Picture(
        title=f"How unevenly {_MEMBERS_IN_WORDS} students are spread over the schools of {where}",
        note="Share of them that would have to change school for all to have the same mix (index "
        "of dissimilarity). Band: what suppressed counts allow. "
        f"{place.counted.capitalize()}. Source: {place.record}.",
        alt=f"Lines of the index of dissimilarity by school year: {ends}.",
    )


def _by_kind(
    tables: Mapping[str, pd.DataFrame],
    ours: pd.DataFrame,
    region: pd.DataFrame,
    study: Study,
    place: Place,
) -> dict[str, pd.DataFrame]:
    kinds = magnet_schools.kinds(tables["school_directory"], study.enrollment_year)
    marked = ours.assign(kind=ours["school_code"].map(kinds))
    away = region[~region["school_code"].isin(ours["school_code"])]
    found = {}
    for label, some in {
        f"{place.own}: magnet": magnet_schools.of_kind(marked, magnet_schools.MAGNET),
        f"{place.own}: neighborhood": magnet_schools.of_kind(marked, magnet_schools.NEIGHBORHOOD),
        "Region, other districts": away,
    }.items():
        if len(some):
            shares = {side: 100 * some[side] / some["students"] for side in ("low", "high")}
            found[f"{label} ({len(some)})"] = pd.DataFrame(shares)
    return found


def _strips(rows: dict[str, pd.DataFrame], study: Study, place: Place) -> Picture:
    told = "; ".join(
        f"{label}, median {np.median((r['low'] + r['high']) / 2):.0f}%" for label, r in rows.items()
    )
    return Picture(
        title=f"Share of {_MEMBERS_IN_WORDS} students in each school, {study.enrollment_year}",
        note=f"Dot: a school; bar: a range, where counts are suppressed. Line: the court's "
        f"standard of {STANDARD:.0f} percent, which counts some students more than EdSight. "
        f"{place.counted.capitalize()}. Source: {place.record}, state directory.",
        alt=f"Strips of the share of {_MEMBERS_IN_WORDS} students by school: {told}.",
    )


def _range(index: Estimate) -> str:
    low, high = f"{index.low:.1f}", f"{index.high:.1f}"
    return "–" if low == high else f"{low} to {high}%"


def _beside(schools: pd.DataFrame, study: Study, place: Place) -> pd.DataFrame:
    found = []
    for code in (study.district, *study.peers):
        counts = counted(schools, [code], study.enrollment_year, study.smallest_school)
        if measurable(counts):
            index = dissimilarity(counts)
            share = suppressed.pooled_percent(counts)
            met = segregation.isolation(suppressed.middle(counts), counts["students"])
            found.append(
                {
                    "District": place.names[code],
                    "Schools": len(counts),
                    "Black or Hispanic": f"{share.value:.0f}%",
                    "Dissimilarity": f"{index.value:.1f}%",
                    "Suppression allows": _range(index),
                    "Isolation": f"{100 * float(met):.1f}%",
                }
            )
    return pd.DataFrame(found)
