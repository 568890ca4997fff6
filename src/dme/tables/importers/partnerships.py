"""What was typed and coded about partners: organizations at schools, programs, priorities."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.rows import Row

_TRUTH = {"true": True, "false": False}
_PARTNERSHIPS = (
    "code", "printed", "listed", "year", "partner", "kind", "role", "program", "first_year",
    "last_year", "dollars", "address", "read", "doubtful", "note",
)  # fmt: skip
_COUNTS = ("organizations", "schools", "partnerships", "students")
_PROGRAMS = ("program", "period", *_COUNTS, "dollars", "address", "note")
_CODINGS = ("kind", "position", "subject", "statement", "priorities_1", "priorities_2", "address")
_CODEBOOK = ("scheme", "code", "label", "definition", "include", "exclude", "address")


def school_partnerships(path: Path, enrollment: pd.DataFrame) -> pd.DataFrame:
    """Read the partners of schools, each school compared with the state's list.

    Parameters
    ----------
    path : Path
        The typed file.
    enrollment : pandas.DataFrame
        ``school_enrollment``.

    Returns
    -------
    pandas.DataFrame
        The columns of ``school_partnerships``.

    Raises
    ------
    TableError
        If a code does not stand in the list of its year under the name beside it, or a cell
        is empty that must not be.
    """
    keys = zip(enrollment["school_year"], enrollment["school_code"], strict=True)
    listed = dict(zip(keys, enrollment["school"], strict=True))
    found = list(rows.table(path, _PARTNERSHIPS))
    for row in found:
        name = listed.get((row.text("year"), row.code("code")), "no such code")
        if name != row.text("listed"):
            raise row.refuse(
                problem="A school is not as the state's list says.",
                column="listed",
                expected=f"{name}, the name of {row.code('code')} in {row.text('year')}",
            )
    return pd.DataFrame(
        {
            "school_code": [row.code("code") for row in found],
            "printed": _texts(found, "printed"),
            "listed_as": _texts(found, "listed"),
            "listed_in": _texts(found, "year"),
            "partner": _texts(found, "partner"),
            "kind": _texts(found, "kind"),
            "role": _texts(found, "role"),
            "program": _blanks(found, "program"),
            "first_year": _blanks(found, "first_year"),
            "last_year": _blanks(found, "last_year"),
            "dollars": _numbers(found, "dollars"),
            "address": _texts(found, "address"),
            "read": _texts(found, "read"),
            "doubtful": [_flag(row, "doubtful") for row in found],
            "note": _texts(found, "note"),
        }
    )


def partnership_programs(path: Path) -> pd.DataFrame:
    """Read the programs in numbers; the columns of ``partnership_programs``."""
    found = list(rows.table(path, _PROGRAMS))
    counts = {
        column: pd.array([row.count(column, ("",)) for row in found], dtype="Int64")
        for column in _COUNTS
    }
    return pd.DataFrame(
        {
            "program": _texts(found, "program"),
            "period": _texts(found, "period"),
            **counts,
            "dollars": _numbers(found, "dollars"),
            "address": _texts(found, "address"),
            "note": _texts(found, "note"),
        }
    )


def codings(path: Path, codebook: pd.DataFrame) -> pd.DataFrame:
    """Read what was coded, each code compared with the codebook.

    Raises
    ------
    TableError
        If a code does not stand in the codebook's scheme of priorities.
    """
    found = list(rows.table(path, _CODINGS))
    known = set(codebook.loc[codebook["scheme"] == "priorities", "code"]) | {"none"}
    for row in found:
        for column in ("priorities_1", "priorities_2"):
            given = row.cells[column].strip()
            if given and not set(given.split(";")) <= known:
                raise row.refuse(
                    problem="A code is not in the codebook.",
                    column=column,
                    expected=f"{', '.join(sorted(known))}, several with ; between",
                )
    return pd.DataFrame(
        {
            "kind": _texts(found, "kind"),
            "position": pd.array([row.count("position") for row in found], dtype="Int64"),
            "subject": _texts(found, "subject"),
            "statement": _texts(found, "statement"),
            "priorities_1": _blanks(found, "priorities_1"),
            "priorities_2": _blanks(found, "priorities_2"),
            "address": _texts(found, "address"),
        }
    )


def codebook(path: Path) -> pd.DataFrame:
    """Read the codebook; the columns of the table ``codebook``."""
    found = list(rows.table(path, _CODEBOOK))
    return pd.DataFrame({column: _texts(found, column) for column in _CODEBOOK})


def _texts(found: list[Row], column: str) -> list[str]:
    return [row.text(column) for row in found]


def _blanks(found: list[Row], column: str) -> pd.Series:
    return pd.Series([row.cells[column].strip() or None for row in found], dtype="str")


def _numbers(found: list[Row], column: str) -> pd.Series:
    return pd.Series([row.number(column, ("",)) for row in found], dtype="float64")


def _flag(row: Row, column: str) -> bool:
    if row.text(column) not in _TRUTH:
        raise row.refuse(problem="A mark is neither.", column=column, expected="true or false")
    return _TRUTH[row.text(column)]
