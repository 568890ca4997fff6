"""Where a difference in spending per pupil sits: its parts by function of the money."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.errors import DmeError
from dme.measures.estimates.bootstrap import Resampling, bootstrap

PLANT = "plant_operation"
ADMINISTRATION = "school_administration"
ALIKE = 0.5
"""A function is spread flat where more than this share of schools print one and the same figure."""


def wide(rows: pd.DataFrame, by_function: pd.DataFrame) -> pd.DataFrame:
    """Return schools with a column of dollars per pupil for each function.

    Parameters
    ----------
    rows : DataFrame
        ``school_year``, ``school_code``, ``students`` and more.
    by_function : DataFrame
        ``spending_by_function``; a function that the report does not print of a school counts
        as nothing there.

    Returns
    -------
    DataFrame
        The rows that the table of functions knows, with one column a function.
    """
    keys = ["school_year", "school_code"]
    known = by_function[by_function["school_code"].isin(rows["school_code"])]
    columns = known.pivot(index=keys, columns="function", values="dollars_per_pupil")
    columns = columns.astype(float).fillna(0.0).reset_index()
    columns.columns.name = None
    return rows.merge(columns, on=keys, validate="1:1")


def parts(
    schools: pd.DataFrame,
    functions: Sequence[str],
    cut: float,
    weighting: str,
    resampling: Resampling,
) -> pd.DataFrame:
    """Return how much more the small schools spend per pupil, function by function.

    The groups' means are over all their pupils (or schools) in every function alike, so the
    differences add up to the difference of the totals.

    Parameters
    ----------
    schools : DataFrame
        See `wide`; schools without a printed total are left out.
    functions : sequence of str
        Its columns.
    cut : float
        Schools with fewer students are small.
    weighting : {"students", "schools"}
        See `dme.measures.spending.cost.contrast`.
    resampling : Resampling
        Schools of each group are resampled apart.

    Returns
    -------
    DataFrame
        One row a function, from the largest difference: ``function``, ``small``, ``rest`` (mean
        dollars per pupil), ``difference``, ``low``, ``high`` (dollars per pupil), ``percent``
        (of `rest`; missing where that is zero), ``share`` (percent of the whole difference).

    Raises
    ------
    DmeError
        If a group has no school.
    """
    counted = schools.dropna(subset=["dollars_per_pupil"])
    small = (counted["students"] < cut).to_numpy(bool)
    if small.all() or not small.any():
        message = f"There is nothing to compare: all schools are on one side of {cut:g} students."
        raise DmeError(message)
    pupils = counted["students"].to_numpy(float)
    weights = np.ones_like(pupils) if weighting == "schools" else pupils
    found = [
        _part(name, counted[name].to_numpy(float), weights, small, resampling) for name in functions
    ]
    table = pd.DataFrame(found).sort_values("difference", ascending=False, kind="stable")
    whole = table["difference"].sum()
    table["percent"] = 100 * table["difference"] / table["rest"].where(table["rest"] != 0)
    table["share"] = 100 * table["difference"] / whole
    return table.reset_index(drop=True)


def _part(
    name: str,
    dollars: npt.NDArray,
    weights: npt.NDArray,
    small: npt.NDArray,
    resampling: Resampling,
) -> dict[str, object]:
    mine, theirs = ((dollars[group], weights[group]) for group in (small, ~small))

    def mean(group: tuple[npt.NDArray, npt.NDArray], at: npt.NDArray) -> npt.NDArray:
        values, weight = group
        return (values[at] * weight[at]).sum(axis=-1) / weight[at].sum(axis=-1)

    def difference(one: npt.NDArray, other: npt.NDArray) -> npt.NDArray:
        return mean(mine, one) - mean(theirs, other)

    sizes = [int(small.sum()), int((~small).sum())]
    estimate = bootstrap(sizes, difference, resampling)
    return {
        "function": name,
        "small": float(mean(mine, np.arange(sizes[0]))),
        "rest": float(mean(theirs, np.arange(sizes[1]))),
        "difference": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "interval": estimate.interval,
    }


def spread_flat(schools: pd.DataFrame, functions: Sequence[str]) -> pd.DataFrame:
    """Return the functions whose cost a district spreads evenly over its pupils.

    Where most schools print one and the same figure, the money was charged by the pupil and not
    by the school: its contrast by size is nothing by accounting, not by economy.

    Parameters
    ----------
    schools : DataFrame
        See `wide`, with ``district_code``.
    functions : sequence of str
        Its columns.

    Returns
    -------
    DataFrame
        ``district_code``, ``function``, ``dollars_per_pupil`` (the common figure, not zero),
        ``percent_of_schools``.
    """
    found = []
    for code, rows in schools.groupby("district_code"):
        for name in functions:
            common = rows[name].value_counts()
            share = common.iloc[0] / len(rows)
            if common.index[0] != 0 and share > ALIKE:
                found.append((code, name, float(common.index[0]), 100 * float(share)))
    columns = ["district_code", "function", "dollars_per_pupil", "percent_of_schools"]
    return pd.DataFrame(found, columns=columns)
