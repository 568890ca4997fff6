"""Every table of the project, by name."""

import difflib
from dataclasses import replace

from dme.errors import DmeError
from dme.tables.spec import TableSpec
from dme.tables.specs import (
    choice,
    climate,
    enrollment,
    federal,
    finance,
    geography,
    partnerships,
    performance,
    places,
    plan,
    spending,
    staffing,
    students,
)

REGISTER = "schools"

_TABLES: tuple[TableSpec, ...] = (
    *enrollment.TABLES,
    *students.TABLES,
    *staffing.TABLES,
    *spending.TABLES,
    *finance.TABLES,
    *performance.TABLES,
    *climate.TABLES,
    *geography.TABLES,
    *places.TABLES,
    *choice.TABLES,
    *plan.TABLES,
    *partnerships.TABLES,
)


def _with_sources(table: TableSpec) -> TableSpec:
    """Return the register of schools with the sources of every table that refers to it."""
    if table.name != REGISTER:
        return table
    referring = (
        other
        for other in _TABLES
        if any(reference.table == table.name for reference in other.references)
    )
    sources = dict.fromkeys(source for other in referring for source in other.sources)
    return replace(table, sources=tuple(sources))


SPECS: dict[str, TableSpec] = {table.name: _with_sources(table) for table in _TABLES}
"""The tables that are committed, in the order they are told of."""

KNOWN: dict[str, TableSpec] = SPECS | {table.name: table for table in federal.TABLES}
"""These, and the tables that only federal files make."""


def names() -> tuple[str, ...]:
    """Return the names of the committed tables, in the order they are told of."""
    return tuple(SPECS)


def spec(name: str) -> TableSpec:
    """Return what is known of the table `name`.

    Raises
    ------
    DmeError
        If there is no such table; the message tells the nearest name.
    """
    if name in KNOWN:
        return KNOWN[name]
    near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.5)
    hint = f'Did you mean "{near[0]}"?' if near else "See the list below."
    message = f'There is no table "{name}". {hint}\nThe tables are: {", ".join(KNOWN)}.'
    raise DmeError(message)
