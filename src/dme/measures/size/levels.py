"""School sizes at like level: grades read off enrollment, a gap free of the mix of levels."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate
from dme.measures.grades import GRADES
from dme.measures.size.school_sizes import of_districts
from dme.measures.spending.cost import level

LEVELS = ("elementary", "PK-8", "middle", "high")
"""The levels of `dme.measures.spending.cost.level`, from the youngest."""

_KEY = ["school_year", "school_code"]


def with_levels(
    schools: pd.DataFrame, by_grade: pd.DataFrame, spending: pd.DataFrame
) -> pd.DataFrame:
    """Return schools with the level of the grades that they enroll.

    A grade counts where the file prints its students. The state suppresses counts of five and
    fewer, and so few students in a grade are no grade of a school's. Of a year without counts by
    grade, the report on spending prints each school's span.

    Parameters
    ----------
    schools : DataFrame
        ``school_year``, ``school_code`` and more; see `dme.measures.size.school_sizes.schools`.
    by_grade, spending : DataFrame
        ``school_enrollment_by_grade`` and ``spending_schools``.

    Returns
    -------
    DataFrame
        The schools with a known grade, with ``low_grade``, ``high_grade`` and ``level``.
    """
    printed = _of_schools(by_grade.dropna(subset=["students"]), schools)
    order = printed["grade"].map({grade: n for n, grade in enumerate(GRADES)})
    spans = (
        printed.assign(order=order).groupby(_KEY)["order"].agg(low_grade="min", high_grade="max")
    )
    spans = spans.map(GRADES.__getitem__).reset_index()
    later = _of_schools(spending[~spending["school_year"].isin(by_grade["school_year"])], schools)
    spans = pd.concat([spans, later[[*_KEY, "low_grade", "high_grade"]]])
    joined = schools.merge(spans, on=_KEY, validate="m:1")
    span = zip(joined["low_grade"], joined["high_grade"], strict=True)
    return joined.assign(level=[level(*each) for each in span])


def _of_schools(rows: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    these = rows["school_code"].isin(schools["school_code"])
    return rows[these & rows["school_year"].isin(schools["school_year"])]


def grades_served(by_grade: pd.DataFrame, spending: pd.DataFrame, year: str) -> pd.Series:
    """Return the grades that each school serves in a year, as a set, by ``school_code``.

    A suppressed count is of somebody. Of a year without counts by grade, the report on spending
    prints each school's span.

    Parameters
    ----------
    by_grade, spending : DataFrame
        ``school_enrollment_by_grade`` and ``spending_schools``.
    year : str
        School year.
    """
    taught = by_grade[by_grade["school_year"] == year]
    if len(taught):
        taught = taught[taught["students"].ne(0).fillna(value=True)]
        return taught.groupby("school_code")["grade"].agg(frozenset)
    rows = spending[spending["school_year"] == year].set_index("school_code")
    return _grades_of_spans(rows).map(frozenset)


def students_of_grades(
    rows: pd.DataFrame,
    by_grade: pd.DataFrame,
    spending: pd.DataFrame,
    year: str,
    grades: Sequence[str],
) -> pd.Series:
    """Return how many students of some grades each school has in a year, by ``school_code``.

    Of a year without counts by grade, a school's students are spread evenly over the grades of
    its span in the report on spending: exact where it has none but these, else modelled.

    Parameters
    ----------
    rows : DataFrame
        Rows of ``school_enrollment``.
    by_grade, spending : DataFrame
        ``school_enrollment_by_grade`` and ``spending_schools``.
    year : str
        School year.
    grades : sequence of str
        The grades.
    """
    counted = by_grade[by_grade["school_year"] == year]
    if counted.empty:
        counted = by_span(spending[spending["school_year"] == year])
    own = rows.loc[rows["school_year"] == year, "school_code"]
    counted = counted[counted["school_code"].isin(own) & counted["grade"].isin(grades)]
    return counted.groupby("school_code")["students"].sum()


def by_span(schools: pd.DataFrame) -> pd.DataFrame:
    """Return enrollment by grade of schools whose students are counted in all, and no grade apart.

    **Modelled**: each school's students, spread evenly over the grades that it teaches.

    Parameters
    ----------
    schools : DataFrame
        ``school_code``, ``low_grade``, ``high_grade``, ``students``.

    Returns
    -------
    DataFrame
        ``school_code``, ``grade``, ``students`` (floats).
    """
    rows = schools.assign(grade=_grades_of_spans(schools))
    rows["students"] = rows["students"].astype(float) / rows["grade"].map(len)
    rows = rows[["school_code", "grade", "students"]].explode("grade")
    return rows.reset_index(drop=True)


def _grades_of_spans(schools: pd.DataFrame) -> pd.Series:
    ends = zip(schools["low_grade"], schools["high_grade"], strict=True)
    spans = [GRADES[GRADES.index(low) : GRADES.index(high) + 1] for low, high in ends]
    return pd.Series(spans, schools.index, dtype=object)


def gap_at_like_levels(
    rows: pd.DataFrame, own: str, peers: Sequence[str], resampling: Resampling
) -> Estimate:
    """Return by how many percent schools of `own` are smaller than peers' of the same levels.

    Each school of `own` is compared with the mean of the peers' schools of its level: the peers
    are given the mix of levels of `own` (direct standardization). Schools of `own` whose level
    no peer has are left out.

    Parameters
    ----------
    rows : DataFrame
        ``district_code``, ``students``, ``level``.
    own, peers : str, sequence of str
        District codes.
    resampling : Resampling
        The schools of `own`, and the peers' of each level, are resampled apart.

    Returns
    -------
    Estimate
        Percent; positive where `own` is smaller.

    Raises
    ------
    Lacking
        If no level has schools of both.
    """
    theirs = of_districts(rows, peers)
    ours = of_districts(rows, own)
    ours = ours[ours["level"].isin(theirs["level"])]
    if ours.empty:
        lacking = "no level has schools of the district and of its peers"
        raise Lacking(lacking, by_choice=True)
    shared = sorted(set(ours["level"]))
    of_level = [theirs.loc[theirs["level"] == name, "students"].to_numpy(float) for name in shared]
    places = ours["level"].map({name: n for n, name in enumerate(shared)}).to_numpy(int)
    sizes = ours["students"].to_numpy(float)

    def statistic(mine: npt.NDArray, *others: npt.NDArray) -> npt.NDArray:
        means = [each[at].mean(axis=-1) for each, at in zip(of_level, others, strict=True)]
        shares = [(places[mine] == n).mean(axis=-1) for n in range(len(shared))]
        expected = sum(share * mean for share, mean in zip(shares, means, strict=True))
        return 100 * (1 - sizes[mine].mean(axis=-1) / np.asarray(expected))

    return bootstrap([len(sizes), *map(len, of_level)], statistic, resampling)
