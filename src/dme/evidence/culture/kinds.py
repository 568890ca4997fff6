"""The district's neighborhood and magnet schools: their students in need, and its course."""

from collections.abc import Mapping

import pandas as pd

from dme.evidence.culture.composition import joined
from dme.measures.access import magnet_schools
from dme.measures.estimates import suppressed
from dme.measures.size import school_sizes
from dme.study import Study


def high_needs(tables: Mapping[str, pd.DataFrame], study: Study, year: str) -> pd.DataFrame:
    """Return the district's schools with their kind, high needs and spending in a year.

    Returns
    -------
    DataFrame
        The columns of ``spending_schools``, ``kind`` (missing where no copy of the directory
        tells), ``low`` and ``high``: students with high needs, as the printed share gives them.
    """
    rows = school_sizes.of_districts(
        school_sizes.schools(tables["spending_schools"], year, study.smallest_school),
        study.district,
    ).dropna(subset=["percent_high_needs"])
    kinds = magnet_schools.kinds(tables["school_directory"], year)
    members = rows["students"].astype(float) * rows["percent_high_needs"] / 100
    return rows.assign(
        kind=rows["school_code"].map(kinds),
        low=members,
        high=members,
        students=rows["students"].astype(float),
    )


def split(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the neighborhood schools, and the magnet schools."""
    return magnet_schools.of_kind(rows, magnet_schools.NEIGHBORHOOD), magnet_schools.of_kind(
        rows, magnet_schools.MAGNET
    )


def comparable(rows: pd.DataFrame) -> bool:
    """Return whether there are schools of both kinds."""
    return min(len(some) for some in split(rows)) > 0


def of_every_year(tables: Mapping[str, pd.DataFrame], study: Study) -> pd.DataFrame:
    """Return the district's schools of all years with their groups and their kind.

    A school's kind is that of the study's year in every year, so that the two sets stay the same
    but for schools that open and close.
    """
    rows = school_sizes.counted(joined(tables, study.district), max(study.smallest_school, 1))
    kinds = magnet_schools.kinds(tables["school_directory"], study.enrollment_year)
    return rows.assign(kind=rows["school_code"].map(kinds).fillna(magnet_schools.NEIGHBORHOOD))


def members(schools: pd.DataFrame, groups: tuple[str, str], *, sure: bool = False) -> pd.DataFrame:
    """Return how many students of each school belong to a group, at least and at most.

    Parameters
    ----------
    schools : DataFrame
        See `of_every_year`.
    groups : tuple of str
        The group, and all others.
    sure : bool, optional
        Whether a withheld count is bounded without the assumption of
        `dme.measures.estimates.suppressed.of_small_group`.

    Returns
    -------
    DataFrame
        See `dme.measures.estimates.suppressed.of_members`, with ``school_year``,
        ``school_code``, ``kind``.
    """
    counts = (
        suppressed.of_members(schools, groups[:1], groups)
        if sure
        else suppressed.of_small_group(schools, *groups)
    )
    return counts.join(schools[["school_year", "school_code", "kind"]])


def course(
    schools: pd.DataFrame, study: Study, groups: tuple[str, str], *, sure: bool = False
) -> pd.DataFrame:
    """Return by year each kind's share of a group in percent, and their gap, with its bounds.

    Parameters as for `members`.
    """
    found = []
    for year, rows in members(schools, groups, sure=sure).groupby("school_year"):
        pair = split(rows)
        if not (study.trend_start <= year <= study.enrollment_year and all(map(len, pair))):
            continue
        shares = [suppressed.pooled_percent(some) for some in pair]
        ends = magnet_schools.share_gap_bounds(*pair)
        gap = shares[0].value - shares[1].value
        both = ((share.value, share.low, share.high) for share in shares)
        found.append((year, gap, *ends, *(x for share in both for x in share)))
    sides = [f"{kind}_{end}" for kind in ("n", "m") for end in ("value", "low", "high")]
    return pd.DataFrame(found, columns=["school_year", "gap", "low", "high", *sides])
