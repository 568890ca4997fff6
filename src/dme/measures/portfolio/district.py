"""A district's schools, pupils and areas as a portfolio, under named assumptions."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.measures.access.places import distances_km
from dme.measures.portfolio.demand import attend, spread
from dme.measures.portfolio.inputs import Arcs, Options, Portfolio
from dme.measures.size.levels import by_span
from dme.measures.staff.teams import GRADES

BANDS = ("PK-5", "6-8", "9-12")
BAND_GRADES = {"PK-5": GRADES[:7], "6-8": GRADES[7:10], "9-12": GRADES[10:]}
OUTSIDE = "outside the district"
_ELEMENTARY, _HIGH = (0, 1), 2
# A school that teaches fewer of a band's grades takes nobody into that band.
_HALF = 0.5
# Processors differ in the last digits of what was fitted, and a search among plans that are as good
# as each other takes another way for any of them: pupils count to a millionth, dollars to the cent.
_PUPILS, _CENTS = 6, 2


@dataclass(frozen=True)
class Assumptions:
    """What the model takes for granted; each is a number with its source in the study's words.

    Attributes
    ----------
    school_dollars : float
        Dollars a year of a school whatever its size: its office, its counselors, its nurse.
    teacher_dollars : float
        Dollars a year of a teacher; one for each section.
    bus_dollars : float
        Dollars a year of a pupil who is sent so far that a bus must be given.
    bus_km : tuple of float
        Kilometers to school from which a pupil rides, by band.
    pull_km : float
        Distance over which a neighborhood school's pull falls to 1/e; infinite where distance
        doesn't matter. Magnet schools and high schools draw from the whole city by lottery or
        choice, so that distance does not matter to theirs.
    pull_least : float
        Pull at any distance, of 1 next door: some families have moved, or chose a school far off.
    spare_section : float
        Sections that a grade has beyond its pupils over the largest class: rounding up to whole
        sections costs half a section on average, where the last one is anything from just
        begun to full.
    """

    school_dollars: float
    teacher_dollars: float
    bus_dollars: float
    bus_km: tuple[float, ...]
    pull_km: float = 1.0
    pull_least: float = 0.001
    spare_section: float = 0.5


@dataclass(frozen=True)
class Schools:
    """The schools of a district as the model needs them.

    Attributes
    ----------
    table : DataFrame
        Indexed by ``school_code``: ``school``, ``seats``, ``longitude``, ``latitude``,
        ``community`` (missing where in none), ``magnet`` (bool), ``resident_share`` (of its
        pupils), ``may_change`` (bool), ``growth`` (missing where not measured), ``plant`` (dollars
        a year to operate its part of its building).
    pupils, grades : DataFrame
        By ``school_code``, a column a band: pupils, and how many grades have any.
    """

    table: pd.DataFrame
    pupils: pd.DataFrame
    grades: pd.DataFrame


def by_band(by_grade: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return pupils, and grades that have any, by school and band.

    Parameters
    ----------
    by_grade : DataFrame
        One year of ``school_enrollment_by_grade``; a suppressed grade counts no pupils.
    """
    band = {grade: name for name, grades in BAND_GRADES.items() for grade in grades}
    rows = by_grade.assign(
        band=by_grade["grade"].map(band), students=by_grade["students"].fillna(0).astype(float)
    )
    both = rows.pivot_table(
        index="school_code", columns="band", values="students", aggfunc=["sum", "size"]
    )
    return tuple(  # type: ignore[return-value]
        both[kind].reindex(columns=list(BANDS)).fillna(0.0).astype(float)
        for kind in ("sum", "size")
    )


def in_another_band(by_grade: pd.DataFrame, spending: pd.DataFrame) -> tuple[str, float]:
    """Return how far an even spread of pupils over their school's grades is off, and when.

    Compared are the last counts by grade with the first grade spans that are printed.

    Parameters
    ----------
    by_grade : DataFrame
        ``school_enrollment_by_grade``.
    spending : DataFrame
        A district's rows of ``spending_schools``.

    Returns
    -------
    tuple
        The year of the counts, and the percent of pupils who are put into another band.
    """
    last = by_grade["school_year"].max()
    real = by_band(by_grade[by_grade["school_year"] == last])[0]
    first = spending[spending["school_year"] == spending["school_year"].min()]
    rows = first[first["school_code"].isin(real.index)]
    rows = rows.assign(students=rows["school_code"].map(real.sum(axis=1)))
    made = by_band(by_span(rows))[0]
    real = real.loc[made.index]
    return last, float(50 * (made - real).abs().sum().sum() / real.sum().sum())


