"""A percentage that the state prints by district and by school: its level, course and spread."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.climate import absence_and_suspension
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.suppressed import without_empty_range
from dme.measures.estimates.trend import slope
from dme.measures.size import school_sizes
from dme.measures.staff import teams
from dme.study import Study
from dme.text import plural, quantity

LEVELS = ("elementary", "PK-8", "middle", "high")
_FULL = "none: a full count, printed to a tenth of a percent"
_TWICE = 2
_TOGETHER = " Peer districts together: their percentages, weighted by students of October."


@dataclass(frozen=True)
class Words:
    """What is measured, in words.

    Attributes
    ----------
    slug : str
        Begins the findings' names.
    noun : str
        Such as "Chronic absenteeism".
    did : str
        What the students counted did, such as "were chronically absent".
    method : str
        How the state counts.
    district_table, school_table : str
        The tables that the figures rest on.
    bounded : str
        How a suppressed figure of a school is bounded.
    """

    slug: str
    noun: str
    did: str
    method: str
    district_table: str
    school_table: str
    bounded: str


@dataclass(frozen=True)
class Source:
    """The tables of one percentage.

    Attributes
    ----------
    rates : DataFrame
        See `dme.measures.climate.absence_and_suspension.of_all`.
    by_school : callable
        Takes a school year and returns the schools' ranges; see
        `dme.measures.climate.absence_and_suspension.absent_by_school`.
    school_years : tuple of str
        The years of the table by school.
    enrollment, by_grade : DataFrame
        ``district_enrollment``, ``school_enrollment_by_grade``.
    """

    rates: pd.DataFrame
    by_school: Callable[[str], pd.DataFrame]
    school_years: tuple[str, ...]
    enrollment: pd.DataFrame
    by_grade: pd.DataFrame


@dataclass(frozen=True)
class Rates:
    """A percentage of the district's students, its course, and its schools.

    Attributes
    ----------
    level, course, spread : Measured or Lacking
        The district's percentage, its change a year, the share of schools above the state's.
    lines, faint : dict of str to DataFrame, tuple of DataFrame
        The district, the state; each peer: ``school_year``, ``value``.
    rows : dict of str to DataFrame
        The schools by level: ``low``, ``high``.
    line : tuple of (float, str)
        What the schools are held against, in percent and in words.
    years, strips : Picture
        The words of the two figures.
    """

    level: Result
    course: Result
    spread: Result
    lines: dict[str, pd.DataFrame]
    faint: tuple[pd.DataFrame, ...]
    rows: dict[str, pd.DataFrame]
    line: tuple[float, str]
    years: Picture
    strips: Picture


@dataclass(frozen=True)
class _Case:
    """What each finding is made of."""

    words: Words
    source: Source
    study: Study
    place: Place
    own: pd.DataFrame
    year: str | None
    schools: pd.DataFrame
    school_year: str

    @property
    def larger(self) -> pd.DataFrame:
        """The rows that count as schools."""
        return self.schools[self.schools["students"] >= self.study.smallest_school]

    @property
    def line(self) -> float | None:
        """The state's percentage in the year of the figures by school."""
        return absence_and_suspension.percent_of(
            self.source.rates, absence_and_suspension.STATE, self.school_year
        )


def rates(words: Words, source: Source, study: Study, place: Place) -> Rates:
    """Return a percentage of the district's students beside the state's and the peers'.

    The year is the last not after the enrollment year, the study's own; 2019-20, which was cut
    short, is never one. The schools are of the last year of the table by school.

    Parameters
    ----------
    words, source : Words, Source
        What is measured, and its tables.
    study : Study
        ``district``, ``peers``, ``enrollment_year``, ``trend_start``, ``smallest_school``.
    place : Place
        The district in words, and the level of the interval.
    """
    own = source.rates[source.rates["district_code"] == study.district]
    year = absence_and_suspension.latest(own, study.enrollment_year)
    before = [each for each in source.school_years if each <= study.enrollment_year]
    school_year = max(before, default=study.enrollment_year)
    schools = source.by_school(school_year)
    case = _Case(words, source, study, place, own, year, schools, school_year)
    spread = _spread(case)
    rows = _by_level(case) if isinstance(spread, Measured) else {}
    return Rates(
        _level(case),
        _course(case),
        spread,
        _lines(source.rates, study, place),
        tuple(_line(source.rates, code) for code in study.peers),
        rows,
        (case.line or 0.0, f"the state: {quantity(case.line, 'percent')}"),
        _years(words, own, study, place),
        _strips(words, rows, school_year, place),
    )


