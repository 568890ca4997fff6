"""Chronic absenteeism at community schools against schools of the same level."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from dme.errors import DmeError
from dme.evidence.partnerships.cohort import Followed, community_schools, compared
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.measures.estimates import difference_in_differences as did
from dme.measures.estimates.difference_in_differences import Randomized
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.shares import Share, difference, wilson
from dme.study import Study
from dme.text import quantity

CHANGE = ("community-schools-absence", "Chronic absenteeism at community schools: the change")
LEVEL = ("community-schools-absence-level", "Chronic absenteeism at community schools: the level")
FELL = ("community-schools-fell", "Community schools whose chronic absenteeism fell")
POINTS = "percentage points"
FELL_UNIT = "percent of community schools"
_TABLES = ("school_chronic_absenteeism", "school_partnerships", "school_enrollment_by_grade")
NO_BEFORE = (
    "The record begins after five of the seven became community schools and in the year in which "
    "the other two did, so there is no year before: this is whether they gained on others while "
    "they were community schools, and says nothing of what becoming one did at first."
)


@dataclass(frozen=True)
class Absence:
    """What happened to chronic absenteeism at community schools.

    Attributes
    ----------
    change, level, fell : Measured or Lacking
        The change against schools of the same level; the level; how many fell.
    test : Randomized or None
        The primary comparison.
    paths : DataFrame or None
        ``name``, ``community`` and a column for each school year: what the figure draws.
    picture : Picture or None
        The figure's words.
    """

    change: Result
    level: Result
    fell: Result
    test: Randomized | None = None
    paths: pd.DataFrame | None = None
    picture: Picture | None = None


def absence(
    study: Study,
    place: Place,
    partners: pd.DataFrame,
    schools: Followed | None,
    magnets: Collection[str] = (),
) -> Absence:
    """Compare the change of chronic absenteeism at community schools with that of others.

    Parameters
    ----------
    partners : DataFrame
        ``school_partnerships``.
    schools : Followed or None
        See `dme.evidence.partnerships.cohort.followed`.
    magnets : collection of str
        Codes of magnet schools, which an alternative leaves out.
    """
    if schools is None:
        lacking = (
            f"the tables name no community school of {place.own} with a rate of chronic "
            "absenteeism in two years or more"
        )
        return Absence(
            Lacking(*CHANGE, lacking, POINTS),
            Lacking(*LEVEL, lacking, POINTS),
            Lacking(*FELL, lacking, FELL_UNIT),
        )
    outcome = did.changes(schools.wide, schools.years[:1], schools.years[-1:])
    try:
        test = did.randomized(outcome, schools.community, schools.levels, place.resampling)
    except DmeError:
        lacking = f"no other school of {place.own} has the level of a community school"
        return Absence(
            Lacking(*CHANGE, lacking, POINTS),
            Lacking(*LEVEL, lacking, POINTS),
            _fell(study, place, schools),
        )
    since = community_schools(partners)
    others = _other_changes(place, schools, outcome, since, magnets)
    paths = schools.wide.assign(
        name=schools.names, community=schools.wide.index.isin(schools.community)
    )
    return Absence(
        _change(study, place, schools, test, others),
        _level(place, schools),
        _fell(study, place, schools),
        test,
        paths[paths.index.isin(compared(schools))],
        _picture(place, schools),
    )


def _other_changes(
    place: Place,
    schools: Followed,
    outcome: pd.Series,
    since: pd.Series,
    magnets: Collection[str],
) -> dict[str, Estimate]:
    wide, years = schools.wide, schools.years
    known = schools.covariates.dropna().index
    like = schools.covariates.loc[known]
    start = like.assign(start=wide.loc[known, years[0]])
    levels = schools.levels
    outcomes = {
        "a straight line through all years": did.trends(wide),
        "the first two years against the last two": did.changes(wide, years[:2], years[-2:]),
        "without magnet schools on either side": outcome[~outcome.index.isin(list(magnets))],
        "at like size and need": did.adjusted(outcome[known], like, levels[known]),
        "at like size, need and starting rate": did.adjusted(outcome[known], start, levels[known]),
    }
    found = {
        label: _test(place, schools, values, schools.community)
        for label, values in outcomes.items()
    }
    early = tuple(code for code in schools.community if since[code] < years[0])
    late = tuple(code for code in schools.community if since[code] >= years[0])
    for label, some in (
        (f"those that began before {years[0]}", early),
        (f"those of {years[0]} on", late),
    ):
        rest = outcome[~outcome.index.isin(set(schools.community) - set(some))]
        found[label] = _test(place, schools, rest, some)
    return {label: test.difference for label, test in found.items() if test}


def _test(
    place: Place, schools: Followed, outcome: pd.Series, treated: tuple[str, ...]
) -> Randomized | None:
    try:
        return did.randomized(outcome, treated, schools.levels, place.resampling)
    except DmeError:
        return None


def _change(
    study: Study,
    place: Place,
    schools: Followed,
    test: Randomized,
    others: dict[str, Estimate],
) -> Measured:
    outcome = did.changes(schools.wide, schools.years[:1], schools.years[-1:])
    mine = outcome[list(schools.community)]
    first, last = schools.years[0], schools.years[-1]
    return Measured(
        *CHANGE,
        f"From {first} to {last} the share of chronically absent students changed by "
        f"{mine.mean():+.1f} points at the mean community school, "
        f"{test.difference.value:+.1f} points against other schools of the same level. Labels "
        f"drawn at random differ as much {test.p:.0%} of the time; only an effect of about "
        f"{test.detectable:.0f} points or more would be seen four times in five.",
        test.difference,
        POINTS,
        population=f"{test.treated} community schools of {place.own} against {test.others} others "
        f"of the same levels, rows of {study.smallest_school} or more students with a rate in "
        "every year; each school counted once",
        year=f"{first} to {last}",
        method="Change of each school's rate, community schools less others within levels; the "
        "label is reassigned within levels, as seven schools are too few for errors by cluster.",
        caveat=NO_BEFORE,
        alternatives=alternatives(others),
        tables=_TABLES,
    )


def _level(place: Place, schools: Followed) -> Result:
    test = _test(place, schools, schools.wide.mean(axis=1), schools.community)
    if test is None:
        return Lacking(*LEVEL, "no other school has the level of a community school", POINTS)
    mean = schools.wide.loc[list(schools.community)].mean(axis=1).mean()
    return Measured(
        *LEVEL,
        f"At the mean community school {quantity(round(float(mean), 1), 'percent')} of students "
        "were chronically absent.",
        test.difference,
        POINTS,
        population=f"{test.treated} community schools of {place.own} against {test.others} others "
        "of the same levels",
        year=f"{schools.years[0]} to {schools.years[-1]}, mean of the years",
        method="Mean rate of each school over the years, community schools less others within "
        "levels.",
        caveat="Community schools were chosen among those of lowest results: a higher level is why "
        "they were chosen, no effect.",
        tables=_TABLES,
    )


def _fell(study: Study, place: Place, schools: Followed) -> Measured:
    years, last = schools.years, schools.years[-1]
    mine = schools.wide.loc[list(schools.community)]
    rest = schools.wide.loc[[code for code in compared(schools) if code not in mine.index]]
    since = {year: Share(int((mine[last] < mine[year]).sum()), len(mine)) for year in years[:-1]}
    share = since[years[0]]
    found = _percent(share, study.confidence)
    beside = ""
    if len(rest):
        others = Share(int((rest[last] < rest[years[0]]).sum()), len(rest))
        gap = difference(share, others, study.confidence)
        beside = (
            f" Of the other schools of the same levels {others.hits} of {others.of} fell: a "
            f"difference of {gap.value:+.0f} points ({gap.low:.0f} to {gap.high:.0f})."
        )
    before = years[-2]
    fell = mine.index[mine[last] < mine[before]]
    highest = mine[before].nlargest(len(fell)).index
    which = ", those where it had been highest" if set(fell) == set(highest) else ""
    return Measured(
        *FELL,
        f"Between {years[0]} and {last} the rate fell at {share.hits} of {share.of} community "
        f"schools.{beside} Since {before} it fell at {len(fell)}{which}.",
        found,
        FELL_UNIT,
        population=f"community schools of {place.own} with a rate in every year",
        year=f"{years[0]} to {last}",
        method="Rate of the last year below that of the first, as the state prints them.",
        caveat="In August 2017 the schools' partnership said, of no stated years, that chronic "
        "absenteeism had declined at nearly all of them; its evaluation of 2015-16 says that it "
        "fell at the five where it had been highest.",
        alternatives=alternatives(
            {
                f"since {year}": _percent(each, study.confidence)
                for year, each in since.items()
                if year != years[0]
            }
        ),
        tables=_TABLES[:2],
    )


def _percent(share: Share, confidence: float) -> Estimate:
    low, high = wilson(share, confidence)
    return Estimate(
        share.percent, low, high, f"{confidence:g}% interval (Wilson 1927), {share.of} schools"
    )


def _picture(place: Place, schools: Followed) -> Picture:
    mine = schools.wide.loc[list(schools.community)]
    told = "; ".join(
        f"{schools.names[code]} {row.iloc[0]:.1f}% to {row.iloc[-1]:.1f}%"
        for code, row in mine.iterrows()
    )
    return Picture(
        f"Chronic absenteeism at community schools of {place.own} and at others of their levels",
        "Share of students who missed a tenth of their days or more. Each line a school; thick: "
        f"the mean of each kind. Schools with a rate in every year. Source: {place.record}.",
        f"Line chart by school. Community schools: {told}.",
    )
