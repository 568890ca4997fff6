"""Every table of the project, by name."""

import difflib

from dme.errors import DmeError
from dme.tables import spec_enrollment, spec_places, spec_spending
from dme.tables.spec import TableSpec

SPECS: dict[str, TableSpec] = {
    table.name: table
    for table in (*spec_enrollment.TABLES, *spec_places.TABLES, *spec_spending.TABLES)
}


def names() -> tuple[str, ...]:
    """Return the names of all tables, in the order they are told of."""
    return tuple(SPECS)


def spec(name: str) -> TableSpec:
    """Return what is known of the table `name`.

    Raises
    ------
    DmeError
        If there is no such table; the message tells the nearest name.
    """
    if name in SPECS:
        return SPECS[name]
    near = difflib.get_close_matches(name, SPECS, n=1, cutoff=0.5)
    hint = f'Did you mean "{near[0]}"?' if near else "See the list below."
    message = f'There is no table "{name}". {hint}\nThe tables are: {", ".join(SPECS)}.'
    raise DmeError(message)
