"""Magnet and neighborhood schools: which is which, and how groups of students differ in them."""

from collections.abc import Mapping

import numpy.typing as npt
import pandas as pd

from dme.errors import DmeError
from dme.measures.estimates.bootstrap import Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.suppressed import Bounds, middle
from dme.text import first_year

MAGNET, NEIGHBORHOOD = "magnet", "neighborhood"

LISTED: Mapping[str, str] = {"2015": "2014-15", "2020-02": "2017-18", "2022": "2021-22"}
"""Which school year each copy of the state's directory lists (see the table)."""


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
        Schools: ``students``, and ``low`` and ``high`` of the group (the middle counts; see
        `share_gap_bounds` for the ends).
    resampling : Resampling
        The schools of each set are resampled apart.

    Raises
    ------
    DmeError
        If a set is empty.
    """
    sets = [
        (middle(rows).to_numpy(float), rows["students"].to_numpy(float)) for rows in (one, other)
    ]
    if not all(len(members) for members, _ in sets):
        message = "There is nothing to compare: one of the two kinds has no school."
        raise DmeError(message)

    def statistic(*picked: npt.NDArray) -> npt.NDArray:
        mine, theirs = (
            members[at].sum(-1) / students[at].sum(-1)
            for (members, students), at in zip(sets, picked, strict=True)
        )
        return 100 * (mine - theirs)

    return bootstrap([len(members) for members, _ in sets], statistic, resampling)


def share_gap_bounds(one: pd.DataFrame, other: pd.DataFrame) -> Bounds:
    """Return the smallest and the largest gap that suppressed counts allow; see `share_gap`."""
    (low, high), (other_low, other_high) = (
        [100 * float(rows[side].sum() / rows["students"].sum()) for side in ("low", "high")]
        for rows in (one, other)
    )
    return Bounds(low - other_high, high - other_low)


def share(rows: pd.DataFrame, resampling: Resampling) -> Estimate:
    """Return the group's share of the students of a set of schools, in percent.

    Parameters as for `share_gap`.
    """
    members, students = middle(rows).to_numpy(float), rows["students"].to_numpy(float)

    def statistic(picked: npt.NDArray) -> npt.NDArray:
        return 100 * members[picked].sum(-1) / students[picked].sum(-1)

    return bootstrap([len(rows)], statistic, resampling)