def _nothing(case: _Case) -> str:
    return (
        f"the tables hold no {case.words.noun.lower()} of {case.place.own} up to "
        f"{case.study.enrollment_year}"
    )


def _level(case: _Case) -> Result:
    words, own = case.words, case.place.own
    names = (words.slug, f"{words.noun} in the district")
    value = case.year and absence_and_suspension.percent_of(
        case.own, case.study.district, case.year
    )
    if case.year is None or value is None:
        return Lacking(*names, _nothing(case), "percent")
    beside = _beside(case, case.year)
    against = [f"{quantity(other.value, 'percent')} {where}" for where, other in beside if where]
    return Measured(
        *names,
        f"{quantity(value, 'percent')} of the students of {own} {words.did}"
        + (f", against {' and '.join(against)}." if against else "."),
        Estimate(value, None, None, _FULL),
        "percent of students",
        population=f"all students of {own}",
        year=case.year,
        method=f"{words.method}{_TOGETHER if len(beside) > 1 else ''}",
        alternatives=tuple(other for _, other in beside),
        tables=(words.district_table, words.school_table),
    )


def _beside(case: _Case, year: str) -> list[tuple[str, Alternative]]:
    """Return the figures to hold the district's against, each with its place in a sentence."""
    percents, peers = case.source.rates, case.study.peers
    found = []
    state = absence_and_suspension.percent_of(percents, absence_and_suspension.STATE, year)
    if state is not None:
        found.append(("in the state", Alternative("the state", state)))
    together = absence_and_suspension.pooled(percents, case.source.enrollment, peers, year)
    if together is not None:
        label = "the peer districts together"
        found.append(("in its peer districts together", Alternative(label, together)))
    each = [absence_and_suspension.percent_of(percents, code, year) for code in peers]
    printed = [percent for percent in each if percent is not None]
    if len(printed) > 1:
        label = "the median of the peer districts, and their range"
        ends = (float(np.median(printed)), min(printed), max(printed))
        found.append(("", Alternative(label, *ends)))
    if len(case.schools):
        label = f"the schools' figures of {case.school_year} together, suppressed ones bounded"
        together_of_schools = without_empty_range(
            absence_and_suspension.of_schools_together(case.schools)
        )
        found.append(("", Alternative.of(label, together_of_schools)))
    return found


def _course(case: _Case) -> Result:
    words, own, start = case.words, case.place.own, case.study.trend_start
    names = (f"{words.slug}-trend", f"{words.noun} over the years")
    unit = "points a year"
    if case.year is None:
        return Lacking(*names, _nothing(case), unit)
    span = _between(case.own, start, case.year)
    if len(span) < 2:
        few = f"the tables hold fewer than two years of {own} from {start} to {case.year}"
        return Lacking(*names, few, unit)
    first, last = span.iloc[0], span.iloc[-1]
    state = _between(
        school_sizes.of_districts(case.source.rates, absence_and_suspension.STATE), start, case.year
    )
    later = case.own[case.own["school_year"] >= start]
    others = []
    if len(state) > 1:
        others.append(Alternative.of("the state, the same years", _slope(state, case.place)))
    if len(later) > len(span):
        label = f"to {later['school_year'].iloc[-1]}, after the study"
        others.append(Alternative.of(label, _slope(later, case.place)))
    return Measured(
        *names,
        f"In {own} it went from {quantity(first['percent'], 'percent')} in "
        f"{first['school_year']} to {quantity(last['percent'], 'percent')} in "
        f"{last['school_year']}.",
        _slope(span, case.place),
        unit,
        population=f"all students of {own}",
        year=f"{first['school_year']} to {last['school_year']}",
        method=f"{words.method} Slope of a straight line over {len(span)} years, by ordinary least "
        "squares; errors by Newey and West with one lag.",
        caveat="With so few years the interval is rather too narrow than too wide.",
        alternatives=tuple(others),
        tables=(words.district_table,),
    )


