"""How a file or a table is refused: one shape of message, whatever was wrong."""

from pathlib import Path

from dme.errors import DmeError

FETCH_ANEW = "Fetch the raw file anew from its publisher and compare it with data/sources.yml."
BUILD_ANEW = "Build the tables anew from the raw files, or restore the committed file."


class TableError(DmeError):
    """A raw file or a table is not what it should be."""


def refusal(
    *,
    problem: str,
    file: Path | str,
    found: str,
    expected: str,
    advice: str,
    line: int | None = None,
    column: str | None = None,
) -> TableError:
    """Return the error to raise for one thing that is wrong at one place.

    Parameters
    ----------
    problem : str
        What was wrong, as a sentence.
    file : Path or str
        The file at fault.
    found, expected : str
        What stands there, and what should.
    advice : str
        What to do about it, as a sentence.
    line : int, optional
        Line of the file, counted from 1.
    column : str, optional
        The column's heading.
    """
    place = [str(file)]
    if line is not None:
        place.append(f"line {line}")
    if column is not None:
        place.append(f'column "{column}"')
    return TableError(
        f"{problem}\n"
        f"  where:    {', '.join(place)}\n"
        f"  found:    {found}\n"
        f"  expected: {expected}\n"
        f"{advice}"
    )
