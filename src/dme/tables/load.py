"""Read a table by name: typed and checked, or refused."""

import functools
import hashlib
import io
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import pandas as pd
import pyarrow as pa
from pyarrow import csv
from pydantic import BaseModel, Field

from dme import paths
from dme.records import parsed
from dme.tables.check import EDITED, Fault, check, line_of, refuse
from dme.tables.constraints import DTYPES
from dme.tables.package import PACKAGE
from dme.tables.refusal import BUILD_ANEW, TableError, refusal
from dme.tables.schemas import spec
from dme.tables.sources import Kind
from dme.tables.spec import Column, TableSpec, Type
from dme.text import shown

_LARGEST = 2.0**53  # whole numbers from here on are not told apart; infinity is none
_TRUTH = {"true": True, "false": False}
_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
_PANDAS = {pa.string(): pd.Series(dtype="str").dtype, pa.int64(): pd.Int64Dtype()}


class _Field(BaseModel):
    name: str
    type: Type


class _Schema(BaseModel):
    fields: list[_Field]


class _Resource(BaseModel):
    path: str
    title: str
    hash: str
    kind: Kind
    rows: int
    columns: _Schema = Field(alias="schema")


class _Package(BaseModel):
    resources: list[_Resource]


class Told(NamedTuple):
    """What a package tells of a table: title, checksum of its file, kind, rows, columns' types."""

    title: str
    sha256: str
    kind: Kind
    rows: int
    types: Mapping[str, Type]


def load(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Return a table.

    Parameters
    ----------
    name : str
        One of `dme.tables.names()`.
    folder : Path, optional
        Folder of the tables; the project's ``data/tables`` unless given.

    Returns
    -------
    pandas.DataFrame
        The columns of `dme.tables.spec(name)`: text as ``str``, whole numbers as ``Int64``
        (missing is ``pd.NA``), real numbers as ``float64``, flags as ``bool``. It is the
        caller's own copy.

    Raises
    ------
    DmeError
        If there is no such table, its file is missing, or a row breaks the schema.
    """
    path = (folder or paths.tables()) / f"{name}.csv"
    try:
        return _read(name, path, state(path)).copy(deep=False)
    except FileNotFoundError:
        raise refusal(
            problem=f'The table "{spec(name).name}" has no file.',
            file=paths.relative(path),
            found="no file",
            expected="a CSV file",
            advice=BUILD_ANEW,
        ) from None


def state(path: Path) -> tuple[int, int]:
    """Return when a file was last changed, and its size; a file of another state is read anew.

    It is opened for that: what a notebook reads is observed by the files it opens, also where
    their rows are known already.
    """
    with path.open("rb") as file:
        told = os.fstat(file.fileno())
    return told.st_mtime_ns, told.st_size


def empty(name: str) -> pd.DataFrame:
    """Return a table without rows, its columns in their types."""
    columns = spec(name).columns
    return pd.DataFrame(
        {column: pd.Series(dtype=DTYPES[told.type]) for column, told in columns.items()}
    )


@functools.cache
def _read(name: str, path: Path, _state: tuple[int, int]) -> pd.DataFrame:
    content = path.read_bytes()
    known = told(path.parent).get(name)
    if known and hashlib.sha256(content).hexdigest() == known.sha256:
        with suppress(pa.ArrowException):  # the package tells of other columns: it was edited
            return _known(content, known.types)
    table, where = spec(name), paths.relative(path)
    frame = typed(_texts(io.BytesIO(content), where), table, where)
    check(frame, table, where)
    return frame


def told(folder: Path | None = None) -> dict[str, Told]:
    """Return what the package beside a folder of tables tells of each table, by name.

    A build checks every table before it writes the package, so a file with its checksum needs
    no second check. Where no package can be read nothing is known, and tables are checked.

    Parameters
    ----------
    folder : Path, optional
        Folder of the tables; the project's ``data/tables`` unless given.
    """
    package = (folder or paths.tables()).parent / PACKAGE
    try:
        return _told(package, state(package))
    except (OSError, ValueError):
        return {}


@functools.cache
def _told(package: Path, _state: tuple[int, int]) -> dict[str, Told]:
    found = _Package.model_validate(parsed(package.read_bytes()), strict=True)
    return {
        Path(one.path).stem: Told(
            one.title,
            one.hash.removeprefix("sha256:"),
            one.kind,
            one.rows,
            {column.name: column.type for column in one.columns.fields},
        )
        for one in found.resources
    }


def _known(content: bytes, types: Mapping[str, Type]) -> pd.DataFrame:
    """Return the rows of a file that has been checked before, against columns of these types."""
    # A reader in C++ would open the file unseen by the audit hook: it gets the bytes. It has one
    # thread, as notebooks run side by side.
    arrow = csv.read_csv(
        io.BytesIO(content),
        read_options=csv.ReadOptions(use_threads=False),
        convert_options=csv.ConvertOptions(
            column_types={name: _ARROW[told] for name, told in types.items()},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    return arrow.to_pandas(types_mapper=_PANDAS.get, use_threads=False)


def _texts(file: IO[bytes], where: str) -> pd.DataFrame:
    try:
        texts = pd.read_csv(
            file, dtype=str, keep_default_na=False, na_values=[""], skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise unreadable(where, str(error)) from None
    if not isinstance(texts.index, pd.RangeIndex):
        # pandas takes a surplus first cell for a label of the row.
        raise unreadable(where, "more cells in line 2 than in the heading")
    return texts


def unreadable(
    where: str, found: str, advice: str = BUILD_ANEW, line: int | None = None
) -> TableError:
    """Return the error that says why a file is no table; see `refusal`."""
    return refusal(
        problem="The file could not be read as a table.",
        file=where,
        line=line,
        found=found,
        expected="CSV in UTF-8, as many cells in each line as in the heading",
        advice=advice,
    )


def typed(texts: pd.DataFrame, table: TableSpec, where: str, advice: str = EDITED) -> pd.DataFrame:
    """Return the columns of a table in their types; a column that the schema lacks stays text.

    Raises
    ------
    TableError
        If a cell is not of its column's type.
    """
    columns: dict[str, pd.Series] = {}
    faults: list[Fault] = []
    for name in texts.columns:
        if name not in table.columns:
            columns[name] = texts[name]
            continue
        columns[name], lost = _convert(texts[name], table.columns[name])
        expected = {"integer": "a whole number", "number": "a number"}.get(
            table.columns[name].type, "true or false"
        )
        faults += [
            Fault(line_of(row), name, shown(texts.at[row, name]), expected)
            for row in texts.index[lost]
        ]
    if faults:
        raise refuse(table, where, faults, advice)
    return pd.DataFrame(columns)


def _convert(cells: pd.Series, column: Column) -> tuple[pd.Series, pd.Series]:
    """Return the cells in the column's type, and which of them can't be."""
    kind = column.type
    if kind == "string":
        return cells, pd.Series(False, index=cells.index)
    if kind == "boolean":
        lost = ~cells.isin(_TRUTH)
        return cells.map(_TRUTH).fillna(False).astype(bool), lost
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    lost = cells.notna() & ~(numbers.abs() < _LARGEST)
    if kind == "integer":
        lost |= numbers.notna() & (numbers % 1 != 0)
        return numbers.where(~lost).astype("Int64"), lost
    return numbers, lost
