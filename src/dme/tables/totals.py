"""Totals that somebody else printed or summed, and the same totals taken from the tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

Tables = Mapping[str, pd.DataFrame]

HARTFORD = "0640011"
_ROUNDING = 3


@dataclass(frozen=True)
class Total:
    """One figure to hold the tables against.

    Attributes
    ----------
    what : str
        What is added up.
    expected : int
        The figure.
    by : str
        Who printed or summed it, apart from these tables.
    tables : tuple of str
        The tables that it is taken from.
    take : callable
        Takes it from the tables.
    """

    what: str
    expected: int
    by: str
    tables: tuple[str, ...]
    take: Callable[[Tables], int]

    def found(self, tables: Tables) -> int:
        """Return the figure as the tables have it."""
        return int(self.take(tables))


def _hartford(table: str, year: str) -> Callable[[Tables], int]:
    def take(tables: Tables) -> int:
        rows = tables[table]
        mine = rows["district_code"].eq(HARTFORD) & rows["school_year"].eq(year)
        return rows.loc[mine, "students"].sum()

    return take


def _nces(tables: Tables) -> int:
    rows = tables["nces_enrollment"]
    return rows.loc[rows["school_year"].eq("2017-18"), "students"].sum()


def _district_count(tables: Tables) -> int:
    rows = tables["district_enrollment"]
    annual = rows[rows["edition"].eq("annual") & rows["district_code"].eq(HARTFORD)]
    return annual.set_index("school_year")["students"]["2016-17"]


def _seats(*areas: str) -> Callable[[Tables], int]:
    def take(tables: Tables) -> int:
        rows = tables["zone_capacity"]
        return rows.loc[rows["area"].isin(areas), "seats"].sum()

    return take


def _unbalanced(tables: Tables) -> int:
    """Return how many schools' functions miss the printed total by more than its rounding."""
    parts = tables["spending_by_function"]
    key = ["school_year", "school_code"]
    sums = parts.groupby(key, as_index=False).agg(
        added=("dollars_per_pupil", "sum"), printed=("dollars_per_pupil", "count")
    )
    both = tables["spending_schools"].merge(sums, on=key)
    apart = (both["added"] - both["dollars_per_pupil"]).abs()
    return int((apart > _ROUNDING).sum())


_SPENDING_REPORT = {
    "2018-19": 18_751,
    "2019-20": 17_783,
    "2020-21": 16_812,
    "2021-22": 16_373,
    "2022-23": 15_951,
    "2023-24": 16_094,
    "2024-25": 15_754,
}

TOTALS = (
    Total(
        "Hartford's students in 2015-16, every row of the file by school",
        20_859,
        "the district's official count, as its facilities proposals of 2016 quote it",
        ("school_enrollment",),
        _hartford("school_enrollment", "2015-16"),
    ),
    Total(
        "Hartford's students in 2016-17, every row of the file by school",
        20_304,
        "summed from the publisher's pages by another hand",
        ("school_enrollment",),
        _hartford("school_enrollment", "2016-17"),
    ),
    Total(
        "Hartford's students in 2016-17, the count by district",
        20_891,
        "EdSight's page of the district",
        ("district_enrollment",),
        _district_count,
    ),
    Total(
        "Hartford's students in 2017-18, federal counts by school",
        19_237,
        "the state's spending report of the same year",
        ("nces_enrollment",),
        _nces,
    ),
    Total(
        "Hartford's students in 2017-18, the spending report by school",
        19_237,
        "the federal counts of the same year",
        ("spending_schools",),
        _hartford("spending_schools", "2017-18"),
    ),
    *(
        Total(
            f"Hartford's students in {year}, the spending report by school",
            students,
            "summed from the publisher's pages by another hand",
            ("spending_schools",),
            _hartford("spending_schools", year),
        )
        for year, students in _SPENDING_REPORT.items()
    ),
    Total(
        "seats of Hartford's four zones, the printed total",
        30_244,
        "the district's facilities proposals of 2016",
        ("zone_capacity",),
        _seats("District"),
    ),
    Total(
        "seats of Hartford's four zones, the four printed rows (one more than their total)",
        30_245,
        "the district's facilities proposals of 2016",
        ("zone_capacity",),
        _seats("Zone 1", "Zone 2", "Zone 3", "Zone 4"),
    ),
    Total(
        f"schools whose functions miss the printed spending by more than {_ROUNDING} dollars",
        0,
        "the rounding of ten printed functions",
        ("spending_schools", "spending_by_function"),
        _unbalanced,
    ),
)
