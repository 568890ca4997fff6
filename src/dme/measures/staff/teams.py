"""Teacher teams: how many sections a grade has, and how many teachers a school has for each.

A team is taken as the teachers of one grade. A grade of one section has no team: its teacher has
nobody to plan with who teaches the same.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.measures.grades import FROM_KINDERGARTEN, GRADES
from dme.measures.spending.cost import level

TO_GRADE_8 = GRADES[1:10]


def largest_classes(maxima: pd.DataFrame, edition: str) -> pd.Series:
    """Return the largest class of each grade in one edition of the agreement.

    Parameters
    ----------
    maxima : DataFrame
        ``class_size_maxima``.
    edition : str
        One of its editions.

    Returns
    -------
    Series
        Students by grade; empty where the table has no such edition.
    """
    rows = maxima[maxima["edition"] == edition]
    return rows.set_index("grade")["students"].astype(float)


def fewest_sections(students: npt.ArrayLike, largest: npt.ArrayLike) -> npt.NDArray:
    """Return the fewest sections that hold `students` in classes of at most `largest`.

    Whole classes: the count divided by the maximum, rounded up. Both broadcast; no students
    need no section, and an unknown count (NaN) gives NaN.
    """
    # A hair's breadth below, so that a quotient that is whole stays what it is.
    return np.ceil(np.asarray(students, float) / np.asarray(largest, float) - 1e-9)


def sections(
    by_grade: pd.DataFrame, largest: pd.Series, grades: Sequence[str] = FROM_KINDERGARTEN
) -> pd.DataFrame:
    """Return each school's grades with the fewest sections that the class-size maxima allow.

    Parameters
    ----------
    by_grade : DataFrame
        One row a school and grade: ``school_code``, ``grade``, ``students`` (missing where the
        count is suppressed); one year of ``school_enrollment_by_grade``.
    largest : Series
        See `largest_classes`.
    grades : sequence of str
        The grades that count; others are left out.

    Returns
    -------
    DataFrame
        ``school_code``, ``grade``, ``students``, ``sections``, and ``full``, the sections were each
        full and could be divided (floats; NaN where suppressed).
    """
    rows = by_grade.loc[by_grade["grade"].isin(grades), ["school_code", "grade", "students"]]
    students = rows["students"].astype("Float64").to_numpy(float, na_value=np.nan)
    most = rows["grade"].map(largest).to_numpy(float)
    return rows.assign(
        students=students, sections=fewest_sections(students, most), full=students / most
    ).reset_index(drop=True)


def by_school(sectioned: pd.DataFrame) -> pd.DataFrame:
    """Return what each school's grades come to.

    Parameters
    ----------
    sectioned : DataFrame
        See `sections`.

    Returns
    -------
    DataFrame
        By ``school_code``: ``grades`` (how many it serves), ``unknown`` (how many of them are
        suppressed), ``in_grades`` (students of the known ones), ``sections`` and ``full`` (of all
        of them), ``fewest`` and ``most`` sections in a grade, ``per_grade`` (students a grade).
    """
    grouped = sectioned.groupby("school_code")
    found = grouped.agg(
        grades=("grade", "size"),
        known=("students", "count"),
        in_grades=("students", "sum"),
        sections=("sections", "sum"),
        full=("full", "sum"),
        fewest=("sections", "min"),
        most=("sections", "max"),
    )
    found["unknown"] = found["grades"] - found["known"]
    found["per_grade"] = (found["in_grades"] / found["known"]).where(found["known"] > 0)
    return found.drop(columns="known").reset_index()


def in_each_grade(schools: pd.DataFrame, least: int) -> pd.Series:
    """Return for each school whether every grade has at least `least` sections.

    A known grade with fewer settles it; a school whose known grades all have enough, and which
    has a suppressed one besides, is undecided (missing).

    Parameters
    ----------
    schools : DataFrame
        ``fewest``, ``unknown``; see `by_school`.
    """
    enough = (schools["fewest"] >= least).astype("boolean")
    undecided = schools["unknown"].gt(0) & (enough | schools["fewest"].isna())
    return enough.mask(undecided)


def spans(by_grade: pd.DataFrame) -> pd.DataFrame:
    """Return the span of grades that each school serves, from the grades it has students in.

    Parameters
    ----------
    by_grade : DataFrame
        ``school_code``, ``grade``; one year.

    Returns
    -------
    DataFrame
        By ``school_code``: ``low_grade``, ``high_grade``, ``span`` (``PK-8``) and ``level``
        (see `dme.measures.spending.cost.level`).
    """
    place = by_grade["grade"].map({grade: number for number, grade in enumerate(GRADES)})
    ends = place.groupby(by_grade["school_code"]).agg(["min", "max"]).astype(int)
    low, high = ([GRADES[at] for at in ends[end]] for end in ("min", "max"))
    pairs = list(zip(low, high, strict=True))
    return pd.DataFrame(
        {
            "school_code": list(ends.index),
            "low_grade": low,
            "high_grade": high,
            "span": [first if first == last else f"{first}-{last}" for first, last in pairs],
            "level": [level(first, last) for first, last in pairs],
        },
        dtype="str",
    )
