"""The lines of federal files: those of some states, as codes and numbers that can be relied on.

The largest of these files has eleven million lines, so they are read in pieces. Three rules hold
for every one of them.

Encoding
    A file whose bytes are UTF-8 throughout is read as such; any other is read as Windows-1252,
    in which the agencies write names such as ``Peña``, if what is not ASCII in it can be that.
Codes
    A district has seven digits (LEAID), a school twelve (NCESSCH); the first two are the
    state's. A code that is one digit short has lost the zero of one of the states 01 to 09 to
    a spreadsheet: it is put back where the result is a code of the state that the line itself
    names. Any other code of another length is refused.
Lines
    A line is a line of the file: a cell that holds a break is refused, since a quotation mark that
    nothing closes would swallow the lines that follow it. As many lines are read as the file has.
    Refusals tell the line as it is counted where none is empty.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import IO

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute, csv

from dme.tables.importers.federal.content import FETCH, PIECE
from dme.tables.importers.federal.layouts import STATES, FederalFile
from dme.tables.importers.sheet import Sheet
from dme.tables.refusal import TableError, refusal

LEA_DIGITS, SCHOOL_DIGITS = 7, 12


def pieces(
    file: FederalFile,
    states: Sequence[str] | None = None,
    only: Mapping[str, Sequence[str]] | None = None,
    more: Sequence[str] = (),
) -> Iterator[Sheet]:
    """Yield a file's lines in pieces, as text, blanks around cells taken off.

    Parameters
    ----------
    states : sequence of str, optional
        Postal codes of the states to keep.
    only : mapping of str to sequence of str, optional
        Keep only lines with one of these values in a column.
    more : sequence of str, optional
        Columns to read, where the file has them, beside those of its layout.

    Yields
    ------
    Sheet
        The columns. Lines of blanks only are left out.
    """
    wanted = {*file.layout.columns, *more}
    state = file.layout.state
    for lines, table in _tables(file, wanted):
        mask = np.ones(len(table), dtype=bool)
        if state:
            _refuse_unknown(file, lines, table, state, ~_in(table[state], STATES))
        if state and states is not None:
            mask &= _in(table[state], states)
        for name, words in file.layout.words.items():
            if name in table.column_names:
                _refuse_unknown(file, lines, table, name, mask & ~_in(table[name], words))
        for name, words in (only or {}).items():
            mask &= _in(table[name], words)
        yield sheet(file, _frame(lines, table, mask))


def _refuse_unknown(
    file: FederalFile, lines: np.ndarray, table: pa.Table, column: str, strange: np.ndarray
) -> None:
    """Refuse the first of some lines, whose code is none of its column's list."""
    if strange.any():
        read = sheet(file, _frame(lines, table, strange))
        words = file.layout.words.get(column, STATES)
        told = ", ".join(word or "nothing" for word in words)
        every = pd.Series(data=True, index=read.cells.index)
        read.refuse(every, "A code is none of its list.", column, f"one of {told}")


def _frame(lines: np.ndarray, table: pa.Table, mask: np.ndarray) -> pd.DataFrame:
    """Return some lines by their number, without those of blanks only."""
    frame = table.filter(pa.array(mask)).to_pandas()
    frame.index = lines[mask]
    return frame[(frame != "").any(axis=1)]


def _tables(file: FederalFile, wanted: Collection[str]) -> Iterator[tuple[np.ndarray, pa.Table]]:
    """Yield the lines of a file in pieces, with their numbers."""
    if file.lines_of:
        for number, frame in enumerate(file.lines_of()):
            columns = [name for name in frame if name in wanted]
            # The same line stands in several pieces: each time a little behind its own number.
            yield (
                frame.index.to_numpy() + number / 64,
                pa.Table.from_pandas(frame[columns], preserve_index=False),
            )
        return
    columns = [name for name in file.heading if name in wanted]
    odd: list[csv.InvalidRow] = []
    line = first = 1 + int(file.headed)
    try:
        with file.content.open() as text, _open(file, text, columns, odd) as reader:
            for batch in reader:
                cells = {name: compute.utf8_trim_whitespace(batch[name]) for name in columns}
                yield np.arange(line, line + len(batch)), pa.table(cells)
                line += len(batch)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise _unread(file, odd, str(error)) from None
    if line - first != file.probe.lines - int(file.headed):
        raise _unread(file, odd, f"{line - first} rows in {file.probe.lines} lines")


def _in(cells: pa.ChunkedArray, words: Collection[str]) -> np.ndarray:
    return np.asarray(compute.is_in(cells, pa.array([*words], pa.string())))


