"""Categories of staff added up, whether or not a record tells special education apart."""

from collections.abc import Sequence

import pandas as pd

from dme.text import first_year, school_year

GENERAL, SPECIAL = "teachers", "special_education_teachers"
CLASSROOM = (GENERAL, SPECIAL)
"""Teachers of a classroom, of general and of special education."""


def tells_special_education(staff: pd.DataFrame) -> bool:
    """Return whether a table of staff tells teachers of special education apart.

    Where it never does (the federal count), they are among ``teachers``.
    """
    return bool(staff[SPECIAL].notna().any())


def added(staff: pd.DataFrame, categories: Sequence[str] = CLASSROOM) -> pd.Series:
    """Return the sum of categories of staff in each row, missing where one of them is.

    Parameters
    ----------
    staff : DataFrame
        The whole of ``district_staff`` or ``school_staff``: what no row of it tells apart is
        counted elsewhere.
    categories : sequence of str
        Columns of it.
    """
    apart = tells_special_education(staff)
    told = [name for name in categories if apart or name != SPECIAL]
    return staff[told].astype(float).sum(axis=1, skipna=False)


def jumps(staff: pd.DataFrame, year: str, times: float = 2.0) -> dict[str, tuple[float, float]]:
    """Return the districts whose classroom teachers jump from one year to the next.

    No district hires or loses so many within a year: the jump is one of reporting.

    Parameters
    ----------
    staff : DataFrame
        The whole of ``district_staff``.
    year : str
        The later year.
    times : float
        More than so many times as many, or so many times fewer, are a jump.

    Returns
    -------
    dict
        By district code, the teachers of the year before and of the year.
    """
    counted = staff.assign(counted=added(staff)).pivot(
        index="district_code", columns="school_year", values="counted"
    )
    both = counted.reindex(columns=[school_year(first_year(year) - 1), year]).dropna()
    both = both[both.gt(0).all(axis=1)]
    apart = both[year] / both.iloc[:, 0]
    odd = both[(apart > times) | (apart < 1 / times)]
    return {str(code): (before, after) for code, before, after in odd.itertuples(name=None)}
