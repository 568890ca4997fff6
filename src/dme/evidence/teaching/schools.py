"""The schools that the sections of the notebook count, with their grades and sections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.measures.staff import teams
from dme.study import Study
from dme.text import plural

_OF_THE_MAXIMA = "0640011"
"""Hartford, whose agreement with its teachers sets the class-size maxima."""
NO_MAXIMA = "the study's tables hold no class-size maxima, which sections are counted with"


@dataclass(frozen=True)
class Rolls:
    """The tables that schools, their grades and their sections are read from.

    Attributes
    ----------
    enrollment, by_grade, maxima : DataFrame
        ``school_enrollment``, ``school_enrollment_by_grade``, ``class_size_maxima``.
    """

    enrollment: pd.DataFrame
    by_grade: pd.DataFrame
    maxima: pd.DataFrame


@dataclass(frozen=True)
class Schools:
    """The schools of one year, the district's and its peers'.

    Attributes
    ----------
    rows : DataFrame
        One row a school that has one of the grades: ``school_code``, ``school``,
        ``district_code``, ``students``, ``small`` (bool), its span (see
        `dme.measures.staff.teams.spans`) and its sections from kindergarten up (see
        `dme.measures.staff.teams.by_school`).
    youngest : DataFrame
        The schools of prekindergarten alone, which `rows` leaves out: the same columns without
        those of sections.
    cells : DataFrame
        One row a school and grade, prekindergarten too: ``school_code``, ``grade``,
        ``students``.
    largest : Series
        The largest class by grade; empty where the tables hold no maxima.
    rule : str
        How sections are counted, in words.
    """

    rows: pd.DataFrame
    youngest: pd.DataFrame
    cells: pd.DataFrame
    largest: pd.Series
    rule: str

    def of(self, districts: str | Iterable[str]) -> pd.DataFrame:
        """Return the schools of a district, or of several."""
        codes = districts if isinstance(districts, str) else list(districts)
        return school_sizes.of_districts(self.rows, codes)


def schools(
    study: Study,
    rolls: Rolls,
    *,
    year: str | None = None,
    edition: str | None = None,
    grades: tuple[str, ...] = teams.FROM_KINDERGARTEN,
) -> Schools:
    """Return the schools of the district and its peers in one year, with their sections.

    Parameters
    ----------
    rolls : Rolls
        The tables.
    year, edition : str, optional
        Another school year, or another edition of the maxima, than the study's.
    grades : tuple of str
        The grades whose sections count.
    """
    year, edition = year or study.enrollment_year, edition or study.class_sizes
    counted = school_sizes.schools(rolls.enrollment, year, study.smallest_school)
    counted = school_sizes.of_districts(counted, [study.district, *study.peers])
    cells = rolls.by_grade[rolls.by_grade["school_year"] == year]
    cells = cells[cells["school_code"].isin(counted["school_code"])]
    largest = teams.largest_classes(rolls.maxima, edition)
    held = teams.by_school(teams.sections(cells, largest, grades))
    every = (
        counted[["school_code", "school", "district_code", "students"]]
        .astype({"students": float})
        .merge(teams.spans(cells), on="school_code", validate="1:1")
    )
    every["small"] = every["students"] < study.small_school
    rows = every.merge(held, on="school_code", validate="1:1")
    youngest = every[~every["school_code"].isin(rows["school_code"])]
    return Schools(
        rows, youngest, cells.drop(columns="school_year"), largest, _rule(study, edition)
    )


def _rule(study: Study, edition: str) -> str:
    words = (
        "Sections are the fewest that Hartford's class-size maxima allow (edition: "
        f"{edition}): students over the maximum, rounded up"
    )
    yardstick = "; they do not bind this district and serve as a yardstick"
    return f"{words}{'' if study.district == _OF_THE_MAXIMA else yardstick}."


def groups_in_words(study: Study, rows: pd.DataFrame, own: str) -> str:
    """Return the two groups of schools in words, with their numbers."""
    small = int(rows["small"].sum())
    return (
        f"{own}: {plural(small, 'school')} with fewer than {study.small_school} students "
        f"against {len(rows) - small} with more"
    )


def of_groups(rows: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    """Return a column of the small schools, and of the others."""
    return rows.loc[rows["small"], column], rows.loc[~rows["small"], column]


def no_group(study: Study, rows: pd.DataFrame, own: str) -> str | None:
    """Return in words that one of the two groups has no school; None where both have some."""
    if rows.empty:
        return f"no school of {own} is counted with its grades in the year"
    if rows["small"].nunique() < 2:
        return (
            f"no school of {own} falls into one of the two groups at {study.small_school} students"
        )
    return None


def unsettled(choices: Mapping[str, Estimate]) -> str:
    """Return in a sentence which choices leave zero inside their interval; nothing if none does."""
    labels = [
        label
        for label, each in choices.items()
        if each.low is not None and each.high is not None and each.low <= 0 <= each.high
    ]
    return f" With these choices the interval holds zero: {', '.join(labels)}." if labels else ""
