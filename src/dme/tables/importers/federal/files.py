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

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute, csv

from dme.tables.importers.federal.layouts import FETCH, PIECE, STATES, FederalFile, named_year
from dme.tables.refusal import TableError, refusal

LEA_DIGITS, SCHOOL_DIGITS = 7, 12


def pieces(
    file: FederalFile,
    columns: Sequence[str],
    states: Sequence[str] | None = None,
    only: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield a file's lines in pieces, as text, blanks around cells taken off.

    Parameters
    ----------
    file : FederalFile
        The file.
    columns : sequence of str
        The columns to read; one that the heading lacks is left out.
    states : sequence of str, optional
        Postal codes of the states to keep.
    only : mapping of str to sequence of str, optional
        Keep only lines with one of these values in a column.

    Yields
    ------
    DataFrame
        The columns; the index is the line in the file. Lines of blanks only are left out.

    Raises
    ------
    TableError
        If a line has more or fewer cells than the heading, or a byte is no letter.
    """
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
                yield frame[(frame != "").any(axis=1)]
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


def whole_table(
    file: FederalFile, columns: Sequence[str], states: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the lines of a file at once; see `pieces`. A column it lacks is missing."""
    found = list(pieces(file, columns, states))
    if not found:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
    return pd.concat(found).reindex(columns=list(columns))


def refuse(
    file: FederalFile, rows: pd.Series, problem: str, expected: str, advice: str = FETCH
) -> TableError:
    """Return the error for the first of the cells `rows`, a series of a column and lines."""
    more = f" (and {len(rows) - 1} more such lines)" if len(rows) > 1 else ""
    return refusal(
        problem=problem,
        file=file.path,
        line=int(rows.index[0]),
        column=str(rows.name),
        found=repr(rows.iloc[0]) + more,
        expected=expected,
        advice=advice,
    )


def one_year(file: FederalFile, years: pd.Series) -> None:
    """Refuse a file whose lines are not all of its year."""
    shown = years.drop_duplicates()
    other = [line for line, cell in shown.items() if named_year({"": cell}, "") != file.year]
    if other:
        raise refuse(file, shown.loc[other], "The file holds lines of two years.", file.year)


def codes(file: FederalFile, cells: pd.Series, digits: int, states: pd.Series) -> pd.Series:
    """Return codes with the zero that they may have lost; see the module's rules.

    Parameters
    ----------
    file : FederalFile
        For the message.
    cells : Series
        Codes as printed, by line.
    digits : int
        How many a code has.
    states : Series
        The state of each line: its postal code, or its two digits.

    Raises
    ------
    TableError
        If a code is not of that length and lacks no such zero.
    """
    whole = cells.str.fullmatch(rf"\d{{{digits}}}")
    short = cells.str.fullmatch(rf"[1-9]\d{{{digits - 2}}}")
    padded = "0" + cells
    belongs = padded.str[:2] == states.map(STATES).fillna(states)
    wrong = cells[~(whole | (short & belongs))]
    if len(wrong):
        problem = (
            "A code has lost a digit, and it is not the zero of the line's state."
            if bool(short[wrong.index[0]])
            else f"A code is not {digits} digits."
        )
        raise refuse(
            file, wrong, problem, f"{digits} digits, such as {'0901920'.ljust(digits, '0')}"
        )
    return cells.where(whole, padded)


def once(file: FederalFile, keys: pd.DataFrame, what: str) -> None:
    """Refuse rows that hold the same key twice."""
    again = keys[keys.duplicated()]
    if len(again):
        line = again.index[0]
        same = (keys == again.iloc[0]).all(axis=1)
        raise refusal(
            problem=f"A {what} stands twice.",
            file=file.path,
            line=int(line),
            column=" + ".join(keys.columns),
            found=f"{' / '.join(again.iloc[0])}, also in line {int(same.idxmax())}",
            expected=f"each {what} once",
            advice=FETCH,
        )


def numbers(file: FederalFile, cells: pd.Series, missing: Sequence[str]) -> pd.Series:
    """Return numbers of 0 or more, missing where a cell is blank or one of the marks.

    Raises
    ------
    TableError
        If a cell holds another negative number, or none.
    """
    printed = cells.where(~cells.isin(["", *missing]))
    found = pd.to_numeric(printed, errors="coerce")
    lost = cells[printed.notna() & ~(found >= 0)]
    if len(lost):
        negative = bool(re.fullmatch(r"-\d+(\.\d+)?", lost.iloc[0]))
        raise refuse(
            file,
            lost,
            "A number is negative." if negative else "A cell is no number.",
            f"a number of 0 or more, blank, or one of {', '.join(missing)}",
        )
    return found.astype("float64")


def counts(file: FederalFile, cells: pd.Series, missing: Sequence[str]) -> pd.Series:
    """Return whole numbers of 0 or more; see `numbers`."""
    found = numbers(file, cells, missing)
    broken = cells[found.notna() & (found % 1 != 0)]
    if len(broken):
        raise refuse(file, broken, "A count is no whole number.", "a whole number")
    return found.astype("Int64")
