"""Where pupils live and which school they attend, modelled from public counts.

No public record ties a pupil's home to a school. Two things are public: children by age in
each census tract, and pupils by grade in each school. The model keeps both margins: a
district's resident pupils of a band are spread over the tracts by their children, and each
school's pupils are drawn from the tracts by distance, so that every school has its pupils and
every tract its share (a doubly constrained gravity model: Wilson, 1967; fitted by
iterative proportional fitting: Deming and Stephan, 1940).
"""

import numpy as np
import pandas as pd

from dme.errors import DmeError

AGES = pd.DataFrame(
    {
        "PK-5": {"under_5": 0.2, "age_5_to_9": 1.0, "age_10_to_14": 0.2, "age_15_to_17": 0.0},
        "6-8": {"under_5": 0.0, "age_5_to_9": 0.0, "age_10_to_14": 0.6, "age_15_to_17": 0.0},
        "9-12": {"under_5": 0.0, "age_5_to_9": 0.0, "age_10_to_14": 0.2, "age_15_to_17": 1.0},
    }
)
"""Which part of an age group is of a band's age: 4 to 10, 11 to 13, 14 to 17, each year alike."""


def children_of_bands(tracts: pd.DataFrame) -> pd.DataFrame:
    """Return the tracts that have a place, with the children of each band's age.

    Parameters
    ----------
    tracts : DataFrame
        The table ``tracts``.

    Returns
    -------
    DataFrame
        Indexed by ``tract``: ``longitude``, ``latitude``, and a column a band.
    """
    rows = tracts.dropna(subset=["longitude", "latitude"]).set_index("tract")
    found = rows[["longitude", "latitude"]].astype(float)
    for band in AGES:
        found[band] = sum(rows[group].astype(float) * part for group, part in AGES[band].items())
    return found


def low_income_share(
    neighborhoods: pd.DataFrame, weights: pd.DataFrame, tracts: pd.Index
) -> pd.Series:
    """Return the share of each tract's children who live below twice the poverty level.

    That of the neighborhoods that the tract lies in, by its households in each; of a tract that
    lies in none, the mean of all.

    Parameters
    ----------
    neighborhoods, weights : DataFrame
        ``neighborhoods`` and ``neighborhood_tracts``.
    tracts : Index
        Which tracts.
    """
    people = neighborhoods[neighborhoods["level"] == "neighborhood"].set_index("place")
    poor, known = (
        people[column].astype(float) for column in ("children_low_income", "children_poverty_known")
    )
    share = poor / known
    parts = weights.assign(share=weights["neighborhood"].map(share)).dropna(subset=["share"])
    weight = parts["weight"].astype(float)
    by_tract = (parts["share"] * weight).groupby(parts["tract"]).sum()
    by_tract = by_tract / weight.groupby(parts["tract"]).sum()
    return by_tract.reindex(tracts).fillna(float(share.mean()))


def spread(pupils: np.ndarray, children: np.ndarray) -> np.ndarray:
    """Spread a district's pupils of each band over areas by their children.

    Parameters
    ----------
    pupils : ndarray, shape (B,)
        Pupils of the district by band.
    children : ndarray, shape (A, B)
        Children of the band's age by area.

    Returns
    -------
    ndarray, shape (A, B)
        Pupils by area and band; their sums are `pupils`.

    Raises
    ------
    DmeError
        If a band has pupils and no area has children for it.
    """
    total = children.sum(axis=0)
    if ((pupils > 0) & (total <= 0)).any():
        message = "There are pupils of a band, and no area has children of its age."
        raise DmeError(message)
    return children * (pupils / np.where(total > 0, total, 1.0))


def attend(
    residents: np.ndarray,
    pupils: np.ndarray,
    pull: np.ndarray,
    *,
    tolerance: float = 1e-6,
    rounds: int = 10_000,
) -> np.ndarray:
    """Return who of an area attends which site: iterative proportional fitting to both margins.

    Parameters
    ----------
    residents : ndarray, shape (A,)
        Pupils by area.
    pupils : ndarray, shape (S,)
        Pupils by site; the same in all.
    pull : ndarray, shape (A, S)
        How much each site draws from each area, such as exp(-km / decay); above zero.
    tolerance : float
        Pupils by which a margin may be off.
    rounds : int
        Most rounds of fitting.

    Returns
    -------
    ndarray, shape (A, S)
        Pupils by area and site. The sites' sums are exact, the areas' within the tolerance.

    Raises
    ------
    DmeError
        If the two margins differ in all, or fitting does not come to an end.
    """
    if not np.isclose(residents.sum(), pupils.sum(), rtol=1e-9, atol=1e-6):
        message = (
            f"{residents.sum():.1f} pupils live in the areas and {pupils.sum():.1f} attend the "
            "sites: the two must be the same."
        )
        raise DmeError(message)
    flows = pull * (pupils.sum() / max(pull.sum(), 1e-300))
    for _ in range(rounds):
        flows = flows * _ratio(residents, flows.sum(axis=1))[:, None]
        flows = flows * _ratio(pupils, flows.sum(axis=0))
        if np.abs(flows.sum(axis=1) - residents).max(initial=0.0) <= tolerance:
            return flows
    message = f"Fitting pupils to areas and sites did not end in {rounds} rounds."
    raise DmeError(message)


def _ratio(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.divide(wanted, found, out=np.zeros_like(wanted, dtype=float), where=found > 0)
