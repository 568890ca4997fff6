"""The lines of federal files: those of some states, as codes and numbers that can be relied on.

The largest of these files has eleven million lines, so they are read in pieces. Three rules hold
for every one of them.

Encoding
    A file whose bytes are UTF-8 throughout is read as such; any other is read as Windows-1252,
    in which the agencies write names such as ``Peña``. A byte that has no meaning there either
    is refused.
Codes
    A district has seven digits (LEAID), a school twelve (NCESSCH); the first two are the
    state's. A code that is one digit short has lost the zero of one of the states 01 to 09 to
    a spreadsheet: it is put back where the result is a code of the state that the line itself
    names. Any other code of another length is refused.
Lines
    Refusals tell the line as it is counted where no line is empty and no cell holds a break.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute, csv

from dme.tables.importers.federal.layouts import FETCH, PIECE, STATES, FederalFile
from dme.tables.importers.sheet import Sheet
from dme.tables.refusal import refusal

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
    columns = {*file.layout.columns, *more}
    kept = dict(only or {})
    if states is not None and file.layout.state:
        kept[file.layout.state] = states
    read = [name for name in file.heading if name in {*columns, *kept}]
    wanted = [name for name in read if name in columns]
    odd: list[csv.InvalidRow] = []
    line = 1 + int(file.headed)
    try:
        with _open(file, read, odd) as reader:
            for batch in reader:
                table = pa.table(
                    {name: compute.utf8_trim_whitespace(batch[name]) for name in read},
                )
                lines = np.arange(line, line + len(table))
                line += len(table)
                mask = np.ones(len(table), dtype=bool)
                for name, values in kept.items():
                    mask &= np.asarray(compute.is_in(table[name], pa.array(values, pa.string())))
                frame = table.select(wanted).filter(pa.array(mask)).to_pandas()
                frame.index = lines[mask]
                yield sheet(file, frame[(frame != "").any(axis=1)])
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise refusal(
            problem="A line has not as many cells as the heading."
            if odd
            else "The file could not be read as a table.",
            file=file.path,
            line=int(odd[0].number) if odd and odd[0].number else None,
            found=f"{odd[0].actual_columns} cells: {odd[0].text[:60]}" if odd else str(error),
            expected=f"{len(file.heading)} cells",
            advice=FETCH,
        ) from None


def _open(file: FederalFile, columns: list[str], odd: list) -> csv.CSVStreamingReader:
    """Open a file as text in pieces; a line of another length is put in `odd` and stops it."""

    def told(row: csv.InvalidRow) -> str:
        odd.append(row)
        return "error"

    return csv.open_csv(
        file.path,
        # One thread, so that an odd line knows its number.
        read_options=csv.ReadOptions(
            use_threads=False,
            block_size=PIECE,
            skip_rows=int(file.headed),
            column_names=list(file.heading),
            encoding=file.encoding,
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
    whole = cells.str.fullmatch(rf"\d{{{digits}}}")
    short = cells.str.fullmatch(rf"[1-9]\d{{{digits - 2}}}")
    padded = "0" + cells
    belongs = padded.str[:2] == states.map(STATES).fillna(states)
    problem = "A code has lost a digit, and it is not the zero of the line's state."
    read.refuse(short & ~belongs, problem, column, expected)
    read.refuse(~whole & ~short, f"A code is not {digits} digits.", column, expected)
    return cells.where(whole, padded)
