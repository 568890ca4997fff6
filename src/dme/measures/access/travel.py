"""How far children of one part of a city have to a school, against the rest of it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dme.measures.access.places import MILE_KM, Metric, distances_km
from dme.measures.estimates.bootstrap import Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate


def in_parts(
    tracts: pd.DataFrame, neighborhoods: pd.DataFrame, part: Sequence[str]
) -> pd.DataFrame:
    """Return the tracts of a city with whether each belongs to a part of it.

    A tract belongs to the neighborhood of most of its households.

    Parameters
    ----------
    tracts : DataFrame
        Indexed by tract; those in no neighborhood are left out.
    neighborhoods : DataFrame
        ``neighborhood_tracts``.
    part : sequence of str
        The neighborhoods of the part.

    Returns
    -------
    DataFrame
        The tracts with ``neighborhood`` and ``part``.
    """
    largest = neighborhoods.sort_values("weight", ascending=False, kind="stable")
    home = largest.drop_duplicates("tract").set_index("tract")["neighborhood"]
    found = tracts[tracts.index.isin(home.index)]
    mine = home.reindex(found.index)
    return found.assign(neighborhood=mine, part=mine.isin(list(part)))


def miles_by_area(
    points: pd.DataFrame, schools: pd.DataFrame, metric: Metric = "straight", nearest: int = 1
) -> pd.Series:
    """Return the mean distance to a school of the children of each area.

    Parameters
    ----------
    points : DataFrame
        ``area``, ``longitude``, ``latitude``; the children of an area are spread evenly over its
        points.
    schools : DataFrame
        ``longitude``, ``latitude``; one row or more.
    metric : {"straight", "street"}
        See `dme.measures.access.places.distances_km`.
    nearest : int
        Over how many of the nearest schools the distance is averaged (all, where there are fewer).

    Returns
    -------
    Series
        Miles, by area.
    """
    far = np.sort(distances_km(points, schools, metric), axis=1)[:, :nearest].mean(axis=1)
    return pd.Series(far / MILE_KM).groupby(points["area"].to_numpy()).mean()


def gap(tracts: pd.DataFrame, resampling: Resampling) -> Estimate:
    """Return how many miles farther the children of one part have than those of the rest.

    Parameters
    ----------
    tracts : DataFrame
        ``miles``, ``children`` (weights), ``part`` (whether the tract belongs to the part).
    resampling : Resampling
        Tracts of the part and of the rest are resampled apart. Neighboring tracts are alike, so
        the interval is, if anything, too narrow.

    Returns
    -------
    Estimate
        Miles; positive where the part is farther.
    """
    miles, children = (tracts[c].to_numpy(float) for c in ("miles", "children"))
    part = tracts["part"].to_numpy(bool)
    groups = [np.flatnonzero(part), np.flatnonzero(~part)]

    def statistic(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        means = [
            (miles[group[at]] * children[group[at]]).sum(axis=-1) / children[group[at]].sum(axis=-1)
            for group, at in zip(groups, (one, other), strict=True)
        ]
        return means[0] - means[1]

    return bootstrap([len(group) for group in groups], statistic, resampling, "census tracts")


def means(tracts: pd.DataFrame) -> tuple[float, float]:
    """Return the mean miles of the part's children and of the rest's; columns as for `gap`."""
    of = [
        float(np.average(rows["miles"].astype(float), weights=rows["children"].astype(float)))
        for rows in (tracts[tracts["part"]], tracts[~tracts["part"]])
    ]
    return of[0], of[1]


def permutation_p(tracts: pd.DataFrame, permutations: int, seed: int) -> float:
    """Return the probability of a gap as large, in either direction, if place did not matter.

    The part's label is dealt out among the tracts at random; the observed deal counts as one of
    them, so that the probability is never zero (Phipson and Smyth 2010). Tracts that lie
    together are alike and a random deal scatters them, so this test is too easy to pass;
    `compact_p` asks more.

    Parameters
    ----------
    tracts : DataFrame
        As for `gap`.
    permutations, seed : int
        How many deals, and the seed.
    """
    part = tracts["part"].to_numpy(bool)
    deals = np.random.default_rng(seed).permuted(np.tile(part, (permutations, 1)), axis=1)
    gaps = _gaps(tracts, np.vstack([part, deals]))
    return float(np.mean(np.abs(gaps) >= abs(gaps[0]) - 1e-12))


def compact_p(tracts: pd.DataFrame) -> float:
    """Return the share of compact groups of tracts whose gap is as large as the part's.

    Each tract with its nearest neighbors, as many as the part has tracts, makes a group that
    hangs together as the part does. The part itself counts as one more.

    Parameters
    ----------
    tracts : DataFrame
        As for `gap`, with ``longitude`` and ``latitude`` of each tract's center.
    """
    part = tracts["part"].to_numpy(bool)
    near = np.argsort(distances_km(tracts, tracts), axis=1, kind="stable")[:, : part.sum()]
    groups = np.zeros((len(tracts), len(tracts)), bool)
    np.put_along_axis(groups, near, values=True, axis=1)
    gaps = _gaps(tracts, np.vstack([part, groups]))
    return float(np.mean(np.abs(gaps) >= abs(gaps[0]) - 1e-12))


def _gaps(tracts: pd.DataFrame, parts: np.ndarray) -> np.ndarray:
    """Return the gap for each row of labels."""
    miles, children = (tracts[c].to_numpy(float) for c in ("miles", "children"))
    inside = parts @ (miles * children) / (parts @ children)
    outside = ~parts @ (miles * children) / (~parts @ children)
    return inside - outside