def _between(rows: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    return rows[rows["school_year"].between(first, last)]


def _slope(rows: pd.DataFrame, place: Place) -> Estimate:
    return slope(list(rows["school_year"]), list(rows["percent"]), place.resampling.confidence)


def _spread(case: _Case) -> Result:
    words, own, state, year = case.words, case.place.own, case.line, case.school_year
    names = (f"{words.slug}-schools", f"{words.noun} by school")
    unit = "percent of schools"
    larger = case.larger
    if state is None or larger.empty:
        lacking = f"the tables hold no {words.noun.lower()} by school of {own} in {year}"
        return Lacking(*names, lacking, unit)
    found = without_empty_range(absence_and_suspension.share_above(larger, state))
    hidden = int((larger["low"] < larger["high"]).sum())
    ends = ((larger["low"] + larger["high"]) / 2).quantile([0.25, 0.75]).round(1)
    quarter, three = (quantity(float(end), "percent") for end in ends)
    twice = without_empty_range(absence_and_suspension.share_above(larger, _TWICE * state))
    every = without_empty_range(absence_and_suspension.share_above(case.schools, state))
    return Measured(
        *names,
        f"{quantity(found.value, 'percent')} of the schools of {own} lie above the state's "
        f"{quantity(state, 'percent')}; the middle half lies between {quarter} and {three}.",
        found,
        unit,
        population=f"{plural(len(larger), 'school')} of {own}; {case.place.counted}",
        year=year,
        method=f"Share of schools above the state's figure of the same year. {words.bounded}",
        caveat=f"{plural(hidden, 'school')} with a suppressed figure, bounded and not left out."
        if hidden
        else "No figure of these schools is suppressed.",
        alternatives=(
            Alternative.of(f"above {_TWICE} times the state's", twice),
            Alternative.of("every row of the file, suppressed figures bounded", every),
        ),
        tables=(words.school_table, words.district_table, "school_enrollment"),
    )


def _by_level(case: _Case) -> dict[str, pd.DataFrame]:
    schools, by_grade = case.larger, case.source.by_grade
    served = by_grade[
        (by_grade["school_year"] == case.school_year)
        & by_grade["school_code"].isin(schools["school_code"])
    ]
    if served.empty:
        return {}
    levels = teams.spans(served).set_index("school_code")["level"]
    marked = schools.assign(level=schools["school_code"].map(levels))
    groups = {name: marked[marked["level"] == name] for name in LEVELS}
    return {f"{name} ({len(some)})": some for name, some in groups.items() if len(some)}


def _line(rates_of: pd.DataFrame, code: str) -> pd.DataFrame:
    rows = school_sizes.of_districts(rates_of, code)
    return rows.rename(columns={"percent": "value"})[["school_year", "value"]]


def _lines(rates_of: pd.DataFrame, study: Study, place: Place) -> dict[str, pd.DataFrame]:
    lines = {place.own: study.district, "the state": absence_and_suspension.STATE}
    found = {label: _line(rates_of, code) for label, code in lines.items()}
    return {label: rows for label, rows in found.items() if len(rows)}


def _years(words: Words, own: pd.DataFrame, study: Study, place: Place) -> Picture:
    listed = "; ".join(
        f"{year} {quantity(percent, 'percent')}"
        for year, percent in zip(own["school_year"], own["percent"], strict=True)
    )
    return Picture(
        title=f"Share of students who {words.did}: {place.own}, its peers and the state",
        note=f"Gray: {plural(len(study.peers), 'peer district')}. "
        f"{absence_and_suspension.CUT_SHORT}, cut short, is left out. Source: {place.record}.",
        alt=f"Lines by school year. {place.own}: {listed or 'no figure'}.",
    )


def _strips(words: Words, rows: dict[str, pd.DataFrame], year: str, place: Place) -> Picture:
    listed = "; ".join(
        f"{label}, median {((r['low'] + r['high']) / 2).median():.1f}%" for label, r in rows.items()
    )
    return Picture(
        title=f"Share of students who {words.did}, by school of {place.own}, {year}",
        note=f"Dot: a school; bar: the range of a suppressed figure. {place.counted.capitalize()}, "
        f"by level. Source: {place.record}.",
        alt=f"Strips of schools by level: {listed}.",
    )
