"""Who holds the magnets' seats, and how many of the city's children isolation was reduced for."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.access import magnet_schools
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.estimates.estimate import Estimate
from dme.study import Study
from dme.text import plural, quantity, span

TABLES = ("sheff_progress", "published_facts", "school_zones")

SHEFF_YEAR = "2014-15"
"""The only year for which the table ``sheff_schools`` counts students by where they live."""

SHARES = {
    "District": "neighborhood school",
    "Magnet": "magnet school",
    "District/Open Choice": "neighborhood, Open Choice",
    "Other": "other",
}
"""The columns of the published table of attendance by zone, as readers see them."""
_TOPIC, _AWAY = "attendance_by_zone", "OOD"
_SEATS = ("magnet-seats", "Seats of the district's magnet schools held by residents of the city")
_ISOLATION = ("reduced-isolation", "Minority students of the city in desegregated schools")
_UNIT = "percent of seats"


@dataclass(frozen=True)
class Seats:
    """Who holds the seats of the district's magnet schools.

    Attributes
    ----------
    result : Measured or Lacking
        The residents' share.
    fewer : bool
        Whether it is smaller than in the other schools, with the interval below zero.
    """

    result: Result
    fewer: bool


@dataclass(frozen=True)
class Residents:
    """Where the city's children go to school.

    Attributes
    ----------
    isolation : Measured or Lacking
        The share of the city's minority students in desegregated schools.
    progress : dict of str to DataFrame
        That share over the years: ``school_year``, ``value``.
    progress_picture, shares_picture : Picture
        The figures' words.
    shares : DataFrame
        By zone, percent of the district's students by kind of school; empty without any.
    """

    isolation: Result
    progress: dict[str, pd.DataFrame]
    progress_picture: Picture
    shares: pd.DataFrame
    shares_picture: Picture


def magnet_seats(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Seats:
    """Return which share of the seats of the district's magnet schools the city's children hold.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``sheff_schools``, ``school_directory``, ``school_enrollment``.
    """
    told = tables["sheff_schools"].dropna(subset=["hartford_residents", "students"])
    counted = told[told["school_year"] == SHEFF_YEAR].assign(
        low=lambda rows: rows["hartford_residents"].astype(float),
        high=lambda rows: rows["hartford_residents"].astype(float),
        students=lambda rows: rows["students"].astype(float),
        kind=lambda rows: rows["school_code"].map(
            magnet_schools.kinds(tables["school_directory"], SHEFF_YEAR)
        ),
    )
    enrolled = tables["school_enrollment"]
    own = enrolled[
        (enrolled["district_code"] == study.district) & (enrolled["school_year"] == SHEFF_YEAR)
    ]
    ours = counted[counted["school_code"].isin(own["school_code"])]
    magnets, others = (
        magnet_schools.of_kind(ours, k)
        for k in (magnet_schools.MAGNET, magnet_schools.NEIGHBORHOOD)
    )
    if len(magnets) < FEWEST or len(others) < FEWEST:
        lacking = f"the tables do not say where the students of the schools of {place.own} live"
        return Seats(Lacking(*_SEATS, lacking, _UNIT), fewer=False)
    gap = magnet_schools.share_gap(magnets, others, place.resampling)
    away = counted[~counted.index.isin(ours.index) & counted["run_by"].ne("HPS")]
    alternatives = [
        Alternative.of(
            f"{plural(len(others), 'other school')} of the district in the same list",
            magnet_schools.share(others, place.resampling),
        )
    ]
    if len(away) >= FEWEST:
        label = f"{plural(len(away), 'magnet school')} of the region that others run"
        alternatives.append(Alternative.of(label, magnet_schools.share(away, place.resampling)))
    found = magnet_schools.share(magnets, place.resampling)
    result = Measured(
        *_SEATS,
        f"Residents of the city held {quantity(found.value, 'percent')} of the seats of "
        f"{plural(len(magnets), 'magnet school')} of {place.own}, {_apart(gap)} other schools in "
        "the list.",
        found,
        _UNIT,
        population=f"{plural(len(magnets), 'magnet school')} of {place.own} in the list of schools "
        "under the desegregation order",
        year=SHEFF_YEAR,
        method="Students who live in the city over all students, as counted for the court.",
        caveat="The list holds those other schools of the district that were also drawn on for the "
        "order, not all.",
        alternatives=tuple(alternatives),
        tables=("sheff_schools", "school_directory"),
    )
    return Seats(result, fewer=gap.high is not None and gap.high < 0)


def _apart(gap: Estimate) -> str:
    """Return in words how far the magnets' share lies from the others', with its interval."""
    ends = [abs(end) for end in (gap.low, gap.high) if end is not None]
    reach = f" (interval {span(min(ends), max(ends), 'points')})" if ends else ""
    side = "fewer" if gap.value < 0 else "more"
    return f"{quantity(abs(gap.value), 'points')} {side}{reach} than of the"


def evidence(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Residents:
    """Return where the city's children go to school, over the years and by zone.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name, and ``school_enrollment``.
    study : Study
        ``district``, ``enrollment_year``.
    place : Place
        The district in words.
    """
    enrolled = tables["school_enrollment"]
    ours = enrolled.loc[enrolled["district_code"] == study.district, "school_code"]
    told = tables["sheff_progress"].rename(columns={"percent_desegregated": "value"})
    # Both tables are of the city that the zones are of.
    if not ours.isin(tables["school_zones"]["school_code"]).any():
        told = told.iloc[:0]
    before = told[told["school_year"] <= study.enrollment_year]
    shares = _shares(tables["published_facts"]) if len(told) else pd.DataFrame()
    if before.empty:
        lacking = f"the tables hold no count of {place.own}'s students in desegregated schools"
        isolation: Result = Lacking(*_ISOLATION, lacking, "percent")
    else:
        isolation = _isolation(before, place)
    lines = {place.own: told[["school_year", "value"]]}
    return Residents(
        isolation,
        lines if len(told) else {},
        _progress_picture(told, place),
        shares,
        _shares_picture(shares, place),
    )


def _isolation(before: pd.DataFrame, place: Place) -> Measured:
    first, last = before.iloc[0], before.iloc[-1]
    everyone = int(last["segregated"] + last["desegregated"])
    return Measured(
        *_ISOLATION,
        f"{int(last['desegregated']):,} of {everyone:,} minority students who live in {place.own} "
        f"were in desegregated schools; in {first['school_year']} the share was "
        f"{quantity(float(first['value']), 'percent')}.",
        Estimate(float(last["value"]), None, None, "none: a full count"),
        "percent of students",
        population=f"minority students who live in {place.own}, wherever they go to school",
        year=str(last["school_year"]),
        method="As the state reported it to the court.",
        caveat="Which schools count as desegregated changed with the court's stipulations.",
        tables=("sheff_progress",),
    )


def _shares(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the published shares: a row for each zone and for other towns, in percent."""
    rows = facts[facts["topic"] == _TOPIC]
    parts = rows["subject"].str.extract(r"living in (?P<zone>.+): share attending (?P<kind>.+)")
    wide = parts.assign(percent=rows["number"]).pivot(
        index="zone", columns="kind", values="percent"
    )
    ordered = wide.sort_index(key=lambda zones: zones.map(lambda zone: (zone == _AWAY, zone)))
    return ordered[list(SHARES)].rename(columns=SHARES, index={_AWAY: "other towns"}).astype(float)


def _progress_picture(told: pd.DataFrame, place: Place) -> Picture:
    ends = (
        "; ".join(f"{row.school_year} {row.value:.0f}%" for row in told.itertuples()) or "no figure"
    )
    return Picture(
        title=f"Share of {place.own}'s minority students in desegregated schools",
        note="In the city or another town, under the order of Sheff v. O'Neill. Source: reports of "
        "the state to the court, as charted by the CT Mirror.",
        alt=f"Line by school year: {ends}.",
    )


def _shares_picture(shares: pd.DataFrame, place: Place) -> Picture:
    magnet = SHARES["Magnet"]
    told = "; ".join(f"{zone} {percent:.0f}%" for zone, percent in shares.get(magnet, {}).items())
    return Picture(
        title=f"Which schools of {place.own} its students attend, by where they live, 2015-16",
        note="Students of the district's schools only. Source: Equity 2020 Advisory Committee, "
        "July 2016, as published; typed by hand.",
        alt=f"Stacked bars by zone; share in magnet schools: {told}.",
    )
