"""What is known of a table before a row of it is read."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

Type = Literal["string", "integer", "number", "boolean"]
Words = Annotated[str, StringConstraints(min_length=1)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Entry):
    """One column of a table: what it means and what may stand in it.

    Attributes
    ----------
    type : {"string", "integer", "number", "boolean"}
        As Frictionless names it.
    title, unit, description : str
        For people.
    values : tuple of str
        The only values allowed, in the order that they sort in; empty where any will do.
    pattern : str or None
        Regular expression of the whole cell.
    minimum, maximum : int, float or None
        Ends of the range allowed.
    nullable : bool
        Whether a cell may be missing.
    rule : str
        The rule in words, where people must read it who know no regular expressions.
    """

    type: Type
    title: Words
    unit: Words
    description: Words
    values: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    nullable: bool = False
    rule: str = ""

    @field_validator("pattern")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            message = f"should be a regular expression: {error}"
            raise ValueError(message) from None
        return pattern


class Reference(_Entry):
    """Columns whose values must stand in another table, under the same names."""

    columns: Names
    table: str


class Federal(_Entry):
    """What a table of the state's form is where federal files made it.

    Attributes
    ----------
    title, description : str
        In place of the state's.
    computed : bool
        Whether it is worked out here.
    columns : mapping of str to str
        Descriptions of columns that differ.
    """

    title: Words
    description: Words
    computed: bool = False
    columns: Mapping[str, Words] = {}


class TableSpec(_Entry):
    """One table: what it is called, what it holds, and where its figures come from.

    Attributes
    ----------
    name : str
        Name of the file without ``.csv``.
    title, description : str
        For people; the description tells what is left out and why.
    key : tuple of str
        Columns that together occur once; rows are sorted by them.
    columns : mapping of str to Column
        The columns in their order.
    sources : tuple of str
        Ids in ``data/sources.yml``, of a file or of a series.
    computed : bool
        Whether the table is worked out by a rule here, not only read and reshaped.
    references : tuple of Reference
        Foreign keys.
    typed_editions : tuple of str
        For a table with a column ``edition``: the editions whose figures were typed by hand,
        where others were not.
    typed_from : str
        For a table of which later years alone were typed: the first school year that was.
    federal : Federal or None
        What it is in another state, where federal files can make it.
    """

    name: str
    title: Words
    description: Words
    key: Names
    columns: Mapping[str, Column]
    sources: tuple[str, ...] = ()
    computed: bool = False
    references: tuple[Reference, ...] = ()
    typed_editions: tuple[str, ...] = ()
    typed_from: str = ""
    federal: Federal | None = None

    @model_validator(mode="after")
    def _names_columns(self) -> Self:
        named = {*self.key, *(column for one in self.references for column in one.columns)}
        if self.federal:
            named |= set(self.federal.columns)
        if strangers := sorted(named - set(self.columns)):
            message = f"key, references and federal should name columns, not {', '.join(strangers)}"
            raise ValueError(message)
        return self

    def __hash__(self) -> int:
        """Return a hash by name: each table has one."""
        return hash(self.name)
