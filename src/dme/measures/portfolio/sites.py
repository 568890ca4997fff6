"""A district's schools as sites of the model: place, magnet, residents, seats, what may change."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from dme.measures.access.places import distances_km
from dme.measures.plan.outcomes import GROUNDS
from dme.measures.portfolio.district import BAND_GRADES, BANDS

_HALF = 0.5


def placed(
    schools: pd.DataFrame,
    zones: pd.DataFrame,
    directory: pd.DataFrame,
    sheff: pd.DataFrame,
    growth: pd.Series,
) -> pd.DataFrame:
    """Return the schools that have a place, each a site.

    Parameters
    ----------
    schools : DataFrame
        The district's rows of one year: ``school_code``, ``school``, ``students``.
    zones, directory, sheff : DataFrame
        ``school_zones``, ``school_directory``, ``sheff_schools``.
    growth : Series
        Growth by school code.

    Returns
    -------
    DataFrame
        `schools` with their places, indexed by ``school_code``, and ``magnet``, ``community``
        (missing where in none), ``resident_share``, ``growth``.
    """
    places = zones.dropna(subset=["longitude", "latitude"])
    table = schools.merge(places, on="school_code").set_index("school_code").sort_index()
    if table.empty:
        return table
    magnet = magnets(directory, table.index)
    # A magnet takes by the region's lottery: it is no community's own school.
    community = table["zone"].where((table["zone"] != "outside") & ~magnet)
    share = resident_share(sheff).reindex(table.index).fillna(1.0)
    return table.assign(
        magnet=magnet,
        community=community,
        resident_share=share.where(magnet, 1.0),
        growth=growth.reindex(table.index),
    )


def magnets(directory: pd.DataFrame, codes: pd.Index) -> pd.Series:
    """Return whether each school is an interdistrict magnet, by the earliest copy that lists it."""
    first = directory.sort_values("edition").dropna(subset=["interdistrict_magnet"])
    listed = first.drop_duplicates("school_code").set_index("school_code")
    return listed["interdistrict_magnet"].reindex(codes).eq("yes").fillna(False).astype(bool)


def resident_share(sheff: pd.DataFrame) -> pd.Series:
    """Return the share of each magnet's pupils who live in the district, as last printed."""
    known = sheff.dropna(subset=["school_code", "hartford_residents", "students"])
    last = known.sort_values("school_year").drop_duplicates(["school_code", "school"], keep="last")
    sums = last.groupby("school_code")[["students", "hartford_residents"]].sum().astype(float)
    return sums["hartford_residents"] / sums["students"]


def seats_of(table: pd.DataFrame, modelled: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """Return the seats of each site: as modelled, else as many as it has students.

    A site that opened since then, in the building of schools that are none any more, has theirs,
    if these are more.

    Parameters
    ----------
    table : DataFrame
        See `placed`.
    modelled : DataFrame
        Seats of the schools of another year: ``school_code``, ``seats``.
    places : DataFrame
        Where those stood: ``school_code``, ``longitude``, ``latitude``.
    """
    seats = modelled.set_index("school_code")["seats"]
    known = table.index.to_series().map(seats)
    gone = places[places["school_code"].isin(seats.index.difference(table.index))]
    same = 1000 * distances_km(table, gone) <= GROUNDS
    left = pd.Series((same * seats[gone["school_code"]].to_numpy(float)).sum(axis=1), table.index)
    students = table["students"].astype(float)
    return known.fillna(np.maximum(left, students))


def may_change(table: pd.DataFrame, grades: pd.DataFrame, named: Collection[str]) -> pd.Series:
    """Return which sites may close or change their grades.

    Those that teach at least half of some band, and are no magnets or are named by the district's
    own plan.

    Parameters
    ----------
    table : DataFrame
        See `placed`.
    grades : DataFrame
        See `dme.measures.portfolio.district.by_band`.
    named : collection of str
        Codes of the schools that the own plan closes or regrades.
    """
    whole = np.array([len(BAND_GRADES[band]) for band in BANDS])
    teaches = (grades.loc[table.index].to_numpy() >= _HALF * whole).any(axis=1)
    return (~table["magnet"] | table.index.isin(list(named))) & teaches


def without_access(
    table: pd.DataFrame, areas: pd.DataFrame, least: float, walk_km: float
) -> np.ndarray:
    """Return which areas have no school of at least such a growth within a walk.

    Parameters
    ----------
    table : DataFrame
        See `placed`.
    areas : DataFrame
        ``longitude``, ``latitude``.
    least : float
        Growth from which a school counts; where it is NaN no area lacks one.
    walk_km : float
        Kilometers.
    """
    if np.isnan(least):
        return np.zeros(len(areas), bool)
    good = table[table["growth"] >= least]
    if good.empty:
        return np.ones(len(areas), bool)
    found: np.ndarray = (distances_km(areas, good) > walk_km).all(axis=1)
    return found
