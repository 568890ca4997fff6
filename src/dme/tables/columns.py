"""The kinds of column that the tables are made of, each with its unit and its rules."""

import pandera.pandas as pa

SCHOOL_YEAR = r"^\d{4}-\d{2}$"
STATE_CODE = r"^\d{7}$"
NCES_ID = r"^\d{12}$"
GRADES = ("PK", "K", *(str(grade) for grade in range(1, 13)))
ZONES = ("Zone 1", "Zone 2", "Zone 3", "Zone 4")
OUTSIDE = "outside"
# Where a school's coordinates come from.
FEDERAL, DIRECTORY = "NCES 2014-15", "state directory 2015"


def text(
    title: str, description: str, *checks: pa.Check, unit: str = "name", nullable: bool = False
) -> pa.Column:
    """Return a column of words or codes."""
    return pa.Column(
        str,
        list(checks),
        nullable=nullable,
        title=title,
        description=description,
        metadata={"unit": unit},
    )


def school_year(description: str = "School year, named by its autumn and spring.") -> pa.Column:
    """Return a column of school years, such as ``2016-17``."""
    return text("School year", description, pa.Check.str_matches(SCHOOL_YEAR), unit="school year")


def state_code(title: str, description: str) -> pa.Column:
    """Return a column of the state's seven-digit codes; leading zeros are part of them."""
    return text(title, description, pa.Check.str_matches(STATE_CODE), unit="code")


def nces_id() -> pa.Column:
    """Return a column of the federal twelve-digit school ids."""
    return text(
        "NCES school id",
        "Twelve digits of the National Center for Education Statistics, leading zero kept.",
        pa.Check.str_matches(NCES_ID),
        unit="code",
    )


def one_of(
    title: str,
    description: str,
    values: tuple[str, ...],
    unit: str = "category",
    nullable: bool = False,
) -> pa.Column:
    """Return a column that holds one of a few values, sorted in the order they are given."""
    return text(title, description, pa.Check.isin(values), unit=unit, nullable=nullable)


def whole(
    title: str,
    description: str,
    unit: str = "students",
    *,
    low: int = 0,
    high: int | None = None,
    nullable: bool = False,
) -> pa.Column:
    """Return a column of whole numbers from `low` to `high`; missing stays missing."""
    check = pa.Check.ge(low) if high is None else pa.Check.in_range(low, high)
    return pa.Column(
        "Int64",
        check,
        nullable=nullable,
        title=title,
        description=description,
        metadata={"unit": unit},
    )


def real(
    title: str, description: str, unit: str, *, low: float, high: float, nullable: bool = False
) -> pa.Column:
    """Return a column of real numbers from `low` to `high`."""
    return pa.Column(
        "float64",
        pa.Check.in_range(low, high),
        nullable=nullable,
        title=title,
        description=description,
        metadata={"unit": unit},
    )


def flag(title: str, description: str) -> pa.Column:
    """Return a column of true and false."""
    return pa.Column(bool, title=title, description=description, metadata={"unit": "true or false"})
