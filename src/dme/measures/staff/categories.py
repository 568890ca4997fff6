"""Categories of staff added up, whether or not a record tells special education apart."""

from collections.abc import Sequence

import pandas as pd

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
