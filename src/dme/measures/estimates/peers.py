"""Which districts are a district's peers, and its figure against theirs."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate

TWICE_THE_SIZE = 35.0
"""So many points more of students in need make a peer as unlike as twice the size."""


def nearest(students: pd.Series, need: pd.Series, own: str, among: Collection[str]) -> list[str]:
    """Return districts by how near they are to one in size and need, the nearest first.

    Size is compared on a scale of doublings, so that half as many students are as far as twice
    as many; need in percentage points, `TWICE_THE_SIZE` of which are as far as one doubling. How
    far a district is in both is the root of the sum of the two squares.

    Parameters
    ----------
    students, need : Series
        By district code: students, above zero, and the percentage of them in need. A need that
        is not known, of either district, counts as the same.
    own : str
        The district.
    among : collection of str
        Those that may be its peers.
    """
    others = students[students.index.isin([code for code in among if code != own])].astype(float)
    size = np.log2(others / float(students[own]))
    known = need.reindex(students.index)
    unlike = ((known[others.index] - known[own]) / TWICE_THE_SIZE).fillna(0)
    return list(np.hypot(size, unlike).sort_values(kind="stable").index)


def against_peers(
    figures: pd.Series,
    own: str,
    peers: Sequence[str],
    resampling: Resampling,
    *,
    relative: bool = True,
) -> Estimate:
    """Return how far a district's figure lies above the mean of its peers' figures.

    Each peer counts once. The interval resamples the peers: it says how far the comparison
    hangs on which districts it is made with, and takes the district's own figure as it is.

    Parameters
    ----------
    figures : Series
        A positive figure by district code; districts without one are left out.
    own, peers : str, sequence of str
        District codes.
    relative : bool
        In percent of the peers' mean; otherwise in the figure's own unit.

    Raises
    ------
    Lacking
        If the district, or every peer, has no figure.
    """
    known = figures.dropna().astype(float)
    theirs = known[known.index.isin([code for code in peers if code != own])].to_numpy(float)
    if own not in known.index or not len(theirs):
        who = "the district" if own not in known.index else "its peers"
        lacking = f"the tables hold no such figure of {who}"
        raise Lacking(lacking)
    mine = float(known[own])

    def statistic(rows: npt.NDArray) -> npt.NDArray:
        mean = theirs[rows].mean(axis=-1)
        return 100 * (mine / mean - 1) if relative else mine - mean

    return bootstrap([len(theirs)], statistic, resampling, "peer districts")


def of_schools(rows: pd.DataFrame, figure: str, weight: str | None = None) -> pd.Series:
    """Return each district's mean of its schools' figures.

    Parameters
    ----------
    rows : DataFrame
        One row a school: ``district_code``, the figure, and the weight; rows in which one is
        missing are left out.
    figure : str
        Name of the column.
    weight : str, optional
        Column that weights the mean; each school counts once without one.
    """
    known = rows.dropna(subset=[figure, *([weight] if weight else [])])
    weights = known[weight].astype(float) if weight else pd.Series(1.0, index=known.index)
    codes = known["district_code"]
    dollars = (known[figure].astype(float) * weights).groupby(codes).sum()
    return dollars / weights.groupby(codes).sum()


def spread_flat(rows: pd.DataFrame, figure: str) -> list[str]:
    """Return the districts that print one and the same figure for all of their schools.

    They spread the cost evenly over pupils, so their figure says nothing of any school.
    """
    many = rows.dropna(subset=[figure]).groupby("district_code")[figure].agg(["nunique", "size"])
    return list(many.index[(many["nunique"] == 1) & (many["size"] > 1)])


def beside_each(figures: pd.Series, own: str, peers: Sequence[str]) -> pd.DataFrame:
    """Return the figures of a district and its peers, lowest first: ``district_code``, ``figure``.

    Districts without a figure are left out.
    """
    wanted = dict.fromkeys((own, *peers))
    known = figures[figures.index.isin(list(wanted))].dropna().astype(float)
    known = known.sort_values(kind="stable")
    return pd.DataFrame({"district_code": list(known.index), "figure": np.asarray(known)})
