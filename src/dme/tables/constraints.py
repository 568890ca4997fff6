"""A column's rules in the two other tongues they are told in: Frictionless and plain words."""

import pandas as pd
import pandera.pandas as pa

Constraint = dict[str, object]

_TYPES = {"Int64": "integer", "float64": "number", "bool": "boolean"}


def kind_of(column: pa.Column) -> str:
    """Return the column's type as Frictionless names it: string, integer, number or boolean."""
    return _TYPES.get(str(column.dtype), "string")


def constraints(column: pa.Column) -> Constraint:
    """Return the column's rules as Frictionless constraints (``required``, ``pattern``, ...)."""
    rules: Constraint = {"required": not column.nullable}
    for check in column.checks:
        rules |= _constraint(check)
    return rules


def expectation(check: pa.Check) -> str:
    """Return in words what a check asks for."""
    rule = _constraint(check)
    if "enum" in rule:
        return "one of " + ", ".join(map(str, rule["enum"]))
    if "pattern" in rule:
        return f"text of the form {rule['pattern']}"
    low, high = rule.get("minimum"), rule.get("maximum")
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"{low} or more" if high is None else f"{high} or less"


def in_words(column: pa.Column) -> str:
    """Return all of a column's rules in words, or an empty text where it has none."""
    return "; ".join(expectation(check) for check in column.checks)


def _constraint(check: pa.Check) -> Constraint:
    told = check.statistics
    if "allowed_values" in told:
        return {"enum": list(told["allowed_values"])}
    if "pattern" in told:
        return {"pattern": told["pattern"]}
    names = {"min_value": "minimum", "max_value": "maximum"}
    return {names[name]: value for name, value in told.items() if name in names}


def natural_order(column: pa.Column, values: pd.Series) -> pd.Series:
    """Return what to sort `values` by: a list of allowed values says its own order."""
    for check in column.checks:
        if "allowed_values" in check.statistics:
            ranks = {value: rank for rank, value in enumerate(check.statistics["allowed_values"])}
            return values.map(ranks)
    return values
