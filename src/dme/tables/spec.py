"""What is known of a table before a row of it is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from dme.tables.columns import Column


@dataclass(frozen=True)
class Reference:
    """Columns whose values must stand in another table.

    Attributes
    ----------
    columns : tuple of str
        Columns of this table; the other table's columns have the same names.
    table : str
        The other table.
    """

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class TableSpec:
    """One table: what it is called, what it holds, and where its figures come from.

    Attributes
    ----------
    name : str
        Name of the file without ``.csv``.
    title, description : str
        For people; the description tells what is left out and why.
    columns : mapping of str to Column
        The columns in their order.
    key : tuple of str
        Columns that together occur once; rows are sorted by them.
    sources : tuple of str
        Ids in ``data/sources.yml``.
    computed : bool
        Whether the table is worked out by a rule here, not only read and reshaped.
    references : tuple of Reference
        Foreign keys.
    typed_editions : tuple of str
        For a table with a column ``edition``: the editions whose figures were typed by hand,
        where others were not.
    """

    name: str
    title: str
    description: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    sources: tuple[str, ...]
    computed: bool = False
    references: tuple[Reference, ...] = ()
    typed_editions: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Return a hash by name: each table has one."""
        return hash(self.name)
