"""The schools whose spending is compared, and why they can't be where they can't."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.measures.size import school_sizes
from dme.measures.spending import cost
from dme.study import Study
from dme.text import plural


@dataclass(frozen=True)
class Groups:
    """The district's schools of the spending year, of the study's level and with its plant cost.

    Attributes
    ----------
    rows, priced : DataFrame
        The schools, and those of them with a printed spending figure: ``spending_schools``, with
        or without the cost of plant as the study says.
    every_row : DataFrame
        As `rows`, with those that are too small to count as a school.
    other_plant : DataFrame or None
        As `rows`, with the cost of plant the other way; None where no functions are printed.
    urban : DataFrame
        As `rows`, of the district and its peers.
    by_function : DataFrame
        ``spending_by_function``.
    words : str
        The two groups by size in words, for a finding's population.
    lacking : str
        Why the two groups can't be compared; empty where they can.
    tested : bool
        Whether what lacks is data, so that a claim could not be tested.
    """

    rows: pd.DataFrame
    priced: pd.DataFrame
    every_row: pd.DataFrame
    other_plant: pd.DataFrame | None
    urban: pd.DataFrame
    by_function: pd.DataFrame
    words: str
    lacking: str
    tested: bool


def by_size(
    study: Study, place: Place, spending: pd.DataFrame, by_function: pd.DataFrame
) -> Groups:
    """Return the district's schools in two groups by size.

    Parameters
    ----------
    spending, by_function : DataFrame
        ``spending_schools``, ``spending_by_function``.
    """
    without = cost.without_plant(spending, by_function)
    chosen, other = (spending, without) if study.plant_cost else (without, spending)
    every_row = _of_study(study, chosen, 0)
    rows = _of_study(study, chosen, study.smallest_school)
    priced = rows.dropna(subset=["dollars_per_pupil"])
    small = int(priced["students"].lt(study.small_school).sum())
    lacking, tested = _lacking(study, place, priced, small)
    has_functions = by_function["school_code"].isin(rows["school_code"]).any()
    of_level = "" if study.level == "all" else f" ({study.level} schools only)"
    return Groups(
        rows,
        priced,
        every_row,
        _of_study(study, other, study.smallest_school) if has_functions else None,
        of_districts(study, chosen, [study.district, *study.peers]),
        by_function,
        f"{place.own}{of_level}: {plural(small, 'school')} with fewer than {study.small_school} "
        f"students against {len(priced) - small} with more; {place.counted}",
        lacking,
        tested,
    )


def of_districts(study: Study, spending: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the schools of the spending year and the study's level in the given districts."""
    schools = school_sizes.schools(spending, study.spending_year, study.smallest_school)
    return cost.of_level(school_sizes.of_districts(schools, codes), study.level)


def _of_study(study: Study, spending: pd.DataFrame, smallest: int) -> pd.DataFrame:
    schools = school_sizes.schools(spending, study.spending_year, smallest)
    return cost.of_level(school_sizes.of_districts(schools, study.district), study.level)


def _lacking(study: Study, place: Place, priced: pd.DataFrame, small: int) -> tuple[str, bool]:
    if 0 < small < len(priced):
        return "", True
    if priced.empty and study.level != "all":
        year = study.spending_year
        return f"the tables hold no {study.level} school of {place.own} in {year}", False
    if priced.empty:
        lacking = f"the tables hold no spending by school of {place.own} in {study.spending_year}"
        return lacking, True
    groups = f"one of the two groups at {study.small_school} students"
    return f"no school of {place.own} falls into {groups}", False