def portfolio_of(
    schools: Schools, areas: pd.DataFrame, given: Assumptions, without_access: np.ndarray
) -> Portfolio:
    """Return the portfolio of a district.

    Pupils from outside the district are an area without a place: they attend magnet schools
    alone, and their distances do not count. Residents who lose their site move to neighborhood
    schools: a seat in an interdistrict magnet is given by the region's lottery, not by a plan.

    Parameters
    ----------
    schools : Schools
        The sites.
    areas : DataFrame
        Indexed by name: ``longitude``, ``latitude``, and children of each band's age.
    given : Assumptions
        See there.
    without_access : ndarray of bool, shape (A,)
        Areas without a school of good growth in reach.
    """
    table = schools.table
    pupils = schools.pupils.loc[table.index].to_numpy(float)
    km = distances_km(areas, table)
    current = np.round(_attendance(table, pupils, areas, km, given), _PUPILS)
    km = np.vstack([km, np.zeros(len(table))])
    receives = _receives(schools)
    options, now = _options(schools, given)
    building = _buildings(table)
    communities = tuple(sorted(table["community"].dropna().unique()))
    places = {name: i for i, name in enumerate(communities)}
    return Portfolio(
        areas=(*areas.index, OUTSIDE),
        bands=BANDS,
        sites=tuple(table.index),
        demand=np.round(current.sum(axis=2), _PUPILS),
        placed=np.r_[np.ones(len(areas), bool), False],
        seats=table["seats"].to_numpy(float),
        mandatory=~table["may_change"].to_numpy(bool),
        building=building,
        building_dollars=np.bincount(building, weights=table["plant"].to_numpy(float)),
        community=table["community"].map(places).fillna(-1).to_numpy(int),
        communities=communities,
        between=distances_km(table, table),
        growth=_growth(table),
        without_access=np.r_[without_access, False],
        options=options,
        arcs=_arcs(table, receives, current, km, given),
        now=now,
    )


def _attendance(
    table: pd.DataFrame, pupils: np.ndarray, areas: pd.DataFrame, km: np.ndarray, given: Assumptions
) -> np.ndarray:
    """Return who attends what: shape (A + 1, B, S), the last area being outside."""
    share = table["resident_share"].to_numpy(float)[:, None]
    residents = pupils * share
    children = areas[list(BANDS)].to_numpy(float)
    homes = spread(residents.sum(axis=0), children)
    citywide = table["magnet"].to_numpy(bool)
    found = np.zeros((len(areas) + 1, len(BANDS), len(table)))
    for band in range(len(BANDS)):
        free = np.ones(len(table), bool) if band == _HIGH else citywide
        near = np.exp(-km / np.where(free, np.inf, given.pull_km))
        pull = np.maximum(near, given.pull_least)
        found[:-1, band] = attend(homes[:, band], residents[:, band], pull)
        found[-1, band] = pupils[:, band] - residents[:, band]
    return found


def _receives(schools: Schools) -> np.ndarray:
    """Return which bands each site could take pupils of: shape (S, B).

    A site of elementary or middle grades could become the other, or both; one of high-school
    grades keeps them. Magnets, and sites with less than half of any band, take no one.
    """
    grades = schools.grades.loc[schools.table.index].to_numpy(float)
    whole = np.array([len(BAND_GRADES[band]) for band in BANDS])
    teaches = grades >= _HALF * whole
    low = teaches[:, list(_ELEMENTARY)].any(axis=1) & schools.table["may_change"].to_numpy(bool)
    teaches[:, list(_ELEMENTARY)] |= low[:, None]
    return teaches


def _options(schools: Schools, given: Assumptions) -> tuple[Options, np.ndarray]:
    """Return what each site may become, and which of it is today's."""
    table = schools.table
    grades = schools.grades.loc[table.index].to_numpy(float)
    whole = np.array([len(BAND_GRADES[band]) for band in BANDS], float)
    receives, now = _receives(schools), np.zeros(len(table), int)
    site, offers, dollars = [], [], []
    for at, may in enumerate(table["may_change"]):
        today = grades[at] > 0
        spans = [today] if not may else [today, *_spans(receives[at] | today, today)]
        now[at] = len(site)
        for span in spans:
            taught = np.where(today & span, np.maximum(grades[at], 0), whole)
            sections = given.spare_section * (taught * span).sum()
            site.append(at)
            offers.append(span)
            dollars.append(given.school_dollars + given.teacher_dollars * sections)
    return Options(np.array(site), np.array(offers), np.round(dollars, _CENTS)), now


def _spans(could: np.ndarray, today: np.ndarray) -> list[np.ndarray]:
    """Return the runs of neighboring bands that a site could teach, today's left out."""
    bands = len(could)
    runs = [
        np.isin(np.arange(bands), range(first, last + 1))
        for first in range(bands)
        for last in range(first, bands)
    ]
    return [run for run in runs if (could | ~run).all() and not (run == today).all()]


def _arcs(
    table: pd.DataFrame,
    receives: np.ndarray,
    current: np.ndarray,
    km: np.ndarray,
    given: Assumptions,
) -> Arcs:
    """Return who may attend what: who does now, and who could move there."""
    magnet = table["magnet"].to_numpy(bool)
    may = np.broadcast_to(receives.T, current.shape).copy()
    may[:-1] &= ~magnet
    may[-1] &= magnet
    area, band, site = np.nonzero(may | (current > 0))
    rides = km[area, site] >= np.array(given.bus_km)[band]
    rides &= area < len(current) - 1
    return Arcs(
        area,
        band,
        site,
        km[area, site],
        given.bus_dollars * rides,
        current[area, band, site],
    )


def _buildings(table: pd.DataFrame) -> np.ndarray:
    """Return each site's building: sites at one place share it."""
    place = list(zip(table["longitude"], table["latitude"], strict=True))
    order = {each: i for i, each in enumerate(dict.fromkeys(place))}
    return np.array([order[each] for each in place])


def _growth(table: pd.DataFrame) -> np.ndarray:
    """Return growth by site and band: that of grades 4 to 8, for the bands that hold them."""
    found = np.repeat(table["growth"].to_numpy(float)[:, None], len(BANDS), axis=1)
    found[:, _HIGH] = np.nan
    return found
