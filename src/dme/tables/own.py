"""Read a district's own file in its documented layout, or write an empty one to fill in."""

import csv
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from dme import paths
from dme.errors import DmeError
from dme.tables.check import Fault, check, line_of, refuse
from dme.tables.load import parsed
from dme.tables.refusal import refusal
from dme.tables.schemas import layouts
from dme.tables.spec import TableSpec

ROOM = "data"
"""The room that own files stand in: what is read from it is noted as an input of the results."""

FOLDER = "data/own"
"""Where templates are written; version control leaves it alone, as such files may be private."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def advice(kind: str) -> str:
    """Return what to do about a file that is not in its layout."""
    return f"Correct the file. Its layout, and an empty file to fill in: dme template {kind}"


def read_own(kind: str, path: Path, schools: Collection[str] = ()) -> pd.DataFrame:
    """Return a district's own file, checked against its layout.

    Columns may stand in any order, and further columns are passed over; blank lines too.

    Parameters
    ----------
    kind : {"partner_inventory", "comments", "plan_actions", "buildings"}
        The layout.
    path : Path
        A CSV file in UTF-8.
    schools : collection of str
        The district's school codes; a code that is not among them is refused. Empty where the
        study has no list of schools.

    Raises
    ------
    TableError
        With file, line, column, what was found and what was expected.
    """
    table, where = layouts()[kind], paths.relative(path)
    try:
        content = path.read_bytes().removeprefix(_BYTE_ORDER_MARK)
    except OSError as error:
        raise refusal(
            problem=f"{table.title}: the file can't be read.",
            file=where,
            found=error.strerror or str(error),
            expected="a CSV file in UTF-8",
            advice=advice(kind),
        ) from None
    found = parsed(content, table, where, advice(kind))
    known = [column for column in table.columns if column in found]
    found = found.dropna(how="all", subset=known)
    if len(known) == len(table.columns):
        found = found[list(table.columns)]
    check(found, table, where, advice(kind))
    if found.empty:
        raise refusal(
            problem=f"{table.title}: the file holds no rows.",
            file=where,
            found="a heading alone",
            expected="a row for each entry",
            advice=advice(kind),
        )
    _check_schools(found, table, where, kind, schools)
    return found.reset_index(drop=True)


def _check_schools(
    found: pd.DataFrame, table: TableSpec, where: str, kind: str, schools: Collection[str]
) -> None:
    if not schools or "school_code" not in found:
        return
    given = found["school_code"].dropna()
    strangers = given[~given.isin(list(schools))]
    if len(strangers):
        faults = [
            Fault(line_of(row), "school_code", repr(code), "the code of a school of the district")
            for row, code in strangers.items()
        ]
        raise refuse(table, where, faults, advice(kind))


def write_template(kind: str, path: Path) -> None:
    """Write an empty file in a layout: its heading alone.

    Raises
    ------
    DmeError
        If the file is there already.
    """
    if path.exists():
        message = f"{paths.relative(path)} is there already: name another with --out, or move it."
        raise DmeError(message)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(layouts()[kind].columns)


def in_room(path: Path) -> bool:
    """Whether a path that parameters give lies in the room of data, of this project."""
    return not path.is_absolute() and path.parts[:1] == (ROOM,) and ".." not in path.parts


def problem_of(name: str) -> str:
    """Return what is wrong with the name of an own file; an empty text where nothing is.

    Parameters
    ----------
    name : str
        As a study's parameters give it: a path in the project.
    """
    path = Path(name)
    if not in_room(path):
        return f'"{name}" must be a path in the project\'s room {ROOM}/, such as {FOLDER}/mine.csv'
    if not (paths.home() / path).is_file():
        return f'there is no file "{name}" in the project'
    return ""
