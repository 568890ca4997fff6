"""What the state's directory says of schools in a school year: places and magnets."""

import pandas as pd

_LISTS = {"2015": 2014, "2020-02": 2017, "2022": 2021}
"""The school year, by its autumn, that each copy of the directory lists."""


def edition_for(year: str) -> str:
    """Return the copy of the directory whose schools are nearest in time to a school year."""
    return min(_LISTS, key=lambda edition: abs(_LISTS[edition] - int(year[:4])))


def of_year(directory: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return the rows of ``school_directory`` nearest to a school year, by ``school_code``."""
    return directory[directory["edition"] == edition_for(year)].set_index("school_code")


def magnets(directory: pd.DataFrame, year: str) -> pd.Series:
    """Return whether each school is marked as an interdistrict magnet; a blank counts as no."""
    marks = of_year(directory, year)["interdistrict_magnet"]
    return marks.eq("yes").fillna(value=False).astype(bool)
