"""Magnet and neighborhood schools: which is which, and how groups of students differ in them."""

from collections.abc import Mapping

import numpy.typing as npt
import pandas as pd

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.suppressed import middle
from dme.text import first_year

MAGNET, NEIGHBORHOOD = "magnet", "neighborhood"

LISTED: Mapping[str, str] = {"2015": "2014-15", "2020-02": "2017-18", "2022": "2021-22"}
"""Which school year each copy of the state's directory lists (see the table)."""


def edition_for(year: str) -> str:
    """Return the copy of the directory whose schools are nearest in time to a school year."""
    return min(LISTED, key=lambda edition: abs(first_year(LISTED[edition]) - first_year(year)))


def of_year(directory: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return the rows of ``school_directory`` nearest to a school year, by ``school_code``.

    ``magnet`` says whether the copy marks a school as an interdistrict magnet; a blank counts as
    no.
    """
    rows = directory[directory["edition"] == edition_for(year)].set_index("school_code")
    marked = rows["interdistrict_magnet"].eq("yes").fillna(value=False).astype(bool)
    return rows.assign(magnet=marked)


def kinds(directory: pd.DataFrame, year: str) -> pd.Series:
    """Return of each school whether it is an interdistrict magnet.

    The copy of the directory that lists the nearest year decides; a school that it does not
    hold, or leaves blank, takes the mark of the next nearest.

    Parameters
    ----------
    directory : DataFrame
        ``school_directory``.
    year : str
        School year.

    Returns
    -------
    Series
        ``magnet`` or ``neighborhood`` (every school that is no magnet), by ``school_code``; a
        school without a mark in any copy is not in it.
    """
    rows = directory.dropna(subset=["interdistrict_magnet"])
    apart = rows["edition"].map(
        {edition: abs(first_year(of) - first_year(year)) for edition, of in LISTED.items()}
    )
    nearest = rows.assign(apart=apart).sort_values(["apart", "edition"], kind="stable")
    first = nearest.drop_duplicates("school_code").set_index("school_code")
    marks = first["interdistrict_magnet"].map({"yes": MAGNET, "no": NEIGHBORHOOD})
    return marks.rename("kind")


def of_kind(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the rows of one kind of school (the column ``kind``)."""
    return rows[rows["kind"] == kind]


def share_gap(one: pd.DataFrame, other: pd.DataFrame, resampling: Resampling) -> Estimate:
    """Return by how many points a group's share is larger in one set of schools than in another.

    Shares are of all students of a set, so that a school weighs by its students.

    Parameters
    ----------
    one, other : DataFrame
        Schools: ``students``, and ``low`` and ``high`` of the group; the middle counts.
    resampling : Resampling
        The schools of each set are resampled apart.

    Raises
    ------
    Lacking
        If a set is empty.
    """
    sets = [
        (middle(rows).to_numpy(float), rows["students"].to_numpy(float)) for rows in (one, other)
    ]
    if not all(len(members) for members, _ in sets):
        lacking = "one of the two kinds has no school"
        raise Lacking(lacking, by_choice=True)

    def statistic(*picked: npt.NDArray) -> npt.NDArray:
        mine, theirs = (
            members[at].sum(-1) / students[at].sum(-1)
            for (members, students), at in zip(sets, picked, strict=True)
        )
        return 100 * (mine - theirs)

    return bootstrap([len(members) for members, _ in sets], statistic, resampling)


def shares_by_year(counts: pd.DataFrame) -> pd.DataFrame:
    """Return each kind's share of a group over the years in which there are schools of both kinds.

    Parameters
    ----------
    counts : DataFrame
        One row a school and year: ``school_year``, ``kind``, ``students``, and ``low`` and
        ``high`` of the group.

    Returns
    -------
    DataFrame
        ``school_year``, ``kind``, and in percent ``value``, ``low``, ``high``: the middle, and
        what suppressed counts allow.
    """
    sums = counts.groupby(["school_year", "kind"])[["low", "high", "students"]].sum()
    shares = sums[["low", "high"]].mul(100).div(sums["students"], axis=0)
    shares.insert(0, "value", middle(shares))
    both = shares.groupby("school_year")["value"].transform("size") == len((MAGNET, NEIGHBORHOOD))
    return shares[both].reset_index()


def gap_by_year(counts: pd.DataFrame) -> pd.DataFrame:
    """Return by how many points neighborhood schools' share lies above the magnets', by year.

    Parameters
    ----------
    counts : DataFrame
        See `shares_by_year`.

    Returns
    -------
    DataFrame
        ``school_year``, ``value``, and ``low``, ``high``: what suppressed counts allow.
    """
    shares = shares_by_year(counts).set_index("school_year")
    mine, theirs = of_kind(shares, NEIGHBORHOOD), of_kind(shares, MAGNET)
    ends = {"value": "value", "low": "high", "high": "low"}
    gaps = {end: mine[end] - theirs[other] for end, other in ends.items()}
    return pd.DataFrame(gaps).reset_index()


def share(rows: pd.DataFrame, resampling: Resampling) -> Estimate:
    """Return the group's share of the students of a set of schools, in percent.

    Parameters as for `share_gap`.
    """
    members, students = middle(rows).to_numpy(float), rows["students"].to_numpy(float)

    def statistic(picked: npt.NDArray) -> npt.NDArray:
        return 100 * members[picked].sum(-1) / students[picked].sum(-1)

    return bootstrap([len(rows)], statistic, resampling)
