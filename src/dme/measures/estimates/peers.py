"""One district's figure against those of its peers."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate


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
