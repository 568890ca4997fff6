"""The district as the model of a better plan has it: sites, homes, costs, each with its source."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.better.costs import Costs, costs
from dme.evidence.plan.money import Accounts
from dme.evidence.plan.scheme import Scheme
from dme.evidence.seats import Seats
from dme.measures.access import student_growth
from dme.measures.access.places import MILE_KM, distances_km
from dme.measures.portfolio import Portfolio
from dme.measures.portfolio.demand import AGES
from dme.measures.portfolio.district import BAND_GRADES, BANDS, Schools, by_band, portfolio_of
from dme.measures.size import school_sizes, utilization
from dme.study import Study

MEASURE = "target_achieved_percent"
PRINTED_SEATS = {"0640611": 573.0}
"""Study capacity of the one school whose figure is printed (Burns), of the facilities study."""
_WALK_MILES = 1.0
"""Walking distance of grades 2 to 5 under the rule of about 2013 to 2018 (``bus_rules``)."""
_HALF = 0.5


@dataclass(frozen=True)
class Sources:
    """The tables behind the sites and the homes.

    Attributes
    ----------
    seats : Seats
        What seats by school are modelled from, with zones and enrollment.
    by_grade, directory, sheff : DataFrame
        ``school_enrollment_by_grade``, ``school_directory``, ``sheff_schools``.
    growth, state_growth : DataFrame
        ``school_growth`` and ``district_growth``.
    tracts, neighborhoods, weights : DataFrame
        ``tracts``, ``neighborhoods``, ``neighborhood_tracts``.
    """

    seats: Seats
    by_grade: pd.DataFrame
    directory: pd.DataFrame
    sheff: pd.DataFrame
    growth: pd.DataFrame
    state_growth: pd.DataFrame
    tracts: pd.DataFrame
    neighborhoods: pd.DataFrame
    weights: pd.DataFrame


@dataclass(frozen=True)
class City:
    """The district's portfolio, and what went into it.

    Attributes
    ----------
    schools : Schools
        The sites.
    areas : DataFrame
        Tracts with a place: ``longitude``, ``latitude``, children of each band's age.
    without_access : ndarray of bool
        Tracts without a school of the state's growth within a walk.
    costs : Costs
        What the model takes for granted.
    portfolio : Portfolio
        All of it, as the solver reads it.
    """

    schools: Schools
    areas: pd.DataFrame
    without_access: np.ndarray
    costs: Costs
    portfolio: Portfolio

    @property
    def names(self) -> list[str]:
        """Names of the sites, in the order of the portfolio."""
        return list(self.schools.table["school"])


def city(
    study: Study, place: Place, sources: Sources, accounts: Accounts, plan: Scheme | str
) -> City | str:
    """Return the district's portfolio; or, in words, what it lacks for one.

    Parameters
    ----------
    sources : Sources
        Tables of sites and homes.
    accounts : Accounts
        Tables of what things cost.
    plan : Scheme or str
        A site that the district's own plan closes or regrades may change in the model, magnet
        or not; without a plan, magnets stay.
    """
    table = _sites(study, sources)
    if table.empty or sources.tracts.empty:
        return (
            f"no places of schools, seats by zone, and children by census tract of {place.own} are "
            "in the tables, all of which the model of sites and homes is made of"
        )
    if isinstance(plan, str):
        return plan
    prices = costs(study, place, accounts, table["seats"])
    if isinstance(prices, str):
        return prices
    rows = sources.by_grade
    pupils, grades = by_band(
        rows[(rows["school_year"] == study.enrollment_year) & rows["school_code"].isin(table.index)]
    )
    table = table[table.index.isin(pupils.index)]
    named = {*plan.closing, *plan.spans}
    whole = np.array([len(BAND_GRADES[band]) for band in BANDS])
    teaches = (grades.loc[table.index].to_numpy() >= _HALF * whole).any(axis=1)
    table["may_change"] = (~table["magnet"] | table.index.isin(named)) & teaches
    schools = Schools(table, pupils, grades)
    areas = tracts(sources.tracts)
    far = _without_access(study, sources, table, areas)
    return City(schools, areas, far, prices, portfolio_of(schools, areas, prices.given, far))


def _sites(study: Study, sources: Sources) -> pd.DataFrame:
    """Return the schools of the year that have a place, each a site."""
    rows = school_sizes.of_districts(
        school_sizes.schools(sources.seats.enrollment, study.enrollment_year), study.district
    )
    places = sources.seats.zones.dropna(subset=["longitude", "latitude"])
    table = rows.merge(places, on="school_code").set_index("school_code").sort_index()
    if table.empty:
        return table
    table["magnet"] = _magnets(sources.directory, table.index)
    # A magnet takes by the region's lottery: it is no community's own school.
    table["community"] = table["zone"].where((table["zone"] != "outside") & ~table["magnet"])
    table["resident_share"] = _residents(sources.sheff, table)
    table["growth"] = student_growth.by_subject(sources.growth, study.growth_year, MEASURE)[
        "mean"
    ].reindex(table.index)
    table["seats"] = seats_of(study, sources.seats, table, scaled=True)
    return table


def _magnets(directory: pd.DataFrame, codes: pd.Index) -> pd.Series:
    """Return whether each school is an interdistrict magnet, by the earliest copy that lists it."""
    first = directory.sort_values("edition").dropna(subset=["interdistrict_magnet"])
    listed = first.drop_duplicates("school_code").set_index("school_code")
    return listed["interdistrict_magnet"].reindex(codes).eq("yes").fillna(False).astype(bool)


def _residents(sheff: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """Return the share of each school's pupils who live in the district.

    For magnets as last printed (2014-15, by the court's count); other schools take residents.
    """
    known = sheff.dropna(subset=["school_code", "hartford_residents", "students"])
    last = known.sort_values("school_year").drop_duplicates(["school_code", "school"], keep="last")
    sums = last.groupby("school_code")[["students", "hartford_residents"]].sum().astype(float)
    share = (sums["hartford_residents"] / sums["students"]).reindex(table.index).fillna(1.0)
    return np.where(table["magnet"], share.to_numpy(), 1.0)


def seats_of(study: Study, seats: Seats, table: pd.DataFrame, *, scaled: bool) -> pd.Series:
    """Return each site's seats: modelled, but for the one whose figure is printed.

    A zone's published seats hold buildings and programs that are none of the listed schools.
    `scaled` leaves those seats out (`dme.measures.size.utilization.scaled_to_students`): fewer
    seats, so that a plan does not count on seats that may not be there. A site outside the zones
    has as many seats as pupils.

    Parameters
    ----------
    seats : Seats
        The tables.
    table : DataFrame
        Indexed by ``school_code``: ``students``.
    scaled : bool
        Whether to leave out the seats of pupils whom the state's file doesn't list.
    """
    year = str(seats.capacity["school_year"].iloc[0])
    then = school_sizes.of_districts(school_sizes.schools(seats.enrollment, year), study.district)
    peaks = utilization.peak_enrollment(seats.panel, seats.crosswalk, study.enrollment_year)
    modelled = utilization.modelled_capacity(then, seats.zones, peaks, seats.capacity)
    if scaled:
        modelled = utilization.scaled_to_students(modelled, seats.capacity)
    found = modelled.set_index("school_code")["seats"].astype(float)
    found = pd.concat([found.drop(PRINTED_SEATS, errors="ignore"), pd.Series(PRINTED_SEATS)])
    return found.reindex(table.index).fillna(table["students"].astype(float))


def tracts(table: pd.DataFrame, children: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the tracts that have a place, with children of each band's age.

    Parameters
    ----------
    table : DataFrame
        ``tracts``.
    children : DataFrame, optional
        By tract, a column a band: other weights than the tract's own children.
    """
    rows = table.dropna(subset=["longitude", "latitude"]).set_index("tract")
    found = rows[["longitude", "latitude"]].astype(float)
    for band in BANDS:
        by_age = sum(rows[group].astype(float) * part for group, part in AGES[band].items())
        found[band] = by_age if children is None else children[band].reindex(rows.index)
    return found


def _without_access(
    study: Study, sources: Sources, table: pd.DataFrame, areas: pd.DataFrame
) -> np.ndarray:
    """Return which tracts have no school at or above the state's growth within a walk."""
    state = student_growth.by_subject(sources.state_growth, study.growth_year, MEASURE)["mean"]
    if student_growth.STATE not in state.index:
        return np.zeros(len(areas), bool)
    good = table[table["growth"] >= state[student_growth.STATE]]
    if good.empty:
        return np.ones(len(areas), bool)
    return (distances_km(areas, good) > _WALK_MILES * MILE_KM).all(axis=1)
