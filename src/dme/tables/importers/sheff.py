"""The desegregation order for the Hartford region (Sheff v. O'Neill), as compiled for news stories.

The state counts for the court how many students of a school are black or Hispanic; the rest are
counted towards "reduced isolation". A school meets the standard where at least a quarter are.
"""

import re
from pathlib import Path

import pandas as pd

from dme.tables.columns import SCHOOL_YEAR
from dme.tables.importers import rows
from dme.tables.importers.rows import Row

# Who runs a school, and the code of that district.
RUNNERS = {
    "HPS": "0640011",
    "CREC": "2410014",
    "BPS": "0110011",
    "EHPS": "0430011",
    "Goodwin College": "2450014",
}
FULL_YEAR = "2014-15"
MARKS = ("waiver", "does_not_meet")

_BLACK, _REST = "Black_Latino_Pct", "Reduced_Isolation_Pct"
_COUNTS = {
    "students": "Total",
    "black_hispanic": "Black_Latino",
    "reduced_isolation": "Reduced_Isolation",
    "hartford_residents": "HartfordTotal",
    "hartford_minority": "HartfordMinority",
}
_WHITE = "HartfordWhite"
_MARK_COLUMNS = dict(zip(("Waiver", "Does_not_meet_standard"), MARKS, strict=True))
# Stands for "no figure" in the files after the first, and for "no place" in the last.
_NOTHING = ("-1.0", "")
# One school's share of 2014-15 is printed as 25.0 where its counts give 24.75.
_SHARE_ROUNDING = 0.3
_YEAR, _APART, _TOGETHER = "Year", "Segregated Schools", "Desegregated Schools"
_PERCENT = "Percent Desegregated"


def schools(path: Path, year: str) -> pd.DataFrame:
    """Read one year's schools.

    Parameters
    ----------
    path : Path
        The raw file.
    year : str
        Its school year. The file of 2014-15 has counts; later ones have two shares only.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``school``, ``run_by``, ``longitude``, ``latitude``, the counts,
        ``black_hispanic_percent``, ``reduced_isolation_percent``, ``mark``. Rows that print a
        name and no figure are left out.

    Raises
    ------
    TableError
        If a column is missing, a school stands twice, counts don't add up, a share is above
        100 or not that of its counts, two shares don't add up to 100, or a mark is none.
    """
    full = year == FULL_YEAR
    columns = ["School", "lat", "lng", _BLACK, _REST]
    columns += ["Run by", *_COUNTS.values(), _WHITE, *_MARK_COLUMNS] if full else []
    found = list(rows.table(path, columns))
    rows.once(((row, name(row)) for row in found), "School", "school")
    kept = [row for row in found if _share(row, _BLACK) is not None]
    counts = [_counts(row) if full else dict.fromkeys(_COUNTS) for row in kept]
    return pd.DataFrame(
        {
            "school_year": year,
            "school": [name(row) for row in kept],
            "run_by": pd.array([_runner(row) if full else None for row in kept], dtype="str"),
            "longitude": _degrees(kept, "lng"),
            "latitude": _degrees(kept, "lat"),
            **{one: pd.array([each[one] for each in counts], dtype="Int64") for one in _COUNTS},
            **_shares(kept),
            "mark": pd.array([_mark(row) if full else None for row in kept], dtype="str"),
        }
    )


def name(row: Row) -> str:
    """Return a school's name as printed, without the escape sign before a slash."""
    return row.text("School").replace("\\/", "/")


def progress(path: Path) -> pd.DataFrame:
    """Read how many of Hartford's students attend desegregated schools, year by year.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``segregated``, ``desegregated``, ``percent_desegregated``.

    Raises
    ------
    TableError
        If a year is none or stands twice, or a share is not that of its counts.
    """
    found = list(rows.table(path, (_YEAR, _APART, _TOGETHER, _PERCENT)))
    rows.once(((row, row.text(_YEAR)) for row in found), _YEAR, "year")
    for row in found:
        if not re.fullmatch(SCHOOL_YEAR, row.cells[_YEAR]):
            raise row.refuse(problem="A year is none.", column=_YEAR, expected="such as 2016-17")
        apart, together = row.count(_APART), row.count(_TOGETHER)
        share = together / (apart + together)
        if abs(row.number(_PERCENT) - share) > 1e-6:
            raise row.refuse(
                problem="A printed share is not that of its counts.",
                column=_PERCENT,
                expected=f"{share:.9f}",
            )
    return pd.DataFrame(
        {
            "school_year": [row.cells[_YEAR] for row in found],
            "segregated": pd.array([row.count(_APART) for row in found], dtype="Int64"),
            "desegregated": pd.array([row.count(_TOGETHER) for row in found], dtype="Int64"),
            "percent_desegregated": [round(100 * row.number(_PERCENT), 2) for row in found],
        }
    )


def _runner(row: Row) -> str:
    if row.cells["Run by"] not in RUNNERS:
        raise row.refuse(
            problem="Who runs a school is unknown.", column="Run by", expected=", ".join(RUNNERS)
        )
    return row.cells["Run by"]


def _counts(row: Row) -> dict[str, int]:
    counts = {one: row.count(column) for one, column in _COUNTS.items()}
    sums = {
        "students": counts["black_hispanic"] + counts["reduced_isolation"],
        "hartford_residents": counts["hartford_minority"] + row.count(_WHITE),
    }
    for one, added in sums.items():
        if added != counts[one]:
            raise row.refuse(
                problem="A printed total differs from the sum of its parts.",
                column=_COUNTS[one],
                expected=str(added),
            )
    for column, part in ((_BLACK, "black_hispanic"), (_REST, "reduced_isolation")):
        share = 100 * counts[part] / counts["students"]
        if abs(row.number(column) - share) > _SHARE_ROUNDING:
            raise row.refuse(
                problem="A printed share is not that of its counts.",
                column=column,
                expected=f"{share:.2f}",
            )
    return counts


def _share(row: Row, column: str) -> float | None:
    share = row.number(column, _NOTHING)
    if share is not None and not 0 <= share <= 100:
        raise row.refuse(problem="A share is none.", column=column, expected="0 to 100")
    return share


def _shares(kept: list[Row]) -> dict[str, list[float]]:
    for row in kept:
        rest = _share(row, _REST)
        if rest is None or abs(_share(row, _BLACK) + rest - 100) > _SHARE_ROUNDING:
            raise row.refuse(
                problem="Two shares don't add up to 100.",
                column=_REST,
                expected=f"{100 - _share(row, _BLACK):.2f}",
            )
    return {
        "black_hispanic_percent": [round(_share(row, _BLACK), 2) for row in kept],
        "reduced_isolation_percent": [round(_share(row, _REST), 2) for row in kept],
    }


def _degrees(kept: list[Row], column: str) -> pd.Series:
    """Return degrees to a millionth; the file of 2015-16 prints a comma after a latitude."""
    found = []
    for row in kept:
        printed = row.cells[column].strip().removesuffix(",")
        plain = Row(row.file, row.line, {**row.cells, column: printed})
        found.append(plain.number(column, _NOTHING))
    return pd.Series(found, dtype="float64").round(6)


def _mark(row: Row) -> str | None:
    marks = []
    for column, mark in _MARK_COLUMNS.items():
        if row.cells[column] not in ("", "1.0"):
            raise row.refuse(problem="A mark is none.", column=column, expected="1.0 or nothing")
        marks += [mark] if row.cells[column] else []
    if len(marks) > 1:
        raise row.refuse(
            problem="A school has both marks.", column=column, expected="one of them at most"
        )
    return marks[0] if marks else None
