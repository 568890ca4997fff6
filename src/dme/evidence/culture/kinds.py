"""The district's neighborhood and magnet schools: their students in need, and its course."""

from collections.abc import Mapping

import pandas as pd

from dme.evidence.culture.composition import joined
from dme.measures import choice, size, suppressed
from dme.study import Study


def high_needs(tables: Mapping[str, pd.DataFrame], study: Study, year: str) -> pd.DataFrame:
    """Return the district's schools with their kind, high needs and spending in a year.

    Returns
    -------
    DataFrame
        The columns of ``spending_schools``, ``kind`` (missing where no copy of the directory
        tells), ``low`` and ``high``: students with high needs, as the printed share gives them.
    """
    rows = size.of_districts(
        size.schools(tables["spending_schools"], year, study.smallest_school), study.district
    ).dropna(subset=["percent_high_needs"])
    kinds = choice.kinds(tables["school_directory"], year)
    members = rows["students"].astype(float) * rows["percent_high_needs"] / 100
    return rows.assign(
        kind=rows["school_code"].map(kinds),
        low=members,
        high=members,
        students=rows["students"].astype(float),
    )


def split(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the neighborhood schools, and the magnet schools."""
    return choice.of_kind(rows, choice.NEIGHBORHOOD), choice.of_kind(rows, choice.MAGNET)


def comparable(rows: pd.DataFrame) -> bool:
    """Return whether there are schools of both kinds."""
    return min(len(some) for some in split(rows)) > 0


def by_kind(
    tables: Mapping[str, pd.DataFrame],
    study: Study,
    year: str,
    groups: tuple[str, str],
    *,
    sure: bool = False,
) -> pd.DataFrame:
    """Return the district's schools in a year with the group's students and the schools' kind.

    A school's kind is that of the study's year in every year, so that the two sets stay the same
    but for schools that open and close. Where `sure`, a withheld count is bounded without the
    assumption of `dme.measures.suppressed.of_small_group`.
    """
    rows = size.of_districts(
        size.schools(joined(tables), year, max(study.smallest_school, 1)), study.district
    )
    kinds = choice.kinds(tables["school_directory"], study.enrollment_year)
    counts = (
        suppressed.of_members(rows, groups[:1], groups)
        if sure
        else suppressed.of_small_group(rows, *groups)
    )
    codes = rows["school_code"]
    return counts.assign(school_code=codes, kind=codes.map(kinds).fillna(choice.NEIGHBORHOOD))


def course(
    tables: Mapping[str, pd.DataFrame], study: Study, groups: tuple[str, str], *, sure: bool = False
) -> pd.DataFrame:
    """Return by year each kind's share of a group in percent, and their gap, with its bounds."""
    years = sorted(tables["school_enrollment"]["school_year"].unique())
    found = []
    for year in years:
        rows = by_kind(tables, study, year, groups, sure=sure)
        if not (study.trend_start <= year <= study.enrollment_year and comparable(rows)):
            continue
        pair = split(rows)
        shares = [suppressed.pooled_percent(some) for some in pair]
        ends = choice.share_gap_bounds(*pair)
        gap = shares[0].value - shares[1].value
        both = ((share.value, share.low, share.high) for share in shares)
        found.append((year, gap, *ends, *(x for share in both for x in share)))
    sides = [f"{kind}_{end}" for kind in ("n", "m") for end in ("value", "low", "high")]
    return pd.DataFrame(found, columns=["school_year", "gap", "low", "high", *sides])
