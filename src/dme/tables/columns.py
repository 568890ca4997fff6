"""The kinds of column that the tables are made of, each with its unit and its rules."""

from dataclasses import dataclass
from typing import Literal

SCHOOL_YEAR = r"^\d{4}-\d{2}$"
# Seven digits are the state's (or a federal agency's); twelve are a school's federal id.
DISTRICT_CODE = r"^\d{7}$"
SCHOOL_CODE = r"^(\d{7}|\d{12})$"
NCES_ID = r"^\d{12}$"
GRADES = ("PK", "K", *(str(grade) for grade in range(1, 13)))
ZONES = ("Zone 1", "Zone 2", "Zone 3", "Zone 4")
OUTSIDE = "outside"
# Where a school's coordinates come from.
FEDERAL, DIRECTORY = "NCES 2014-15", "state directory 2015"

Kind = Literal["string", "integer", "number", "boolean"]


@dataclass(frozen=True)
class Column:
    """One column of a table: what it means and what may stand in it.

    Attributes
    ----------
    kind : {"string", "integer", "number", "boolean"}
        Type, as Frictionless names it.
    title, description, unit : str
        For people.
    nullable : bool
        Whether a cell may be missing.
    values : tuple of str
        The only values allowed, in the order that they sort in; empty where any will do.
    pattern : str or None
        Regular expression of the whole cell.
    low, high : float or None
        Ends of the range allowed.
    rule : str
        The rule in words, where people must read it who know no regular expressions.
    """

    kind: Kind
    title: str
    description: str
    unit: str
    nullable: bool = False
    values: tuple[str, ...] = ()
    pattern: str | None = None
    low: float | None = None
    high: float | None = None
    rule: str = ""


def text(
    title: str,
    description: str,
    *,
    unit: str = "name",
    pattern: str | None = None,
    nullable: bool = False,
) -> Column:
    """Return a column of words or codes."""
    return Column("string", title, description, unit, nullable, pattern=pattern)


def school_year(description: str = "School year, named by its autumn and spring.") -> Column:
    """Return a column of school years, such as ``2016-17``."""
    return text("School year", description, unit="school year", pattern=SCHOOL_YEAR)


def district_code(description: str = "The state's code of the district.") -> Column:
    """Return a column of districts' codes; leading zeros are part of them."""
    return text("District code", description, unit="code", pattern=DISTRICT_CODE)


def school_code(
    description: str = "The state's code of the school.", *, nullable: bool = False
) -> Column:
    """Return a column of schools' codes; leading zeros are part of them."""
    return text("School code", description, unit="code", pattern=SCHOOL_CODE, nullable=nullable)


def nces_id() -> Column:
    """Return a column of the federal twelve-digit school ids."""
    return text(
        "NCES school id",
        "Twelve digits of the National Center for Education Statistics, leading zero kept.",
        unit="code",
        pattern=NCES_ID,
    )


def one_of(
    title: str,
    description: str,
    values: tuple[str, ...],
    unit: str = "category",
    *,
    nullable: bool = False,
) -> Column:
    """Return a column that holds one of a few values, sorted in the order they are given."""
    return Column("string", title, description, unit, nullable, values=values)


def whole(
    title: str,
    description: str,
    unit: str = "students",
    *,
    low: int = 0,
    high: int | None = None,
    nullable: bool = False,
) -> Column:
    """Return a column of whole numbers from `low` to `high`; missing stays missing."""
    return Column("integer", title, description, unit, nullable, low=low, high=high)


def real(
    title: str,
    description: str,
    unit: str,
    *,
    low: float,
    high: float | None = None,
    nullable: bool = False,
) -> Column:
    """Return a column of real numbers from `low` to `high`."""
    return Column("number", title, description, unit, nullable, low=low, high=high)


def percent(title: str, description: str, *, nullable: bool = True) -> Column:
    """Return a column of percentages from 0 to 100."""
    return real(title, description, "percent", low=0, high=100, nullable=nullable)


def flag(title: str, description: str) -> Column:
    """Return a column of true and false."""
    return Column("boolean", title, description, "true or false")
