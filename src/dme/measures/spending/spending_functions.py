"""Where a difference in spending per pupil sits: its parts by function of the money."""

from collections.abc import Sequence

import pandas as pd

PLANT = "plant_operation"
ADMINISTRATION = "school_administration"
LESS_FLAT = "less_flat"
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


def less_flat(schools: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    """Return schools with their spending less what their district spreads flat, as `LESS_FLAT`.

    Parameters
    ----------
    schools : DataFrame
        See `wide`, with ``district_code`` and ``dollars_per_pupil``.
    spread : DataFrame
        See `spread_flat`.
    """
    left = schools["dollars_per_pupil"].astype(float)
    for row in spread.itertuples():
        left -= schools[row.function].where(schools["district_code"] == row.district_code, 0.0)
    return schools.assign(**{LESS_FLAT: left})
