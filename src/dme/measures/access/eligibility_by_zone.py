"""How many schools zones and buses leave open to a child, by the zone of the child's home."""

import numpy as np
import pandas as pd

from dme.measures.access.eligibility import BusRule, open_schools


def open_by_zone(
    homes: pd.DataFrame, schools: pd.DataFrame, grade: str, rule: BusRule
) -> pd.DataFrame:
    """Return how many schools are open to a child of each zone, of all that serve the grade.

    Open is a school that admits without a lottery and that a walk or the bus leads to; see
    `dme.measures.access.eligibility.open_schools`. A zone's figure is the mean over its children.

    Parameters
    ----------
    homes : DataFrame
        Places where children live: ``longitude``, ``latitude``, ``zone``, ``children``. Where
        they are in no zone they are left out.
    schools : DataFrame
        ``longitude``, ``latitude``, ``zone``, ``lottery``, ``grades`` (a set).
    grade : str
        K to 12.
    rule : BusRule
        Walking distances and buses.

    Returns
    -------
    DataFrame
        Indexed by ``zone``, mean numbers of schools: ``open``; ``closed`` (without a lottery, and
        neither walk nor bus leads there); ``lottery``; ``near_lottery`` (those of them that a
        walk or the bus leads to); ``on_foot`` (the open ones within walking distance);
        ``children``. The first three add up to all schools of the grade.
    """
    placed = homes[homes["zone"].notna()]
    ways = open_schools(placed, schools, grade, rule)
    opened, claim = ways["bus"].sum(1), (ways["apply"] & ~schools["lottery"].to_numpy(bool)).sum(1)
    each = pd.DataFrame(
        {
            "open": opened,
            "closed": claim - opened,
            "lottery": ways["apply"].sum(1) - claim,
            "near_lottery": ways["magnet"].sum(1) - opened,
            "on_foot": ways["walk"].sum(1),
        },
        index=placed.index,
    ).astype(float)
    weights = placed["children"].astype(float)
    total = weights.groupby(placed["zone"]).sum()
    found = each.mul(weights, axis=0).groupby(placed["zone"]).sum().div(total, axis=0)
    return found.assign(children=total)


def of_every_zone(by_zone: pd.DataFrame) -> pd.Series:
    """Return the mean of `open_by_zone` over the children of all zones."""
    columns = by_zone.columns.drop("children")
    means = np.average(by_zone[columns], axis=0, weights=by_zone["children"])
    return pd.Series(means, index=columns)
