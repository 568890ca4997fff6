"""The schools whose chronic absenteeism is followed, and what is known of them at first."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.measures.estimates import difference_in_differences as did
from dme.measures.size import school_sizes
from dme.measures.spending import cost
from dme.study import Study
from dme.tables.columns import GRADES


@dataclass(frozen=True)
class Followed:
    """The schools that are followed, and what is known of them in the first year.

    Attributes
    ----------
    wide : DataFrame
        Rates in percent, schools by school years.
    levels : Series
        Elementary, PK-8, middle or high, by code.
    community : tuple of str
        Codes of community schools among them.
    names : Series
        Names, by code.
    covariates : DataFrame
        In the first year: log ``students``, and the percent of ``english_learners``,
        ``students_with_disabilities`` and ``unsubsidized_lunch``; schools with a suppressed
        count are left out.
    """

    wide: pd.DataFrame
    levels: pd.Series
    community: tuple[str, ...]
    names: pd.Series
    covariates: pd.DataFrame

    @property
    def years(self) -> list[str]:
        """The school years."""
        return list(self.wide.columns)


def community_schools(partners: pd.DataFrame) -> pd.Series:
    """Return the first school year of each community school, by its code.

    Parameters
    ----------
    partners : DataFrame
        ``school_partnerships``: a community school has a lead agency.
    """
    leads = partners[partners["role"] == "lead agency"]
    return leads.groupby("school_code")["first_year"].min()


def followed(
    study: Study,
    absent: pd.DataFrame,
    enrollment: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    community: Collection[str],
) -> Followed | None:
    """Return the district's schools with a printed rate in every year to the enrollment year.

    Parameters
    ----------
    absent : DataFrame
        ``school_chronic_absenteeism``.
    enrollment : tuple of DataFrame
        ``school_enrollment``, ``school_enrollment_by_grade``, ``school_enrollment_by_group``.
    community : collection of str
        Codes of community schools.

    Returns
    -------
    Followed or None
        None where the record holds fewer than two years, or no community school.
    """
    counts, by_grade, by_group = enrollment
    rates = absent[(absent["group"] == "all") & (absent["part"] == 1)]
    years = sorted(year for year in rates["school_year"].unique() if year <= study.enrollment_year)
    if len(years) < 2:
        return None
    first = school_sizes.of_districts(
        school_sizes.schools(counts, years[0], study.smallest_school), study.district
    ).set_index("school_code")
    wide = did.panel(rates[rates["school_code"].isin(first.index)], years)
    levels = levels_of(by_grade, years[0]).reindex(wide.index).dropna()
    wide = wide.loc[levels.index]
    if not set(community) & set(wide.index):
        return None
    return Followed(
        wide,
        levels,
        tuple(sorted(set(community) & set(wide.index))),
        first["school"].reindex(wide.index),
        _covariates(first, by_group[by_group["school_year"] == years[0]]).reindex(wide.index),
    )


def levels_of(by_grade: pd.DataFrame, year: str) -> pd.Series:
    """Return the level of each school in one year, by its code, from the grades with students."""
    rows = by_grade[(by_grade["school_year"] == year) & (by_grade["students"] > 0)]
    ranks = rows["grade"].map({grade: at for at, grade in enumerate(GRADES)})
    spans = ranks.groupby(rows["school_code"]).agg(["min", "max"])
    return pd.Series(
        [cost.level(GRADES[int(low)], GRADES[int(high)]) for low, high in spans.to_numpy()],
        index=spans.index,
    )


def _covariates(first: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    named = groups.set_index("school_code").reindex(first.index)
    students = first["students"].astype(float)
    parts = ("english_learners", "students_with_disabilities", "unsubsidized_lunch")
    shares = {part: 100 * named[part].astype("Float64").astype(float) / students for part in parts}
    return pd.DataFrame({"students": np.log(students), **shares})


def compared(schools: Followed) -> list[str]:
    """Return the codes of schools whose level both community schools and others have."""
    marked = pd.Series(schools.wide.index.isin(schools.community), index=schools.wide.index)
    return list(marked.index[marked.groupby(schools.levels).transform("nunique") == 2])
