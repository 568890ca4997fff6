"""What the state's directory says of schools in a school year: places and magnets."""

import pandas as pd

from dme.measures.access.magnet_schools import LISTED
from dme.text import first_year


def edition_for(year: str) -> str:
    """Return the copy of the directory whose schools are nearest in time to a school year."""
    return min(LISTED, key=lambda edition: abs(first_year(LISTED[edition]) - first_year(year)))


def of_year(directory: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return the rows of ``school_directory`` nearest to a school year, by ``school_code``."""
    return directory[directory["edition"] == edition_for(year)].set_index("school_code")


def magnets(directory: pd.DataFrame, year: str) -> pd.Series:
    """Return whether each school is marked as an interdistrict magnet; a blank counts as no."""
    marks = of_year(directory, year)["interdistrict_magnet"]
    return marks.eq("yes").fillna(value=False).astype(bool)
