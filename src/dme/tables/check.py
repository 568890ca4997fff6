"""Check a table against its schema, and say what is wrong in the terms of its file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from dme.tables.constraints import DTYPES, in_words, schema
from dme.tables.refusal import TableError
from dme.tables.spec import Column, TableSpec

_SHOWN = 10
# The heading is line 1 and pandas counts rows from 0.
_FIRST_ROW = 2

EDITED = (
    "Tables are not edited by hand: build them anew from the raw files, or restore the "
    "committed file."
)


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a table.

    Attributes
    ----------
    line : int
        Line of the CSV file; 1 is the heading.
    column, found, expected : str
        Where in the line, what stands there, what should.
    """

    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Return the fault as a line of a message."""
        return f"line {self.line}, {self.column}: found {self.found}, expected {self.expected}"


def line_of(row: object) -> int:
    """Return the line of the CSV file on which a row of a table stands."""
    return int(row) + _FIRST_ROW


def refuse(table: TableSpec, where: str, faults: list[Fault], advice: str = EDITED) -> TableError:
    """Return the error that lists `faults`, the first few of them in full."""
    faults = sorted(set(faults))
    lines = [f"  {fault}" for fault in faults[:_SHOWN]]
    if len(faults) > _SHOWN:
        lines.append(f"  +{len(faults) - _SHOWN} more")
    return TableError(
        "\n".join(
            [
                f'The table "{table.name}" is not what its schema says: {where}',
                *lines,
                advice,
            ]
        )
    )


def check(frame: pd.DataFrame, table: TableSpec, where: str, advice: str = EDITED) -> None:
    """Check types, rules and key of a table.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows in the order of the file, with an index from 0.
    table : TableSpec
        What they should be.
    where : str
        The file, for the message.
    advice : str, optional
        What to do about it.

    Raises
    ------
    TableError
        If anything is wrong; it lists lines, columns, what was found and what was expected.
    """
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - see dme.tables.constraints.schema

    if lacking := [name for name in table.columns if name not in frame]:
        faults = [Fault(1, name, "no such column", "a column of that name") for name in lacking]
        strangers = [name for name in frame if name not in table.columns]
        faults += [Fault(1, name, "a column", "no column of that name") for name in strangers]
        raise refuse(table, where, faults, advice)
    try:
        schema(table).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        raise refuse(table, where, list(_faults(cases, frame, table)), advice) from None


def _faults(cases: pd.DataFrame, frame: pd.DataFrame, table: TableSpec) -> Iterator[Fault]:
    for case in cases.to_dict("records"):
        rule, column = str(case["check"]), str(case["column"])
        if rule == "column_in_schema":
            yield Fault(1, case["failure_case"], "a column", "no column of that name")
        elif rule == "column_ordered":
            order = ", ".join(table.columns)
            yield Fault(1, case["failure_case"], "it out of its place", f"the order {order}")
        elif rule == "multiple_fields_uniqueness":
            row = frame.loc[case["index"], list(table.key)]
            found = " / ".join(map(str, row))
            yield Fault(line_of(case["index"]), " + ".join(table.key), found, "each key once")
        elif case["index"] is None or pd.isna(case["index"]):
            wanted = DTYPES[table.columns[column].type]
            yield Fault(1, column, f"type {case['failure_case']}", f"type {wanted}")
        else:
            yield _cell_fault(case, column, table.columns[column])


def _cell_fault(case: Mapping[str, object], column: str, told: Column) -> Fault:
    line = line_of(case["index"])
    if case["check"] == "not_nullable":
        return Fault(line, column, "nothing", "a value")
    return Fault(line, column, repr(case["failure_case"]), in_words(told))


def check_references(
    tables: Mapping[str, pd.DataFrame],
    specs: Mapping[str, TableSpec],
    advice: str = EDITED,
    known: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Check that every foreign key stands in the table it points to.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables to check.
    specs : mapping of str to TableSpec
        What each is.
    advice : str, optional
        What to do about a fault.
    known : mapping of str to DataFrame, optional
        The tables that they may point to; `tables` unless given. A reference to a table that
        is not among them can't be checked: a package of another state may lack it.

    Raises
    ------
    TableError
        If a value has no counterpart.
    """
    known = tables if known is None else known
    for name, frame in tables.items():
        for reference in specs[name].references:
            if reference.table not in known:
                continue
            columns = list(reference.columns)
            rows = frame.dropna(subset=columns)
            pointed = pd.MultiIndex.from_frame(known[reference.table][columns])
            lost = rows[~pd.MultiIndex.from_frame(rows[columns]).isin(pointed)]
            if len(lost):
                faults = [
                    Fault(
                        line_of(row),
                        " + ".join(columns),
                        " / ".join(map(str, lost.loc[row, columns])),
                        f'a row of "{reference.table}"',
                    )
                    for row in lost.index
                ]
                raise refuse(specs[name], f"{name}.csv", faults, advice)
