"""A column's rules in the three tongues they are told in: Frictionless, pandera, plain words."""

import functools
from typing import TYPE_CHECKING

import pandas as pd

from dme.tables.spec import Column, TableSpec

if TYPE_CHECKING:
    import pandera.pandas as pa

Constraint = dict[str, object]

DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}


def constraints(column: Column) -> Constraint:
    """Return the column's rules as Frictionless constraints (``required``, ``pattern``, ...)."""
    told = {
        "enum": list(column.values) or None,
        "pattern": column.pattern,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    rules: Constraint = {"required": not column.nullable}
    return rules | {rule: value for rule, value in told.items() if value is not None}


def in_words(column: Column) -> str:
    """Return what a column asks of a value, or an empty text where it asks nothing."""
    if column.rule:
        return column.rule
    if column.values:
        return "one of " + ", ".join(column.values)
    if column.pattern:
        return f"text of the form {column.pattern}"
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum} to {column.maximum}"
    return "" if column.minimum is None else f"{column.minimum} or more"


@functools.cache
def schema(table: TableSpec) -> "pa.DataFrameSchema":
    """Return the pandera schema of a table: types, rules, key, and no column more or less."""
    import pandera.pandas as pa  # noqa: PLC0415 - a second; tables that are known need no check

    def checks(column: Column) -> list[pa.Check]:
        if column.values:
            return [pa.Check.isin(column.values)]
        if column.pattern:
            return [pa.Check.str_matches(column.pattern)]
        low = [] if column.minimum is None else [pa.Check.ge(column.minimum)]
        return low + ([] if column.maximum is None else [pa.Check.le(column.maximum)])

    return pa.DataFrameSchema(
        {
            name: pa.Column(DTYPES[column.type], checks(column), nullable=column.nullable)
            for name, column in table.columns.items()
        },
        unique=list(table.key),
        strict=True,
        ordered=True,
        name=table.name,
    )


def natural_order(column: Column, values: pd.Series) -> pd.Series:
    """Return what to sort `values` by: a list of allowed values says its own order."""
    if not column.values:
        return values
    return values.map({value: rank for rank, value in enumerate(column.values)})
