"""The CT Data Collaborative's files of EdSight's district percentages: all years, no codes."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers import sheet
from dme.tables.importers.edsight_names import Names
from dme.tables.importers.sheet import Sheet
from dme.text import school_year

# How the district of a row was found, where no list has its name: from its figures.
BY_FIGURES = "figures"
# What stands for EdSight's *, and for its N/A or a district that it does not list.
SUPPRESSED, UNLISTED = "-9999", "-6666"
_COLUMNS = ("District", "FIPS", "Year", "Variable", "Measure Type", "Value")


def figures(path: Path, variable: str) -> tuple[Sheet, pd.DataFrame]:
    """Read the percentages.

    Parameters
    ----------
    variable : str
        What each line says that it measures.

    Returns
    -------
    sheet : Sheet
        The file.
    figures : DataFrame
        ``district`` (as the Collaborative calls it), ``school_year``, ``percent`` (missing where
        suppressed or not listed), ``listed`` (whether EdSight prints a figure or its
        suppression mark), by line.
    """
    read = sheet.table(path, _COLUMNS)
    for column, expected in (("Variable", variable), ("Measure Type", "Percent")):
        other = read[column] != expected
        read.refuse(other, "The file measures something else.", column, repr(expected))
    years = read["Year"].str.extract(r"^(\d{4})-(\d{4})$").astype("float64")
    expected = "one such as 2016-2017"
    odd = ~(years[0] + 1 == years[1])
    read.refuse(odd, "A cell is no school year.", "Year", expected)
    found = pd.DataFrame(
        {
            "district": read.text("District"),
            "school_year": years[0].astype("int64").map(school_year),
            "percent": read.percent("Value", (SUPPRESSED, UNLISTED)),
            "listed": read["Value"] != UNLISTED,
        }
    )
    read.once(found[["district", "school_year"]], "District", "line")
    return read, found


def compare(read: Sheet, found: pd.DataFrame, printed: pd.DataFrame) -> None:
    """Refuse percentages that are not those which EdSight prints.

    Parameters
    ----------
    read, found : Sheet, DataFrame
        The Collaborative's.
    printed : DataFrame
        EdSight's: ``district``, ``school_year``, ``percent`` and ``listed``, as in `found`. Of
        a name that EdSight doesn't print nothing is said.
    """
    keys = ["district", "school_year"]
    both = found.merge(printed, on=keys, how="left", suffixes=("", "_there"), indicator=True)
    both.index = found.index
    same = both["percent"].eq(both["percent_there"]) | (
        both["percent"].isna() & both["percent_there"].isna()
    )
    same &= both["listed"].eq(both["listed_there"])
    expected = both["percent_there"].astype("str").mask(both["percent_there"].isna(), SUPPRESSED)
    expected = expected.where(both["listed_there"].eq(True), UNLISTED)
    problem = "Two files print different percentages of one district."
    wrong = (both["_merge"] == "both") & ~same
    read.refuse(wrong, problem, "Value", expected + ", as EdSight's file of the year")


def codes(
    read: Sheet, found: pd.DataFrame, names: Names, series: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """Return the listed figures with ``district_code`` and ``code_from``, how it was found.

    Parameters
    ----------
    read, found : Sheet, DataFrame
        The figures; a name's figures in other years help to find its code.
    names : Names
        Districts' codes by exact name, as EdSight prints them.
    series : mapping of str to Series
        By code, a district's percentages as EdSight prints them, by year in order.
    """
    found = found[found["listed"]]
    years = {year for one in series.values() for year in one.index}
    made = []
    for line, name, year in found[["district", "school_year"]].itertuples():
        told = names.code((name,), year)
        if told is None:
            own = found[(found["district"] == name) & found["school_year"].isin(years)]
            alike = by_figures(own.set_index("school_year")["percent"].sort_index(), series)
            if len(alike) != 1:
                problem = "A district's name is unknown, and its figures don't tell which it is."
                expected = "a name of EdSight's, or the figures of exactly one district"
                raise read.fault(line, problem, "District", expected)
            told = alike[0], BY_FIGURES
        made.append(told)
    both = pd.DataFrame(made, columns=["district_code", "code_from"], index=found.index)
    return found.join(both)


def by_figures(own: pd.Series, series: Mapping[str, pd.Series]) -> list[str]:
    """Return the codes of the districts whose percentages in every year are these."""
    return [code for code, theirs in series.items() if theirs.equals(own)]
