"""Read a table by name: typed and checked, or refused."""

import functools
import os
from pathlib import Path
from typing import IO

import pandas as pd
import pandera.pandas as pa

from dme import paths
from dme.tables.check import Fault, check, line_of, refuse
from dme.tables.constraints import kind_of
from dme.tables.refusal import BUILD_ANEW, TableError, refusal
from dme.tables.schemas import spec
from dme.tables.spec import TableSpec

_TRUTH = {"true": True, "false": False}


def load(name: str) -> pd.DataFrame:
    """Return a table.

    Parameters
    ----------
    name : str
        One of `dme.tables.names()`.

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
    table = spec(name)
    path = paths.tables() / f"{name}.csv"
    try:
        # Opened each time, also when the rows are known already: what a notebook reads is
        # observed by the files it opens, and a changed file is read anew.
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            return _read(name, path, (state.st_mtime_ns, state.st_size)).copy()
    except FileNotFoundError:
        raise refusal(
            problem=f'The table "{table.name}" has no file.',
            file=paths.relative(path),
            found="no file",
            expected="a CSV file",
            advice=BUILD_ANEW,
        ) from None


@functools.cache
def _read(name: str, path: Path, _state: tuple[int, int]) -> pd.DataFrame:
    table, where = spec(name), paths.relative(path)
    with path.open("rb") as file:
        frame = _typed(_texts(file, where), table, where)
    check(frame, table, where)
    return frame


def _texts(file: IO[bytes], where: str) -> pd.DataFrame:
    try:
        texts = pd.read_csv(
            file, dtype=str, keep_default_na=False, na_values=[""], skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise _unreadable(where, str(error)) from None
    if not isinstance(texts.index, pd.RangeIndex):
        # pandas takes a surplus first cell for a label of the row.
        raise _unreadable(where, "more cells in line 2 than in the heading")
    return texts


def _unreadable(where: str, found: str) -> TableError:
    return refusal(
        problem="The file could not be read as a table.",
        file=where,
        found=found,
        expected="CSV in UTF-8, as many cells in each line as in the heading",
        advice=BUILD_ANEW,
    )


def _typed(texts: pd.DataFrame, table: TableSpec, where: str) -> pd.DataFrame:
    """Return the columns in their types; a column that the schema lacks stays text."""
    typed: dict[str, pd.Series] = {}
    faults: list[Fault] = []
    for name in texts.columns:
        if name not in table.columns:
            typed[name] = texts[name]
            continue
        typed[name], lost = _convert(texts[name], table.columns[name])
        expected = {"integer": "a whole number", "number": "a number"}.get(
            kind_of(table.columns[name]), "true or false"
        )
        faults += [
            Fault(line_of(row), name, repr(texts.at[row, name]), expected)
            for row in texts.index[lost]
        ]
    if faults:
        raise refuse(table, where, faults)
    return pd.DataFrame(typed)


def _convert(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, pd.Series]:
    """Return the cells in the column's type, and which of them can't be."""
    kind = kind_of(column)
    if kind == "string":
        return cells, pd.Series(False, index=cells.index)
    if kind == "boolean":
        lost = ~cells.isin(_TRUTH)
        return cells.map(_TRUTH).fillna(False).astype(bool), lost
    numbers = pd.to_numeric(cells, errors="coerce")
    lost = cells.notna() & numbers.isna()
    if kind == "integer":
        lost |= numbers.notna() & (numbers % 1 != 0)
        return numbers.where(~lost).astype("Int64"), lost
    return numbers.astype("float64"), lost
