"""Read a district's own file in its documented layout, or write an empty one to fill in."""

import csv
import io
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from dme import paths
from dme.errors import DmeError
from dme.tables.check import Fault, check, line_of, refuse
from dme.tables.load import typed, unreadable
from dme.tables.refusal import refusal
from dme.tables.schemas import layouts
from dme.tables.sense import senseless
from dme.text import unseen

ROOM = "data"
"""The room that own files stand in: what is read from it is noted as an input of the results."""

FOLDER = "data/own"
"""Where templates are written; version control leaves it alone, as such files may be private."""

_LARGEST = 10_000_000
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
    found = typed(_cells(path, where, kind), table, where, advice(kind))
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
    if faults := [*_strangers(found, schools), *senseless(kind, found)]:
        raise refuse(table, where, faults, advice(kind))
    return found.reset_index(drop=True)


def _cells(path: Path, where: str, kind: str) -> pd.DataFrame:
    """Return the cells of a file as text, blank ones as missing.

    A row stands under a number that tells its line, as a comment may have several.
    """
    try:
        if path.stat().st_size > _LARGEST:
            found = f"more than {_LARGEST:,} bytes"
            raise unreadable(where, found, advice(kind))
        text = path.read_bytes().removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise unreadable(where, "a byte that is no UTF-8", advice(kind), line) from None
    except OSError as error:
        raise refusal(
            problem=f"{layouts()[kind].title}: the file can't be read.",
            file=where,
            found=error.strerror or str(error),
            expected="a CSV file in UTF-8",
            advice=advice(kind),
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading: list[str] = []
    rows: dict[int, list[str | None]] = {}
    end = 0
    try:
        for cells in reader:
            begin, end = end + 1, reader.line_num
            if problem := _problem(cells, heading):
                raise unreadable(where, problem, advice(kind), begin)
            if not heading:
                heading = cells
            elif cells:
                rows[begin - line_of(0)] = [cell if cell.strip() else None for cell in cells]
    except csv.Error as error:
        raise unreadable(where, str(error), advice(kind), end + 1) from None
    return pd.DataFrame.from_dict(rows, orient="index", columns=heading, dtype="str")


def _problem(cells: list[str], heading: list[str]) -> str:
    """Return why a line is none of a table's; an empty text where it is one."""
    if character := unseen("".join(cells)):
        return f"the character {character!a}"
    if not heading:
        if len(set(cells)) < len(cells):
            return "a heading that names a column twice"
        other = next((mark for mark in ";\t" if len(cells) == 1 and mark in cells[0]), "")
        return f"cells with {other!r} between them, and no comma" if other else ""
    if cells and len(cells) != len(heading):
        return f"{len(cells)} cells, where the heading has {len(heading)}"
    return ""


def _strangers(found: pd.DataFrame, schools: Collection[str]) -> list[Fault]:
    if not schools or "school_code" not in found:
        return []
    given = found["school_code"].dropna()
    strangers = given[~given.isin(list(schools))]
    wanted = "the code of a school of the district"
    return [
        Fault(line_of(row), "school_code", repr(code), wanted) for row, code in strangers.items()
    ]


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