def _unread(file: FederalFile, odd: Sequence[csv.InvalidRow], why: str) -> TableError:
    """Return the refusal of a file whose lines can't be read; look for what swallows them."""
    line, found = _torn(file)
    problem = "The file could not be read as a table."
    if line:
        problem = "A cell begins with a quotation mark that its line does not close."
    elif odd:
        problem = "A line has not as many cells as the heading."
        line, found = odd[0].number, f"{odd[0].actual_columns} cells: {odd[0].text[:60]}"
    return refusal(
        problem=problem,
        file=file.path,
        line=line or None,
        found=found or why,
        expected=f"{len(file.heading)} cells in a line, a mark within a quoted cell doubled",
        advice=FETCH,
    )


def whole_line(separator: str) -> re.Pattern[str]:
    """Return what a line is in which every quotation mark that opens a cell is closed."""
    other = rf"[^{re.escape(separator)}]"
    cell = rf'(?:"(?:[^"]|"")*+"{other}*+|(?!"){other}*+)'
    return re.compile(rf"{cell}(?:{re.escape(separator)}{cell})*+")


def _torn(file: FederalFile) -> tuple[int, str]:
    """Return the first line whose last cell goes on in the next, and how it begins."""
    whole = whole_line(file.separator)
    with file.content.open() as text:
        lines = io.TextIOWrapper(text, file.probe.encoding, "replace", newline=None)
        for number, line in enumerate(lines, start=1):
            if not whole.fullmatch(line.rstrip("\n")):
                return number, line[:60].rstrip("\n")
    return 0, ""


def _open(
    file: FederalFile, text: IO[bytes], columns: list[str], odd: list
) -> csv.CSVStreamingReader:
    """Open a file as text in pieces; a line of another length is put in `odd` and stops it."""

    def told(row: csv.InvalidRow) -> str:
        odd.append(row)
        return "error"

    return csv.open_csv(
        pa.PythonFile(text, "r"),
        # One thread, so that an odd line knows its number.
        read_options=csv.ReadOptions(
            use_threads=False,
            block_size=PIECE,
            skip_rows=int(file.headed),
            column_names=list(file.heading),
            encoding=file.probe.encoding,
        ),
        parse_options=csv.ParseOptions(
            delimiter=file.separator, newlines_in_values=True, invalid_row_handler=told
        ),
        convert_options=csv.ConvertOptions(
            include_columns=columns, column_types=dict.fromkeys(columns, pa.string())
        ),
    )


def whole_table(file: FederalFile, states: Sequence[str] | None, more: Sequence[str] = ()) -> Sheet:
    """Return the lines of a file at once, all of one year; see `pieces`.

    A column of `more` than its layout's that it lacks is missing.
    """
    columns = [*file.layout.columns, *more]
    found = [piece.cells for piece in pieces(file, states, more=more)]
    cells = pd.concat(found) if found else pd.DataFrame(dtype="str")
    read = sheet(file, cells.reindex(columns=columns).astype("str"))
    one_year(file, read)
    return read


def states_of(file: FederalFile) -> set[str]:
    """Return the postal codes of the states of which a file holds lines."""
    names = {number: code for code, number in STATES.items()}
    found: set[str] = set()
    for piece in pieces(file):
        if file.layout.state:
            found |= set(piece[file.layout.state])
        else:
            found |= set(piece["NCESSCH"].str.zfill(SCHOOL_DIGITS).str[:2].map(names).dropna())
    return found


def sheet(file: FederalFile, cells: pd.DataFrame) -> Sheet:
    """Return lines of a file, for checks of what was made of them."""
    return Sheet(file.path, cells, FETCH)


def one_year(file: FederalFile, read: Sheet) -> None:
    """Refuse a file whose lines are not all of its year, where they name it."""
    column = file.layout.year
    if column in read.cells:
        years = {cell: file.layout.school_year(cell) for cell in read[column].unique()}
        other = read[column].map(years) != file.year
        read.refuse(other, "The file holds lines of two years.", column, file.year)


def codes(read: Sheet, column: str, digits: int, states: pd.Series) -> pd.Series:
    """Return codes with the zero that they may have lost; see the module's rules.

    Parameters
    ----------
    read, column : Sheet, str
        Where they stand.
    digits : int
        How many a code has.
    states : Series
        The state of each line: its postal code, or its two digits.
    """
    cells, expected = read[column], f"{digits} digits, such as {'0901920'.ljust(digits, '0')}"
    whole = cells.str.fullmatch(rf"[0-9]{{{digits}}}")
    short = cells.str.fullmatch(rf"[1-9][0-9]{{{digits - 2}}}")
    padded = "0" + cells
    belongs = padded.str[:2] == states.map(STATES).fillna(states)
    problem = "A code has lost a digit, and it is not the zero of the line's state."
    read.refuse(short & ~belongs, problem, column, expected)
    read.refuse(~whole & ~short, f"A code is not {digits} digits.", column, expected)
    return cells.where(whole, padded)
