"""The CT Data Collaborative's files of EdSight's district percentages: all years, no codes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dme.tables.importers import rows
from dme.tables.importers.edsight_climate import percentage, twice
from dme.tables.importers.rows import Row
from dme.text import first_year, school_year

# How the district of a row was found: from a name of the year, of another, or from its figures.
SAME_YEAR, OTHER_YEAR, BY_FIGURES = "same year", "other year", "figures"
# What stands for EdSight's *, and for its N/A or a district that it does not list.
SUPPRESSED, UNLISTED = "-9999", "-6666"
_COLUMNS = ("District", "FIPS", "Year", "Variable", "Measure Type", "Value")

# A district's percentages by school year; None where suppressed.
Series = Mapping[str, float | None]


@dataclass(frozen=True)
class Figure:
    """One district's percentage in one year.

    Attributes
    ----------
    row : Row
        Where it stands.
    name : str
        The district, as the Collaborative calls it.
    year : str
        The school year.
    percent : float or None
        None where suppressed or not listed.
    listed : bool
        Whether EdSight prints a figure or its suppression mark.
    """

    row: Row
    name: str
    year: str
    percent: float | None
    listed: bool


def figures(path: Path, variable: str) -> tuple[Figure, ...]:
    """Read the percentages.

    Parameters
    ----------
    path : Path
        The raw file.
    variable : str
        What each line says that it measures.

    Raises
    ------
    TableError
        If it is another file, a percentage is none, or a district stands twice in a year.
    """
    found: dict[tuple[str, str], Figure] = {}
    for row in rows.table(path, _COLUMNS):
        _require(row, "Variable", variable)
        _require(row, "Measure Type", "Percent")
        key = row.text("District"), _year(row)
        if key in found:
            raise twice(row, ", ".join(key), found[key].row.line, "District")
        value = percentage(row, "Value", (SUPPRESSED, UNLISTED))
        found[key] = Figure(row, *key, value, row.cells["Value"] != UNLISTED)
    return tuple(found.values())


def compare(
    found: Iterable[Figure], printed: Mapping[tuple[str, str], tuple[bool, float | None]]
) -> None:
    """Refuse percentages that are not those which EdSight prints.

    Parameters
    ----------
    found : iterable of Figure
        The Collaborative's.
    printed : mapping of tuple to tuple
        EdSight's by year and district's name: whether it prints a figure or its suppression
        mark, and the percentage. Of a name that EdSight doesn't print nothing is said.

    Raises
    ------
    TableError
        If a district of the same name and year has another figure.
    """
    for one in found:
        listed, percent = printed.get((one.year, one.name), (one.listed, one.percent))
        if (one.listed, one.percent) != (listed, percent):
            expected = SUPPRESSED if percent is None else percent
            raise one.row.refuse(
                problem="Two files print different percentages of one district.",
                column="Value",
                expected=f"{expected if listed else UNLISTED}, as EdSight's file of the year",
            )


def codes(
    found: Iterable[Figure], names: Mapping[str, Mapping[str, str]], series: Mapping[str, Series]
) -> dict[str, dict[str, tuple[str, str]]]:
    """Return each listed district's code, and how it was found, by year and name.

    Parameters
    ----------
    found : iterable of Figure
        The figures; a name's figures in other years help to find its code.
    names : mapping
        Districts' codes by year and exact name, as EdSight prints them.
    series : mapping
        Each district's percentages as EdSight prints them, by code and year.

    Raises
    ------
    TableError
        If a name is unknown and its figures are not those of exactly one district.
    """
    found = tuple(found)
    years = {year for one in series.values() for year in one}
    own: dict[str, dict[str, float | None]] = {}
    for one in found:
        if one.year in years and one.listed:
            own.setdefault(one.name, {})[one.year] = one.percent
    made: dict[str, dict[str, tuple[str, str]]] = {}
    for one in found:
        if one.listed:
            made.setdefault(one.year, {})[one.name] = _code(one, names, own, series)
    return made


def _code(
    one: Figure,
    names: Mapping[str, Mapping[str, str]],
    own: Mapping[str, Series],
    series: Mapping[str, Series],
) -> tuple[str, str]:
    if one.name in names.get(one.year, {}):
        return names[one.year][one.name], SAME_YEAR
    near = sorted(names, key=lambda year: abs(first_year(year) - first_year(one.year)))
    for year in near:
        if one.name in names[year]:
            return names[year][one.name], OTHER_YEAR
    alike = by_figures(own.get(one.name, {}), series)
    if len(alike) != 1:
        raise one.row.refuse(
            problem="A district's name is unknown, and its figures don't tell which it is.",
            column="District",
            expected="a name of EdSight's, or the figures of exactly one district",
        )
    return alike[0], BY_FIGURES


def by_figures(own: Series, series: Mapping[str, Series]) -> list[str]:
    """Return the codes of the districts whose percentages in every year are these."""
    return [code for code, theirs in series.items() if theirs and theirs == own]


def _require(row: Row, column: str, expected: str) -> None:
    if row.cells[column] != expected:
        raise row.refuse(
            problem="The file measures something else.", column=column, expected=repr(expected)
        )


def _year(row: Row) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{4})", row.cells["Year"])
    if match and int(match[2]) == int(match[1]) + 1:
        return school_year(int(match[1]))
    raise row.refuse(
        problem="A cell is no school year.", column="Year", expected="one such as 2016-2017"
    )
